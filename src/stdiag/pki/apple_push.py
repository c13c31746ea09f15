"""What Apple's extensions say of a push certificate: its environments and topics. The common name says nothing."""

from __future__ import annotations

import msgspec

from stdiag.model import PushEnvironment
from stdiag.pki import der as asn1
from stdiag.pki.certificate import Certificate
from stdiag.pki.distinguished_name import attribute_texts

_ARC = "1.2.840.113635.100.6.3."
_SANDBOX = _ARC + "1"
_PRODUCTION = _ARC + "2"
_TOPICS = _ARC + "6"
_USER_ID = "0.9.2342.19200300.100.1.1"
_UTF8_STRING = 0x0C
_MOST_TOPICS = 100


class PushCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says of push."""

    is_push: bool
    """It carries at least one of Apple's push extensions."""
    environments: tuple[PushEnvironment, ...]
    topics: tuple[str, ...]
    """Base topic first, as the extension lists them, else the subject's user id. Hostile text."""


def push_certificate(certificate: Certificate) -> PushCertificate:
    """Reads Apple's extensions 1.2.840.113635.100.6.3.1 (sandbox), .2 (production) and .6 (topics)."""
    values = _apple_extensions(certificate)
    environments = tuple(
        environment
        for oid, environment in ((_PRODUCTION, PushEnvironment.PRODUCTION), (_SANDBOX, PushEnvironment.SANDBOX))
        if oid in values
    )
    topics = _topics(values[_TOPICS]) if _TOPICS in values else ()
    if not topics and values:
        topics = tuple(attribute_texts(certificate.subject_der, _USER_ID))[:1]
    return PushCertificate(is_push=bool(values), environments=environments, topics=topics)


def _apple_extensions(certificate: Certificate) -> dict[str, bytes]:
    """Push extensions by identifier, each with its value; an unreadable certificate has none."""
    if certificate.x509 is None:
        return {}
    try:
        found = asn1.outline(certificate.der).extensions
    except asn1.DerError:
        return {}
    values: dict[str, bytes] = {}
    for raw in found:
        try:
            oid = asn1.extension_name(raw)
            if oid.startswith(_ARC):
                parts = asn1.children(raw, asn1.element(raw, 0, len(raw)))
                values[oid] = raw[parts[-1].body : parts[-1].end]
        except asn1.DerError:
            continue
    return values


def _topics(value: bytes) -> tuple[str, ...]:
    """SEQUENCE of: a UTF8String with the topic, then a SEQUENCE of its kinds (app, voip, complication …)."""
    try:
        parts = asn1.children(value, asn1.element(value, 0, len(value)))
    except asn1.DerError:
        return ()
    texts = (value[part.body : part.end].decode("utf-8", "replace") for part in parts if part.tag == _UTF8_STRING)
    return tuple(dict.fromkeys(texts))[:_MOST_TOPICS]
