"""Key files for push tests: certificates like Apple's, and PKCS#12 files around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.minting import Authority, Knobs, Minted

ARC = "1.2.840.113635.100.6.3."
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of the keys minted here
TOPIC = "com.example.sametime"


def apple_extension(number: int, value: bytes = b"\x05\x00") -> tuple[x509.ExtensionType, bool]:
    """Apple's push extension of this number."""
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(ARC + str(number)), value), False


def topics_value(*topics: tuple[str, str]) -> bytes:
    """The value of extension .6: SEQUENCE of UTF8String, SEQUENCE { UTF8String }."""
    body = b""
    for topic, kind in topics:
        body += _der(0x0C, topic.encode()) + _der(0x30, _der(0x0C, kind.encode()))
    return _der(0x30, body)


def _der(tag: int, body: bytes) -> bytes:
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    return bytes((tag, 0x81, len(body))) + body


def push_identity(
    authority: Authority,
    environments: Sequence[int] = (1, 2),
    topics: Sequence[tuple[str, str]] = ((TOPIC, "app"), (f"{TOPIC}.voip", "voip")),
    name: str = f"Apple Push Services: {TOPIC}",
    **knobs: Unpack[Knobs],
) -> Minted:
    """A certificate as Apple issues them: `environments` 1 is the sandbox, 2 production."""
    extra = [apple_extension(number) for number in environments]
    if topics:
        extra.append(apple_extension(6, topics_value(*topics)))
    usual: Knobs = {"dns": None, "purposes": (ExtendedKeyUsageOID.CLIENT_AUTH,), "extra": extra}
    usual.update(knobs)
    return authority.issue(name, **usual)


def key_file(
    minted: Minted, passphrase: str | None = PASSPHRASE, *chain: Minted, old: bool = False, name: bytes = b"push"
) -> bytes:
    """A PKCS#12 file with key and certificate; `old`: RC2-less 3DES with SHA-1, as Windows and Keychain wrote them."""
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase is not None and old:
        encryption = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(2000)
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())  # noqa: S303 - the old form is what is made
            .build(passphrase.encode())
        )
    elif passphrase is not None:
        encryption = BestAvailableEncryption(passphrase.encode())
    others = [one.certificate for one in chain] or None
    return pkcs12.serialize_key_and_certificates(name, minted.key, minted.certificate, others, encryption)
