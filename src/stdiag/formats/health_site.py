"""`[health]` of a site file: what its values mean, and their canonical form."""

from __future__ import annotations

from typing import Any

from stdiag.formats.errors import FormatError
from stdiag.formats.shape import Shape
from stdiag.formats.toml_lines import Keys, dotted
from stdiag.formats.web_url import parse_web_url


def replace_health(health: dict[str, Any], shape: Shape) -> dict[Keys, str]:
    """Checks the table and puts canonical values into it. Returns the keys that lost a secret, and what they lost.
    Raises FormatError."""
    shortened: dict[Keys, str] = {}
    for name in ("meetings_url", "whiteboard_url"):
        if name in health:
            health[name] = _url(health[name], ("health", name), shape, shortened)
    for index, typed in enumerate(health.get("pages", [])):
        health["pages"][index] = _url(typed, ("health", "pages", index), shape, shortened)
    return shortened


def _url(typed: str, keys: Keys, shape: Shape, shortened: dict[Keys, str]) -> str:
    try:
        url = parse_web_url(typed)
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None
    if any(mark in typed for mark in "@?#"):
        shortened[keys[:2]] = "credentials or query"
    return str(url)
