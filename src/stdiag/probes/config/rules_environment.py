"""What is wrong in environment files, docker-compose.yml and values.yaml: all of its rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stdiag.formats.config.document import ConfigDocument
from stdiag.model import Finding, Site
from stdiag.probes.config import (
    rules_compose,
    rules_generation,
    rules_login,
    rules_names,
    rules_provisioning,
    rules_services,
    rules_values,
)

RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (
    *rules_generation.RULES,
    *rules_compose.RULES,
    *rules_names.RULES,
    *rules_values.RULES,
    *rules_provisioning.RULES,
    *rules_services.RULES,
    *rules_login.RULES,
)
RULES_TOGETHER: tuple[Callable[[Sequence[ConfigDocument], Site], list[Finding]], ...] = (
    *rules_compose.RULES_TOGETHER,
    *rules_services.RULES_TOGETHER,
    *rules_login.RULES_TOGETHER,
)
