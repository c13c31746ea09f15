"""Environment variables and keys of sametime.ini, whichever file they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

import msgspec

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place, Slip

_OF_SERVICE = re.compile(r"services/([^/]+)/environment/(.+)")
_LOOKS_LIKE_ONE = re.compile(r"[A-Z][A-Z0-9_\\]{2,}|STI_.+")
_INI = re.compile(r"STI__(.+?)__(.+)")
_REFERENCE = re.compile(r"\$(?:\{(\w+)(?::?[-?+][^{}]*)?\}|(\w+))")


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """One environment variable."""

    name: str
    """As it was meant: without backslashes and backticks."""
    written: str
    value: str
    place: Place
    service: str = ""
    """The service of a compose file that it is for."""


class IniKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key of sametime.ini, written there or as STI__SECTION__KEY."""

    section: str
    key: str
    value: str
    place: Place
    written: str


def variables(document: ConfigDocument) -> list[Variable]:
    """What the containers of Sametime 12 are told by this file."""
    found = []
    for setting in document.settings:
        service, written = "", setting.name
        match document.kind:
            case ConfigKind.ENVIRONMENT:
                pass
            case ConfigKind.COMPOSE:
                if (inside := _OF_SERVICE.fullmatch(setting.name)) is None:
                    continue
                service, written = inside[1], inside[2]
            case ConfigKind.HELM_VALUES:
                written = setting.name.rpartition("/")[2]
                if not _LOOKS_LIKE_ONE.fullmatch(written):
                    continue
            case _:
                return []
        name = written.replace("\\", "").replace("`", "")
        found.append(Variable(name=name, written=written, value=setting.value, place=setting.place, service=service))
    return found


def ini_keys(document: ConfigDocument) -> list[IniKey]:
    """What the community server is told by this file."""
    if document.kind is ConfigKind.SAMETIME_INI:
        keys = []
        for setting in document.settings:
            section, _, key = setting.name.rpartition("/")
            keys.append(
                IniKey(section=section, key=key, value=setting.value, place=setting.place, written=setting.name)
            )
        return keys
    return [
        IniKey(section=inside[1], key=inside[2], value=one.value, place=one.place, written=one.written)
        for one in variables(document)
        if (inside := _INI.fullmatch(one.name))
    ]


def told(documents: Iterable[ConfigDocument], name: str) -> list[tuple[ConfigDocument, Variable]]:
    """Every variable of this name that has a value, with the file that it stands in. A reference to another variable is
    none: what it stands for is told where that stands."""
    return [
        (document, one)
        for document in documents
        for one in variables(document)
        if one.name == name and one.value.strip() and not is_reference(one.value)
    ]


def is_reference(value: str) -> bool:
    """True for `$NAME` and `${NAME}`, also with a default."""
    return _REFERENCE.fullmatch(value.strip()) is not None


def slips_of(document: ConfigDocument, *kinds: str) -> list[Slip]:
    """The slips of these kinds."""
    return [slip for slip in document.slips if slip.kind in kinds]


def distinct(names: Iterable[str]) -> list[str]:
    """Each once, in the order in which they came."""
    return list(dict.fromkeys(names))


def short(document: ConfigDocument) -> str:
    """The name of its file without the folder."""
    return PurePath(document.file).name


def folder(document: ConfigDocument) -> PurePath:
    """The folder that it is in."""
    return PurePath(document.file).parent


def beside(document: ConfigDocument, documents: Sequence[ConfigDocument]) -> list[ConfigDocument]:
    """The documents of the same folder: one deployment, as far as anybody can tell."""
    return [one for one in documents if folder(one) == folder(document)]
