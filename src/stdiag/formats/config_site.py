"""`[config]` of a site file: what its values mean, and their canonical form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stdiag.formats.shape import Shape

MOST_PATHS = 32


def replace_config(config: dict[str, Any], shape: Shape, folder: Path | None) -> None:
    """Checks the table; relative paths start at `folder` and become absolute, where it is known. Whether they exist is
    not asked here. Raises FormatError."""
    paths = config.get("paths", [])
    if len(paths) > MOST_PATHS:
        suggestion = "name the folder that they are in"
        raise shape.error(("config", "paths"), f"more than {MOST_PATHS} paths", suggestion=suggestion)
    for index, path in enumerate(paths):
        if not path.strip() or "\0" in path:
            expected = "the name of a configuration file, or of a folder that holds some"
            raise shape.error(("config", "paths", index), "this is not a path", expected=expected)
        if folder is not None:
            paths[index] = str((folder / path).absolute())
