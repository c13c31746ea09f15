"""Run by `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from stdiag.cli.docs.pages import FOLDER, stale, write


def main(arguments: list[str]) -> None:
    """Writes the pages; with --check ends with a sentence and exit 1 when the folder holds others."""
    folders = [Path(argument) for argument in arguments if not argument.startswith("-")]
    folder = folders[0] if folders else FOLDER
    if "--check" not in arguments:
        write(folder)
    elif names := stale(folder):
        sys.exit(f"{folder} is not what the code generates: {', '.join(names)}. Run `make docs`.")


if __name__ == "__main__":
    main(sys.argv[1:])
