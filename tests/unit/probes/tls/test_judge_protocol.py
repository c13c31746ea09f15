"""Versions, ciphers, the size of a ClientHello, SNI, client certificates."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.probes.tls.observations import (
    HOST,
    ONE,
    at,
    endpoint,
    failed,
    found,
    glance,
    healthy,
    judged,
    one_address,
    only,
    pki,
    records,
    refused_version,
    shaken,
    tls12,
)

from stdiag.model import FaultReason, Severity
from stdiag.probes.tls.analysis import ClientCertificate
from stdiag.probes.tls.observation import Handshake

ERROR, WARNING = "error", "warning"
OLD: dict[str, Any] = {"protocol": "TLSv1", "cipher": "ECDHE-RSA-AES256-SHA"}


def codes(*handshakes: Handshake, **more: Any) -> set[tuple[str, str]]:
    return {(code, severity) for code, severity, _ in found(one_address(*handshakes, **more))}


# Versions


def test_only_old_versions() -> None:
    observation = one_address(
        failed(alert="protocol_version"), shaken("lenient", **OLD), refused_version("tls1.2"), refused_version("tls1.3")
    )
    assert found(observation) == {("tls-version-old-only", ERROR, "endpoint")}
    assert only(observation).params == {"versions": ["TLS 1.0"]}
    analysis, _ = judged(observation)
    assert (analysis.versions_accepted, analysis.versions_refused) == (["TLSv1"], ["TLSv1.2", "TLSv1.3"])


def test_only_the_newest_version() -> None:
    assert codes(shaken(), refused_version("tls1.2")) == {("tls-version-new-only", WARNING)}


def test_a_version_that_was_not_answered_was_not_refused() -> None:
    assert codes(shaken(), failed("tls1.2", FaultReason.SILENT)) == set()
    assert codes(shaken(), failed("tls1.2", alert="handshake_failure", client_cert_requested=True)) == set()


def test_old_versions_beside_the_current_ones() -> None:
    observation = one_address(shaken(), tls12("tls1.2"), shaken("tls1.1", protocol="TLSv1.1", cipher="x"))
    assert only(observation).params == {"versions": ["TLS 1.1"]}
    assert found(observation) == {("tls-version-obsolete-accepted", WARNING, "endpoint")}


def test_without_tls_1_3_nothing_is_wrong() -> None:
    analysis, findings = judged(one_address(tls12("default")))
    assert findings == []
    assert analysis.versions_refused == ["TLSv1.3"]


# Ciphers


@pytest.mark.parametrize(
    ("cipher", "reason"),
    [
        ("AES256-GCM-SHA384", "no forward secrecy"),
        ("ECDHE-RSA-RC4-SHA", "a broken algorithm"),
        ("DES-CBC3-SHA", "a broken algorithm"),
        ("ECDHE-RSA-CAMELLIA256-SHA384", "an algorithm that few clients offer"),
    ],
)
def test_ciphers_that_clients_avoid(cipher: str, reason: str) -> None:
    finding = only(one_address(tls12("default", cipher=cipher)))
    assert (finding.code, finding.severity) == ("tls-cipher-unusual", Severity.WARNING)
    assert finding.params == {"protocol": "TLS 1.2", "cipher": cipher, "reason": reason}


@pytest.mark.parametrize(
    "cipher", ["ECDHE-ECDSA-AES128-GCM-SHA256", "DHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA"]
)
def test_ciphers_that_clients_like(cipher: str) -> None:
    assert codes(tls12("default", cipher=cipher)) == set()


def test_todays_ciphers_refused() -> None:
    handshakes = (failed(alert="handshake_failure"), tls12("lenient", cipher="AES128-SHA"))
    assert codes(*handshakes) == {("tls-cipher-unusual", ERROR)}


def test_a_weak_group() -> None:
    weak = tls12("dhe-weak", cipher="DHE-RSA-AES256-SHA")
    assert codes(*healthy(), weak) == {("tls-weak-dh", WARNING)}
    assert codes(failed(reason=FaultReason.TLS_LOCAL), weak) == {("tls-weak-dh", ERROR)}
    assert codes(*healthy(), failed("dhe-weak", alert="handshake_failure")) == set()


# The size of a ClientHello


@pytest.mark.parametrize("reason", [FaultReason.SILENT, FaultReason.SLOW, FaultReason.CLOSED, FaultReason.RESET])
def test_a_large_hello_that_is_swallowed(reason: FaultReason) -> None:
    finding = only(one_address(failed(reason=reason, hello_bytes=1700), shaken("small", hello_bytes=350)))
    assert (finding.code, finding.severity) == ("tls-hello-too-large", Severity.ERROR)
    assert finding.params == {"large": 1700, "small": 350}
    assert finding.evidence == [f"/observation/addresses/0/handshakes/{number}" for number in (0, 1)]


def test_a_large_hello_that_is_answered_was_not_swallowed() -> None:
    assert codes(failed(reason=FaultReason.SLOW, bytes_received=7), shaken("small")) == {("tls-handshake-slow", ERROR)}
    assert codes(failed(alert="handshake_failure"), shaken("small")) == {("tls-handshake-refused", ERROR)}
    assert codes(failed(reason=FaultReason.SILENT), failed("small", FaultReason.SILENT)) == {
        ("tls-handshake-silent", ERROR)
    }


# SNI


def test_without_a_name_the_connection_is_refused() -> None:
    finding = only(one_address(shaken(), failed("no-sni", alert="unrecognized_name")))
    assert (finding.code, finding.severity) == ("tls-sni-required", Severity.WARNING)
    assert finding.params == {"without_sni": "alert unrecognized_name"}
    closed = only(one_address(shaken(), failed("no-sni", FaultReason.CLOSED)))
    assert closed.params == {"without_sni": "the connection was ended"}


def test_without_a_name_another_certificate_comes() -> None:
    other = records(pki().issuing.issue("default.example.com"), pki().issuing)
    finding = only(one_address(shaken(), shaken("no-sni", chain=other)))
    assert finding.params == {"without_sni": "another certificate, for default.example.com"}


def test_without_a_name_another_certificate_that_fits_as_well_is_fine() -> None:
    other = records(pki().issuing.issue(HOST), pki().issuing)
    assert codes(shaken(), shaken("no-sni", chain=other)) == set()


def test_silence_without_a_name_proves_nothing() -> None:
    assert codes(shaken(), failed("no-sni", FaultReason.SILENT)) == set()


# Client certificates


@pytest.mark.parametrize(
    ("http", "state"),
    [
        ({"status": 200}, ClientCertificate.ASKED),
        ({"fault": FaultReason.TLS_ALERT}, ClientCertificate.REQUIRED),
        ({"fault": FaultReason.CLOSED}, ClientCertificate.REQUIRED),
        ({"fault": FaultReason.RESET}, ClientCertificate.REQUIRED),
        ({"fault": FaultReason.SILENT}, ClientCertificate.ASKED),
        ({"status": 400, "body_says_client_cert_missing": True}, ClientCertificate.REQUIRED),
        ({"status": 400}, ClientCertificate.ASKED),
    ],
)
def test_a_client_certificate(http: dict[str, Any], state: ClientCertificate) -> None:
    from stdiag.model import Fault

    if reason := http.pop("fault", None):
        http["fault"] = Fault(reason=reason, alert="certificate_required")
    asking = one_address(shaken(client_cert_requested=True), http=glance(**http))
    required = {("tls-client-cert-required", ERROR, "endpoint")}
    assert found(asking) == (required if state is ClientCertificate.REQUIRED else set())
    assert judged(asking)[0].client_certificate is state
    # The same answers of a server that did not ask are another matter.
    not_asking = one_address(shaken(), http=glance(**http))
    assert found(not_asking) == set()
    assert judged(not_asking)[0].client_certificate is ClientCertificate.NOT_ASKED


def test_nothing_is_known_of_client_certificates_without_a_handshake() -> None:
    assert judged(one_address(failed()))[0].client_certificate is ClientCertificate.UNKNOWN


def test_quick_judges_the_chain_only() -> None:
    quick = endpoint(at(ONE, tls12("default", cipher="AES256-GCM-SHA384")), quick=True)
    assert found(quick) == set()
