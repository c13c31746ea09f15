"""What the containers of Sametime 12 are told about other services: push proxy, MongoDB, directory. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Setting
from stdiag.formats.config.environment_slips import EnvironmentSlip
from stdiag.formats.errors import FormatError
from stdiag.formats.host import as_address, canonical_host
from stdiag.model import Finding, Severity, Site
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import beside, distinct, is_reference, slips_of, variables

_PUSH = "STCONF_PUSH_PROXY_"
_DATABASE_NAMES = ("MONGO_URL", "MONGO_CONNECTION_URL")
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "host.docker.internal", "mongo", "mongodb"})
"""The same machine, or a container on it."""
_KUBERNETES_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_NAMES_A_SECRET = re.compile(r"(?:certificate|config|tls|pull)secret$|secretname$", re.IGNORECASE)


def push_proxy(documents: Sequence[ConfigDocument], _: Site) -> list[Finding]:
    """A push proxy of which a part is missing or unusable. In environment files its parts may stand in two of them."""
    findings = []
    for document in documents:
        servers = [one for one in variables(document) if one.name == f"{_PUSH}SERVER" and one.value.strip()]
        if document.kind is ConfigKind.HELM_VALUES:
            findings += _push_proxy_of_chart(document)
        for server in servers[:1]:
            if is_reference(server.value):
                continue
            ports = [
                one.value
                for neighbour in beside(document, documents)
                for one in variables(neighbour)
                if one.name == f"{_PUSH}PORT" and one.value.strip()
            ]
            problems = [
                *_host_problems(server.value, f"{_PUSH}SERVER"),
                *_port_problems(ports[-1] if ports else "", f"{_PUSH}PORT"),
            ]
            if problems:
                findings.append(at(document, "config-push-proxy", [server.place], problems=problems))
    return findings


def _push_proxy_of_chart(document: ConfigDocument) -> list[Finding]:
    parts = {one.name.rpartition("/")[2]: one for one in document.settings}
    server, port = parts.get("pushProxyServer"), parts.get("pushProxyPort")
    if server is None or not server.value.strip():
        return []
    problems = [
        *_host_problems(server.value, "pushProxyServer"),
        *_port_problems(port.value if port else "", "pushProxyPort"),
    ]
    return [at(document, "config-push-proxy", [server.place], problems=problems)] if problems else []


def _host_problems(value: str, name: str) -> list[str]:
    text = value.strip()
    if "://" in text:
        return [f"{name} is a URL, and a name alone is wanted"]
    host, colon, port = text.rpartition(":")
    if colon and port.isdecimal() and ":" not in host:
        return [f"{name} holds a port, which belongs into a setting of its own"]
    try:
        canonical_host(text.strip("[]"))
    except FormatError as error:
        return [f"{name}: {error.problem}"]
    return []


def _port_problems(value: str, name: str) -> list[str]:
    text = value.strip()
    if is_reference(text):
        return []
    if not text:
        return [f"{name} is missing"]
    if text == "0":
        return [f"{name} is 0, which switches the proxy off"]
    if not (re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65536):
        return [f"{name} is not a number from 1 to 65535"]
    return []


def push_password(document: ConfigDocument, _: Site) -> list[Finding]:
    """pushProxyPasswordBase64, and other values that are called so."""
    slips = slips_of(document, EnvironmentSlip.BASE64)
    if not slips:
        return []
    names = distinct(slip.name.rpartition("/")[2] or slip.name for slip in slips)
    problems = distinct(slip.detail for slip in slips)
    return [at(document, "config-base64", [slip.place for slip in slips], names=names, problems=problems)]


def database_url(document: ConfigDocument, _: Site) -> list[Finding]:
    """Connection strings that no driver takes."""
    slips = slips_of(document, EnvironmentSlip.DATABASE_URL)
    if not slips:
        return []
    names = distinct(slip.name.rpartition("/")[2] or slip.name for slip in slips)
    problems = distinct(slip.detail for slip in slips)
    return [at(document, "config-database-url", [slip.place for slip in slips], names=names, problems=problems)]


def database_names(document: ConfigDocument, _: Site) -> list[Finding]:
    """HCL's pages call one variable by two names."""
    set_here = [one for one in variables(document) if one.name in _DATABASE_NAMES and one.value.strip()]
    if not {one.name for one in set_here} >= set(_DATABASE_NAMES):
        return []
    services = {one.service for one in set_here}
    if len(services) > 1 and all(len({one.name for one in set_here if one.service == each}) == 1 for each in services):
        return []  # each service is told one of them
    return [at(document, "config-database-two-names", [one.place for one in set_here], names=list(_DATABASE_NAMES))]


def database_certificates(document: ConfigDocument, site: Site) -> list[Finding]:
    """tlsAllowInvalidCertificates: HCL allows it for a database on the same host."""
    wrong: list[tuple[Setting, str]] = []
    for setting in document.settings:
        if not re.match(r"mongodb(?:\+srv)?:", setting.value) or not re.search(
            r"[?&](?:tlsAllowInvalidCertificates|tlsInsecure|sslAllowInvalidCertificates)=true\b", setting.value
        ):
            continue
        others = [host for host in _hosts(setting.value) if host not in _OWN_NAMES | _own_hosts(site)]
        wrong += [(setting, host) for host in others]
    if not wrong:
        return []
    return [
        at(
            document,
            "config-database-certificates",
            [setting.place for setting, _ in wrong],
            names=distinct(setting.name.rpartition("/")[2] for setting, _ in wrong),
            hosts=distinct(host for _, host in wrong),
        )
    ]


def _hosts(url: str) -> list[str]:
    """The hosts of a connection string whose credentials are masked."""
    authority = re.split(r"[/?]", url.partition("://")[2].rpartition("@")[2], maxsplit=1)[0]
    bare = [re.sub(r":\d+$", "", one).strip("[]").lower() for one in authority.split(",")]
    return [host for host in bare if re.fullmatch(r"[a-z0-9._-]+", host) or as_address(host)]


def _own_hosts(site: Site) -> set[str]:
    url = site.stproxy.url if site.stproxy else None
    try:
        own = urlsplit(url).hostname if url else None
    except ValueError:
        own = None
    return {own} if own else set()


def directory_port(document: ConfigDocument, _: Site) -> list[Finding]:
    """1516 is the community server's own port, and 1389 what the installer writes where secure LDAP was chosen."""
    of_directory = [(one, name) for one in document.settings if "ldap" in (name := _last_words(one.name))]
    ports = [one for one, name in of_directory if name.endswith("port")]
    findings = []
    if wrong := [one for one in ports if one.value.strip() == "1516"]:
        names = distinct(one.name.rpartition("/")[2] for one in wrong)
        findings.append(at(document, "config-ldap-port", [one.place for one in wrong], names=names))
    if doubtful := [one for one in ports if one.value.strip() == "1389"]:
        secure = [
            one.value.strip().lower()
            for one, name in of_directory
            if any(word in name for word in ("ssl", "tls", "secure")) and "store" not in name
        ]
        off = bool(secure) and not any(value in ("true", "1", "yes", "636") for value in secure)
        findings.append(
            at(
                document,
                "config-ldap-placeholder",
                [one.place for one in doubtful],
                severity=Severity.WARNING if off else None,
                names=distinct(one.name.rpartition("/")[2] for one in doubtful),
                tls="is switched off" if off else "is switched on" if secure else "is not mentioned in the file",
            )
        )
    return findings


def _last_words(name: str) -> str:
    """The end of a name: ldap/port, LDAP_SSL_PORT."""
    return "/".join(name.lower().split("/")[-2:])[-100:]


def https_port(document: ConfigDocument, _: Site) -> list[Finding]:
    """HTTPS_PORT exists, and HCL supports 443 only."""
    wrong = [
        one
        for one in variables(document)
        if one.name == "HTTPS_PORT" and one.value.strip() not in ("", "443") and not is_reference(one.value)
    ]
    if not wrong:
        return []
    return [at(document, "config-https-port", [one.place for one in wrong], value=wrong[-1].value[:40])]


def kubernetes_secret(document: ConfigDocument, _: Site) -> list[Finding]:
    """Names of secrets that Kubernetes refuses: HCL's own example has an underscore."""
    if document.kind is not ConfigKind.HELM_VALUES:
        return []
    wrong = [
        one
        for one in document.settings
        if _NAMES_A_SECRET.search(one.name)
        and one.value.strip() not in ("", "true", "false", "***")
        and "{{" not in one.value
        and not (len(one.value.strip()) <= 253 and _KUBERNETES_NAME.fullmatch(one.value.strip()))
    ]
    if not wrong:
        return []
    return [
        at(
            document,
            "config-secret-name",
            [one.place for one in wrong],
            names=distinct(one.name.rpartition("/")[2] for one in wrong),
            values=distinct(one.value[:100] for one in wrong),
        )
    ]


RULES = (
    push_password,
    database_url,
    database_names,
    database_certificates,
    directory_port,
    https_port,
    kubernetes_secret,
)
RULES_TOGETHER = (push_proxy,)
