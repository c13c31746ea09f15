"""What is wrong in a managed-community-configs.xml. Pure."""

from __future__ import annotations

from collections.abc import Callable

from stdiag.formats.config.document import ConfigDocument
from stdiag.model import Finding, Site

RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = ()
