"""Every code of the TLS, network and run families can be found, and each finding points at its facts in the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier
from tests.minting import NOW, Authority, mint
from tests.unit.engine.fakes import endpoint as endpoint_subject
from tests.unit.engine.fakes import fake_probe, runner
from tests.unit.probes.tls.observations import (
    HOST,
    ONE,
    OTHER,
    at,
    context,
    endpoint,
    failed,
    fetched,
    for_clients,
    glance,
    one_address,
    pki,
    records,
    refused_version,
    said,
    sends,
    shaken,
    store,
    tls12,
    unconnected,
    unreadable,
)

from stdiag.catalogue.kinds import net, run, tls
from stdiag.engine.report import run_report, tool
from stdiag.engine.runner import judged
from stdiag.engine.together import judge_together
from stdiag.engine.verdict import located, verdict
from stdiag.model import (
    SCHEMA_VERSION,
    Check,
    Fault,
    FaultReason,
    Outcome,
    Report,
    Run,
    Site,
    Subject,
    SubjectKind,
    Summary,
    to_raw,
)
from stdiag.pki.trust import TrustStore
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.tls import PROBE
from stdiag.probes.tls.observation import TlsObservation
from stdiag.render.json import from_json, to_json

DAY = timedelta(days=1)
LEAF, ISSUING, ROOT = pki().leaf, pki().issuing, pki().root
OTHER_ROOT = Authority("Another Root")
Situation = tuple[TlsObservation, tuple[TrustStore, ...]]


def facts(observation: TlsObservation, *stores: TrustStore) -> Callable[[], Situation]:
    return lambda: (observation, stores)


def leaf(**knobs: Any) -> Callable[[], Situation]:
    return lambda: (sends(ISSUING.issue(HOST, **knobs), ISSUING), ())


def with_issuer(**knobs: Any) -> Callable[[], Situation]:
    def make() -> Situation:
        issuing = Authority("Some CA", parent=ROOT, **knobs)
        return sends(issuing.issue(HOST), issuing), ()

    return make


def sha1() -> Situation:
    issuing = Authority("RSA CA", parent=ROOT, key_kind="rsa2048")
    return sends(issuing.issue(HOST, old_hash="sha1"), issuing), ()


def expired_root() -> Situation:
    old = Authority("Old Root", not_after=NOW - DAY)
    return sends(old.issue(HOST)), (store("ca-files", old),)


def wrong_order() -> Situation:
    policy = Authority("Policy CA", parent=ROOT)
    lower = Authority("Lower CA", parent=policy)
    return sends(lower.issue(HOST), policy, lower), ()


def weaker_rsa() -> Situation:
    rsa = ISSUING.issue(HOST, key_kind="rsa2048")
    return one_address(shaken(), tls12("rsa", chain=records(rsa))), ()


def name(reason: FaultReason) -> Callable[[], Situation]:
    return facts(endpoint(name_fault=Fault(reason=reason)))


def connect(reason: FaultReason) -> Callable[[], Situation]:
    return facts(endpoint(unconnected(ONE, reason)))


def breaks(reason: FaultReason, **more: Any) -> Callable[[], Situation]:
    return facts(one_address(failed(reason=reason, **more)))


def too_long_for_apple() -> Situation:
    chain = records(ISSUING.issue(HOST, not_after=NOW + 900 * DAY), ISSUING)
    return for_clients(["ios"], shaken(chain=chain), shaken(chain=chain)), ()


MALFORMED = x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.32"), b"\x30\x7fpolicies")

SITUATIONS: dict[str, Callable[[], Situation]] = {
    "tls-chain-incomplete": facts(endpoint(at(ONE, shaken(chain=records(LEAF))), fetched=[fetched(ISSUING)])),
    "tls-chain-wrong-issuer": lambda: (sends(LEAF, Authority("Example Issuing CA R6", parent=ROOT)), ()),
    "tls-chain-wrong-order": wrong_order,
    "tls-chain-superfluous": facts(sends(LEAF, ISSUING, ISSUING)),
    "tls-chain-invalid": with_issuer(ca=False),
    "tls-root-untrusted": facts(sends(LEAF, ISSUING), store("system", OTHER_ROOT)),
    "tls-root-expired": expired_root,
    "tls-self-signed": lambda: (sends(mint(HOST, dns=[HOST])), ()),
    "tls-issuer-expired": with_issuer(not_after=NOW - DAY),
    "tls-aia-unreachable": facts(
        endpoint(at(ONE, shaken(chain=records(LEAF))), fetched=[fetched(reason=FaultReason.TIMEOUT)])
    ),
    "tls-cert-expired": leaf(not_after=NOW - DAY),
    "tls-cert-not-yet-valid": leaf(not_before=NOW + DAY),
    "tls-cert-expires-soon": leaf(not_after=NOW + DAY),
    "tls-name-mismatch": leaf(dns=["other.example.com"]),
    "tls-name-cn-only": leaf(dns=None),
    "tls-weak-signature": sha1,
    "tls-weak-key": leaf(key_kind="rsa1024"),
    "tls-certificate-unreadable": facts(one_address(shaken(chain=[*records(LEAF, ISSUING), unreadable()]))),
    "tls-extension-malformed": leaf(extra=[(MALFORMED, False)]),
    "tls-version-old-only": facts(
        one_address(failed(alert="protocol_version"), shaken("tls1.0", protocol="TLSv1"), refused_version("tls1.2"))
    ),
    "tls-version-new-only": facts(one_address(shaken(), refused_version("tls1.2"))),
    "tls-version-obsolete-accepted": facts(one_address(shaken(), shaken("tls1.1", protocol="TLSv1.1"))),
    "tls-cipher-unusual": facts(one_address(tls12("default", cipher="AES128-SHA"))),
    "tls-weak-dh": facts(one_address(shaken(), tls12("dhe-weak", cipher="DHE-RSA-AES128-SHA"))),
    "tls-sni-required": facts(one_address(shaken(), failed("no-sni", alert="unrecognized_name"))),
    "tls-key-types-differ": weaker_rsa,
    "tls-client-cert-required": facts(
        one_address(shaken(client_cert_requested=True), http=glance(fault=Fault(reason=FaultReason.CLOSED)))
    ),
    "tls-hello-too-large": facts(one_address(failed(reason=FaultReason.SILENT), shaken("small"))),
    "tls-not-tls": facts(one_address(failed(reason=FaultReason.SILENT), plain=[said("http", "http", b"HTTP/1.1")])),
    "tls-handshake-silent": breaks(FaultReason.SILENT),
    "tls-handshake-slow": breaks(FaultReason.SLOW),
    "tls-handshake-closed": breaks(FaultReason.CLOSED),
    "tls-handshake-refused": breaks(FaultReason.TLS_ALERT, alert="handshake_failure"),
    "tls-handshake-failed": breaks(FaultReason.TLS_PROTOCOL),
    "tls-addresses-differ": facts(endpoint(at(ONE, shaken()), at(OTHER, shaken(chain=records(LEAF))))),
    "tls-client-lacks-root": facts(for_clients(["android"], shaken(), shaken()), store("mozilla", ROOT)),
    "tls-client-no-common-tls": facts(for_clients(["android=4.4"], refused_version("x"), shaken(), tls12("tls1.2"))),
    "tls-client-refuses-certificate": too_long_for_apple,
    "net-name-not-found": name(FaultReason.NAME_NOT_FOUND),
    "net-name-timeout": name(FaultReason.NAME_TIMEOUT),
    "net-name-server-failure": name(FaultReason.NAME_SERVER_FAILURE),
    "net-refused": connect(FaultReason.REFUSED),
    "net-reset": connect(FaultReason.RESET),
    "net-timeout": connect(FaultReason.TIMEOUT),
    "net-unreachable": connect(FaultReason.UNREACHABLE),
    "net-local-limit": connect(FaultReason.LOCAL),
    "clock-skew": facts(
        one_address(
            shaken(),
            http=glance(status=200, date="Fri, 20 Nov 2026 13:00:00 GMT", date_seen="2026-11-20T12:00:00+00:00"),
        )
    ),
}
"""Code → an observation in which it is found, and the trust stores other than the hierarchy's own."""

OF_THE_RUN = {"run-probe-crashed", "run-check-overdue"}
"""What the engine finds by itself."""


def test_every_code_has_a_situation() -> None:
    codes = {kind.code for family in (tls, net, run) for kind in family.KINDS}
    assert codes == SITUATIONS.keys() | OF_THE_RUN


def report_of(observation: TlsObservation, stores: tuple[TrustStore, ...]) -> Report:
    check = Check(
        probe="tls",
        subject=Subject(kind=SubjectKind.ENDPOINT, host=HOST, port=443),
        outcome=Outcome.UNDECIDED,
        observation=to_raw(observation),
    )
    checks = [judged(check, observation, PROBE, context(*stores))]
    together = judge_together(checks)
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=tool(),
        run=Run(id="0", started=NOW.isoformat(), host="here"),
        site=Site(),
        checks=checks,
        findings=together,
        verdict=verdict(checks, together),
        summary=Summary(outcomes={}),
    )


def resolve(document: Any, pointer: str) -> Any:
    """RFC 6901. Raises LookupError."""
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


@pytest.mark.parametrize("code", SITUATIONS)
def test_the_code_is_found_and_points_at_its_facts(code: str) -> None:
    report = report_of(*SITUATIONS[code]())
    assert code in {finding.code for _, finding in located(report.checks, report.findings)}
    document = json.loads(to_json(report))
    for pointer, finding in located(report.checks, report.findings):
        assert resolve(document, pointer)["fingerprint"] == finding.fingerprint
        base = document["checks"][int(pointer.split("/")[2])] if pointer.startswith("/checks") else document
        assert finding.evidence
        for fact in finding.evidence:
            assert resolve(base, fact) not in (None, "")
    for cause in report.verdict.causes:
        for pointer in (*cause.findings, *cause.folded):
            resolve(document, pointer)
    assert to_json(from_json(to_json(report))) == to_json(report)


def crashes(_planned: Planned, _tools: Tools) -> None:
    raise ZeroDivisionError


def hangs(_planned: Planned, tools: Tools) -> None:
    tools.deadline.cancel.wait(5)


@pytest.mark.parametrize(
    ("code", "observe"), [("run-probe-crashed", crashes), ("run-check-overdue", hangs)], ids=["crashed", "overdue"]
)
def test_what_the_engine_finds_by_itself(code: str, observe: Callable[[Planned, Tools], None]) -> None:
    assert code in OF_THE_RUN
    planned = Planned(probe="fake", subject=endpoint_subject())
    (check,) = runner([planned], [fake_probe(observe=observe)], seconds=0.05).run()
    assert [finding.code for finding in check.findings] == [code]


def test_the_engine_makes_such_reports() -> None:
    """The report that is put together here by hand has the shape of a real one."""
    from stdiag.engine.plan import Plan
    from stdiag.engine.runner import RunOptions

    real = run_report(Plan(checks=(), not_applicable=(), not_selected=()), Site(), [PROBE], [], RunOptions())
    by_hand = report_of(*SITUATIONS["tls-chain-incomplete"]())
    assert json.loads(to_json(real)).keys() == json.loads(to_json(by_hand)).keys()
