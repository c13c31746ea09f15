"""The table of probes. To add one: its name here, its kinds in the catalogue, its command in the CLI's table."""

from __future__ import annotations

import importlib

from stdiag.probes.contract import Probe

NAMES = ("tls", "provisioning", "health", "paths", "push", "photo", "config", "names")
"""In the order in which their checks are planned. A probe's module is imported when it is asked for."""

PROBES: tuple[Probe, ...]
"""All of them, imported."""


def probe_named(name: str) -> Probe:
    """The probe of that name. Raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    probe: Probe = importlib.import_module(f"stdiag.probes.{name}").PROBE
    return probe


def __getattr__(name: str) -> tuple[Probe, ...]:
    if name == "PROBES":
        return tuple(probe_named(known) for known in NAMES)
    raise AttributeError(name)
