"""A name server on loopback that knows what a test gives it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

SILENT = None
"""In place of a zone: no answer at all."""

Zone = Mapping[str, Mapping[str, list[str]]]
"""Full name without the last dot → type → texts of its records. A CNAME answers every type with its whole chain."""


@dataclass
class NameServer:
    """A running one."""

    port: int
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(name, type) of every question."""


def _answer(question: dns.message.Message, zone: Zone, rcode: dns.rcode.Rcode | None) -> dns.message.Message:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    if rcode is not None:
        answer.set_rcode(rcode)
        return answer
    asked = question.question[0]
    name, kind = asked.name.to_text(omit_final_dot=True).lower(), asked.rdtype.name
    if name not in zone:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    for _ in range(8):
        records = zone.get(name, {})
        if "CNAME" in records:
            target = records["CNAME"][0]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            name = target
            continue
        if kind in records:
            answer.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", kind, *records[kind]))
        break
    return answer


@contextlib.contextmanager
def name_server(zone: Zone | None, rcode: dns.rcode.Rcode | None = None) -> Iterator[NameServer]:
    """Runs one that knows `zone`, or always answers with `rcode`, or (SILENT) never."""
    stop = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.05)
        running = NameServer(server.getsockname()[1])

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    data, client = server.recvfrom(4096)
                    question = dns.message.from_wire(data)
                    asked = question.question[0]
                    running.asked.append((asked.name.to_text(omit_final_dot=True), asked.rdtype.name))
                    if zone is not None or rcode is not None:
                        server.sendto(_answer(question, zone or {}, rcode).to_wire(), client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield running
        finally:
            stop.set()
            thread.join()


def ask_there(monkeypatch: pytest.MonkeyPatch, port: int, *search: str) -> None:
    """From here on dnspython asks 127.0.0.1 at `port`, whatever this machine's settings are."""

    def configured(resolver: dns.resolver.Resolver, filename: str = "", configure: bool = True) -> None:  # noqa: ARG001 - dnspython's own signature
        resolver.reset()
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = port
        resolver.search = [dns.name.from_text(domain) for domain in search]

    monkeypatch.setattr(dns.resolver.Resolver, "__init__", configured)
