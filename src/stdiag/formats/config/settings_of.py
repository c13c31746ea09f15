"""Settings of several files as one list: by the word that names them, with what stands elsewhere put in."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place

_REFERENCE = re.compile(r"\$(?:\{(\w+)(?::?[-?+][^{}]*)?\}|(\w+))")
_INI_VARIABLE = re.compile(r"STI__[^_]+(?:_[^_]+)*__(\w+)")
_DEEPEST = 4
"""References of references that are followed."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One setting, and where it stands."""

    name: str
    """The last word of its name, as the file has it: MOBILE_CONFIGURL, proxyServerURL, VPMX_PORT."""
    full_name: str
    value: str
    kind: ConfigKind
    place: str
    """`custom.env line 3`."""


def settings_of(documents: Sequence[ConfigDocument]) -> list[Found]:
    """All settings that may name an address, in the order of the files. Of a compose file only what the containers are
    told; `${NAME}` is replaced where an environment file says what it stands for."""
    variables = _variables(documents)
    found = []
    for document in documents:
        for setting in document.settings:
            if document.kind is ConfigKind.COMPOSE and "/environment/" not in setting.name:
                continue
            found.append(
                Found(
                    name=_word(setting.name),
                    full_name=setting.name,
                    value=_put_in(setting.value, variables),
                    kind=document.kind,
                    place=place_in_words(document, setting.place),
                )
            )
    return found


def place_in_words(document: ConfigDocument, place: Place) -> str:
    """`custom.env line 3`."""
    return f"{short_name(document)} line {place.line}"


def short_name(document: ConfigDocument) -> str:
    """The last part of its path, as any system writes paths: a report may come from another one."""
    return re.split(r"[/\\]", document.file)[-1]


def _word(name: str) -> str:
    last = re.sub(r"\[\d+\]$", "", name.rpartition("/")[2]).removeprefix("@")
    section = _INI_VARIABLE.fullmatch(last)
    return section[1] if section else last


def _variables(documents: Sequence[ConfigDocument]) -> dict[str, str]:
    """What docker compose puts in: it reads .env, and of the other files nothing is certain."""
    found: dict[str, str] = {}
    environments = [one for one in documents if one.kind is ConfigKind.ENVIRONMENT]
    for document in sorted(environments, key=lambda one: short_name(one) != ".env"):
        for setting in document.settings:
            found.setdefault(setting.name, setting.value)
    return found


def _put_in(value: str, variables: dict[str, str]) -> str:
    for _ in range(_DEEPEST):
        if "$" not in value or len(value) > 4096:
            break
        after = _REFERENCE.sub(lambda match: variables.get(match[1] or match[2], match[0])[:1024], value)
        if after == value:
            break
        value = after
    return value
