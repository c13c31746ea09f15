"""Whatever an observation holds, its judgement ends in the vocabulary, and the same facts are judged the same."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.probes.paths.observations import HOST, PROXIES, REVERSE

from stdiag.catalogue.prose import words
from stdiag.model import Check, Expected, Fault, FaultReason, Outcome, Path, Site, Subject, SubjectKind, Vantage, to_raw
from stdiag.net.sametime import Spoke
from stdiag.probes.contract import Context
from stdiag.probes.paths.judge import judge
from stdiag.probes.paths.observation import (
    HopReply,
    HttpReply,
    PathObservation,
    PathsObservation,
    ProxyTls,
    SametimeReply,
    SystemSettings,
)
from stdiag.probes.paths.present import present
from stdiag.probes.paths.reasons import Reason
from stdiag.probes.shared.handshake import Handshake, VerifyCode

STEPS = ["target-dns", "proxy-dns", "proxy-tcp", "proxy-tls", "greeting", "auth", "request", "open", "moon"]
SQUID = ["ERR_CONNECT_FAIL 111", "ERR_CONNECT_FAIL \u0663", "ERR_CONNECT_FAIL", "ERR_ACCESS_DENIED 0", "ERR_X", ""]

words_of_peers = st.text(max_size=12)
faults = st.none() | st.builds(
    Fault, st.sampled_from(FaultReason), words_of_peers, seen=st.sampled_from([None, "http", "socks5"])
)
headers = st.dictionaries(
    st.sampled_from(["server", "location", "via", "www-authenticate", "proxy-authenticate"]), words_of_peers, max_size=3
) | st.sampled_from(SQUID).map(lambda said: {"x-squid-error": said})
statuses = st.none() | st.integers(0, 599)
replies = st.builds(
    HopReply,
    step=st.sampled_from(STEPS),
    received=st.binary(max_size=12).map(bytes.hex) | st.just("zz"),
    status=statuses,
    headers=headers,
    schemes=st.lists(words_of_peers, max_size=2),
    sent_credentials=st.booleans(),
    fault=faults,
)
sametime = st.none() | st.builds(
    SametimeReply,
    spoke=st.sampled_from([*(one.value for one in Spoke), "quic"]),
    major=st.none() | st.integers(0, 70000),
    minor=st.none() | st.integers(0, 70000),
    seen_address=st.none() | words_of_peers | st.just("192.0.2.1"),
    reason_code=st.none() | st.integers(0, 2**32),
    first_bytes=st.binary(max_size=8).map(bytes.hex),
    fault=faults,
)
pages = st.builds(
    HttpReply,
    url=st.sampled_from(["http://x/CommunityCBR", "", "x"]),
    asked=st.sampled_from(["cbr", "cbr-lower", "control"]),
    stage=st.sampled_from(["name", "tcp", "tls", "http", "?"]),
    status=statuses,
    headers=headers,
    body=words_of_peers | st.just('<input type="password">'),
    sent_credentials=st.booleans(),
    fault=faults,
)
handshakes = st.builds(
    Handshake,
    offer=st.just("default"),
    server_name=st.none(),
    completed=st.booleans(),
    fault=faults,
    verify_errors=st.lists(
        st.builds(VerifyCode, code=st.sampled_from([10, 20, 62]), depth=st.just(0), text=words_of_peers)
    ),
)
paths = st.builds(
    PathObservation,
    path=st.builds(
        Path,
        kind=st.just("proxy"),
        proxy=st.sampled_from([*PROXIES.values(), REVERSE, None, "nonsense"]),
        method=st.sampled_from(["raw", "connect", "cbr"]),
    ),
    port=st.sampled_from([1533, 80, 8082]),
    system=st.booleans(),
    expected=st.none() | st.sampled_from(Expected),
    resolved_by=st.sampled_from(["here", "proxy"]),
    ended_at=st.none() | st.sampled_from(STEPS),
    fault=faults,
    replies=st.lists(replies, max_size=3),
    local_address=st.none() | st.just("192.0.2.9") | words_of_peers,
    sametime=sametime,
    tls=st.none() | handshakes,
    sametime_in_tls=sametime,
    http=st.lists(pages, max_size=3),
)
observations = st.builds(
    PathsObservation,
    host=st.just(HOST),
    paths=st.lists(paths, max_size=6),
    proxy_tls=st.lists(
        st.builds(ProxyTls, host=st.just("proxy.example.com"), port=st.just(3129), handshake=handshakes), max_size=1
    ),
    system=st.none() | st.builds(SystemSettings, script=st.none() | words_of_peers),
)


@settings(deadline=None, max_examples=400)  # a loaded machine is no failure
@given(observations, st.none() | st.sampled_from(Vantage))
def test_any_observation_is_judged(observation: PathsObservation, vantage: Vantage | None) -> None:
    context = Context(started=datetime(2026, 11, 20, tzinfo=UTC), site=Site(vantage=vantage))
    analysis, findings = judge(observation, context)
    assert len(analysis.paths) == len(observation.paths)
    for path in analysis.paths:
        assert path.stage == (path.reasons[0].stage if path.reasons else None)
        assert len(set(path.reasons)) == len(path.reasons)
        assert Reason.OK not in path.reasons[1:] or path.answer != "ack"
    for finding in findings:
        assert words(finding).summary
        assert finding.evidence
    stored = msgspec.json.decode(msgspec.json.encode(observation), type=PathsObservation)
    assert msgspec.json.encode(judge(stored, context)) == msgspec.json.encode((analysis, findings))
    check = Check("paths", Subject(kind=SubjectKind.NAME, host=HOST), Outcome.PASS, analysis=to_raw(analysis))
    assert bool(present(check)) == bool(analysis.paths)
