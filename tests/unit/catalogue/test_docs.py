"""docs/findings/ is what the catalogue generates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stdiag.catalogue.docs import FOLDER, StaleDocsError, generated, main, stale, write
from stdiag.catalogue.registry import ALL

ROOT = Path(__file__).parents[3]


def test_committed_pages_are_the_generated_ones() -> None:
    assert stale(ROOT / FOLDER) == []


def test_the_index_names_every_code_and_links_to_pages_that_exist() -> None:
    files = generated()
    index = files["README.md"]
    assert all(f"| `{code}` |" in index for code in ALL)
    links = set(re.findall(r"\]\(([^)]+)\)", index))
    assert links == files.keys() - {"README.md"}


def test_every_page_holds_its_codes_and_their_remedies() -> None:
    files = generated()
    for kind in ALL.values():
        text = files[f"{kind.page}.md"]
        assert f"\n## {kind.code}: {kind.severity.value}, " in text
        assert "\n## Remedy: " in text
        assert "{" not in re.sub(r"`[^`]*`", "", text)


def test_check_tells_a_changed_a_missing_and_a_foreign_page(tmp_path: Path) -> None:
    main([str(tmp_path)])
    main(["--check", str(tmp_path)])
    tmp_path.joinpath("README.md").write_text("changed", encoding="utf-8")
    tmp_path.joinpath("clock-skew.md").unlink()
    tmp_path.joinpath("of-last-year.md").write_text("old", encoding="utf-8")
    assert stale(tmp_path) == ["README.md", "clock-skew.md", "of-last-year.md"]
    with pytest.raises(StaleDocsError, match=r"README\.md, clock-skew\.md, of-last-year\.md"):
        main(["--check", str(tmp_path)])
    write(tmp_path)
    assert stale(tmp_path) == []
    assert not tmp_path.joinpath("of-last-year.md").exists()
