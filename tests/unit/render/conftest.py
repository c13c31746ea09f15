"""A small catalogue of fixed words, so that screens do not change when the real catalogue is reworded."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass

import pytest

from stdiag.model import Finding, Product, Site


@dataclass
class Kind:
    """As much of a FindingKind as the renderers ask for."""

    remedy: str | None


@dataclass
class Words:
    """What the catalogue says about one finding."""

    summary: str
    evidence: str = ""
    affects: str = ""
    spares: str = ""
    proof: str = ""


KINDS = {
    "tls-chain-incomplete": Kind("install-chain"),
    "tls-chain-invalid": Kind("install-chain"),
    "tls-cert-expires-soon": Kind("renew-certificate"),
    "tls-handshake-silent": Kind(None),
    "tls-chain-superfluous": Kind(None),
    "net-timeout": Kind("open-port"),
}

STEPS = """\
The chain stands in one file: server certificate first, then `intermediate.pem`.

1. Write the file: `stdiag tls HOST --fix-bundle chain.pem`.
2. Build the key store, in one line that can be copied although it is longer than a terminal is wide:
   `openssl pkcs12 -export -in chain.pem -inkey server.key -certfile intermediate.pem -name stproxy -out stproxy.p12`
   (OpenSSL 3: add `-legacy` when Java cannot read the file.)
3. Restart **STProxy**:

```
systemctl restart sametime-proxy && systemctl status sametime-proxy --no-pager --lines=50 --output=short-iso-precise
```
"""


def kind(code: str) -> Kind:
    """As the registry: KeyError for an unknown code."""
    return KINDS[code]


def words(finding: Finding, _site: Site | None = None) -> Words:
    """Fixed words that hold the parameters."""
    subject = finding.subject
    match finding.code:
        case "tls-chain-incomplete":
            return Words(
                f'The server does not send the issuer certificate "{finding.params["missing"]}".',
                "OpenSSL verify code 21 (unable to verify the first certificate); certificates sent: 1; the missing "
                "one was fetched from http://pki.example.com/issuing.cer, chain verified with it: yes",
                "Android, Java and every other client that uses only what was sent",
                "desktop browsers, which fetch the missing certificate: the fault stays hidden there",
                f"openssl s_client -connect {subject.host}:{subject.port} -servername {subject.host} -showcerts "
                "-verify_return_error </dev/null",
            )
        case "tls-cert-expires-soon":
            return Words(
                f"The certificate ends in {finding.params['days_left']} days.", "not after 2026-12-02 12:00 UTC"
            )
        case _:
            told = ", ".join(f"{name} {value}" for name, value in finding.params.items())
            return Words(f"{finding.code} was found: {told or 'no more to say'}.", affects="some clients")


def remedy_steps(name: str, product: Product | None) -> str:
    """Steps for any product."""
    assert name in {kind.remedy for kind in KINDS.values()}
    if name != "install-chain":
        return f"1. Do what {name} says.\n2. Run the check again.\n"
    general, own = STEPS.split("\n\n", 1)
    return f"{general}\n\n### Sametime 12 on Docker or Podman\n\n{own}" if product else general


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderers see these words instead of the catalogue's."""
    prose = types.ModuleType("stdiag.catalogue.prose")
    registry = types.ModuleType("stdiag.catalogue.registry")
    vars(prose).update(words=words, remedy_steps=remedy_steps)
    vars(registry).update(kind=kind)
    monkeypatch.setitem(sys.modules, prose.__name__, prose)
    monkeypatch.setitem(sys.modules, registry.__name__, registry)
