"""Kinds about what a client's log says of the TLS handshake itself."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.log_shared import CLIENT, COMMON, SEEN, SHOW
from stdiag.model import Severity

LOG_TLS_VERSION = FindingKind(
    code="log-tls-version",
    severity=Severity.ERROR,
    summary="The log says that client and server have no TLS version in common.",
    params=COMMON,
    evidence=SEEN,
    affects="clients as old, or as new, as the one that wrote this log",
    spares="clients of another age",
    reach=2,
    follows=("tls-version-old-only", "tls-version-new-only"),
    remedy="tls-versions",
    page="log-handshake",
    proof=SHOW,
)

LOG_HANDSHAKE_REFUSED = FindingKind(
    code="log-handshake-refused",
    severity=Severity.ERROR,
    summary="The log says that the server refused the handshake: cipher, version, server name or client certificate.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    reach=2,
    follows=(
        "tls-handshake-refused",
        "tls-version-old-only",
        "tls-version-new-only",
        "tls-sni-required",
        "tls-client-cert-required",
    ),
    remedy="tls-versions",
    page="log-handshake",
    proof=SHOW,
)

LOG_WEAK_DH = FindingKind(
    code="log-weak-dh",
    severity=Severity.ERROR,
    summary="The log says that client and server do not agree on the size of the Diffie-Hellman key.",
    params=COMMON,
    evidence=SEEN,
    affects="clients that allow no small keys, and Java up to 7, which allows no large ones",
    reach=2,
    follows=("tls-weak-dh",),
    remedy="tls-versions",
    page="log-handshake",
    proof=SHOW,
)

LOG_NOT_TLS = FindingKind(
    code="log-not-tls",
    severity=Severity.ERROR,
    summary="The log says that what answered the client's TLS handshake is not TLS.",
    params=COMMON,
    evidence=SEEN,
    affects="every client that is sent to this port for TLS",
    reach=2,
    follows=("tls-not-tls", "prov-tls-port-speaks-plain"),
    remedy="listener",
    page="log-handshake",
    proof=SHOW,
)

LOG_HANDSHAKE_CLOSED = FindingKind(
    code="log-handshake-closed",
    severity=Severity.ERROR,
    summary="The log says that the connection was cut during the TLS handshake.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    reach=2,
    follows=(
        "tls-handshake-closed",
        "tls-handshake-refused",
        "tls-sni-required",
        "tls-version-old-only",
        "tls-version-new-only",
        "tls-hello-too-large",
        "net-reset",
    ),
    remedy="listener",
    page="log-handshake",
    proof=SHOW,
)

LOG_HANDSHAKE_SILENT = FindingKind(
    code="log-handshake-silent",
    severity=Severity.ERROR,
    summary="The log says that the TLS handshake was not answered in time.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    reach=2,
    follows=("tls-handshake-silent", "tls-handshake-slow", "tls-hello-too-large"),
    remedy="large-hello",
    page="log-handshake",
    proof=SHOW,
)

LOG_HANDSHAKE_FAILED = FindingKind(
    code="log-handshake-failed",
    severity=Severity.ERROR,
    summary="The log says that the TLS handshake failed, and not why.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    reach=2,
    follows=(
        "log-chain-not-trusted",
        "log-name-mismatch",
        "log-certificate-expired",
        "log-tls-version",
        "log-handshake-refused",
        "log-handshake-closed",
        "tls-chain-incomplete",
        "tls-root-untrusted",
        "tls-version-old-only",
        "tls-version-new-only",
    ),
    remedy="log-measure",
    page="log-handshake",
    proof=SHOW,
)

LOG_CLEARTEXT = FindingKind(
    code="log-cleartext",
    severity=Severity.ERROR,
    summary="The log says that the app was told to connect without TLS, and that Android forbids it.",
    params=COMMON,
    evidence=SEEN,
    affects="Android 9 and later, where the app makes no exception",
    spares="older Android, which connects unencrypted",
    reach=2,
    follows=("prov-ssl-contradiction",),
    remedy="provisioning-url",
    page="log-handshake",
    proof=SHOW,
)

KINDS = (
    LOG_TLS_VERSION,
    LOG_HANDSHAKE_REFUSED,
    LOG_WEAK_DH,
    LOG_NOT_TLS,
    LOG_HANDSHAKE_CLOSED,
    LOG_HANDSHAKE_SILENT,
    LOG_HANDSHAKE_FAILED,
    LOG_CLEARTEXT,
)
