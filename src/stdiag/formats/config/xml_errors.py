"""Why a file is no well-formed XML, and what to write instead: the parser's codes in the administrator's words."""

from __future__ import annotations

import re
from html.entities import html5
from xml.parsers.expat import errors as expat_errors

from stdiag.formats.errors import FormatError

_CLOSING = re.compile(r"</\s*([\w:.-]{1,100})([^<>]{0,100})")
_OPENING = re.compile(r"<([\w:.-]{1,100})[\s/=]")
_ENTITY = re.compile(r"&([\w:.-]{1,40});")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CURLY = tuple("“”„‘’")
_LOOKED_BACK = 300

_CODES = {name: expat_errors.codes[words] for name, words in vars(expat_errors).items() if name.startswith("XML_ERROR")}
_Said = tuple[str, str | None]


def not_well_formed(code: int, text: str, offset: int, open_element: str, opened_at: int) -> FormatError:
    """The error of the parser's `code` at `offset` of `text`, where `open_element`, which began in line `opened_at`, is
    not closed yet. Its place is the caller's to add. Quotes nothing of the file but names of elements."""
    unclosed = f"<{open_element}>, opened in line {opened_at}, is not closed" if open_element else ""
    problem, suggestion = _said(code, text, offset, open_element, unclosed)
    return FormatError(problem, suggestion=suggestion)


def _said(code: int, text: str, offset: int, open_element: str, unclosed: str) -> _Said:
    near = text[offset : offset + 200]
    if code == _CODES["XML_ERROR_TAG_MISMATCH"]:
        return _mismatch(_tag(text, offset), open_element, unclosed)
    if code == _CODES["XML_ERROR_UNDEFINED_ENTITY"]:
        name = match[1] if (match := _ENTITY.match(near)) else ""
        if name + ";" not in html5:  # it may be a piece of a password
            return "what follows this & means nothing in XML", "write &amp; for an &"
        return f"&{name}; is of HTML and means nothing in XML", "write the character itself"
    if code == _CODES["XML_ERROR_NO_ELEMENTS"]:
        return (f"the file ends, and {unclosed}" if unclosed else "there is no element in it"), "is the file whole?"
    if code in (_CODES["XML_ERROR_UNCLOSED_TOKEN"], _CODES["XML_ERROR_UNCLOSED_CDATA_SECTION"]):
        kind, end = _unclosed(near, cdata=code == _CODES["XML_ERROR_UNCLOSED_CDATA_SECTION"])
        return f"{kind} begins here or before and never ends", f"close it with {end}, or restore the rest of the file"
    if code in _ALONE:
        return _ALONE[code]
    if not open_element and not text.lstrip().startswith("<"):
        return _ALONE[_CODES["XML_ERROR_SYNTAX"]]
    return _token(text, offset)


def _tag(text: str, offset: int) -> str:
    """The tag that `offset` is in, from its < on; empty in a text between tags."""
    start = text.rfind("<", max(0, offset - _LOOKED_BACK), offset + 1)
    inside = start >= 0 and ">" not in text[start:offset]
    return text[start : offset + _LOOKED_BACK] if inside else ""


def _unclosed(near: str, *, cdata: bool) -> tuple[str, str]:
    if near.startswith("<!--"):
        return "a comment", "-->"
    return ("a CDATA section", "]]>") if cdata else ("a tag", ">")


_ALONE: dict[int, _Said] = {
    _CODES["XML_ERROR_SYNTAX"]: ("this is no XML", "is it the right file? It must begin with < and an element"),
    _CODES["XML_ERROR_DUPLICATE_ATTRIBUTE"]: ("an attribute stands twice in this element", "keep one of the two"),
    _CODES["XML_ERROR_JUNK_AFTER_DOC_ELEMENT"]: (
        "something stands behind the end of the outermost element",
        "move it inside, or remove it",
    ),
    _CODES["XML_ERROR_MISPLACED_XML_PI"]: (
        "the line <?xml …?> must be the very first, and something stands before it",
        "remove what stands before it, blank lines too",
    ),
    _CODES["XML_ERROR_BAD_CHAR_REF"]: ("this stands for a character that XML does not allow", "remove it"),
}


def _mismatch(tag: str, open_element: str, unclosed: str) -> _Said:
    name = match[1] if (match := _CLOSING.match(tag)) else "…"
    if name.lower() == open_element.lower():
        return f"</{name}> is to close <{open_element}>, and capitals count", f"write </{open_element}>"
    return f"</{name}> stands here, but {unclosed}", f"write </{open_element}> before it, or correct one of the names"


def _token(text: str, offset: int) -> _Said:
    near, tag = text[offset : offset + 1], _tag(text, offset)
    if near and _FORBIDDEN.match(near):
        return f"the character U+{ord(near):04X} is not allowed in XML", "remove it"
    if near in _CURLY:
        return "a curly quotation mark stands where a straight one must be", "type it anew in a text editor"
    if near == "<" and (unfinished := _OPENING.match(_tag(text, offset - 1))):
        return f"a tag begins before the tag <{unfinished[1]} …> has ended", "write > at its end"
    if closing := _CLOSING.match(tag):
        end = "ends in &gt; in place of >" if "&gt;" in closing[2] else "is not written right"
        return f"the tag that is to close <{closing[1]}> {end}", f"write </{closing[1]}>"
    if text[max(0, offset - 1) : offset] == "<":
        return "a < stands before this that begins no tag", "write &lt; for a <"
    if opening := _OPENING.match(tag):
        return (
            f"the tag <{opening[1]} …> is not written right here",
            'write attributes as name="value", names without a space, and &lt; for a < in a text',
        )
    if near == "&":
        return "an & begins no reference here", "write &amp; for an &"
    if near == ">" and text[max(0, offset - 2) : offset] == "]]":
        return "]]> stands in a text", "write ]]&gt;"
    return "it is not well-formed XML here", "look for a missing < or >, a quotation mark, or a space in a name"
