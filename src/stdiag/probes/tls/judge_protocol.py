"""What one address accepts: versions, ciphers, the size of a ClientHello, SNI, client certificates."""

from __future__ import annotations

from stdiag.catalogue.kinds import tls as kinds
from stdiag.model import FaultReason, Finding, Severity, Subject
from stdiag.pki.names import NameMatch, match_name
from stdiag.probes.shared.judge_chain import called
from stdiag.probes.shared.record import certificates_of
from stdiag.probes.tls.analysis import ClientCertificate
from stdiag.probes.tls.observation import AddressObservation, Handshake
from stdiag.probes.tls.offers import VERSION_LABEL, VERSIONS

OBSOLETE = ("TLSv1", "TLSv1.1")
SHOWN = {"TLSv1": "TLS 1.0", "TLSv1.1": "TLS 1.1", "TLSv1.2": "TLS 1.2", "TLSv1.3": "TLS 1.3"}
NO_ANSWER = (FaultReason.SILENT, FaultReason.SLOW, FaultReason.CLOSED, FaultReason.RESET)
REFUSALS = (FaultReason.TLS_ALERT, FaultReason.CLOSED, FaultReason.RESET, FaultReason.TLS_PROTOCOL)


def versions(observed: AddressObservation) -> tuple[list[str], list[str]]:
    """Versions that this address accepted, and those that it refused; what was not measured is in neither."""
    accepted = {record.protocol for record in observed.handshakes if record.completed and record.protocol}
    refused = {
        version.value
        for version in VERSIONS
        for record in observed.handshakes
        if record.offer == VERSION_LABEL[version] and _refused_the_version(record)
    }
    default = by_offer(observed, "default")
    if default and default.completed and default.protocol != "TLSv1.3":
        refused.add("TLSv1.3")  # it was offered, and the server chose less
    order = [version.value for version in VERSIONS]
    return [v for v in order if v in accepted], [v for v in order if v in refused and v not in accepted]


def _refused_the_version(record: Handshake) -> bool:
    """A refusal that came for want of a client certificate says nothing about the version."""
    return record.fault is not None and record.fault.reason in REFUSALS and not record.client_cert_requested


def client_certificate(observed: AddressObservation) -> ClientCertificate:
    """Whether this address wants a certificate from the client."""
    asked = any(record.client_cert_requested for record in observed.handshakes)
    if asked:
        # Up to TLS 1.2 the refusal is part of the handshake; under TLS 1.3 it comes after it.
        refused = any(
            record.client_cert_requested and not record.completed and record.fault and record.fault.reason in REFUSALS
            for record in observed.handshakes
        )
        return ClientCertificate.REQUIRED if refused or required_how(observed) else ClientCertificate.ASKED
    if any(record.completed for record in observed.handshakes):
        return ClientCertificate.NOT_ASKED
    return ClientCertificate.UNKNOWN


def required_how(observed: AddressObservation) -> str | None:
    """How it showed, after a finished handshake, that a client certificate is required; None when it did not."""
    glance = observed.http
    if glance is None or not any(record.client_cert_requested for record in observed.handshakes):
        return None
    if glance.fault is not None and glance.fault.reason is FaultReason.TLS_ALERT:
        return f"alert {glance.fault.alert} at the first read after the handshake"
    if glance.fault is not None and glance.fault.reason in (FaultReason.CLOSED, FaultReason.RESET):
        return "the connection was ended at the first read after the handshake"
    if glance.status is not None and glance.body_says_client_cert_missing:
        return f"HTTP status {glance.status} with a page that says so"
    return None


def judge_protocol(observed: AddressObservation, pointer: str, subject: Subject, name: str | None) -> list[Finding]:
    """Findings about an address on which at least one handshake went through."""
    findings = _client_certificate(observed, pointer, subject)
    findings += _versions(observed, pointer, subject)
    findings += _large_hello(observed, pointer, subject)
    findings += _weak_dh(observed, pointer, subject)
    findings += _cipher(observed, pointer, subject)
    findings += _sni(observed, pointer, subject, name)
    return findings


def by_offer(observed: AddressObservation, offer: str) -> Handshake | None:
    """The handshake with that ClientHello, if it was made."""
    return next((record for record in observed.handshakes if record.offer == offer), None)


def _clients_of_today_pass(observed: AddressObservation) -> bool:
    default = by_offer(observed, "default")
    return default is not None and default.completed


def _client_certificate(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    seen = required_how(observed)
    if seen is None:
        return []
    return [kinds.TLS_CLIENT_CERT_REQUIRED.found(subject, evidence=[f"{pointer}/http"], seen=seen)]


def _versions(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    accepted, refused = versions(observed)
    evidence = [f"{pointer}/handshakes"]
    obsolete = [SHOWN[version] for version in accepted if version in OBSOLETE]
    current = [SHOWN[version] for version in accepted if version not in OBSOLETE]
    if obsolete and not current:
        default = by_offer(observed, "default")
        if default is None or default.completed:
            return []
        return [kinds.TLS_VERSION_OLD_ONLY.found(subject, evidence=evidence, versions=obsolete)]
    if obsolete:
        return [kinds.TLS_VERSION_OBSOLETE_ACCEPTED.found(subject, evidence=evidence, versions=obsolete)]
    if current == ["TLS 1.3"] and "TLSv1.2" in refused:
        return [kinds.TLS_VERSION_NEW_ONLY.found(subject, evidence=evidence, versions=current)]
    return []


def _large_hello(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    large, small = by_offer(observed, "default"), by_offer(observed, "small")
    if not large or not small or large.completed or not small.completed:
        return []
    if large.fault is None or large.fault.reason not in NO_ANSWER or large.bytes_received:
        return []
    return [
        kinds.TLS_HELLO_TOO_LARGE.found(
            subject,
            evidence=[
                f"{pointer}/handshakes/{observed.handshakes.index(large)}",
                f"{pointer}/handshakes/{observed.handshakes.index(small)}",
            ],
            large=large.hello_bytes,
            small=small.hello_bytes,
        )
    ]


def _weak_dh(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    """OpenSSL refuses the group at today's security level and takes it without one."""
    weak = by_offer(observed, "dhe-weak")
    if weak is None or not weak.completed:
        return []
    return [
        kinds.TLS_WEAK_DH.found(
            subject,
            evidence=[f"{pointer}/handshakes/{observed.handshakes.index(weak)}"],
            severity=None if _clients_of_today_pass(observed) else Severity.ERROR,
            group="less than 2048 bits",
            cipher=weak.cipher,
        )
    ]


def _cipher(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    default = by_offer(observed, "default")
    lenient = by_offer(observed, "lenient")
    accepted, _ = versions(observed)
    if default is None:
        return []
    record, reason = default, _unusual(default) if default.completed else None
    refused = default.fault is not None and default.fault.reason is FaultReason.TLS_ALERT
    current = any(version not in OBSOLETE for version in accepted)
    if refused and current and lenient is not None and lenient.completed:
        record, reason = lenient, "the ciphers that clients offer today were refused"
    if reason is None or record.cipher is None:
        return []
    return [
        kinds.TLS_CIPHER_UNUSUAL.found(
            subject,
            evidence=[f"{pointer}/handshakes/{observed.handshakes.index(record)}/cipher"],
            severity=None if _clients_of_today_pass(observed) else Severity.ERROR,
            protocol=SHOWN.get(record.protocol or "", record.protocol),
            cipher=record.cipher,
            reason=reason,
        )
    ]


def _unusual(record: Handshake) -> str | None:
    """Why a cipher suite (OpenSSL's name) is one that clients leave: iOS 9 asks for ECDHE, RFC 7465 and RFC 9155 rule
    others out."""
    cipher = record.cipher or ""
    if record.protocol == "TLSv1.3":
        return None
    if any(broken in cipher for broken in ("RC4", "3DES", "DES-CBC", "NULL", "EXP", "ADH", "AECDH", "MD5")):
        return "a broken algorithm"
    if not cipher.startswith(("ECDHE-", "DHE-")):
        return "no forward secrecy"
    if any(rare in cipher for rare in ("CAMELLIA", "ARIA", "SEED", "IDEA")):
        return "an algorithm that few clients offer"
    return None


def _sni(observed: AddressObservation, pointer: str, subject: Subject, name: str | None) -> list[Finding]:
    """With the name it works, without it does not, or another certificate comes."""
    without = by_offer(observed, "no-sni")
    with_name = next(
        (record for record in observed.handshakes if record.completed and record.server_name and record.chain_sent),
        None,
    )
    if without is None or with_name is None or name is None:
        return []
    evidence = [f"{pointer}/handshakes/{observed.handshakes.index(without)}"]
    if not without.completed:
        if without.fault is None or without.fault.reason not in REFUSALS or with_name.offer != "default":
            return []
        alert = without.fault.alert
        seen = f"alert {alert}" if alert else "the connection was ended"
    else:
        if not without.chain_sent or without.chain_sent[0].sha256 == with_name.chain_sent[0].sha256:
            return []
        fits, other = certificates_of([with_name.chain_sent[0], without.chain_sent[0]])
        if match_name(fits, name) is NameMatch.MISMATCH or match_name(other, name) is not NameMatch.MISMATCH:
            return []
        seen = f"another certificate, for {called(other)}"
    return [kinds.TLS_SNI_REQUIRED.found(subject, evidence=evidence, without_sni=seen)]
