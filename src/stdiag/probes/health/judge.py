"""From the facts about pages to analysis and findings. Pure."""

from __future__ import annotations

from stdiag.catalogue.reach import connect_findings, name_findings
from stdiag.model import Fault, FaultReason, Finding, Severity, Subject, SubjectKind
from stdiag.net.stage import Stage
from stdiag.probes.contract import Context
from stdiag.probes.health.analysis import AddressHealth, HealthAnalysis, PageKind
from stdiag.probes.health.differences import difference_findings
from stdiag.probes.health.judge_pages import content_type_findings, page_findings, slow_findings
from stdiag.probes.health.judge_redirects import Home, Seen, redirect_findings
from stdiag.probes.health.judge_stproxy import StproxyJudgement
from stdiag.probes.health.observation import AddressPages, HealthObservation, Walk
from stdiag.probes.health.page_kind import Surroundings, page_of
from stdiag.probes.health.plan import known_hosts, known_ports
from stdiag.probes.shared.judge_answerer import address_subject, each_once, lacks_route, merged
from stdiag.probes.shared.judge_proxy import is_of_proxy, judge_no_ipv4, judge_proxy
from stdiag.probes.shared.web_exchange import is_cancelled
from stdiag.probes.shared.web_facts import Exchange


def judge(observation: HealthObservation, context: Context) -> tuple[HealthAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    return _Judgement(observation, context).judge()


class _Judgement:
    """The judgement of one Sametime Proxy, or of one page that the site names, address by address."""

    def __init__(self, observation: HealthObservation, context: Context) -> None:
        self._observation = observation
        self._context = context
        self._analysis = HealthAnalysis()
        host, port, via = observation.host, observation.port, observation.via
        self._endpoint = Subject(kind=SubjectKind.ENDPOINT, host=host, port=port, via=via)
        self._about = (
            Subject(kind=SubjectKind.URL, host=host, port=port, url=observation.url, via=via)
            if observation.role
            else self._endpoint
        )

    def judge(self) -> tuple[HealthAnalysis, list[Finding]]:
        observation, analysis = self._observation, self._analysis
        if observation.name_fault is not None:
            return analysis, self._name(observation.name_fault)
        analysis.unmeasured += observation.left_out
        if not observation.addresses:
            analysis.undecided.append("no address was asked before the check ended")
        by_address: list[list[Finding]] = []
        of_proxy: list[Finding] = []
        of_way: list[list[Finding]] = []
        answered: list[AddressPages] = []
        pointers: list[str] = []
        routed = any(not lacks_route(one.address, _asked(one)) for one in observation.addresses)
        for number, answers in enumerate(observation.addresses):
            asked, pointer = _asked(answers), f"/observation/addresses/{number}"
            at_first = f"{pointer}/{'proxyinfo' if answers.proxyinfo else 'pages/0'}/hops/0/fault"
            if not asked:
                analysis.undecided.append(f"{answers.address}: it was not asked before the check ended")
            elif routed and lacks_route(answers.address, asked):
                analysis.unmeasured.append(f"{answers.address}: this machine has no route to it")
            elif (ended := asked[0].fault) is not None and is_of_proxy(ended):
                of_proxy += judge_proxy(ended, self._endpoint, [at_first])
            else:
                of_way.append(self._way(answers, asked[0], at_first))
                by_address.append(self._address(answers, pointer))
                answered.append(answers)
                pointers.append(pointer)
        differences = difference_findings(analysis.addresses, answered, pointers, self._about)
        found = [*merged(of_way, self._endpoint), *merged(by_address, self._about)]
        return analysis, [*found, *each_once(of_proxy), *differences]

    def _name(self, fault: Fault) -> list[Finding]:
        evidence = ["/observation/name_fault"]
        if fault.reason is FaultReason.NO_IPV4:
            return judge_no_ipv4(self._endpoint, evidence)
        name = Subject(kind=SubjectKind.NAME, host=self._observation.host)
        return name_findings(fault, name, self._observation.name_waited_us, evidence)

    def _way(self, answers: AddressPages, first: Exchange, pointer: str) -> list[Finding]:
        """What is wrong with the connection, before anything was asked."""
        if first.stage not in (Stage.NAME, Stage.TCP) or first.fault is None:
            return []
        subject = address_subject(self._endpoint, answers.address, answers.port)
        found = connect_findings(first.fault, subject, answers.address, first.duration_us, [pointer])
        if not found or first.fault.reason is FaultReason.LOCAL:
            self._analysis.undecided.append(f"{answers.address}: it could not be asked ({first.fault.reason})")
        return found

    def _address(self, answers: AddressPages, pointer: str) -> list[Finding]:
        site = self._context.site
        if answers.proxyinfo is None:
            return self._page(answers, answers.pages[0], f"{pointer}/pages/0")
        subject = address_subject(self._endpoint, answers.address, answers.port)
        judged = StproxyJudgement(answers, answers.proxyinfo, subject, pointer, site)
        self._take(judged.undecided, judged.unmeasured)
        self._analysis.addresses.append(judged.analysis)
        return judged.findings

    def _page(self, answers: AddressPages, walk: Walk, pointer: str) -> list[Finding]:
        """A page that the site names: whoever opens it must get one."""
        site, host = self._context.site, self._observation.host
        seen = Seen(walk, page_of(walk, Surroundings(host, None, known_hosts(site))), pointer)
        self._analysis.addresses.append(AddressHealth(address=answers.address, pages=[seen.page]))
        last = walk.hops[-1]
        if seen.page.kind is PageKind.NO_CONNECTION and len(walk.hops) == 1:
            return []
        if last.stage is Stage.TLS:
            open_question = f"{answers.address}: what answers cannot be asked while the TLS handshake does not pass"
            self._take([open_question], [])
            return []
        if seen.page.kind is PageKind.UNKNOWN:
            reason = f"{walk.page} at {answers.address}: {seen.page.detail}"
            self._take([reason] if is_cancelled(last.fault) else [], [] if is_cancelled(last.fault) else [reason])
            return []
        if seen.page.kind is PageKind.LOGIN_FOREIGN:
            self._take([], [f"what lies behind the login that {walk.page} leads to"])
        home = Home(host, self._observation.port, known_ports(site, host))
        severities = {PageKind.NO_PAGE: Severity.ERROR, PageKind.DEFAULT_PAGE: Severity.ERROR}
        return [
            *redirect_findings([seen], home, self._about, whole=False),
            *page_findings([seen], self._about, severities),
            *slow_findings([seen], self._about),
            *content_type_findings([seen], self._about),
        ]

    def _take(self, undecided: list[str], unmeasured: list[str]) -> None:
        analysis = self._analysis
        analysis.undecided += [one for one in undecided if one not in analysis.undecided]
        analysis.unmeasured += [one for one in unmeasured if one not in analysis.unmeasured]


def _asked(answers: AddressPages) -> list[Exchange]:
    """The exchanges about the first question."""
    if answers.proxyinfo is not None:
        return answers.proxyinfo.hops
    return answers.pages[0].hops if answers.pages else []
