"""All kinds by their code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import net, prov, run, tls

FAMILIES: Mapping[str, tuple[FindingKind, ...]] = MappingProxyType(
    {"TLS": tls.KINDS, "Provisioning": prov.KINDS, "Network": net.KINDS, "Run": run.KINDS}
)
"""Kinds by family, in the order in which they are listed."""

ALL: Mapping[str, FindingKind] = MappingProxyType({kind.code: kind for kinds in FAMILIES.values() for kind in kinds})
"""Every kind by its code."""


def kind(code: str) -> FindingKind:
    """The kind that has this code. Raises KeyError for a code that the catalogue does not hold."""
    return ALL[code]
