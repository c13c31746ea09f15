"""What Apple's answer, or what came in its place, means for the key and for the way. Pure."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import push
from stdiag.catalogue.reach import seconds
from stdiag.model import Fault, FaultReason, Finding, Param, Severity, Subject, SubjectKind, bracketed
from stdiag.pki.apple_push import push_certificate
from stdiag.probes.push.analysis import PushAnalysis, PushStage, Shown
from stdiag.probes.push.observation import PushExchange, PushObservation
from stdiag.probes.push.services import PushQuestion
from stdiag.probes.shared.record import certificates_of

# Alerts by which a server judges the client's certificate (RFC 8446 §6.2), and handshake_failure, which TLS 1.2 uses
# for a missing one (RFC 5246 §7.4.6).
ALERT_MEANINGS = {
    "certificate_expired": "it has expired",
    "certificate_revoked": "it has been revoked",
    "certificate_unknown": "it is not accepted",
    "bad_certificate": "it is not accepted, or damaged",
    "unsupported_certificate": "it is of a kind that is not accepted",
    "unknown_ca": "its issuer is not one that the service knows",
    "access_denied": "it may not be used here",
    "decrypt_error": "its private key does not belong to it",
}
_DEMANDS = frozenset({"certificate_required", "handshake_failure"})

_GOOD = frozenset({"BadDeviceToken", "Unregistered", "ExpiredToken", "DeviceTokenNotForTopic"})
_KEY_REFUSED = {
    "BadCertificate": "the certificate is bad",
    "Forbidden": "the action is not allowed for it",
}
_TOPIC_REFUSED = frozenset({"TopicDisallowed", "BadTopic"})
_BUSY = frozenset(
    {"TooManyRequests", "TooManyProviderTokenUpdates", "InternalServerError", "ServiceUnavailable", "Shutdown"}
    | {"IdleTimeout"}
)
_BUSY_STATUS = frozenset({429, 500, 502, 503, 504})
_NO_TOKEN = "MissingProviderToken"  # noqa: S105 - Apple's word for that nobody has said who he is


class ApnsJudgement:
    """The judgement of what came after the TCP connection stood: fills in `analysis`, collects `findings`."""

    def __init__(self, observation: PushObservation, subject: Subject, analysis: PushAnalysis) -> None:
        self._observation = observation
        self._subject = subject
        self._analysis = analysis
        self.findings: list[Finding] = []
        self._service = f"{bracketed(observation.host)}:{observation.port}"
        key = observation.key.file if observation.key else None
        self._about_key = Subject(kind=SubjectKind.FILE, file=key) if key else subject

    def handshake_failed(self, fault: Fault) -> None:
        """The handshake did not come to its end."""
        evidence = "/observation/handshake/fault"
        if fault.reason is FaultReason.TLS_ALERT:
            self._end(PushStage.TARGET, f"tls-alert:{fault.alert}")
            if self._alert_about_certificate(fault, evidence):
                return
        else:
            self._end(PushStage.TARGET, f"target:{_word(fault)}")
        if fault.reason in (FaultReason.CANCELLED, FaultReason.LOCAL):
            self._analysis.undecided.append(f"the TLS handshake was not ended ({fault.reason})")
            return
        how, words = _how(fault, self._observation), fault.words or None
        self._add(push.PUSH_NO_TLS, evidence, how=how, words=words)

    def answered(self, exchange: PushExchange) -> None:
        """The handshake came to its end, and this came of the request."""
        analysis = self._analysis
        analysis.http_status = exchange.status
        analysis.apns_reason = exchange.reason
        analysis.client_certificate = self._shown(exchange)
        if exchange.fault is not None and exchange.status is None:
            self._no_answer(exchange, exchange.fault)
        elif exchange.spoken is not None or exchange.protocol != "h2":
            words = {"http": "it speaks HTTP/1.1, and no HTTP/2", "http/1.1": "it speaks HTTP/1.1, and no HTTP/2"}
            seen = words.get(exchange.spoken or exchange.protocol, "what it sends is no HTTP/2")
            self._not_apns(exchange, seen)
        elif exchange.status is None and exchange.goaway is None:
            said = f"it cancels the request ({exchange.reset})" if exchange.reset else "no answer"
            self._unexpected(said)
        elif exchange.status is not None and not exchange.apns_id:
            page = "with a web page" if (exchange.content_type or "").startswith("text/html") else "without an apns-id"
            self._not_apns(exchange, f"it answers {page}")
        else:
            self._apples_answer(exchange)

    def listened(self, exchange: PushExchange) -> None:
        """The old interface: silent when it is content."""
        self._analysis.client_certificate = self._shown(exchange)
        if exchange.fault is not None:
            self._no_answer(exchange, exchange.fault)
        else:
            self._end(PushStage.OK, "ok")

    def _apples_answer(self, exchange: PushExchange) -> None:
        reason = exchange.reason or f"status {exchange.status}" if exchange.status else exchange.reason
        reason = reason or (exchange.goaway.error if exchange.goaway else "no reason")
        if reason in _GOOD or (reason == _NO_TOKEN and not self._observation.certificate_shown):
            self._end(PushStage.OK, "ok")
            if not self._observation.certificate_shown:
                self._analysis.unmeasured.append("whether the key is accepted: none was shown")
            return
        self._end(PushStage.APNS, f"apns:{reason}")
        if reason in _KEY_REFUSED:
            meaning = _KEY_REFUSED[reason]
            self._key(push.PUSH_KEY_REFUSED, meaning=meaning, said=reason, service=self._service)
        elif reason == "BadCertificateEnvironment":
            environments = self._certificate_says()[0]
            self._key(push.PUSH_KEY_ENVIRONMENT, service=self._service, environments=environments)
        elif reason in _TOPIC_REFUSED:
            topics = self._certificate_says()[1]
            topic = self._observation.wanted_topic or (topics[0] if topics else "none")
            self._key(push.PUSH_KEY_TOPIC_REFUSED, topic=topic, said=reason, topics=topics)
        elif reason == "MissingTopic":
            topics = self._certificate_says()[1]
            self._add(push.PUSH_APNS_TOPIC_MISSING, "/observation/exchange", topics=topics)
        elif reason == _NO_TOKEN:
            asked = bool(self._observation.handshake and self._observation.handshake.client_cert_requested)
            self._key(push.PUSH_KEY_NOT_ASKED, service=self._service, asked=asked)
        elif reason in _BUSY or exchange.status in _BUSY_STATUS or reason == "ENHANCE_YOUR_CALM":
            self._add(push.PUSH_APNS_BUSY, "/observation/exchange", said=reason, status=exchange.status)
        else:
            self._unexpected(reason)

    def _no_answer(self, exchange: PushExchange, fault: Fault) -> None:
        evidence = "/observation/exchange/fault"
        match fault.reason:
            case FaultReason.TLS_ALERT:
                self._end(PushStage.TARGET, f"tls-alert:{fault.alert}")
                if not self._alert_about_certificate(fault, evidence):
                    self._not_apns(exchange, f"it ends the connection with the TLS alert {fault.alert}", keep=True)
            case FaultReason.CLOSED | FaultReason.RESET:
                self._ended_early(exchange, fault)
            case FaultReason.SILENT | FaultReason.SLOW:
                self._end(PushStage.TARGET, "target:silent")
                waited = seconds(exchange.waited_us)
                self._add(push.PUSH_APNS_SILENT, evidence, waited_s=waited)
            case FaultReason.CANCELLED | FaultReason.LOCAL:
                self._analysis.undecided.append(f"the request was not ended ({fault.reason})")
            case _:
                self._not_apns(exchange, "what it sends is no HTTP/2")

    def _ended_early(self, exchange: PushExchange, fault: Fault) -> None:
        word = "closed" if fault.reason is FaultReason.CLOSED else "reset"
        self._end(PushStage.TARGET, f"target:{word}")
        handshake = self._observation.handshake
        asked = handshake is not None and handshake.client_cert_requested
        if self._observation.certificate_shown and asked and not exchange.settings_received:
            self._key(push.PUSH_KEY_PROBABLY_REFUSED, service=self._service, how=word)
            return
        if self._observation.question is PushQuestion.LEGACY:
            self._end(PushStage.OK, "ok")  # it had nothing to tell
            return
        self._not_apns(exchange, "it ends the connection without an answer", keep=True)

    def _alert_about_certificate(self, fault: Fault, evidence: str) -> bool:
        """True when the alert is about our certificate, or the lack of one."""
        alert = fault.alert or ""
        if self._observation.certificate_shown:
            handshake = self._observation.handshake
            asked = handshake is not None and handshake.client_cert_requested
            if alert in ALERT_MEANINGS or (alert in _DEMANDS and asked):
                self._analysis.client_certificate = Shown.REFUSED
                meaning = ALERT_MEANINGS.get(alert, "it is not accepted")
                said = f"TLS alert {alert}"
                self._key(push.PUSH_KEY_REFUSED, evidence, meaning=meaning, said=said, service=self._service)
                return True
            return False
        if alert in _DEMANDS or alert in ALERT_MEANINGS:
            self._analysis.undecided.append(
                f"{self._service} demands a client certificate (TLS alert {alert}), and none was shown: name a key"
            )
            return True
        return False

    def _not_apns(self, exchange: PushExchange, seen: str, *, keep: bool = False) -> None:
        if not keep:
            self._end(PushStage.TARGET, "target:not-apns")
        evidence = "/observation/exchange"
        self._add(push.PUSH_NOT_APNS, evidence, seen=seen, status=exchange.status, title=exchange.title)

    def _unexpected(self, said: str) -> None:
        if self._analysis.stage is None:
            self._end(PushStage.APNS, "apns:unexpected")
        exchange = self._observation.exchange
        status = exchange.status if exchange else None
        self._add(push.PUSH_APNS_UNEXPECTED, "/observation/exchange", said=said, status=status)

    def _shown(self, exchange: PushExchange) -> Shown:
        handshake = self._observation.handshake
        if not self._observation.certificate_shown:
            return Shown.NONE
        if handshake is None or not handshake.client_cert_requested:
            return Shown.NOT_ASKED
        if exchange.fault is not None and exchange.fault.reason is FaultReason.TLS_ALERT:
            return Shown.REFUSED
        if exchange.reason in _KEY_REFUSED or exchange.reason == "BadCertificateEnvironment":
            return Shown.REFUSED
        answered = exchange.status is not None or exchange.settings_received or exchange.protocol == "binary"
        return Shown.ACCEPTED if answered else Shown.UNKNOWN

    def _certificate_says(self) -> tuple[list[str], list[str]]:
        """Environments and topics of the key's certificate."""
        key = self._observation.key
        if key is None or key.certificate is None:
            return [], []
        (certificate,) = certificates_of([key.certificate])
        said = push_certificate(certificate)
        return [environment.value for environment in said.environments], list(said.topics)

    def _end(self, stage: PushStage, reason: str) -> None:
        self._analysis.stage, self._analysis.reasons = stage, [reason]

    def _add(self, kind: FindingKind, evidence: str, **params: Param) -> None:
        serious = kind.severity is Severity.ERROR
        needless = serious and not self._observation.needed
        severity = Severity.WARNING if needless else None
        self.findings.append(kind.found(self._subject, evidence=[evidence], severity=severity, affects=None, **params))

    def _key(self, kind: FindingKind, evidence: str = "/observation/exchange", **params: Param) -> None:
        self.findings.append(kind.found(self._about_key, evidence=[evidence], severity=None, affects=None, **params))


def _word(fault: Fault) -> str:
    return {
        FaultReason.NOT_TLS: "not-tls",
        FaultReason.SILENT: "silent",
        FaultReason.SLOW: "silent",
        FaultReason.CLOSED: "closed",
        FaultReason.RESET: "reset",
    }.get(fault.reason, str(fault.reason))


def _how(fault: Fault, observation: PushObservation) -> str:
    waited = seconds(observation.handshake.waited_us) if observation.handshake else 0.0
    match fault.reason:
        case FaultReason.NOT_TLS:
            return f"it speaks {fault.seen or 'another protocol'}"
        case FaultReason.SILENT:
            return f"it says nothing for {waited:g} s"
        case FaultReason.SLOW:
            return f"it does not end within {waited:g} s"
        case FaultReason.CLOSED:
            return "the connection is closed in it"
        case FaultReason.RESET:
            return "the connection is cut in it"
        case FaultReason.TLS_ALERT:
            return f"it is refused with the alert {fault.alert}"
        case FaultReason.TLS_LOCAL:
            return "the TLS library here cannot do what is asked for, or does not take the key"
        case _:
            return "what comes is no valid TLS"
