"""Kinds about the ways of desktop clients to the community server: direct, through proxies, and what answers there."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_DESKTOP = "desktop clients (Sametime Connect, Notes) that are set to this path"
_NAMES = ("net-name-not-found", "net-name-timeout", "net-name-server-failure")
_CONNECTS = ("net-refused", "net-timeout", "net-unreachable", "net-reset")
_THROUGH = "curl -v --connect-timeout 5 -p -x {proxy} telnet://{connect}"
_TO_IT = "curl -v --connect-timeout 5 telnet://{connect}"

PATH_PROXY_UNREACHABLE = FindingKind(
    code="path-proxy-unreachable",
    severity=Severity.ERROR,
    summary="The proxy {proxy} cannot be reached: {cause}.",
    params=("proxy", "cause", "paths"),
    evidence="ends there: {paths}",
    affects=_DESKTOP,
    spares="clients that go directly or through another proxy",
    reach=2,
    follows=_NAMES + _CONNECTS,
    remedy="proxy-reach",
    page="path-proxy-unreachable",
    proof=_TO_IT,
)
"""Params: proxy (its URL without credentials), cause (a clause), paths (list: those that end there)."""

PATH_PROXY_TLS = FindingKind(
    code="path-proxy-tls",
    severity=Severity.ERROR,
    summary="No trustworthy TLS with the proxy {proxy}: {cause}.",
    params=("proxy", "cause", "paths"),
    evidence="ends there: {paths}",
    affects=_DESKTOP,
    spares="clients that talk to the proxy without TLS, as Sametime clients do",
    reach=2,
    follows=("path-proxy-unreachable",),
    remedy="proxy-kind",
    page="path-proxy-answer",
    proof="openssl s_client -connect {connect} -servername {server_name} </dev/null",
)
"""Params: proxy, cause (a clause), paths (list)."""

PATH_PROXY_ANSWER = FindingKind(
    code="path-proxy-answer",
    severity=Severity.ERROR,
    summary="{proxy} does not answer as a proxy of this kind does: {cause}.",
    params=("proxy", "cause", "said", "paths"),
    evidence="[its answer: {said}; ]ends there: {paths}",
    affects=_DESKTOP,
    spares="clients that go directly or through another proxy",
    reach=2,
    follows=("path-proxy-unreachable", "path-proxy-tls"),
    remedy="proxy-kind",
    page="path-proxy-answer",
    proof=_TO_IT,
)
"""Params: proxy, cause (a clause), said (the reply's first bytes for a reader, or None), paths (list)."""

PATH_PROXY_LOGIN = FindingKind(
    code="path-proxy-login",
    severity=Severity.ERROR,
    summary="The proxy {proxy} lets nobody through without a login: {cause}.",
    params=("proxy", "cause", "schemes", "paths"),
    evidence="[it offers: {schemes}; ]ends there: {paths}",
    affects=_DESKTOP,
    spares="browsers that log in with NTLM or Kerberos by themselves",
    reach=2,
    follows=("path-proxy-unreachable",),
    remedy="proxy-login",
    page="path-proxy-login",
    proof="curl -v --connect-timeout 5 -x {proxy} -U USER http://example.com/",
)
"""Params: proxy, cause (a clause), schemes (list: what Proxy-Authenticate offers), paths (list)."""

PATH_PROXY_DENIED = FindingKind(
    code="path-proxy-denied",
    severity=Severity.ERROR,
    summary="The proxy {proxy} does not allow connections to {host} on {ports}.",
    params=("proxy", "ports", "said", "candidates", "paths"),
    evidence="[it said: {said}; ][it could be: {candidates}; ]ends there: {paths}",
    affects=_DESKTOP,
    spares="clients that go directly or through another proxy, and browsers, which need other ports",
    reach=2,
    follows=("path-proxy-login",),
    remedy="proxy-rule",
    page="path-proxy-rule",
    proof="curl -v --connect-timeout 5 -p -x {proxy} telnet://{connect}",
)
"""Params: proxy, ports (text: `port 1533`), said (the refusal's words), candidates (list, empty when it is one),
paths (list)."""

PATH_PROXY_PORT_DENIED = FindingKind(
    code="path-proxy-port-denied",
    severity=Severity.ERROR,
    summary="The proxy {proxy} lets {allowed} through and denies {ports}.",
    params=("proxy", "allowed", "ports", "said", "rule", "paths"),
    evidence="[it said: {said}; ][its administrator must change: {rule}; ]ends there: {paths}",
    affects=_DESKTOP,
    spares="browsers, and clients whose Community port is one that is let through",
    reach=2,
    follows=("path-proxy-login",),
    remedy="proxy-rule",
    page="path-proxy-rule",
    proof="curl -v --connect-timeout 5 -p -x {proxy} telnet://{connect}",
)
"""Params: proxy, allowed and ports (text: `port 80`), said (the refusal's words), rule (the line that its
administrator must change, where the answer shows which program it is), paths (list)."""

PATH_PROXY_SAYS_NO = FindingKind(
    code="path-proxy-says-no",
    severity=Severity.ERROR,
    summary="The proxy {proxy} does not make the connection to {host} on {ports}, and its answer does not say why.",
    params=("proxy", "ports", "said", "candidates", "apart", "paths"),
    evidence="[it said: {said}; ]it could be: {candidates}[; told apart by: {apart}]; ends there: {paths}",
    affects=_DESKTOP,
    spares="clients that go directly or through another proxy",
    reach=2,
    follows=("path-server-unreachable", "path-remote-name"),
    remedy="proxy-says-no",
    page="path-proxy-says-no",
    proof=_THROUGH,
)
"""Params: proxy, ports (text), said (the answer for a reader), candidates (list, the likeliest first), apart (what
would tell them apart), paths (list)."""

PATH_REMOTE_NAME = FindingKind(
    code="path-remote-name",
    severity=Severity.ERROR,
    summary='The proxy {proxy} does not get an address for "{host}": {cause}.',
    params=("proxy", "cause", "said", "paths"),
    evidence="[it said: {said}; ]ends there: {paths}",
    affects=_DESKTOP,
    spares="clients that look the name up themselves",
    reach=2,
    follows=_NAMES,
    remedy="proxy-dns",
    page="path-server-unreachable",
    proof="nslookup {host}",
)
"""Params: proxy, cause (a clause), said (the answer for a reader), paths (list)."""

PATH_NO_IPV4 = FindingKind(
    code="path-no-ipv4",
    severity=Severity.ERROR,
    summary='The server "{host}" has no IPv4 address, and SOCKS4 carries no other.',
    params=("proxy", "paths"),
    evidence="through {proxy}; ends there: {paths}",
    affects=_DESKTOP,
    spares="clients that use SOCKS5, or no proxy",
    reach=2,
    remedy="client-connection",
    page="path-server-unreachable",
    proof="nslookup {host}",
)
"""Params: proxy, paths (list)."""

PATH_SERVER_UNREACHABLE = FindingKind(
    code="path-server-unreachable",
    severity=Severity.ERROR,
    summary="No connection to port {port} of {host}: {cause}.",
    params=("cause", "said", "paths"),
    evidence="[as said by: {said}; ]ends there: {paths}",
    affects=_DESKTOP,
    spares="web and mobile clients, which use the Sametime Proxy and port 443",
    reach=2,
    follows=_NAMES + _CONNECTS,
    remedy="community-port",
    page="path-server-unreachable",
    proof=_TO_IT,
)
"""Params: cause (a clause), said (who said it, where a proxy did), paths (list: all that end so)."""

PATH_TARGET_MUTE = FindingKind(
    code="path-target-mute",
    severity=Severity.ERROR,
    summary="Port {port} of {host} is open but does not answer the Sametime handshake: {cause}.",
    params=("cause", "candidates", "paths"),
    evidence="[it could be: {candidates}; ]ends there: {paths}",
    affects=_DESKTOP,
    reach=2,
    follows=("tls-not-tls",),
    remedy="community-port",
    page="path-not-sametime",
    proof=_TO_IT,
)
"""Params: cause (a clause), candidates (list), paths (list)."""

PATH_NOT_SAMETIME = FindingKind(
    code="path-not-sametime",
    severity=Severity.ERROR,
    summary="At {host}, port {port}, something else answers than Sametime: {spoken}.",
    params=("spoken", "first_bytes", "paths"),
    evidence="[first bytes: {first_bytes}; ]ends there: {paths}",
    affects=_DESKTOP,
    reach=2,
    remedy="community-port",
    page="path-not-sametime",
    proof=_TO_IT,
)
"""Params: spoken (as a reader says it: `SSH`), first_bytes (text or hex, or None), paths (list)."""

PATH_SERVER_REFUSES = FindingKind(
    code="path-server-refuses",
    severity=Severity.ERROR,
    summary="A Sametime server answers at port {port} of {host} and refuses the handshake: {cause}.",
    params=("cause", "reason_code", "paths"),
    evidence="CHANNEL_DESTROY with reason {reason_code}; ends there: {paths}",
    affects=_DESKTOP,
    reach=2,
    remedy="community-port",
    page="path-not-sametime",
    proof=_TO_IT,
)
"""Params: cause (a clause), reason_code (hex), paths (list)."""

PATH_ANSWER_ODD = FindingKind(
    code="path-answer-odd",
    severity=Severity.WARNING,
    summary="Port {port} of {host} answers in the manner of Sametime, but not as expected: {cause}.",
    params=("cause", "paths"),
    evidence="so on: {paths}",
    affects="perhaps desktop clients: how they take this answer is not documented",
    reach=2,
    remedy="community-port",
    page="path-not-sametime",
    proof=_TO_IT,
)
"""Params: cause (a clause), paths (list)."""

PATH_REVERSE_LOGIN = FindingKind(
    code="path-reverse-login",
    severity=Severity.ERROR,
    summary="The reverse proxy at {url} stops clients at its own login: {cause}.",
    params=("url", "cause", "said"),
    evidence="{said}",
    affects="clients that come through this reverse proxy; mobile ones know Basic authentication only",
    spares="browsers, in which a person can fill in a form",
    reach=2,
    remedy="reverse-proxy",
    page="path-reverse",
    proof="curl -v --connect-timeout 5 {url}/CommunityCBR",
)
"""Params: url, cause (a clause), said (status line and what matters of the headers)."""

PATH_REVERSE_DENIED = FindingKind(
    code="path-reverse-denied",
    severity=Severity.ERROR,
    summary="The reverse proxy at {url} does not let the request through: {cause}.",
    params=("url", "cause", "said"),
    evidence="{said}",
    affects="desktop clients that come through this reverse proxy",
    reach=2,
    remedy="reverse-proxy",
    page="path-reverse",
    proof="curl -v --connect-timeout 5 {url}/CommunityCBR",
)
"""Params: url, cause (a clause), said."""

PATH_REVERSE_BACKEND = FindingKind(
    code="path-reverse-backend",
    severity=Severity.ERROR,
    summary="The reverse proxy at {url} gets no answer from the server behind it: {cause}.",
    params=("url", "cause", "said", "candidates"),
    evidence="{said}[; it could be: {candidates}]",
    affects="desktop clients that come through this reverse proxy",
    reach=2,
    remedy="reverse-proxy",
    page="path-reverse",
    proof="curl -v --connect-timeout 5 {url}/CommunityCBR",
)
"""Params: url, cause (a clause), said, candidates (list, empty when it is one)."""

PATH_REVERSE_WRONG_BACKEND = FindingKind(
    code="path-reverse-wrong-backend",
    severity=Severity.ERROR,
    summary="What answers at {url} does not know the Sametime tunnel: another server stands behind this path.",
    params=("url", "said"),
    evidence="{said}",
    affects="desktop clients that come through this reverse proxy",
    reach=2,
    remedy="reverse-proxy",
    page="path-reverse",
    proof="curl -v --connect-timeout 5 {url}/CommunityCBR",
)
"""Params: url, said (the answers to both spellings)."""

PATH_CBR_SPELLING = FindingKind(
    code="path-cbr-spelling",
    severity=Severity.WARNING,
    summary="The reverse proxy at {url} passes on {known} and not {unknown}.",
    params=("url", "known", "unknown"),
    affects="those clients that use the other spelling: both occur",
    reach=2,
    follows=("path-reverse-wrong-backend",),
    remedy="reverse-proxy",
    page="path-reverse",
    proof="curl -v --connect-timeout 5 {url}{unknown}",
)
"""Params: url, known and unknown (`/CommunityCBR`, `/communityCBR`)."""

PATH_OPEN_UNEXPECTEDLY = FindingKind(
    code="path-open-unexpectedly",
    severity=Severity.ERROR,
    summary="Port {port} of {host} must be closed from here, and {cause}.",
    params=("cause", "paths"),
    evidence="so on: {paths}",
    affects="nobody is stopped: the server is open where the site says that it must not be",
    reach=2,
    remedy="close-port",
    page="path-settings",
    proof=_TO_IT,
)
"""Params: cause (a clause: `Sametime answers`), paths (list)."""

PATH_DIRECT_BLOCKED = FindingKind(
    code="path-direct-blocked",
    severity=Severity.INFO,
    summary="Port {port} of {host} is not reached directly from here, but it is through a proxy.",
    params=("cause", "works"),
    evidence="directly: {cause}; works: {works}",
    affects="nobody, as long as the clients here are set to the proxy",
    reach=4,
    remedy="client-connection",
    page="path-settings",
    proof=_TO_IT,
)
"""Params: cause (a clause), works (list: paths that do)."""

PATH_TLS_ONLY = FindingKind(
    code="path-tls-only",
    severity=Severity.INFO,
    summary="Port {port} of {host} speaks Sametime inside TLS only.",
    params=("plain", "paths"),
    evidence="the plain handshake: {plain}; so on: {paths}",
    affects="nobody, as long as the clients are set to Direct connection using TLS",
    reach=4,
    remedy="client-connection",
    page="path-settings",
    proof="openssl s_client -connect {connect} -servername {server_name} </dev/null",
)
"""Params: plain (what the plain handshake got), paths (list)."""

PATH_NOT_ENCRYPTED = FindingKind(
    code="path-not-encrypted",
    severity=Severity.INFO,
    summary="HTTPS tunnelling through {proxy} works, but Sametime does not encrypt what goes through it.",
    params=("proxy", "paths"),
    evidence="so on: {paths}",
    affects="nobody is stopped: despite its name, this method is no TLS",
    reach=4,
    remedy="client-connection",
    page="path-settings",
    proof=_THROUGH,
)
"""Params: proxy, paths (list)."""

PATH_CLIENT_ADDRESS = FindingKind(
    code="path-client-address",
    severity=Severity.INFO,
    summary="The server at {host} sees this client as {seen} and not as {local}: an address is translated on the way.",
    params=("seen", "local", "paths"),
    evidence="so on: {paths}",
    affects="nobody, unless the server admits certain addresses only (VPMX_TRUSTED_CLIENT_IPS)",
    reach=4,
    follows=("names-seen-address",),
    remedy="client-address",
    page="path-settings",
    proof=_TO_IT,
)
"""Params: seen (by the server), local (this machine's own), paths (list)."""

KINDS = (
    PATH_PROXY_UNREACHABLE,
    PATH_PROXY_TLS,
    PATH_PROXY_ANSWER,
    PATH_PROXY_LOGIN,
    PATH_PROXY_DENIED,
    PATH_PROXY_PORT_DENIED,
    PATH_PROXY_SAYS_NO,
    PATH_REMOTE_NAME,
    PATH_NO_IPV4,
    PATH_SERVER_UNREACHABLE,
    PATH_TARGET_MUTE,
    PATH_NOT_SAMETIME,
    PATH_SERVER_REFUSES,
    PATH_ANSWER_ODD,
    PATH_REVERSE_LOGIN,
    PATH_REVERSE_DENIED,
    PATH_REVERSE_BACKEND,
    PATH_REVERSE_WRONG_BACKEND,
    PATH_CBR_SPELLING,
    PATH_OPEN_UNEXPECTEDLY,
    PATH_DIRECT_BLOCKED,
    PATH_TLS_ONLY,
    PATH_NOT_ENCRYPTED,
    PATH_CLIENT_ADDRESS,
)
