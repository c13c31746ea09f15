"""Pages load from an installed package that is no folder: from a zip file with exactly what a wheel would hold."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = """
import stdiag
from stdiag.catalogue.prose import page, remedy
from stdiag.catalogue.registry import ALL
assert ".zip" in stdiag.__file__, stdiag.__file__
for kind in ALL.values():
    assert page(kind.page).title
    assert kind.remedy is None or remedy(kind.remedy).title
print(len(ALL))
"""


def test_pages_load_from_what_a_wheel_holds(tmp_path: Path) -> None:
    data = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    source = ROOT / "src"
    archive = tmp_path / "installed.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for pattern in ("**/*.py", *data["package-data"]["stdiag"]):
            for file in sorted(source.joinpath("stdiag").glob(pattern)):
                packed.write(file, file.relative_to(source).as_posix())
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": str(archive)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) >= 40
