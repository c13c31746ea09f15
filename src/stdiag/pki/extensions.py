"""The extensions of a certificate (RFC 5280 §4.2), each read on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID

from stdiag.pki import der as asn1
from stdiag.pki.distinguished_name import name_text

_E = TypeVar("_E", bound=x509.ExtensionType)


class Extensions:
    """The extensions of a certificate, each on its own: a broken one does not take the others along."""

    def __init__(self, found: x509.Certificate, parts: asn1.Outline, malformed: list[str]) -> None:
        self._malformed = malformed
        self.present = tuple(asn1.extension_name(raw) for raw in parts.extensions)
        try:
            self._known = list(found.extensions)
        except Exception:  # cryptography reads all or none: take them one by one
            self._known = self._one_by_one(parts)

    def _one_by_one(self, parts: asn1.Outline) -> list[x509.Extension[x509.ExtensionType]]:
        known: list[x509.Extension[x509.ExtensionType]] = []
        seen = set()
        for raw in parts.extensions:
            oid = asn1.extension_name(raw)
            if oid in seen:
                self._malformed.append(f"{extension_label(oid)} twice")
                continue
            seen.add(oid)
            try:
                alone = x509.load_der_x509_certificate(asn1.with_extensions(parts, (raw,)))
                known.extend(alone.extensions)
            except Exception:  # as above
                self._malformed.append(extension_label(oid))
        return known

    def value(self, kind: type[_E]) -> _E | None:
        """The extension of this type; None when it is not there or malformed."""
        return next((e.value for e in self._known if isinstance(e.value, kind)), None)

    def unknown_critical(self) -> tuple[str, ...]:
        """Dotted identifiers of critical extensions that nobody here knows."""
        return tuple(
            e.oid.dotted_string for e in self._known if e.critical and isinstance(e.value, x509.UnrecognizedExtension)
        )


def extension_label(oid: str) -> str:
    return EXTENSION_LABELS.get(oid, oid)


EXTENSION_LABELS = {
    oid.dotted_string: label
    for oid, label in (
        (ExtensionOID.SUBJECT_ALTERNATIVE_NAME, "subjectAltName"),
        (ExtensionOID.BASIC_CONSTRAINTS, "basicConstraints"),
        (ExtensionOID.KEY_USAGE, "keyUsage"),
        (ExtensionOID.EXTENDED_KEY_USAGE, "extendedKeyUsage"),
        (ExtensionOID.NAME_CONSTRAINTS, "nameConstraints"),
        (ExtensionOID.SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier"),
        (ExtensionOID.AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier"),
        (ExtensionOID.AUTHORITY_INFORMATION_ACCESS, "authorityInfoAccess"),
    )
}


def issuer_addresses(access: x509.AuthorityInformationAccess | None) -> tuple[str, ...]:
    """The caIssuers addresses (RFC 5280 §4.2.2.1)."""
    return tuple(
        entry.access_location.value
        for entry in access or ()
        if entry.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(entry.access_location, x509.UniformResourceIdentifier)
    )


_USAGES: tuple[str, ...] = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


def key_uses(usage: x509.KeyUsage | None) -> frozenset[str] | None:
    """What the key may be used for, in snake case (RFC 5280 §4.2.1.3)."""
    return None if usage is None else frozenset(name for name in _USAGES if getattr(usage, name))


_PURPOSES = {
    ExtendedKeyUsageOID.SERVER_AUTH.dotted_string: "serverAuth",
    ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string: "clientAuth",
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string: "any",
    ExtendedKeyUsageOID.CODE_SIGNING.dotted_string: "codeSigning",
    ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string: "emailProtection",
    ExtendedKeyUsageOID.TIME_STAMPING.dotted_string: "timeStamping",
    ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string: "OCSPSigning",
}


def purposes(usage: x509.ExtendedKeyUsage | None) -> frozenset[str] | None:
    """The extended key usages by name, or dotted."""
    return None if usage is None else frozenset(_PURPOSES.get(o.dotted_string, o.dotted_string) for o in usage)


def subtrees(names: list[x509.GeneralName] | None) -> tuple[str, ...]:
    """Subtrees of name constraints as `kind:value`."""
    return tuple(_subtree(name) for name in names or ())


_SUBTREE_LABELS: tuple[tuple[type[x509.GeneralName], str, Callable[[x509.GeneralName], str]], ...] = (
    (x509.DNSName, "dns", lambda name: str(name.value)),
    (x509.IPAddress, "ip", lambda name: str(name.value)),
    (x509.DirectoryName, "directory", lambda name: name_text(name.value.public_bytes())),
    (x509.RFC822Name, "email", lambda name: str(name.value)),
    (x509.UniformResourceIdentifier, "uri", lambda name: str(name.value)),
)


def _subtree(name: x509.GeneralName) -> str:
    for kind, label, text in _SUBTREE_LABELS:
        if isinstance(name, kind):
            return f"{label}:{text(name)}"
    return "other"
