"""The catalogue holds together: codes, templates, the relation `follows`."""

from __future__ import annotations

import graphlib
import importlib
import pkgutil
from types import ModuleType
from typing import Any

import pytest

from stdiag.catalogue import kinds as package
from stdiag.catalogue.kind import FindingKind, template_fields
from stdiag.catalogue.registry import ALL, FAMILIES, kind
from stdiag.model import Severity, Subject, SubjectKind

KINDS = tuple(kind for kinds in FAMILIES.values() for kind in kinds)
MODULES = [
    module
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    for module in [importlib.import_module(found.name)]
    if any(isinstance(value, FindingKind) for value in vars(module).values())
]
"""All that define kinds; the others gather those of a family."""
SUBJECT_FIELDS = {"subject", "connect", "host", "port", "server_name", "address", "file"}

REQUIRED = (
    "tls-chain-incomplete",
    "tls-chain-wrong-issuer",
    "tls-chain-wrong-order",
    "tls-chain-superfluous",
    "tls-chain-invalid",
    "tls-root-untrusted",
    "tls-root-expired",
    "tls-self-signed",
    "tls-cert-expired",
    "tls-cert-not-yet-valid",
    "tls-cert-expires-soon",
    "tls-issuer-expired",
    "tls-name-mismatch",
    "tls-name-cn-only",
    "tls-weak-signature",
    "tls-weak-key",
    "tls-weak-dh",
    "tls-version-old-only",
    "tls-version-new-only",
    "tls-version-obsolete-accepted",
    "tls-cipher-unusual",
    "tls-sni-required",
    "tls-addresses-differ",
    "tls-key-types-differ",
    "tls-client-cert-required",
    "tls-hello-too-large",
    "tls-not-tls",
    "tls-handshake-silent",
    "tls-handshake-slow",
    "tls-handshake-closed",
    "tls-handshake-refused",
    "tls-aia-unreachable",
    "clock-skew",
    "net-name-not-found",
    "net-refused",
    "net-timeout",
    "net-unreachable",
    "net-reset",
    "run-probe-crashed",
)


@pytest.fixture(params=KINDS, ids=lambda entry: entry.code)
def entry(request: pytest.FixtureRequest) -> FindingKind:
    found = request.param
    assert isinstance(found, FindingKind)
    return found


def test_codes_are_unique() -> None:
    assert len(ALL) == len(KINDS)


@pytest.mark.parametrize("code", REQUIRED)
def test_required_codes_exist(code: str) -> None:
    assert kind(code).code == code


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        kind("tls-no-such-thing")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_constant_is_listed_and_named_after_its_code(module: ModuleType) -> None:
    constants = {name: value for name, value in vars(module).items() if isinstance(value, FindingKind)}
    listed = {kind.code for kind in module.KINDS}
    assert {value.code for value in constants.values()} <= listed <= ALL.keys()
    assert all(name == value.code.upper().replace("-", "_") for name, value in constants.items())


def test_templates_use_only_what_a_finding_carries(entry: FindingKind) -> None:
    allowed = {*entry.params, *SUBJECT_FIELDS}
    for template in (entry.summary, entry.evidence, entry.proof):
        assert template_fields(template) <= allowed
    assert not template_fields(entry.affects + entry.spares)


def test_every_parameter_is_told(entry: FindingKind) -> None:
    """A parameter that no template shows is one that the reader of the screen never learns."""
    kept_for_machines = {"tls-chain-incomplete": {"leaf"}}
    shown = template_fields(entry.summary + entry.evidence + entry.proof)
    assert set(entry.params) - shown == kept_for_machines.get(entry.code, set())


def test_brackets_of_templates_are_balanced_and_hold_a_parameter(entry: FindingKind) -> None:
    for template in (entry.summary, entry.evidence):
        parts = template.split("[")
        assert all(part.count("]") == 1 and template_fields(part.split("]")[0]) for part in parts[1:])
        assert "]" not in parts[0]


def test_a_summary_is_one_sentence(entry: FindingKind) -> None:
    assert entry.summary.endswith(".")
    assert ". " not in entry.summary
    assert entry.summary[0].isupper() or entry.summary.startswith("{")
    assert 1 <= len(entry.affects) <= 120
    assert len(entry.spares) <= 120


def test_texts_are_plain(entry: FindingKind) -> None:
    for text in (entry.summary, entry.evidence, entry.affects, entry.spares, entry.proof, *entry.params):
        assert text.isprintable()
        assert "  " not in text


def test_reach_and_severity_agree(entry: FindingKind) -> None:
    """What stops nobody is no error; what stops everybody is nothing less."""
    assert 0 <= entry.reach <= 4
    match entry.severity:
        case Severity.ERROR:
            assert entry.reach <= 2
        case Severity.WARNING:
            assert entry.reach >= 2
        case Severity.INFO:
            assert entry.reach == 4


def test_follows_names_other_codes_that_exist(entry: FindingKind) -> None:
    assert set(entry.follows) <= ALL.keys() - {entry.code}
    assert len(set(entry.follows)) == len(entry.follows)


def test_follows_has_no_circles() -> None:
    order = list(graphlib.TopologicalSorter({each.code: each.follows for each in KINDS}).static_order())
    assert len(order) == len(ALL)


def test_an_error_never_hides_under_what_stops_nobody(entry: FindingKind) -> None:
    """A verdict shows causes first: an error that was folded under an info would be overlooked."""
    if entry.severity is Severity.ERROR:
        assert all(kind(code).severity is not Severity.INFO for code in entry.follows)


def test_found_takes_exactly_the_declared_parameters(entry: FindingKind) -> None:
    subject = Subject(kind=SubjectKind.ENDPOINT, host="chat.example.com", port=443)
    params: dict[str, Any] = dict.fromkeys(entry.params, "x")
    finding = entry.found(subject, **params)
    assert finding.code == entry.code
    assert finding.severity is entry.severity
    with pytest.raises(TypeError, match=entry.code):
        entry.found(subject, **params, one_too_many="x")
