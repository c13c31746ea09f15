"""`stdiag push` and `stdiag apns` as a user types them."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from tests.lab.push_services import apns, apple_like, pem_file, server_context
from tests.minting import Authority
from tests.peers.command import diagnose, stdiag
from tests.push_keys import PASSPHRASE, key_file, push_identity

HOST = "api.push.apple.com"
KEYS = Authority("Example Push Key CA")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.joinpath("key.p12").write_bytes(key_file(push_identity(KEYS)))
    tmp_path.joinpath("sandbox.p12").write_bytes(key_file(push_identity(KEYS, (1,))))
    tmp_path.joinpath("pass").write_text(PASSPHRASE + "\r\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["push", "apns"])
def test_the_key_alone(folder: Path, name: str) -> None:
    run = diagnose(name, "-k", folder / "key.p12", "--key-only", "--passphrase-file", folder / "pass")
    (check,) = run.report["checks"]
    analysis = check["analysis"]
    assert analysis["readable"] is True
    assert analysis["problem"] is None
    assert analysis["topics"][0] == "com.example.sametime"
    assert analysis["environments"] == ["production", "sandbox"]
    assert analysis["days_left"] > 100
    assert run.decision == "go"


def test_the_passphrase_of_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APNS_PASSPHRASE", PASSPHRASE)
    run = diagnose("push", "-k", folder / "key.p12", "--key-only", "--passphrase", "env:APNS_PASSPHRASE")
    assert run.decision == "go"


def test_a_wrong_passphrase_is_a_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APNS_PASSPHRASE", "wrong")
    run = diagnose("push", "-k", folder / "key.p12", "--key-only", "--passphrase", "env:APNS_PASSPHRASE")
    assert run.causes == ["push-key-wrong-passphrase"]
    assert run.report["checks"][0]["analysis"]["problem"] == "wrong-passphrase"


def test_the_host_follows_the_key(folder: Path) -> None:
    host = "api.sandbox.push.apple.com"
    run = diagnose(
        "push",
        *("-k", folder / "sandbox.p12", "--passphrase-file", folder / "pass", "--no-google", "--timeout", "0.2"),
        *("--resolve", f"{host}=127.0.0.1:{refused()}"),
    )
    assert [check["subject"].get("host") for check in run.report["checks"][1:]] == [host, host]
    assert run.report["run"]["provenance"]["push.environment"] == "the key"


def test_the_old_tools_options(folder: Path) -> None:
    """-p 2195 asks the retired interface alone: closed is right, and is said so."""
    gateway = "gateway.push.apple.com"
    run = diagnose(
        "apns",
        *("-k", folder / "key.p12", "--passphrase-file", folder / "pass", "-p", "2195"),
        *("--resolve", f"{gateway}=127.0.0.1:{refused()}"),
    )
    (_, check) = run.report["checks"]
    assert (check["subject"]["host"], check["subject"]["port"]) == (gateway, 2195)
    assert run.causes == ["push-legacy-retired"]
    assert run.exit_code == 0


def test_another_host(folder: Path) -> None:
    root, issuing, server = apple_like("relay.example.com")
    with apns(server_context(folder, server, issuing, client_ca=KEYS, required=True)) as port:
        run = diagnose(
            "apns",
            *("-k", folder / "key.p12", "--passphrase-file", folder / "pass", "-s", "relay.example.com", "-p", "2197"),
            *("--resolve", f"relay.example.com=127.0.0.1:{port}", "--ca-file", pem_file(folder, root)),
        )
    (_, check) = run.report["checks"]
    assert check["analysis"]["apns_reason"] == "BadDeviceToken"
    assert check["observation"]["peer_chain"][0]["issuer"].startswith("CN=Example Push Service CA")
    assert run.decision == "go"


def test_the_screen_prints_what_apnstest_printed(folder: Path) -> None:
    root, issuing, server = apple_like()
    with apns(server_context(folder, server, issuing, client_ca=KEYS)) as port:
        done = stdiag(
            "push",
            *("-k", folder / "key.p12", "--passphrase-file", folder / "pass", "-s", f"{HOST}:443", "-v"),
            *("--resolve", f"{HOST}=127.0.0.1:{port}", "--expected-root", pem_file(folder, root)),
        )
    assert done.returncode == 0
    assert "Issuer" in done.stdout
    assert "Example Push Service CA" in done.stdout
    assert "Nothing was delivered to any device." in " ".join(done.stdout.split())


def test_a_trust_store(folder: Path) -> None:
    store = pem_file(folder, KEYS)
    run = diagnose("push", "--trust-store", store, "--no-google", "--timeout", "0.2", "--resolve", resolve_dead())
    finding = run.finding("push-trust-store")
    assert finding["params"] == {"root": "USERTrust RSA Certification Authority", "count": 1}
    import certifi

    good = diagnose(
        "push", "--trust-store", certifi.where(), "--no-google", "--timeout", "0.2", "--resolve", resolve_dead()
    )
    assert "push-trust-store" not in good.codes
    assert good.report["checks"][0]["analysis"]["root"] == "USERTrust RSA Certification Authority"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--key-only",), "name it with -k FILE"),
        (("-k", "none.p12"), "cannot be read"),
        (("-k", "key.p12"), "needs its passphrase"),
        (("-k", "key.p12", "--passphrase", "env:NO_SUCH"), "no such variable"),
        (("-k", "key.p12", "--passphrase-file", "none"), "cannot be read"),
        (("--via-password", "env:X"), "belongs to --via"),
        (("--via", "http://p:1", "--custom-env", "pass"), "leave one of them out"),
        (("--custom-env", "pass"), "sets no STCONF_PUSH_PROXY_SERVER"),
        (("--expected-root", "pass"), "holds no certificate"),
        (("-s", "a b"), "-s:"),
        (("-p", "70000"), "70000"),
    ],
)
def test_mistakes_cost_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.chdir(folder)
    done = stdiag("push", *options)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_plan_contacts_nobody(folder: Path) -> None:
    done = stdiag("push", "-k", folder / "key.p12", "--plan", "-f", "json")
    assert done.returncode == 0
    lines = json.loads(done.stdout)["contacts"]
    assert {line["destination"] for line in lines} >= {HOST, "fcm.googleapis.com"}


def refused() -> int:
    """A port that nothing listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def resolve_dead() -> str:
    return f"{HOST}=127.0.0.1:{refused()}"
