"""Do clients knock at a port that the server listens on? Compares the files of both sides. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Setting
from stdiag.model import Expected, Finding, Severity, Site
from stdiag.probes.config.client_settings import ClientSettings, client_settings
from stdiag.probes.config.rules_server_ini import port_list
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import distinct, ini_keys, short

_PUBLISHED = re.compile(r"(?:\[[^\]]*\]:|[^:\[\]]*:)?([0-9]{1,5})(?:-[0-9]+)?:([0-9]{1,5})(?:-[0-9]+)?(?:/tcp)?")
_TUNNELLING = frozenset({80, 8082})
"""Up to 11 the mux takes HTTP there too, and no file that is read here says so: stconfig.nsf does."""
_NOT_OVER_THE_PORT = frozenset({"reverse-proxy"})


class _Listening(msgspec.Struct, kw_only=True):
    """What the server's side says."""

    legacy: set[int] = set()
    """Ports for the legacy protocol."""
    tls: set[int] = set()
    published: dict[int, int] = {}
    """Port outside of the containers → port inside."""
    said_by: list[str] = []
    for_sure: bool = False
    """Nothing else can add a port."""


def community_port(documents: Sequence[ConfigDocument], site: Site) -> list[Finding]:
    """Clients that are told a port at which the server does not listen, or not for what they speak."""
    server = _server(documents, site)
    if not server.legacy and not server.tls:
        return []
    findings = []
    for document in documents:
        wrong = [
            (one, port, problem)
            for one in client_settings(document)
            if _is_told(one) and (port := one.port) is not None and (problem := _problem(one, port, server))
        ]
        if not wrong:
            continue
        findings.append(
            at(
                document,
                "config-client-port",
                [_place_of(one).place for one, _, _ in wrong],
                severity=None if server.for_sure else Severity.WARNING,
                ports=distinct(str(port) for _, port, _ in wrong),
                problems=distinct(problem for _, _, problem in wrong),
                said_by=server.said_by,
            )
        )
    return findings


def _is_told(one: ClientSettings) -> bool:
    """Something of the connection stands in the file: a client that is told nothing of it keeps what it has."""
    return one.type not in _NOT_OVER_THE_PORT and ("port" in one.settings or "connectionType" in one.settings)


def _place_of(one: ClientSettings) -> Setting:
    return one.settings.get("port") or one.settings["connectionType"]


def _problem(one: ClientSettings, port: int, server: _Listening) -> str | None:
    inside = server.published.get(port, port)
    if server.published and port not in server.published:
        return f"{port} is published by no container"
    if one.type == "tls-direct":
        if inside in server.tls:
            return None
        return f"{port} is not for TLS" if inside in server.legacy else f"{port} is not the server's"
    if inside in server.legacy:
        return None
    if inside in server.tls:
        return f"{port} takes TLS only, and {one.type} does not speak it"
    return None if port in _TUNNELLING and not server.for_sure else f"{port} is not the server's"


def _server(documents: Sequence[ConfigDocument], site: Site) -> _Listening:
    """The mux's ports by the files; without any, those that the site names."""
    server = _Listening(legacy=set(), tls=set(), published={}, said_by=[])
    for document in documents:
        for one in ini_keys(document):
            key, ports = one.key.upper(), port_list(one.value)
            if key in ("VPMX_PORT", "VPMX_TLS_PORT") and ports:
                (server.legacy if key == "VPMX_PORT" else server.tls).update(ports)
                server.said_by.append(f"{one.key}={one.value[:20]} ({short(document)} line {one.place.line})")
            if key == "VPMX_DISABLE_CONFIGURATION_UPDATE" and one.value.strip() == "1":
                server.for_sure = True
    if server.legacy or server.tls:
        server.published = _published(documents, server.legacy | server.tls)
        return server
    if site.community is not None:
        open_ones = [path for path in site.community.path if path.via is None and path.expected is not Expected.CLOSED]
        named = [port for path in open_ones for port in path.ports]
        server.legacy, server.tls = set(named), set(named)
        server.said_by = ["[community] of the site"] if named else []
    return server


def _published(documents: Sequence[ConfigDocument], ports: set[int]) -> dict[int, int]:
    """Under which ports the containers' ports are seen from outside, where a compose file says it; empty where that is
    not known, or not for all of them."""
    found_here: dict[int, int] = {}
    for document in documents:
        if document.kind is not ConfigKind.COMPOSE:
            continue
        for mapping in _mappings(document):
            pair = _PUBLISHED.fullmatch(mapping)
            if pair and int(pair[2]) in ports:
                found_here[int(pair[1])] = int(pair[2])
            elif "$" in mapping:
                return {}
    return found_here


def _mappings(document: ConfigDocument) -> list[str]:
    """PUBLISHED:TARGET of every service, from either form."""
    short_form = [one.value.strip() for one in document.settings if re.fullmatch(r"services/[^/]+/ports", one.name)]
    long_form: dict[str, dict[str, list[str]]] = {}
    for one in document.settings:
        if inside := re.fullmatch(r"services/([^/]+)/ports/(published|target)", one.name):
            long_form.setdefault(inside[1], {"published": [], "target": []})[inside[2]].append(one.value.strip())
    pairs = [
        f"{outside}:{target}"
        for both in long_form.values()
        for outside, target in zip(both["published"], both["target"], strict=False)
    ]
    return [*short_form, *pairs]


RULES_TOGETHER = (community_port,)
