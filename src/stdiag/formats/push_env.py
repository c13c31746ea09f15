"""The push proxy in Sametime 12's custom.env: four of its variables, and nothing else of the file."""

from __future__ import annotations

import msgspec

from stdiag.formats.errors import FormatError

_PREFIX = "STCONF_PUSH_PROXY_"
_NAMES = ("SERVER", "PORT", "USER", "PASSWORD")
_MAX_LINES = 10_000


class PushProxyEnv(msgspec.Struct, frozen=True):
    """What the file says; empty values count as not set."""

    server: str | None = None
    port: str | None = None
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"<PushProxyEnv {self.server}:{self.port}>"


def parse_push_env(text: str, name: str) -> PushProxyEnv:
    """Reads `NAME=VALUE` lines as Docker does; the last one of a name counts. Raises FormatError, without any value."""
    values: dict[str, str] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if number > _MAX_LINES:
            raise FormatError("it has too many lines for an environment file", file=name)
        key, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and key.strip().startswith(_PREFIX):
            values[key.strip().removeprefix(_PREFIX)] = _unquoted(value.strip())
    if not values.get("SERVER"):
        raise FormatError(
            f"it sets no {_PREFIX}SERVER", file=name, suggestion="name the custom.env that configures a push proxy"
        )
    server, port, user, password = (values.get(one) or None for one in _NAMES)
    return PushProxyEnv(server, port, user, password)


def _unquoted(value: str) -> str:
    for quote in "\"'":
        if len(value) >= 2 and value[0] == value[-1] == quote:
            return value[1:-1]
    return value
