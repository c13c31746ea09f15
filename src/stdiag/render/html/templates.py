"""The templates, and the one place where text becomes HTML."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from stdiag.render.safe import plain

_LONGEST_COMMAND = 4000
"""Characters of a command, which is there to be copied; other texts are cut much earlier."""


def template(name: str) -> Template:
    """The template of this name."""
    return _environment().get_template(name)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("stdiag.render.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_harmless,
    )
    environment.filters["whole"] = _whole
    return environment


def _harmless(value: Any) -> Any:
    """Every value that a template shows passes here, and after it through autoescape: controls, bidirectional overrides
    and the invisible become visible escapes, and nothing is longer than a text may be."""
    if isinstance(value, Markup):
        return value
    return plain(value) if isinstance(value, str) else value


def _whole(command: str) -> Markup:
    """`command`, harmless, and not cut where other texts are."""
    return escape(plain(command, _LONGEST_COMMAND))
