"""docs/reference/ is what the code generates, and it says all of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest

from stdiag.cli.docs.commands import every_command
from stdiag.cli.docs.fields import fields_of, members_of
from stdiag.cli.docs.pages import FOLDER, generated, stale, write
from stdiag.cli.docs.report import described_types
from stdiag.cli.docs.report_words import WORDS
from stdiag.cli.docs.site_file import example, rows
from stdiag.cli.main import COMMANDS
from stdiag.formats.site_file import EXAMPLES, parse_site
from stdiag.model import Check, FaultReason, Report

ROOT = Path(__file__).parents[3]
PAGES = generated()


def test_committed_pages_are_the_generated_ones() -> None:
    assert stale(ROOT / FOLDER) == [], "run `make docs` and commit the result"


def test_every_command_and_option_is_in_the_page() -> None:
    page = PAGES["cli.md"]
    sections = dict(re.findall(r"^## (stdiag[^\n]*)\n\n```text\n(.*?)```", page, flags=re.MULTILINE | re.DOTALL))
    commands = list(every_command())
    assert list(sections) == [name for name, _, _ in commands]
    assert {f"stdiag {name}" for name in COMMANDS} | {
        "stdiag",
        "stdiag lab run",
        "stdiag lab faults",
    } <= sections.keys()
    for name, command, context in commands:
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option):
                assert all(flag in sections[name] for flag in parameter.opts)
                assert parameter.help, f"{name} {parameter.opts[0]} has no help"


def test_the_page_is_as_wide_as_it_is_whatever_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setenv("TERMINAL_WIDTH", "50")
    assert generated()["cli.md"] == PAGES["cli.md"]


def test_every_key_of_the_site_file_is_in_the_page() -> None:
    assert [row.key for row in rows()] != []
    assert {row.key for row in rows()} == EXAMPLES.keys()
    for row in rows():
        assert row.meaning
        assert f"| `{row.key}` |" in PAGES["site-file.md"]


def test_the_example_with_every_key_is_a_site_file() -> None:
    site = parse_site(example(), "example")
    assert site.resolve == {"chat.example.com:443": "192.0.2.10"}
    assert example() in PAGES["site-file.md"]
    assert all(f"{key.rpartition('.')[2]} = {value}\n" in example() for key, value in EXAMPLES.items())


def test_every_type_of_the_report_has_its_heading_and_fields() -> None:
    types = described_types()
    names = [one.__name__ for one in types]
    assert len(names) == len(set(names)), "headings would be ambiguous"
    assert {Report, Check, FaultReason} <= set(types)
    for one in types:
        assert f"\n### {one.__name__}\n" in PAGES["report.md"]
        if issubclass(one, msgspec.Struct):
            assert all(f"| `{field.name}` |" in PAGES["report.md"] for field in fields_of(one))


def test_words_beside_the_types_are_still_needed() -> None:
    """None for a field that has gone, and none for one that has a docstring by now."""
    needed = {
        f"{declaring.__name__}.{field.name}"
        for one in described_types()
        if issubclass(one, msgspec.Struct)
        for field in fields_of(one)
        if not field.words
        for declaring in one.__mro__
        if field.name in getattr(declaring, "__annotations__", {})
    }
    assert WORDS.keys() == needed


def test_remarks_behind_the_members_of_an_enumeration_are_read() -> None:
    members = members_of(FaultReason)
    assert members["timeout"] == "no answer to the TCP connect"
    assert members["refused"] == ""
    assert list(members) == [reason.value for reason in FaultReason]


def test_the_committed_schema_is_what_the_command_prints() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "stdiag", "schema"], capture_output=True, check=True, encoding="utf-8"
    )
    committed = ROOT / FOLDER / "report.schema.json"
    assert done.stdout == committed.read_text(encoding="utf-8")


def test_check_tells_a_changed_a_missing_and_a_foreign_page(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    tmp_path.joinpath("cli.md").write_text("changed", encoding="utf-8")
    tmp_path.joinpath("report.schema.json").unlink()
    tmp_path.joinpath("of-last-year.md").write_text("old", encoding="utf-8")
    assert stale(tmp_path) == ["cli.md", "of-last-year.md", "report.schema.json"]
    check = subprocess.run(
        [sys.executable, "-m", "stdiag.cli.docs", "--check", str(tmp_path)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert check.returncode == 1
    assert "cli.md, of-last-year.md, report.schema.json. Run `make docs`." in check.stderr
    assert "Traceback" not in check.stderr
    write(tmp_path)
    assert stale(tmp_path) == []
