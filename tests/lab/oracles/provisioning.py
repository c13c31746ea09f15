"""How curl and openssl see what answers at the provisioning URL, and Python's urllib.parse what stands in it."""

from __future__ import annotations

import json
import socket
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

import pytest
from tests.lab.oracles.programs import Oracle, Oracles

from stdiag.lab.blueprint import HOST
from stdiag.lab.deployment import Endpoint, Lab

PROXY_INFO = "/stwebapi/proxyinfo"
STATUS = ("-o", "/dev/null", "-w", "%{http_code}")
OF_BOTH = {"action", "communityName", "savePassword", "authProxyEnabled", "authProxyReuseCredentials"}
OF_THE_NEW = OF_BOTH | {"authProxyUser", "allowUntrustedSSL"}


def site(lab: Lab) -> dict[str, Any]:
    return tomllib.loads(lab.site_file.read_text(encoding="utf-8"))


def text(lab: Lab) -> str:
    """The provisioning URL as it stands in the site file."""
    return str(site(lab)["stproxy"]["provisioning_url"])


def url(lab: Lab) -> SplitResult:
    return urlsplit(text(lab))


def parameters(lab: Lab) -> dict[str, list[str]]:
    return parse_qs(url(lab).query, keep_blank_values=True)


def leads_to_stproxy(lab: Lab, oracles: Oracles) -> None:
    """What is wrong with the text is all that is wrong: STProxy answers where the site says."""
    told = json.loads(oracles.curl(lab, PROXY_INFO).stdout)
    assert told["communityConnected"] is True


def further_port(lab: Lab) -> Endpoint:
    """The port that the URL names beside 443, where it really is."""
    found = lab.endpoints[1]
    assert found.role != "STProxy"
    assert str(found) in site(lab)["resolve"].values()
    return found


class PasswordFields(HTMLParser):
    """Counts the input fields for passwords in a page."""

    count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += tag == "input" and ("type", "password") in attrs


# What answers


def community_down(lab: Lab, oracles: Oracles) -> None:
    assert json.loads(oracles.curl(lab, PROXY_INFO).stdout)["communityConnected"] is False
    assert oracles.curl(lab, "/chat", *STATUS).stdout == "200"


def default_page(lab: Lab, oracles: Oracles) -> None:
    assert "<title>Welcome to nginx!</title>" in oracles.curl(lab, "/").stdout
    assert oracles.curl(lab, PROXY_INFO, *STATUS).stdout == "404"


def redirect_to(address: str) -> Oracle:
    def check(lab: Lab, oracles: Oracles) -> None:
        for path in (PROXY_INFO, "/"):
            seen = oracles.curl(lab, path, "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}").stdout
            assert seen == f"302 {address}"
        assert urlsplit(address).hostname != HOST

    return check


def login_form(lab: Lab, oracles: Oracles) -> None:
    page = oracles.curl(lab, PROXY_INFO, "-w", "%{http_code}").stdout
    assert page.endswith("200")
    fields = PasswordFields()
    fields.feed(page)
    assert fields.count == 1


def status_everywhere(status: str) -> Oracle:
    def check(lab: Lab, oracles: Oracles) -> None:
        assert {oracles.curl(lab, path, *STATUS).stdout for path in (PROXY_INFO, "/", "/chat")} == {status}

    return check


def hangs(lab: Lab, oracles: Oracles) -> None:
    assert oracles.s_client(lab).code == 0
    assert oracles.curl(lab, PROXY_INFO, "--max-time", "0.7").returncode == 28


def asks_basic(lab: Lab, oracles: Oracles) -> None:
    assert 'WWW-Authenticate: Basic realm="' in oracles.curl(lab, PROXY_INFO, "-i").stdout
    assert oracles.curl(lab, PROXY_INFO, *STATUS).stdout == "401"
    assert oracles.curl(lab, PROXY_INFO, *STATUS, "--basic", "-u", "lab:wrong").stdout == "401"
    assert oracles.curl(lab, PROXY_INFO, *STATUS, "--basic", "-u", "lab:lab").stdout == "200"


def asks_basic_unannounced(lab: Lab, oracles: Oracles) -> None:
    asks_basic(lab, oracles)
    assert not any(name.startswith("authProxy") for name in parameters(lab))


def asks_negotiate(lab: Lab, oracles: Oracles) -> None:
    head = oracles.curl(lab, PROXY_INFO, "-i").stdout
    assert "WWW-Authenticate: Negotiate\n" in head.replace("\r", "")
    assert "Basic" not in head
    assert oracles.curl(lab, PROXY_INFO, *STATUS, "--basic", "-u", "lab:lab").stdout == "401"


def no_proxy_info(lab: Lab, oracles: Oracles) -> None:
    assert oracles.curl(lab, PROXY_INFO, *STATUS).stdout == "404"
    assert "<title>Sametime</title>" in oracles.curl(lab, "/", "-L").stdout


def garbled_proxy_info(lab: Lab, oracles: Oracles) -> None:
    seen = oracles.over_tls(lab, f"GET {PROXY_INFO} HTTP/1.0\r\n\r\n".encode())
    head, _, body = seen.partition(b"\r\n\r\n")
    assert b" 200 " in head
    assert b"application/json" in head
    with pytest.raises(ValueError, match="can't decode"):
        json.loads(body)


# The URL and what it leads to


def nobody_asks(lab: Lab, oracles: Oracles) -> None:
    assert parameters(lab)["authProxyEnabled"] == ["true"]
    leads_to_stproxy(lab, oracles)


def tls_wanted_plain_there(lab: Lab, oracles: Oracles) -> None:
    there = further_port(lab)
    assert (url(lab).scheme, url(lab).port) == ("hclsametime", 9080)
    assert "wrong version number" in oracles.s_client(lab, at=there).text
    assert b"HTTP/1.1 200 OK" in oracles.plain(lab, f"GET {PROXY_INFO} HTTP/1.0\r\n\r\n".encode(), at=there)


def plain_wanted_tls_there(lab: Lab, oracles: Oracles) -> None:
    there = further_port(lab) if url(lab).port == 9080 else lab.stproxy
    assert parameters(lab)["ssl"] == ["false"]
    assert oracles.s_client(lab, at=there).code == 0
    assert b"HTTP/" not in oracles.plain(lab, b"GET / HTTP/1.0\r\n\r\n", at=there)


def no_photos(lab: Lab, oracles: Oracles) -> None:
    there = further_port(lab)
    assert parameters(lab)["photoPort"] == ["8443"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((there.address, there.port), timeout=2)
    leads_to_stproxy(lab, oracles)


# The URL by itself


def in_text(check: Callable[[Lab], object]) -> Oracle:
    """`check(lab)` is true of the URL, and what it names answers."""

    def both(lab: Lab, oracles: Oracles) -> None:
        assert check(lab)
        leads_to_stproxy(lab, oracles)

    return both


def behind_basic(check: Callable[[Lab], object]) -> Oracle:
    def both(lab: Lab, oracles: Oracles) -> None:
        assert check(lab)
        asks_basic(lab, oracles)

    return both


def only(lab: Lab, **expected: str) -> bool:
    """The URL's parameters, beside those of the healthy one."""
    beside = {name: values for name, values in parameters(lab).items() if name not in ("action", "communityName")}
    return beside == {name: [value] for name, value in expected.items()}


def space_in_name(lab: Lab, oracles: Oracles) -> None:
    assert parameters(lab)["communityName"] == ["The Lab"]
    # curl, which does not know the scheme, is given the same text under one that it knows.
    assert oracles.curl(lab, "/?" + url(lab).query).returncode == 3
    assert oracles.curl(lab, "/?" + url(lab).query.replace(" ", "%20")).returncode == 0


def no_such_host(lab: Lab, oracles: Oracles) -> None:
    with pytest.raises(UnicodeError, match="label"):
        str(url(lab).hostname).encode("idna")
    leads_to_stproxy(lab, oracles)


def no_such_port(lab: Lab, oracles: Oracles) -> None:
    with pytest.raises(ValueError, match="44E"):
        _ = url(lab).port
    leads_to_stproxy(lab, oracles)


ORACLES: dict[str, Oracle] = {
    "community-down": community_down,
    "default-page": default_page,
    "login-redirect": redirect_to("https://login.lab.example/sso/login"),
    "login-form": login_form,
    "redirect-elsewhere": redirect_to("https://www.lab.example/"),
    "back-end-down": status_everywhere("503"),
    "back-end-hangs": hangs,
    "proxy-asks-basic": asks_basic_unannounced,
    "proxy-asks-negotiate": asks_negotiate,
    "proxyinfo-missing": no_proxy_info,
    "proxyinfo-garbled": garbled_proxy_info,
    "proxy-auth-not-asked": nobody_asks,
    "tls-url-plain-port": tls_wanted_plain_there,
    "plain-url-tls-port": plain_wanted_tls_there,
    "plain-url-usual-tls-port": plain_wanted_tls_there,
    "photo-port-dead": no_photos,
    "other-generation": in_text(lambda lab: (url(lab).scheme, site(lab)["product"]) == ("sametime", "12-docker")),
    "password-in-url": in_text(lambda lab: url(lab).username == "lab" and url(lab).password),
    "user-with-at": in_text(lambda lab: url(lab).netloc.count("@") == 2 and url(lab).hostname == HOST),
    "placeholder-left": in_text(lambda lab: url(lab).username == "%s"),
    "action-missing": in_text(lambda lab: "action" not in parameters(lab)),
    "wrong-separator": in_text(lambda lab: parameters(lab)["amp;communityName"] == ["Lab"]),
    "unencoded-name": space_in_name,
    "path-in-url": in_text(lambda lab: url(lab).path == "/chat/"),
    "host-invalid": no_such_host,
    "port-not-named": in_text(lambda lab: (url(lab).scheme, url(lab).port) == ("sametime", None)),
    "port-not-a-number": no_such_port,
    "oidc-address": in_text(lambda lab: text(lab) == "sametime://oauth2redirect"),
    "parameter-misspelt": in_text(lambda lab: only(lab, savepasword="true")),
    "parameter-unknown": in_text(lambda lab: parameters(lab).keys() - OF_THE_NEW == {"campaign"}),
    "parameter-twice": in_text(lambda lab: parameters(lab)["savePassword"] == ["false", "true"]),
    "parameter-of-old-generation": in_text(lambda lab: only(lab, ssl="true") and url(lab).scheme == "hclsametime"),
    "value-invalid": in_text(lambda lab: only(lab, savePassword="yes")),
    "long-name": in_text(lambda lab: len(parameters(lab)["communityName"][0]) == 60),
    "proxy-auth-denied": behind_basic(lambda lab: only(lab, authProxyEnabled="false", authProxyUser="lab")),
    "proxy-auth-two-users": behind_basic(
        lambda lab: only(lab, authProxyReuseCredentials="true", authProxyUser="gate") and url(lab).username is None
    ),
    "untrusted-allowed": in_text(lambda lab: only(lab, allowUntrustedSSL="true")),
}
