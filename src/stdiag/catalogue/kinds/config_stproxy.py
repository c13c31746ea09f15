"""What is found in stproxyconfig.xml."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind

KINDS: tuple[FindingKind, ...] = ()
