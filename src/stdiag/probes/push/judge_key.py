"""What a key file is good for. Pure: the dates are compared with the start of the run."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import push
from stdiag.model import Finding, Param, PushEnvironment, Subject, SubjectKind
from stdiag.pki.apple_push import push_certificate
from stdiag.pki.certificate import Certificate
from stdiag.pki.pkcs12_outline import OLD_ALGORITHMS
from stdiag.pki.push_key import KeyProblem, OpensWith
from stdiag.probes.contract import Context
from stdiag.probes.push.analysis import PushAnalysis
from stdiag.probes.push.observation import KeyFile, PushObservation
from stdiag.probes.shared.chain_analysis import CertificateFacts
from stdiag.probes.shared.judge_chain import short_name
from stdiag.probes.shared.record import certificates_of, moment

_FORMS = {
    KeyProblem.EMPTY: ("empty", "copy it again, in binary mode"),
    KeyProblem.TOO_LARGE: ("larger than any key file", "name the key file itself"),
    KeyProblem.PEM: ("PEM text", "openssl pkcs12 -export -inkey key.pem -in certificate.pem -out apns-prod.pkcs12"),
    KeyProblem.JKS: (
        "a Java key store (JKS)",
        "keytool -importkeystore -srckeystore OLD -destkeystore NEW -deststoretype PKCS12",
    ),
    KeyProblem.JCEKS: (
        "a Java key store (JCEKS)",
        "keytool -importkeystore -srckeystore OLD -srcstoretype JCEKS -destkeystore NEW -deststoretype PKCS12",
    ),
    KeyProblem.BASE64: ("base64 text", "openssl base64 -d -A -in OLD -out apns-prod.pkcs12"),
    KeyProblem.CERTIFICATE: (
        "a certificate without its private key",
        "openssl pkcs12 -export -inkey key.pem -in certificate.pem -out apns-prod.pkcs12, where the private key is",
    ),
    KeyProblem.NOT_PKCS12: ("something else", "take the file from where it was made, in binary mode"),
}
_READABLE_PROBLEMS = frozenset(
    {KeyProblem.NO_PRIVATE_KEY, KeyProblem.NO_CERTIFICATE, KeyProblem.KEY_MISMATCH, KeyProblem.TWO_KEYS}
)
_UNPROTECTED = {
    OpensWith.ANYTHING: "the file opens with any passphrase",
    OpensWith.EMPTY: "the file opens with the empty passphrase, whatever was given",
    OpensWith.EMPTY_AS_GIVEN: "the file opens with the empty passphrase",
}


def judge_key(observation: PushObservation, key: KeyFile, context: Context) -> tuple[PushAnalysis, list[Finding]]:
    """Analysis and findings of one key file."""
    return _KeyJudgement(observation, key, context).judge()


class _KeyJudgement:
    def __init__(self, observation: PushObservation, key: KeyFile, context: Context) -> None:
        self._observation = observation
        self._key = key
        self._context = context
        self._subject = Subject(kind=SubjectKind.FILE, file=key.file)
        self._problem = KeyProblem(key.problem) if key.problem in set(KeyProblem) else None
        self._findings: list[Finding] = []

    def judge(self) -> tuple[PushAnalysis, list[Finding]]:
        analysis = PushAnalysis(
            question=self._observation.question,
            readable=self._key.opens_with is not None,
            problem=self._key.problem,
        )
        certificate = self._certificate()
        self._judge_problem(certificate)
        if certificate is not None:
            self._judge_certificate(certificate, analysis)
        if analysis.readable:
            self._judge_protection()
        return analysis, self._findings

    def _certificate(self) -> Certificate | None:
        if self._key.certificate is None:
            return None
        (certificate,) = certificates_of([self._key.certificate])
        return None if certificate.problem else certificate

    def _add(self, kind: FindingKind, **params: Param) -> None:
        finding = kind.found(self._subject, evidence=["/observation/key"], severity=None, affects=None, **params)
        self._findings.append(finding)

    def _judge_problem(self, certificate: Certificate | None) -> None:
        shown = certificate.subject if certificate else None
        match self._problem:
            case None:
                return
            case KeyProblem.UNREADABLE:
                self._add(push.PUSH_KEY_FILE, words=self._key.words)
            case KeyProblem.DAMAGED:
                self._add(push.PUSH_KEY_DAMAGED)
            case KeyProblem.WRONG_PASSPHRASE | KeyProblem.PASSPHRASE_NEEDED:
                self._add(push.PUSH_KEY_WRONG_PASSPHRASE, given=self._key.passphrase_given)
            case KeyProblem.UNSUPPORTED:
                self._add(push.PUSH_KEY_UNSUPPORTED, algorithms=self._key.algorithms)
            case KeyProblem.NO_PRIVATE_KEY:
                self._add(push.PUSH_KEY_NO_PRIVATE_KEY, certificate=shown)
            case KeyProblem.NO_CERTIFICATE:
                self._add(push.PUSH_KEY_NO_CERTIFICATE)
            case KeyProblem.KEY_MISMATCH:
                self._add(push.PUSH_KEY_MISMATCH, certificate=shown)
            case KeyProblem.TWO_KEYS:
                self._add(push.PUSH_KEY_TWO_KEYS, count=self._key.private_keys, certificate=shown)
            case other:
                form, advice = _FORMS[other]
                self._add(push.PUSH_KEY_FORMAT, form=form, advice=advice)

    def _judge_certificate(self, certificate: Certificate, analysis: PushAnalysis) -> None:
        said = push_certificate(certificate)
        left = (certificate.not_after - self._context.started).days
        analysis.topics = list(said.topics)
        analysis.environments = [environment.value for environment in said.environments]
        analysis.days_left = left
        analysis.certificates = [
            CertificateFacts(
                role="push key",
                name=short_name(certificate.subject),
                not_after=moment(certificate.not_after),
                days_left=left,
            )
        ]
        if self._problem in (KeyProblem.NO_PRIVATE_KEY, KeyProblem.KEY_MISMATCH):
            return  # whatever is wrong with a certificate that is not the key's comes later
        self._judge_dates(certificate, left)
        if not said.is_push:
            self._add(push.PUSH_KEY_NOT_PUSH, certificate=certificate.subject, issuer=certificate.issuer)
            return
        wanted = self._observation.wanted_topic
        if wanted and said.topics and wanted not in said.topics:
            self._add(push.PUSH_KEY_TOPIC, topic=wanted, topics=list(said.topics))
        if said.environments == (PushEnvironment.SANDBOX,):
            self._add(push.PUSH_KEY_SANDBOX, topics=list(said.topics))

    def _judge_dates(self, certificate: Certificate, left: int) -> None:
        started = self._context.started
        not_after = moment(certificate.not_after)
        if started > certificate.not_after:
            self._add(push.PUSH_KEY_EXPIRED, days_ago=(started - certificate.not_after).days, not_after=not_after)
        elif started < certificate.not_before:
            self._add(push.PUSH_KEY_NOT_YET_VALID, not_before=moment(certificate.not_before))
        elif left < self._observation.renew_before_days:
            self._add(push.PUSH_KEY_EXPIRES_SOON, days_left=left, not_after=not_after)

    def _judge_protection(self) -> None:
        key = self._key
        if self._problem in _READABLE_PROBLEMS and self._problem is not KeyProblem.TWO_KEYS:
            return
        if OLD_ALGORITHMS & set(key.algorithms):
            self._add(push.PUSH_KEY_OLD_ENCRYPTION, algorithms=key.algorithms)
        elif key.by_keytool and key.algorithms:
            self._add(push.PUSH_KEY_KEYTOOL, algorithms=key.algorithms)
        if key.has_mac is False and key.opens_with != OpensWith.ANYTHING:
            self._add(push.PUSH_KEY_NO_MAC)
        if key.opens_with in _UNPROTECTED:
            self._add(push.PUSH_KEY_UNPROTECTED, how=_UNPROTECTED[OpensWith(key.opens_with)])
