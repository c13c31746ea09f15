"""Credentials for a reverse proxy: what a URL says."""

from __future__ import annotations

import pytest

from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.probes.provisioning.auth import proxy_auth_said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hclsametime://h.example.com/?action=AddCommunity", None),
        ("hclsametime://h.example.com/?action=AddCommunity&authProxyEnabled=true", "authProxyEnabled=true"),
        ("hclsametime://h.example.com/?action=AddCommunity&authProxyEnabled=false", None),
        ("hclsametime://h.example.com/?action=AddCommunity&authProxyUser=u", "authProxyUser"),
        ("sametime://h.example.com:1/?action=AddCommunity&authProxyUser=u", None),
        (
            "sametime://h.example.com:1/?action=AddCommunity&authProxyReuseCredentials=true",
            "authProxyReuseCredentials=true",
        ),
    ],
)
def test_what_a_url_says(url: str, said: str | None) -> None:
    assert proxy_auth_said(parse_provisioning(url)) == said
