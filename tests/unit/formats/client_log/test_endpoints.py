"""Servers that a line names, and nothing that only looks like one."""

from __future__ import annotations

import pytest

from stdiag.formats.client_log.endpoints import Endpoint, endpoints_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("--> GET https://chat.example.com/x", [Endpoint("chat.example.com", 443, "https")]),
        ("https://CHAT.example.com.:8443", [Endpoint("chat.example.com", 8443, "https")]),
        ("http://[2001:db8::1]:9080/x", [Endpoint("2001:db8::1", 9080, "http")]),
        ("hclsametime://chat.example.com/?a", [Endpoint("chat.example.com", 443, "hclsametime")]),
        ("sametime://chat.example.com", [Endpoint("chat.example.com", None, "sametime")]),
        ("https://user:pass@chat.example.com/", [Endpoint("chat.example.com", 443, "https")]),
        ("https://user:12/34@chat.example.com/", []),
        ("https://user:p%40ss", []),
        ("https://a.example.com/ https://a.example.com/2", [Endpoint("a.example.com", 443, "https")]),
        (
            "failed to connect to chat.example.com/192.0.2.10 (port 443) after 10000ms",
            [Endpoint("chat.example.com", 443)],
        ),
        ("failed to connect to /192.0.2.10 (port 443) after 1ms", [Endpoint("192.0.2.10", 443)]),
        ("Failed to connect to chat.example.com/192.0.2.10:443", [Endpoint("chat.example.com", 443)]),
        ("Connecting to chat.example.com/192.0.2.10:443", [Endpoint("chat.example.com", 443)]),
        ("https://chat.example.com:99999/", []),
        ("https://a..b/", []),
        ("https://", []),
        ("mailto:user@example.com", []),
    ],
)
def test_endpoints(text: str, found: list[Endpoint]) -> None:
    assert endpoints_in(text) == found
