"""The comparison of our handshake with that of `openssl s_client` on the same server."""

from __future__ import annotations

from typing import Any

from tests.peers.oracle import SClient


def assert_agree(handshake: dict[str, Any], oracle: SClient, code: int) -> None:
    """Both got the same chain, and both say `code`.

    `code` stands in the test as a third opinion: a mistake that probe and oracle shared would show.
    """
    assert oracle.connected, oracle.output
    assert oracle.verify_code == code, f"s_client: {oracle.verify_code} ({oracle.verify_text})"
    assert handshake["verify_code"] == code, f"stdiag: {handshake['verify_code']} ({handshake['verify_text']})"
    assert handshake["verify_text"] == oracle.verify_text
    assert [one["pem"].strip() for one in handshake["chain_sent"]] == oracle.sent
    errors = [(error["depth"], error["code"]) for error in handshake["verify_errors"]]
    assert errors == oracle.errors
