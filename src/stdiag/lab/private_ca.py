"""A small hierarchy of its own for a host of the lab: whatever is wrong with the STProxy's is not wrong with it."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from stdiag.lab.authority import Identity

_BEFORE = dt.timedelta(days=30)
_LEAF = dt.timedelta(days=90, hours=12)
_CA = dt.timedelta(days=3000, hours=12)


class PrivateCa:
    """A root, the CA below it, and what that issues."""

    def __init__(self, name: str, now: dt.datetime) -> None:
        """`name` begins the names of both; `now` (UTC) is the moment from which terms count."""
        self._now = now.replace(microsecond=0)
        root_key, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root_name = _name(f"{name} Root")
        self.root = self._ca(root_name, root_key, root_name, root_key)
        self.issuer = self._ca(_name(f"{name} Issuing CA"), self._key, root_name, root_key)

    def issue(self, host: str, *, with_issuer: bool = True) -> Identity:
        """A certificate for `host`, and what is sent: the leaf, and the CA that issued it unless it is left out."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = (
            self._builder(_name(host), key, _LEAF)
            .issuer_name(self.issuer.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_issued_by(self._key), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return Identity(key, (leaf, self.issuer) if with_issuer else (leaf,))

    def _ca(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Name,
        issuer_key: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        builder = self._builder(name, key, _CA).issuer_name(issuer)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(_issued_by(issuer_key), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, term: dt.timedelta) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _BEFORE)
            .not_valid_after(self._now + term)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _issued_by(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
