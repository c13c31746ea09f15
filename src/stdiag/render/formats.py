"""Formats by name and by file suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple

from stdiag.model import Block, Check, Report
from stdiag.render.safe import plain

Blocks = Callable[[Check], list[Block]]


class UnknownFormatError(Exception):
    """A file's name does not say which format is wanted. Its text is one sentence with the remedy."""


class Renderer(NamedTuple):
    """One format: the suffixes that choose it, and how a report is written in it."""

    suffixes: tuple[str, ...]
    function: Callable[[Report, Blocks], bytes]
    """The content of a file: UTF-8, no colour, the same whatever the terminal is."""


def _text(report: Report, blocks: Blocks) -> bytes:
    from stdiag.render.text import render_text

    return render_text(report, blocks, width=100, unicode=True, colour=False).encode()


def _json(report: Report, _blocks: Blocks) -> bytes:
    from stdiag.render.json import to_json

    return to_json(report)


def _markdown(report: Report, blocks: Blocks) -> bytes:
    from stdiag.render.markdown import render_markdown

    return render_markdown(report, blocks).encode()


def _html(report: Report, blocks: Blocks) -> bytes:
    from stdiag.render.html.page import render_html

    return render_html(report, blocks).encode()


def _short(report: Report, _blocks: Blocks) -> bytes:
    from stdiag.render.short import render_short

    return render_short(report).encode()


RENDERERS: Mapping[str, Renderer] = MappingProxyType(
    {
        "text": Renderer((".txt", ".text"), _text),
        "json": Renderer((".json",), _json),
        "md": Renderer((".md", ".markdown"), _markdown),
        "html": Renderer((".html", ".htm"), _html),
        "short": Renderer((".short",), _short),
    }
)
"""Every format by the name that `-f` takes."""


def format_of(path: str) -> str:
    """Name of the format that `path` asks for by its suffix. Raises UnknownFormatError."""
    suffix = PurePath(path).suffix.lower()
    by_suffix = {known: name for name, renderer in RENDERERS.items() for known in renderer.suffixes}
    if suffix in by_suffix:
        return by_suffix[suffix]
    known = ", ".join(by_suffix)
    from difflib import get_close_matches

    close = get_close_matches(suffix, by_suffix, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    shown = f"{suffix} is no format that is known" if suffix else f"{PurePath(path).name or 'The file'} has no suffix"
    raise UnknownFormatError(f"{plain(shown)}: use one of {known}.{hint}")
