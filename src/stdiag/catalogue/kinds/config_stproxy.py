"""What is found in stproxyconfig.xml. What concerns any XML file stands in `config_xml`."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import config_communities, config_xml
from stdiag.model import Severity

_IOS = "iOS users with the app in the background"
_PHOTOS = "photos of contacts in web and mobile clients"
_SSO = "users who go from the web client to meetings: they meet a login page"

CONFIG_APPLE_PORT_RETIRED = FindingKind(
    code="config-apple-port-retired",
    severity=Severity.ERROR,
    summary="The file sets port {port} of Apple's binary push interface, which Apple shut down on {date}.",
    params=("place", "name", "port", "date"),
    evidence="{place}: {name} = {port}",
    affects=_IOS,
    spares="Android users and everybody whose app is in the foreground",
    reach=2,
    remedy="push-legacy",
    page="config-apple-port",
)
"""Params: place, name, port, date."""

CONFIG_APPLE_PORT_DEFECT = FindingKind(
    code="config-apple-port-defect",
    severity=Severity.WARNING,
    summary="The setting appleNotificationPort is 2196: the known defect LO69429 puts the feedback port into it.",
    params=("place",),
    evidence="{place}; a save in the System Console writes it; with the latest patch of 9 it was not seen again",
    affects="iOS users, already before Apple shut both ports down",
    reach=2,
    follows=("config-apple-port-retired",),
    remedy="push-legacy",
    page="config-apple-port",
)
"""Params: place."""

CONFIG_PHOTO_URL_MISSING = FindingKind(
    code="config-photo-url-missing",
    severity=Severity.WARNING,
    summary="The photo cache is switched on, but proxyServerURL, without which it does not work, is missing.",
    params=("place",),
    evidence="{place}",
    affects=_PHOTOS,
    reach=2,
    remedy="config-stproxy",
    page="config-photo-cache",
)
"""Params: place."""

CONFIG_PHOTO_URL = FindingKind(
    code="config-photo-url",
    severity=Severity.WARNING,
    summary="The photo cache's proxyServerURL is not the https:// address of the Sametime Proxy: {problem}.",
    params=("place", "value", "problem"),
    evidence="{place}: proxyServerURL = {value}",
    affects=_PHOTOS,
    reach=2,
    remedy="config-stproxy",
    page="config-photo-cache",
)
"""Params: place, value, problem (a clause)."""

CONFIG_PHOTO_STORAGE = FindingKind(
    code="config-photo-storage",
    severity=Severity.INFO,
    summary="The photo cache is switched on without a storageLocation, and no default for it is documented.",
    params=("place",),
    evidence="{place}",
    affects="nobody, when the server has a place of its own for it",
    reach=4,
    remedy="config-stproxy",
    page="config-photo-cache",
)
"""Params: place."""

CONFIG_TOKEN_DOMAIN_DOT = FindingKind(
    code="config-token-domain-dot",
    severity=Severity.WARNING,
    summary="The tokenDomain {domain} has no dot before it, which the documentation asks for.",
    params=("place", "domain"),
    evidence="{place}: write .{domain}",
    affects=_SSO,
    reach=2,
    remedy="config-stproxy",
    page="config-token-domain",
)
"""Params: place, domain."""

CONFIG_TOKEN_DOMAIN_FOREIGN = FindingKind(
    code="config-token-domain-foreign",
    severity=Severity.WARNING,
    summary="The tokenDomain {domain} is not the one of {server}: browsers drop a cookie for somebody else's domain.",
    params=("place", "domain", "server"),
    evidence="{place}",
    affects=_SSO,
    spares="everybody, when users open the web client under another name that is in this domain",
    reach=2,
    remedy="config-stproxy",
    page="config-token-domain",
)
"""Params: place, domain (without its dot), server (the host that users open)."""

CONFIG_TOKEN_DOMAIN_MISSING = FindingKind(
    code="config-token-domain-missing",
    severity=Severity.INFO,
    summary="The domain of {server} has {labels} labels and the file no tokenDomain, which LO83144 made necessary.",
    params=("place", "server", "labels", "domain"),
    evidence="{place}: <tokenDomain>.{domain}</tokenDomain>, where single sign-on to meetings fails (Sametime 9)",
    affects="nobody, where single sign-on to meetings works",
    reach=4,
    remedy="config-stproxy",
    page="config-token-domain",
)
"""Params: place, server (the host that users open), labels, domain."""

CONFIG_ANNOUNCEMENT_SPELLING = FindingKind(
    code="config-announcement-spelling",
    severity=Severity.INFO,
    summary="The file has {names}: one source knows the spelling disableSystemNoficiations, and none the other one.",
    params=("place", "names", "both"),
    evidence="{place}[; {both}]",
    affects="nobody, when announcements show the sender that is wanted",
    reach=4,
    remedy="config-stproxy",
    page="config-announcements",
)
"""Params: place, names, both (what two spellings in one file say, or None). A warning when they differ."""

CONFIG_TECHNOLOGY_PREVIEW = FindingKind(
    code="config-technology-preview",
    severity=Severity.INFO,
    summary="The file switches on {name}, calls between web clients, which was a technology preview.",
    params=("place", "name"),
    evidence="{place}; it came with 9.0.1 and was not meant for production",
    affects="nobody who does not call from a web client",
    reach=4,
    remedy="config-stproxy",
    page="config-announcements",
)
"""Params: place, name."""

CONFIG_CONFIGURL = FindingKind(
    code="config-configurl",
    severity=Severity.ERROR,
    summary="The provisioning URL in {name} is not as mobile clients need it.",
    params=("place", "name", "problems"),
    evidence="{place}: {problems}",
    affects="mobile users who scan the code that the web client shows",
    reach=1,
    remedy="provisioning-url",
    page="config-configurl",
)
"""Params: place, name, problems (a list: a sentence for each, with the code of what `provisioning check` finds). Its
severity is that of the worst of them. Also for MOBILE_CONFIGURL in environment files."""

CONFIG_STPROXY_GENERATION = FindingKind(
    code="config-stproxy-generation",
    severity=Severity.WARNING,
    summary="Sametime {product} takes these settings from its environment, not from an stproxyconfig.xml of yours.",
    params=("place", "product"),
    evidence="{place}",
    affects="whoever relies on what was written into this file",
    reach=3,
    remedy="config-stproxy",
    page="config-stproxy-file",
)
"""Params: place, product."""

CONFIG_STPROXY_ELEMENT_GENERATION = FindingKind(
    code="config-stproxy-element-generation",
    severity=Severity.INFO,
    summary="The element {name} is documented for Sametime {versions}, and this is {product}.",
    params=("place", "name", "versions", "product"),
    evidence="{place}",
    affects="whoever relies on it, when this release does not know it",
    reach=4,
    remedy="config-stproxy",
    page="config-stproxy-file",
)
"""Params: place, name, versions, product."""

KINDS: tuple[FindingKind, ...] = (
    CONFIG_CONFIGURL,
    CONFIG_APPLE_PORT_RETIRED,
    CONFIG_APPLE_PORT_DEFECT,
    CONFIG_PHOTO_URL_MISSING,
    CONFIG_PHOTO_URL,
    CONFIG_PHOTO_STORAGE,
    CONFIG_TOKEN_DOMAIN_DOT,
    CONFIG_TOKEN_DOMAIN_FOREIGN,
    CONFIG_TOKEN_DOMAIN_MISSING,
    CONFIG_ANNOUNCEMENT_SPELLING,
    CONFIG_TECHNOLOGY_PREVIEW,
    CONFIG_STPROXY_GENERATION,
    CONFIG_STPROXY_ELEMENT_GENERATION,
    *config_xml.KINDS,
    *config_communities.KINDS,
)
