"""What came of the search for missing issuers."""

from __future__ import annotations

from stdiag.catalogue.kinds import tls as kinds
from stdiag.model import Fault, FaultReason, Finding
from stdiag.probes.shared.judge_chain import JudgedChain

PROBLEM = {
    FaultReason.NAME_NOT_FOUND: "its host name does not exist",
    FaultReason.NAME_SERVER_FAILURE: "its host name could not be looked up",
    FaultReason.NAME_TIMEOUT: "its host name could not be looked up in time",
    FaultReason.REFUSED: "connection refused",
    FaultReason.TIMEOUT: "no answer in time",
    FaultReason.UNREACHABLE: "no route to it from here",
    FaultReason.SILENT: "no answer in time",
    FaultReason.SLOW: "the answer did not end in time",
    FaultReason.RESET: "the connection was cut",
    FaultReason.CLOSED: "the connection was ended without an answer",
    FaultReason.REDIRECT: "redirects that lead nowhere",
    FaultReason.FORBIDDEN_TARGET: "it leads to an address that is not contacted on a certificate's word",
    FaultReason.TOO_LARGE: "the answer is too large for a certificate",
    FaultReason.MALFORMED: "the answer holds no certificate",
}


def judge_issuers(chain: JudgedChain) -> list[Finding]:
    """Only a search that was needed and failed is worth a word."""
    examined = chain.examined
    if examined.complete is True or examined.recoverable or examined.leaf is None:
        return []
    named = {url for certificate in chain.certificates for url in certificate.ca_issuers}
    return [
        kinds.TLS_AIA_UNREACHABLE.found(
            chain.subject,
            evidence=[f"/observation/fetched/{index}"],
            url=fetched.url,
            problem=_problem(fetched.fault, fetched.http_status),
        )
        for index, fetched in enumerate(chain.fetched)
        if fetched.fault is not None and fetched.url in named
    ]


def _problem(fault: Fault, status: int | None) -> str:
    if fault.reason is FaultReason.HTTP_STATUS:
        return f"HTTP status {status}"
    return PROBLEM.get(fault.reason, "no usable answer")
