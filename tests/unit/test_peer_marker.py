"""A test that needs a program is skipped without it, and fails where every program must be there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDY = """
import pytest

@pytest.mark.peer("no-such-program")
def test_needs_it():
    pass
"""


@pytest.mark.parametrize(("required", "outcome"), [("", "1 skipped"), ("1", "1 error")])
def test_a_missing_program(required: str, outcome: str, tmp_path: Path) -> None:
    needy = tmp_path / "test_needy.py"
    needy.write_text(NEEDY, encoding="utf-8")
    options = ["-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(needy)],
        cwd=ROOT,
        env=os.environ | {"STDIAG_REQUIRE_PEERS": required},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome in done.stdout
    assert "not installed: no-such-program" in done.stdout
