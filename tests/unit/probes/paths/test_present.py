"""What a reader of the screen sees of paths."""

from __future__ import annotations

import pytest
from tests.unit.probes.paths.observations import (
    ACK,
    DIRECT_REFUSED,
    HOST,
    answers,
    direct,
    ended,
    fault,
    judged,
    observation,
    reply,
    spoke,
    through,
    web,
    with_expected,
)

from stdiag.model import (
    Block,
    Check,
    Expected,
    FaultReason,
    Mark,
    Matrix,
    Outcome,
    Subject,
    SubjectKind,
    Text,
    to_raw,
)
from stdiag.probes.paths.observation import PathObservation
from stdiag.probes.paths.present import present
from stdiag.probes.paths.words import NEVER_SEEN


def shown(*paths: PathObservation) -> list[Block]:
    """Blocks of a check of these paths."""
    analysis, findings = judged(*paths)
    check = Check(
        probe="paths",
        subject=Subject(kind=SubjectKind.NAME, host=HOST),
        outcome=Outcome.PASS,
        observation=to_raw(observation(*paths)),
        analysis=to_raw(analysis),
        findings=findings,
    )
    return present(check)


def matrix(blocks: list[Block]) -> dict[str, list[tuple[str, Mark] | None]]:
    (block,) = [block for block in blocks if isinstance(block, Matrix)]
    return {row.name: [(cell.word, cell.mark) if cell else None for cell in row.cells] for row in block.rows}


def lines(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Text) and block.text != NEVER_SEEN]


def test_a_matrix_of_paths_and_ports_with_1533_first() -> None:
    blocks = shown(
        direct(80, **DIRECT_REFUSED),
        direct(**ACK),
        through("socks5", **ended("proxy-tcp", FaultReason.TIMEOUT)),
    )
    assert isinstance(blocks[0], Matrix)
    assert blocks[0].columns == ["1533", "80"]
    assert matrix(blocks) == {
        "direct": [("Sametime", Mark.GOOD), ("refused", Mark.BAD)],
        "socks5://proxy.example.com:1080": [("timeout", Mark.BAD), None],
    }


def test_a_line_for_each_failing_path_with_stage_reason_remedy_and_setting() -> None:
    denied = ended("request", FaultReason.PROXY_REFUSED_REQUEST, reply(403, squid="ERR_ACCESS_DENIED 0"))
    (line,) = lines(shown(through("http", 1533, **denied), through("http", 80, **denied)))
    assert line.startswith("http://proxy.example.com:3128, CONNECT, port 1533, 80: proxy-policy:port-denied or ")
    assert "Remedy: add the port to the proxy's allowed ports." in line
    assert "Client setting: https-proxy." in line


def test_a_connect_that_is_denied_is_not_needed_where_requests_get_through() -> None:
    denied = ended("request", FaultReason.PROXY_REFUSED_REQUEST, reply(403, squid="ERR_ACCESS_DENIED 0"))
    blocks = shown(through("http", **denied), web(*answers(200, 200, 404), kind="http"))
    assert lines(blocks)[0] == (
        "http://proxy.example.com:3128, CONNECT, port 1533: proxy-policy:port-denied; not needed, as HTTP gets through."
    )
    assert matrix(blocks)["http://proxy.example.com:3128, CONNECT"] == [("proxy-policy", Mark.PLAIN)]


def test_what_works_says_which_version_and_address_the_server_told() -> None:
    assert lines(shown(direct(**ACK))) == [
        "direct, port 1533: Sametime, protocol version 30.8521, sees this client as 192.0.2.7. Client setting: direct."
    ]


def test_of_several_candidates_none_is_told_as_certain() -> None:
    refused = ended("request", FaultReason.PROXY_REFUSED_REQUEST, reply(0x5B))
    (line,) = lines(shown(through("socks4", **refused)))
    assert "Remedy: find out which it is" in line
    assert "nothing listens" not in line


def test_what_is_optional_is_one_line() -> None:
    optional = [with_expected(direct(port, **DIRECT_REFUSED), Expected.OPTIONAL) for port in (80, 8082)]
    assert lines(shown(direct(**ACK), *optional))[0] == (
        "Optional, and not there: direct, port 80 (remote-tcp:refused); direct, port 8082 (remote-tcp:refused)."
    )


def test_it_is_said_that_no_real_server_was_ever_seen() -> None:
    assert any(isinstance(block, Text) and block.text == NEVER_SEEN for block in shown(direct(**ACK)))


@pytest.mark.parametrize(
    ("path", "word", "mark"),
    [
        (with_expected(direct(fault=fault(FaultReason.TIMEOUT)), Expected.CLOSED), "timeout", Mark.GOOD),
        (with_expected(direct(**ACK), Expected.CLOSED), "Sametime", Mark.BAD),
        (with_expected(direct(**spoke("silent")), Expected.OPTIONAL), "silent", Mark.PLAIN),
        (direct(fault=fault(FaultReason.CANCELLED)), "not known", Mark.UNSURE),
    ],
)
def test_marks_follow_what_is_expected(path: PathObservation, word: str, mark: Mark) -> None:
    assert matrix(shown(path))["direct"] == [(word, mark)]


def test_nothing_observed_nothing_shown() -> None:
    bare = Check(probe="paths", subject=Subject(kind=SubjectKind.NAME, host=HOST), outcome=Outcome.SKIP)
    assert present(bare) == []
    assert shown() == []
