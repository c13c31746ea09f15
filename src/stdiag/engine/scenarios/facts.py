"""What a run measured of a phone's way, picked out of its report."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from stdiag.catalogue.fill import fill
from stdiag.catalogue.registry import kind
from stdiag.clients.verdict import ClientVerdict
from stdiag.engine.scenarios.stages import STAGES
from stdiag.engine.verdict import located
from stdiag.formats.client_selector import Platform
from stdiag.model import Check, Finding, Report, Severity, StoryStage
from stdiag.probes.provisioning.analysis import ProvisioningAnalysis
from stdiag.probes.provisioning.observation import ProvisioningObservation
from stdiag.probes.push.analysis import PushAnalysis
from stdiag.probes.push.services import PushQuestion
from stdiag.probes.shared.web_answerer import Answerer
from stdiag.probes.tls.analysis import TlsAnalysis

_T = TypeVar("_T")

ANY_VERSION = Platform.ANDROID.value


class Found(msgspec.Struct, frozen=True):
    """A finding, and the pointer to it."""

    pointer: str
    finding: Finding

    @property
    def says(self) -> str:
        """The catalogue's sentence, or the bare code where this catalogue does not know it."""
        try:
            return fill(kind(self.finding.code).summary, self.finding.params)
        except KeyError:
            return self.finding.code


class Verdicts(msgspec.Struct, frozen=True):
    """What the matrix says of the phone."""

    pointers: list[str]
    verdicts: list[ClientVerdict]


class PhoneFacts:
    """The checks of the phone's server, decoded, and its findings by stage. A check that is missing, or in a form that
    this version does not read, is as if it had not been made."""

    def __init__(self, report: Report, client: str) -> None:
        self.report = report
        self.client = client
        self.url_at = next((at for at, one in enumerate(report.checks) if one.probe == "provisioning"), None)
        url = None if self.url_at is None else report.checks[self.url_at]
        self.host = url.subject.host if url else ""
        self.port = url.subject.port if url else None
        self.tls_at = next(
            (
                at
                for at, one in enumerate(report.checks)
                if one.probe == "tls" and one.subject.host == self.host and one.subject.port == self.port
            ),
            None,
        )
        self.observation = _decoded(url.observation if url else None, ProvisioningObservation)
        self.analysis = _decoded(url.analysis if url else None, ProvisioningAnalysis)
        tls = None if self.tls_at is None else report.checks[self.tls_at]
        self.tls = _decoded(tls.analysis if tls else None, TlsAnalysis)
        self.google = [
            (at, analysis)
            for at, one in enumerate(report.checks)
            if one.probe == "push"
            and (analysis := _decoded(one.analysis, PushAnalysis)) is not None
            and analysis.question is PushQuestion.GOOGLE
        ]
        self._found = self._sorted()

    def _sorted(self) -> list[Found]:
        """Findings on the phone's way; those that follow from others last."""
        folded = {pointer for cause in self.report.verdict.causes for pointer in cause.folded}
        of_checks = [f"/checks/{at}/" for at in (self.tls_at, self.url_at) if at is not None]
        own = [
            Found(pointer, finding)
            for pointer, finding in located(self.report.checks, [])
            if any(pointer.startswith(check) for check in of_checks)
        ]
        return sorted(own, key=lambda one: one.pointer in folded)

    def at(self, stage: StoryStage, severity: Severity | None = None) -> list[Found]:
        """Findings of one stage."""
        return [
            one
            for one in self._found
            if STAGES.get(one.finding.code) is stage and severity in (None, one.finding.severity)
        ]

    def of_codes(self, codes: frozenset[str]) -> list[Found]:
        """Errors and warnings with one of these codes."""
        return [one for one in self._found if one.finding.code in codes and one.finding.severity is not Severity.INFO]

    def push_errors(self) -> list[Found]:
        """Errors at Google's services."""
        prefixes = [f"/checks/{at}/" for at, _ in self.google]
        return [
            Found(pointer, finding)
            for pointer, finding in located(self.report.checks, [])
            if finding.severity is Severity.ERROR and any(pointer.startswith(check) for check in prefixes)
        ]

    def verdicts(self) -> Verdicts:
        """Rows of the matrix for this Android; for all of them where the version was not said."""
        found = [
            (f"/checks/{self.tls_at}/analysis/clients/{at}", one)
            for at, one in enumerate(self.tls.clients if self.tls else [])
            if one.client == self.client or (self.client == ANY_VERSION and one.platform == ANY_VERSION)
        ]
        return Verdicts([pointer for pointer, _ in found], [one for _, one in found])

    def answerers(self) -> list[tuple[str, Answerer]]:
        """Who answers at each address, with the pointer to it."""
        return [
            (f"/checks/{self.url_at}/analysis/addresses/{at}", one.answerer)
            for at, one in enumerate(self.analysis.addresses if self.analysis else [])
        ]

    def why_nothing(self) -> str:
        """Why the server was not asked, as the report says it."""
        checks = [self.report.checks[at] for at in (self.url_at, self.tls_at) if at is not None]
        return next(filter(None, map(_why, checks)), "it was not measured")


def _why(check: Check) -> str:
    if check.blocked_by is not None:
        return check.blocked_by.reason
    return "; ".join(check.undecided)


def _decoded(raw: msgspec.Raw | None, form: type[_T]) -> _T | None:
    if raw is None:
        return None
    try:
        value: Any = msgspec.json.decode(raw, type=form | None)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return value if isinstance(value, form) else None
