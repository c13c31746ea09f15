"""Kinds about one certificate: its dates, its names, its strength, whether it can be read."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_LEAF = (
    "openssl s_client -connect {connect} -servername {server_name} </dev/null"
    " | openssl x509 -noout -subject -issuer -dates -ext subjectAltName"
)
_SHOW = "openssl s_client -connect {connect} -servername {server_name} -showcerts </dev/null"
# `openssl x509` alone would show the first certificate only.
_TEXT = _SHOW + " | openssl crl2pkcs7 -nocrl -certfile /dev/stdin | openssl pkcs7 -print_certs -text -noout"

TLS_CERT_EXPIRED = FindingKind(
    code="tls-cert-expired",
    severity=Severity.ERROR,
    summary='The certificate "{certificate}" expired {days} days ago, on {not_after}.',
    params=("certificate", "not_after", "days"),
    affects="all clients",
    spares="users who clicked a browser's warning away",
    reach=0,
    remedy="renew-certificate",
    page="tls-validity",
    proof=_LEAF,
)
"""Params: certificate, not_after (UTC, ISO 8601), days (since)."""

TLS_CERT_NOT_YET_VALID = FindingKind(
    code="tls-cert-not-yet-valid",
    severity=Severity.ERROR,
    summary='The certificate "{certificate}" is not valid before {not_before}, in {days} days.',
    params=("certificate", "not_before", "days"),
    affects="all clients whose clock is right",
    reach=0,
    remedy="renew-certificate",
    page="tls-validity",
    proof=_LEAF,
)
"""Params: certificate, not_before (UTC, ISO 8601), days (until)."""

TLS_CERT_EXPIRES_SOON = FindingKind(
    code="tls-cert-expires-soon",
    severity=Severity.WARNING,
    summary='The certificate "{certificate}" expires in {days} days, on {not_after}.',
    params=("certificate", "not_after", "days"),
    affects="nobody yet; all clients on that day",
    reach=3,
    remedy="renew-certificate",
    page="tls-validity",
    proof=_SHOW,
)
"""Params: certificate (leaf or issuer), not_after (UTC, ISO 8601), days (left)."""

TLS_NAME_MISMATCH = FindingKind(
    code="tls-name-mismatch",
    severity=Severity.ERROR,
    summary='The certificate is not made out for "{name}".',
    params=("name", "names"),
    evidence="names in the certificate: {names}",
    affects="all clients that connect by this name",
    spares="clients that connect by a name that the certificate holds",
    reach=0,
    remedy="replace-name",
    page="tls-name",
    proof=_LEAF,
)
"""Params: name (that was asked for), names (list: what the certificate holds; empty when it holds none)."""

TLS_NAME_CN_ONLY = FindingKind(
    code="tls-name-cn-only",
    severity=Severity.ERROR,
    summary='The certificate names "{name}" only in its common name: it has no subjectAltName.',
    params=("name",),
    affects="iOS 13 and newer, Android 9 and newer, all current browsers",
    spares="Java and OpenSSL, and older phones, which still read the common name",
    reach=1,
    remedy="replace-name",
    page="tls-name",
    proof=_LEAF,
)
"""Params: name (the common name)."""

TLS_WEAK_SIGNATURE = FindingKind(
    code="tls-weak-signature",
    severity=Severity.ERROR,
    summary='The certificate "{certificate}" is signed with {algorithm}, which clients no longer accept.',
    params=("certificate", "algorithm"),
    affects="Android 9 or 10 and newer, iOS 11 and newer, browsers, OpenSSL 3",
    spares="Java under a private root, and old clients",
    reach=1,
    remedy="renew-certificate",
    page="tls-weak",
    proof=_TEXT,
)
"""Params: certificate, algorithm (`sha1WithRSAEncryption`)."""

TLS_WEAK_KEY = FindingKind(
    code="tls-weak-key",
    severity=Severity.ERROR,
    summary='The key of the certificate "{certificate}" is too short: {key}.',
    params=("certificate", "key"),
    affects="iOS 11 and newer, browsers, OpenSSL at the security level that Debian and Red Hat set",
    spares="Android and Java, which accept RSA from 1024 bits on",
    reach=2,
    remedy="renew-certificate",
    page="tls-weak",
    proof=_TEXT,
)
"""Params: certificate, key (`RSA 1024 bits`)."""

TLS_CERTIFICATE_UNREADABLE = FindingKind(
    code="tls-certificate-unreadable",
    severity=Severity.WARNING,
    summary="Certificate number {position} of the chain cannot be read.",
    params=("position", "problem"),
    evidence="{problem}",
    affects="clients whose TLS library is as strict as the one that stdiag uses",
    reach=2,
    remedy="renew-certificate",
    page="tls-chain-invalid",
    proof=_SHOW,
)
"""Params: position (1 is the leaf), problem (the parser's words)."""

TLS_EXTENSION_MALFORMED = FindingKind(
    code="tls-extension-malformed",
    severity=Severity.WARNING,
    summary='An extension of the certificate "{certificate}" is malformed: {extension}.',
    params=("certificate", "extension", "problem"),
    evidence="{problem}",
    affects="strict clients: some refuse the whole certificate",
    spares="lenient clients, which pass over the extension",
    reach=2,
    remedy="renew-certificate",
    page="tls-chain-invalid",
    proof=_TEXT,
)
"""Params: certificate, extension (name or object identifier), problem (a clause)."""

KINDS = (
    TLS_CERT_EXPIRED,
    TLS_CERT_NOT_YET_VALID,
    TLS_CERT_EXPIRES_SOON,
    TLS_NAME_MISMATCH,
    TLS_NAME_CN_ONLY,
    TLS_WEAK_SIGNATURE,
    TLS_WEAK_KEY,
    TLS_CERTIFICATE_UNREADABLE,
    TLS_EXTENSION_MALFORMED,
)
