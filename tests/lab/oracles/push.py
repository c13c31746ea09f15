"""How curl and openssl see each fault of the push key and of the way to the push service."""

from __future__ import annotations

import socket
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.lab.oracles.programs import Oracle, Oracles

from stdiag.lab.blueprint import PUSH_HOST
from stdiag.lab.deployment import Endpoint, Lab

NOBODYS_TOKEN = "0" * 64
INVALID_PASSPHRASE = 58
"""curl: the client certificate cannot be used."""


def push(lab: Lab) -> dict[str, Any]:
    """The site file's table."""
    table: dict[str, Any] = tomllib.loads(lab.site_file.read_text(encoding="utf-8"))["push"]
    return table


def ends(lab: Lab) -> list[Endpoint]:
    return [end for end in lab.endpoints if end.host == PUSH_HOST]


def passphrase(lab: Lab) -> str:
    return Path(push(lab)["passphrase"].removeprefix("file:")).read_text(encoding="ascii").strip()


def curl(lab: Lab) -> subprocess.CompletedProcess[str]:
    """One message to nobody, as a server with this key would send it."""
    told = push(lab)
    command = ["curl", "-sS", "--http2", "--max-time", "10", "--cacert", told["expected_roots"][0]]
    command += ["--cert-type", "P12", "--cert", f"{told['key']}:{passphrase(lab)}"]
    command += ["-H", f"apns-topic: {told['topic']}", "-d", "{}", "--connect-to", f"::{ends(lab)[0]}"]
    address = f"https://{PUSH_HOST}/3/device/{NOBODYS_TOKEN}"
    return subprocess.run([*command, address], capture_output=True, text=True, timeout=20, check=False)


def certificate(lab: Lab) -> str:
    """The key's certificate as openssl takes it out of the file, PEM."""
    command = ["openssl", "pkcs12", "-in", push(lab)["key"], "-nokeys", "-passin", f"pass:{passphrase(lab)}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout


def ended(pem: str) -> bool:
    """Whether openssl holds the certificate for expired."""
    command = ["openssl", "x509", "-noout", "-checkend", "0"]
    return subprocess.run(command, input=pem, capture_output=True, text=True, timeout=20, check=False).returncode == 1


def expired(lab: Lab, _oracles: Oracles) -> None:
    assert ended(certificate(lab))
    assert "certificate expired" in curl(lab).stderr


def refused(lab: Lab, _oracles: Oracles) -> None:
    assert not ended(certificate(lab))
    assert "unknown ca" in curl(lab).stderr


def shut(lab: Lab, _oracles: Oracles) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        certificate(lab)
    assert "invalid password" in caught.value.stderr
    assert curl(lab).returncode == INVALID_PASSPHRASE


def other_topic(lab: Lab, _oracles: Oracles) -> None:
    assert curl(lab).stdout == '{"reason": "TopicDisallowed"}'


def inspected(lab: Lab, _oracles: Oracles) -> None:
    told = curl(lab)
    assert told.returncode == 60
    assert "self-signed certificate in certificate chain" in told.stderr


def unreachable(lab: Lab, _oracles: Oracles) -> None:
    for end in ends(lab):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((end.address, end.port), timeout=2)


def no_answer(lab: Lab, _oracles: Oracles) -> None:
    for end in ends(lab):
        with pytest.raises(TimeoutError):
            socket.create_connection((end.address, end.port), timeout=0.5)


ORACLES: dict[str, Oracle] = {
    "push-key-expired": expired,
    "push-key-refused": refused,
    "push-key-passphrase": shut,
    "push-key-topic": other_topic,
    "inspecting-firewall": inspected,
    "apns-unreachable": unreachable,
    "apns-no-answer": no_answer,
}
