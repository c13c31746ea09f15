"""From the facts about a key file or an endpoint to analysis and findings. Pure."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import push
from stdiag.formats.client_selector import Platform
from stdiag.model import Finding, Param, Severity, Subject, SubjectKind, Vantage
from stdiag.pki.trust_file import TrustFileProblem
from stdiag.probes.contract import Context
from stdiag.probes.push.analysis import PushAnalysis, PushStage
from stdiag.probes.push.chain import ChainProof, chain_proof
from stdiag.probes.push.judge_apns import ApnsJudgement
from stdiag.probes.push.judge_key import judge_key
from stdiag.probes.push.judge_way import blocked, not_reached
from stdiag.probes.push.observation import PushExchange, PushObservation, TrustStoreFile
from stdiag.probes.push.plan import HERE, phones_named
from stdiag.probes.push.services import APPLE_ROOT, FEEDBACK_PORT, LEGACY_PORTS, LEGACY_SHUT_DOWN, PushQuestion
from stdiag.probes.shared.record import certificates_of

_FCM = "fcm.googleapis.com"
_UNAUTHENTICATED = 401
_MILDEST = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_STORE_PROBLEMS = {
    TrustFileProblem.UNREADABLE: "the file cannot be opened",
    TrustFileProblem.TOO_LARGE: "it is larger than any trust store",
    TrustFileProblem.JKS: "it is a JKS, of which keytool -list -rfc -keystore FILE makes PEM",
    TrustFileProblem.WRONG_PASSPHRASE: "the passphrase does not open it",
    TrustFileProblem.NO_CERTIFICATE: "it holds no certificate that can be read",
}


def judge(observation: PushObservation, context: Context) -> tuple[PushAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    if observation.question is PushQuestion.KEY and observation.key is not None:
        return judge_key(observation, observation.key, context)
    if observation.trust_store is not None:
        return _judge_store(observation, observation.trust_store)
    return _EndpointJudgement(observation, context).judge()


def _judge_store(observation: PushObservation, store: TrustStoreFile) -> tuple[PushAnalysis, list[Finding]]:
    subject = Subject(kind=SubjectKind.FILE, file=store.file)
    analysis = PushAnalysis(question=observation.question, readable=store.problem is None, problem=store.problem)
    evidence = ["/observation/trust_store"]
    if store.problem is not None:
        why = _STORE_PROBLEMS[TrustFileProblem(store.problem)]
        return analysis, [push.PUSH_TRUST_STORE_UNREADABLE.found(subject, evidence=evidence, why=why)]
    if store.apple_roots:
        analysis.root = certificates_of(store.apple_roots)[0].common_name
        return analysis, []
    names = [one.common_name or one.subject for one in certificates_of(observation.expected_roots)]
    root = ", ".join(names) or APPLE_ROOT
    return analysis, [push.PUSH_TRUST_STORE.found(subject, evidence=evidence, root=root, count=store.certificates)]


class _EndpointJudgement:
    """One endpoint on one way: how far it was reached, whose certificate was shown, what was answered."""

    def __init__(self, observation: PushObservation, context: Context) -> None:
        self._observation = observation
        self._context = context
        via = observation.way.proxy if observation.way else None
        self._subject = Subject(kind=SubjectKind.ENDPOINT, host=observation.host, port=observation.port, via=via)
        self._analysis = PushAnalysis(question=observation.question)
        self._findings: list[Finding] = []

    def judge(self) -> tuple[PushAnalysis, list[Finding]]:
        observation, analysis = self._observation, self._analysis
        analysis.unmeasured += observation.left_out
        ended = not_reached(observation, self._subject)
        if ended is not None:
            analysis.stage, analysis.reasons, self._findings = ended
        elif observation.handshake is None:
            analysis.undecided.append("it was not asked to the end before the check ended")
        else:
            self._judge_session()
        if observation.question is PushQuestion.LEGACY and observation.service_of == "apple":
            self._judge_retired(answered=observation.handshake is not None)
        self._judge_vantage()
        return analysis, self._findings

    def _judge_session(self) -> None:
        observation = self._observation
        assert observation.handshake is not None  # noqa: S101 - the caller has looked
        proof = chain_proof(observation, self._context)
        if proof is not None:
            self._analysis.peer_subject, self._analysis.peer_issuer = proof.subject, proof.issuer
            self._analysis.root = proof.root
        if observation.question is PushQuestion.DEVICE:
            self._judge_device()
            return
        speaker = ApnsJudgement(observation, self._subject, self._analysis)
        if not observation.handshake.completed:
            fault = observation.handshake.fault
            if fault is not None:
                speaker.handshake_failed(fault)
        elif observation.exchange is not None:
            if observation.question is PushQuestion.APNS:
                speaker.answered(observation.exchange)
            elif observation.question is PushQuestion.LEGACY:
                speaker.listened(observation.exchange)
            else:
                self._judge_google(observation.exchange)
        apart = [] if observation.question is PushQuestion.LEGACY else self._judge_chain(proof)
        said = speaker.findings
        if any(finding.code == push.PUSH_INTERCEPTED.code for finding in apart):
            # It was not Apple who answered: that says nothing of the key.
            said = [finding for finding in said if finding.subject.kind is not SubjectKind.FILE]
            if len(said) < len(speaker.findings):
                self._analysis.unmeasured.append("whether the key is accepted: the answer is not the push service's")
        self._findings += [*apart, *said]

    def _judge_chain(self, proof: ChainProof | None) -> list[Finding]:
        """Whose certificate it is. What this finds stands before what was answered: it explains it."""
        observation, analysis = self._observation, self._analysis
        if proof is None:
            return []
        analysis.intercepted = None if proof.genuine is None else not proof.genuine
        if proof.genuine is False and proof.named_after:
            analysis.intercepted = None
            stores = ", ".join(store.name for store in self._context.trust) or "here"
            analysis.undecided.append(
                f"whether the certificate is Apple's: it names {APPLE_ROOT} as its top, and no store has that root"
            )
            return [self._about(push.PUSH_STORE_LACKS_ROOT, store=stores, root=APPLE_ROOT)]
        if proof.genuine is False:
            self._end(PushStage.TARGET, "target:intercepted")
            if observation.question is PushQuestion.GOOGLE and observation.service_of == "google":
                return [self._about(push.PUSH_GOOGLE_INTERCEPTED, issuer=proof.issuer, root=proof.root)]
            expected = list(proof.expected)
            return [self._about(push.PUSH_INTERCEPTED, issuer=proof.issuer, root=proof.root, expected=expected)]
        if proof.genuine is None and not proof.trusted:
            self._end(PushStage.TARGET, "target:untrusted")
            stores = ", ".join(store.name for store in self._context.trust)
            return [self._about(push.PUSH_UNTRUSTED, issuer=proof.issuer, stores=stores or "none")]
        if not proof.name_fits:
            self._end(PushStage.TARGET, "target:name-mismatch")
            return [self._about(push.PUSH_SERVER_NAME, names=list(proof.names))]
        if observation.service_of != "apple":
            return []
        return [self._about(push.PUSH_STORE_LACKS_ROOT, store=name, root=APPLE_ROOT) for name in proof.lacking]

    def _judge_google(self, exchange: PushExchange) -> None:
        analysis = self._analysis
        analysis.http_status = exchange.status
        if exchange.status is None:
            fault = exchange.fault
            analysis.stage, analysis.reasons = PushStage.TARGET, [f"target:{fault.reason if fault else 'silent'}"]
            seen = f"no HTTP answer ({fault.reason})" if fault else "no HTTP answer"
            self._findings.append(self._about(push.PUSH_GOOGLE_UNEXPECTED, seen=seen))
            return
        self._end(PushStage.OK, "ok")
        as_known = exchange.status == _UNAUTHENTICATED if self._observation.host == _FCM else True
        if not exchange.is_json or not as_known:
            title = f", page {exchange.title!r}" if exchange.title else ""
            kind = "JSON" if exchange.is_json else exchange.content_type or "no type"
            seen = f"status {exchange.status}, {kind}{title}"
            self._end(PushStage.TARGET, "target:unexpected")
            self._findings.append(self._about(push.PUSH_GOOGLE_UNEXPECTED, seen=seen))

    def _judge_device(self) -> None:
        handshake = self._observation.handshake
        if handshake is not None and handshake.completed:
            self._end(PushStage.OK, "ok")
            return
        fault = handshake.fault if handshake else None
        reason = str(fault.reason) if fault else "closed"
        if fault is not None and fault.alert:
            self._end(PushStage.OK, f"tls-alert:{fault.alert}")  # a server of TLS is there, and only phones suit it
            return
        self._end(PushStage.TARGET, f"target:{reason}")
        how = f"the connection stands, and TLS does not come about ({reason})"
        self._findings += blocked(self._observation, self._subject, how, "/observation/handshake")

    def _judge_retired(self, *, answered: bool) -> None:
        """Apple's old interface: closed is as it should be, and nobody may depend on it."""
        observation, site = self._observation, self._context.site
        configured = site.push.notification_port if site.push else None
        if answered:
            evidence = ["/observation/handshake"]
            self._findings = [
                push.PUSH_LEGACY_ANSWERED.found(
                    self._subject,
                    evidence=evidence,
                    date=LEGACY_SHUT_DOWN,
                    subject_shown=self._analysis.peer_subject,
                    issuer=self._analysis.peer_issuer,
                )
            ]
        if configured in LEGACY_PORTS and configured == observation.port:
            first = push.PUSH_LEGACY_CONFIGURED.found(self._subject, port=configured, date=LEGACY_SHUT_DOWN)
            defect = [push.PUSH_LEGACY_PORT_DEFECT.found(self._subject)] if configured == FEEDBACK_PORT else []
            self._findings = [first, *defect, *self._findings]

    def _judge_vantage(self) -> None:
        """Measured elsewhere than pushes leave from, it says so once, and nothing of it is an error."""
        site = self._context.site
        # Who only names phones has not said that this is where pushes leave from; who writes [push] has.
        if site.vantage is Vantage.STPROXY or (site.vantage is None and site.push is not None):
            return
        if site.push is None:
            for finding in self._findings:
                finding.severity = min(finding.severity, Severity.WARNING, key=_MILDEST.index)
        if self._says_where():
            place = HERE[site.vantage] if site.vantage else "a place that was not named"
            subject = Subject(kind=SubjectKind.NAME, host=self._observation.host)
            self._findings.append(push.PUSH_ELSEWHERE.found(subject, place=place))

    def _says_where(self) -> bool:
        """Apple's checks say it, and one of Google's where Apple is not asked."""
        if self._observation.question is PushQuestion.APNS:
            return True
        site = self._context.site
        only_google = site.push is None and Platform.IOS not in phones_named(site)
        return only_google and self._observation.host == _FCM

    def _end(self, stage: PushStage, reason: str) -> None:
        self._analysis.stage, self._analysis.reasons = stage, [reason]

    def _about(self, kind: FindingKind, **params: Param) -> Finding:
        needless = kind.severity is Severity.ERROR and not self._observation.needed
        severity = Severity.WARNING if needless else None
        evidence = ["/observation/peer_chain" if self._observation.peer_chain else "/observation/exchange"]
        return kind.found(self._subject, evidence=evidence, severity=severity, affects=None, **params)
