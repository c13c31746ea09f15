"""The marker `peer`: tests that need real programs, wherever they stand."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRED = os.environ.get("STDIAG_REQUIRE_PEERS") == "1"
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
"""Debian keeps server programs where a plain user's PATH does not look."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A missing program skips its tests on a developer's machine, and fails them where all must be there."""
    needed = {name for marker in item.iter_markers("peer") for name in marker.args}
    absent = sorted(name for name in needed if not _is_there(name))
    if absent:
        missing(", ".join(absent), "not installed")


def missing(what: str, why: str) -> NoReturn:
    """End the test by that rule."""
    if REQUIRED:
        pytest.fail(f"{why}: {what}", pytrace=False)
    pytest.skip(f"{why}: {what}")


def _is_there(name: str) -> bool:
    """True when the program, or the file of a library (`x.so`, `x.pc`), is installed."""
    if name.endswith((".so", ".pc")):
        return any(Path("/usr/lib").glob(f"*/{name}")) or any(Path("/usr/lib").glob(f"*/pkgconfig/{name}"))
    return shutil.which(name, path=SEARCH_PATH) is not None
