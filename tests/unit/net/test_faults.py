from __future__ import annotations

import errno
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.model import FaultReason
from stdiag.net.faults import NetError, failed, fault_of, fault_reason


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.ECONNREFUSED, FaultReason.REFUSED),
        (10061, FaultReason.REFUSED),
        (errno.ETIMEDOUT, FaultReason.TIMEOUT),
        (10060, FaultReason.TIMEOUT),
        (errno.EHOSTUNREACH, FaultReason.UNREACHABLE),
        (errno.ENETUNREACH, FaultReason.UNREACHABLE),
        (errno.EADDRNOTAVAIL, FaultReason.UNREACHABLE),
        (errno.EAFNOSUPPORT, FaultReason.UNREACHABLE),
        (10051, FaultReason.UNREACHABLE),
        (10065, FaultReason.UNREACHABLE),
        (10049, FaultReason.UNREACHABLE),
        (errno.ECONNRESET, FaultReason.RESET),
        (errno.EPIPE, FaultReason.RESET),
        (10054, FaultReason.RESET),
        (errno.EMFILE, FaultReason.LOCAL),
        (errno.ENFILE, FaultReason.LOCAL),
        (10024, FaultReason.LOCAL),
    ],
)
def test_codes_of_the_system(code: int, reason: FaultReason) -> None:
    fault = fault_of(OSError(code, "the system's words"))
    assert (fault.reason, fault.words) == (reason, "the system's words")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (socket.EAI_NONAME, FaultReason.NAME_NOT_FOUND),
        (11001, FaultReason.NAME_NOT_FOUND),
        (11004, FaultReason.NAME_NOT_FOUND),
        (socket.EAI_AGAIN, FaultReason.NAME_SERVER_FAILURE),
        (11002, FaultReason.NAME_SERVER_FAILURE),
        (socket.EAI_FAIL, FaultReason.NAME_SERVER_FAILURE),
        (-9999, FaultReason.NAME_SERVER_FAILURE),
    ],
)
def test_codes_of_a_look_up(code: int, reason: FaultReason) -> None:
    assert fault_of(socket.gaierror(code, "words")).reason is reason


def test_a_name_without_addresses_is_not_found() -> None:
    nodata = getattr(socket, "EAI_NODATA", socket.EAI_NONAME)
    assert fault_of(socket.gaierror(nodata, "words")).reason is FaultReason.NAME_NOT_FOUND


def test_a_timeout_without_a_code() -> None:
    assert fault_of(TimeoutError("timed out")).reason is FaultReason.TIMEOUT


@given(st.one_of(st.none(), st.integers()))
def test_every_code_has_a_reason(code: int | None) -> None:
    assert fault_reason(code) in FaultReason


def test_the_text_of_an_error_tells_reason_and_words() -> None:
    error = failed(FaultReason.TLS_ALERT, "some words", alert="protocol_version")
    assert isinstance(error, NetError)
    assert str(error) == "tls-alert: some words"
    assert error.fault.alert == "protocol_version"
