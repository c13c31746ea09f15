"""The tutorial does what it says, command by command. Its OpenSSL commands are tried in tests/peers."""

from __future__ import annotations

from pathlib import Path

from tests.tutorial_script import TUTORIAL, Reader, Shown, shown_commands


def test_every_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    wrong = []
    try:
        for shown in shown_commands(TUTORIAL.read_text(encoding="utf-8")):
            if shown.command.startswith("openssl "):
                continue
            missing = reader.follow(shown)
            if missing is not None:
                wrong.append(f"$ {shown.command}: not printed: {missing}")
    finally:
        ended = reader.stop_lab()
    assert wrong == []
    assert ended == 0
    assert {"lab", "bundle.pem", "report.json", "report.md"} <= {file.name for file in tmp_path.iterdir()}


def test_the_page_is_read_whole() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    assert len(shown_commands(text)) == text.count("\n$ ") >= 10
    assert all(shown.output.strip() for shown in shown_commands(text))


def test_what_is_not_printed_is_noticed(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    assert reader.follow(Shown("stdiag --version", "stdiag …\n")) is None
    assert reader.follow(Shown("stdiag --version", "stdiag …\nand more\n")) == "and more"
    assert reader.follow(Shown("stdiag all nowhere.toml", "…\n")) is None
    assert reader.follow(Shown("echo $?", "2\n")) is None
    assert reader.follow(Shown("echo $?", "0\n")) == "0"
    assert reader.stop_lab() is None
