"""The comparison of our handshake with that of `openssl s_client` on the same server."""

from __future__ import annotations

from typing import Any

from tests.peers.oracle import SClient

REWORDED = {9: "certificate is not yet valid or the system clock is incorrect"}
"""Codes whose words changed between the openssl of Debian 12 (3.0) and the OpenSSL that pyOpenSSL brings (4.0)."""


def assert_agree(handshake: dict[str, Any], oracle: SClient, code: int) -> None:
    """Both got the same chain, and both say `code`.

    `code` stands in the test as a third opinion: a mistake that probe and oracle shared would show.
    """
    assert oracle.connected, oracle.output
    assert oracle.verify_code == code, f"s_client: {oracle.verify_code} ({oracle.verify_text})"
    assert handshake["verify_code"] == code, f"stdiag: {handshake['verify_code']} ({handshake['verify_text']})"
    assert handshake["verify_text"] in (oracle.verify_text, REWORDED.get(code))
    assert [one["pem"].strip() for one in handshake["chain_sent"]] == oracle.sent
    errors = [(error["depth"], error["code"]) for error in handshake["verify_errors"]]
    assert errors == oracle.errors
