"""The catalogue's Markdown as lines for a terminal: lists hang, code stays whole."""

from __future__ import annotations

import re

from stdiag.render.layout import Style, Tone, width_of

_FENCE = re.compile(r"\s*(```+|~~~+)")
_ITEM = re.compile(r"(?P<lead>\s*)(?P<bullet>\d+[.)]|[-*])\s+(?P<text>.*)")
_COMMAND = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"(?:`[^`]*`|\S)+")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")

_LONGEST_COMMAND = 4000


def prose_lines(markdown: str, style: Style, indent: int) -> list[str]:
    """`markdown` (paragraphs, lists, fenced code, headings) set in by `indent`. Code lines are never broken."""
    setter = _Setter(style, indent)
    fence = ""
    for line in markdown.splitlines():
        mark = _FENCE.match(line)
        if fence and mark and line.strip() == fence:
            fence = ""
        elif fence:
            setter.code(line)
        elif mark:
            setter.flush()
            fence = mark[1]
        else:
            setter.prose(line)
    return setter.finished()


class _Setter:
    """The lines so far, and the paragraph that is being collected."""

    def __init__(self, style: Style, indent: int) -> None:
        self._style, self._margin = style, " " * indent
        self._lines: list[str] = []
        self._paragraph: list[str] = []
        self._first = self._rest = self._margin

    def prose(self, line: str) -> None:
        """Takes one line outside of code."""
        if item := _ITEM.fullmatch(line):
            self.flush()
            bullet = item["bullet"] if item["bullet"][0].isdigit() else "-"
            self._first = f"{self._margin}{item['lead']}{bullet} "
            self._rest = " " * len(self._first)
            self._take(item["text"])
        elif not line.strip():
            self.flush()
            if self._lines and self._lines[-1]:
                self._lines.append("")
        elif line.startswith("#"):
            self.flush()
            self._first = self._rest = self._margin
            wrapped = self._style.wrap(line.lstrip("# "), self._margin)
            self._lines += [self._style.paint(part, Tone.HEAD) for part in wrapped]
        else:
            if not self._paragraph and not line.startswith(" "):
                self._first = self._rest = self._margin
            self._take(line.strip())

    def _take(self, text: str) -> None:
        """A line that is nothing but a command stands alone and whole; others make up a paragraph."""
        command = _COMMAND.fullmatch(text)
        if not command:
            self._paragraph.append(text)
            return
        self.flush()
        self._lines.append(
            self._first + self._style.paint(self._style.text(command[1], _LONGEST_COMMAND), Tone.COMMAND)
        )
        self._first = self._rest

    def code(self, line: str) -> None:
        """Takes one line of code: it is there to be copied, so it stays whole."""
        text = self._style.text(line.rstrip(), _LONGEST_COMMAND)
        self._lines.append(self._style.paint(f"{self._margin}  {text}", Tone.COMMAND))

    def flush(self) -> None:
        """Ends the paragraph."""
        if self._paragraph:
            text = self._style.text(_inline(" ".join(self._paragraph)), _LONGEST_COMMAND)
            self._lines += self._style.set(_words(text, self._style.width - len(self._rest)), self._first, self._rest)
            self._paragraph.clear()
            self._first = self._rest

    def finished(self) -> list[str]:
        """All lines, without empty ones at the end."""
        self.flush()
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return self._lines


def _words(text: str, longest: int) -> list[str]:
    """Words of `text`; a code span stays in one piece while it is no longer than `longest`."""
    found = _WORD.findall(text)
    return [word for span in found for word in ([span] if width_of(span) <= longest else span.split(" "))]


def _inline(text: str) -> str:
    """Emphasis and links as plain text; back quotes stay, they show where a command or a name ends."""
    return _LINK.sub(r"\1 (\2)", text).replace("**", "")
