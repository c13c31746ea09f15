"""The table of probes. To add one: its module here, its kinds in the catalogue, its command in the CLI's table."""

from __future__ import annotations

from stdiag.probes import tls
from stdiag.probes.contract import Probe

PROBES: tuple[Probe, ...] = (tls.PROBE,)


def probe_named(name: str) -> Probe:
    """The probe of that name. Raises KeyError."""
    return {probe.name: probe for probe in PROBES}[name]
