"""Kinds about the handshake: versions, ciphers, what the server demands, and how it breaks."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_HELLO = "openssl s_client -connect {connect} -servername {server_name} </dev/null"

TLS_VERSION_OLD_ONLY = FindingKind(
    code="tls-version-old-only",
    severity=Severity.ERROR,
    summary="The server speaks only outdated TLS versions: {versions}.",
    params=("versions",),
    evidence="TLS 1.2 and TLS 1.3 were refused",
    affects="browsers since 2020, Android 16, Java 16 and newer or patched 8 and 11, OpenSSL 3",
    spares="older phones and Java without the updates",
    reach=0,
    remedy="tls-versions",
    page="tls-versions",
    proof=_HELLO.replace(" </", " -tls1_2 </"),
)
"""Params: versions (list: those accepted)."""

TLS_VERSION_NEW_ONLY = FindingKind(
    code="tls-version-new-only",
    severity=Severity.WARNING,
    summary="The server speaks only {versions}: older clients are shut out.",
    params=("versions",),
    evidence="TLS 1.2 was refused",
    affects="Android 9 and older, iOS before 12.2, Java 8 without TLS 1.3 on, WebSphere on old fix packs",
    spares="current phones and browsers",
    reach=2,
    remedy="tls-versions",
    page="tls-versions",
    proof=_HELLO.replace(" </", " -tls1_2 </"),
)
"""Params: versions (list: those accepted)."""

TLS_VERSION_OBSOLETE_ACCEPTED = FindingKind(
    code="tls-version-obsolete-accepted",
    severity=Severity.WARNING,
    summary="The server still accepts outdated TLS versions: {versions}.",
    params=("versions",),
    affects="nobody is stopped; audits and security scanners object",
    reach=4,
    follows=("tls-version-old-only",),
    remedy="tls-versions",
    page="tls-versions",
    proof='openssl s_client -connect {connect} -servername {server_name} -tls1 -cipher "ALL:@SECLEVEL=0" </dev/null',
)
"""Params: versions (list: the outdated ones that are accepted)."""

TLS_CIPHER_UNUSUAL = FindingKind(
    code="tls-cipher-unusual",
    severity=Severity.WARNING,
    summary="The server chose {cipher}, which current clients avoid or do not offer.",
    params=("protocol", "cipher", "reason"),
    evidence="{protocol}, {cipher}: {reason}",
    affects="clients with a current cipher list: new Android, iOS and browsers",
    spares="Java and older clients, which still offer it",
    reach=2,
    follows=("tls-version-old-only",),
    remedy="tls-versions",
    page="tls-ciphers",
    proof=_HELLO,
)
"""Params: protocol, cipher, reason (a clause: `no forward secrecy`)."""

TLS_WEAK_DH = FindingKind(
    code="tls-weak-dh",
    severity=Severity.WARNING,
    summary="The server offers a Diffie-Hellman group that is too small: {group}.",
    params=("group", "cipher"),
    evidence="{group}[ with {cipher}]",
    affects="OpenSSL, Java 8u51 and newer below 1024 bits, clients that offer no better key exchange",
    spares="clients that agree on an elliptic curve with the server: all current phones and browsers",
    reach=2,
    follows=("tls-version-old-only",),
    remedy="tls-versions",
    page="tls-ciphers",
    proof=_HELLO.replace(" </", " -tls1_2 -cipher DHE </"),
)
"""Params: group (`DH 1024 bits`), cipher (None when not known)."""

TLS_SNI_REQUIRED = FindingKind(
    code="tls-sni-required",
    severity=Severity.WARNING,
    summary="The server gives the right answer only to clients that send the host name (SNI).",
    params=("without_sni",),
    evidence="without SNI: {without_sni}",
    affects="clients that send no SNI: health checks by IP address, very old Android and Java, some proxies",
    spares="all current phones, browsers and Java",
    reach=2,
    remedy="default-site",
    page="tls-sni-required",
    proof="openssl s_client -connect {connect} -noservername </dev/null",
)
"""Params: without_sni (a clause: what came without: `another certificate, for default.example.com`, `alert
unrecognized_name`)."""

# What may be wrong at one of two addresses, or in one of two chains: then the difference is its consequence.
_ONE_SIDED = (
    "tls-chain-incomplete",
    "tls-chain-wrong-issuer",
    "tls-chain-wrong-order",
    "tls-chain-superfluous",
    "tls-chain-invalid",
    "tls-root-untrusted",
    "tls-root-expired",
    "tls-self-signed",
    "tls-cert-expired",
    "tls-cert-not-yet-valid",
    "tls-cert-expires-soon",
    "tls-issuer-expired",
    "tls-name-mismatch",
    "tls-name-cn-only",
    "tls-weak-signature",
    "tls-weak-key",
)

TLS_KEY_TYPES_DIFFER = FindingKind(
    code="tls-key-types-differ",
    severity=Severity.WARNING,
    summary="The server has an RSA and an ECDSA certificate, and they are not equally good.",
    params=("differences",),
    evidence="{differences}",
    affects="those clients that pick the worse one: which, depends on their cipher list",
    spares="clients that pick the other one, which is why it seems to hit at random",
    reach=2,
    follows=_ONE_SIDED,
    remedy="same-answer-everywhere",
    page="tls-different-answers",
    proof=_HELLO.replace(" </", " -tls1_2 -cipher aRSA </"),
)
"""Params: differences (list of one-liners: `RSA: complete; ECDSA: incomplete`)."""

TLS_CLIENT_CERT_REQUIRED = FindingKind(
    code="tls-client-cert-required",
    severity=Severity.ERROR,
    summary="The server demands a certificate from the client.",
    params=("seen",),
    evidence="{seen}",
    affects="all Sametime clients: none of them sends a certificate",
    spares="browsers on which a user certificate is installed",
    reach=0,
    remedy="client-certificate",
    page="tls-client-cert-required",
    proof=_HELLO.replace(" </", " -state </"),
)
"""Params: seen (a clause: how it showed: `alert certificate_required at the first read`)."""

TLS_HELLO_TOO_LARGE = FindingKind(
    code="tls-hello-too-large",
    severity=Severity.ERROR,
    summary="A large ClientHello gets no answer, a small one does: something on the way cannot take it.",
    params=("large", "small"),
    evidence="ClientHello of {large} bytes: no answer; of {small} bytes: answered",
    affects="new clients with post-quantum key exchange: Chrome 124, iOS 26, OpenSSL 3.5 and newer",
    spares="older clients, whose ClientHello fits into one packet",
    reach=2,
    remedy="large-hello",
    page="tls-hello-too-large",
    proof=_HELLO.replace(" </", " -groups X25519MLKEM768:X25519 </"),
)
"""Params: large, small (bytes)."""

TLS_NOT_TLS = FindingKind(
    code="tls-not-tls",
    severity=Severity.ERROR,
    summary="This port does not speak TLS but {spoken}.",
    params=("spoken", "first_bytes"),
    evidence="[first bytes: {first_bytes}]",
    affects="all clients that connect with https",
    reach=0,
    remedy="listener",
    page="tls-not-tls",
    proof="curl -v --connect-timeout 5 http://{connect}/",
)
"""Params: spoken (as a reader says it: `plain HTTP`, `SMTP`, `the Sametime protocol`, `an unknown protocol`),
first_bytes (escaped text or hex, or None)."""

TLS_HANDSHAKE_SILENT = FindingKind(
    code="tls-handshake-silent",
    severity=Severity.ERROR,
    summary="The port accepts the connection and then says nothing for {waited_s} s.",
    params=("waited_s",),
    affects="all clients: they hang until they give up",
    reach=0,
    follows=("tls-hello-too-large", "tls-not-tls"),
    remedy="listener",
    page="tls-handshake-silent",
    proof=_HELLO,
)
"""Params: waited_s (seconds)."""

TLS_HANDSHAKE_SLOW = FindingKind(
    code="tls-handshake-slow",
    severity=Severity.ERROR,
    summary="The handshake was not finished after {waited_s} s.",
    params=("waited_s", "bytes_received"),
    evidence="bytes received until then: {bytes_received}",
    affects="all clients: they give up or need very long",
    reach=0,
    follows=("tls-hello-too-large",),
    remedy="listener",
    page="tls-handshake-silent",
    proof=_HELLO,
)
"""Params: waited_s (seconds), bytes_received."""

TLS_HANDSHAKE_CLOSED = FindingKind(
    code="tls-handshake-closed",
    severity=Severity.ERROR,
    summary="The server ended the connection during the handshake without a word.",
    params=("bytes_received",),
    evidence="bytes received before the end: {bytes_received}",
    affects="all clients",
    reach=0,
    follows=("tls-hello-too-large", "tls-not-tls", "tls-client-cert-required"),
    remedy="listener",
    page="tls-handshake-closed",
    proof=_HELLO,
)
"""Params: bytes_received."""

TLS_HANDSHAKE_REFUSED = FindingKind(
    code="tls-handshake-refused",
    severity=Severity.ERROR,
    summary="The server refused the handshake with the alert {alert}.",
    params=("alert",),
    affects="all clients that offer what stdiag offered: TLS 1.2 and 1.3 with the usual ciphers",
    reach=0,
    follows=("tls-client-cert-required", "tls-version-old-only", "tls-version-new-only"),
    remedy="tls-versions",
    page="tls-handshake-closed",
    proof=_HELLO,
)
"""Params: alert (name of RFC 8446 §6)."""

TLS_HANDSHAKE_FAILED = FindingKind(
    code="tls-handshake-failed",
    severity=Severity.ERROR,
    summary="The handshake broke: {problem}.",
    params=("problem", "words"),
    evidence="[the TLS library said: {words}]",
    affects="clients with a current TLS library",
    reach=1,
    follows=("tls-not-tls", "tls-weak-dh", "tls-version-old-only"),
    remedy="tls-versions",
    page="tls-handshake-closed",
    proof=_HELLO,
)
"""Params: problem (a clause: `the server's answer is not valid TLS`, `the server asks for something that this TLS
library does not do`), words (the library's)."""

TLS_ADDRESSES_DIFFER = FindingKind(
    code="tls-addresses-differ",
    severity=Severity.WARNING,
    summary="The addresses of this name do not give the same answer.",
    params=("differences",),
    evidence="{differences}",
    affects="those clients that are sent to the worse address: it comes and goes",
    spares="clients that got the other address",
    reach=2,
    follows=(
        *_ONE_SIDED,
        "tls-version-old-only",
        "tls-version-new-only",
        "tls-version-obsolete-accepted",
        "tls-client-cert-required",
        "tls-hello-too-large",
        "tls-not-tls",
        "tls-handshake-silent",
        "tls-handshake-slow",
        "tls-handshake-closed",
        "tls-handshake-refused",
        "tls-handshake-failed",
        "net-refused",
        "net-timeout",
        "net-unreachable",
        "net-reset",
    ),
    remedy="same-answer-everywhere",
    page="tls-different-answers",
    proof="nslookup {host}",
)
"""Params: differences (list of one-liners: `192.0.2.10: complete; 192.0.2.11: incomplete`)."""

KINDS = (
    TLS_VERSION_OLD_ONLY,
    TLS_VERSION_NEW_ONLY,
    TLS_VERSION_OBSOLETE_ACCEPTED,
    TLS_CIPHER_UNUSUAL,
    TLS_WEAK_DH,
    TLS_SNI_REQUIRED,
    TLS_KEY_TYPES_DIFFER,
    TLS_CLIENT_CERT_REQUIRED,
    TLS_HELLO_TOO_LARGE,
    TLS_NOT_TLS,
    TLS_HANDSHAKE_SILENT,
    TLS_HANDSHAKE_SLOW,
    TLS_HANDSHAKE_CLOSED,
    TLS_HANDSHAKE_REFUSED,
    TLS_HANDSHAKE_FAILED,
    TLS_ADDRESSES_DIFFER,
)
