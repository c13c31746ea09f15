"""What a client's log says, beside what was measured. Pure.

A log is a claim about the past, from another place. A measurement can confirm it, show that it does not hold any more
or not on this way, or be unable to tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.engine.scenarios.facts import PhoneFacts
from stdiag.engine.scenarios.stages import CLIENTS_OWN, LOG_STAGES, SAME_FROM_EVERYWHERE, STAGES
from stdiag.formats.client_log.summary import LogException, LogSummary
from stdiag.model import LogClaim, LogStanding, StoryStage, StoryState, StoryStep, bracketed

CLAIMS_AT_MOST = 50


def claims_of(summary: LogSummary) -> list[LogClaim]:
    """What the log says that stops or hinders a client: one claim for each code and server, in the log's order."""
    groups: dict[tuple[str, str | None], list[LogException]] = {}
    for one in summary.exceptions:
        groups.setdefault((one.code, _place(one)), []).append(one)
    claims = []
    for (code, place), group in groups.items():
        last = max(group, key=lambda one: one.last_line)
        count = sum(one.count for one in group)
        claims.append(LogClaim(code=code, said=group[0].said, count=count, place=place, last=last.last or last.first))
    return claims[:CLAIMS_AT_MOST]


def _place(one: LogException) -> str | None:
    if one.host is None:
        return None
    return f"{bracketed(one.host)}:{one.port}" if one.port else bracketed(one.host)


def checked_claims(
    facts: PhoneFacts, claims: Sequence[LogClaim], measured: Mapping[StoryStage, StoryStep]
) -> list[LogClaim]:
    """The claims, each with its standing. `measured`: every stage, also those behind the one that stops the phone."""
    return [_checked(facts, claim, measured) for claim in claims]


def _checked(facts: PhoneFacts, claim: LogClaim, measured: Mapping[StoryStage, StoryStep]) -> LogClaim:
    if claim.place is not None and not _same_server(claim.place, facts):
        return _standing(
            claim,
            LogStanding.NOT_REPRODUCED,
            f"The log speaks of {claim.place}, and this run asked {bracketed(facts.host)}:{facts.port}.",
        )
    stage = LOG_STAGES.get(claim.code)
    step = measured[stage] if stage is not None else None
    explaining = _explaining(claim.code)
    about = [stage, *map(STAGES.get, explaining)]
    spoken_of = {one for one in SAME_FROM_EVERYWHERE if one in about}
    passed = {one for one in spoken_of if measured[one].state is StoryState.OK}
    clean = stage in SAME_FROM_EVERYWHERE and passed == spoken_of
    # What stops others at a stage that lets this phone through is not what its log speaks of.
    causes = [one for one in facts.of_codes(explaining) if STAGES.get(one.finding.code) not in passed]
    if causes:
        codes = ", ".join(dict.fromkeys(one.finding.code for one in causes))
        return _standing(
            claim,
            LogStanding.CONFIRMED,
            f"Measured now: {causes[0].says} ({codes})",
            [one.pointer for one in causes],
        )
    if step is None:
        return _standing(claim, LogStanding.NOT_REPRODUCED, "Nothing that this run measures would show it.")
    if clean:
        return _standing(
            claim,
            LogStanding.CONTRADICTED,
            "Measured now, it is right for this phone: it was repaired after the log was written, or the phone takes "
            "another route, through a proxy or a firewall that shows a certificate of its own.",
            step.evidence,
        )
    if step.state is StoryState.OK:
        return _standing(
            claim,
            LogStanding.NOT_REPRODUCED,
            "From here it works: repeat this in the phone's network, or ask whether it was offline then.",
            step.evidence,
        )
    return _standing(claim, LogStanding.NOT_REPRODUCED, f"It could not be compared. {step.says}", step.evidence)


def _explaining(code: str) -> frozenset[str]:
    """Codes of what may be measured where a log says this, also by way of another thing that a log says."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        try:
            waiting += [*kind(one).follows, *CLIENTS_OWN.get(one, ())] if one.startswith("log-") else []
        except KeyError:  # a log that a newer stdiag read
            continue
    return frozenset(other for other in found if not other.startswith("log-"))


def _same_server(place: str, facts: PhoneFacts) -> bool:
    """Names compare without case. The log may name no port, or an address of the name."""
    mine = {facts.host.lower(), bracketed(facts.host).lower()}
    mine |= {bracketed(one.address).lower() for one in (facts.observation.addresses if facts.observation else [])}
    host, port = _split(place.lower())
    return host in mine and port in (None, str(facts.port))


def _split(place: str) -> tuple[str, str | None]:
    host, colon, port = place.rpartition(":")
    return (host, port) if colon and port.isdigit() and not host.endswith(":") else (place, None)


def _standing(claim: LogClaim, standing: LogStanding, why: str, evidence: Sequence[str] = ()) -> LogClaim:
    return msgspec.structs.replace(claim, standing=standing, why=why, evidence=list(evidence))
