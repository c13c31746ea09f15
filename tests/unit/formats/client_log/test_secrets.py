"""What may be a secret is masked; what is a fact stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.client_log.secrets import masked

TEMPLATES = (
    "Authorization: Basic {}",
    "authorization=Bearer {}",
    "sent Basic {}",
    "Cookie: LtpaToken2={}; JSESSIONID={}",
    "Set-Cookie: a={}",
    "https://user:{}@chat.example.com/x",
    "https://{}@chat.example.com/x",
    "password={}",
    "PASSWORD: {}",
    '"password":"{}"',
    "userPassword='{}'",
    "https://chat.example.com/?access_token={}&x=1",
    "x-api-key: {}",
    "LtpaToken={}",
    "sid={}",
    "jsessionid={}",
    "SAMLResponse={}",
)


@given(
    st.sampled_from(TEMPLATES),
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=_-.~!$*", min_size=6, max_size=60),
)
def test_no_secret_is_left(template: str, letters: str) -> None:
    secret = f"Zq{letters}"
    assert secret not in masked(template.replace("{}", secret))


@pytest.mark.parametrize(
    "text",
    [
        "Trust anchor for certification path not found",
        "NSURLErrorDomain Code=-1202",
        "CN=Example Issuing CA, OU=Sub, O=Example, C=US",
        "failed to connect to chat.example.com/192.0.2.10 (port 443) from /10.0.0.2 (port 41234) after 10000ms",
        "Received fatal alert: handshake_failure",
        "connect() failed (111: Connection refused) while connecting to upstream",
        "org.apache.harmony.xnet.provider.jsse",
        "Certificate not valid until Fri Jun 21 02:00:00 CEST 2013",
        "Unexpected response code for CONNECT: 407",
    ],
)
def test_facts_stay(text: str) -> None:
    assert masked(text) == text


def test_a_token_needs_no_name() -> None:
    assert masked("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc back") == "got *** back"
    assert masked("id 0123456789abcdef0123456789abcdef seen") == "id *** seen"
