"""What this machine says about proxies."""

from __future__ import annotations

import pytest

from stdiag.net.local_address import local_address_to
from stdiag.net.system_proxies import mac_script_in, system_proxies, without_credentials

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_no_setting() -> None:
    assert system_proxies("mux.example.com").proxies == {}


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example.com:3128")
    monkeypatch.setenv("no_proxy", ".inside.example.com")
    found = system_proxies("mux.example.com")
    assert (found.proxies, found.bypassed) == ({"http": "http://proxy.example.com:3128"}, False)
    assert system_proxies("mux.inside.example.com").bypassed


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("http://u:hunter2@proxy:3128", "http://***@proxy:3128"),
        ("u:hunter2@proxy:3128", "***@proxy:3128"),
        ("http://proxy:3128", "http://proxy:3128"),
    ],
)
def test_a_setting_is_shown_without_credentials(setting: str, shown: str) -> None:
    assert without_credentials(setting) == shown


@pytest.mark.parametrize(
    ("printed", "script"),
    [
        ("<dictionary> {\n  HTTPEnable : 0\n}\n", None),
        (
            "<dictionary> {\n  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://u:p@wpad/x.pac\n}\n",
            "http://***@wpad/x.pac",
        ),
        ("  ProxyAutoConfigEnable : 0\n  ProxyAutoConfigURLString : http://wpad/x.pac\n", None),
        ("  ProxyAutoDiscoveryEnable : 1\n", "found by the network (WPAD)"),
        ("", None),
    ],
)
def test_scripts_of_macos(printed: str, script: str | None) -> None:
    assert mac_script_in(printed) == script


def test_the_own_address_on_the_way_to_another() -> None:
    assert local_address_to("127.0.0.1", 1533) == "127.0.0.1"
    assert local_address_to("not an address", 1533) is None
