"""The Sametime handshake against libmeanwhile, which others wrote from others' knowledge: from both sides."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from tests.peers.meanwhile_peer import converse, meanwhile_mux, wait_for
from tests.peers.mux import Manner, mux
from tests.peers.paths import diagnose_paths

pytestmark = pytest.mark.peer("gcc", "pkg-config", "meanwhile.pc")

Programs = dict[str, Path]


def test_our_handshake_is_understood_and_its_acknowledgement_by_us(
    meanwhile_programs: Programs, servers: contextlib.ExitStack
) -> None:
    served = servers.enter_context(meanwhile_mux(meanwhile_programs["mux"], "ack"))

    run = diagnose_paths("127.0.0.1", served.port)

    wait_for(served, "CHANNEL_DESTROY")
    assert served.fields("HANDSHAKE") == {
        "options": "0",
        "channel": "0",
        "version": "30.29",
        "server_calculated": "0",
        "type": "1700",
        "local": "0",
        "a": "0100",
        "b": "0",
        "host": "",
        "left": "0",
    }
    assert served.fields("CHANNEL_DESTROY") == {"channel": "0", "reason": "00000000", "left": "0"}
    assert served.messages == ["HANDSHAKE", "CHANNEL_DESTROY"], "no LOGIN, nothing else"
    assert run.path("raw").reasons == ["ok"]
    assert run.path("raw").sametime["major"] == 30
    assert run.path("raw").sametime["minor"] == 29
    assert run.path("raw").sametime["seen_address"] == "127.0.0.1"


def test_a_refusal_is_read_with_its_reason(meanwhile_programs: Programs, servers: contextlib.ExitStack) -> None:
    served = servers.enter_context(meanwhile_mux(meanwhile_programs["mux"], "destroy", "80000200"))

    run = diagnose_paths("127.0.0.1", served.port)

    wait_for(served, "HANDSHAKE")
    assert served.messages[0] == "HANDSHAKE"
    assert run.path("raw").sametime["spoke"] == "destroy"
    assert run.path("raw").sametime["reason_code"] == 0x80000200


def test_same_bytes_as_the_library(meanwhile_programs: Programs, servers: contextlib.ExitStack) -> None:
    """The library's handshake and its goodbye, and ours, as they stood on the wire."""
    server = servers.enter_context(mux())

    conversation = converse(meanwhile_programs["client"], server.port)
    diagnose_paths("127.0.0.1", server.port)

    assert conversation.exit_code == 0, conversation.lines
    assert "server 30.29" in conversation.lines
    theirs, *ours = [bytes(visit.received) for visit in server.handshakes]
    assert theirs[:4] == b"\x00\x00\x00\x22"
    assert ours == [theirs]


@pytest.mark.parametrize(
    ("manner", "state"),
    [(Manner.ACK, "state HANDSHAKE_ACK"), (Manner.REFUSE, "state STOPPING 80000200")],
    ids=["ack", "refuse"],
)
def test_the_stand_in_answers_as_the_library_expects(
    meanwhile_programs: Programs, servers: contextlib.ExitStack, manner: Manner, state: str
) -> None:
    """What the other tests here rest on: the stand-in's bytes are Sametime to an independent reader."""
    server = servers.enter_context(mux(manner))

    assert state in converse(meanwhile_programs["client"], server.port).lines
