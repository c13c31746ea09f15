"""A PEM file instead of a server: what would a client make of it?"""

from __future__ import annotations

from pathlib import Path

from stdiag.pki.encoding import read_certificates
from stdiag.probes.contract import Tools
from stdiag.probes.shared.issuers import fetch_issuers
from stdiag.probes.shared.record import sent
from stdiag.probes.tls.observation import TlsObservation
from stdiag.probes.tls.to_the_top import to_the_top

SIZE_AT_MOST = 1 << 20


def observe_file(path: str, name: str, tools: Tools, clients: list[str]) -> TlsObservation:
    """The certificates of a file that the caller has seen to be readable (the user's mistakes end before a run)."""
    with Path(path).open("rb") as file:
        data = file.read(SIZE_AT_MOST)
    _, certificates = read_certificates(data)
    observation = TlsObservation(
        host=name,
        file=path,
        server_name=name or None,
        offline=tools.offline,
        clients=clients,
        file_certificates=[sent(certificate) for certificate in certificates],
    )
    readable = [certificate for certificate in certificates if not certificate.problem]
    if readable and not tools.offline:
        # The file is the user's own: an issuer's address inside the organisation may be followed.
        observation.fetched = fetch_issuers([readable], [], to_the_top(observation, tools))
    return observation
