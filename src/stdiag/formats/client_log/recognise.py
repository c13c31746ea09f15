"""From the message of a line to what it says: by the patterns of the catalogue, and a small grammar of attempts."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from typing import Protocol

import msgspec

from stdiag.formats.client_log.endpoints import Endpoint, endpoint, endpoints_in

LONGEST = 16 * 1024
"""Characters of a message that are looked at."""
_SAID = 300
_CACHED = 4096

_BEGINS = re.compile(r"--> (?!END)[A-Z]{3,8} (?=https?://)|\bConnecting to (?=[A-Za-z0-9.-]{1,253}[/:])")
_ANSWERED = re.compile(r"<-- (?P<status>[1-5]\d\d)\b")
_FAILS = re.compile(r"<-- HTTP FAILED|Connection rejected\. req = |\bFailed to connect to server\b")
_SUCCEEDS = re.compile(r"\bLogged in to server\b")
_EXCEPTION = re.compile(r"(?<![\w.$])(?:[a-z_][\w$]*\.){1,12}[A-Z][\w$]*(?:Exception|Error)\b", re.ASCII)
GRAMMAR_NEEDLES = (
    "--> ",
    "<-- ",
    "Connecting to ",
    "Connection rejected",
    "Logged in to server",
    "ailed to connect to server",
)
"""What stands in every line that the grammar knows."""


class Named(Protocol):
    """What all that is looked for has: a name, the code it stands for, and the texts that lead to it."""

    @property
    def name(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def needles(self) -> tuple[str, ...]: ...


class Pattern(Named, Protocol):
    """What is needed of a pattern: how a line is recognised, and what it means."""

    @property
    def regex(self) -> str: ...
    @property
    def rank(self) -> int: ...


class Turn(enum.Enum):
    """What a line means for the attempt to connect that it belongs to."""

    NONE = enum.auto()
    BEGINS = enum.auto()
    SUCCEEDS = enum.auto()
    FAILS = enum.auto()


class Said(msgspec.Struct, frozen=True):
    """What one message says. `pattern` is None where the grammar alone knows it; `words` and `issuer` are as the log
    has them, secrets and all."""

    pattern: Pattern | None
    turn: Turn
    words: str
    exception: str | None
    endpoint: Endpoint | None
    endpoints: tuple[Endpoint, ...]
    issuer: str | None = None


class Recogniser:
    """The patterns, compiled. Messages that repeat are looked at once."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = [(one, one.needles, re.compile(one.regex, re.ASCII)) for one in patterns]
        self._cache: dict[str, Said | None] = {}

    def said(self, message: str) -> Said | None:
        """What `message` says; None when nothing in it is known."""
        message = message[:LONGEST]
        try:
            return self._cache[message]
        except KeyError:
            pass
        found = self._look(message)
        if len(message) <= 1024:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            self._cache[message] = found
        return found

    def _look(self, message: str) -> Said | None:
        turn = _turn(message)
        for pattern, needles, regex in self._patterns:
            for needle in needles:
                if needle in message:
                    if found := regex.search(message):
                        return _said(message, pattern, found, turn)
                    break
        if turn is Turn.NONE:
            return None
        endpoints = tuple(endpoints_in(message))
        return Said(None, turn, "", None, endpoints[0] if len(endpoints) == 1 else None, endpoints)


def _turn(message: str) -> Turn:
    if not any(needle in message for needle in GRAMMAR_NEEDLES):
        return Turn.NONE
    if _FAILS.search(message):
        return Turn.FAILS
    if answer := _ANSWERED.search(message):
        return Turn.SUCCEEDS if answer["status"] < "400" else Turn.FAILS
    if _SUCCEEDS.search(message):
        return Turn.SUCCEEDS
    return Turn.BEGINS if _BEGINS.search(message) else Turn.NONE


def _said(message: str, pattern: Pattern, found: re.Match[str], turn: Turn) -> Said:
    groups = found.groupdict()
    endpoints = endpoints_in(message)
    hosts = {one.host for one in endpoints}
    own: Endpoint | None = None
    if groups.get("host"):
        own = endpoint(groups["host"], groups.get("port"))
        # The line may name the port elsewhere, in a URL.
        own = next((one for one in endpoints if own and one.host == own.host and own.port is None), own)
    elif len(endpoints) == 1 or len(hosts) == 1:
        own = endpoints[0]
    if own and own not in endpoints:
        endpoints.insert(0, own)
    thrown = [one[0] for one in _EXCEPTION.finditer(message, 0, found.end())]
    return Said(
        pattern=pattern,
        turn=turn,
        words=found[0][:_SAID],
        exception=thrown[-1][:200] if thrown else None,
        endpoint=own,
        endpoints=tuple(endpoints),
        issuer=groups.get("issuer"),
    )
