"""Every address of the configuration becomes a target, or it is told why not."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.engine.plan import plan
from stdiag.formats.config.address import Role
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place, Setting
from stdiag.formats.config.read import parse_config
from stdiag.formats.config.site_merge import complete
from stdiag.formats.config.site_of import Described, site_of
from stdiag.formats.site_file import parse_site
from stdiag.formats.site_text import site_toml
from stdiag.model import CommunityPath, CommunitySite, Product, PushSite, Site, StproxySite, TlsSite
from stdiag.probes.registry import PROBES

NODE = "com.ibm.collaboration.realtime.community"


def described(**files: str) -> Described:
    """The site of files; a name's double underscore stands for its dot, a single one for a hyphen."""
    return site_of(
        [
            parse_config(text.encode(), name.replace("__", ".").replace("_", "-").replace("plugin-c", "plugin_c"))
            for name, text in files.items()
        ]
    )


def left_out(found: Described) -> dict[str, str]:
    return {one.address: one.left_out for one in found.found if one.left_out}


def managed(*communities: str) -> str:
    return f"<managed-communities>\n{chr(10).join(communities)}\n</managed-communities>"


def test_the_files_of_a_small_deployment() -> None:
    found = described(
        __env="HTTPS_PORT=443\nMOBILE_CONFIGURL=hclsametime://%s@chat.acme.test/?action=AddCommunity\n",
        custom__env="REACT_APP_CHAT_SERVER_HOSTNAME=chat.acme.test\n"
        'STCONF_PUSH_PROXY_SERVER="push.acme.test"\nSTCONF_PUSH_PROXY_PORT="3128"\nSTCONF_PUSH_PROXY_USER=joe\n'
        "STCONF_PUSH_PROXY_PASSWORD=hunter2\n"
        "MONGO_URL=mongodb://u:hunter2@db1.acme.test:27017,db2.acme.test:27018/?tls=true\n"
        "LDAP_SERVER=ldap.acme.test\nLDAP_PORT=636\n"
        "OIDC_ISSUER_URI=https://idp.acme.test/realms/acme\n",
        plugin_customization__ini=f"{NODE}/host=mux.acme.test\n{NODE}/port=1533\n",
    )
    assert found.site == Site(
        product=Product.V12_DOCKER,
        stproxy=StproxySite(
            url="https://chat.acme.test", provisioning_url="hclsametime://chat.acme.test/?action=AddCommunity"
        ),
        community=CommunitySite(host="mux.acme.test", path=[CommunityPath(ports=[1533])]),
        push=PushSite(via="http://push.acme.test:3128", user="joe"),
        tls=TlsSite(targets=["db1.acme.test:27017", "db2.acme.test:27018", "ldap.acme.test:636", "idp.acme.test:443"]),
    )
    assert found.sources == {
        "product": ".env, a file of Sametime 12 on Docker",
        "stproxy.url": "custom.env line 1",
        "stproxy.provisioning_url": ".env line 2",
        "community.host": "plugin_customization.ini line 1",
        "community.path": "plugin_customization.ini line 2",
        "push.via": "custom.env line 2",
        "push.user": "custom.env line 2",
        "tls.targets": "custom.env line 6, custom.env line 7, custom.env line 9",
    }
    assert left_out(found) == {}
    assert b"hunter2" not in msgspec.json.encode(found)


def test_a_written_site_file_is_read_as_the_same_site() -> None:
    found = described(
        values__yaml="extraChatHostname: chat.acme.test\npushProxyServer: 192.0.2.7\npushProxyPort: '8080'\n"
        "global:\n  mongoHost: db.acme.test\n",
        plugin_customization__ini=f"{NODE}/host=mux.acme.test\n{NODE}/connectionType=socks5-proxy\n"
        f"{NODE}/proxyHost=socks.acme.test\n{NODE}/altCommunityConfig.a.targetCommunityHost=mux.acme.test\n"
        f"{NODE}/altCommunityConfig.a.connectionType=reverse-proxy\n"
        f"{NODE}/altCommunityConfig.a.proxyHost=http://rp.acme.test:81/sales\n",
        stproxyconfig__xml="<configuration><appleNotificationPort>2196</appleNotificationPort></configuration>",
    )
    text = site_toml(found.site, found.sources, [str(one) for one in found.found])
    assert parse_site(text, "stdiag.toml") == found.site
    assert "# From values.yaml line 1." in text
    assert found.site.product is Product.V12_KUBERNETES
    assert found.site.push == PushSite(via="http://192.0.2.7:8080", notification_port=2196)
    assert found.site.names.hosts == ["db.acme.test"]
    assert found.site.community is not None
    assert [path.via for path in found.site.community.path] == [
        "socks5h://socks.acme.test:1080",
        "reverse:http://rp.acme.test:81/sales",
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("%s.acme.test", "a placeholder"),
        ("${HOST}", "a placeholder"),
        ("<your-host>", "a placeholder"),
        ("localhost", "this machine itself, as the server sees it"),
        ("127.0.0.1", "this machine itself, as the server sees it"),
        ("sametime.example.com", "an example of the documentation"),
        ("webchat.company.com", "an example of the documentation"),
        ("mongo", "a name inside Docker or Kubernetes only"),
        ("mongo.default.svc.cluster.local", "a name inside Docker or Kubernetes only"),
        ("stun.l.google.com:19302", "a third party's"),
        ("chat..acme.test", "no host name"),
        ("123.111.222.333", "no host name"),
    ],
)
def test_what_is_nobodys_address_is_left_out_and_told(value: str, reason: str) -> None:
    found = described(custom__env=f"REACT_APP_CHAT_SERVER_HOSTNAME={value}\n")
    assert found.site == Site(product=Product.V12_DOCKER)
    assert list(left_out(found).values()) == [reason]


def test_containers_names_are_those_of_the_compose_file() -> None:
    found = described(
        docker_compose__yml="services:\n  db7:\n    image: mongo\n  proxy:\n    environment:\n"
        "      MONGO_URL: mongodb://db7:27017\n      LDAP_HOST: ldap7\n    image: registry.acme.test/proxy\n"
    )
    assert left_out(found) == {"mongodb://db7:27017": "a name inside Docker or Kubernetes only"}
    assert found.site.names.hosts == ["ldap7"]


def test_what_compose_puts_in_is_put_in() -> None:
    found = described(
        docker_compose__yml="services:\n  proxy:\n    environment:\n      - MONGO_URL=mongodb://${DB_NAME}:27017\n"
        "      - LDAP_HOST=${DB_NAME:-ldap.acme.test}\n      - IDP_URL=https://${NOT_SET}/idp\n",
        __env="DB_NAME=db.${DOMAIN}\nDOMAIN=acme.test\n",
    )
    assert found.site.names.hosts == ["db.acme.test"]
    assert left_out(found) == {"https://${NOT_SET}/idp": "a placeholder"}


def test_a_reference_to_itself_ends() -> None:
    found = described(__env="MONGO_HOST=${A}\nA=${B}${B}\nB=${A}${A}\n")
    assert set(left_out(found).values()) <= {"a placeholder", "no host name"}


def test_chat_and_meetings_are_one_unless_two_are_named() -> None:
    one = described(custom__env="REACT_APP_MEETING_SERVER_HOSTNAME=st.acme.test\n").site
    assert (one.stproxy, one.health.meetings_url) == (StproxySite(url="https://st.acme.test"), None)
    both = "REACT_APP_MEETING_SERVER_HOSTNAME=meet.acme.test\nREACT_APP_CHAT_SERVER_HOSTNAME=chat.acme.test\n"
    two = described(custom__env=both + "HTTPS_PORT=8443\n").site
    assert two.stproxy == StproxySite(url="https://chat.acme.test:8443")
    assert two.health.meetings_url == "https://meet.acme.test:8443/"


def test_the_old_stproxyconfig() -> None:
    found = described(
        stproxyconfig__xml="<configuration>\n<photoCache><proxyServerURL>https://chat.acme.test/</proxyServerURL>"
        "</photoCache>\n<mobile><configUrl>hclsametime://%s@chat.acme.test/?action=AddCommunity</configUrl></mobile>\n"
        "<photoServerUrl>https://photos.acme.test/all</photoServerUrl></configuration>"
    )
    assert found.site == Site(
        product=Product.V11,
        stproxy=StproxySite(
            url="https://chat.acme.test", provisioning_url="hclsametime://chat.acme.test/?action=AddCommunity"
        ),
        tls=TlsSite(targets=["photos.acme.test:443"]),
    )


def test_a_second_value_for_one_key_is_told() -> None:
    found = described(
        __env="MOBILE_CONFIGURL=hclsametime://a.acme.test/?action=AddCommunity\n",
        custom__env="MOBILE_CONFIGURL=hclsametime://b.acme.test/?action=AddCommunity\n",
    )
    assert found.site.stproxy == StproxySite(provisioning_url="hclsametime://a.acme.test/?action=AddCommunity")
    assert left_out(found) == {"hclsametime://b.acme.test/?action=AddCommunity": "another one stands in .env line 1"}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("hclsametime:chat.acme.test/?action=AddCommunity", "after hclsametime must stand :// and the host"),
        ("https://chat.acme.test/", "https:// is not the scheme of a provisioning URL"),
        ("hclsametime://%s@${HOST}/?action=AddCommunity", "a placeholder"),
        ("hclsametime://stproxyserver.example.com/?action=AddCommunity", "an example of the documentation"),
    ],
)
def test_a_provisioning_url_that_leads_nowhere(url: str, reason: str) -> None:
    found = described(__env=f"MOBILE_CONFIGURL={url}\n")
    assert found.site.stproxy is None
    assert list(left_out(found).values()) == [reason]


def test_a_push_proxy_that_is_switched_off() -> None:
    found = described(values__yaml='pushProxyServer: "push.acme.test"\npushProxyPort: "0"\n')
    assert found.site.push is None
    assert left_out(found) == {"push.acme.test": "its port is 0, which switches it off"}


def test_who_may_use_it_is_no_server_of_it() -> None:
    found = described(
        custom__env="CORS_ALLOWED_ORIGINS=https://verse.acme.test\nCONTENT_SECURITY_POLICY=frame-ancestors "
        "https://x.acme.test\nENABLE_HOST=true\nREDIS_HOST=redis\n"
    )
    assert found.found == []


# Desktop clients


def test_the_ways_of_clients() -> None:
    found = described(
        managed_community_configs__xml=managed(
            '<managed-community id="a" host="mux.acme.test" connectionType="tls-direct" port="1534"/>',
            '<managed-community id="b" host="old.acme.test" newHost="mux.acme.test">'
            '<connection connectionType="http-proxy" proxyHost="proxy.acme.test" proxyPort="3128"/>',
            "</managed-community>",
            '<managed-community id="c" host="mux.acme.test" connectionType="socks4-proxy" proxyHost="s.acme.test"/>',
            '<managed-community id="d" host="mux.acme.test" connectionType="useBrowserSettings"/>',
            '<managed-community id="e" host="second.acme.test"/>',
            '<managed-community id="f" host="gone.acme.test"/>',
            '<managed-community-action type="delete" managed-community-id="f"/>',
            '<managed-community id="g" host="mux.acme.test" connectionType="reverse-proxy" proxyHost="rp.acme.test"/>',
        )
    )
    assert found.site == Site(
        community=CommunitySite(
            host="mux.acme.test",
            path=[
                CommunityPath(ports=[1534]),
                CommunityPath(via="http://proxy.acme.test:3128", ports=[1533]),
                CommunityPath(via="socks4://s.acme.test:1080", ports=[1533]),
                CommunityPath(via="system", ports=[1533]),
            ],
        ),
        names=msgspec.convert({"hosts": ["second.acme.test"]}, type(Site().names)),
        tls=TlsSite(targets=["mux.acme.test:1534"]),
    )
    assert list(left_out(found)) == ["reverse:http://rp.acme.test"]


def test_ports_of_the_server_are_asked_beside_the_clients() -> None:
    found = described(
        plugin_customization__ini=f"{NODE}/host=mux.acme.test\n{NODE}/port=1534\n",
        sametime__ini="[Debug]\nVPMX_PORT=1533\nVPMX_TLS_PORT=1535\n",
    )
    assert found.site.community == CommunitySite(host="mux.acme.test", path=[CommunityPath(ports=[1533, 1534])])
    assert found.site.tls.targets == ["mux.acme.test:1535"]
    assert found.sources["community.path"] == "plugin_customization.ini line 2, sametime.ini line 2"


def test_on_docker_the_multiplexer_is_on_the_same_machine() -> None:
    found = described(
        custom__env="REACT_APP_CHAT_SERVER_HOSTNAME=chat.acme.test\n", mux__env="STI__Debug__VPMX_PORT=1533\n"
    )
    assert found.site.community == CommunitySite(host="chat.acme.test", path=[CommunityPath(ports=[1533])])
    assert "since on Docker it is the same machine" in found.sources["community.host"]


# Bounds


def test_thousands_of_addresses_are_not_contacted() -> None:
    found = described(custom__env="".join(f"X{number}_IDP_URL=https://h{number}.acme.test\n" for number in range(3000)))
    assert len(found.site.tls.targets) == 64
    assert len(found.found) == 500
    assert "more than 64" in found.found[-1].left_out


def test_every_address_has_its_place_and_its_fate() -> None:
    found = described(custom__env="MONGO_HOST=db.acme.test\nLDAP_URL=ldap://ldap.acme.test\nX=https://y.acme.test\n")
    assert [(one.role, one.place, one.becomes) for one in found.found] == [
        (Role.DATABASE, "custom.env line 1", "names.hosts"),
        (Role.DIRECTORY, "custom.env line 2", "names.hosts"),
        (Role.OTHER, "custom.env line 3", "tls.targets"),
    ]


VARIABLES = """
    REACT_APP_CHAT_SERVER_HOSTNAME REACT_APP_MEETING_SERVER_HOSTNAME HTTPS_PORT MOBILE_CONFIGURL
    STCONF_PUSH_PROXY_SERVER STCONF_PUSH_PROXY_PORT STCONF_PUSH_PROXY_USER MONGO_URL LDAP_SERVER LDAP_PORT IDP_URL
    STI__Debug__VPMX_PORT STI__Debug__VPMX_TLS_PORT X_HOST X
"""
NAMES = [
    *((ConfigKind.ENVIRONMENT, name) for name in VARIABLES.split()),
    *((ConfigKind.PLUGIN_CUSTOMIZATION, f"{NODE}/{name}") for name in ("host", "port", "connectionType", "proxyHost")),
]
PIECES = """
    chat.acme.test Bücher.acme.test 192.0.2.7 [2001:db8::1] 2001:db8::1 fe80::1%eth0 a..b - https:// http:// hclsametime://
    sametime:// mongodb:// ldaps:// %s@ u:***@ ${X} , :443 :0 :99999 :636 /path /?action=AddCommunity ?tls=true #f 1533
    443 0 socks5-proxy reverse-proxy tls-direct useBrowserSettings " \\ * \x07
"""
VALUES = st.lists(st.sampled_from([*PIECES.split(), " ", "x" * 300]), max_size=4).map("".join) | st.text(max_size=20)


@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=12))
def test_whatever_stands_there_the_site_can_be_written_down(settings: list[tuple[tuple[ConfigKind, str], str]]) -> None:
    documents = [
        ConfigDocument(
            file=str(kind),
            kind=kind,
            settings=[
                Setting(name=name, value=value, place=Place(line=1)) for (of, name), value in settings if of is kind
            ],
        )
        for kind in (ConfigKind.ENVIRONMENT, ConfigKind.PLUGIN_CUSTOMIZATION)
    ]
    found = site_of(documents)
    text = site_toml(found.site, found.sources, [one.address for one in found.found])
    assert parse_site(text, "stdiag.toml") == found.site
    plan(found.site, PROBES)


# With a site that the user names


def test_what_the_user_says_goes_before_the_files() -> None:
    files = described(
        __env="MOBILE_CONFIGURL=hclsametime://files.acme.test/?action=AddCommunity\n",
        custom__env="REACT_APP_CHAT_SERVER_HOSTNAME=files.acme.test\nIDP_URL=https://idp.acme.test\n",
        plugin_customization__ini=f"{NODE}/host=mux.acme.test\n",
    )
    site = Site(
        product=Product.V12_WINDOWS,
        stproxy=StproxySite(url="https://own.acme.test"),
        community=CommunitySite(host="own-mux.acme.test"),
        tls=TlsSite(targets=["own.acme.test:636"]),
    )
    sources = {"stproxy.url": "the command line", "tls.targets": "stdiag.toml line 3"}
    complete(site, sources, files)
    assert site == Site(
        product=Product.V12_WINDOWS,
        stproxy=StproxySite(
            url="https://own.acme.test", provisioning_url="hclsametime://files.acme.test/?action=AddCommunity"
        ),
        community=CommunitySite(host="own-mux.acme.test"),
        tls=TlsSite(targets=["own.acme.test:636", "idp.acme.test:443"]),
    )
    assert sources == {
        "stproxy.url": "the command line",
        "stproxy.provisioning_url": ".env line 1",
        "tls.targets": "stdiag.toml line 3, custom.env line 2",
    }
