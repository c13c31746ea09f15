"""How far issuers are fetched when clients are asked for."""

from __future__ import annotations

import msgspec

from stdiag.probes.contract import Tools
from stdiag.probes.tls.observation import TlsObservation


def to_the_top(observation: TlsObservation, tools: Tools) -> Tools:
    """With clients asked for, a public root that this machine knows is not the end: others need another way up, which
    the issuers' addresses may lead to. A root of the organisation's own is."""
    if not observation.clients:
        return tools
    return msgspec.structs.replace(tools, trust=tuple(store for store in tools.trust if store.name == "ca-files"))
