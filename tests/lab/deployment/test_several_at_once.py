"""Several faults, or many clients, at once."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from stdiag.lab.blueprint import HOST


@pytest.mark.peer("openssl", "curl")
def test_several_faults_at_once(start: Any, oracles: Any) -> None:
    lab = start("expired-leaf", "root-sent", "superfluous-certificate", "name-mismatch", "sni-required", "weak-key")
    seen = oracles.s_client(lab, "-cipher", "DEFAULT:@SECLEVEL=0", "-verify_hostname", HOST)
    assert seen.chain[:2] == ["meet.lab.example", "Lab Issuing CA R46"]
    assert sorted(seen.chain[2:]) == ["Former Provider CA 1", "Lab Root CA"]
    assert "verify error:num=10" in seen.text
    assert "verify error:num=62" in seen.text
    assert "unrecognized name" in oracles.s_client(lab, sni=False).text


def test_many_connections_one_after_the_other(start: Any, oracles: Any) -> None:
    lab = start("closed")
    for _ in range(200):
        assert oracles.plain(lab, b"x") == b""
    time.sleep(0.05)
    assert sum("connection" in thread.name for thread in threading.enumerate()) == 0
