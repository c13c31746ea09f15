"""Kinds about the way to Apple and Google: firewalls, proxies, inspection, and what answers at the end."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_IOS = "users of iPhones and iPads: no messages in the background"
_ANDROID = "Android, and iOS while the app is open"
_ANDROID_ONLY = "users of Android: no messages in the background"
_S_CLIENT = "openssl s_client -connect {connect} -servername {server_name} -alpn h2 </dev/null"
_CURL = "curl -v --connect-timeout 5 https://{connect}/"
_INTERCEPTED = ("push-intercepted",)

PUSH_BLOCKED = FindingKind(
    code="push-blocked",
    severity=Severity.ERROR,
    summary="From here there is no way to the push service at {host}, port {port}: {how}.",
    params=("how", "addresses", "alternatives"),
    evidence="tried: {addresses}[; the same service is also at {alternatives}]",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=("push-all-blocked",),
    remedy="push-firewall",
    page="push-blocked",
    proof=_CURL,
)
"""Params: how (a clause), addresses, alternatives (other endpoints of which one is enough)."""

PUSH_ALL_BLOCKED = FindingKind(
    code="push-all-blocked",
    severity=Severity.ERROR,
    summary="The push service cannot be reached from here at any of its ports[ {way}]: {tried}.",
    params=("tried", "way"),
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-firewall",
    page="push-blocked",
)
"""Params: tried (endpoints), way (`through PROXY`, or None)."""

PUSH_DIRECT_BLOCKED = FindingKind(
    code="push-direct-blocked",
    severity=Severity.INFO,
    summary="Without the proxy there is no way to {host}, port {port}: {how}.",
    params=("how",),
    affects="nobody, as long as the server is configured for the proxy",
    reach=4,
    remedy="push-proxy",
    page="push-proxy",
    proof=_CURL,
)
"""Params: how (a clause)."""

PUSH_PROXY_WORKS = FindingKind(
    code="push-proxy-works",
    severity=Severity.INFO,
    summary="The push service is reached through the proxy {proxy} and not without it: that is as it should be.",
    params=("proxy",),
    affects="nobody, as long as the server is configured for the proxy",
    reach=4,
    remedy="push-proxy",
    page="push-proxy",
)
"""Params: proxy."""

PUSH_PROXY_FAILED = FindingKind(
    code="push-proxy-failed",
    severity=Severity.ERROR,
    summary="The push proxy {proxy} does not make the connection: {how}.",
    params=("proxy", "how", "said"),
    evidence="[the proxy said: {said}]",
    affects="all mobile users, when the server is configured for this proxy",
    reach=2,
    remedy="push-proxy",
    page="push-proxy",
)
"""Params: proxy, how (a clause), said (its answer in a few words, or None)."""

PUSH_PROXY_TARGET = FindingKind(
    code="push-proxy-target",
    severity=Severity.ERROR,
    summary="The push proxy {proxy} cannot reach {host}, port {port}, or may not.",
    params=("proxy", "candidates", "said"),
    evidence="[the proxy said: {said}; ]it may be: {candidates}",
    affects="all mobile users, when the server is configured for this proxy",
    reach=2,
    follows=("push-all-blocked",),
    remedy="push-proxy",
    page="push-proxy",
)
"""Params: proxy, candidates (what its answer may mean), said."""

PUSH_NO_TLS = FindingKind(
    code="push-no-tls",
    severity=Severity.ERROR,
    summary="At {host}, port {port}, the TLS handshake does not come to its end: {how}.",
    params=("how", "words"),
    evidence="[the library said: {words}]",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-firewall",
    page="push-tls",
    proof=_S_CLIENT,
)
"""Params: how (a clause), words (the library's, or None)."""

PUSH_INTERCEPTED = FindingKind(
    code="push-intercepted",
    severity=Severity.ERROR,
    summary="A TLS-inspecting device stands before {host}: the certificate shown was issued by {issuer}.",
    params=("issuer", "root", "expected"),
    evidence="[the chain ends in {root}; ]the right one ends in {expected}",
    affects="iOS users: a push with a client certificate cannot pass an inspecting device",
    spares="browsers and phones that are given the device's root",
    reach=2,
    remedy="push-interception",
    page="push-interception",
    proof="openssl s_client -connect {connect} -servername {server_name} -showcerts </dev/null",
)
"""Params: issuer (of the top certificate sent), root (or None), expected (names of the roots that are right)."""

PUSH_UNTRUSTED = FindingKind(
    code="push-untrusted",
    severity=Severity.ERROR,
    summary="The certificate of {host} leads to no root that is trusted here: it was issued by {issuer}.",
    params=("issuer", "stores"),
    evidence="asked: {stores}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-trust",
    page="push-interception",
    proof="openssl s_client -connect {connect} -servername {server_name} -showcerts </dev/null",
)
"""Params: issuer, stores (names of the trust stores)."""

PUSH_STORE_LACKS_ROOT = FindingKind(
    code="push-store-lacks-root",
    severity=Severity.WARNING,
    summary="The trust store {store} lacks Apple's root {root}: programs that rely on it cannot send pushes.",
    params=("store", "root"),
    affects="iOS users, when the Sametime server uses this store",
    spares="servers with a store of their own that holds the root",
    reach=2,
    remedy="push-trust",
    page="push-trust",
)
"""Params: store, root."""

PUSH_TRUST_STORE = FindingKind(
    code="push-trust-store",
    severity=Severity.ERROR,
    summary="The Sametime server's trust store {file} lacks Apple's root {root}.",
    params=("root", "count"),
    evidence="certificates in it: {count}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    remedy="push-trust",
    page="push-trust",
)
"""Params: root, count."""

PUSH_TRUST_STORE_UNREADABLE = FindingKind(
    code="push-trust-store-unreadable",
    severity=Severity.WARNING,
    summary="The trust store {file} could not be looked into: {why}.",
    params=("why",),
    affects="nobody yet: whether Apple's root is in it is not known",
    reach=3,
    remedy="push-trust",
    page="push-trust",
)
"""Params: why (a clause)."""

PUSH_SERVER_NAME = FindingKind(
    code="push-server-name",
    severity=Severity.ERROR,
    summary="What answers at {host} shows a certificate for another name.",
    params=("names",),
    evidence="names in it: {names}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=_INTERCEPTED,
    remedy="push-interception",
    page="push-interception",
    proof=_S_CLIENT,
)
"""Params: names (in the certificate)."""

PUSH_NOT_APNS = FindingKind(
    code="push-not-apns",
    severity=Severity.ERROR,
    summary="What answers at {host}, port {port}, is not Apple's push service: {seen}.",
    params=("seen", "status", "title"),
    evidence="[HTTP status {status}][; title of its page: {title}]",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=_INTERCEPTED,
    remedy="push-interception",
    page="push-not-apns",
    proof=_S_CLIENT,
)
"""Params: seen (a clause), status (or None), title (or None)."""

PUSH_APNS_SILENT = FindingKind(
    code="push-apns-silent",
    severity=Severity.ERROR,
    summary="{host} takes the connection at port {port}, and then does not answer the request within {waited_s} s.",
    params=("waited_s",),
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=_INTERCEPTED,
    remedy="push-interception",
    page="push-not-apns",
    proof=_S_CLIENT,
)
"""Params: waited_s."""

PUSH_APNS_BUSY = FindingKind(
    code="push-apns-busy",
    severity=Severity.WARNING,
    summary="The push service was reached and puts the request off: {said}.",
    params=("said", "status"),
    evidence="[HTTP status {status}]",
    affects="nobody, when it is better in some minutes",
    reach=3,
    remedy="push-retry",
    page="push-apns-answer",
)
"""Params: said (Apple's reason), status (or None)."""

PUSH_APNS_TOPIC_MISSING = FindingKind(
    code="push-apns-topic-missing",
    severity=Severity.INFO,
    summary="The push service took the key and asks for a topic: the key is for several.",
    params=("topics",),
    evidence="topics in the certificate: {topics}",
    affects="nobody: path and key are good",
    reach=4,
    remedy="push-retry",
    page="push-apns-answer",
)
"""Params: topics."""

PUSH_APNS_UNEXPECTED = FindingKind(
    code="push-apns-unexpected",
    severity=Severity.WARNING,
    summary="The push service was reached and gave an answer that is not expected: {said}.",
    params=("said", "status"),
    evidence="[HTTP status {status}]",
    affects="nobody for sure: the way is open, whether the key is good is not proven",
    reach=3,
    remedy="push-retry",
    page="push-apns-answer",
)
"""Params: said (Apple's reason), status (or None)."""

PUSH_LEGACY_CONFIGURED = FindingKind(
    code="push-legacy-configured",
    severity=Severity.ERROR,
    summary="STProxy is configured for port {port} of Apple's binary push interface, which Apple shut down on {date}.",
    params=("port", "date"),
    evidence="appleNotificationPort = {port}",
    affects=_IOS,
    spares=_ANDROID,
    reach=2,
    follows=("config-apple-port-retired",),
    remedy="push-legacy",
    page="push-legacy",
)
"""Params: port, date."""

PUSH_LEGACY_PORT_DEFECT = FindingKind(
    code="push-legacy-port-defect",
    severity=Severity.WARNING,
    summary="The setting appleNotificationPort is 2196: the known defect LO69429 puts the feedback port into it.",
    affects="iOS users, and was the reason already before Apple shut both ports down",
    reach=2,
    follows=("push-legacy-configured",),
    remedy="push-legacy",
    page="push-legacy",
)

PUSH_LEGACY_RETIRED = FindingKind(
    code="push-legacy-retired",
    severity=Severity.WARNING,
    summary="{host}, port {port}, does not answer, as must be: Apple shut this interface down on {date}.",
    params=("how", "date"),
    evidence="{how}; open 443 or 2197 to api.push.apple.com in its place",
    affects="iOS users of servers that still use it; others are not affected",
    reach=2,
    follows=("push-legacy-configured",),
    remedy="push-legacy",
    page="push-legacy",
)
"""Params: how (a clause), date."""

PUSH_LEGACY_ANSWERED = FindingKind(
    code="push-legacy-answered",
    severity=Severity.WARNING,
    summary="Something answers as {host}, port {port}, although Apple shut that down on {date}: not Apple.",
    params=("date", "subject_shown", "issuer"),
    evidence="[its certificate: {subject_shown}, issued by {issuer}]",
    affects="iOS users: what is sent there reaches no phone",
    reach=2,
    remedy="push-interception",
    page="push-legacy",
    proof="openssl s_client -connect {connect} -servername {server_name} </dev/null",
)
"""Params: date, subject_shown and issuer (of the certificate shown, or None)."""

PUSH_GOOGLE_BLOCKED = FindingKind(
    code="push-google-blocked",
    severity=Severity.ERROR,
    summary="From here there is no way to Google's push service at {host}, port {port}: {how}.",
    params=("how", "use"),
    evidence="it is for: {use}",
    affects=_ANDROID_ONLY,
    spares="iOS, and Android while the app is open",
    reach=2,
    remedy="push-firewall",
    page="push-google",
    proof=_CURL,
)
"""Params: how (a clause), use (what the service is for)."""

PUSH_GOOGLE_INTERCEPTED = FindingKind(
    code="push-google-intercepted",
    severity=Severity.WARNING,
    summary="The certificate shown for {host} is not Google's: it was issued by {issuer}.",
    params=("issuer", "root"),
    evidence="[the chain ends in {root}]",
    affects="Android users, unless the Sametime server trusts the inspecting device's root",
    reach=2,
    remedy="push-interception",
    page="push-google",
    proof=_S_CLIENT,
)
"""Params: issuer, root (or None)."""

PUSH_GOOGLE_UNEXPECTED = FindingKind(
    code="push-google-unexpected",
    severity=Severity.WARNING,
    summary="{host} was reached and gave an answer that Google's service does not give: {seen}.",
    params=("seen",),
    affects="Android users, when something stands between",
    reach=3,
    remedy="push-interception",
    page="push-google",
    proof=_CURL,
)
"""Params: seen (a clause)."""

PUSH_DEVICE_BLOCKED = FindingKind(
    code="push-device-blocked",
    severity=Severity.WARNING,
    summary="From this network there is no way to {host}, port {port}: {how}.",
    params=("how", "use"),
    evidence="it is for: {use}",
    affects="phones in this network: they get no messages in the background while they are in it",
    spares="phones on mobile data, and the server",
    reach=2,
    remedy="push-firewall",
    page="push-google",
    proof="nc -vz {host} {port}",
)
"""Params: how (a clause), use (what the service is for)."""

PUSH_ELSEWHERE = FindingKind(
    code="push-elsewhere",
    severity=Severity.WARNING,
    summary="Pushes leave from the Sametime Proxy host, and this was measured from {place}.",
    params=("place",),
    affects="nobody: run the same on the Sametime Proxy host (--from stproxy) to know",
    reach=3,
    remedy="push-from-stproxy",
    page="push-elsewhere",
)
"""Params: place."""

KINDS = (
    PUSH_BLOCKED,
    PUSH_ALL_BLOCKED,
    PUSH_DIRECT_BLOCKED,
    PUSH_PROXY_WORKS,
    PUSH_PROXY_FAILED,
    PUSH_PROXY_TARGET,
    PUSH_NO_TLS,
    PUSH_INTERCEPTED,
    PUSH_UNTRUSTED,
    PUSH_STORE_LACKS_ROOT,
    PUSH_TRUST_STORE,
    PUSH_TRUST_STORE_UNREADABLE,
    PUSH_SERVER_NAME,
    PUSH_NOT_APNS,
    PUSH_APNS_SILENT,
    PUSH_APNS_BUSY,
    PUSH_APNS_TOPIC_MISSING,
    PUSH_APNS_UNEXPECTED,
    PUSH_LEGACY_CONFIGURED,
    PUSH_LEGACY_PORT_DEFECT,
    PUSH_LEGACY_RETIRED,
    PUSH_LEGACY_ANSWERED,
    PUSH_GOOGLE_BLOCKED,
    PUSH_GOOGLE_INTERCEPTED,
    PUSH_GOOGLE_UNEXPECTED,
    PUSH_DEVICE_BLOCKED,
    PUSH_ELSEWHERE,
)
