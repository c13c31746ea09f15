"""What is wrong in a managed-community-configs.xml. Pure.

Source: "Managed community settings" (HCL Sametime 11.5 to 12.0.3), its tables and its examples, which differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stdiag.formats.config.communities import actions, communities
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place, Setting
from stdiag.formats.errors import nearest
from stdiag.model import Finding, Site
from stdiag.probes.config import rules_communities_ways, rules_xml
from stdiag.probes.config.rules_xml import nearly, not_a_boolean, not_a_number, not_a_port, wrong_value
from stdiag.probes.config.told_once import Case, told_once

SERVER_PORT = "1516"

_ACTIONS = ("add", "update", "delete", "reset")
_BOOLEANS = (
    "deleteOverlappingCommunities",
    "savePassword",
    "loginAtStartup",
    "useGlobalConnContext",
    "useGlobalConnSettings",
    "loginByToken",
    "sendKeepAlive",
    "restart",
    "applyDefaultCommunityUsername",
    "createNewConfig",
)
_PORTS = ("port", "proxyPort")
_OTHERS = ("id", "host", "newHost", "name", "connectionType", "authServerUrl", "authType", "proxyHost", "type")
_NUMBERS = ("keepAliveInterval",)
_NO_HOST = re.compile(r"[/\s]|:\d+$")
_ATTRIBUTES = [*_BOOLEANS, *_PORTS, *_NUMBERS, *_OTHERS, "managed-community-id"]
_ELEMENTS = ["managed-community", "managed-community-action", "connection"]


def required(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Attributes without which an element means nothing."""
    cases: list[Case] = []
    for community in communities(document):
        cases += _lacking("managed-community", community.attributes, ("id", "host"), community.place)
    for action in actions(document):
        cases += _lacking("managed-community-action", action.attributes, ("managed-community-id", "type"), action.place)
    return told_once("config-community-incomplete", document, cases)


def _lacking(element: str, attributes: dict[str, Setting], names: Sequence[str], place: Place) -> list[Case]:
    missing = [name for name in names if name not in attributes or not attributes[name].value]
    return [(place, {"element": element, "attribute": name}) for name in missing]


def ids(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """An id that is not the host."""
    cases: list[Case] = [
        (one.attributes["id"].place, {"value": one.id, "expected": one.host})
        for one in communities(document)
        if one.id and one.host and one.id.lower() != one.host.lower()
    ]
    return told_once("config-community-id", document, cases)


def targets(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Actions for communities that are not there, communities that no action is for, newHost without an update."""
    defined, done = communities(document), actions(document)
    known = [one.id for one in defined if one.id]
    dangling: list[Case] = [
        (
            action.attributes["managed-community-id"].place,
            {"value": action.target, "near": nearest(action.target, known)},
        )
        for action in done
        if action.target and action.target not in known
    ]
    aimed = {action.target for action in done}
    idle = [one for one in defined if one.id and one.id not in aimed]
    unused: list[Case] = [(one.attributes["id"].place, {"value": one.id}) for one in idle]
    updated = {action.target for action in done if action.type == "update"}
    in_vain: list[Case] = [
        (one.attributes["newHost"].place, {"value": one.id})
        for one in defined
        if "newHost" in one.attributes and one.id and one.id not in updated and one not in idle
    ]
    return [
        *told_once("config-action-target", document, dangling),
        *told_once("config-community-unused", document, unused),
        *told_once("config-new-host-unused", document, in_vain),
    ]


def resets(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """A reset, which clients carry out alone."""
    done = actions(document)
    resetting = [action for action in done if action.type == "reset"]
    if not resetting or len(done) == 1:
        return []
    return told_once("config-reset-alone", document, [(resetting[0].place, {"others": len(done) - 1})])


def server_ports(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """The port for servers among each other, told to clients."""
    ports = [one.attributes.get("port") for one in communities(document)]
    cases: list[Case] = [(port.place, {}) for port in ports if port is not None and port.value == SERVER_PORT]
    return told_once("config-client-server-port", document, cases)


def values(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Booleans, ports, numbers and types that are none."""
    cases: list[Case] = []
    for setting in document.settings:
        name = setting.name.rpartition("/@")[2]
        if name in _BOOLEANS and not_a_boolean(setting):
            cases.append(wrong_value(setting, "true or false"))
        elif name in _PORTS and not_a_port(setting):
            cases.append(wrong_value(setting, "a port from 1 to 65535"))
        elif name in _NUMBERS and not_a_number(setting):
            cases.append(wrong_value(setting, "a whole number"))
    cases += [
        wrong_value(action.attributes["type"], "add, update, delete or reset")
        for action in actions(document)
        if action.type and action.type not in _ACTIONS
    ]
    hosts = [one.attributes.get(name) for one in communities(document) for name in ("host", "newHost")]
    cases += [
        wrong_value(host, "a host name alone, without scheme and port")
        for host in hosts
        if host is not None and _NO_HOST.search(host.value)
    ]
    cases += rules_communities_ways.no_hosts(document)
    return told_once("config-xml-value", document, cases)


def unknown_names(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Names that are nearly documented ones."""
    cases: dict[str, Case] = {}
    for setting in document.settings:
        for part in re.sub(r"\[\d+\]", "", setting.name).split("/"):
            attribute = part.startswith("@")
            name = part.removeprefix("@")
            if near := nearly(name, _ATTRIBUTES if attribute else _ELEMENTS):
                cases.setdefault(name, (setting.place, {"name": name, "near": near}))
    return told_once("config-xml-unknown", document, list(cases.values()))


_RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (
    *rules_xml.RULES,
    required,
    ids,
    targets,
    resets,
    *rules_communities_ways.RULES,
    server_ports,
    values,
    unknown_names,
)


def judge_communities(document: ConfigDocument, site: Site) -> list[Finding]:
    """Everything that is wrong in a managed-community-configs.xml; nothing for any other file."""
    if document.kind is not ConfigKind.MANAGED_COMMUNITIES:
        return []
    return [finding for rule in _RULES for finding in rule(document, site)]


RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (judge_communities,)
