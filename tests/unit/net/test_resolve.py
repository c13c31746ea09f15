from __future__ import annotations

import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.model import FaultReason, StepOutcome
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.resolve import Resolver, ascii_name, is_address
from stdiag.net.trace import StepRecorder


@pytest.fixture
def steps() -> StepRecorder:
    return StepRecorder(time.monotonic())


class FakeSystem:
    """A system resolver that counts, waits and fails as told."""

    def __init__(self, *addresses: str, error: OSError | None = None, wait: threading.Event | None = None) -> None:
        self.addresses = list(addresses)
        self.error = error
        self.wait = wait
        self.asked: list[str] = []

    def __call__(self, name: str) -> list[str]:
        self.asked.append(name)
        if self.wait is not None:
            self.wait.wait(10)
        if self.error is not None:
            raise self.error
        return self.addresses


def no_evidence(_: str) -> str:
    return ""


def test_addresses_come_in_the_systems_order(steps: StepRecorder) -> None:
    system = FakeSystem("2001:db8::1", "192.0.2.1")
    found = Resolver({}, lookup=system).resolve("chat.example.com", 443, Deadline(5), steps)
    assert found == [("2001:db8::1", 443), ("192.0.2.1", 443)]
    (step,) = steps.snapshot()
    assert (step.stage, step.peer, step.detail) == ("dns", "chat.example.com", "2001:db8::1, 192.0.2.1")


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::1", "fe80::1%eth0"])
def test_an_address_answers_itself(address: str, steps: StepRecorder) -> None:
    system = FakeSystem("192.0.2.99")
    assert Resolver({}, lookup=system).resolve(address, 1533, Deadline(5), steps) == [(address, 1533)]
    assert system.asked == []
    assert steps.snapshot() == []


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("chat.example.com", "192.0.2.1", [("192.0.2.1", 443)]),
        ("chat.example.com:443", "192.0.2.1:8443", [("192.0.2.1", 8443)]),
        ("CHAT.example.com.", "192.0.2.1", [("192.0.2.1", 443)]),
        ("chat.example.com:443", "[2001:db8::1]:8443", [("2001:db8::1", 8443)]),
        ("chat.example.com", "[2001:db8::1]", [("2001:db8::1", 443)]),
        ("chat.example.com", "2001:db8::1", [("2001:db8::1", 443)]),
        ("chat.example.com", "192.0.2.1,[2001:db8::1]:8443", [("192.0.2.1", 443), ("2001:db8::1", 8443)]),
    ],
)
def test_overrides_answer_first(key: str, value: str, found: list[tuple[str, int]], steps: StepRecorder) -> None:
    system = FakeSystem("192.0.2.99")
    resolver = Resolver({key: value}, lookup=system)
    assert resolver.resolve("Chat.Example.com", 443, Deadline(5), steps) == found
    assert system.asked == []
    assert "--resolve" in steps.snapshot()[0].detail


def test_an_override_for_one_port_leaves_the_others_alone(steps: StepRecorder) -> None:
    resolver = Resolver({"chat.example.com:443": "192.0.2.1"}, lookup=FakeSystem("192.0.2.99"))
    assert resolver.resolve("chat.example.com", 1533, Deadline(5), steps) == [("192.0.2.99", 1533)]


def test_every_name_is_looked_up_once(steps: StepRecorder) -> None:
    release = threading.Event()
    system = FakeSystem("192.0.2.1", wait=release)
    resolver = Resolver({}, lookup=system)
    found: list[list[tuple[str, int]]] = []

    def ask(name: str) -> None:
        found.append(resolver.resolve(name, 443, Deadline(5), steps))

    names = ["chat.example.com", "CHAT.example.com", "chat.example.com."]
    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    release.set()
    for thread in threads:
        thread.join()
    assert system.asked == ["chat.example.com"]
    assert found == [[("192.0.2.1", 443)]] * 3


def test_failures_are_shared_too(steps: StepRecorder) -> None:
    system = FakeSystem(error=socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    resolver = Resolver({}, lookup=system)
    for _ in range(2):
        with pytest.raises(NetError) as caught:
            resolver.resolve("missing.example.com", 443, Deadline(5), steps)
        assert caught.value.fault.reason is FaultReason.NAME_NOT_FOUND
    assert len(system.asked) == 1
    assert [step.outcome for step in steps.snapshot()] == [StepOutcome.FAILED] * 2


def test_a_resolver_that_hangs_costs_the_deadline_and_no_more(steps: StepRecorder) -> None:
    release = threading.Event()
    resolver = Resolver({}, lookup=FakeSystem("192.0.2.1", wait=release))
    started = time.monotonic()
    with pytest.raises(NetError) as caught:
        resolver.resolve("slow.example.com", 443, Deadline(0.2), steps)
    assert caught.value.fault.reason is FaultReason.NAME_TIMEOUT
    assert time.monotonic() - started < 1
    release.set()


def test_cancel_is_seen_within_200_ms(steps: StepRecorder) -> None:
    release = threading.Event()
    resolver = Resolver({}, lookup=FakeSystem("192.0.2.1", wait=release))
    deadline = Deadline(30)
    threading.Timer(0.1, deadline.cancel.set).start()
    started = time.monotonic()
    with pytest.raises(NetError) as caught:
        resolver.resolve("slow.example.com", 443, deadline, steps)
    assert caught.value.fault.reason is FaultReason.CANCELLED
    assert time.monotonic() - started < 0.1 + 0.25
    release.set()


def test_at_most_eight_look_ups_run_at_a_time_and_their_threads_end(steps: StepRecorder) -> None:
    lock = threading.Lock()
    running = 0
    most = 0

    def lookup(_: str) -> list[str]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return ["192.0.2.1"]

    resolver = Resolver({}, lookup=lookup)
    threads = [
        threading.Thread(target=resolver.resolve, args=(f"host{n}.example.com", 443, Deadline(5), steps))
        for n in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 2 <= most <= 8
    deadline = time.monotonic() + 2
    while any(thread.name.startswith("resolve host") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_evidence_is_asked_where_the_system_cannot_say_why(steps: StepRecorder) -> None:
    system = FakeSystem(error=socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"))
    resolver = Resolver({}, lookup=system, evidence=lambda name: f"asked directly, 192.0.2.53 says nothing of {name}")
    with pytest.raises(NetError) as caught:
        resolver.resolve("chat.example.com", 443, Deadline(5), steps)
    assert caught.value.fault.reason is FaultReason.NAME_SERVER_FAILURE  # the system's answer decides
    assert "Temporary failure" in caught.value.fault.words
    assert "192.0.2.53 says nothing of chat.example.com" in caught.value.fault.words


def test_evidence_is_not_asked_about_a_name_that_is_missing(steps: StepRecorder) -> None:
    asked: list[str] = []

    def evidence(name: str) -> str:
        asked.append(name)
        return ""

    system = FakeSystem(error=socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    with pytest.raises(NetError):
        Resolver({}, lookup=system, evidence=evidence).resolve("x.example.com", 443, Deadline(5), steps)
    assert asked == []


def test_slow_evidence_does_not_hide_the_systems_answer(steps: StepRecorder) -> None:
    release = threading.Event()
    system = FakeSystem(error=socket.gaierror(socket.EAI_AGAIN, "Temporary failure"))

    def evidence(_: str) -> str:
        release.wait(10)
        return ""

    with pytest.raises(NetError) as caught:
        Resolver({}, lookup=system, evidence=evidence).resolve("x.example.com", 443, Deadline(0.2), steps)
    assert caught.value.fault.reason is FaultReason.NAME_SERVER_FAILURE
    release.set()


def test_a_defect_in_the_look_up_leaves_nobody_waiting(steps: StepRecorder) -> None:
    def lookup(_: str) -> list[str]:
        raise ValueError("embedded null byte")

    with pytest.raises(NetError) as caught:
        Resolver({}, lookup=lookup, evidence=no_evidence).resolve("x.example.com", 443, Deadline(5), steps)
    assert caught.value.fault.reason is FaultReason.LOCAL


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Chat.Example.COM.", "chat.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),  # IDNA 2008: not strasse
        ("_sip._tcp.example.com", "_sip._tcp.example.com"),
    ],
)
def test_names_as_they_are_asked_for(host: str, name: str) -> None:
    assert ascii_name(host) == name


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("a..example.com", "empty label"),
        ("", "empty label"),
        (".", "empty label"),
        ("a" * 64 + ".example.com", "63"),
        (".".join(["abcdefgh"] * 40), "253"),
        ("ü" * 300, "253"),
        ("chat example.com", "space"),
        ("chat\x00.example.com", "control"),
        ("ü..example.com", "international"),
        ("\u2488com", "international"),
    ],
)
def test_names_that_no_name_server_can_know(host: str, words: str) -> None:
    with pytest.raises(NetError) as caught:
        ascii_name(host)
    assert caught.value.fault.reason is FaultReason.NAME_NOT_FOUND
    assert words in caught.value.fault.words


@given(st.text(max_size=300))
def test_any_text_is_a_name_or_not_found(host: str) -> None:
    try:
        name = ascii_name(host)
    except NetError:
        return
    assert name.isascii()
    assert 0 < len(name) <= 253


@pytest.mark.parametrize("text", ["192.0.2", "1", "0x7f.1", "192.0.2.256", "::1::", "chat.example.com", "", "[::1]"])
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)
