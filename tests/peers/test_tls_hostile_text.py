"""A certificate is a stranger's text: what it says must not reach a terminal as commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.command import stdiag
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx
from tests.peers.identity import authority, leaf

HOSTILE = "evil\x1b]0;owned\x07\x1b[31m\u202egnp\r\nGO"


@pytest.mark.peer("nginx")
@pytest.mark.parametrize("output", ["", "md", "txt", "json", "html", "short"])
def test_control_characters_are_escaped(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, tmp_path: Path, output: str
) -> None:
    issuer = authority(HOSTILE, pki.root)
    port = nginx(key_files(leaf("127.0.0.1", issuer)))

    file = tmp_path / f"report.{output}"
    written: list[str | Path] = ["-o", file] if output else []
    done = stdiag("tls", f"127.0.0.1:{port}", "--ca-file", pki.root_file, *written)

    assert done.returncode == 1, done.stderr
    shown = done.stdout + done.stderr + (file.read_text(encoding="utf-8") if output else "")
    assert "evil" in shown
    bad = {char for char in shown if (ord(char) < 32 and char not in "\n\t") or char in "\x7f\x9b\u202e\u2028"}
    assert not bad
