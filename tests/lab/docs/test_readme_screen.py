"""The screen that the README opens with is what the demo prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.shown import first_missing, is_cut

README = Path(__file__).parents[3] / "README.md"


def screen() -> str:
    found = re.search(
        r"<!-- screen: stdiag all --demo -->\n\n```text\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found, "README.md has no screen of the demo"
    return found[1]


def test_every_line_of_the_screen_is_printed_by_the_demo() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "stdiag", "all", "--demo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert first_missing(screen(), done.stdout) is None


def test_the_screen_tells_the_story() -> None:
    lines = [line for line in screen().splitlines() if line.strip() and not is_cut(line)]
    assert len(lines) >= 20
    assert lines[0].startswith("NO-GO")
    assert lines[-3].startswith("NO-GO")
    assert "GO, 0 findings" in lines[-1]
    assert any("[tls-chain-incomplete]" in line for line in lines)
