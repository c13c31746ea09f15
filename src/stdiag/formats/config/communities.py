"""The communities and actions of a managed-community-configs.xml, each with its attributes."""

from __future__ import annotations

import re

import msgspec

from stdiag.formats.config.document import ConfigDocument, Place, Setting

_ELEMENT = re.compile(r"(managed-community(?:-action)?(?:\[\d+\])?)(?:/(?:connection(?:\[\d+\])?/)?@(.+))?")


class Community(msgspec.Struct, kw_only=True):
    """One <managed-community>."""

    place: Place
    attributes: dict[str, Setting] = {}
    """By their names. Those of a <connection> in it count too: the table of HCL's page has them on the community, its
    example on that element."""

    @property
    def id(self) -> str:
        """Empty when it is missing."""
        return _value(self.attributes, "id")

    @property
    def host(self) -> str:
        """Empty when it is missing."""
        return _value(self.attributes, "host")


class Action(msgspec.Struct, kw_only=True):
    """One <managed-community-action>."""

    place: Place
    attributes: dict[str, Setting] = {}

    @property
    def type(self) -> str:
        """In lower case, since HCL's page writes both; empty when it is missing."""
        return _value(self.attributes, "type").lower()

    @property
    def target(self) -> str:
        """The community's id; empty when it is missing."""
        return _value(self.attributes, "managed-community-id")


def communities(document: ConfigDocument) -> list[Community]:
    """All of them, in the order of the file."""
    return [
        Community(place=place, attributes=attributes)
        for name, place, attributes in _elements(document)
        if not name.startswith("managed-community-action")
    ]


def actions(document: ConfigDocument) -> list[Action]:
    """All of them, in the order of the file."""
    return [
        Action(place=place, attributes=attributes)
        for name, place, attributes in _elements(document)
        if name.startswith("managed-community-action")
    ]


def _elements(document: ConfigDocument) -> list[tuple[str, Place, dict[str, Setting]]]:
    found: dict[str, tuple[str, Place, dict[str, Setting]]] = {}
    for setting in document.settings:
        match = _ELEMENT.fullmatch(setting.name)
        if match is None:
            continue
        _, _, attributes = found.setdefault(match[1], (match[1], setting.place, {}))
        if match[2] is not None:
            attributes.setdefault(match[2], setting)
    return list(found.values())


def _value(attributes: dict[str, Setting], name: str) -> str:
    return attributes[name].value if name in attributes else ""
