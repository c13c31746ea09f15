"""Writes docs/findings/ from the catalogue: `python -m stdiag.catalogue.docs [--check] [FOLDER]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from stdiag.catalogue.document import by_page, document, reach_words
from stdiag.catalogue.prose import page
from stdiag.catalogue.registry import ALL, FAMILIES

FOLDER = Path("docs", "findings")
"""Where the pages are kept, from the project's root."""

_NOTE = "<!-- Generated from src/stdiag/catalogue by `make docs`. Changes made here are lost. -->\n\n"


class StaleDocsError(Exception):
    """The committed pages are not the generated ones. Its text names them."""


def generated() -> Mapping[str, str]:
    """Every file of the folder by its name, with its content."""
    pages = {name: _NOTE + document(name, kinds) for name, kinds in by_page(ALL.values()).items()}
    return {"README.md": _NOTE + "\n".join(_index()) + "\n", **{f"{name}.md": text for name, text in pages.items()}}


def _index() -> Iterator[str]:
    yield "# What stdiag can find"
    yield ""
    yield "`stdiag explain CODE` shows the same pages, without a network."
    yield "An error makes the verdict NO-GO; a warning hits some clients, or all of them later; an info stops nobody."
    for family, kinds in FAMILIES.items():
        yield from [
            "",
            f"## {family}",
            "",
            "| Code | Severity | Reach | Whom it hits | Page |",
            "|---|---|---|---|---|",
        ]
        for kind in kinds:
            link = f"[{page(kind.page).title}]({kind.page}.md)"
            yield f"| `{kind.code}` | {kind.severity.value} | {reach_words(kind)} | {kind.affects} | {link} |"


def stale(folder: Path) -> list[str]:
    """Names of files in `folder` that are missing, differ from the generated ones, or do not belong there."""
    wanted = generated()
    found = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def write(folder: Path) -> None:
    """Makes `folder` hold the generated files and no other page."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = generated()
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        folder.joinpath(name).write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> None:
    """Writes the pages; with --check raises StaleDocsError when the folder holds others."""
    folders = [Path(argument) for argument in arguments if not argument.startswith("-")]
    folder = folders[0] if folders else FOLDER
    if "--check" not in arguments:
        write(folder)
    elif names := stale(folder):
        raise StaleDocsError(f"{folder} is not what the catalogue generates: {', '.join(names)}. Run `make docs`.")


if __name__ == "__main__":
    main(sys.argv[1:])
