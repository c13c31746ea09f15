"""The whole tutorial, with what it lets the reader do without stdiag."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tutorial_script import TUTORIAL, Reader, shown_commands


@pytest.mark.peer("openssl")
def test_openssl_says_what_the_page_says(tmp_path: Path) -> None:
    commands = shown_commands(TUTORIAL.read_text(encoding="utf-8"))
    assert sum(shown.command.startswith("openssl ") for shown in commands) >= 2
    reader = Reader(tmp_path)
    try:
        wrong = {shown.command: missing for shown in commands if (missing := reader.follow(shown)) is not None}
    finally:
        reader.stop_lab()
    assert wrong == {}
