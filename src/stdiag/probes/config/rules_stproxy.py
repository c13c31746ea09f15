"""What is wrong in an stproxyconfig.xml. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stdiag.formats.config import xml_slips
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place, Setting
from stdiag.formats.config.stproxy_elements import (
    APPLE_PORT,
    BY_NAME,
    BY_PATH,
    CONTAINERS,
    DEFECT_PORT,
    ELEMENTS,
    LEGACY_SPELLING,
    PLAIN_SPELLING,
    TOMCAT,
    WEBSPHERE,
    Content,
    own_name,
    without_numbers,
)
from stdiag.model import Finding, Severity, Site
from stdiag.probes.config import rules_xml, stproxy_photos, stproxy_token
from stdiag.probes.config.provisioning_url import judge_url
from stdiag.probes.config.rules_xml import nearly, not_a_boolean, not_a_number, wrong_value
from stdiag.probes.config.told_once import Case, at, told_once

SHUT_DOWN = "31 March 2021"
"""Apple's binary push interface, ports 2195 and 2196."""

_RETIRED = ("2195", DEFECT_PORT)
_ANYWHERE_ELSE = frozenset({"enabled", "key", "attr"})
"""Names so general that they may be right in any element."""
_START = Place(line=1)


def generation(document: ConfigDocument, site: Site) -> list[Finding]:
    """The file of a product that has none, and elements that only another generation's documents name."""
    product = site.product
    if product is None:
        return []
    if product in CONTAINERS:
        return [at(document, "config-stproxy-generation", [_START], product=product.value.replace("-", " on "))]
    cases: list[Case] = []
    for setting in document.settings:
        element = BY_PATH.get(without_numbers(setting.name))
        if element is None or element.documented_for is None or product in element.documented_for:
            continue
        versions = " and ".join(sorted(one.value for one in element.documented_for))
        cases.append((setting.place, {"name": setting.name, "versions": versions, "product": product.value}))
    return told_once("config-stproxy-element-generation", document, cases)


def apple_port(document: ConfigDocument, site: Site) -> list[Finding]:
    """Ports of Apple's retired interface. That Sametime 8.5 to 10 speak it unless they were fixed is known; whether 11
    reads the setting at all is not."""
    if site.product in CONTAINERS:
        return []
    ports = [one for one in _named(document, APPLE_PORT) if one.value in _RETIRED]
    cases: list[Case] = [
        (one.value_place or one.place, {"name": own_name(one.name), "port": one.value, "date": SHUT_DOWN})
        for one in ports
    ]
    severity = None if site.product in WEBSPHERE else Severity.WARNING
    defects: list[Case] = [(one.value_place or one.place, {}) for one in ports if one.value == DEFECT_PORT]
    return [
        *told_once("config-apple-port-retired", document, cases, severity),
        *told_once("config-apple-port-defect", document, defects),
    ]


def announcements(document: ConfigDocument, site: Site) -> list[Finding]:
    """Both spellings of the same element are told, and neither is called a mistake."""
    if site.product in CONTAINERS:
        return []
    there = [one for name in (LEGACY_SPELLING, PLAIN_SPELLING) for one in _named(document, name)]
    if not there:
        return []
    differ = len({one.value.lower() for one in there}) > 1
    names = list(dict.fromkeys(own_name(one.name) for one in there))
    return [
        at(
            document,
            "config-announcement-spelling",
            [one.place for one in there],
            severity=Severity.WARNING if differ else None,
            names=" and ".join(names),
            both=None if len(names) < 2 else "the two say different things" if differ else "both say the same",
        )
    ]


def technology_preview(document: ConfigDocument, site: Site) -> list[Finding]:
    """Calls between web clients."""
    if site.product in CONTAINERS | TOMCAT:
        return []
    cases: list[Case] = [
        (one.place, {"name": own_name(one.name)})
        for one in _named(document, "onetoonefeature")
        if one.value.lower() == "true"
    ]
    return told_once("config-technology-preview", document, cases)


def second_elements(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """A second one of an element that the server looks for once."""
    cases: list[Case] = [
        (slip.place, {"name": own_name(slip.name), "first": slip.detail})
        for slip in document.slips
        if slip.kind == xml_slips.REPEATED_ELEMENT and own_name(slip.name) in BY_NAME
    ]
    return told_once("config-xml-second-element", document, cases)


def misplaced(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """A documented element outside of the one that it is documented in."""
    cases: list[Case] = []
    for setting in document.settings:
        element = BY_NAME.get(own_name(setting.name))
        if element is None or element.anywhere or element.name in _ANYWHERE_ELSE or "@" in setting.name:
            continue
        if without_numbers(setting.name) != element.path:
            cases.append((setting.place, {"name": setting.name, "right": element.path}))
    return told_once("config-xml-misplaced", document, cases)


def values(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Booleans that are none, numbers that are none."""
    return told_once("config-xml-value", document, list(_wrong_values(document)))


def _wrong_values(document: ConfigDocument) -> Iterator[Case]:
    for setting in document.settings:
        element = BY_PATH.get(without_numbers(setting.name)) or BY_NAME.get(own_name(setting.name))
        if element is None or (element.name in _ANYWHERE_ELSE and without_numbers(setting.name) != element.path):
            continue
        match element.content:
            case Content.BOOLEAN if not_a_boolean(setting):
                yield wrong_value(setting, "true or false")
            case Content.NUMBER if not_a_number(setting):
                yield wrong_value(setting, "a whole number")
            case Content.TEXT if element.name == "configUrl" and not setting.value:
                yield wrong_value(setting, "a provisioning URL")
            case Content.TEXT if element.name == "tokenDomain" and (expected := stproxy_token.why_no_domain(setting)):
                yield wrong_value(setting, expected)


def config_url(document: ConfigDocument, site: Site) -> list[Finding]:
    """The provisioning URL that the web client shows as a code. Where there are several, each is judged, and the first
    with a mistake is told."""
    for setting in _named(document, "configUrl"):
        if setting.value and (findings := judge_url(document, setting, site.product, from_xml=True)):
            return findings
    return []


def unknown_names(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Names that are nearly documented ones. Others are passed over: no source has the whole list."""
    known = [element.name for element in ELEMENTS if element.name not in _ANYWHERE_ELSE]
    cases: dict[str, Case] = {}
    for setting in document.settings:
        for part in without_numbers(setting.name).split("/"):
            if not part.startswith("@") and (near := nearly(part, known)):
                cases.setdefault(part, (setting.place, {"name": part, "near": near}))
    return told_once("config-xml-unknown", document, list(cases.values()))


def _named(document: ConfigDocument, name: str) -> list[Setting]:
    """Every setting whose own name it is, wherever it stands."""
    return [setting for setting in document.settings if own_name(setting.name) == name]


_RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (
    *rules_xml.RULES,
    generation,
    config_url,
    apple_port,
    *stproxy_photos.RULES,
    *stproxy_token.RULES,
    announcements,
    technology_preview,
    second_elements,
    misplaced,
    values,
    unknown_names,
)


def judge_stproxy(document: ConfigDocument, site: Site) -> list[Finding]:
    """Everything that is wrong in an stproxyconfig.xml; nothing for any other file."""
    if document.kind is not ConfigKind.STPROXY_XML:
        return []
    return [finding for rule in _RULES for finding in rule(document, site)]


RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (judge_stproxy,)
