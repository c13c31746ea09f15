"""Kinds about single clients: what stops some of them where others get through."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_SHOW = "openssl s_client -connect {connect} -servername {server_name} -showcerts </dev/null"

TLS_CLIENT_LACKS_ROOT = FindingKind(
    code="tls-client-lacks-root",
    severity=Severity.ERROR,
    summary="Not accepted for want of the root: {clients} ({detail}).",
    params=("clients", "detail", "gained", "lost", "as_of", "doubt"),
    evidence=(
        "roots of each release as of {as_of}"
        "[; with the chain that stdiag recommends these get through: {gained}][; lost in any case: {lost}][; {doubt}]"
    ),
    affects="clients whose trust store lacks the root that the chain leads to",
    spares="newer or older releases that have it, and browsers with a store of their own",
    reach=2,
    follows=("tls-root-untrusted", "tls-self-signed"),
    remedy="client-roots",
    page="tls-client-lacks-root",
    proof=_SHOW,
)
"""Params: clients (text), detail (a clause: which root), gained and lost (texts; empty when there are none), as_of
(date of the list of roots), doubt (a clause, or empty). A judgement passes severity warning or info for clients that
the site does not name."""

TLS_CLIENT_NO_COMMON_TLS = FindingKind(
    code="tls-client-no-common-tls",
    severity=Severity.ERROR,
    summary="No TLS version or cipher in common with the server: {clients}.",
    params=("clients", "detail"),
    evidence="measured with handshakes limited to what these clients offer: {detail}",
    affects="clients whose TLS is older or newer than the server's",
    spares="all others",
    reach=2,
    follows=("tls-version-old-only", "tls-version-new-only", "tls-cipher-unusual"),
    remedy="tls-versions",
    page="tls-versions",
    proof=_SHOW,
)
"""Params: clients (text), detail (a clause). Severity as above."""

TLS_CLIENT_REFUSES_CERTIFICATE = FindingKind(
    code="tls-client-refuses-certificate",
    severity=Severity.ERROR,
    summary="Refused by rules of their own: {clients} ({detail}).",
    params=("clients", "detail", "reason"),
    evidence="reason: {reason}",
    affects="clients with stricter rules than others",
    spares="clients without this rule",
    reach=2,
    follows=(
        "tls-cert-expired",
        "tls-cert-not-yet-valid",
        "tls-issuer-expired",
        "tls-name-mismatch",
        "tls-name-cn-only",
        "tls-weak-signature",
        "tls-weak-key",
        "tls-chain-invalid",
    ),
    remedy="renew-certificate",
    page="tls-client-refuses-certificate",
    proof=_SHOW,
)
"""Params: clients (text), detail (a clause), reason (a ClientReason). Severity as above."""

KINDS = (TLS_CLIENT_LACKS_ROOT, TLS_CLIENT_NO_COMMON_TLS, TLS_CLIENT_REFUSES_CERTIFICATE)
