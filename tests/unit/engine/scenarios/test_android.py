"""The story of a phone: each stage stops it, lets it through, or cannot be told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.unit.engine.scenarios.stories import client, found, report

from stdiag.catalogue.registry import ALL
from stdiag.clients.verdict import ClientReason
from stdiag.engine.scenarios.android import android_story, told_again
from stdiag.engine.scenarios.browser import why_the_browser_works
from stdiag.engine.scenarios.stages import ABOUT_THE_HANDSHAKE, CLIENTS_OWN, LOG_STAGES, STAGES
from stdiag.model import Decision, Severity, Story, StoryStage, StoryState, Subject, SubjectKind
from stdiag.net.idle import IdleEnd, IdleHold
from stdiag.probes.shared.web_answerer import Answerer

NINE = "android 9"
NOBODY: dict[str, Any] = {"clients": (), "answerers": (Answerer.NO_CONNECTION,)}
UNASKED: dict[str, Any] = {"clients": (), "asked": False}
REJECTS = ClientReason.NO_COMMON_TLS_VERSION, ClientReason.MISSING_INTERMEDIATE, ClientReason.ROOT_NOT_IN_STORE


def states(story: Story) -> dict[StoryStage, StoryState]:
    return {step.stage: step.state for step in story.steps}


def stop(story: Story) -> StoryStage | None:
    return next((step.stage for step in story.steps if step.state is StoryState.STOPS), None)


def rejecting(reason: ClientReason, version: str = "9") -> dict[str, Any]:
    return {"clients": (client(version, accepts=False, reason=reason, detail="a reason"),)}


STOPS: dict[StoryStage, tuple[str, dict[str, Any]]] = {
    StoryStage.URL: ("prov-action-missing", {"url": [found("prov-action-missing")]}),
    StoryStage.NAME: ("net-name-not-found", {"url": [found("net-name-not-found")], **UNASKED}),
    StoryStage.TCP: ("net-refused", {"url": [found("net-refused")], **NOBODY}),
    StoryStage.TLS: (
        "tls-version-new-only",
        {"tls": [found("tls-version-new-only", Severity.ERROR)], **rejecting(REJECTS[0])},
    ),
    StoryStage.CERTIFICATE: ("tls-chain-incomplete", {"tls": [found("tls-chain-incomplete")], **rejecting(REJECTS[1])}),
    StoryStage.REVERSE_PROXY: (
        "prov-proxy-auth-scheme",
        {"url": [found("prov-proxy-auth-scheme")], "answerers": (Answerer.CREDENTIALS,)},
    ),
    StoryStage.STPROXY: ("prov-community-down", {"url": [found("prov-community-down")], "connected": False}),
    StoryStage.PUSH: ("push-google-blocked", {"push": [found("push-google-blocked")]}),
}


@pytest.mark.parametrize("stage", STOPS)
def test_the_first_fatal_stage_stops_the_phone_and_the_rest_is_not_reached(stage: StoryStage) -> None:
    code, facts = STOPS[stage]
    run = report(**facts)
    story = android_story(run, NINE)
    at = list(StoryStage).index(stage)
    assert [step.stage for step in story.steps] == list(StoryStage)
    assert stop(story) is stage
    assert story.steps[at].code == code
    assert {step.state for step in story.steps[:at]} <= {StoryState.OK, StoryState.CANNOT_TELL}
    assert {step.state for step in story.steps[at + 1 :]} <= {StoryState.NOT_REACHED}
    assert story.browser
    assert story.stopped_by is not None
    assert pointed_at(run, story.stopped_by)["code"] == code
    assert run.verdict.decision is Decision.NO_GO


@pytest.mark.parametrize("stage", STOPS)
def test_every_pointer_leads_somewhere(stage: StoryStage) -> None:
    run = report(**STOPS[stage][1])
    for step in android_story(run, NINE).steps:
        for pointer in step.evidence:
            pointed_at(run, pointer)


def pointed_at(run: Any, pointer: str) -> Any:
    value = msgspec.json.decode(msgspec.json.encode(run))
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def test_a_phone_that_gets_through() -> None:
    held = IdleHold(address="192.0.2.10", asked_s=5, lasted_s=5.0, ended=IdleEnd.ANSWERED)
    story = android_story(report(push=[], idle=held), NINE)
    assert set(states(story).values()) == {StoryState.OK}
    assert (story.stopped_by, story.browser) == (None, "")


def test_of_two_fatal_stages_the_earlier_one_is_named() -> None:
    first = [found("tls-chain-incomplete"), found("tls-version-new-only", Severity.ERROR)]
    assert stop(android_story(report(tls=first, **rejecting(REJECTS[0])), NINE)) is StoryStage.TLS


def test_an_error_that_this_android_does_not_meet_does_not_stop_it() -> None:
    story = android_story(report(tls=[found("tls-version-old-only")]), "android 9")
    tls = story.steps[list(StoryStage).index(StoryStage.TLS)]
    assert (tls.state, tls.code) == (StoryState.OK, "tls-version-old-only")
    assert "does not stop the phone" in tls.says


def test_an_error_of_the_handshake_does_not_stop_an_android_that_fails_at_the_certificate() -> None:
    errors = [found("tls-version-old-only"), found("tls-chain-incomplete")]
    assert stop(android_story(report(tls=errors, **rejecting(REJECTS[1])), NINE)) is StoryStage.CERTIFICATE


def test_without_a_handshake_what_stops_everybody_stops_it() -> None:
    story = android_story(report(tls=[found("tls-not-tls")], clients=(), answerers=(Answerer.OTHER_MODE,)), NINE)
    assert stop(story) is StoryStage.TLS


def test_one_dead_address_of_two_does_not_stop_it() -> None:
    dead = found("net-timeout", subject=Subject(kind=SubjectKind.ADDRESS, host="chat.example.com", port=443))
    story = android_story(report(url=[dead], answerers=(Answerer.STPROXY, Answerer.NO_CONNECTION)), NINE)
    assert stop(story) is None
    assert states(story)[StoryStage.TCP] is StoryState.OK


def test_without_a_version_it_may_depend_on_it() -> None:
    old = client("4.4", accepts=False, reason=ClientReason.NO_COMMON_TLS_VERSION, detail="offers TLS 1.0")
    info = found("tls-client-no-common-tls", Severity.INFO)
    story = android_story(report(tls=[info], clients=(old, client("9"))), "android")
    tls = story.steps[list(StoryStage).index(StoryStage.TLS)]
    assert tls.state is StoryState.CANNOT_TELL
    assert "4.4" in tls.says
    assert "--version" in tls.says


def test_without_a_version_what_stops_all_of_them_stops_it() -> None:
    rows = [client(one, accepts=False, reason=ClientReason.MISSING_INTERMEDIATE) for one in ("4.4", "9")]
    story = android_story(report(tls=[found("tls-chain-incomplete")], clients=rows), "android")
    assert stop(story) is StoryStage.CERTIFICATE


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (client("9", accepts=None, reason=ClientReason.UNKNOWN_USER_ROOT, detail="a private root"), "a private root"),
        (client("9", detail="if the private root X is installed"), "if the private root X is installed"),
        (client("9", accepts=False, reason=REJECTS[2], detail="no root", doubt="it may be ahead"), "it may be ahead"),
    ],
)
def test_what_the_matrix_leaves_open_the_story_leaves_open(verdict: Any, words: str) -> None:
    story = android_story(report(clients=(verdict,)), NINE)
    step = story.steps[list(StoryStage).index(StoryStage.CERTIFICATE)]
    assert step.state is StoryState.CANNOT_TELL
    assert words in step.says


def test_without_a_url_nothing_is_said_of_it() -> None:
    assert states(android_story(report(provisioning_url=None), NINE))[StoryStage.URL] is StoryState.CANNOT_TELL


def test_a_link_without_tls() -> None:
    plain = "sametime://chat.example.com:9080/?action=AddCommunity&ssl=false"
    story = android_story(report(provisioning_url=plain, clients=()), NINE)
    assert states(story)[StoryStage.TLS] is states(story)[StoryStage.CERTIFICATE] is StoryState.CANNOT_TELL
    assert "no TLS" in next(step.says for step in story.steps if step.stage is StoryStage.TLS)


def test_nothing_was_asked() -> None:
    story = android_story(report(undecided="the URL names no usable host", **UNASKED), NINE)
    assert StoryState.OK not in {step.state for step in story.steps[1:]}
    assert "no usable host" in story.steps[1].says


def test_a_reverse_proxy_that_the_link_speaks_of() -> None:
    story = android_story(report(answerers=(Answerer.CREDENTIALS,)), NINE)
    assert states(story)[StoryStage.REVERSE_PROXY] is StoryState.OK
    assert states(story)[StoryStage.STPROXY] is StoryState.CANNOT_TELL


def test_an_older_proxy_without_proxyinfo_is_not_called_healthy() -> None:
    unknown = found("prov-stproxy-unknown")
    story = android_story(report(url=[unknown], answerers=(Answerer.UNKNOWN,)), NINE)
    assert states(story)[StoryStage.STPROXY] is StoryState.CANNOT_TELL


@pytest.mark.parametrize("end", [end for end in IdleEnd if end is not IdleEnd.ANSWERED])
def test_a_silence_that_does_not_last_is_told_and_stops_nobody(end: IdleEnd) -> None:
    held = IdleHold(address="192.0.2.10", asked_s=300, lasted_s=62.0, ended=end)
    cut = [found("prov-idle-cut")] if end in (IdleEnd.RESET, IdleEnd.SILENT) else []
    story = android_story(report(idle=held, url=cut, idle_says="why nothing can be told"), NINE)
    step = story.steps[list(StoryStage).index(StoryStage.IDLE)]
    assert step.state is StoryState.CANNOT_TELL
    assert (step.code == "prov-idle-cut") is bool(cut)
    assert ("why nothing" in step.says) is not bool(cut)


def test_it_is_told_again_from_what_the_report_says_now() -> None:
    story = android_story(report(tls=[found("tls-chain-incomplete")], **rejecting(REJECTS[1])), NINE)
    assert stop(told_again(story, report())) is None


def test_every_way_to_reject_has_a_stage_and_every_code_a_browser() -> None:
    for reason in ClientReason:
        assert isinstance(reason in ABOUT_THE_HANDSHAKE, bool)
    for code, stage in STAGES.items():
        assert code in ALL
        assert why_the_browser_works(stage, code)


def test_tables_name_codes_that_exist() -> None:
    assert {*LOG_STAGES, *CLIENTS_OWN} <= ALL.keys()
    assert {code for codes in CLIENTS_OWN.values() for code in codes} <= ALL.keys()
    missing = {code for code in ALL if code.startswith("tls-")} - STAGES.keys()
    assert missing == set()
