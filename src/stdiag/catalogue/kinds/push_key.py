"""Kinds about the key file with which the server shows Apple who it is. The subject is the file."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_IOS = "users of iPhones and iPads: no messages in the background"
_ANDROID = "Android, and iOS while the app is open"
_SHOW = "openssl pkcs12 -in {file} -info -nokeys"
_SHOW_LEGACY = "openssl pkcs12 -in {file} -info -nokeys -legacy"

PUSH_KEY_FILE = FindingKind(
    code="push-key-file",
    severity=Severity.ERROR,
    summary="The key file {file} cannot be read.",
    params=("words",),
    evidence="[the system said: {words}]",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-file",
)
"""Params: words (the operating system's)."""

PUSH_KEY_FORMAT = FindingKind(
    code="push-key-format",
    severity=Severity.ERROR,
    summary="The key file {file} is {form}, and not PKCS#12.",
    params=("form", "advice"),
    evidence="to make one: {advice}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-file",
    proof="file {file}",
)
"""Params: form (what it is, with its article), advice (a command that converts it)."""

PUSH_KEY_DAMAGED = FindingKind(
    code="push-key-damaged",
    severity=Severity.ERROR,
    summary="The key file {file} is damaged: it begins as PKCS#12 and does not hold together.",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-file",
    proof=_SHOW,
)

PUSH_KEY_WRONG_PASSPHRASE = FindingKind(
    code="push-key-wrong-passphrase",
    severity=Severity.ERROR,
    summary="The passphrase does not open the key file {file}: it is wrong, or the file's content is damaged.",
    params=("given",),
    evidence="passphrase given: {given}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-file",
    proof=_SHOW,
)
"""Params: given (false when there was none)."""

PUSH_KEY_UNSUPPORTED = FindingKind(
    code="push-key-unsupported",
    severity=Severity.ERROR,
    summary="The key file {file} is encrypted in a way that cannot be read here.",
    params=("algorithms",),
    evidence="encrypted with: {algorithms}",
    affects="stdiag's own check of the key; a server with another library may read it",
    reach=2,
    remedy="push-key",
    page="push-key-file",
    proof=_SHOW,
)
"""Params: algorithms."""

PUSH_KEY_NO_PRIVATE_KEY = FindingKind(
    code="push-key-no-private-key",
    severity=Severity.ERROR,
    summary="The key file {file} holds a certificate and no private key.",
    params=("certificate",),
    evidence="[certificate in it: {certificate}]",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-content",
    proof=_SHOW,
)
"""Params: certificate (its subject, or None)."""

PUSH_KEY_NO_CERTIFICATE = FindingKind(
    code="push-key-no-certificate",
    severity=Severity.ERROR,
    summary="The key file {file} holds a private key and no certificate.",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-content",
    proof=_SHOW,
)

PUSH_KEY_MISMATCH = FindingKind(
    code="push-key-mismatch",
    severity=Severity.ERROR,
    summary="The certificate in the key file {file} does not belong to its private key.",
    params=("certificate",),
    evidence="certificate in it: {certificate}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-content",
    proof=_SHOW,
)
"""Params: certificate (its subject)."""

PUSH_KEY_TWO_KEYS = FindingKind(
    code="push-key-two-keys",
    severity=Severity.WARNING,
    summary="The key file {file} holds {count} private keys: which one a program takes is left to chance.",
    params=("count", "certificate"),
    evidence="taken here: {certificate}",
    affects="iOS users, when the server takes another one than is meant",
    reach=2,
    remedy="push-key",
    page="push-key-content",
    proof="keytool -list -v -storetype PKCS12 -keystore {file}",
)
"""Params: count, certificate (subject of the one that was read)."""

PUSH_KEY_NOT_PUSH = FindingKind(
    code="push-key-not-push",
    severity=Severity.ERROR,
    summary="The certificate in {file} is none of Apple's push certificates: it has none of their extensions.",
    params=("certificate", "issuer"),
    evidence="certificate: {certificate}; issued by: {issuer}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-content",
    proof=_SHOW,
)
"""Params: certificate, issuer (distinguished names)."""

PUSH_KEY_TOPIC = FindingKind(
    code="push-key-topic",
    severity=Severity.ERROR,
    summary="The certificate in {file} is not for the topic {topic}.",
    params=("topic", "topics"),
    evidence="topics in it: {topics}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-content",
    proof=_SHOW,
)
"""Params: topic (asked for), topics (in the certificate)."""

PUSH_KEY_EXPIRED = FindingKind(
    code="push-key-expired",
    severity=Severity.ERROR,
    summary="The push certificate in {file} expired {days_ago} days ago.",
    params=("days_ago", "not_after"),
    evidence="valid until {not_after}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-validity",
    proof=_SHOW,
)
"""Params: days_ago, not_after (UTC)."""

PUSH_KEY_NOT_YET_VALID = FindingKind(
    code="push-key-not-yet-valid",
    severity=Severity.ERROR,
    summary="The push certificate in {file} is valid only from {not_before} on.",
    params=("not_before",),
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-key",
    page="push-key-validity",
    proof=_SHOW,
)
"""Params: not_before (UTC)."""

PUSH_KEY_EXPIRES_SOON = FindingKind(
    code="push-key-expires-soon",
    severity=Severity.WARNING,
    summary="The push certificate in {file} expires in {days_left} days.",
    params=("days_left", "not_after"),
    evidence="valid until {not_after}",
    affects="iOS users from that day on",
    reach=3,
    remedy="push-key",
    page="push-key-validity",
    proof=_SHOW,
)
"""Params: days_left, not_after (UTC)."""

PUSH_KEY_SANDBOX = FindingKind(
    code="push-key-sandbox",
    severity=Severity.WARNING,
    summary="The push certificate in {file} is for Apple's sandbox only: apps from the App Store are not reached.",
    params=("topics",),
    evidence="topics in it: {topics}",
    affects=_IOS,
    spares="developers' builds of the app",
    reach=2,
    remedy="push-key",
    page="push-key-validity",
    proof=_SHOW,
)
"""Params: topics."""

PUSH_KEY_OLD_ENCRYPTION = FindingKind(
    code="push-key-old-encryption",
    severity=Severity.INFO,
    summary="The key file {file} is encrypted in the old way: it reads here, and programs of today refuse it.",
    params=("algorithms",),
    evidence="encrypted with: {algorithms}",
    affects="nobody yet: OpenSSL 3 and curl need -legacy for it, Java reads it",
    reach=4,
    remedy="push-key",
    page="push-key-protection",
    proof=_SHOW_LEGACY,
)
"""Params: algorithms."""

PUSH_KEY_KEYTOOL = FindingKind(
    code="push-key-keytool",
    severity=Severity.INFO,
    summary="The key file {file} was written by a newer keytool: servers with an older Java cannot read it.",
    params=("algorithms",),
    evidence="encrypted with: {algorithms}",
    affects="nobody, where the server's Java is as new; else all iOS users",
    reach=4,
    remedy="push-key",
    page="push-key-protection",
    proof=_SHOW,
)
"""Params: algorithms."""

PUSH_KEY_NO_MAC = FindingKind(
    code="push-key-no-mac",
    severity=Severity.INFO,
    summary="The key file {file} has no integrity check (MAC): damage to it goes unnoticed, and Java may refuse it.",
    affects="nobody yet",
    reach=4,
    remedy="push-key",
    page="push-key-protection",
    proof=_SHOW,
)

PUSH_KEY_UNPROTECTED = FindingKind(
    code="push-key-unprotected",
    severity=Severity.WARNING,
    summary="The private key in {file} is not protected: {how}.",
    params=("how",),
    affects="whoever reads the file can send in the app's name",
    reach=3,
    remedy="push-key",
    page="push-key-protection",
    proof=_SHOW,
)
"""Params: how (a clause: the file opens with the empty passphrase, … with any passphrase)."""

PUSH_KEY_REFUSED = FindingKind(
    code="push-key-refused",
    severity=Severity.ERROR,
    summary="The push service refuses the certificate in {file}: {meaning}.",
    params=("meaning", "said", "service"),
    evidence="{service} said: {said}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=("push-key-expired", "push-key-not-yet-valid", "push-key-not-push", "push-intercepted"),
    remedy="push-key",
    page="push-key-refused",
    proof=_SHOW,
)
"""Params: meaning (a clause), said (the TLS alert or Apple's reason), service (HOST:PORT)."""

PUSH_KEY_PROBABLY_REFUSED = FindingKind(
    code="push-key-probably-refused",
    severity=Severity.ERROR,
    summary="{service} ends the connection after the TLS handshake: it probably refuses the certificate in {file}.",
    params=("service", "how"),
    evidence="the connection was {how} before any answer",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=("push-key-expired", "push-key-not-yet-valid", "push-key-not-push", "push-key-refused"),
    remedy="push-key",
    page="push-key-refused",
    proof=_SHOW,
)
"""Params: service (HOST:PORT), how (closed, reset)."""

PUSH_KEY_ENVIRONMENT = FindingKind(
    code="push-key-environment",
    severity=Severity.ERROR,
    summary="The certificate in {file} is for Apple's other environment.",
    params=("service", "environments"),
    evidence="{service} said: BadCertificateEnvironment; the certificate is for: {environments}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=("push-key-sandbox",),
    remedy="push-key",
    page="push-key-refused",
    proof=_SHOW,
)
"""Params: service (HOST:PORT), environments (of the certificate)."""

PUSH_KEY_TOPIC_REFUSED = FindingKind(
    code="push-key-topic-refused",
    severity=Severity.ERROR,
    summary="Apple does not let the certificate in {file} send to the topic {topic}.",
    params=("topic", "said", "topics"),
    evidence="Apple said: {said}; topics in the certificate: {topics}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=("push-key-topic",),
    remedy="push-key",
    page="push-key-refused",
    proof=_SHOW,
)
"""Params: topic, said (Apple's reason), topics (of the certificate)."""

PUSH_KEY_NOT_ASKED = FindingKind(
    code="push-key-not-asked",
    severity=Severity.ERROR,
    summary="{service} answers as if no certificate had been shown: the one in {file} did not reach it.",
    params=("service", "asked"),
    evidence="Apple's reason: MissingProviderToken; asked for a certificate in the handshake: {asked}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=("push-intercepted",),
    remedy="push-interception",
    page="push-key-refused",
)
"""Params: service (HOST:PORT), asked (bool)."""

KINDS = (
    PUSH_KEY_FILE,
    PUSH_KEY_FORMAT,
    PUSH_KEY_DAMAGED,
    PUSH_KEY_WRONG_PASSPHRASE,
    PUSH_KEY_UNSUPPORTED,
    PUSH_KEY_NO_PRIVATE_KEY,
    PUSH_KEY_NO_CERTIFICATE,
    PUSH_KEY_MISMATCH,
    PUSH_KEY_TWO_KEYS,
    PUSH_KEY_NOT_PUSH,
    PUSH_KEY_TOPIC,
    PUSH_KEY_EXPIRED,
    PUSH_KEY_NOT_YET_VALID,
    PUSH_KEY_EXPIRES_SOON,
    PUSH_KEY_SANDBOX,
    PUSH_KEY_OLD_ENCRYPTION,
    PUSH_KEY_KEYTOOL,
    PUSH_KEY_NO_MAC,
    PUSH_KEY_UNPROTECTED,
    PUSH_KEY_REFUSED,
    PUSH_KEY_PROBABLY_REFUSED,
    PUSH_KEY_ENVIRONMENT,
    PUSH_KEY_TOPIC_REFUSED,
    PUSH_KEY_NOT_ASKED,
)
