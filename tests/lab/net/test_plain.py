from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import answers, closes, drips, listens, peer, resets, says, silent, watched_peer

from stdiag.model import FaultReason
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer, Stream
from stdiag.net.plain import PlainAnswer, ask_http, ask_sametime, greet
from stdiag.net.sametime import goodbye_message, handshake_message
from stdiag.net.trace import StepRecorder

Question = Callable[[Stream, Deadline], PlainAnswer]


def ask(question: Question, port: int, seconds: float = 2.0) -> PlainAnswer:
    stream = Dialer(Timeouts()).connect("127.0.0.1", port, Deadline(5), StepRecorder(time.monotonic()))
    return question(stream, Deadline(seconds))


@pytest.mark.parametrize(
    ("banner", "protocol"),
    [
        (peers.SMTP_BANNER, "smtp"),
        (peers.SSH_BANNER, "ssh"),
        (peers.FTP_BANNER, "ftp"),
        (peers.IMAP_BANNER, "imap"),
        (peers.POP3_BANNER, "pop3"),
        (b"good morning\r\n", "unknown"),
    ],
)
def test_greetings(banner: bytes, protocol: str) -> None:
    with peer(says(banner)) as port:
        started = time.monotonic()
        answer = ask(greet, port)
        assert time.monotonic() - started < 1
    assert (answer.asked, answer.spoken, answer.first_bytes, answer.fault) == ("nothing", protocol, banner[:64], None)


def test_a_greeting_in_pieces() -> None:
    with peer(drips(b"SSH-2.0-x\r\n", pause=0.01)) as port:
        assert ask(greet, port).spoken == "ssh"


def test_http() -> None:
    with watched_peer(answers(peers.HTTP_PLAIN)) as log:
        answer = ask(ask_http, log.port)
    assert (answer.asked, answer.spoken, answer.fault) == ("http", "http", None)
    assert answer.first_bytes == peers.HTTP_PLAIN[:64]
    assert log.received[0].startswith(b"GET / HTTP/1.0\r\n")


@pytest.mark.parametrize("reply", [peers.SAMETIME_ACK, peers.SAMETIME_REFUSAL, b"\x80" + peers.SAMETIME_ACK])
def test_sametime(reply: bytes) -> None:
    with watched_peer(answers(reply, then=listens)) as log:
        answer = ask(ask_sametime, log.port)
    assert (answer.asked, answer.spoken, answer.fault) == ("sametime", "sametime", None)
    assert log.received == [handshake_message(), goodbye_message()]  # a polite end
    assert log.resets == 0


def test_tls_answers_a_plain_question_with_an_alert() -> None:
    with peer(answers(b"\x15\x03\x03\x00\x02\x02\x0a")) as port:
        assert ask(ask_http, port).spoken == "tls"


@pytest.mark.parametrize("question", [greet, ask_http, ask_sametime])
def test_silence(question: Question) -> None:
    with peer(silent) as port:
        answer = ask(question, port, 0.2)
    assert answer.spoken is None
    assert answer.fault is not None
    assert answer.fault.reason is FaultReason.SILENT


def test_the_end_without_a_word() -> None:
    with peer(closes) as port:
        answer = ask(greet, port)
    assert answer.fault is not None
    assert answer.fault.reason is FaultReason.CLOSED


def test_a_reset() -> None:
    with peer(resets) as port:
        answer = ask(ask_http, port)
    assert answer.fault is not None
    assert answer.fault.reason is FaultReason.RESET


def test_bytes_that_mean_nothing() -> None:
    with peer(says(b"\x00\x01\x02")) as port:
        answer = ask(greet, port)
    assert (answer.spoken, answer.first_bytes, answer.fault) == ("unknown", b"\x00\x01\x02", None)
