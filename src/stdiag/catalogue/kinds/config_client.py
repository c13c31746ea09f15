"""What is found in the connection settings of clients and of the community server."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind

KINDS: tuple[FindingKind, ...] = ()
