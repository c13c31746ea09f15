from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.rcode
import dns.resolver
import pytest

from stdiag.net import name_servers
from stdiag.net.name_servers import words_of_name_servers


@contextlib.contextmanager
def name_server(rcode: dns.rcode.Rcode | None) -> Iterator[int]:
    """A name server on loopback that always answers so, or never."""
    stop = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.05)

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    question, client = server.recvfrom(4096)
                    if rcode is not None:
                        answer = dns.message.make_response(dns.message.from_wire(question))
                        answer.set_rcode(rcode)
                        server.sendto(answer.to_wire(), client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join()


@pytest.fixture
def configuration(tmp_path: Path) -> str:
    file = tmp_path / "resolv.conf"
    file.write_text("nameserver 127.0.0.1\n", encoding="ascii")
    return str(file)


@pytest.mark.parametrize(
    ("rcode", "words"),
    [
        (dns.rcode.NXDOMAIN, "127.0.0.1 says NXDOMAIN"),
        (dns.rcode.SERVFAIL, "SERVFAIL"),
        (dns.rcode.REFUSED, "REFUSED"),
        (dns.rcode.NOERROR, "has answered now"),
        (None, "did not answer"),
    ],
)
def test_what_a_name_server_says(
    rcode: dns.rcode.Rcode | None, words: str, configuration: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_servers, "_LIFETIME", 0.5)
    with name_server(rcode) as port:
        monkeypatch.setattr(dns.resolver.BaseResolver, "port", port, raising=False)
        original = dns.resolver.Resolver.__init__

        def on_our_port(resolver: dns.resolver.Resolver, *args: object, **options: object) -> None:
            original(resolver, *args, **options)  # type: ignore[arg-type]  # passed on as they came
            resolver.port = port

        monkeypatch.setattr(dns.resolver.Resolver, "__init__", on_our_port)
        started = time.monotonic()
        assert words in words_of_name_servers("chat.example.com", configuration)
        assert time.monotonic() - started < 1.5


def test_a_machine_without_name_servers(tmp_path: Path) -> None:
    assert "no name server" in words_of_name_servers("chat.example.com", str(tmp_path / "missing"))
