"""Server-sent text steers no terminal and no browser, in no format."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from tests.minting import Authority
from tests.unit.cli.invoke import stdiag
from tests.unit.cli.process import run

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07\r\nGO  everything is fine\u202egnp.exe\u2066\x9b1m\u200b<script>alert(1)</script>`|*_"
)
# cryptography says that the name is too long: it is, on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length:UserWarning")
FORMATS = ["text", "json", "md", "short"]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain whose every name is hostile, and incomplete, so that the names are told."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTILE, _validate=False)])
    root = Authority("", subject_name=name)
    issuing = Authority("", parent=root, subject_name=name, serial=5)
    file = tmp_path_factory.mktemp("hostile") / "chain.pem"
    file.write_text(issuing.issue("other.example.com", subject_name=name).pem + root.pem, encoding="ascii")
    return file


def steering(text: str) -> list[str]:
    """Characters that a terminal would obey, or that reorder what a reader sees."""
    return [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("more", [[], ["-v"]], ids=["short", "verbose"])
def test_names_of_certificates(form: str, more: list[str], chain: Path) -> None:
    result = stdiag("tls", "--file", chain, "--name", "chat.example.com", "--offline", "-f", form, *more)
    assert result.exit_code == 1, result.output
    assert steering(result.stdout) == []
    assert steering(result.stderr) == []
    assert not [line for line in result.stdout.splitlines() if line.startswith("GO ")]
    if form == "md":
        assert "<script>" not in result.stdout
    if form == "json":
        document = json.loads(result.stdout)
        certificate = document["checks"][0]["observation"]["file_certificates"][0]
        assert "\u202e" in certificate["subject"]  # nothing is lost: it is only escaped


@pytest.mark.parametrize("suffix", ["txt", "json", "md", "short"])
def test_files_are_harmless_too(suffix: str, chain: Path, tmp_path: Path) -> None:
    output = tmp_path / f"report.{suffix}"
    stdiag("tls", "--file", chain, "--name", "chat.example.com", "--offline", "-q", "-o", output)
    assert steering(output.read_bytes().decode()) == []


def test_no_library_speaks_up_on_stderr(chain: Path) -> None:
    done = run("tls", "--file", chain, "--name", "chat.example.com", "--offline", "-f", "short")
    assert (done.returncode, done.stderr) == (1, b"")
    assert steering(done.stdout.decode()) == []


STEERING_NAME = "\x07\u202e\x9b2J"


@pytest.mark.parametrize(
    "arguments",
    [
        ["all"],
        ["tls", "--targets", "list.txt"],
        ["tls", HOSTILE],
        ["all", HOSTILE],
        ["all", "a.example", "--only", HOSTILE],
        ["explain", HOSTILE],
        [HOSTILE],
        ["tls", "a.example", "--resolve", HOSTILE],
        ["tls", "a.example", "-f", HOSTILE],
        ["tls", "--file", f"{STEERING_NAME}.pem"],
        ["tls", "--targets", f"{STEERING_NAME}.txt"],
        ["all", f"{STEERING_NAME}.toml"],
        ["all", "a.example", "--ca-file", f"{STEERING_NAME}.pem"],
        ["all", "a.example", "-o", f"{STEERING_NAME}.xyz"],
        ["lab", "run", "--fault", HOSTILE],
    ],
    ids=lambda arguments: " ".join(arguments)[:20].encode("ascii", "replace").decode(),
)
def test_arguments_and_files_are_not_trusted_either(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "stdiag.toml").write_bytes('[stproxy]\n"\u202eurl" = "x"\n'.encode())
    (tmp_path / "list.txt").write_bytes(b"chat.example.com\x1b[2J\n")
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert steering(done.stderr.decode()) == []


def test_the_help_without_arguments_keeps_its_lines() -> None:
    done = run()
    assert done.returncode in (0, 2)  # click 8.1, and later ones
    assert b"\nUsage: " in b"\n" + done.stdout + done.stderr
    assert (done.stdout + done.stderr).count(b"\n") > 10
