"""One HTTP/2 request (RFC 9113) over a TLS session of our own, and everything that came back.

A library would make the connection itself; this one is made, and how far it came is the diagnosis. h2 keeps the
protocol's state and sees only bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)

from stdiag.model import Fault, FaultReason
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.greeting import spoken
from stdiag.net.tls import TlsSession

MAX_BODY = 16 * 1024
"""So much of a body is kept."""
MAX_RECEIVED = 256 * 1024
"""A server that sends more is not listened to any longer."""
MAX_DEBUG = 1024
"""So much of a GOAWAY's debug data is kept."""
MAX_HEADERS = 64
_MAX_VALUE = 1024
_CHUNK = 16 * 1024
_HEAD_BYTES = 64
_ENOUGH_TO_TELL = 5
_FRAME_HEAD = 9
_REST_S = 1.0
"""Seconds: the last words of a broken connection, and the rest of an HTTP/1 page, are waited for no longer."""
_FIRST_WORD_S = (0.05, 1.0)
"""Seconds, at least and at most, that the server's first word is waited for before anything is sent."""

_STATUS_LINE = re.compile(rb"HTTP/1\.\d (\d{3})\b")


class Http2Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked."""

    method: str
    authority: str
    path: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


class GoAway(msgspec.Struct, frozen=True):
    """The server's farewell (RFC 9113 §6.8)."""

    error: str
    """NO_ERROR, ENHANCE_YOUR_CALM …, or a number."""
    debug: str
    """Its debug data as text, at most 1 KiB. Hostile."""


class Http2Answer(msgspec.Struct, kw_only=True):
    """What came back, as far as it came."""

    settings_received: bool = False
    """The server's SETTINGS came: it speaks HTTP/2, and under TLS 1.3 it has accepted the handshake."""
    status: int | None = None
    headers: dict[str, str] = {}
    """Names in lower case. Hostile."""
    body: bytes = b""
    complete: bool = False
    """The answer came to its end."""
    goaway: GoAway | None = None
    reset: str | None = None
    """The error code of a RST_STREAM for our request."""
    spoken: str | None = None
    """What the server speaks in the place of HTTP/2: http (then `status` may be set from it), smtp … unknown."""
    first_bytes: bytes = b""
    """At most 64."""
    fault: Fault | None = None
    """Why nothing more came. An alert may be the refusal of a client certificate (RFC 8446 §4.4.2.4)."""


def ask_http2(session: TlsSession, request: Http2Request, deadline: Deadline) -> Http2Answer:
    """Sends `request` and reads what comes until the answer is there. Never raises for what a network can do."""
    return _Conversation(session, request, deadline).hold()


class _Conversation:
    def __init__(self, session: TlsSession, request: Http2Request, deadline: Deadline) -> None:
        self._session = session
        self._request = request
        self._deadline = deadline
        self._received = 0
        self._head = bytearray()
        self._buffer = bytearray()
        self._ended = False
        self._h2 = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        self.answer = Http2Answer()

    def hold(self) -> Http2Answer:
        try:
            self._h2.initiate_connection()
            self._hear_first_word()
            self._send_request()
            while not self._done():
                self._hear(self._deadline)
        except NetError as error:
            self.answer.fault = error.fault
        self.answer.first_bytes = bytes(self._head[:_HEAD_BYTES])
        return self.answer

    def _hear_first_word(self) -> None:
        """Before anything is sent: a server that refuses our certificate says so now, and closes. What was sent into a
        closed connection makes its system answer with a reset, which can overtake the alert that says why."""
        shortest, longest = _FIRST_WORD_S
        patience = max(shortest, min(longest, self._session.result.duration_us / 1_000_000))
        try:
            self._hear(self._deadline.within(patience))
        except NetError as error:
            if error.fault.reason not in (FaultReason.SILENT, FaultReason.SLOW) or self._deadline.expired:
                raise

    def _send_request(self) -> None:
        if self._done():
            return
        request = self._request
        stream = self._h2.get_next_available_stream_id()
        pseudo = ((":method", request.method), (":scheme", "https"), (":path", request.path))
        headers = [*pseudo, (":authority", request.authority), *request.headers]
        self._h2.send_headers(stream, headers, end_stream=not request.body)
        if request.body:
            self._h2.send_data(stream, request.body, end_stream=True)
        self._flush()

    def _flush(self) -> None:
        data = self._h2.data_to_send()
        if not data:
            return
        try:
            self._session.write(data, self._deadline)
        except NetError as error:
            self._hear_last_words(error)

    def _hear_last_words(self, error: NetError) -> None:
        """A write failed: what the server had said before may name the reason. Raises NetError."""
        if error.fault.reason is not FaultReason.TLS_ALERT:
            try:
                self._hear(self._deadline.within(_REST_S))
            except NetError as last:
                if last.fault.reason is FaultReason.TLS_ALERT:
                    raise last from error
        if not self._done():
            raise error

    def _hear(self, deadline: Deadline) -> None:
        """Takes in what comes next. Raises NetError."""
        data = self._session.read(_CHUNK, deadline)
        if not data:
            self._ended = True
            if self.answer.goaway is None and self.answer.spoken is None:
                self.answer.fault = Fault(FaultReason.CLOSED, f"after {self._received} bytes")
            return
        self._received += len(data)
        if self._received > MAX_RECEIVED:
            raise NetError(Fault(FaultReason.TOO_LARGE, f"more than {MAX_RECEIVED} bytes"))
        if len(self._head) < _ENOUGH_TO_TELL:
            self._head += data
            if len(self._head) < _ENOUGH_TO_TELL:
                return
            data = bytes(self._head)
            if (other := spoken(data)) not in (None, "unknown"):
                self._read_other(other)
                return
        self._take(data)

    def _take(self, data: bytes) -> None:
        """Frame by frame: what h2 makes of the earlier ones must not be lost when it refuses a later one."""
        self._buffer += data
        while not self._done() and len(self._buffer) >= _FRAME_HEAD:
            end = _FRAME_HEAD + int.from_bytes(self._buffer[:3])
            if end - _FRAME_HEAD > self._h2.max_inbound_frame_size:
                raise self._malformed("a frame that is too large")
            if len(self._buffer) < end:
                break
            frame, self._buffer = bytes(self._buffer[:end]), self._buffer[end:]
            try:
                events = self._h2.receive_data(frame)
            except Exception as error:  # h2 has exceptions of its own, and hostile frames find others
                raise self._malformed(type(error).__name__) from error
            self._note(events)
        if not self._done():
            self._flush()  # acknowledgements, and windows that are opened again

    def _malformed(self, words: str) -> NetError:
        if not self.answer.settings_received:
            self.answer.spoken = "unknown"
        return NetError(Fault(FaultReason.MALFORMED, f"not HTTP/2: {words}"))

    def _note(self, events: Iterable[Event]) -> None:
        answer = self.answer
        for event in events:
            match event:
                case RemoteSettingsChanged():
                    answer.settings_received = True
                case ResponseReceived():
                    self._note_head(event.headers or ())
                case DataReceived():
                    answer.body += (event.data or b"")[: MAX_BODY - len(answer.body)]
                    self._h2.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id or 0)
                case StreamEnded():
                    answer.complete = True
                case StreamReset():
                    answer.reset = _error_name(event.error_code)
                case ConnectionTerminated():
                    answer.goaway = GoAway(_error_name(event.error_code), _text(event.additional_data or b""))

    def _note_head(self, headers: Iterable[tuple[bytes | str, bytes | str]]) -> None:
        for raw_name, raw_value in list(headers)[:MAX_HEADERS]:
            name, value = _text(raw_name), _text(raw_value)
            if name == ":status" and value.isascii() and value.isdigit() and len(value) == 3:
                self.answer.status = int(value)
            elif not name.startswith(":"):
                self.answer.headers[name.lower()] = value[:_MAX_VALUE]

    def _read_other(self, other: str | None) -> None:
        """HTTP/1 in the place of HTTP/2: the status line and the beginning of the page are evidence."""
        answer = self.answer
        answer.spoken = other
        rest = self._deadline.within(_REST_S)
        try:
            while len(self._head) < MAX_BODY and (data := self._session.read(_CHUNK, rest)):
                self._head += data
        except NetError:
            pass  # it goes on no longer: what came is enough
        if line := _STATUS_LINE.match(self._head):
            answer.status = int(line[1])
        answer.body = bytes(self._head[:MAX_BODY])

    def _done(self) -> bool:
        answer = self.answer
        return (
            self._ended
            or answer.complete
            or answer.goaway is not None
            or answer.reset is not None
            or answer.spoken is not None
        )


def _error_name(code: ErrorCodes | int | None) -> str:
    try:
        return ErrorCodes(code or 0).name
    except ValueError:
        return str(code)


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data[:MAX_DEBUG].decode("utf-8", "backslashreplace")
