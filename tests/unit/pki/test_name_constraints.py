"""Names that an issuer does not allow, judged as OpenSSL judges them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from cryptography import x509
from tests.minting import NOW, Authority

from stdiag.pki.certificate import parse_certificate
from stdiag.pki.chain import ChainProblemKind, examine
from stdiag.pki.trust import TrustStore

ROOT = Authority("Root")
STORE = TrustStore("ca-files", "minted", "", [ROOT.der])
DNS = x509.DNSName
NET = x509.IPAddress
DIRECTORY = x509.DirectoryName


@pytest.mark.parametrize(
    ("permitted", "excluded", "hosts", "addresses", "allowed"),
    [
        ((DNS("example.com"),), (), ("chat.example.com",), (), True),
        ((DNS("example.com"),), (), ("example.com",), (), True),
        ((DNS("example.com"),), (), ("*.example.com",), (), True),
        ((DNS("example.com"),), (), ("chat.example.org",), (), False),
        ((DNS("example.com"),), (), ("notexample.com",), (), False),
        ((DNS("example.com"), DNS("example.org")), (), ("chat.example.org",), (), True),
        ((DNS("EXAMPLE.com"),), (), ("chat.example.COM",), (), True),
        ((), (DNS("example.org"),), ("chat.example.com",), (), True),
        ((), (DNS("example.com"),), ("chat.example.com",), (), False),
        ((DNS("example.com"),), (), ("chat.example.com",), ("192.0.2.1",), True),
        ((NET(ip_network("192.0.2.0/24")),), (), ("chat.example.com",), ("192.0.2.1",), True),
        ((NET(ip_network("192.0.2.0/24")),), (), ("chat.example.com",), ("198.51.100.1",), False),
        ((), (NET(ip_network("2001:db8::/32")),), ("chat.example.com",), ("2001:db8::1",), False),
        ((DIRECTORY(x509.Name.from_rfc4514_string("O=Example")),), (), ("chat.example.com",), (), True),
        ((DIRECTORY(x509.Name.from_rfc4514_string("O=Other")),), (), ("chat.example.com",), (), False),
    ],
)
def test_constraints(
    permitted: tuple[x509.GeneralName, ...],
    excluded: tuple[x509.GeneralName, ...],
    hosts: tuple[str, ...],
    addresses: tuple[str, ...],
    allowed: bool,
) -> None:
    issuing = Authority("Issuing", ROOT, permitted=permitted, excluded=excluded)
    leaf = issuing.issue(*hosts, ip=addresses)

    found = examine([parse_certificate(leaf.der), parse_certificate(issuing.der)], stores=[STORE], at=NOW)

    kinds = [(problem.kind, problem.index) for problem in found.problems]
    assert kinds == ([] if allowed else [(ChainProblemKind.NAME_CONSTRAINTS, 0)])
    assert found.recoverable is allowed  # which is OpenSSL's word


def test_a_common_name_counts_where_there_is_no_alternative_name() -> None:
    issuing = Authority("Issuing", ROOT, permitted=(DNS("example.com"),))
    leaf = issuing.issue("chat.example.org", dns=None)

    found = examine([parse_certificate(leaf.der), parse_certificate(issuing.der)], stores=[STORE], at=NOW)

    assert [problem.kind for problem in found.problems] == [ChainProblemKind.NAME_CONSTRAINTS]
    assert not found.recoverable
