"""From the facts about a provisioning URL to analysis and findings. Pure."""

from __future__ import annotations

import msgspec

from stdiag.catalogue.kinds import prov
from stdiag.catalogue.reach import connect_findings, name_findings
from stdiag.formats.provisioning.check import check_url
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.phone import what_the_phone_shows
from stdiag.formats.provisioning.url import Generation
from stdiag.model import FaultReason, Finding, Product, Subject, SubjectKind
from stdiag.probes.contract import Context
from stdiag.probes.provisioning.analysis import ProvisioningAnalysis
from stdiag.probes.provisioning.judge_answer import AnswerJudgement
from stdiag.probes.provisioning.judge_idle import judge_idle
from stdiag.probes.provisioning.judge_photo import photo_problem
from stdiag.probes.provisioning.observation import AddressAnswers, ProvisioningObservation
from stdiag.probes.provisioning.plan import with_defects
from stdiag.probes.shared.judge_answerer import address_subject, each_once, lacks_route, merged
from stdiag.probes.shared.judge_proxy import is_of_proxy, judge_no_ipv4, judge_proxy
from stdiag.probes.shared.provisioned import why_not_asked
from stdiag.probes.shared.web_answerer import Answerer

VERSIONS = {Generation.OLD: "8.5 to 10", Generation.NEW: "11 and 12"}
_OLD_PRODUCTS = (Product.V8_5, Product.V9, Product.V10)


def judge(observation: ProvisioningObservation, context: Context) -> tuple[ProvisioningAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    return _Judgement(observation, context).judge()


class _Judgement:
    """The judgement of one URL: its text, then what answers, address by address."""

    def __init__(self, observation: ProvisioningObservation, context: Context) -> None:
        self._observation = observation
        url = parse_provisioning(observation.url, observation.context)
        self._url = with_defects(url, observation.defects)
        self._product = context.site.product
        self._analysis = ProvisioningAnalysis(phone_shows=what_the_phone_shows(self._url))
        self._text = Subject(kind=SubjectKind.URL, host=url.host, port=url.effective_port, url=url.masked)
        self._about_url = msgspec.structs.replace(self._text, via=observation.via)
        self._endpoint = Subject(
            kind=SubjectKind.ENDPOINT, host=observation.host, port=observation.port, via=observation.via
        )

    def judge(self) -> tuple[ProvisioningAnalysis, list[Finding]]:
        findings = [
            Finding(defect.kind, defect.severity, self._text, dict(defect.params), ["/observation/url"])
            for defect in check_url(self._url)
        ]
        findings += self._generation() + self._network()
        return self._analysis, findings

    def _generation(self) -> list[Finding]:
        if self._product is None:
            return []
        fits = Generation.OLD if self._product in _OLD_PRODUCTS else Generation.NEW
        if fits is self._url.generation:
            return []
        return [
            prov.PROV_GENERATION_MISMATCH.found(
                self._text,
                evidence=["/observation/url"],
                scheme=self._url.scheme.value,
                versions=VERSIONS[self._url.generation],
                product=self._product.value,
            )
        ]

    def _network(self) -> list[Finding]:
        observation, analysis = self._observation, self._analysis
        if observation.text_only:
            analysis.unmeasured.append("what answers there: left out by --text-only")
            return []
        if (reason := why_not_asked(self._url)) is not None:
            analysis.undecided.append(f"what answers there could not be asked: {reason}")
            return []
        if observation.name_fault is not None:
            if observation.name_fault.reason is FaultReason.NO_IPV4:
                return judge_no_ipv4(self._endpoint, ["/observation/name_fault"])
            name = Subject(kind=SubjectKind.NAME, host=observation.host)
            fault, waited = observation.name_fault, observation.name_waited_us
            return name_findings(fault, name, waited, ["/observation/name_fault"])
        analysis.unmeasured += observation.left_out
        if not observation.addresses:
            analysis.undecided.append("no address was asked before the check ended")
        by_address: list[list[Finding]] = []
        of_proxy: list[Finding] = []
        routed = any(not lacks_route(answers.address, answers.proxyinfo) for answers in observation.addresses)
        for number, answers in enumerate(observation.addresses):
            if routed and lacks_route(answers.address, answers.proxyinfo):
                analysis.unmeasured.append(f"{answers.address}: this machine has no route to it")
                continue
            ended = answers.proxyinfo[0].fault if answers.proxyinfo else None
            if ended is not None and is_of_proxy(ended):
                evidence = [f"/observation/addresses/{number}/proxyinfo/0/fault"]
                of_proxy += judge_proxy(ended, self._endpoint, evidence)
                continue
            by_address.append(self._address(answers, f"/observation/addresses/{number}"))
        return merged(by_address, self._endpoint) + each_once(of_proxy) + self._photos() + self._idle()

    def _idle(self) -> list[Finding]:
        self._analysis.idle_says, findings = judge_idle(self._observation.idle, self._endpoint)
        if self._analysis.idle_says:
            self._analysis.unmeasured.append(f"an idle connection: {self._analysis.idle_says}")
        return findings

    def _address(self, answers: AddressAnswers, pointer: str) -> list[Finding]:
        subject = address_subject(self._endpoint, answers.address, answers.port)
        if not answers.proxyinfo:
            self._analysis.undecided.append(f"{answers.address}: it was not asked before the check ended")
            return []
        judged = AnswerJudgement(answers, self._url, self._about_url, subject, pointer)
        self._analysis.undecided += judged.undecided
        self._analysis.unmeasured += [one for one in judged.unmeasured if one not in self._analysis.unmeasured]
        self._analysis.addresses.append(judged.analysis)
        if judged.analysis.answerer is not Answerer.NO_CONNECTION:
            return judged.findings
        first = answers.proxyinfo[0]
        if first.fault is None:
            return []
        evidence = [f"{pointer}/proxyinfo/0/fault"]
        found = connect_findings(first.fault, subject, answers.address, first.duration_us, evidence)
        if not found or first.fault.reason is FaultReason.LOCAL:
            self._analysis.undecided.append(f"{answers.address}: it could not be asked ({first.fault.reason})")
        return found

    def _photos(self) -> list[Finding]:
        """Only where the URL's own port can be reached: else that is what is to be mended."""
        port = self._observation.photo_port
        if port is None:
            return []
        reached = {
            analysed.address for analysed in self._analysis.addresses if analysed.answerer is not Answerer.NO_CONNECTION
        }
        for number, answers in enumerate(self._observation.addresses):
            if answers.address not in reached or not answers.photo:
                continue
            problem = photo_problem(answers.photo)
            if problem is None and is_of_proxy(answers.photo[-1].fault):
                unknown = "the port for photos: the proxy gave no connection for the question"
                self._analysis.unmeasured.append(unknown)
            if problem is not None:
                evidence = [f"/observation/addresses/{number}/photo"]
                return [
                    prov.PROV_PHOTO_PORT.found(self._about_url, evidence=evidence, photo_port=port, problem=problem)
                ]
        return []
