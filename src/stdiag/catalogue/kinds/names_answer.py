"""Kinds about who answers for a name and with what: hosts file, DNS, search domains, --resolve; and about its form."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_LOOK_UP = "nslookup {host}"
_SYSTEM = "ping -c 1 {host}"
_NOBODY = "nobody today"
_NOT_FOUND = ("net-name-not-found", "net-name-server-failure", "net-name-timeout")

NAMES_HOSTS_DIFFERS = FindingKind(
    code="names-hosts-differs",
    severity=Severity.WARNING,
    summary="The hosts file of this machine sends {host} to {here}, and the DNS {dns}.",
    params=("here", "dns", "place"),
    evidence="{place}",
    affects="this machine alone: whoever asks the DNS is led elsewhere, and what is true here is not true for them",
    spares="machines without this line, which follow the DNS",
    reach=3,
    follows=("names-loopback",),
    remedy="hosts-file",
    page="names-hosts-file",
    proof=_LOOK_UP,
)
"""Params: here (addresses), dns (what the DNS does, as a clause), place (file and line)."""

NAMES_HOSTS_FILE = FindingKind(
    code="names-hosts-file",
    severity=Severity.INFO,
    summary="The hosts file of this machine answers for {host} with {here}; the DNS {dns}.",
    params=("here", "dns", "place"),
    evidence="{place}",
    affects="nobody today; when the address changes, this line must change too",
    reach=4,
    follows=("names-loopback",),
    remedy="hosts-file",
    page="names-hosts-file",
    proof=_LOOK_UP,
)
"""Params: here (addresses), dns (what the DNS does, as a clause), place (file and line)."""

NAMES_SYSTEM_DIFFERS = FindingKind(
    code="names-system-differs",
    severity=Severity.INFO,
    summary="For {host} this machine says {here}, and the DNS, asked at the same time, {dns}.",
    params=("here", "dns", "servers"),
    evidence="asked: {servers}",
    affects="nobody, where the DNS gives different answers on purpose; a stale cache hits this machine",
    reach=4,
    remedy="hosts-file",
    page="names-hosts-file",
    proof=_LOOK_UP,
)
"""Params: here (addresses), dns (what the DNS does, as a clause), servers (list)."""

NAMES_OVERRIDE_DIFFERS = FindingKind(
    code="names-override-differs",
    severity=Severity.INFO,
    summary="What is measured here goes to {told} by --resolve; without it, {host} {system}.",
    params=("told", "system"),
    affects=_NOBODY,
    reach=4,
    remedy="dns",
    page="names-hosts-file",
    proof=_LOOK_UP,
)
"""Params: told (list), system (what this machine says of the name, as a clause)."""

NAMES_SEARCH_DOMAIN = FindingKind(
    code="names-search-domain",
    severity=Severity.WARNING,
    summary="The name {host} is found here only because this machine appends a domain to it: it finds {full}.",
    params=("full",),
    affects="everybody whose machine appends another domain, or none: phones, home offices, partners",
    spares="machines that are set up as this one",
    reach=2,
    remedy="name-form",
    page="names-form",
    proof="nslookup {host}.",
)
"""Params: full (the name that has the answer)."""

NAMES_SINGLE_LABEL = FindingKind(
    code="names-single-label",
    severity=Severity.WARNING,
    summary="The name {host} has no domain: each machine completes it in its own way.",
    params=(),
    affects="everybody whose machine completes it differently, and single sign-on, which needs a domain",
    spares="machines that are set up as this one",
    reach=2,
    follows=("names-search-domain", *_NOT_FOUND),
    remedy="name-form",
    page="names-form",
    proof="nslookup {host}.",
)
"""No parameters."""

NAMES_UNDERSCORE = FindingKind(
    code="names-underscore",
    severity=Severity.WARNING,
    summary="The name {host} has an underscore, which host names must not have.",
    params=(),
    affects="Java programs that take their addresses apart as URIs: for them the URL names no host",
    spares="browsers and curl, which take the name as it is",
    reach=2,
    remedy="name-form",
    page="names-form",
    proof=_LOOK_UP,
)
"""No parameters."""

NAMES_OWN_DOMAIN = FindingKind(
    code="names-own-domain",
    severity=Severity.INFO,
    summary="The name {host} ends in .{domain}, which every network has for itself: {why}.",
    params=("domain", "why"),
    affects="phones, Macs and whoever comes from another network",
    spares="machines that ask this network's DNS for every name",
    reach=4,
    follows=_NOT_FOUND,
    remedy="name-form",
    page="names-form",
    proof=_LOOK_UP,
)
"""Params: domain, why (a clause)."""

NAMES_FEW_LABELS = FindingKind(
    code="names-few-labels",
    severity=Severity.INFO,
    summary="The name {host} has {count} parts, and HCL asks for three where LTPA tokens are shared between servers.",
    params=("count",),
    affects="single sign-on between Sametime and other servers, if you use it",
    reach=4,
    follows=_NOT_FOUND,
    remedy="name-form",
    page="names-form",
    proof="",
)
"""Params: count."""

NAMES_TRAILING_DOT = FindingKind(
    code="names-trailing-dot",
    severity=Severity.INFO,
    summary="The site writes the name {host} with a dot at its end.",
    params=(),
    affects="clients that send the dot on: certificates, virtual hosts and cookies know the name without it",
    reach=4,
    follows=_NOT_FOUND,
    remedy="name-form",
    page="names-form",
    proof="curl -vk https://{host}./",
)
"""No parameters."""

NAMES_REVERSE_OTHER = FindingKind(
    code="names-reverse-other",
    severity=Severity.WARNING,
    summary="{host} is at {where}, and the DNS says that this address is {other}, which itself is at {there}.",
    params=("where", "other", "there"),
    affects="servers and logs that name a peer by its address: they take one server for the other",
    spares="clients, which never ask in this direction",
    reach=3,
    remedy="reverse-name",
    page="names-reverse",
    proof="nslookup {where}",
)
"""Params: where (the address), other (another host of the site), there (its addresses)."""

NAMES_PROXY_DIFFERS = FindingKind(
    code="names-proxy-differs",
    severity=Severity.WARNING,
    summary="Where the proxy looks {host} up, {by_proxy}; where this machine looks it up, {from_here}.",
    params=("by_proxy", "from_here", "paths"),
    evidence="compared: {paths}",
    affects="clients whose setting leaves the look-up to the proxy, or the others: one of both is led elsewhere",
    spares="clients with the setting that works",
    reach=2,
    remedy="proxy-dns",
    page="names-proxy",
    proof="",
)
"""Params: by_proxy and from_here (what became of it, as clauses), paths (list)."""

KINDS = (
    NAMES_HOSTS_DIFFERS,
    NAMES_HOSTS_FILE,
    NAMES_SYSTEM_DIFFERS,
    NAMES_OVERRIDE_DIFFERS,
    NAMES_SEARCH_DOMAIN,
    NAMES_SINGLE_LABEL,
    NAMES_UNDERSCORE,
    NAMES_OWN_DOMAIN,
    NAMES_FEW_LABELS,
    NAMES_TRAILING_DOT,
    NAMES_REVERSE_OTHER,
    NAMES_PROXY_DIFFERS,
)
