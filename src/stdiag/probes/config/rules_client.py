"""What is wrong in the connection settings of clients and of the community server."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stdiag.formats.config.document import ConfigDocument
from stdiag.model import Finding, Site

RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = ()
RULES_TOGETHER: tuple[Callable[[Sequence[ConfigDocument], Site], list[Finding]], ...] = ()
