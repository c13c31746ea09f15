"""Screens that are kept as files, so that a change of them is seen. STDIAG_REGENERATE=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "golden" / "render"


def assert_golden(name: str, shown: str) -> None:
    """`shown` is what the golden file `name` holds."""
    file = FOLDER / name
    if os.environ.get("STDIAG_REGENERATE") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == file.read_text(encoding="utf-8")
