"""What is found in environment files, docker-compose.yml and values.yaml."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind

KINDS: tuple[FindingKind, ...] = ()
