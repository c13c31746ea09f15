"""From what the net layer brought to what the observation keeps."""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Sequence
from datetime import datetime

from stdiag.net.tls import TlsOffer, TlsResult, verify_text
from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.probes.shared.handshake import Handshake, SentCertificate, VerifyCode


@functools.lru_cache(maxsize=1024)
def sent(certificate: Certificate) -> SentCertificate:
    """A certificate as the observation keeps it."""
    if certificate.problem:
        return SentCertificate(
            sha256=certificate.sha256,
            subject="",
            issuer="",
            not_before="",
            not_after="",
            pem=certificate.pem,
            problem=certificate.problem,
        )
    return SentCertificate(
        sha256=certificate.sha256,
        subject=certificate.subject,
        issuer=certificate.issuer,
        not_before=moment(certificate.not_before),
        not_after=moment(certificate.not_after),
        pem=certificate.pem,
    )


def certificates_of(records: Sequence[SentCertificate]) -> tuple[Certificate, ...]:
    """The certificates of an observation; one whose PEM was damaged in the report is unreadable, not an error."""
    return tuple(parse_certificate(_der_of(record.pem)) for record in records)


def _der_of(pem: str) -> bytes:
    body = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        return b""


def moment(when: datetime) -> str:
    """UTC to the second, ISO 8601."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ") if when.year >= 1000 else when.isoformat()


def handshake_record(offer: TlsOffer, result: TlsResult) -> Handshake:
    """One handshake as the observation keeps it."""
    foreign = not result.completed and result.fault is not None and not result.chain_der
    return Handshake(
        offer=offer.label,
        server_name=offer.server_name,
        completed=result.completed,
        fault=result.fault,
        protocol=result.protocol,
        cipher=result.cipher,
        alpn=result.alpn,
        group=result.group,
        chain_sent=[sent(parse_certificate(der)) for der in result.chain_der],
        verify_code=result.verify_code,
        verify_text=None if result.verify_code is None else verify_text(result.verify_code),
        verify_errors=[
            VerifyCode(code=code, depth=depth, text=verify_text(code)) for code, depth in result.verify_errors
        ],
        client_cert_requested=result.client_cert_requested,
        alerts_received=result.alerts_received,
        bytes_received=result.bytes_received,
        first_bytes=result.first_bytes.hex() if foreign and result.first_bytes else None,
        hello_bytes=result.hello_bytes,
        duration_us=result.duration_us,
        waited_us=result.waited_us,
    )
