"""What is wrong in the connection settings of clients and of the community server: all of its rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stdiag.formats.config.document import ConfigDocument
from stdiag.model import Finding, Site
from stdiag.probes.config import rules_community_port, rules_preferences, rules_server_ini

RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (
    *rules_server_ini.RULES,
    *rules_preferences.RULES,
)
RULES_TOGETHER: tuple[Callable[[Sequence[ConfigDocument], Site], list[Finding]], ...] = (
    *rules_community_port.RULES_TOGETHER,
)
