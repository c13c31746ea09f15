"""Fetches the issuers that a server did not send, from where its certificates say that they are."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime

from stdiag.model import Fault, FaultReason
from stdiag.pki.certificate import Certificate
from stdiag.pki.chain import examine
from stdiag.pki.encoding import read_certificates
from stdiag.probes.contract import Tools
from stdiag.probes.shared.handshake import Fetched
from stdiag.probes.shared.record import sent as sent_record

ISSUERS_AT_MOST = 8
"""Steps upwards; a public chain has two or three."""
URLS_AT_MOST = 4
"""Addresses tried for one issuer."""


def fetch_issuers(chains: Sequence[Sequence[Certificate]], addresses: Sequence[str], tools: Tools) -> list[Fetched]:
    """For each chain as sent: upwards from where it breaks off, until a root or an anchor. One contact a URL."""
    fetched: dict[str, Fetched] = {}
    # A private issuer's address is followed only when what is diagnosed is itself on a private network: a public
    # server's certificate must not send stdiag knocking on doors inside.
    allow_private = all(_is_private(address) for address in addresses)
    for chain in chains:
        known: list[Certificate] = []
        for _ in range(ISSUERS_AT_MOST):
            wanted = _next_wanted(chain, known, tools)
            if wanted is None:
                break
            news = _fetch_for(wanted, fetched, tools, allow_private=allow_private)
            if not news:
                break
            known += news
    return list(fetched.values())


def _is_private(address: str) -> bool:
    """False for a name, too: what a proxy makes of it is not known here."""
    try:
        return not ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


def _next_wanted(chain: Sequence[Certificate], known: list[Certificate], tools: Tools) -> Certificate | None:
    """The certificate whose issuer is to be fetched next; None when the chain leads to its end."""
    examined = examine(chain, fetched=known, stores=tools.trust, at=datetime.now(UTC))
    if examined.leaf is None or examined.root is not None:
        return None
    # What was sent, prolonged by what was fetched: its last certificate is where the way ends so far.
    end = (examined.repaired or examined.path or (examined.leaf,))[-1]
    return None if end.is_self_issued or not end.ca_issuers else end


def _fetch_for(
    certificate: Certificate, fetched: dict[str, Fetched], tools: Tools, *, allow_private: bool
) -> list[Certificate]:
    """New certificates from the addresses that `certificate` names; empty when there is nothing new."""
    for url in certificate.ca_issuers[:URLS_AT_MOST]:
        if url in fetched:
            continue
        deadline = tools.deadline.within(tools.timeouts.step)
        result = tools.fetcher.fetch(url, deadline, tools.steps, allow_private=allow_private)
        if result is None:
            fetched[url] = Fetched(url=url, fault=Fault(reason=FaultReason.TIMEOUT, words="not fetched in time"))
            continue
        form, certificates = read_certificates(result.body) if result.fault is None else (None, [])
        fault = result.fault
        if fault is None and not certificates:
            fault = Fault(reason=FaultReason.MALFORMED, words="the answer holds no certificate")
        fetched[url] = Fetched(
            url=url,
            final_url=result.final_url if result.final_url != url else None,
            form=form,
            certificates=[sent_record(found) for found in certificates],
            fault=fault,
            http_status=result.status,
            duration_us=result.duration_us,
        )
        if certificates:
            return certificates
    return []
