"""Passwords and tokens, and the rule that one is tried once: directories lock accounts.

Whoever is asked for a password takes a turn first. The first one to do so sends it, and all others wait for the
verdict. After a rejection nobody sends it again in this run.
"""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Mapping

import msgspec

from stdiag.model import FaultReason, Proxy
from stdiag.net.deadline import CANCEL_SLICE, Deadline
from stdiag.net.faults import failed

_NO_VERDICTS_AT_MOST = 3
"""A server that ends the connection after a password, and says nothing, may mean a rejection: no more than so many
passwords are risked on it."""


class Secret:
    """A password. Whatever prints it prints ***."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The password itself, for the wire and for nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not stored")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


class TokenPlace(msgspec.Struct, frozen=True):
    """Where a token is shown: the counterpart of a proxy and its user."""

    host: str
    port: int
    user: str
    """The name of the cookie that carries it."""


Asker = Proxy | TokenPlace
"""Who is shown a secret."""


class Turn(enum.Enum):
    """May the password be sent now?"""

    NO_PASSWORD = enum.auto()  # none was given
    FIRST = enum.auto()  # send it, and report what came of it
    ACCEPTED = enum.auto()  # send it: it has been accepted before
    WAIT = enum.auto()  # another one has just sent it
    REJECTED = enum.auto()  # never again in this run
    WITHHELD = enum.auto()  # it was sent several times, and each time the connection ended without a verdict


class _State(enum.Enum):
    UNTRIED = enum.auto()
    ON_TRIAL = enum.auto()
    ACCEPTED = enum.auto()
    REJECTED = enum.auto()


class _Standing:
    __slots__ = ("no_verdicts", "since", "state")

    def __init__(self) -> None:
        self.state = _State.UNTRIED
        self.since = 0.0
        """When the trial began, on the monotonic clock."""
        self.no_verdicts = 0


class Credentials:
    """The passwords of a run, and what has become of each at its proxy. Any thread may ask."""

    def __init__(
        self,
        secrets: Mapping[Proxy, Secret] | Mapping[TokenPlace, Secret] | Mapping[Asker, Secret] | None = None,
        passphrases: Mapping[str, Secret] | None = None,
    ) -> None:
        """`secrets`: what the references of the site stand for, resolved before the run; `passphrases`: those of
        files on this machine, by path. They are sent nowhere, so that no turn is taken for them."""
        self._secrets: dict[Asker, Secret] = {}
        for asker, secret in (secrets or {}).items():
            self._secrets[asker] = secret
        self._passphrases = dict(passphrases or {})
        self._changed = threading.Condition()
        self._standings: dict[tuple[str, int, str | None, Secret], _Standing] = {}

    def for_proxy(self, proxy: Asker) -> Secret | None:
        """The password for `proxy`, or the token for a place; None when none was given."""
        return self._secrets.get(proxy)

    def joined(self, other: Credentials) -> Credentials:
        """Both's, for a run that has not begun."""
        return Credentials({**self._secrets, **other._secrets}, {**self._passphrases, **other._passphrases})

    def passphrase(self, file: str) -> Secret | None:
        """The passphrase of a file on this machine; None when none was given."""
        return self._passphrases.get(file)

    def may_send(self, proxy: Asker) -> bool:
        """True when the password of `proxy` has been accepted there before."""
        with self._changed:
            standing = self._standing(proxy)
            return standing is not None and standing.state is _State.ACCEPTED

    def turn(self, proxy: Asker) -> Turn:
        """Asks for the right to send. FIRST obliges to report: accepted, rejected or no_verdict."""
        with self._changed:
            standing = self._standing(proxy)
            if standing is None:
                return Turn.NO_PASSWORD
            match standing.state:
                case _State.ACCEPTED:
                    return Turn.ACCEPTED
                case _State.REJECTED:
                    return Turn.REJECTED
                case _State.ON_TRIAL:
                    return Turn.WAIT
                case _State.UNTRIED:
                    if standing.no_verdicts >= _NO_VERDICTS_AT_MOST:
                        return Turn.WITHHELD
                    standing.state, standing.since = _State.ON_TRIAL, time.monotonic()
                    return Turn.FIRST

    def wait_for_turn(self, proxy: Asker, deadline: Deadline, patience: float | None = None) -> Turn:
        """As `turn`, but waits while another one's trial lasts.

        `patience` (seconds): a server that has not said no for so long is taken to be at work on what it was asked
        for, as HTTP proxies are, whose one answer is about both: then the next one may try, one at a time. None:
        wait for the verdict. Raises NetError: proxy-silent when the time is over, cancelled.
        """
        while True:
            turn = self.turn(proxy)
            if turn is not Turn.WAIT:
                return turn
            with self._changed:
                standing = self._standing(proxy)
                if standing is not None and standing.state is _State.ON_TRIAL:
                    if patience is not None and time.monotonic() - standing.since >= patience:
                        standing.since = time.monotonic()
                        return Turn.FIRST
                    self._changed.wait(min(CANCEL_SLICE, deadline.remaining()))
            if deadline.cancelled:
                raise failed(FaultReason.CANCELLED)
            if deadline.expired:
                raise failed(FaultReason.PROXY_SILENT, "another connection's password is still without a verdict")

    def accepted(self, proxy: Asker) -> None:
        """The server took the password: everybody may send it."""
        self._report(proxy, _State.ACCEPTED)

    def rejected(self, proxy: Asker) -> None:
        """The server refused the password: nobody sends it again."""
        self._report(proxy, _State.REJECTED)

    def no_verdict(self, proxy: Asker, *, ended: bool) -> None:
        """The server said nothing about the password; `ended`: it ended the connection instead."""
        with self._changed:
            standing = self._standing(proxy)
            if standing is None or standing.state is not _State.ON_TRIAL:
                return
            standing.state = _State.UNTRIED
            standing.no_verdicts += ended
            self._changed.notify_all()

    def _report(self, proxy: Asker, state: _State) -> None:
        with self._changed:
            standing = self._standing(proxy)
            if standing is not None and standing.state is not _State.REJECTED:
                standing.state = state
                self._changed.notify_all()

    def _standing(self, proxy: Asker) -> _Standing | None:
        """One for each proxy and password: the same server under another scheme is the same server."""
        secret = self._secrets.get(proxy)
        if secret is None:
            return None
        return self._standings.setdefault((proxy.host, proxy.port, proxy.user, secret), _Standing())
