"""Certificates for the real servers, minted on the spot, and the files that servers read them from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.minting import Knobs, Minted, PrivateKey, mint, new_key

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Identity(Minted):
    """A certificate and its private key."""

    @property
    def sha256(self) -> str:
        """Fingerprint of the certificate, lower-case hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def common_name(self) -> str:
        """The subject's CN."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@dataclass(frozen=True)
class KeyFiles:
    """What a server is configured with."""

    leaf: Path
    key: Path
    issuers: Path | None
    """The certificates that are sent after the leaf."""
    chain: Path
    """Leaf and those, in one file."""


def rsa_key(bits: int = 2048) -> PrivateKey:
    """RSA, where a case is about RSA."""
    return new_key(f"rsa{bits}")


def pem(*certificates: x509.Certificate) -> str:
    """PEM, one after the other."""
    return "".join(certificate.public_bytes(Encoding.PEM).decode("ascii") for certificate in certificates)


def authority(
    common_name: str,
    issuer: Identity | None = None,
    *,
    key: PrivateKey | None = None,
    days: tuple[float, float] = (-30, 3650),
    ca_issuers: Sequence[str] = (),
) -> Identity:
    """A CA: a root when no issuer is given, else an intermediate. `days` are from now."""
    knobs: Knobs = {"ca": True, "key_usage": ("key_cert_sign", "crl_sign"), "purposes": None, "dns": None}
    return _valid_for(days, common_name, issuer, key, {**knobs, "ca_issuers": ca_issuers})


def leaf(
    name: str,
    issuer: Identity | None,
    *,
    key: PrivateKey | None = None,
    days: tuple[float, float] = (-10, 200),
    ca_issuers: Sequence[str] = (),
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> Identity:
    """A server's certificate for `name` (an IP address becomes an IP SAN); self-signed when no issuer is given."""
    knobs: Knobs = {"key_usage": None, "purposes": (purpose,), "ca_issuers": ca_issuers}
    try:
        ip_address(name)
    except ValueError:
        knobs["dns"] = (name,)
    else:
        knobs |= {"dns": None, "ip": (name,)}
    return _valid_for(days, name, issuer, key, knobs)


def _valid_for(
    days: tuple[float, float], common_name: str, issuer: Identity | None, key: PrivateKey | None, knobs: Knobs
) -> Identity:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    knobs |= {"organization": "Example Trust", "not_before": now + days[0] * DAY, "not_after": now + days[1] * DAY}
    if key is not None:
        knobs["key"] = key
    made = mint(common_name, issuer, **knobs)
    return Identity(made.certificate, made.key)


def write_key_files(folder: Path, identity: Minted, *sent_after: x509.Certificate) -> KeyFiles:
    """The files of a server that sends `identity` and then `sent_after`, in this order."""
    folder.mkdir(parents=True, exist_ok=True)
    files = KeyFiles(
        leaf=folder / "leaf.pem",
        key=folder / "key.pem",
        issuers=folder / "issuers.pem" if sent_after else None,
        chain=folder / "chain.pem",
    )
    files.leaf.write_text(identity.pem, encoding="ascii")
    files.key.write_text(identity.key_pem, encoding="ascii")
    if files.issuers:
        files.issuers.write_text(pem(*sent_after), encoding="ascii")
    files.chain.write_text(identity.pem + pem(*sent_after), encoding="ascii")
    return files
