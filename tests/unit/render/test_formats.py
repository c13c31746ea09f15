from __future__ import annotations

import subprocess
import sys

import pytest
from tests.unit.render.reports import blocks, classic

from stdiag.render.formats import RENDERERS, UnknownFormatError, format_of
from stdiag.render.json import from_json


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("run.json", "json"),
        ("C:\\cases\\run.JSON", "json"),
        ("/tmp/a.b/run.md", "md"),  # noqa: S108 - a name, no file is made
        ("case.markdown", "md"),
        ("screen.txt", "text"),
        ("a.short", "short"),
        ("case.HTML", "html"),
        ("CASE.HTM", "html"),
    ],
)
def test_the_format_follows_the_suffix(path: str, name: str) -> None:
    assert format_of(path) == name


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("run.jsn", "Did you mean .json?"),
        ("run", "run has no suffix: use one of"),
        ("run.docx", ".docx is no format that is known: use one of .txt"),
        (".json", "has no suffix"),
        ("", "no suffix"),
        ("a.\x1b[2J\n", r".\x1b[2j\n is no format"),
    ],
)
def test_an_unknown_suffix_costs_one_sentence(path: str, words: str) -> None:
    with pytest.raises(UnknownFormatError) as caught:
        format_of(path)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("name", RENDERERS)
def test_every_format_writes_utf8_without_colour(name: str) -> None:
    written = RENDERERS[name].function(classic(), blocks)
    text = written.decode("utf-8")
    assert text.endswith("\n")
    assert "\x1b" not in text
    assert "chat.example.com" in text


def test_json_is_the_report() -> None:
    assert from_json(RENDERERS["json"].function(classic(), blocks)).verdict == classic().verdict


def test_suffixes_are_distinct() -> None:
    suffixes = [suffix for renderer in RENDERERS.values() for suffix in renderer.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_no_renderer_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys; import stdiag.render.formats; late = ('rich', 'stdiag.render.text', 'stdiag.render.markdown', "
        "'jinja2', 'json'); sys.exit(any(m in sys.modules for m in late))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
