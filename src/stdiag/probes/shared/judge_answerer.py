"""What it means who answers: the same finding, whichever probe asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import prov
from stdiag.model import FaultReason, Finding, Param, Severity, Subject, SubjectKind, bracketed
from stdiag.probes.shared.challenge import offers_basic, schemes_offered
from stdiag.probes.shared.judge_proxy import is_of_proxy
from stdiag.probes.shared.web_answerer import NOT_FOUND, Answerer, Classified
from stdiag.probes.shared.web_exchange import is_cancelled
from stdiag.probes.shared.web_facts import Exchange

_MEASURED = {"address", "waited_s", "words", "problem", "server"}
"""Parameters in which the same finding at two addresses may differ without being another finding."""


class AnswererJudgement:
    """The judgement of who answers at one address: `findings`, and what could not be told."""

    def __init__(self, who: Classified, shown: Exchange, address: str, subject: Subject, evidence: list[str]) -> None:
        """`shown` is the exchange that shows it, `evidence` points to it; `subject` is the address."""
        self._who = who
        self._shown = shown
        self._address = address
        self._subject = subject
        self._evidence = evidence
        self.undecided: list[str] = []
        self.unmeasured: list[str] = []
        self.findings = self._judge()

    def _judge(self) -> list[Finding]:
        """What only the URL by which somebody came can tell is left to the caller: the other mode, and credentials
        that can be given."""
        page, server = self._shown.page, self._shown.server
        title = page.title if page else None
        match self._who.answerer:
            case Answerer.NO_TLS:
                self.undecided.append(
                    f"{self._address}: what answers cannot be asked while the TLS handshake does not pass"
                )
            case Answerer.NO_ANSWER:
                return self._no_answer()
            case Answerer.STPROXY:
                return self._stproxy()
            case Answerer.LOGIN_PAGE:
                return [self._server(prov.PROV_FOREIGN_LOGIN, location=self._shown.location, title=title)]
            case Answerer.ELSEWHERE:
                return [self._server(prov.PROV_REDIRECT_ELSEWHERE, location=self._shown.location)]
            case Answerer.BACKEND_DOWN:
                return [self._server(prov.PROV_BACKEND_DOWN, server=server)]
            case Answerer.NOT_STPROXY:
                return [self._server(prov.PROV_NOT_STPROXY, seen=self._who.detail, server=server, title=title)]
            case Answerer.CREDENTIALS if not offers_basic(offered := schemes_offered(self._shown.challenge)):
                return [self._server(prov.PROV_PROXY_AUTH_SCHEME, offered=offered)]
            case Answerer.UNKNOWN:
                return [self._unknown()]
            case Answerer.NO_CONNECTION | Answerer.OTHER_MODE | Answerer.CREDENTIALS:
                pass
        return []

    def _server(self, kind: FindingKind, *, severity: Severity | None = None, **params: Param) -> Finding:
        """A finding about the server, by the exchange that shows it."""
        affects = params.pop("affects", None)
        return kind.found(
            self._subject,
            evidence=self._evidence,
            severity=severity,
            affects=str(affects) if affects else None,
            request=self._shown.url,
            status=self._shown.status,
            **params,
        )

    def _no_answer(self) -> list[Finding]:
        fault = self._shown.fault
        if fault is not None and is_cancelled(fault):
            self.undecided.append(f"{self._address}: it could not be asked to the end ({fault.reason})")
            return []
        if is_of_proxy(fault):
            self.undecided.append(f"{self._address}: the proxy gave no connection for a question")
            return []
        request, problem = self._shown.url, self._who.detail
        return [prov.PROV_NO_ANSWER.found(self._subject, evidence=self._evidence, request=request, problem=problem)]

    def _stproxy(self) -> list[Finding]:
        info = self._shown.proxy_info
        if info is not None and info.community_connected is False:
            evidence = [f"{self._evidence[0]}/proxy_info/community_connected"]
            request = self._shown.url
            return [prov.PROV_COMMUNITY_DOWN.found(self._subject, evidence=evidence, request=request)]
        if info is None or info.community_connected is None:
            self.unmeasured.append("whether STProxy reaches its Community Server: it does not say")
        return []

    def _unknown(self) -> Finding:
        self.unmeasured.append("whether it is STProxy, and whether that reaches its Community Server: it does not say")
        if self._shown.status in (NOT_FOUND, 200, 204):
            return self._server(prov.PROV_STPROXY_UNKNOWN, server=self._shown.server)
        return self._server(
            prov.PROV_STPROXY_UNKNOWN,
            severity=Severity.WARNING,
            affects="mobile and web users, when their own requests get the same answer",
            server=self._shown.server,
        )


def address_subject(endpoint: Subject, address: str, port: int) -> Subject:
    """The subject of one address behind `endpoint`; `port` is where it was connected to."""
    shown = address if port == endpoint.port else f"{bracketed(address)}:{port}"
    return Subject(kind=SubjectKind.ADDRESS, host=endpoint.host, port=endpoint.port, address=shown, via=endpoint.via)


def lacks_route(address: str, asked: Sequence[Exchange]) -> bool:
    """True when this machine has no way to an IPv6 address at all: that says nothing about the server."""
    fault = asked[0].fault if asked else None
    return fault is not None and fault.reason is FaultReason.UNREACHABLE and ":" in address


def each_once(findings: list[Finding]) -> list[Finding]:
    """A proxy that fails for one address fails for the next one in the same way."""
    return list({(finding.code, str(finding.subject)): finding for finding in reversed(findings)}.values())[::-1]


def merged(by_address: Sequence[list[Finding]], endpoint: Subject) -> list[Finding]:
    """What all addresses show alike is a finding about the endpoint; the rest stays with its address."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for findings in by_address:
        for finding in findings:
            fixed = {key: value for key, value in finding.params.items() if key not in _MEASURED}
            groups.setdefault((finding.code, repr(sorted(fixed.items()))), []).append(finding)
    joined: list[Finding] = []
    for group in groups.values():
        first = group[0]
        if first.subject.kind is SubjectKind.URL:
            joined.append(first)
        elif len(group) < len(by_address):
            joined += group
        else:
            params: dict[str, Param] = dict(first.params)
            if "address" in params:
                params["address"] = ", ".join(str(finding.params["address"]) for finding in group)
            evidence = [pointer for finding in group for pointer in finding.evidence]
            joined.append(Finding(first.code, first.severity, endpoint, params, evidence, first.affects))
    return joined
