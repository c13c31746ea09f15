"""Kinds about what a client's log says of the server's certificate."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.log_shared import CLIENT, COMMON, SEEN, SHOW
from stdiag.model import Severity

LOG_CHAIN_NOT_TRUSTED = FindingKind(
    code="log-chain-not-trusted",
    severity=Severity.ERROR,
    summary=(
        "The log says that the client found no way from the server's certificate to a root that it trusts"
        '[; the issuer that it lacks is "{issuer}"].'
    ),
    params=(*COMMON, "issuer"),
    evidence=SEEN,
    affects=CLIENT,
    spares="browsers that fetch or remember a missing intermediate: that one works proves nothing",
    reach=2,
    follows=(
        "tls-chain-incomplete",
        "tls-chain-wrong-issuer",
        "tls-root-untrusted",
        "tls-self-signed",
        "tls-chain-invalid",
        "tls-issuer-expired",
    ),
    remedy="install-chain",
    page="log-certificate",
    proof=SHOW,
)
"""Params: those of every kind about a log, and issuer (the name that IBM's Java gives, or None)."""

LOG_CERTIFICATE_EXPIRED = FindingKind(
    code="log-certificate-expired",
    severity=Severity.ERROR,
    summary="The log says that a certificate of the chain has expired.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    spares="clients that know a newer certificate of the same issuer, when it is the issuer's that ended",
    reach=2,
    follows=("tls-cert-expired", "tls-issuer-expired", "tls-root-expired"),
    remedy="renew-certificate",
    page="log-certificate",
    proof=SHOW,
)

LOG_CERTIFICATE_NOT_YET_VALID = FindingKind(
    code="log-certificate-not-yet-valid",
    severity=Severity.ERROR,
    summary="The log says that a certificate of the chain is not valid yet: most often the client's clock is wrong.",
    params=COMMON,
    evidence=SEEN,
    affects="the client that wrote this log; others only if the certificate really begins later",
    reach=2,
    follows=("tls-cert-not-yet-valid",),
    remedy="clock",
    page="log-certificate",
    proof=SHOW,
)

LOG_NAME_MISMATCH = FindingKind(
    code="log-name-mismatch",
    severity=Severity.ERROR,
    summary="The log says that the certificate is not for the name that the client asked for.",
    params=COMMON,
    evidence=SEEN,
    affects="every client that was given this name",
    spares="clients that use a name that the certificate holds",
    reach=2,
    follows=("tls-name-mismatch", "tls-name-cn-only", "tls-sni-required"),
    remedy="replace-name",
    page="log-certificate",
    proof=SHOW,
)

LOG_CERTIFICATE_WEAK = FindingKind(
    code="log-certificate-weak",
    severity=Severity.ERROR,
    summary="The log says that a key or a signature in the chain is too weak for the client.",
    params=COMMON,
    evidence=SEEN,
    affects="clients as strict as the one that wrote this log",
    spares="older clients, which take it",
    reach=2,
    follows=("tls-weak-signature", "tls-weak-key"),
    remedy="renew-certificate",
    page="log-certificate",
    proof=SHOW,
)

LOG_CERTIFICATE_UNACCEPTABLE = FindingKind(
    code="log-certificate-unacceptable",
    severity=Severity.ERROR,
    summary="The log says that the client does not accept a certificate of the chain, and gives no reason.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    reach=2,
    follows=("tls-issuer-expired", "tls-cert-expired", "tls-chain-invalid", "tls-weak-signature"),
    remedy="install-chain",
    page="log-certificate",
    proof=SHOW,
)

LOG_PIN_MISMATCH = FindingKind(
    code="log-pin-mismatch",
    severity=Severity.ERROR,
    summary="The log says that the app expects other keys than those in the chain that it was shown.",
    params=COMMON,
    evidence=SEEN,
    affects="every client of this app",
    spares="browsers, which know nothing of the app's pins",
    reach=2,
    follows=("tls-root-untrusted",),
    remedy="log-measure",
    page="log-certificate",
    proof=SHOW,
)

LOG_CERTIFICATE_REFUSED = FindingKind(
    code="log-certificate-refused",
    severity=Severity.ERROR,
    summary="The log says that the user did not accept the server's certificate, or was not asked.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    spares="users who accept it when they are asked, which protects nobody",
    reach=2,
    follows=(
        "log-chain-not-trusted",
        "log-certificate-expired",
        "log-certificate-not-yet-valid",
        "log-name-mismatch",
        "tls-chain-incomplete",
        "tls-root-untrusted",
        "tls-self-signed",
        "tls-name-mismatch",
        "tls-cert-expired",
    ),
    remedy="install-chain",
    page="log-certificate",
    proof=SHOW,
)

LOG_PEER_REFUSED_CERTIFICATE = FindingKind(
    code="log-peer-refused-certificate",
    severity=Severity.ERROR,
    summary="The log says that the other side refused the certificate that it was shown.",
    params=COMMON,
    evidence=SEEN,
    affects="in a server's log: the clients that refuse it; in a client's log: whoever has no client certificate",
    reach=2,
    follows=("tls-chain-incomplete", "tls-root-untrusted", "tls-self-signed", "tls-client-cert-required"),
    remedy="install-chain",
    page="log-certificate",
    proof=SHOW,
)

KINDS = (
    LOG_CHAIN_NOT_TRUSTED,
    LOG_CERTIFICATE_EXPIRED,
    LOG_CERTIFICATE_NOT_YET_VALID,
    LOG_NAME_MISMATCH,
    LOG_CERTIFICATE_WEAK,
    LOG_CERTIFICATE_UNACCEPTABLE,
    LOG_PIN_MISMATCH,
    LOG_CERTIFICATE_REFUSED,
    LOG_PEER_REFUSED_CERTIFICATE,
)
