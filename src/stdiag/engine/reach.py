"""How far one run came with each thing that it asked: what two runs from two places are compared by."""

from __future__ import annotations

import enum
from collections.abc import Iterator

import msgspec

from stdiag.engine.verdict import NOT_DECIDED
from stdiag.model import Check, Expected, Fault, FaultReason, Report, Severity, SubjectKind, bracketed


class Reach(enum.StrEnum):
    """How far one came, the farthest first."""

    ANSWERS = "answers"  # the port is open, and what was asked there answers
    LEADS = "leads to"  # a name that has addresses: which ones is its detail
    OPENS = "opens"  # the port is open; what stands behind it does not do what it should
    RESET = "is reset"
    REFUSED = "is refused"
    TIMES_OUT = "times out"
    UNREACHABLE = "has no route"
    NO_NAME = "has no address in the DNS"
    NAME_TROUBLE = "could not be looked up"
    AT_THE_PROXY = "ends at the proxy"
    UNCLEAR = "fails, and why is open"
    UNKNOWN = "was not measured"


OPEN = (Reach.ANSWERS, Reach.LEADS, Reach.OPENS)

BY_FAULT = {
    FaultReason.REFUSED: Reach.REFUSED,
    FaultReason.TIMEOUT: Reach.TIMES_OUT,
    FaultReason.UNREACHABLE: Reach.UNREACHABLE,
    FaultReason.RESET: Reach.RESET,
    FaultReason.NAME_NOT_FOUND: Reach.NO_NAME,
    FaultReason.NAME_SERVER_FAILURE: Reach.NAME_TROUBLE,
    FaultReason.NAME_TIMEOUT: Reach.NAME_TROUBLE,
}
BY_CODE = {
    "net-refused": Reach.REFUSED,
    "net-timeout": Reach.TIMES_OUT,
    "net-unreachable": Reach.UNREACHABLE,
    "net-reset": Reach.RESET,
    "net-name-not-found": Reach.NO_NAME,
    "net-name-server-failure": Reach.NAME_TROUBLE,
    "net-name-timeout": Reach.NAME_TROUBLE,
}
BY_REASON = {
    "remote-tcp:refused": Reach.REFUSED,
    "remote-tcp:timeout": Reach.TIMES_OUT,
    "remote-tcp:unreachable": Reach.UNREACHABLE,
    "target:reset": Reach.RESET,
    "local-dns:not-found": Reach.NO_NAME,
    "local-dns:server-failure": Reach.NAME_TROUBLE,
    "local-dns:timeout": Reach.NAME_TROUBLE,
    "ok": Reach.ANSWERS,
}


class Place(msgspec.Struct, frozen=True):
    """What was asked, so that two runs can be laid side by side."""

    probe: str
    host: str
    port: int | None
    way: str
    """direct, or the path as the matrix names it."""

    @property
    def is_direct(self) -> bool:
        """Nothing that is named stands between."""
        return self.way.startswith("direct")

    def __str__(self) -> str:
        where = f"{bracketed(self.host)}:{self.port}" if self.port is not None else self.host
        return f"{self.probe} {where}" + ("" if self.way == "direct" else f", {self.way}")


class Seen(msgspec.Struct, frozen=True):
    """How one run saw it."""

    reach: Reach
    addresses: tuple[str, ...] = ()
    """Those that were contacted, where that is recorded."""
    detail: str = ""
    """What is wrong behind an open port, or which reasons are open."""
    expected: Expected | None = None
    leaf: str | None = None
    """SHA-256 of the certificate shown first, where TLS was spoken."""
    codes: tuple[str, ...] = ()
    """Codes found there, without those that say no more than `reach`."""


class _Leaf(msgspec.Struct):
    sha256: str = ""


class _Shaken(msgspec.Struct):
    chain_sent: list[_Leaf] = []


class _Address(msgspec.Struct):
    address: str = ""
    connect_fault: Fault | None = None
    handshakes: list[_Shaken] = []


class _Facts(msgspec.Struct):
    """The part of an observation that tells where connections were made; every probe has as much of it as it has."""

    name_fault: Fault | None = None
    addresses: list[_Address] = []


def reaches(report: Report) -> dict[Place, Seen]:
    """Every place of a report."""
    found: dict[Place, Seen] = {}
    for check in report.checks:
        if check.subject.kind in (SubjectKind.FILE, SubjectKind.CLOCK):
            continue
        for place, seen in _of_paths(check) if check.probe == "paths" else _of_check(check):
            found.setdefault(place, seen)
    return found


def _of_paths(check: Check) -> Iterator[tuple[Place, Seen]]:
    from stdiag.probes.paths.analysis import PathsAnalysis
    from stdiag.probes.paths.observation import PathsObservation

    try:
        analysis = msgspec.json.decode(check.analysis, type=PathsAnalysis | None)
        observation = msgspec.json.decode(check.observation, type=PathsObservation | None)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return
    observed = observation.paths if observation else []
    for index, path in enumerate(analysis.paths if analysis else []):
        address = observed[index].target_address if index < len(observed) else None
        reasons = [reason.value for reason in path.reasons]
        reach = _reach_of(path.stage.value if path.stage else None, reasons)
        yield (
            Place(check.probe, check.subject.host, path.port, path.path),
            Seen(
                reach,
                addresses=(address,) if address else (),
                detail="" if reach is Reach.ANSWERS else " or ".join(reasons),
                expected=path.expected,
            ),
        )


def _reach_of(stage: str | None, reasons: list[str]) -> Reach:
    if stage is None or not reasons:
        return Reach.UNKNOWN
    if len(reasons) > 1:
        return Reach.UNCLEAR
    if reasons[0] in BY_REASON:
        return BY_REASON[reasons[0]]
    if stage == "target":
        return Reach.OPENS
    return Reach.AT_THE_PROXY if stage.startswith(("proxy", "remote-dns", "reverse")) else Reach.UNCLEAR


def _of_check(check: Check) -> Iterator[tuple[Place, Seen]]:
    subject = check.subject
    place = Place(check.probe, subject.host, subject.port, subject.via or "direct")
    try:
        facts = msgspec.json.decode(check.observation, type=_Facts | None)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        facts = None
    bad = [finding for finding in check.findings if finding.severity is not Severity.INFO]
    codes = tuple(dict.fromkeys(finding.code for finding in bad if finding.code not in BY_CODE))
    addresses = tuple(one.address for one in facts.addresses) if facts else ()
    leaf = _leaf(facts)
    reach, detail = _reach_of_check(check, facts, codes)
    yield place, Seen(reach, addresses=addresses, detail=detail, leaf=leaf, codes=codes)


def _leaf(facts: _Facts | None) -> str | None:
    if facts is None:
        return None
    sent = (shaken.chain_sent for address in facts.addresses for shaken in address.handshakes)
    return next((chain[0].sha256 for chain in sent if chain), None)


def _reach_of_check(check: Check, facts: _Facts | None, codes: tuple[str, ...]) -> tuple[Reach, str]:
    if facts is not None and facts.name_fault is not None:
        return BY_FAULT.get(facts.name_fault.reason, Reach.UNCLEAR), ""
    faults = [one.connect_fault for one in facts.addresses] if facts else []
    connects = [BY_CODE[finding.code] for finding in check.findings if finding.code in BY_CODE]
    if check.subject.via and (connects or any(faults)):
        # What a proxy reports of the way behind it is the proxy's statement, not one about this place.
        return Reach.AT_THE_PROXY, ", ".join(codes)
    failed = [fault for fault in faults if fault is not None]
    if failed and len(failed) == len(faults):
        kinds = {BY_FAULT.get(fault.reason, Reach.UNCLEAR) for fault in failed}
        return (kinds.pop(), "") if len(kinds) == 1 else (Reach.UNCLEAR, "its addresses fail in different ways")
    if connects and not any(fault is None for fault in faults):
        return connects[0], ""
    if check.outcome in NOT_DECIDED:
        return Reach.UNKNOWN, ""
    if check.probe == "names":  # it asks where a name leads, and not what is there
        return Reach.LEADS, ", ".join(one.address for one in facts.addresses) if facts else ""
    detail = ", ".join(codes)
    if failed:
        detail = ", ".join([*codes, f"{len(failed)} of {len(faults)} addresses fail"])
    return (Reach.OPENS if codes else Reach.ANSWERS), detail
