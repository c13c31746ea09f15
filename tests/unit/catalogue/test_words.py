"""What is said of a finding."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.catalogue.kinds import net, tls
from stdiag.catalogue.prose import Words, words
from stdiag.catalogue.registry import ALL
from stdiag.model import Finding, Param, Severity, Subject, SubjectKind

ENDPOINT = Subject(kind=SubjectKind.ENDPOINT, host="chat.example.com", port=443)
ADDRESS = Subject(kind=SubjectKind.ADDRESS, host="chat.example.com", port=8443, address="2001:db8::1")
TEXT = st.text(st.characters(), max_size=30)
PARAM = st.one_of(TEXT, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(TEXT, max_size=4))


def incomplete(**changes: Param) -> dict[str, Any]:
    return {
        "leaf": "chat.example.com",
        "missing": "Example Issuing CA 1",
        "sent": 1,
        "verify_code": 21,
        "verify_text": "unable to verify the first certificate",
        "recovered_from": "http://aia.example.com/ca1.crt",
        "proven": "yes",
        "candidates": [],
        **changes,
    }


def test_the_classic_fault_is_understood_at_once() -> None:
    told = words(tls.TLS_CHAIN_INCOMPLETE.found(ENDPOINT, **incomplete()))
    assert told == Words(
        summary='The server does not send the issuer certificate "Example Issuing CA 1".',
        evidence=(
            "OpenSSL verify code 21 (unable to verify the first certificate); certificates sent: 1; the missing one was"
            " fetched from http://aia.example.com/ca1.crt, chain verified with it: yes"
        ),
        affects=tls.TLS_CHAIN_INCOMPLETE.affects,
        spares=tls.TLS_CHAIN_INCOMPLETE.spares,
        proof="openssl s_client -connect chat.example.com:443 -servername chat.example.com -showcerts </dev/null",
    )


def test_what_was_not_fetched_or_not_measured_is_left_out() -> None:
    told = words(
        tls.TLS_CHAIN_INCOMPLETE.found(
            ENDPOINT,
            **incomplete(recovered_from=None, proven=None, verify_code=None, verify_text=None, candidates=["a", "b"]),
        )
    )
    assert told.evidence == "certificates sent: 1; it could be: a, b"


@pytest.mark.parametrize(
    ("via", "proof"),
    [
        (
            "http://p:3128",
            "openssl s_client -proxy p:3128 -connect chat.example.com:443 -servername chat.example.com </dev/null",
        ),
        ("socks5h://p:1080", "curl -vkI --connect-timeout 5 -x socks5h://p:1080 https://chat.example.com:443/"),
        ("-K/etc/passwd", ""),  # a report by another hand
    ],
)
def test_what_was_seen_through_a_proxy_is_shown_through_it(via: str, proof: str) -> None:
    subject = Subject(kind=SubjectKind.ENDPOINT, host="chat.example.com", port=443, via=via)
    assert words(tls.TLS_HANDSHAKE_SILENT.found(subject, waited_s=10.0)).proof == proof


def test_an_address_is_asked_with_the_name_as_sni() -> None:
    told = words(tls.TLS_HANDSHAKE_SILENT.found(ADDRESS, waited_s=10.0))
    assert told.summary == "The port accepts the connection and then says nothing for 10 s."
    assert told.proof == "openssl s_client -connect '[2001:db8::1]:8443' -servername chat.example.com </dev/null"


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_address_is_never_sent_as_server_name(host: str) -> None:
    subject = Subject(kind=SubjectKind.ENDPOINT, host=host, port=443)
    assert host in words(tls.TLS_NOT_TLS.found(subject, spoken="plain HTTP", first_bytes=None)).proof
    silent = words(tls.TLS_HANDSHAKE_CLOSED.found(subject, bytes_received=0))
    assert host in silent.proof
    assert "-servername" not in silent.proof
    assert "-noservername" in silent.proof


def test_a_file_is_shown_as_a_file() -> None:
    subject = Subject(kind=SubjectKind.FILE, host="chat.example.com", file="my chain.pem")
    told = words(tls.TLS_CHAIN_INCOMPLETE.found(subject, **incomplete()))
    assert told.proof == ("openssl crl2pkcs7 -nocrl -certfile 'my chain.pem' | openssl pkcs7 -print_certs -text -noout")


@pytest.mark.parametrize(
    ("host", "port", "proof"),
    [("chat.example.com", 443, "curl -skI https://chat.example.com:443/"), ("this machine", None, "")],
)
def test_a_clock_is_asked_for_where_there_is_a_port(host: str, port: int | None, proof: str) -> None:
    subject = Subject(kind=SubjectKind.CLOCK, host=host, port=port)
    told = words(net.CLOCK_SKEW.found(subject, seconds=90, server_time="12:00", local_time="12:01"))
    assert told.summary == "The clocks of the server and of this machine differ by 90 s."
    assert told.proof == proof


def test_a_name_is_looked_up() -> None:
    subject = Subject(kind=SubjectKind.NAME, host="chat.example.com")
    told = words(net.NET_NAME_NOT_FOUND.found(subject, words=None))
    assert told.proof == "nslookup chat.example.com"
    assert told.summary == 'The name "chat.example.com" does not exist in the DNS that this machine asks.'
    assert told.evidence == ""


def test_a_judgement_that_knows_better_whom_it_hits_is_believed() -> None:
    told = words(tls.TLS_HANDSHAKE_SILENT.found(ENDPOINT, waited_s=1, affects="IPv6\nonly"))
    assert told.affects == r"IPv6\nonly"
    assert told.spares == ""


def test_a_code_that_the_catalogue_does_not_hold_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        words(Finding(code="tls-of-next-year", severity=Severity.INFO, subject=ENDPOINT, params={}))


@pytest.mark.parametrize("code", ALL)
def test_missing_parameters_do_no_harm(code: str) -> None:
    for subject in (ENDPOINT, ADDRESS, Subject(kind=SubjectKind.CLOCK, host="chat.example.com")):
        told = words(Finding(code=code, severity=Severity.ERROR, subject=subject, params={}))
        assert told.summary
        assert "{" not in told.summary + told.evidence + told.proof


@given(code=st.sampled_from(sorted(ALL)), host=st.text(), address=st.none() | st.text(), data=st.data())
def test_hostile_findings_do_no_harm(code: str, host: str, address: str | None, data: st.DataObject) -> None:
    params = {name: data.draw(PARAM) for name in ALL[code].params}
    subject = Subject(kind=SubjectKind.ADDRESS, host=host, port=443, address=address)
    told = words(Finding(code=code, severity=Severity.ERROR, subject=subject, params=params))
    for text in (told.summary, told.evidence, told.affects, told.spares, told.proof):
        assert text.isprintable()


@pytest.mark.parametrize("url", ["-K/etc/passwd", "http://a/\x1b[2J", ""])
def test_a_url_that_a_certificate_names_cannot_become_an_option(url: str) -> None:
    assert words(tls.TLS_AIA_UNREACHABLE.found(ENDPOINT, url=url, problem="x")).proof == ""


def test_a_url_that_a_certificate_names_is_quoted() -> None:
    told = words(tls.TLS_AIA_UNREACHABLE.found(ENDPOINT, url="http://a/;reboot", problem="404"))
    assert told.proof == "curl -v --connect-timeout 5 -o issuer.crt 'http://a/;reboot'"
