"""The files of docs/reference/, and how they are compared with what is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stdiag.cli.docs.commands import commands_page
from stdiag.cli.docs.exit_codes import exit_codes_page
from stdiag.cli.docs.report import report_page
from stdiag.cli.docs.site_file import site_file_page
from stdiag.probes.registry import PROBES
from stdiag.render.schema import schema_text

FOLDER = Path("docs", "reference")
"""Where the pages are kept, from the project's root."""

_NOTE = "<!-- Generated from the code by `make docs`. Changes made here are lost. -->\n\n"

_INDEX = """# Reference

Generated from the code, so that it says what the code does.

- [Commands](cli.md): every command with its options
- [Exit codes](exit-codes.md)
- [The site file](site-file.md): all keys of `stdiag.toml`
- [The report](report.md): the JSON that `-f json` and `-o FILE.json` write; its [JSON Schema](report.schema.json)
- [Findings](../findings/README.md): every code, what it means, how to fix it
- [What is covered](../what-is-covered.md): every system and symptom, and what answers for it
"""


def generated() -> Mapping[str, str]:
    """Every file of the folder by its name, with its content."""
    pages = {
        "README.md": _INDEX,
        "cli.md": commands_page(),
        "exit-codes.md": exit_codes_page(),
        "site-file.md": site_file_page(),
        "report.md": report_page(),
    }
    schema = schema_text({probe.name: (probe.observation, probe.analysis) for probe in PROBES})
    return {**{name: _NOTE + text for name, text in pages.items()}, "report.schema.json": schema}


def stale(folder: Path) -> list[str]:
    """Names of files in `folder` that are missing, differ from the generated ones, or do not belong there."""
    wanted = generated()
    found = {file.name: file.read_text(encoding="utf-8") for file in _files(folder)}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def write(folder: Path) -> None:
    """Makes `folder` hold the generated files and no other page."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = generated()
    for file in _files(folder):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        folder.joinpath(name).write_text(text, encoding="utf-8", newline="\n")


def _files(folder: Path) -> list[Path]:
    return [*folder.glob("*.md"), *folder.glob("*.json")]
