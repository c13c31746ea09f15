"""Percent-encoding in a provisioning URL: one working form for equal URLs, and what is wrong with a piece of one."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

LONE_PERCENT = "\ue000"
"""Stands in working text for a % that begins no encoded byte, so that decoding its neighbours cannot complete it."""

PLACEHOLDER = "%s"
_WORKING_PLACEHOLDER = LONE_PERCENT + "s"

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}|%")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# RFC 3986 §3.4 and §3.2.1, without what separates parameters, or a user name from the rest.
_QUERY = _UNRESERVED | frozenset("!$'()*,;:@/?=+")
_USER = _UNRESERVED | frozenset("!$&'()*,;=+")
_NAMES = {" ": "a space", "&": "an &", "#": "a #"}


def working_form(text: str) -> str:
    """`text` with encoded bytes in capitals, letters and digits never encoded (RFC 3986 §6.2.2), and everything that
    does not print encoded. A % that encodes nothing becomes LONE_PERCENT."""
    printing = "".join(c if c.isprintable() else quote(c.encode("utf-8", "surrogatepass")) for c in text)
    return _PERCENT.sub(lambda match: _normal(match[0]), printing)


def as_typed(working: str) -> str:
    """Working text as it stands in the URL."""
    return working.replace(LONE_PERCENT, "%")


def decoded(working: str) -> str:
    """The text that a piece of the URL stands for; bytes that are not UTF-8 become U+FFFD. + stays +."""
    return "%".join(unquote_to_bytes(part).decode("utf-8", "replace") for part in working.split(LONE_PERCENT))


def encoded(text: str, *, keep_placeholder: bool = False) -> str:
    """`text` as it must stand in a URL: everything encoded but letters, digits and - . _ ~."""
    if keep_placeholder:
        return PLACEHOLDER.join(quote(part, safe="") for part in text.split(PLACEHOLDER))
    return quote(text, safe="")


def has_placeholder(working: str) -> bool:
    """Does %s stand in it?"""
    return _WORKING_PLACEHOLDER in working


def looks_encoded_twice(text: str) -> bool:
    """Does decoded text still hold encoded bytes?"""
    return _ENCODED.search(text) is not None


def query_problem(working: str) -> tuple[str, str | None] | None:
    """What is wrong with a parameter's name or value: a clause and, where it is certain, the right text."""
    if has_placeholder(working):
        working = working.replace(_WORKING_PLACEHOLDER, "x")  # judged elsewhere
    text = decoded(working)
    if "�" in text:
        return "its bytes are not UTF-8", None
    if LONE_PERCENT in working:
        return "a % stands alone, without two hexadecimal digits", encoded(text)
    if looks_encoded_twice(text):
        return "it seems to be encoded twice", working.replace("%25", "%")
    if not text.isprintable():
        return "it holds control characters", None
    if found := unencoded(working, _QUERY):
        return f"it holds {' and '.join(found)} as it is", encoded(text)
    if "+" in working:
        return "a + is a space to some clients and a plus to others: write %20 or %2B", None
    return None


def unencoded_in_user(working: str) -> list[str]:
    """Characters of a user name that must be encoded and are not, each as words for a sentence."""
    return unencoded(working, _USER)


def unencoded(working: str, allowed: frozenset[str]) -> list[str]:
    """The characters beyond `allowed`, in their order, each once."""
    rest = _ENCODED.sub("", working)
    characters = dict.fromkeys(c for c in rest if c not in allowed and c != LONE_PERCENT)
    return [_NAMES.get(c, c) for c in list(characters)[:8]]


def _normal(found: str) -> str:
    if len(found) == 1:
        return LONE_PERCENT
    character = chr(int(found[1:], 16))
    return character if character in _UNRESERVED else found.upper()
