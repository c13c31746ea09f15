"""Passphrases, private keys and proxy passwords reach no output, report, exception text or debug log."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.lab.push_services import apns, apple_like, pem_file, server_context
from tests.minting import Authority
from tests.peers.command import stdiag
from tests.push_keys import key_file, push_identity

from stdiag.net.credentials import Credentials, Secret

HOST = "api.push.apple.com"
PASSPHRASE = "Zw1schen-Wort-Gr\u00fc\u00dfe"  # noqa: S105 - of the key minted here
PROXY_PASSWORD = "pr0xy-geheim"  # noqa: S105 - of no proxy at all
KEYS = Authority("Example Push Key CA")
KEY = push_identity(KEYS)


def secrets() -> list[str]:
    """Everything that must appear nowhere, in each form that it could have."""
    der = KEY.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert isinstance(KEY.key, ec.EllipticCurvePrivateKey)
    number = KEY.key.private_numbers().private_value
    raw = number.to_bytes(32)
    body = "".join(line for line in KEY.key_pem.splitlines() if "-----" not in line)
    forms = [
        PASSPHRASE,
        PROXY_PASSWORD,
        "PRIVATE KEY",
        body[:60],
        str(number),
        raw.hex(),
        base64.b64encode(raw).decode(),
    ]
    forms += [ascii(PASSPHRASE)[1:-1], base64.b64encode(PASSPHRASE.encode()).decode(), PASSPHRASE.encode().hex()]
    forms += [base64.b64encode(f"pusher:{PROXY_PASSWORD}".encode()).decode(), der.hex()[:80]]
    return forms


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.joinpath("key.p12").write_bytes(key_file(KEY, PASSPHRASE))
    tmp_path.joinpath("pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    tmp_path.joinpath("proxy").write_text(PROXY_PASSWORD + "\n", encoding="utf-8")
    return tmp_path


def searched(done: subprocess.CompletedProcess[str], *files: Path) -> None:
    texts = {"stdout": done.stdout, "stderr": done.stderr}
    texts |= {file.name: file.read_text(encoding="utf-8") for file in files}
    for where, text in texts.items():
        for secret in secrets():
            assert secret not in text, where


@pytest.mark.parametrize("form", ["text", "json", "md", "short"])
def test_no_output_holds_a_secret(folder: Path, form: str) -> None:
    root, issuing, server = apple_like()
    outputs = [folder / "out.json", folder / "out.md", folder / "out.txt"]
    written = [word for file in outputs for word in ("-o", str(file))]
    with apns(server_context(folder, server, issuing, client_ca=KEYS, required=True)) as port:
        done = stdiag(
            "push",
            *("-k", folder / "key.p12", "--passphrase-file", folder / "pass", "-s", f"{HOST}:443"),
            *("--resolve", f"{HOST}=127.0.0.1:{port}", "--expected-root", pem_file(folder, root)),
            *("--via", f"http://pusher@127.0.0.1:{port}", "--via-password", f"file:{folder / 'proxy'}"),
            *("--trust-store", folder / "key.p12", "--trust-store-passphrase", f"file:{folder / 'pass'}"),
            *("-f", form, "-v", "--debug", *written),
        )
    assert done.returncode in (0, 1, 3), done.stderr
    assert "BadDeviceToken" in outputs[0].read_text(encoding="utf-8")
    searched(done, *outputs)


@pytest.mark.parametrize(
    "content", [b"\x30\x82\x01\x00" + bytes(256), b"", b"\xfe\xed\xfe\xed"], ids=["damaged", "empty", "jks"]
)
def test_no_failure_holds_a_secret(folder: Path, content: bytes) -> None:
    folder.joinpath("key.p12").write_bytes(content)
    done = stdiag("push", "-k", folder / "key.p12", "--passphrase-file", folder / "pass", "--key-only", "--debug")
    searched(done)


@pytest.mark.parametrize(
    "options",
    [
        ("--passphrase", PASSPHRASE),
        ("--passphrase", f"pass:{PASSPHRASE}"),
        ("--via", f"http://pusher:{PROXY_PASSWORD}@127.0.0.1:99999"),
        ("--via", "http://pusher@127.0.0.1:3128", "--via-password", PROXY_PASSWORD),
    ],
)
def test_a_secret_in_the_wrong_place_is_not_repeated(folder: Path, options: tuple[str, ...]) -> None:
    done = stdiag("push", "-k", folder / "key.p12", *options)
    assert done.returncode == 2
    searched(done)


def test_a_crash_holds_no_secret(folder: Path) -> None:
    """A defect in the middle of the work, with everything secret in the variables around."""
    script = """
import sys
from stdiag.probes.push import observe as observing
def defect(*arguments, **named):
    raise RuntimeError("a defect")
observing.handshake_record = defect
import stdiag.probes.push.files as files
files.parse_certificate = defect
from stdiag.cli.main import main
sys.argv = ["stdiag", "push", "-k", "key.p12", "--passphrase-file", "pass", "--key-only", "--debug", "-f", "json"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert "RuntimeError: a defect" in done.stderr
    assert "run-probe-crashed" in done.stdout
    searched(done)


def test_credentials_show_nothing() -> None:
    known = Credentials({}, {"key.p12": Secret(PASSPHRASE)}).joined(Credentials())
    assert PASSPHRASE not in repr(known) + repr(vars(known))
    found = known.passphrase("key.p12")
    assert found is not None
    assert found.reveal() == PASSPHRASE
