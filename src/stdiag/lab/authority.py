"""The lab's certificates, minted on the spot: a root, its issuing CA, leaves, and the strangers that faults need.

Nothing here is a secret of anybody's: every key lives in memory, for one run.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ssl
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID, NameOID

from stdiag.lab.blueprint import (
    COMMUNITY_HOST,
    Aia,
    Blueprint,
    Digest,
    IssuerProfile,
    Key,
    Part,
    Signer,
    Validity,
    WithoutSni,
)
from stdiag.lab.sha1 import resigned_with_sha1

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

ISSUER_FILE = "lab-issuing-ca-r46.cer"
POLICY_FILE = "lab-policy-ca.cer"
ROOT_FILE = "lab-root-ca.cer"

_ORGANISATION = "stdiag lab"
_TWO_LEVELS_OF_CAS = 1
_LAST_CA = 0
_VERSION_3 = bytes.fromhex("a003020102")  # [0] INTEGER 2 (RFC 5280 §4.1.2.1)
_VERSION_8 = bytes.fromhex("a003020107")
_NOT_DER = b"\x30\x7fpolicies"  # a sequence that claims more bytes than there are


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True)
class Identity:
    """What a server is configured with: a key, and the chain that it sends."""

    key: PrivateKey
    chain: tuple[x509.Certificate, ...]
    unreadable: bytes = b""
    """DER that is sent after the chain: OpenSSL takes it for a certificate, strict libraries do not."""

    def pem(self) -> str:
        """What is sent, as PEM text."""
        return pem(self.chain) + (ssl.DER_cert_to_PEM_cert(self.unreadable) if self.unreadable else "")


@dataclass(frozen=True, slots=True)
class Authority:
    """Everything that was minted for one run."""

    root: x509.Certificate
    parts: dict[Part, x509.Certificate]
    main: Identity
    """The certificate that clients are meant to get."""
    rsa: Identity | None
    """A second one with an RSA key, where the blueprint has it."""
    second_address: Identity | None
    """What the second address sends: the main leaf with another chain."""
    without_sni: Identity | None
    """Another host's certificate with its whole chain, where clients without SNI get it."""
    mux: Identity
    """The community multiplexer's certificate with its whole chain."""
    client_ca: x509.Certificate
    """The CA whose certificates clients must show, where they must."""


def mint(blueprint: Blueprint, issuer_url: str, now: dt.datetime) -> Authority:
    """Mint all certificates of `blueprint`.

    `issuer_url` is the issuer server's address with a trailing slash, `now` the moment (UTC) from which terms count.
    """
    return _Mint(blueprint, issuer_url, now).authority()


class _Mint:
    def __init__(self, blueprint: Blueprint, issuer_url: str, now: dt.datetime) -> None:
        self._plan = blueprint
        self._url = issuer_url
        self._now = now.replace(microsecond=0)

    def authority(self) -> Authority:
        plan = self._plan
        root = self._ca("Lab Root CA", None, plan.root_validity)
        above = root
        parts = {Part.ROOT: root.certificate}
        if plan.policy_level:
            above = self._ca("Lab Policy CA", root, plan.issuer_validity, ROOT_FILE, path_length=_TWO_LEVELS_OF_CAS)
            parts[Part.POLICY] = above.certificate
        above_file = POLICY_FILE if plan.policy_level else ROOT_FILE
        issuer = self._ca("Lab Issuing CA R46", above, plan.issuer_validity, above_file, key=_new_key(plan.issuer_key))
        sibling = self._ca("Lab Issuing CA R6", root, Validity(-1200, 700), ROOT_FILE)
        stranger_root = self._ca("Former Provider Root", None, Validity(-3000, 3000), organisation="Former Provider")
        stranger = self._ca("Former Provider CA 1", stranger_root, Validity(-2000, 900), organisation="Former Provider")
        parts |= {
            Part.ISSUER: issuer.certificate,
            Part.SIBLING: sibling.certificate,
            Part.STRANGER: stranger.certificate,
        }
        leaf = self._leaf(issuer, plan.leaf_key)
        parts[Part.LEAF] = leaf.certificate
        sent = tuple(parts[part] for part in (*plan.sent, *plan.appended))
        return Authority(
            root=root.certificate,
            parts=parts,
            main=Identity(leaf.key, sent, self._unreadable(stranger.certificate)),
            rsa=self._rsa_identity(issuer, parts),
            second_address=self._second_address(leaf, parts),
            without_sni=self._balancer(issuer, parts),
            mux=self._other_host(COMMUNITY_HOST, _new_key(Key.EC_P256), issuer, parts),
            client_ca=self._ca("Lab Administrators CA", None, Validity(-1000, 1000)).certificate,
        )

    def _unreadable(self, certificate: x509.Certificate) -> bytes:
        der = certificate.public_bytes(serialization.Encoding.DER)
        return der.replace(_VERSION_3, _VERSION_8, 1) if self._plan.unreadable_sent else b""

    def _rsa_identity(self, issuer: Holder, parts: dict[Part, x509.Certificate]) -> Identity | None:
        if not self._plan.rsa_sent:
            return None
        leaf = self._leaf(issuer, Key.RSA_2048)
        own = parts | {Part.LEAF: leaf.certificate}
        return Identity(leaf.key, tuple(own[part] for part in self._plan.rsa_sent))

    def _second_address(self, leaf: Holder, parts: dict[Part, x509.Certificate]) -> Identity | None:
        if not self._plan.second_address_sent:
            return None
        return Identity(leaf.key, tuple(parts[part] for part in self._plan.second_address_sent))

    def _balancer(self, issuer: Holder, parts: dict[Part, x509.Certificate]) -> Identity | None:
        if self._plan.without_sni is not WithoutSni.OTHER_CERTIFICATE:
            return None
        return self._other_host("balancer.lab.example", _new_key(self._plan.leaf_key), issuer, parts)

    def _other_host(self, name: str, key: PrivateKey, issuer: Holder, parts: dict[Part, x509.Certificate]) -> Identity:
        builder = self._server_certificate(name, (name,), Validity(-30, 60), key)
        certificate = self._signed(self._issued_by(builder, issuer, ISSUER_FILE), issuer.key)
        upper = (parts[Part.ISSUER], parts[Part.POLICY]) if Part.POLICY in parts else (parts[Part.ISSUER],)
        return Identity(key, (certificate, *upper))

    def _leaf(self, issuer: Holder, kind: Key) -> Holder:
        plan = self._plan
        key = _new_key(kind)
        builder = self._server_certificate(plan.leaf_common_name, plan.leaf_names, plan.leaf_validity, key)
        if plan.leaf_malformed:
            policies = x509.UnrecognizedExtension(ExtensionOID.CERTIFICATE_POLICIES, _NOT_DER)
            builder = builder.add_extension(policies, critical=False)
        if plan.leaf_signer is Signer.ITSELF:
            subject = _name(plan.leaf_common_name)
            return Holder(self._signed(builder.issuer_name(subject), key), key)
        certificate = self._signed(self._issued_by(builder, issuer, ISSUER_FILE), issuer.key)
        if plan.leaf_digest is Digest.SHA1 and isinstance(issuer.key, rsa.RSAPrivateKey):
            certificate = resigned_with_sha1(certificate, issuer.key)
        return Holder(certificate, key)

    def _server_certificate(
        self, common_name: str, names: tuple[str, ...], term: Validity, key: PrivateKey
    ) -> x509.CertificateBuilder:
        builder = (
            self._builder(_name(common_name), term, key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
        if names:
            alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternative, critical=False)
        return builder

    def _ca(
        self,
        common_name: str,
        issuer: Holder | None,
        term: Validity,
        issuer_file: str | None = None,
        *,
        key: PrivateKey | None = None,
        path_length: int = _LAST_CA,
        organisation: str = _ORGANISATION,
    ) -> Holder:
        key = key or _new_key(Key.EC_P256)
        subject = _name(common_name, organisation)
        builder = self._builder(subject, term, key)
        if issuer is None:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            builder = builder.add_extension(_key_usage(ca=True), critical=True)
            return Holder(self._signed(builder.issuer_name(subject), key), key)
        profile = self._plan.issuer_profile if issuer_file and common_name.endswith("R46") else IssuerProfile.PROPER
        may_issue = profile is not IssuerProfile.NOT_A_CA
        constraints = x509.BasicConstraints(ca=may_issue, path_length=path_length if may_issue else None)
        builder = builder.add_extension(constraints, critical=True)
        builder = builder.add_extension(_key_usage(ca=may_issue), critical=True)
        if profile is IssuerProfile.OTHER_NAMES_ONLY:
            elsewhere = x509.NameConstraints([x509.DNSName("warehouse.example")], None)
            builder = builder.add_extension(elsewhere, critical=True)
        return Holder(self._signed(self._issued_by(builder, issuer, issuer_file), issuer.key), key)

    def _builder(self, subject: x509.Name, term: Validity, key: PrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .public_key(key.public_key())
            .serial_number(_serial_number(key))
            .not_valid_before(self._now + dt.timedelta(days=term.begins))
            # Half a day more, so that "ends in ten days" is still ten whole days when somebody counts a minute later.
            .not_valid_after(self._now + dt.timedelta(days=term.ends, hours=12 if term.ends > 0 else 0))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )

    def _issued_by(
        self, builder: x509.CertificateBuilder, issuer: Holder, issuer_file: str | None
    ) -> x509.CertificateBuilder:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.issuer_name(issuer.certificate.subject).add_extension(identifier, critical=False)
        if issuer_file is None or self._plan.aia is Aia.NOT_NAMED:
            return builder
        location = x509.UniformResourceIdentifier(self._url + issuer_file)
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, location)
        return builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)

    def _signed(self, builder: x509.CertificateBuilder, key: PrivateKey) -> x509.Certificate:
        return builder.sign(key, hashes.SHA256())


def pem(certificates: tuple[x509.Certificate, ...]) -> str:
    """The certificates as PEM text, in their order."""
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode("ascii") for each in certificates)


def _new_key(kind: Key) -> PrivateKey:
    match kind:
        case Key.EC_P256:
            return ec.generate_private_key(ec.SECP256R1())
        case Key.RSA_2048:
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)
        case Key.RSA_1024:
            return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the fault to inject


def _serial_number(key: PrivateKey) -> int:
    # Derived from the fresh key: unique as serial numbers must be, without asking for randomness again.
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return int.from_bytes(hashlib.sha256(public).digest()[:16], "big") >> 1 | 1


def _name(common_name: str, organisation: str = _ORGANISATION) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=not ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
