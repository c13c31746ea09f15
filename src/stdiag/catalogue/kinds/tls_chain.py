"""Kinds about the chain of certificates: complete, in order, ending at a root that clients know."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_SHOW = "openssl s_client -connect {connect} -servername {server_name} -showcerts </dev/null"
_STRICT = "Android, Java (WebSphere, STProxy's own calls), OpenSSL, curl: every client that uses only what was sent"

TLS_CHAIN_INCOMPLETE = FindingKind(
    code="tls-chain-incomplete",
    severity=Severity.ERROR,
    summary='The server does not send the issuer certificate "{missing}".',
    params=("leaf", "missing", "sent", "verify_code", "verify_text", "recovered_from", "proven", "candidates"),
    evidence=(
        "[OpenSSL verify code {verify_code} ({verify_text}); ]certificates sent: {sent}"
        "[; the missing one was fetched from {recovered_from}, chain verified with it: {proven}]"
        "[; it could be: {candidates}]"
    ),
    affects=_STRICT,
    spares="desktop browsers and Chrome on Android, which fetch or remember the intermediate; iPhones often, by luck",
    reach=1,
    follows=("tls-chain-wrong-issuer",),
    remedy="install-chain",
    page="tls-chain-incomplete",
    proof=_SHOW,
)
"""Params: leaf, missing (names), sent (count), verify_code and verify_text (None when the handshake gave none),
recovered_from (URL of the missing certificate, or None), proven (the chain with it was verified; None when nothing was
fetched), candidates (what the missing certificate may be, when an intermediate and a private root cannot be told apart;
else empty)."""

TLS_CHAIN_WRONG_ISSUER = FindingKind(
    code="tls-chain-wrong-issuer",
    severity=Severity.ERROR,
    summary='The server sends the wrong intermediate: "{certificate}" was issued by "{needed}".',
    params=("certificate", "needed", "sent_instead", "reason"),
    evidence="sent instead: {sent_instead}; {reason}",
    affects=_STRICT,
    spares="desktop browsers and Chrome on Android, which fetch or remember the right one; iPhones often, by luck",
    reach=1,
    remedy="install-chain",
    page="tls-chain-wrong-issuer",
    proof=_SHOW,
)
"""Params: certificate (whose issuer is wrong), needed (name of its issuer), sent_instead (list of names), reason (a
clause: `another name`, `the name fits, the key does not`)."""

TLS_CHAIN_WRONG_ORDER = FindingKind(
    code="tls-chain-wrong-order",
    severity=Severity.WARNING,
    summary="The certificates are sent in the wrong order.",
    params=("sent_order", "right_order"),
    evidence="sent: {sent_order}; right: {right_order}",
    affects="strict TLS 1.2 clients: embedded devices, some proxies and load balancers, old GnuTLS",
    spares="Android, iOS, Java, OpenSSL and browsers, which sort the chain themselves",
    reach=2,
    remedy="install-chain",
    page="tls-chain-order",
    proof=_SHOW,
)
"""Params: sent_order, right_order (lists of names, leaf first)."""

TLS_CHAIN_SUPERFLUOUS = FindingKind(
    code="tls-chain-superfluous",
    severity=Severity.INFO,
    summary="The server sends certificates that the chain does not need.",
    params=("certificates",),
    evidence="not needed: {certificates}",
    affects="nobody: each handshake is some bytes larger",
    reach=4,
    follows=("tls-chain-wrong-issuer",),
    remedy="install-chain",
    page="tls-chain-order",
    proof=_SHOW,
)
"""Params: certificates (list: each a name and why it is not needed, `Example Root (root)`). A judgement passes
severity warning for a certificate that does not belong to the chain at all."""

TLS_CHAIN_INVALID = FindingKind(
    code="tls-chain-invalid",
    severity=Severity.ERROR,
    summary='The chain breaks at "{certificate}": {problem}.',
    params=("certificate", "problem", "verify_code", "verify_text"),
    evidence="[OpenSSL verify code {verify_code} ({verify_text})]",
    affects="all clients",
    reach=0,
    follows=("tls-chain-wrong-issuer",),
    remedy="install-chain",
    page="tls-chain-invalid",
    proof=_SHOW,
)
"""Params: certificate, problem (a clause: `it may not issue certificates (basicConstraints)`), verify_code and
verify_text (None when OpenSSL did not complain)."""

TLS_ROOT_UNTRUSTED = FindingKind(
    code="tls-root-untrusted",
    severity=Severity.ERROR,
    summary='The chain ends at "{root}", which these trust stores do not know: {not_trusted_by}.',
    params=("root", "trusted_by", "not_trusted_by", "candidates"),
    evidence="[trusted by: {trusted_by}; ]not trusted by: {not_trusted_by}[; it could be: {candidates}]",
    affects="every client that was not given this root: phones first, then Java and WebSphere",
    spares="managed PCs and phones that got the root by group policy or MDM",
    reach=1,
    follows=("tls-chain-incomplete", "tls-chain-wrong-issuer", "tls-self-signed"),
    remedy="trust-private-root",
    page="tls-root-untrusted",
    proof=_SHOW,
)
"""Params: root, trusted_by and not_trusted_by (lists of store names), candidates (what the root may be, when that
cannot be told; else empty)."""

TLS_ROOT_EXPIRED = FindingKind(
    code="tls-root-expired",
    severity=Severity.ERROR,
    summary='The root "{root}" expired {days} days ago, on {not_after}.',
    params=("root", "not_after", "days"),
    affects="OpenSSL and curl, GnuTLS, iOS and desktop browsers, unless they find another path",
    spares="Android and Java, which do not look at the dates of a root that they trust",
    reach=2,
    remedy="install-chain",
    page="tls-issuer-expired",
    proof=_SHOW,
)
"""Params: root, not_after (UTC, ISO 8601), days (since)."""

TLS_SELF_SIGNED = FindingKind(
    code="tls-self-signed",
    severity=Severity.ERROR,
    summary='The server shows a self-signed certificate: "{certificate}".',
    params=("certificate", "verify_code", "verify_text"),
    evidence="[OpenSSL verify code {verify_code} ({verify_text})]",
    affects="all clients",
    spares="users who clicked a browser's warning away; machines on which this very certificate was installed",
    reach=0,
    remedy="renew-certificate",
    page="tls-root-untrusted",
    proof=_SHOW,
)
"""Params: certificate, verify_code and verify_text (None when the handshake gave none)."""

TLS_ISSUER_EXPIRED = FindingKind(
    code="tls-issuer-expired",
    severity=Severity.ERROR,
    summary='The issuer certificate "{certificate}" expired {days} days ago, on {not_after}.',
    params=("certificate", "not_after", "days"),
    affects="all clients that find no other path: Android, iOS, Java, OpenSSL",
    spares="clients that know a newer certificate of the same issuer, as browsers often do",
    reach=1,
    remedy="install-chain",
    page="tls-issuer-expired",
    proof=_SHOW,
)
"""Params: certificate (an intermediate), not_after (UTC, ISO 8601), days (since)."""

TLS_AIA_UNREACHABLE = FindingKind(
    code="tls-aia-unreachable",
    severity=Severity.INFO,
    summary="The missing issuer could not be fetched from the address that its certificate names.",
    params=("url", "problem"),
    evidence="{url}: {problem}",
    affects="nobody more: it only means that the repair could not be proven from here",
    reach=4,
    follows=("tls-chain-incomplete", "tls-chain-wrong-issuer"),
    remedy="install-chain",
    page="tls-chain-incomplete",
    proof="curl -v --connect-timeout 5 -o issuer.crt {url}",
)
"""Params: url (the last one tried), problem (a clause: why it brought nothing)."""

KINDS = (
    TLS_CHAIN_INCOMPLETE,
    TLS_CHAIN_WRONG_ISSUER,
    TLS_CHAIN_WRONG_ORDER,
    TLS_CHAIN_SUPERFLUOUS,
    TLS_CHAIN_INVALID,
    TLS_ROOT_UNTRUSTED,
    TLS_ROOT_EXPIRED,
    TLS_SELF_SIGNED,
    TLS_ISSUER_EXPIRED,
    TLS_AIA_UNREACHABLE,
)
