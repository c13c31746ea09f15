"""sametime.ini, client preferences, and the port at which both meet."""

from __future__ import annotations

import pytest
from tests.unit.probes.config.written import codes, document, found, preferences

from stdiag.model import CommunityPath, CommunitySite, Expected, Severity, Site


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        ("0x303", "0x303", []),
        ("", "", []),
        ("0x301", "0x303", ["config-tls-old"]),
        ("0x302", "", ["config-tls-old"]),
        ("", "0x302", ["config-tls-range"]),
        ("0x303", "0x302", ["config-tls-range"]),
        ("0x305", "", ["config-tls-range"]),
        ("${MIN}", "0x303", []),
    ],
)
def test_ranges_of_tls_versions(minimum: str, maximum: str, expected: list[str]) -> None:
    text = f"STI__Config__STSRV_TLS_MIN_PROTOCOL_VERSION={minimum}\n"
    text += f"STI__Config__STSRV_TLS_MAX_PROTOCOL_VERSION={maximum}\n"
    assert codes(document("custom.env", text)) == expected


@pytest.mark.parametrize(
    ("plain", "tls", "expected"),
    [
        ("1516", "1516", []),
        ("1516", "", []),
        ("1516", "1517", []),
        ("0", "1516", ["config-server-tls"]),
        ("", "1516", ["config-server-tls"]),
        ("${VPS}", "1516", []),
    ],
)
def test_modes_of_the_port_for_servers(plain: str, tls: str, expected: list[str]) -> None:
    assert codes(document("sametime.ini", f"[Connectivity]\nVPS_PORT={plain}\nVPS_TLS_PORT={tls}\n")) == expected


_MUX = "STI__Debug__VPMX_DISABLE_CONFIGURATION_UPDATE=1\nSTI__Debug__VPMX_PORT=1533\n"


@pytest.mark.parametrize(
    ("server", "client", "expected"),
    [
        ("[Debug]\nVPMX_PORT=1533,8082", ["port=8082"], None),
        ("[Debug]\nVPMX_PORT=1533", ["port=80", "connectionType=http-direct"], None),
        ("[Debug]\nVPMX_PORT=1533", ["host=mux.acme.test"], None),
        ("[Debug]\nVPMX_PORT=2533", ["host=mux.acme.test"], None),
        ("[Debug]\nVPMX_PORT=2533", ["connectionType=direct"], "1533 is not the server's"),
        ("[Debug]\nVPMX_PORT=1533", ["port=99999"], None),
        ("[Debug]\nVPMX_PORT=1533", ["port=1", "connectionType=reverse-proxy", "proxyHost=http://r.test/a"], None),
        ("[Connectivity]\nVPS_PORT=1516", ["port=1534"], None),
    ],
)
def test_the_port_of_clients_by_sametime_ini(server: str, client: list[str], expected: str | None) -> None:
    made = [
        one for one in found(document("sametime.ini", server), preferences(*client)) if one.code == "config-client-port"
    ]
    assert [one.params["problems"] for one in made] == ([[expected]] if expected else [])
    assert all(one.severity is Severity.WARNING for one in made)


@pytest.mark.parametrize(
    ("ports", "client", "expected"),
    [
        ('["2533:1533"]', "2533", None),
        ('["2533:1533"]', "1533", "1533 is published by no container"),
        ('["127.0.0.1:2533:1533/tcp"]', "2533", None),
        ('["${PORT}:1533"]', "2533", "2533 is not the server's"),
        ("[{target: 1533, published: 2533}]", "2533", None),
        ('["1533"]', "1533", None),
    ],
)
def test_the_port_of_clients_by_what_docker_publishes(ports: str, client: str, expected: str | None) -> None:
    compose = document("docker-compose.yml", f"services:\n  mux:\n    env_file: mux.env\n    ports: {ports}\n")
    made = found(compose, document("mux.env", _MUX), preferences(f"port={client}"))
    assert [one.params["problems"] for one in made] == ([[expected]] if expected else [])
    assert all(one.severity is Severity.ERROR for one in made)


@pytest.mark.parametrize(("port", "expected"), [(1533, []), (2533, ["config-client-port"]), (8082, [])])
def test_without_the_servers_files_the_site_says_the_port(port: int, expected: list[str]) -> None:
    paths = [
        CommunityPath(ports=[1533]),
        CommunityPath(ports=[2533], expected=Expected.CLOSED),
        CommunityPath(ports=[3533], via="http://p.acme.test:3128"),
    ]
    site = Site(community=CommunitySite(host="mux.acme.test", path=paths))
    assert codes(preferences(f"port={port}"), site=site) == expected
    assert codes(preferences(f"port={port}")) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["connectionType=useBrowserSettings"], []),
        (["connectionType=TLS-direct"], ["config-connection-type"]),
        (["connectionType=reverse-proxy"], ["config-reverse-proxy"]),
        (["connectionType=reverse-proxy", "proxyHost=r.acme.test/a"], ["config-reverse-proxy"]),
        (["connectionType=reverse-proxy", "proxyHost=http://r.acme.test:81/sales"], []),
        (["connectionType=direct", "proxyPort=0"], []),
        (["host=mux.acme.test:1533"], ["config-client-host"]),
        (["host=192.0.2.9"], []),
        (["altCommunityConfig.a.targetCommunityHost=mux.acme.test"], ["config-alternate-community"]),
    ],
)
def test_preferences(lines: list[str], expected: list[str]) -> None:
    assert codes(preferences(*lines)) == expected
