"""Which configuration file is it? By its name first, then by what stands in it."""

from __future__ import annotations

import re

from stdiag.formats.config.document import ConfigKind

KNOWN = (
    "stproxyconfig.xml, managed-community-configs.xml, plugin_customization.ini, sametime.ini, .env, custom.env and "
    "other *.env, docker-compose.yml, values.yaml"
)
"""What is read here, in words."""

HEAD = 64 * 1024
"""So many bytes of a file are enough to tell."""

_NAMES: tuple[tuple[ConfigKind, str], ...] = (
    (ConfigKind.STPROXY_XML, r"stproxyconfig.*\.xml"),
    (ConfigKind.MANAGED_COMMUNITIES, r"managed[-_]communit(y|ies)([-_]configs?)?.*\.xml"),
    (ConfigKind.PLUGIN_CUSTOMIZATION, r"plugin_customization.*\.ini"),
    (ConfigKind.SAMETIME_INI, r"sametime.*\.ini"),
    (ConfigKind.COMPOSE, r"(docker-)?compose.*\.ya?ml"),
    (ConfigKind.HELM_VALUES, r"(.*[-_.])?values.*\.ya?ml"),
    (ConfigKind.ENVIRONMENT, r".*\.env"),
)
# What people and packages put behind the name of a file that they keep: .bak, .orig, -old, ~, .2026-11-20, .rpmsave.
_KEPT = r"([-_.~ (][\w\s().:~-]*)?"
_PROPER = re.compile(
    r"stproxyconfig\.xml|managed-community-configs\.xml|plugin_customization\.ini|sametime\.ini|"
    r"(docker-)?compose[\w.-]*\.ya?ml|values[\w-]*\.ya?ml|.*\.env",
    re.IGNORECASE,
)

_ROOT = re.compile(r"<([A-Za-z_][\w.-]*)[\s/>]")
_NO_ELEMENTS = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
"""What may stand before the first element, and how it ends. Where a DOCTYPE has more in it, no element is found: such a
file must be named as what it is."""
_ROOTS = {
    "managed-communities": ConfigKind.MANAGED_COMMUNITIES,
    "managed-community": ConfigKind.MANAGED_COMMUNITIES,
    "configuration": ConfigKind.STPROXY_XML,
    "stproxyconfig": ConfigKind.STPROXY_XML,
}
# Blanks are never newlines here: else a file of empty lines would cost the square of their number.
_FORMS: tuple[tuple[ConfigKind, str], ...] = (
    (ConfigKind.COMPOSE, r"^services[ \t]*:"),
    (
        ConfigKind.HELM_VALUES,
        r"^[ \t]*(sametimeIni|pushProxy\w+|extraChatHostname|jvbStunServers|\w+ConfigSecret|enableLegacy\w+)[ \t]*:",
    ),
    (ConfigKind.PLUGIN_CUSTOMIZATION, r"^[ \t]*com\.(ibm|hcl)\.[\w.]+/[^=\n]+="),
    (ConfigKind.SAMETIME_INI, r"^[ \t]*\[(?i:Connectivity|Debug|Config|Directory|ST_BB_NAMES)\]"),
)
_VARIABLE = re.compile(r"[ \t]*(export[ \t]+)?[A-Za-z_][\w.\\]*[ \t]*=.*")


def kind_of(name: str, content: bytes) -> ConfigKind | None:
    """The kind of a file that somebody names; `name` is its last part, `content` at least its first HEAD bytes. None
    for what is not known here."""
    return by_name(name) or _by_content(content[:HEAD].decode("utf-8", "replace").removeprefix("\ufeff"))


def by_name(name: str) -> ConfigKind | None:
    """The kind that the name of a file says, with whatever people put behind it to keep an older one."""
    return next((kind for kind, form in _NAMES if re.fullmatch(form + _KEPT, name, re.IGNORECASE)), None)


def is_taken_from_folder(name: str) -> bool:
    """True for the name that the product itself reads: an older one that lies beside it is history."""
    return _PROPER.fullmatch(name) is not None


def _by_content(text: str) -> ConfigKind | None:
    if text.lstrip().startswith("<"):
        return _ROOTS.get(_root_element(text).lower())
    for kind, form in _FORMS:
        if re.search(form, text, re.MULTILINE):
            return kind
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return ConfigKind.ENVIRONMENT if lines and all(map(_VARIABLE.fullmatch, lines)) else None


def _root_element(text: str) -> str:
    """The name of the first element; empty where none begins."""
    at = text.find("<")
    while at >= 0:
        end = next((end for start, end in _NO_ELEMENTS if text.startswith(start, at)), None)
        if end is None:
            root = _ROOT.match(text, at)
            return root[1] if root else ""
        behind = text.find(end, at)
        at = text.find("<", behind) if behind >= 0 else -1
    return ""
