"""Rules where the site, a second file or a near miss decides."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.probes.config.written import COMMUNITY, codes, document, found

from stdiag.catalogue.prose import words
from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.model import Product, Severity, Site, StproxySite
from stdiag.probes.config.judge import RULES


@pytest.mark.parametrize(
    ("name", "product", "expected"),
    [
        (".env", Product.V9, [("config-generation", Severity.WARNING)]),
        (".env", Product.V11, [("config-generation", Severity.WARNING)]),
        (".env", Product.V12_KUBERNETES, [("config-generation", Severity.INFO)]),
        (".env", Product.V12_DOCKER, []),
        (".env", Product.V12_WINDOWS, []),
        ("docker-compose.yml", Product.V12_WINDOWS, [("config-generation", Severity.INFO)]),
        (".env", None, []),
        ("values.yaml", Product.V12_DOCKER, [("config-generation", Severity.INFO)]),
        ("values.yaml", Product.V12_KUBERNETES, []),
        ("sametime.ini", Product.V12_DOCKER, [("config-ini-in-container", Severity.INFO)]),
        ("sametime.ini", Product.V12_WINDOWS, []),
        ("sametime.ini", Product.V9, []),
        ("plugin_customization.ini", Product.V12_DOCKER, []),
    ],
)
def test_files_of_another_generation(name: str, product: Product | None, expected: list[tuple[str, Severity]]) -> None:
    made = found(document(name, ""), site=Site(product=product))
    assert [(finding.code, finding.severity) for finding in made] == expected


def test_a_mistake_at_many_places_is_one_finding_with_all_of_them() -> None:
    lines = "\n".join(f"ACME\\_THING\\_{number}=1" for number in range(9))
    (finding,) = found(document(".env", lines))
    assert finding.params["place"] == "lines 1, 2, 3, 4, 5 and 4 more"
    assert finding.params["right"] == [f"ACME_THING_{number}" for number in range(9)]
    assert finding.evidence[0] == "/settings/0"


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("STI_Config_ST_TLS_KEY_LABEL", ["STI__Config__ST_TLS_KEY_LABEL"]),
        ("STI_ST_BB_NAMES_ST_AUTH_TOKEN", ["STI__ST_BB_NAMES__ST_AUTH_TOKEN"]),
        ("STI_STCONVOMAP_CONVOMAP_READ_LIST_ENABLED", ["STI__STCONVOMAP__CONVOMAP_READ_LIST_ENABLED"]),
        ("STI__Debug_VPMX_PORT", ["STI__Debug__VPMX_PORT"]),
        ("STI_OWN_THING", []),
    ],
)
def test_the_rule_of_two_underscores_is_proposed_where_the_section_is_known(written: str, right: list[str]) -> None:
    (finding,) = [one for one in found(document(".env", f"{written}=Jwt")) if one.code == "config-sti-underscores"]
    assert finding.params["right"] == right


@pytest.mark.parametrize("name", ["STI__Config__STCOMMUNITY_ID", "STI__ST_BB_NAMES__ST_AUTH_TOKEN", "STILL_OPEN"])
def test_right_names_are_left_alone(name: str) -> None:
    assert codes(document(".env", f"{name}=Jwt")) == []


@pytest.mark.parametrize("name", ["OIDC_SCOPES", "PATH", "JVB_OCTO_REGION", "A", "HTTP_PROXY", "XMPP_MUC_DOMAIN"])
def test_unknown_names_are_no_misspellings(name: str) -> None:
    assert codes(document(".env", f"{name}=x")) == []


def test_the_parts_of_a_push_proxy_may_stand_in_two_files() -> None:
    server, port = "STCONF_PUSH_PROXY_SERVER=push.acme.test", "STCONF_PUSH_PROXY_PORT=3128"
    assert codes(document("custom.env", server), document("push.env", port)) == []
    assert codes(document("custom.env", server), document("push.env", port, "elsewhere")) == ["config-push-proxy"]


@pytest.mark.parametrize("value", ["push.acme.test", "192.0.2.7", "2001:db8::7", "${PUSH}"])
def test_hosts_of_push_proxies(value: str) -> None:
    text = f"STCONF_PUSH_PROXY_SERVER={value}\nSTCONF_PUSH_PROXY_PORT=${{PORT}}"
    assert codes(document("custom.env", text)) == []


@pytest.mark.parametrize("value", ["push.acme.test:3128", "https://push.acme.test", "push proxy", "push..test"])
def test_no_hosts_of_push_proxies(value: str) -> None:
    text = f"STCONF_PUSH_PROXY_SERVER='{value}'\nSTCONF_PUSH_PROXY_PORT=3128"
    assert codes(document("custom.env", text)) == ["config-push-proxy"]


@pytest.mark.parametrize(
    ("password", "wrong"),
    [("Geheim!4", False), ("grün und blau", False), ("Geheim!4\n", True), ("Geheim!4\r\n", True)],
)
def test_base64_of_a_password(password: str, wrong: bool) -> None:
    text = f'pushProxyPasswordBase64: "{base64.b64encode(password.encode()).decode()}"'
    assert codes(document("values.yaml", text)) == (["config-base64"] if wrong else [])


def test_invalid_certificates_are_allowed_on_the_own_host() -> None:
    text = "MONGO_URL=mongodb://u:p%40w@{}:27017/?tls=true&tlsAllowInvalidCertificates=true"
    site = Site(stproxy=StproxySite(url="https://chat.acme.test"))
    for own in ("localhost", "127.0.0.1", "[::1]", "mongo", "chat.acme.test"):
        assert codes(document("custom.env", text.format(own)), site=site) == []
    (finding,) = found(document("custom.env", text.format("chat.acme.test,db2.acme.test")), site=site)
    assert finding.params["hosts"] == ["db2.acme.test"]


def test_saml_needs_its_second_address_only_where_the_other_file_was_read() -> None:
    idp = document("custom.env", "IDP_URL=https://idp.acme.test/saml")
    assert codes(idp) == []
    assert codes(idp, document(".env", "TZ=UTC", "elsewhere")) == []
    assert codes(idp, document(".env", "TZ=UTC")) == ["config-saml-phones"]
    assert codes(idp, document(".env", "STCONF_IDPURL=https://idp.acme.test/saml")) == []
    assert codes(idp, document(".env", "STCONF_IDPURL=${IDP}")) == []


@pytest.mark.parametrize(
    ("main", "custom", "expected"),
    [
        ("STCONF_IDPURL=", "STCONF_ISOIDC=true\nIDP_URL=\nSTI__ST_BB_NAMES__ST_AUTH_TOKEN=Fork:Jwt", []),
        ("STCONF_IDPURL=https://chat.acme.test/sametime-auth/api/v1/oidc/login", "STCONF_ISOIDC=true", []),
        ("STCONF_IDPURL=https://idp.acme.test/saml", "STCONF_ISOIDC=true", ["config-saml-and-oidc"]),
        ("STCONF_IDPURL=https://idp.acme.test/saml", "STCONF_ISOIDC=false\nOIDC_CLIENT_ID=st", []),
        ("TZ=UTC", "OIDC_CLIENT_ID=st\nIDP_URL=https://idp.acme.test", ["config-saml-and-oidc"]),
    ],
)
def test_saml_and_oidc(main: str, custom: str, expected: list[str]) -> None:
    assert codes(document(".env", main), document("custom.env", custom)) == expected


def test_a_url_that_is_only_referred_to_is_judged_where_it_stands() -> None:
    compose = "services:\n  proxy:\n    environment:\n      - MOBILE_CONFIGURL=${MOBILE_CONFIGURL:-}\n"
    assert codes(document("docker-compose.yml", compose)) == []
    wrong = compose.replace("${MOBILE_CONFIGURL:-}", "hclsametime:chat.acme.test")
    assert codes(document("docker-compose.yml", wrong)) == ["config-provisioning-slashes"]


def test_what_the_mask_hides_of_a_provisioning_url_is_told_all_the_same() -> None:
    (finding,) = found(document(".env", "MOBILE_CONFIGURL=hclsametime://st:a/b@chat.acme.test/?action=AddCommunity"))
    problems = finding.params["problems"]
    assert isinstance(problems, list)
    assert any("prov-user-encoding" in problem for problem in problems)
    assert any("prov-password-in-url" in problem for problem in problems)


@pytest.mark.parametrize(
    ("listed", "is_missed"),
    [
        ("./custom.env", False),
        ("${FOLDER}/more.env", False),
        ("../shared/more.env", False),
        ("/etc/sametime/more.env", False),
        ("more.conf", False),
        ("more.env", True),
        ("./more.env", True),
    ],
)
def test_only_files_of_the_same_folder_are_missed(listed: str, is_missed: bool) -> None:
    compose = document("docker-compose.yml", f"services:\n  mux:\n    env_file:\n      - {listed}\n")
    made = codes(compose, document("custom.env", "TZ=UTC"))
    assert ("config-env-file-unread" in made) is is_missed
    assert codes(compose) == [], "nothing else was read from there"


@pytest.mark.parametrize("key", ["env_file", "environment", "expose", "extends", "env_files_of_others"])
def test_keys_that_are_no_slips(key: str) -> None:
    assert codes(document("docker-compose.yml", f"services:\n  mux:\n    {key}:\n      - A\n")) == []


def test_the_other_kinds_of_files_are_left_alone() -> None:
    xml = ConfigDocument(file="x", kind=ConfigKind.STPROXY_XML)
    assert [finding for rule in RULES for finding in rule(xml, Site())] == []


_VALUES = """
0 1533 x https://h.test/a mongodb://u:p@h,i:1/?tlsInsecure=true hclsametime://h?a sametime:x true ${A} <x> Fork:Jwt
-a.env 0x303 0x301 direct reverse-proxy 1.2.3.4,x
"""
_NAMES = f"""
MOBILE_CONFIGURL MONGO_URL MONGO_CONNECTION_URL STCONF_PUSH_PROXY_SERVER STCONF_PUSH_PROXY_PORT IDP_URL STCONF_ISOIDC
ENABLE_LTPA LTPA_KEYS_FILE_PATH LDAP_PORT LDAP_SSL HTTPS_PORT STI__ST_BB_NAMES__ST_AUTH_TOKEN STI_A_B JVB_PROT aSecret
STI__Debug__VPMX_PORT STI__Config__ST_TLS_MIN_PROTOCOL_VERSION VPS_PORT VPS_TLS_PORT VPMX_TRUSTED_CLIENT_IPS
pushProxyServer {COMMUNITY}/host {COMMUNITY}/port {COMMUNITY}/connectionType {COMMUNITY}/proxyHost
{COMMUNITY}/altCommunityConfig.managedIds {COMMUNITY}/altCommunityConfig.x.host {COMMUNITY}/altCommunityConfig.x
"""
_ANY_NAME = st.sampled_from(_NAMES.split())
_ANY_VALUE = st.sampled_from(["", "a b", *_VALUES.split()])
_ANY_SETTINGS = st.lists(st.tuples(_ANY_NAME, _ANY_VALUE), max_size=12)


@settings(deadline=None, max_examples=50)
@given(_ANY_SETTINGS, _ANY_SETTINGS, st.sampled_from([None, *Product]))
def test_no_combination_of_settings_stops_a_rule(
    first: list[tuple[str, str]], second: list[tuple[str, str]], product: Product | None
) -> None:
    lines = [f"{name}={value}" for name, value in first]
    chart = [f"{name}: {value!r}" for name, value in dict(second).items() if value and not value.startswith("-")]
    listed = "".join(f"      - '{line}'\n" for line in lines)
    documents = [
        document(".env", "\n".join(lines)),
        document("custom.env", "\n".join(f"{name}={value}" for name, value in second)),
        document("sametime.ini", "\n".join(lines)),
        document("plugin_customization.ini", "\n".join(lines)),
        document("values.yaml", "\n".join(chart)),
        document("docker-compose.yml", f"services:\n  mux:\n    env file: -a.env\n    environment:\n{listed}"),
    ]
    for finding in found(*documents, site=Site(product=product)):
        words(finding)
    assert found(*documents) == found(*documents), "the same files, the same findings"
