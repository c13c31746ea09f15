"""From the facts about a photo's URL to analysis and findings. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import photo_host
from stdiag.catalogue.reach import connect_findings, name_findings
from stdiag.model import (
    Fault,
    FaultReason,
    Finding,
    Param,
    PhotoAccess,
    Severity,
    Subject,
    SubjectKind,
    Vantage,
    bracketed,
)
from stdiag.probes.contract import Context
from stdiag.probes.photo.analysis import PhotoAddressAnalysis, PhotoAnalysis, PhotoPicture, PhotoRule
from stdiag.probes.photo.judge_access import judge_access, open_to_everybody
from stdiag.probes.photo.judge_answer import WHO, judge_answer
from stdiag.probes.photo.judge_picture import picture_words
from stdiag.probes.photo.judge_text import judge_text
from stdiag.probes.photo.judge_trust import judge_trust
from stdiag.probes.photo.observation import PhotoAddress, PhotoAnswer, PhotoImage, PhotoObservation, PhotoRole
from stdiag.probes.photo.outcome import PhotoOutcome, best_of, outcome_of
from stdiag.probes.shared.judge_proxy import judge_no_ipv4, judge_proxy

_MEASURED = {"address", "waited_s", "words", "problem", "server", "seconds"}
"""Parameters in which the same finding at two addresses may differ without being another finding."""


def judge(observation: PhotoObservation, context: Context) -> tuple[PhotoAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    return _Judgement(observation, context).judge()


class _Judgement:
    """The judgement of one URL: its text, then what answers, address by address."""

    def __init__(self, observation: PhotoObservation, context: Context) -> None:
        self._observation = observation
        self._context = context
        self._vantage = context.site.vantage
        self._analysis = PhotoAnalysis()
        host, port, via = observation.host, observation.port, observation.via
        self._text = Subject(kind=SubjectKind.URL, host=host, port=port, url=observation.url)
        self._url = Subject(kind=SubjectKind.URL, host=host, port=port, url=observation.url, via=via)
        self._endpoint = Subject(kind=SubjectKind.ENDPOINT, host=host, port=port, via=via)

    def judge(self) -> tuple[PhotoAnalysis, list[Finding]]:
        observation, analysis = self._observation, self._analysis
        findings = judge_text(observation, self._context.site, self._text)
        if observation.port is None:
            return analysis, findings
        analysis.unmeasured += observation.left_out
        analysis.unmeasured += [
            f"with the real {name}: this host has refused it before" for name in observation.tokens_withheld
        ]
        return analysis, findings + self._network()

    @property
    def _hidden(self) -> bool:
        """True where not to be reached is right: strangers have no business with a photo host of the inside."""
        restricted = self._observation.access is PhotoAccess.RESTRICTED
        return self._vantage is Vantage.INTERNET and restricted and self._observation.role is PhotoRole.HOST

    def _network(self) -> list[Finding]:
        observation = self._observation
        if observation.name_fault is not None:
            return self._no_name(observation.name_fault)
        if not observation.addresses:
            self._analysis.undecided.append("no address was asked before the check ended")
        by_address: list[list[Finding]] = []
        of_proxy: list[Finding] = []
        routed = any(not _lacks_route(found) for found in observation.addresses)
        for number, found in enumerate(observation.addresses):
            pointer = f"/observation/addresses/{number}"
            if routed and _lacks_route(found):
                self._analysis.unmeasured.append(f"{found.address}: this machine has no route to it")
            elif found.plain is None:
                self._analysis.undecided.append(f"{found.address}: it was not asked before the check ended")
            elif outcome_of(found.plain) is PhotoOutcome.AT_THE_PROXY and found.plain.exchange.fault is not None:
                of_proxy += judge_proxy(found.plain.exchange.fault, self._endpoint, [f"{pointer}/plain/exchange/fault"])
            else:
                by_address.append(self._address(found, found.plain, pointer))
        shaken = [
            (found.handshake, f"/observation/addresses/{number}/handshake")
            for number, found in enumerate(observation.addresses)
            if found.handshake is not None
        ]
        trust = judge_trust(observation, shaken, self._context, self._endpoint, self._analysis)
        return trust + _merged(by_address, self._endpoint) + _each_once(of_proxy)

    def _no_name(self, fault: Fault) -> list[Finding]:
        if fault.reason is FaultReason.NO_IPV4:
            return judge_no_ipv4(self._endpoint, ["/observation/name_fault"])
        if self._hidden:
            self._note_hidden("the name is not known")
            return []
        name = Subject(kind=SubjectKind.NAME, host=self._observation.host)
        return name_findings(fault, name, self._observation.name_waited_us, ["/observation/name_fault"])

    def _note_hidden(self, why: str) -> None:
        self._analysis.unmeasured.append(
            f"the photo itself: on the internet {why}, as it should be where only the Sametime Proxy fetches photos; "
            "clients of Meetings outside see none then"
        )

    def _address(self, found: PhotoAddress, plain: PhotoAnswer, pointer: str) -> list[Finding]:
        outcome = outcome_of(plain)
        best = best_of(found) or plain
        if outcome is PhotoOutcome.NO_CONNECTION:
            self._analysis.addresses.append(PhotoAddressAnalysis(address=found.address, outcome=outcome))
            return self._not_connected(found, plain, pointer)
        if outcome is PhotoOutcome.NO_TLS:
            self._analysis.undecided.append(f"{found.address}: the photo cannot be asked for without a TLS handshake")
        if outcome is PhotoOutcome.NOT_ASKED:
            self._analysis.undecided.append(f"{found.address}: the question for the photo was ended by this side")
        findings, rule, opened_by, refused_to = self._access(found, plain, pointer)
        self._analysis.addresses.append(
            PhotoAddressAnalysis(
                address=found.address,
                outcome=outcome_of(best),
                rule=rule,
                opened_by=opened_by,
                refused_to=refused_to,
            )
        )
        if best.image is not None and self._analysis.picture is None:
            self._analysis.picture = self._picture(best.image)
        findings += judge_answer(self._observation, found, best, self._url, pointer)
        if best.image is None and not findings and not self._analysis.undecided + self._analysis.unmeasured:
            # Kept out without a cookie, and the questions with one came to nothing.
            self._analysis.undecided.append(f"{found.address}: the photo was not seen")
        return findings

    def _picture(self, image: PhotoImage) -> PhotoPicture:
        observation = self._observation
        return PhotoPicture(
            role=observation.role,
            number=observation.number,
            url=observation.url,
            sha256=image.sha256,
            shown=picture_words(image),
        )

    def _not_connected(self, found: PhotoAddress, plain: PhotoAnswer, pointer: str) -> list[Finding]:
        fault = plain.exchange.fault
        if fault is None:
            return []
        if self._hidden and fault.reason is not FaultReason.LOCAL:
            self._note_hidden("nobody answers there")
            return []
        observation = self._observation
        own_port = found.port == observation.port
        shown = found.address if own_port else f"{bracketed(found.address)}:{found.port}"
        subject = Subject(
            kind=SubjectKind.ADDRESS,
            host=observation.host,
            port=observation.port,
            address=shown,
            via=observation.via,
        )
        evidence = [f"{pointer}/plain/exchange/fault"]
        findings = connect_findings(fault, subject, found.address, plain.exchange.duration_us, evidence)
        if not findings or fault.reason is FaultReason.LOCAL:
            self._analysis.undecided.append(f"{found.address}: it could not be asked ({fault.reason})")
        return findings

    def _access(
        self, found: PhotoAddress, plain: PhotoAnswer, pointer: str
    ) -> tuple[list[Finding], PhotoRule, list[str], list[str]]:
        observation, outcome = self._observation, outcome_of(plain)
        if observation.role is PhotoRole.COPY:
            return self._access_to_copy(found, plain, pointer), PhotoRule.UNKNOWN, [], []
        if observation.access is PhotoAccess.PUBLIC:
            rule = PhotoRule.OPEN if outcome is PhotoOutcome.IMAGE else PhotoRule.UNKNOWN
            refused = [self._refused(plain, "everybody", f"{pointer}/plain")] if outcome.kept_out else []
            return refused, rule, [], []
        access = judge_access(found, self._vantage, self._endpoint, pointer)
        self._analysis.unmeasured += [line for line in access.unmeasured if line not in self._analysis.unmeasured]
        return access.findings, access.rule, access.opened_by, access.refused_to

    def _access_to_copy(self, found: PhotoAddress, plain: PhotoAnswer, pointer: str) -> list[Finding]:
        """Whether STProxy asks for a login before its copies is not documented."""
        outcome = outcome_of(plain)
        restricted = self._observation.access is PhotoAccess.RESTRICTED
        if outcome is PhotoOutcome.IMAGE and restricted and self._vantage is Vantage.INTERNET:
            severity = Severity.WARNING
            return [open_to_everybody(plain, PhotoRole.COPY, self._endpoint, f"{pointer}/plain", severity)]
        best = best_of(found) or plain
        if not outcome.kept_out or not outcome_of(best).kept_out:
            return []
        if plain.exchange.challenge:
            # No token of a login opens a reverse proxy that wants credentials of its own.
            self._analysis.unmeasured.append("the copy: a reverse proxy asks for credentials, and none are used here")
            return []
        shown = sorted({answer.shown for answer in found.cookies})
        if not shown:
            self._analysis.undecided.append(
                f"{found.address}: the Sametime Proxy asks for a login before it hands the photo out: what comes then "
                "can be told with a real token"
            )
            return []
        finding = self._refused(found.cookies[0], f"who shows {', '.join(shown)}", f"{pointer}/cookies/0")
        finding.severity = Severity.WARNING  # the token may not be valid any more
        return [finding]

    def _refused(self, answer: PhotoAnswer, whom: str, pointer: str) -> Finding:
        return photo_host.PHOTO_REFUSED.found(
            self._url,
            evidence=[f"{pointer}/exchange"],
            who=WHO[self._observation.role],
            whom=whom,
            photo_url=answer.exchange.url,
            status=answer.exchange.status,
            location=answer.exchange.location,
        )


def _lacks_route(found: PhotoAddress) -> bool:
    """True when this machine has no way to an IPv6 address at all: that says nothing about the server."""
    fault = found.plain.exchange.fault if found.plain is not None else None
    return fault is not None and fault.reason is FaultReason.UNREACHABLE and ":" in found.address


def _each_once(findings: list[Finding]) -> list[Finding]:
    """A proxy that fails for one address fails for the next one in the same way."""
    return list({(finding.code, str(finding.subject)): finding for finding in reversed(findings)}.values())[::-1]


def _merged(by_address: Sequence[list[Finding]], endpoint: Subject) -> list[Finding]:
    """What several addresses show alike is one finding; what one alone shows of a connection stays with it."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for findings in by_address:
        for finding in findings:
            fixed = {key: value for key, value in finding.params.items() if key not in _MEASURED}
            groups.setdefault((finding.code, repr(sorted(fixed.items()))), []).append(finding)
    merged: list[Finding] = []
    for group in groups.values():
        first = group[0]
        if first.subject.kind is not SubjectKind.ADDRESS:
            merged.append(first)
        elif len(group) < len(by_address):
            merged += group
        else:
            params: dict[str, Param] = dict(first.params)
            if "address" in params:
                params["address"] = ", ".join(str(finding.params["address"]) for finding in group)
            evidence = [pointer for finding in group for pointer in finding.evidence]
            merged.append(Finding(first.code, first.severity, endpoint, params, evidence, first.affects))
    return merged
