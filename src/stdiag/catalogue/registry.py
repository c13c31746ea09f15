"""All kinds by their code. A family's module is imported when one of its codes is asked for: most runs need two."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from types import MappingProxyType

from stdiag.catalogue.kind import FindingKind

_FAMILIES = {
    "TLS": "tls",
    "Provisioning": "prov",
    "Health": "health",
    "Push": "push",
    "Photos": "photo",
    "Paths": "path",
    "Configuration": "config",
    "Names": "names",
    "Network": "net",
    "Logs": "log",
    "Run": "run",
}
"""Name of a family → its module in `kinds`, in the order in which they are listed."""

_PREFIXES = {**{module: module for module in _FAMILIES.values()}, "clock": "net"}
"""First word of a code → the module that holds it."""

FAMILIES: Mapping[str, tuple[FindingKind, ...]]
"""Kinds by family, in the order in which they are listed. Imports them all."""

ALL: Mapping[str, FindingKind]
"""Every kind by its code. Imports them all."""


def kind(code: str) -> FindingKind:
    """The kind that has this code. Raises KeyError for a code that the catalogue does not hold."""
    return _by_code(_PREFIXES[code.partition("-")[0]])[code]


@functools.cache
def _by_code(module: str) -> dict[str, FindingKind]:
    kinds: tuple[FindingKind, ...] = importlib.import_module(f"stdiag.catalogue.kinds.{module}").KINDS
    return {kind.code: kind for kind in kinds}


def __getattr__(name: str) -> Mapping[str, object]:
    if name == "FAMILIES":
        return MappingProxyType({family: tuple(_by_code(module).values()) for family, module in _FAMILIES.items()})
    if name == "ALL":
        return MappingProxyType(
            {code: kind for module in _FAMILIES.values() for code, kind in _by_code(module).items()}
        )
    raise AttributeError(name)
