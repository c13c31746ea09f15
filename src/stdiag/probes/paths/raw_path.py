"""A path that carries the Sametime protocol as it is: direct, SOCKS, CONNECT."""

from __future__ import annotations

import threading
from collections.abc import Callable

from stdiag.net.deadline import CANCEL_SLICE
from stdiag.net.sametime import SametimeAnswer, talk
from stdiag.net.side_by_side import side_by_side
from stdiag.net.tls import TlsOffer, handshake
from stdiag.net.tls_stream import TlsStream
from stdiag.probes.paths.observation import SametimeReply
from stdiag.probes.paths.walk import Walk
from stdiag.probes.shared.record import handshake_record

SECURITY_LEVEL = 2
"""OpenSSL's of today."""

VERSION_MISMATCH = 0x80000200
NEWER_MINOR = 0x2149
"""What clients of 8.5.2 send; the first handshake has what the free client library sends."""

NO_TLS_AFTER = frozenset({"ack", "ack-incomplete", "destroy", "redirect", "ssh", "smtp", "ftp", "imap", "pop3"})
"""Answers after which a ClientHello would tell nothing new."""


def walk_raw(walk: Walk) -> None:
    """Connects, shakes hands in the Sametime protocol, and tries TLS on the same port where that is not acknowledged.

    TLS is not kept waiting for a silent port: it is tried beside after a second of silence.
    """
    stream = walk.connect(first=True)
    if stream is None:
        return
    done = threading.Event()

    def shake() -> None:
        try:
            with walk.tools.steps.step("sametime", "Sametime handshake", stream.peer) as note:
                answer = talk(stream, walk.step_deadline())
                note.fault = answer.fault
                note.detail = answer.spoke
            walk.observed.sametime = reply_of(answer)
            if answer.reason_code == VERSION_MISMATCH:
                _with_newer_version(walk)
        finally:
            done.set()

    def try_tls() -> None:
        _wait(done, walk.tools.timeouts.silence, walk)
        said = walk.observed.sametime
        if said is None or said.spoke not in NO_TLS_AFTER:
            _shake_tls(walk, done)

    calls: list[Callable[[], None]] = [shake, try_tls]
    side_by_side(calls, walk.tools.deadline)


def _with_newer_version(walk: Walk) -> None:
    """Once more, as a client of a newer release: a server may turn old ones away."""
    stream = walk.connect(first=False)
    if stream is None:
        return
    with walk.tools.steps.step("sametime", "Sametime handshake, newer version", stream.peer) as note:
        answer = talk(stream, walk.step_deadline(), minor=NEWER_MINOR)
        note.fault = answer.fault
        note.detail = answer.spoke
    if answer.spoke != "destroy":
        walk.observed.sametime = reply_of(answer)


def reply_of(answer: SametimeAnswer) -> SametimeReply:
    """An answer as the observation keeps it."""
    return SametimeReply(
        spoke=answer.spoke.value,
        minor_sent=answer.minor_sent,
        problem=answer.problem,
        redirect_to=answer.redirect_to,
        major=answer.major,
        minor=answer.minor,
        seen_address=answer.seen_address,
        reason_code=answer.reason_code,
        first_bytes=answer.first_bytes.hex(),
        fault=answer.fault,
    )


def _wait(done: threading.Event, seconds: float, walk: Walk) -> None:
    limit = walk.tools.deadline.within(seconds)
    while not done.wait(min(CANCEL_SLICE, limit.remaining())):
        if limit.expired or limit.cancelled:
            return


def _shake_tls(walk: Walk, done: threading.Event) -> None:
    """A ClientHello on a connection of its own, and inside TLS the Sametime handshake again."""
    stream = walk.connect(first=False)
    if stream is None:
        return
    said = walk.observed.sametime
    if done.is_set() and said is not None and said.spoke in NO_TLS_AFTER:
        stream.close()  # it only took its time
        return
    offer = TlsOffer(label="default", server_name=walk.server_name, security_level=SECURITY_LEVEL, alpn=())
    with walk.tools.steps.step("tls", "TLS handshake", stream.peer) as note:
        session = handshake(stream, offer, walk.step_deadline(), walk.trust)
        note.fault = session.result.fault
    walk.observed.tls = handshake_record(offer, session.result)
    if not session.result.completed:
        session.close()
        return
    with walk.tools.steps.step("sametime", "Sametime handshake inside TLS", stream.peer) as note:
        answer = talk(TlsStream(session, stream.peer), walk.step_deadline())
        note.fault = answer.fault
        note.detail = answer.spoke
    walk.observed.sametime_in_tls = reply_of(answer)
