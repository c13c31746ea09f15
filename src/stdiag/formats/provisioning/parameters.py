"""The parameters of a provisioning URL: who knows them, and what they may say.

Source: "Provisioning a URL that creates a connection for mobile users", IBM Sametime 9.0.1 (sametime://), and
"Community provisioning", HCL Sametime 11.6 and 12 (hclsametime://).
"""

from __future__ import annotations

import enum
import functools

import msgspec

from stdiag.formats.errors import nearest
from stdiag.formats.provisioning.url import Generation

ACTION = "AddCommunity"
UNTRUSTED_SSL_POLICY = "im.mobile.disableUntrustedSsl"


class ValueKind(enum.StrEnum):
    """What a parameter may say."""

    ACTION = "action"
    TEXT = "text"
    BOOLEAN = "boolean"
    ONLY_TRUE = "only-true"
    PORT_OR_ZERO = "port-or-zero"


class ParameterRule(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the documented table."""

    name: str
    value: ValueKind
    generations: frozenset[Generation] = frozenset(Generation)
    instead: str = ""
    """What holds in the generation that does not know it."""


_OLD = frozenset({Generation.OLD})
_NEW = frozenset({Generation.NEW})

RULES = {
    rule.name: rule
    for rule in (
        ParameterRule(name="action", value=ValueKind.ACTION),
        ParameterRule(name="communityName", value=ValueKind.TEXT),
        ParameterRule(
            name="ssl", value=ValueKind.BOOLEAN, generations=_OLD, instead="the connection is always encrypted"
        ),
        ParameterRule(name="savePassword", value=ValueKind.BOOLEAN),
        ParameterRule(
            name="photoPort",
            value=ValueKind.PORT_OR_ZERO,
            generations=_OLD,
            instead="photos are fetched from the URL that the Sametime Proxy gives, unchanged",
        ),
        ParameterRule(name="authProxyEnabled", value=ValueKind.BOOLEAN),
        ParameterRule(name="authProxyReuseCredentials", value=ValueKind.ONLY_TRUE),
        ParameterRule(
            name="authProxyUser",
            value=ValueKind.TEXT,
            generations=_NEW,
            instead="users type their name for the reverse proxy",
        ),
        ParameterRule(
            name="allowUntrustedSSL",
            value=ValueKind.BOOLEAN,
            generations=_NEW,
            instead="the client alone decides about untrusted certificates",
        ),
    )
}
"""Every documented parameter by its name, in the order in which URLs are built."""

_KNOWN = list(RULES)
_BY_LOWER_CASE = {name.lower(): name for name in RULES}
_SECRET_PARTS = ("pass", "pwd", "secret", "token", "kennwort")
_HARMLESS = frozenset({"true", "false", "yes", "no", "on", "off", "1", "0", ""})


def is_known(name: str) -> bool:
    """True for a documented name in any capitals."""
    return name.strip().lower() in _BY_LOWER_CASE


def looks_secret(name: str) -> bool:
    """True when a parameter of this name may hold a password. (savePassword holds true or false.)"""
    lowered = name.lower()
    return any(part in lowered for part in _SECRET_PARTS)


def may_be_shown(name: str, value: str) -> bool:
    """False for a value that may be a secret."""
    return not looks_secret(name) or value.strip().lower() in _HARMLESS


@functools.lru_cache(maxsize=64)  # asked for several times of each parameter, and dear
def meant(name: str) -> str | None:
    """The documented name that a misspelt one was probably meant to be."""
    stripped = name.strip()
    if stripped.lower() in _BY_LOWER_CASE:
        return _BY_LOWER_CASE[stripped.lower()]
    # password is 80 % of savePassword, and yet what stands there is a password.
    return nearest(stripped, _KNOWN, cutoff=0.9 if looks_secret(stripped) else 0.75)
