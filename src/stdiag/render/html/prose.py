"""The catalogue's Markdown as HTML."""

from __future__ import annotations

import functools

from markdown_it import MarkdownIt
from markupsafe import Markup

from stdiag.render.safe import plain

_LONGEST_LINE = 4000
_HEADING = "h5"
"""Headings of a remedy stand below the cause's (h3) and the word Remedy (h4)."""


def prose_html(markdown: str) -> Markup:
    """`markdown` (paragraphs, lists, code, headings, emphasis) as HTML.

    The words are the catalogue's, but commands hold hosts and files that a stranger's report may have named: markup,
    links and images in them stay text.
    """
    lines = [plain(line, _LONGEST_LINE) for line in markdown.splitlines()]
    tokens = _reader().parse("\n".join(lines))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADING
    # markdown-it escapes all text, and with html off nothing else comes through.
    return Markup(_reader().renderer.render(tokens, _reader().options, {}))  # noqa: S704 - see above


@functools.cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False})
    return reader.disable(["link", "image", "autolink", "html_block", "html_inline", "reference", "entity"])
