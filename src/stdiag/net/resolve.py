"""Names become addresses: the system's answer, once a run for every name."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

from stdiag.model import Fault, FaultReason
from stdiag.net.deadline import CANCEL_SLICE, Deadline
from stdiag.net.faults import NetError, failed, fault_of
from stdiag.net.trace import StepRecorder

# How many look-ups run at a time. Each needs a thread, because the system's resolver blocks and cannot be stopped.
_POOL = 8

_MAX_NAME = 253
_MAX_LABEL = 63

Lookup = Callable[[str], list[str]]
"""A name's addresses, or OSError."""
Evidence = Callable[[str], str]
"""What the name servers themselves say about a name, in words; "" when nothing is known."""


class _Answer:
    """One name's look-up: made once, waited for by all who ask."""

    __slots__ = ("addresses", "fault", "known", "told", "took_us")

    def __init__(self) -> None:
        self.known = threading.Event()
        """Set when the system has answered."""
        self.told = threading.Event()
        """Set when the evidence is in too."""
        self.addresses: list[str] = []
        self.fault: Fault | None = None
        self.took_us = 0


def system_addresses(name: str) -> list[str]:
    """What the system's resolver answers (hosts file, DNS, …), in its order. Raises OSError.

    The name goes down as bytes: as text, Python would encode it once more by the outdated IDNA 2003.
    """
    found = socket.getaddrinfo(name.encode("ascii"), None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(target[0]) for *_, target in found))


class Resolver:
    """Looks names up with the system's resolver, at most eight at a time, every name once.

    Its threads end when there is nothing to look up, and are never joined: a look-up that hangs keeps no process.
    """

    def __init__(
        self, overrides: Mapping[str, str], *, lookup: Lookup = system_addresses, evidence: Evidence | None = None
    ) -> None:
        """`overrides` as `Site.resolve` holds them: `NAME[:PORT]` → `ADDRESS[:PORT]`, several with commas between.

        `evidence` is asked where the system cannot say why; by default the system's name servers are.
        """
        self._overrides = {_folded(key): value for key, value in overrides.items()}
        self._lookup = lookup
        self._evidence = evidence or _ask_name_servers
        self._lock = threading.Lock()
        self._answers: dict[str, _Answer] = {}
        self._waiting: deque[tuple[str, _Answer]] = deque()
        self._workers = 0

    def resolve(self, host: str, port: int, deadline: Deadline, steps: StepRecorder) -> list[tuple[str, int]]:
        """Addresses of `host`, each with the port to connect to, in the system's order. An address answers itself.

        Raises NetError: name-not-found, name-server-failure (several causes), name-timeout, cancelled.
        """
        if is_address(host):
            return [(host, port)]
        with steps.step("dns", "look up", peer=host) as note:
            name = ascii_name(host)
            told = self.told(host, port)
            if told:
                note.detail = f"answered by --resolve: {self._override(name, port)}"
                return told
            addresses, shared = self._shared(name, deadline)
            note.detail = ", ".join(addresses) + (" (asked before in this run)" if shared else "")
            return [(address, port) for address in addresses]

    def system(self, host: str, deadline: Deadline, steps: StepRecorder) -> tuple[list[str], int]:
        """What the system answers of the name `host`, whatever --resolve says: addresses in its order, and the
        microseconds that the look-up took. Raises NetError as `resolve`."""
        with steps.step("dns", "look up", peer=host) as note:
            name = ascii_name(host)
            addresses, shared = self._shared(name, deadline)
            note.detail = ", ".join(addresses) + (" (asked before in this run)" if shared else "")
            return addresses, self._answers[name].took_us

    def told(self, host: str, port: int) -> list[tuple[str, int]]:
        """What --resolve says of `host`; empty where it says nothing. Asks nobody. Raises NetError as `resolve` for a
        name that cannot be one."""
        if is_address(host):
            return []
        override = self._override(ascii_name(host), port)
        return [_address_and_port(one.strip(), port) for one in override.split(",")] if override else []

    def _override(self, name: str, port: int) -> str:
        return self._overrides.get(f"{name}:{port}") or self._overrides.get(name) or ""

    def _shared(self, name: str, deadline: Deadline) -> tuple[list[str], bool]:
        with self._lock:
            answer = self._answers.get(name)
            shared = answer is not None
            if answer is None:
                answer = self._answers[name] = _Answer()
                self._waiting.append((name, answer))
                if self._workers < _POOL:
                    self._workers += 1
                    threading.Thread(target=self._work, name=f"resolve {name}", daemon=True).start()
        while not answer.told.wait(min(CANCEL_SLICE, deadline.remaining())):
            if deadline.cancelled:
                raise failed(FaultReason.CANCELLED)
            if deadline.expired:
                break
        if not answer.known.is_set():
            raise failed(FaultReason.NAME_TIMEOUT, "the system's resolver has not answered in time")
        if answer.fault is not None:
            raise NetError(answer.fault)
        return answer.addresses, shared

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._workers -= 1
                    return
                name, answer = self._waiting.popleft()
            self._answer(name, answer)

    def _answer(self, name: str, answer: _Answer) -> None:
        began = time.monotonic()
        try:
            answer.addresses = self._lookup(name)
            if not answer.addresses:
                answer.fault = Fault(FaultReason.NAME_NOT_FOUND, "the system's resolver returned no address")
        except OSError as error:
            answer.fault = fault_of(error)
        except Exception as error:  # a waiting check must never wait for a dead thread
            answer.fault = Fault(FaultReason.LOCAL, f"the system's resolver: {error}")
        answer.took_us = round((time.monotonic() - began) * 1_000_000)
        answer.known.set()
        try:
            if answer.fault is not None and answer.fault.reason is FaultReason.NAME_SERVER_FAILURE:
                words = self._evidence(name)
                if words:
                    answer.fault = Fault(answer.fault.reason, f"{answer.fault.words}; {words}")
        finally:
            answer.told.set()


def is_address(host: str) -> bool:
    """True for an IPv4 address in four numbers, or an IPv6 address, with or without a zone."""
    for family, text in ((socket.AF_INET, host), (socket.AF_INET6, host.partition("%")[0])):
        try:
            socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
        return True
    return False


def ascii_name(host: str) -> str:
    """The name that is asked for: lower-case, in A-labels (IDNA 2008 with the mapping of UTS 46), no trailing dot.

    Raises NetError name-not-found for what no name server can know: empty or long labels (RFC 1035 §2.3.4),
    characters that no name has.
    """
    name = host if host.isascii() else _a_labels(host)
    name = _folded(name)
    if len(name) > _MAX_NAME:
        raise failed(FaultReason.NAME_NOT_FOUND, f"the name is longer than {_MAX_NAME} characters")
    if any(character <= " " or character == "\x7f" for character in name):
        raise failed(FaultReason.NAME_NOT_FOUND, "the name holds a space or a control character")
    for label in name.split("."):
        if not label:
            raise failed(FaultReason.NAME_NOT_FOUND, "the name has an empty label")
        if len(label) > _MAX_LABEL:
            raise failed(FaultReason.NAME_NOT_FOUND, f"the name has a label of more than {_MAX_LABEL} characters")
    return name


def _a_labels(host: str) -> str:
    import idna

    if len(host) > _MAX_NAME:  # before the encoding, which takes time for a long one
        raise failed(FaultReason.NAME_NOT_FOUND, f"the name is longer than {_MAX_NAME} characters")
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (UnicodeError, IndexError) as error:  # IDNAError is a UnicodeError
        raise failed(FaultReason.NAME_NOT_FOUND, f"not a valid international name: {error}") from error


def _folded(name: str) -> str:
    return name.lower().removesuffix(".")


def _address_and_port(text: str, port: int) -> tuple[str, int]:
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        return address, int(rest[1:]) if rest else port
    if text.count(":") == 1:
        address, _, own_port = text.partition(":")
        return address, int(own_port)
    return text, port


def _ask_name_servers(name: str) -> str:
    from stdiag.net.name_servers import words_of_name_servers

    return words_of_name_servers(name)
