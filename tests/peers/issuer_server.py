"""A web server on loopback that serves issuers' certificates, as the caIssuers addresses of public CAs do."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Answer:
    """What is served at one path."""

    body: bytes
    content_type: str = "application/pkix-cert"
    status: int = 200
    location: str | None = None


@dataclass
class IssuerServer:
    """The running server: put answers in, read what was asked."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Address of a path, whether something is served there or not."""
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(self, path: str, body: bytes, content_type: str = "application/pkix-cert") -> str:
        """Serve `body` at `path`; returns the address."""
        self.answers[path] = Answer(body, content_type)
        return self.url(path)

    def redirect(self, path: str, target: str) -> str:
        """Send those who ask for `path` to `target`; returns the address."""
        self.answers[path] = Answer(b"", status=302, location=target)
        return self.url(path)


@contextmanager
def issuer_server() -> Iterator[IssuerServer]:
    """Run it on a free port of 127.0.0.1 until the block ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            answer = state.answers.get(self.path) or Answer(b"no such file\n", "text/plain", 404)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            if answer.location:
                self.send_header("Location", answer.location)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            del format, args

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = IssuerServer(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
