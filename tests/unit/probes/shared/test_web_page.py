"""What is read in an answer's body: STProxy's JSON, login forms, servers' own pages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.probes.shared.web_facts import ProxyInfo
from stdiag.probes.shared.web_page import body_kind, page_facts, proxy_info_of

REAL = (
    b'{"isSAML":false,"isOIDC":true,"oidcIssuer":"https://idp.example.com/realms/x?y=1#z",'
    b'"IDPUrl":"https://user:secret@chat.example.com/sametime-auth/api/v1/oidc/login?state=secret",'
    b'"communityConnected":true,"version":"12.0.4"}'
)


def test_proxyinfo() -> None:
    assert proxy_info_of(REAL) == ProxyInfo(
        is_saml=False,
        is_oidc=True,
        oidc_issuer="https://idp.example.com/realms/x",
        idp_url="https://chat.example.com/sametime-auth/api/v1/oidc/login",
        community_connected=True,
        further_keys=["version"],
    )


@pytest.mark.parametrize(
    ("body", "connected"),
    [
        (b'{"communityConnected":false}', False),
        (b'\xef\xbb\xbf {"communityConnected": true}', True),
        (b'{"communityConnected":"true"}', True),
        (b'{"communityConnected":"FALSE"}', False),
        (b'{"communityConnected":null}', None),
        (b'{"communityConnected":1}', None),
        (b'{"communityConnected":{}}', None),
        (b'{"isSAML":false}', None),
    ],
)
def test_community_connected(body: bytes, connected: bool | None) -> None:
    info = proxy_info_of(body)
    assert info is not None
    assert info.community_connected is connected


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b'{"status":"UP"}', "json"),
        (b"[1,2]", "json"),
        (b'{"isSAML":false,"comm', "text"),
        (b"  <!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf<html>", "html"),
        (b'<?xml version="1.0"?><html>', "html"),
        (b"OK\n", "text"),
        (b"\x89PNG\r\n\x1a\n\x00", "binary"),
        (b"[" * 100_000, "text"),
    ],
)
def test_what_is_not_proxyinfo(body: bytes, kind: str) -> None:
    assert proxy_info_of(body) is None
    assert body_kind(body) == kind


NGINX = b"<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body>"
NGINX_404 = (
    b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n"
    b"<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
)
APACHE_404 = (
    b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n'
    b"<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n"
)
TOMCAT_404 = (
    "<!doctype html><html lang='en'><head><title>HTTP Status 404 – Not Found</title></head>"
    "<body><h1>HTTP Status 404 – Not Found</h1><hr/><h3>Apache Tomcat/9.0.70</h3></body></html>"
).encode()


@pytest.mark.parametrize(
    ("body", "maker", "welcome"),
    [
        (NGINX, "nginx", True),
        (NGINX_404, "nginx", False),
        (b"<html><body><h1>It works!</h1></body></html>", "Apache", True),
        (b"<html><title>Apache2 Debian Default Page: It works</title>", "Apache", True),
        (APACHE_404, "Apache", False),
        (b"<html><title>Apache Tomcat/9.0.70</title>", "Tomcat", True),
        (b"<html><head><title>Apache Tomcat</title></head><body><h1>It works !</h1>", "Tomcat", True),
        (TOMCAT_404, "Tomcat", False),
        (b"<html><title>IIS Windows Server</title>", "IIS", True),
        (b"<html><title>IIS 10.0 Detailed Error - 404.0 - Not Found</title>", "IIS", False),
        (b"<html><title>Welcome to IBM HTTP Server</title>", "IBM HTTP Server", True),
        (b"Error 404: SRVE0190E: File not found: /stwebapi/proxyinfo", "WebSphere", False),
        (b"<html><title>Our wiki runs on nginx</title>", None, False),
        (b"<html><title>HCL Sametime</title>", None, False),
    ],
)
def test_whose_page(body: bytes, maker: str | None, welcome: bool) -> None:
    facts = page_facts(body)
    assert (facts.maker, facts.welcome) == (maker, welcome)


@pytest.mark.parametrize(
    "body",
    [
        b'<form method="post"><input name="j_username"><input type="password" name="j_password"></form>',
        b"<INPUT ID=p TYPE=PASSWORD>",
        b"<input\n type = 'password'>",
        b'<form action="https://idp/"><input type="hidden" name="SAMLRequest" value="PHNhbWw"/></form>',
    ],
)
def test_a_login_form(body: bytes) -> None:
    assert page_facts(b"<html>" + body).login


@pytest.mark.parametrize(
    "body", [b"<input type=text>", b"type=password", b'<input placeholder="x"> type="password"', b"<passwordinput>"]
)
def test_no_login_form(body: bytes) -> None:
    assert not page_facts(b"<html>" + body).login


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<html><title>HCL Sametime</title>", True),
        (b"<html><title>Chat</title><script src=/sametime/app.js></script>", True),
        (b"<html><title>Our wiki</title>", False),
        (b"<html><title>sametimes</title>", False),
    ],
)
def test_whether_it_speaks_of_sametime(body: bytes, expected: bool) -> None:
    assert page_facts(body).sametime is expected


def test_titles_are_short_and_without_entities() -> None:
    assert page_facts(b"<title>\n  Sign&nbsp;in &amp;\n go </title>").title == "Sign in & go"
    assert len(page_facts(b"<title>" + b"x" * 10_000).title or "") <= 300


@pytest.mark.parametrize(
    "piece", [b"<title", b"<input ", b"<input type", b"<h1>", b"<title>404 a", b"<?xml ", b" ", b"{", b"&#x", b"\xff"]
)
def test_a_hostile_page_costs_no_more_than_its_length(piece: bytes) -> None:
    body = piece * (65536 // len(piece))
    started = time.process_time()
    page_facts(body)
    body_kind(body)
    proxy_info_of(body)
    assert time.process_time() - started < 1.0


@given(st.binary(max_size=2000))
def test_any_bytes(body: bytes) -> None:
    body_kind(body)
    page_facts(body)
    proxy_info_of(body)
