"""What is found in configuration files."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import config_client, config_environment, config_services, config_stproxy

KINDS: tuple[FindingKind, ...] = (
    *config_stproxy.KINDS,
    *config_environment.KINDS,
    *config_services.KINDS,
    *config_client.KINDS,
)
