"""What is wrong in the form of an XML configuration file: rules that hold whichever it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdiag.formats.config import xml_slips
from stdiag.formats.config.document import ConfigDocument, Setting
from stdiag.formats.config.stproxy_elements import own_name
from stdiag.formats.errors import nearest
from stdiag.model import Finding, Site
from stdiag.probes.config.told_once import Case, told_once

_NEAR = 0.87
"""How alike two names must be. The lists of known names are not whole: a wrong guess would send people astray."""
_SHORT = 5
"""Names of so many characters or fewer are near to too many others."""
_LONGEST_SHOWN = 100


def raw_ampersands(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """An & that begins no reference."""
    cases: list[Case] = [
        (slip.place, {"name": own_name(slip.name).removeprefix("@")})
        for slip in document.slips
        if slip.kind == xml_slips.RAW_AMPERSAND
    ]
    return told_once("config-xml-ampersand", document, cases)


def outermost_element(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Another outermost element than the kind of file has."""
    cases: list[Case] = [
        (slip.place, {"name": slip.name, "right": slip.detail})
        for slip in document.slips
        if slip.kind == xml_slips.OTHER_ROOT
    ]
    return told_once("config-xml-root", document, cases)


def stray_text(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Text beside elements."""
    cases: list[Case] = [
        (slip.place, {"name": own_name(slip.name)}) for slip in document.slips if slip.kind == xml_slips.STRAY_TEXT
    ]
    return told_once("config-xml-stray-text", document, cases)


def nearly(name: str, known: list[str]) -> str | None:
    """The known name that was probably meant by one that is not known."""
    if name in known:
        return None
    same = next((one for one in known if one.lower() == name.lower()), None)
    return same or (nearest(name, known, cutoff=_NEAR) if len(name) > _SHORT else None)


def not_a_boolean(setting: Setting) -> bool:
    """True for what a server or client can read neither as true nor as false."""
    return setting.value.lower() not in ("true", "false")


def not_a_number(setting: Setting) -> bool:
    """True for what is no whole number."""
    return re.fullmatch(r"[0-9]{1,10}", setting.value) is None


def not_a_port(setting: Setting) -> bool:
    """True for what is no port."""
    return not_a_number(setting) or not 1 <= int(setting.value) <= 65535


def wrong_value(setting: Setting, expected: str) -> Case:
    """A case of `config-xml-value`."""
    value = setting.value if len(setting.value) <= _LONGEST_SHOWN else setting.value[:_LONGEST_SHOWN] + "…"
    place = setting.value_place or setting.place
    return place, {"name": own_name(setting.name).removeprefix("@"), "value": value, "expected": expected}


RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (raw_ampersands, outermost_element, stray_text)
