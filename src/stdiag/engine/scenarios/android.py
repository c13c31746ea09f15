"""The story of one Android phone: what it meets on its way, up to the first thing that stops it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stdiag.clients.matrix import sentences
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.engine.scenarios.browser import why_the_browser_works
from stdiag.engine.scenarios.claims import checked_claims
from stdiag.engine.scenarios.facts import ANY_VERSION, Found, PhoneFacts
from stdiag.engine.scenarios.stages import ABOUT_THE_HANDSHAKE
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.model import LogClaim, Report, Severity, Story, StoryStage, StoryState, StoryStep
from stdiag.probes.shared.web_answerer import Answerer
from stdiag.probes.tls.client_findings import BY_CODE

_ANSWERED = frozenset(Answerer) - {Answerer.NO_CONNECTION}
_SAID_SOMETHING = _ANSWERED - {Answerer.NO_TLS, Answerer.OTHER_MODE, Answerer.NO_ANSWER}


def android_story(report: Report, client: str, claims: Sequence[LogClaim] = ()) -> Story:
    """What `client` (`android 4.4`, or `android` where its version was not said) meets in `report`, the run of
    `stdiag android`. `claims`: what its log says; they are checked against what was measured."""
    facts = PhoneFacts(report, client)
    steps = [tell(facts) for tell in _TOLD]
    at = next((number for number, step in enumerate(steps) if step.state is StoryState.STOPS), None)
    checked = checked_claims(facts, claims, {step.stage: step for step in steps})
    if at is None:
        return Story(client=client, steps=steps, log=checked)
    stop = steps[at]
    rest = [
        StoryStep(stage=step.stage, state=StoryState.NOT_REACHED, says="The phone does not come so far.")
        for step in steps[at + 1 :]
    ]
    return Story(
        client=client,
        steps=[*steps[: at + 1], *rest],
        stopped_by=stop.evidence[0],
        browser=why_the_browser_works(stop.stage, stop.code),
        log=checked,
    )


def told_again(story: Story, report: Report) -> Story:
    """`story` from what `report` says now: its findings may have been judged again."""
    return android_story(report, story.client, story.log)


def _stops(stage: StoryStage, found: Found, *more: str) -> StoryStep:
    return StoryStep(
        stage=stage,
        state=StoryState.STOPS,
        says=found.says,
        code=found.finding.code,
        evidence=[found.pointer, *more],
    )


def _unknown(stage: StoryStage, says: str, evidence: Sequence[str] = (), code: str | None = None) -> StoryStep:
    return StoryStep(stage=stage, state=StoryState.CANNOT_TELL, says=says, code=code, evidence=list(evidence))


def _ok(facts: PhoneFacts, stage: StoryStage, says: str, evidence: Sequence[str]) -> StoryStep:
    """Passed; what is wrong there without stopping this phone is said beside."""
    beside = [one for one in facts.at(stage) if one.finding.severity is not Severity.INFO]
    if beside:
        says = f"{says} It does not stop the phone, but: {beside[0].says}"
    code = beside[0].finding.code if beside else None
    return StoryStep(
        stage=stage, state=StoryState.OK, says=says, code=code, evidence=[*evidence, *(one.pointer for one in beside)]
    )


def _url(facts: PhoneFacts) -> StoryStep:
    stage = StoryStage.URL
    if errors := facts.at(stage, Severity.ERROR):
        return _stops(stage, errors[0])
    if facts.report.site.stproxy is None or not facts.report.site.stproxy.provisioning_url:
        return _unknown(
            stage, "No provisioning URL was given: what follows is as if the phone had been given a right one."
        )
    return _ok(facts, stage, "The link is right as it stands.", [f"/checks/{facts.url_at}/observation/url"])


def _name(facts: PhoneFacts) -> StoryStep:
    stage = StoryStage.NAME
    if errors := facts.at(stage, Severity.ERROR):
        return _stops(stage, errors[0])
    observation = facts.observation
    if observation is None or not observation.addresses:
        return _unknown(stage, f"Not measured: {facts.why_nothing()}.")
    addresses = ", ".join(one.address for one in observation.addresses)
    says = f"{facts.host} is {addresses} here." if addresses != facts.host else "The phone is given an address."
    return _ok(facts, stage, says, [f"/checks/{facts.url_at}/observation/addresses"])


def _tcp(facts: PhoneFacts) -> StoryStep:
    """One address that answers is enough: Android tries the next one."""
    stage = StoryStage.TCP
    reached = [pointer for pointer, answerer in facts.answerers() if answerer in _ANSWERED]
    errors = facts.at(stage, Severity.ERROR)
    if reached:
        return _ok(facts, stage, f"Port {facts.port} takes connections.", reached)
    if errors:
        return _stops(stage, errors[0])
    return _unknown(stage, f"Not measured: {facts.why_nothing()}.")


def _handshake(facts: PhoneFacts) -> StoryStep:
    return _as_this_android(facts, StoryStage.TLS, "The server takes its TLS versions and ciphers.")


def _certificate(facts: PhoneFacts) -> StoryStep:
    return _as_this_android(facts, StoryStage.CERTIFICATE, "It accepts the certificate chain.")


def _as_this_android(facts: PhoneFacts, stage: StoryStage, good: str) -> StoryStep:
    """By the handshake that was limited to what this Android offers, and its own roots; where there is none, by what
    stops every client."""
    told = facts.verdicts()
    errors = facts.at(stage, Severity.ERROR)
    concerned = [
        (pointer, one)
        for pointer, one in zip(told.pointers, told.verdicts, strict=True)
        if _stage_of(one.reason, accepts=one.accepts) is stage
    ]
    rejecting = [(pointer, one) for pointer, one in concerned if one.accepts is False]
    if told.verdicts and len(rejecting) == len(told.verdicts) and errors:
        reasons = {one.reason for _, one in rejecting}
        cause = next((one for one in errors if BY_CODE.get(one.finding.code) in reasons), errors[0])
        return _stops(stage, cause, *(pointer for pointer, _ in rejecting))
    if rejecting and facts.client == ANY_VERSION:
        return _unknown(
            stage,
            f"It depends on the version: {_in_words([one for _, one in concerned])} Name it with --version.",
            [pointer for pointer, _ in rejecting],
        )
    passing = [one for one in told.verdicts if one.accepts] or (
        [one for one in told.verdicts if _stage_of(one.reason, accepts=one.accepts) is StoryStage.CERTIFICATE]
        if stage is StoryStage.TLS
        else []
    )
    if errors and not passing:
        return _stops(stage, errors[0])
    if concerned:
        return _unknown(stage, _in_words([one for _, one in concerned]), [pointer for pointer, _ in concerned])
    if not told.verdicts:
        return _without_verdict(facts, stage)
    if not passing:
        return _unknown(stage, "The handshake as this Android brought no certificate to judge.", told.pointers)
    conditions = dict.fromkeys(one.detail for one in passing if one.accepts and one.detail)
    if stage is StoryStage.CERTIFICATE and all(one.detail for one in passing):
        return _unknown(stage, f"It accepts the certificate chain, {'; '.join(conditions)}.", told.pointers)
    return _ok(facts, stage, good, told.pointers)


def _stage_of(reason: ClientReason | None, *, accepts: bool | None) -> StoryStage | None:
    if accepts or reason is None:
        return None
    return StoryStage.TLS if reason in ABOUT_THE_HANDSHAKE else StoryStage.CERTIFICATE


def _in_words(verdicts: Sequence[ClientVerdict]) -> str:
    doubts = dict.fromkeys(one.doubt for one in verdicts if one.doubt)
    return "; ".join([*sentences(verdicts), *doubts]) + "."


def _without_verdict(facts: PhoneFacts, stage: StoryStage) -> StoryStep:
    stproxy = facts.report.site.stproxy
    url = parse_provisioning(stproxy.provisioning_url) if stproxy and stproxy.provisioning_url else None
    if url is not None and url.uses_tls is False:
        return _unknown(
            stage,
            "The link says that there is no TLS. Android 9 and later forbid that to apps that make no exception.",
            [f"/checks/{facts.url_at}/observation/url"],
        )
    return _unknown(stage, f"Not measured: {facts.why_nothing()}.")


def _reverse_proxy(facts: PhoneFacts) -> StoryStep:
    stage = StoryStage.REVERSE_PROXY
    if errors := facts.at(stage, Severity.ERROR):
        return _stops(stage, errors[0])
    asks = [pointer for pointer, answerer in facts.answerers() if answerer is Answerer.CREDENTIALS]
    if asks:
        says = "It asks for credentials by Basic, as the app speaks it, and the link says so. None were sent."
        return _ok(facts, stage, says, asks)
    answered = [pointer for pointer, answerer in facts.answerers() if answerer in _SAID_SOMETHING]
    if not answered:
        return _unknown(stage, f"Nobody answered a request: {facts.why_nothing()}.")
    return _ok(facts, stage, "Nobody before the Sametime Proxy asks for credentials.", answered)


def _stproxy(facts: PhoneFacts) -> StoryStep:
    stage = StoryStage.STPROXY
    if errors := facts.at(stage, Severity.ERROR):
        return _stops(stage, errors[0])
    here = [pointer for pointer, answerer in facts.answerers() if answerer is Answerer.STPROXY]
    if here:
        connected = facts.analysis is not None and any(one.community_connected for one in facts.analysis.addresses)
        silent = "; whether it reaches its Community Server it does not say."
        connection = ", and is connected to its Community Server." if connected else silent
        says = f"The Sametime Proxy answers{connection}"
        return _ok(facts, stage, says, here)
    beside = facts.at(stage)
    if beside:
        return _unknown(stage, beside[0].says, [beside[0].pointer], beside[0].finding.code)
    if any(answerer is Answerer.CREDENTIALS for _, answerer in facts.answerers()):
        return _unknown(stage, "What stands behind the reverse proxy shows only with credentials, and none were sent.")
    return _unknown(stage, f"Not measured: {facts.why_nothing()}.")


def _idle(facts: PhoneFacts) -> StoryStep:
    stage = StoryStage.IDLE
    held = facts.observation.idle if facts.observation else None
    if held is None:
        return _unknown(stage, "Not measured: --hold SECONDS holds a connection open, and asks again after it.")
    pointer = f"/checks/{facts.url_at}/observation/idle"
    if cut := facts.at(stage):
        found = cut[0]
        says = f"{found.says} Whether the phone notices depends on how often the app speaks."
        return _unknown(stage, says, [found.pointer, pointer], found.finding.code)
    if held.answered:
        return _ok(facts, stage, f"After {held.lasted_s:.0f} s of silence the connection still worked.", [pointer])
    why = facts.analysis.idle_says if facts.analysis else ""
    return _unknown(stage, why or "It could not be measured.", [pointer])


def _push(facts: PhoneFacts) -> StoryStep:
    stage = StoryStage.PUSH
    if errors := facts.push_errors():
        return _stops(stage, errors[0])
    if not facts.google:
        return _unknown(
            stage, "Not measured: the site has no [push] table. On the Sametime Proxy host, stdiag push asks it."
        )
    pointers = [f"/checks/{at}/analysis" for at, _ in facts.google]
    undecided = [at for at, _ in facts.google if facts.report.checks[at].undecided]
    if undecided:
        return _unknown(stage, "; ".join(facts.report.checks[undecided[0]].undecided), pointers)
    return _ok(facts, stage, "Google's services, which push to Android, are within reach of this machine.", pointers)


_TOLD: tuple[Callable[[PhoneFacts], StoryStep], ...] = (
    _url,
    _name,
    _tcp,
    _handshake,
    _certificate,
    _reverse_proxy,
    _stproxy,
    _idle,
    _push,
)
"""The stages in the order in which the phone meets them."""
