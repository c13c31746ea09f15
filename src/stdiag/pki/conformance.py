"""Whether each certificate of a path may stand where it stands (RFC 5280 §6.1, RFC 9325). Pure, by the book."""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterator, Sequence

import msgspec
from cryptography import x509

from stdiag.pki.certificate import Certificate
from stdiag.pki.distinguished_name import within
from stdiag.pki.names import comparable
from stdiag.pki.signature import SignatureCheck, identifiers_differ, issued_by

# Server Gated Cryptography, in old intermediates: OpenSSL takes it for serverAuth.
_SERVER_PURPOSES = frozenset({"serverAuth", "any", "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3"})
_SERVER_KEY_USES = frozenset({"digital_signature", "key_encipherment", "key_agreement"})


class ChainProblemKind(enum.StrEnum):
    """What is wrong with a certificate in its place in the chain."""

    INVALID_SIGNATURE = "invalid-signature"
    UNVERIFIABLE_SIGNATURE = "unverifiable-signature"
    NOT_A_CA = "not-a-ca"
    PATH_TOO_LONG = "path-too-long"
    KEY_USAGE = "key-usage"
    EXTENDED_KEY_USAGE = "extended-key-usage"
    KEY_IDENTIFIER = "key-identifier"
    NAME_CONSTRAINTS = "name-constraints"
    UNKNOWN_CRITICAL = "unknown-critical"
    UNREADABLE = "unreadable"


class Misfit(msgspec.Struct, frozen=True):
    """One thing that is wrong with one certificate of a path."""

    kind: ChainProblemKind
    cert: Certificate
    detail: str


def misfits(path: Sequence[Certificate]) -> list[Misfit]:
    """All that is wrong with `path` (leaf first) beside dates and names."""
    found: list[Misfit] = []
    for place, cert in enumerate(path):
        kinds = _of_leaf(cert) if place == 0 else _of_issuer(cert, path[:place])
        found += [Misfit(kind, cert, detail) for kind, detail in kinds]
        if cert.unknown_critical:
            listed = ", ".join(cert.unknown_critical)
            found.append(Misfit(ChainProblemKind.UNKNOWN_CRITICAL, cert, f"critical extension {listed}"))
        if place + 1 < len(path):
            found += [Misfit(kind, cert, detail) for kind, detail in _of_link(cert, path[place + 1])]
    found += _beyond_constraints(path)
    return found


def _of_leaf(leaf: Certificate) -> Iterator[tuple[ChainProblemKind, str]]:
    purposes = leaf.extended_key_usage
    if purposes is not None and not purposes & {"serverAuth", "any"}:
        yield ChainProblemKind.EXTENDED_KEY_USAGE, f"for {', '.join(sorted(purposes))}, not for servers (serverAuth)"
    uses = leaf.key_usage
    if uses is not None and not uses & _SERVER_KEY_USES:
        yield ChainProblemKind.KEY_USAGE, f"its key is for {_listed(uses)}: no TLS handshake can use it"


def _of_issuer(cert: Certificate, below: Sequence[Certificate]) -> Iterator[tuple[ChainProblemKind, str]]:
    if not _may_issue(cert):
        detail = "basicConstraints say that it is no CA" if cert.is_ca is False else "no basicConstraints make it a CA"
        yield ChainProblemKind.NOT_A_CA, detail
    if cert.path_length is not None:
        # RFC 5280 §4.2.1.9: the leaf does not count, nor do self-issued certificates.
        between = sum(not c.is_self_issued for c in below[1:])
        if between > cert.path_length:
            detail = f"it allows {cert.path_length} intermediates below it, there are {between}"
            yield ChainProblemKind.PATH_TOO_LONG, detail
    if cert.key_usage is not None and "key_cert_sign" not in cert.key_usage:
        yield ChainProblemKind.KEY_USAGE, f"its key is for {_listed(cert.key_usage)}, not for signing certificates"
    purposes = cert.extended_key_usage
    if purposes is not None and not purposes & _SERVER_PURPOSES:
        detail = f"it may only issue for {', '.join(sorted(purposes))}, not for servers (serverAuth)"
        yield ChainProblemKind.EXTENDED_KEY_USAGE, detail


def _may_issue(cert: Certificate) -> bool:
    """As OpenSSL has it: without basicConstraints a version 1 root may, and who has keyCertSign."""
    if cert.is_ca is not None:
        return cert.is_ca
    if cert.key_usage is not None:
        return "key_cert_sign" in cert.key_usage
    return cert.version == 1 and cert.is_self_issued


def _of_link(cert: Certificate, issuer: Certificate) -> Iterator[tuple[ChainProblemKind, str]]:
    if identifiers_differ(cert, issuer):
        detail = f"it names the issuer's key {cert.aki}, the issuer says {issuer.ski}"
        yield ChainProblemKind.KEY_IDENTIFIER, detail
    if issued_by(cert, issuer) is SignatureCheck.UNVERIFIABLE:
        yield ChainProblemKind.UNVERIFIABLE_SIGNATURE, "its signature's algorithm cannot be verified here"


def _listed(uses: frozenset[str]) -> str:
    return ", ".join(sorted(use.replace("_", " ") for use in uses)) or "nothing"


def _beyond_constraints(path: Sequence[Certificate]) -> Iterator[Misfit]:
    """Names that an issuer's nameConstraints do not allow (RFC 5280 §4.2.1.10)."""
    for place, issuer in enumerate(path):
        limits = issuer.name_constraints
        if place == 0 or limits is None:
            continue
        for lower, cert in enumerate(path[:place]):
            if lower and cert.is_self_issued:
                continue
            for name in _constrained_names(cert, is_leaf=lower == 0):
                if not _allowed(name, limits):
                    detail = f"{_shown(name)} is not allowed by the name constraints of {issuer.subject}"
                    yield Misfit(ChainProblemKind.NAME_CONSTRAINTS, cert, detail)


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Name = tuple[str, str | bytes | _Address, str]


def _shown(name: _Name) -> str:
    return f"{name[0]} {name[2]}"


def _constrained_names(cert: Certificate, *, is_leaf: bool) -> Iterator[_Name]:
    if cert.subject:
        yield "directory", cert.subject_der, cert.subject
    if not is_leaf:
        return
    for dns in cert.dns_names:
        yield "dns", dns, dns
    for text in cert.ip_addresses:
        try:
            yield "ip", ipaddress.ip_address(text), text
        except ValueError:
            continue  # a network in a subjectAltName: no address that anybody could ask for
    if not cert.has_san and cert.common_name and "." in cert.common_name and comparable(cert.common_name):
        yield "dns", cert.common_name, cert.common_name


def _allowed(name: _Name, limits: x509.NameConstraints) -> bool:
    kind, value, _ = name
    permitted = [tree for tree in limits.permitted_subtrees or () if _kind(tree) == kind]
    excluded = [tree for tree in limits.excluded_subtrees or () if _kind(tree) == kind]
    if any(_inside(value, tree) for tree in excluded):
        return False
    return not permitted or any(_inside(value, tree) for tree in permitted)


def _kind(tree: x509.GeneralName) -> str:
    match tree:
        case x509.DNSName():
            return "dns"
        case x509.IPAddress():
            return "ip"
        case x509.DirectoryName():
            return "directory"
        case _:
            return "other"


def _inside(value: str | bytes | _Address, tree: x509.GeneralName) -> bool:
    match tree, value:
        case x509.DNSName(), str():
            base = tree.value.lower().removeprefix(".")
            name = value.lower().removesuffix(".")
            return not base or name == base or name.endswith("." + base)
        case x509.IPAddress(), ipaddress.IPv4Address() | ipaddress.IPv6Address():
            network = tree.value
            return isinstance(network, _Network) and value in network
        case x509.DirectoryName(), bytes():
            return within(value, tree.value.public_bytes())
        case _:
            return False
