"""A stand-in for Apple's push service: HTTP/2 with a client certificate, and the answers that Apple documents.

It delivers nothing. What it says of a certificate it takes from Apple's extensions, as the service does.
"""

from __future__ import annotations

import contextlib
import enum
import json
import ssl
import uuid
from dataclasses import dataclass

from cryptography import x509
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

from stdiag.lab.listener import Connection

_ARC = "1.2.840.113635.100.6.3."
_HANDSHAKE = 60.0
_CHUNK = 16384
_TOKEN_DIGITS = 64
_PATH = "/3/device/"


class ApnsBehaviour(enum.StrEnum):
    """What the service does with a request."""

    ANSWERS = "answers as Apple documents"
    SHUTDOWN = "says GOAWAY with the reason Shutdown"
    RESETS = "resets the stream"
    SILENT = "takes the request and says nothing"
    HTML = "answers with a web page, over HTTP/2"
    HTTP1 = "answers HTTP/1.1 whatever is spoken"
    CLOSES = "closes after the handshake"
    GARBAGE = "sends bytes that are no frames"


@dataclass(frozen=True, slots=True)
class ApnsRules:
    """How the service answers."""

    behaviour: ApnsBehaviour = ApnsBehaviour.ANSWERS
    sandbox: bool = False
    """It is the sandbox's host: certificates for production alone are refused."""
    always: tuple[int, str] | None = None
    """Status and reason for every request."""


class ApnsService:
    """Handler of the service's connections."""

    def __init__(self, context: ssl.SSLContext, rules: ApnsRules = ApnsRules()) -> None:
        """`context` asks for a client certificate, or does not; `rules` may be replaced while the service runs."""
        context.set_alpn_protocols(["h2"])
        self._context = context
        self.rules = rules

    def __call__(self, connection: Connection) -> None:
        """Serve one connection."""
        accepted = connection.socket
        accepted.settimeout(_HANDSHAKE)
        tls = self._context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        connection.socket = tls
        tls.do_handshake()
        match self.rules.behaviour:
            case ApnsBehaviour.CLOSES:
                return
            case ApnsBehaviour.GARBAGE:
                tls.sendall(b"\x00\x00\x04\x7f" + b"no frame at all" * 4)
            case ApnsBehaviour.HTTP1:
                tls.recv(_CHUNK)
                page = b"<html><title>Access denied</title></html>"
                tls.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page))
            case _:
                self._speak(tls, connection)

    def _speak(self, tls: ssl.SSLSocket, connection: Connection) -> None:
        spoken = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        spoken.initiate_connection()
        tls.sendall(spoken.data_to_send())
        requests: dict[int, dict[str, str]] = {}
        with contextlib.suppress(ProtocolError):
            while data := tls.recv(_CHUNK):
                for event in spoken.receive_data(data):
                    if isinstance(event, RequestReceived) and event.stream_id is not None:
                        requests[event.stream_id] = {str(name): str(value) for name, value in event.headers or ()}
                    elif isinstance(event, StreamEnded) and event.stream_id in requests:
                        self._answer(spoken, event.stream_id, requests[event.stream_id], _shown(tls))
                tls.sendall(spoken.data_to_send())
                if connection.stopping.is_set():
                    return

    def _answer(
        self, spoken: H2Connection, stream: int, headers: dict[str, str], shown: x509.Certificate | None
    ) -> None:
        apns_id = ("apns-id", headers.get("apns-id") or str(uuid.uuid4()).upper())
        match self.rules.behaviour:
            case ApnsBehaviour.SHUTDOWN:
                spoken.close_connection(ErrorCodes.NO_ERROR, json.dumps({"reason": "Shutdown"}).encode())
            case ApnsBehaviour.RESETS:
                spoken.reset_stream(stream, ErrorCodes.REFUSED_STREAM)
            case ApnsBehaviour.SILENT:
                return
            case ApnsBehaviour.HTML:
                spoken.send_headers(stream, [(":status", "503"), ("content-type", "text/html")])
                spoken.send_data(stream, b"<html><title>Blocked by policy</title></html>", end_stream=True)
            case _:
                status, reason = self.rules.always or self._reason(headers, shown)
                spoken.send_headers(stream, [(":status", str(status)), apns_id])
                spoken.send_data(stream, json.dumps({"reason": reason}).encode(), end_stream=True)

    def _reason(self, headers: dict[str, str], shown: x509.Certificate | None) -> tuple[int, str]:
        """Apple's answer, in the order in which its faults hide each other."""
        if headers.get(":method") != "POST":
            return 405, "MethodNotAllowed"
        path = headers.get(":path", "")
        if not path.startswith(_PATH):
            return 404, "BadPath"
        if shown is None:
            return 403, "MissingProviderToken"
        environments, topics = _apple(shown)
        if ("1" if self.rules.sandbox else "2") not in environments:
            return 403, "BadCertificateEnvironment" if environments else "BadCertificate"
        topic = headers.get("apns-topic")
        if topic is None and len(topics) > 1:
            return 400, "MissingTopic"
        if topic is not None and topics and topic.encode() not in topics:
            return 400, "TopicDisallowed"
        token = path.removeprefix(_PATH)
        if len(token) != _TOKEN_DIGITS or set(token) == {"0"}:
            return 400, "BadDeviceToken"
        return 410, "Unregistered"


def _shown(tls: ssl.SSLSocket) -> x509.Certificate | None:
    der = tls.getpeercert(binary_form=True)
    return x509.load_der_x509_certificate(der) if der else None


def _apple(certificate: x509.Certificate) -> tuple[set[str], set[bytes]]:
    """The environments' numbers, and the topics: each UTF8String of the extension that is followed by its kinds."""
    environments: set[str] = set()
    topics: set[bytes] = set()
    for extension in certificate.extensions:
        oid = extension.oid.dotted_string
        if oid in (_ARC + "1", _ARC + "2"):
            environments.add(oid[-1])
        elif oid == _ARC + "6" and isinstance(extension.value, x509.UnrecognizedExtension):
            topics |= _texts(extension.value.value)
    return environments, topics


def _texts(value: bytes) -> set[bytes]:
    """UTF8Strings directly inside a SEQUENCE of less than 256 bytes, which is as long as the lab's are."""
    at = 3 if value[1:2] == b"\x81" else 2
    found: set[bytes] = set()
    while at + 2 <= len(value):
        tag, length = value[at], value[at + 1]
        if tag == 0x0C:
            found.add(value[at + 2 : at + 2 + length])
        at += 2 + length
    return found
