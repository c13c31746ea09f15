"""Faults of the servers' names: a second network card, an address of yesterday."""

from __future__ import annotations

from stdiag.lab.blueprint import FurtherAddress, MuxManner
from stdiag.lab.faults.fault import LabFault, Shows

NAMES_FAULTS: tuple[LabFault, ...] = (
    LabFault(
        name="two-cards",
        injects="the community server's name leads to its management card too",
        first=("names-management-address",),
        changes={"mux_further_address": FurtherAddress.MANAGEMENT},
        shows=Shows.ON_PATH,
        story="Windows registered the addresses of both cards. Clients that are given the second one wait, or fail.",
    ),
    LabFault(
        name="retired-address",
        injects="the community server's name still leads to its old address too",
        first=("names-address-dead",),
        changes={"mux_further_address": FurtherAddress.RETIRED},
        shows=Shows.ON_PATH,
        story="The server was moved, its new address was added, and nobody took the old one out of the DNS.",
    ),
    LabFault(
        name="seen-from-management",
        injects="the community server sees this machine at a management address",
        first=("names-seen-address",),
        also=("path-client-address",),
        changes={"mux": MuxManner.SEES_MANAGEMENT},
        shows=Shows.ON_PATH,
        story="A route leads by the wrong card. A server that knows its peers by their addresses turns this one away.",
    ),
)
