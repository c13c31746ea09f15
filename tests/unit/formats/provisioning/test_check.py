"""Each rule of the check: what stands in the URL, and what is found."""

from __future__ import annotations

import pytest
from tests.unit.formats.provisioning.examples import DOCUMENTED, FOR_SERVERS

from stdiag.catalogue.kinds import prov, prov_url
from stdiag.formats.provisioning.check import check_url
from stdiag.formats.provisioning.defects import usual_severity
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.url import DefectKind, UrlContext, UrlDefect
from stdiag.model import Severity

NEW = "hclsametime://h.example/?action=AddCommunity"
OLD = "sametime://h.example:9443/?action=AddCommunity"


def found(text: str, context: UrlContext = UrlContext.HANDED_OUT) -> list[UrlDefect]:
    return check_url(parse_provisioning(text, context))


@pytest.mark.parametrize("text", DOCUMENTED)
def test_documented_examples_are_clean(text: str) -> None:
    assert [one for one in found(text) if one.severity is not Severity.INFO] == []


def test_the_example_for_servers_is_clean_there() -> None:
    assert found(FOR_SERVERS, UrlContext.SERVER) == []


GRID: list[tuple[str, list[str]]] = [
    (NEW, []),
    (OLD, []),
    ("hclsametime://h.example/", ["prov-action-missing"]),
    ("hclsametime://h.example", ["prov-action-missing"]),
    ("hclsametime://h.example/?action=addCommunity", ["prov-value-invalid"]),
    ("hclsametime://h.example/?action=Login", ["prov-action-missing"]),
    ("hclsametime://h.example/?Action=AddCommunity", ["prov-parameter-misspelt"]),
    ("hclsametime://h.example/?acton=AddCommunity", ["prov-action-missing"]),
    (f"{NEW}&action=AddCommunity", ["prov-parameter-duplicate"]),
    (f"{NEW}&colour=red", ["prov-parameter-unknown"]),
    (f"{NEW}&password=hunter2", ["prov-parameter-unknown", "prov-password-in-url"]),
    (f"{NEW}&comunityName=x", ["prov-parameter-misspelt"]),
    (f"{NEW}&communityname=x", ["prov-parameter-misspelt"]),
    (f"{NEW}&savepassword=true", ["prov-parameter-misspelt"]),
    (f"{NEW}&%20savePassword=true", ["prov-parameter-misspelt"]),
    (f"{NEW}&communityName=", ["prov-value-invalid"]),
    (f"{NEW}&communityName", ["prov-value-invalid"]),
    (f"{NEW}&communityName=" + "x" * 41, ["prov-community-name-long"]),
    (f"{NEW}&communityName=" + "x" * 40, []),
    (f"{NEW}&communityName=a&communityName=a", ["prov-parameter-duplicate"]),
    (f"{NEW}&communityName=a b", ["prov-encoding"]),
    (f"{NEW}&communityName=a+b", ["prov-encoding"]),
    (f"{NEW}&communityName=a%2Bb%20c%26d%C3%BC", []),
    (f"{NEW}&communityName=a%2520b", ["prov-encoding"]),
    (f"{NEW}&communityName=ü", ["prov-encoding"]),
    (f"{NEW}&communityName=%FC", ["prov-encoding"]),
    (f"{NEW}&communityName=100%", ["prov-encoding"]),
    (f"{NEW}&communityName=a%0Ab", ["prov-encoding"]),
    (f"{NEW}&communityName=R&D", ["prov-encoding"]),
    (f"{NEW}&communityName=a#b", ["prov-encoding"]),
    (f"{NEW}&communityName=%s", ["prov-placeholder"]),
    (f"{NEW}&savePassword=yes", ["prov-value-invalid"]),
    (f"{NEW}&savePassword=True", ["prov-value-invalid"]),
    (f"{NEW}&savePassword=false", []),
    (f"{NEW}&ssl=true", ["prov-parameter-other-generation"]),
    (f"{NEW}&SSL=true", ["prov-parameter-other-generation"]),
    (f"{NEW}&photoPort=81", ["prov-parameter-other-generation"]),
    (f"{OLD}&authProxyUser=joe", ["prov-parameter-other-generation"]),
    (f"{OLD}&allowUntrustedSSL=true", ["prov-parameter-other-generation"]),
    (f"{OLD}&photoPort=0", []),
    (f"{OLD}&photoPort=65535", []),
    (f"{OLD}&photoPort=65536", ["prov-value-invalid"]),
    (f"{OLD}&photoPort=-1", ["prov-value-invalid"]),
    (f"{OLD}&photoPort=¹", ["prov-encoding", "prov-value-invalid"]),
    (f"{OLD}&ssl=1", ["prov-value-invalid"]),
    (f"{OLD}&ssl=true&ssl=false", ["prov-parameter-duplicate"]),
    (f"{OLD}&ssl=false", ["prov-ssl-contradiction"]),
    ("sametime://h.example:443/?action=AddCommunity&ssl=false", ["prov-ssl-contradiction"]),
    ("sametime://h.example:9080/?action=AddCommunity", ["prov-ssl-contradiction"]),
    ("sametime://h.example:80/?action=AddCommunity&ssl=true", ["prov-ssl-contradiction"]),
    ("sametime://h.example:8881/?action=AddCommunity&ssl=false", []),
    ("sametime://h.example/?action=AddCommunity", ["prov-port-missing"]),
    ("sametime://h.example:/?action=AddCommunity", ["prov-port-missing", "prov-url-form"]),
    ("sametime://h.example:port/?action=AddCommunity", ["prov-port-invalid"]),
    ("hclsametime://h.example:0/?action=AddCommunity", ["prov-port-invalid"]),
    ("hclsametime://h.example:8080/?action=AddCommunity", ["prov-port-usually-plain"]),
    ("hclsametime://h.example:8443/?action=AddCommunity", []),
    ("hclsametime://a b.example/?action=AddCommunity", ["prov-host-invalid"]),
    ("hclsametime://*.example/?action=AddCommunity", ["prov-host-invalid"]),
    ("hclsametime://[h.example]/?action=AddCommunity", ["prov-host-invalid"]),
    ("hclsametime://192.0.2/?action=AddCommunity", ["prov-host-invalid"]),
    ("hclsametime://192.0.2.1/?action=AddCommunity", []),
    ("hclsametime://[2001:db8::1]:443/?action=AddCommunity", []),
    ("hclsametime://2001:db8::1/?action=AddCommunity", ["prov-url-form"]),
    ("hclsametime://ü.example/?action=AddCommunity", ["prov-encoding"]),
    ("hclsametime://joe@acme.com@h.example/?action=AddCommunity", ["prov-user-encoding"]),
    ("hclsametime://joe%40acme.com@h.example/?action=AddCommunity", []),
    ("hclsametime://ACME\\joe@h.example/?action=AddCommunity", ["prov-user-encoding"]),
    ("hclsametime://jo e@h.example/?action=AddCommunity", ["prov-user-encoding"]),
    ("hclsametime://jö@h.example/?action=AddCommunity", ["prov-user-encoding"]),
    ("hclsametime://j%C3%B6@h.example/?action=AddCommunity", []),
    ("hclsametime://j%F6@h.example/?action=AddCommunity", ["prov-encoding"]),
    ("hclsametime://joe%2540acme.com@h.example/?action=AddCommunity", ["prov-encoding"]),
    ("hclsametime://joe+chat@h.example/?action=AddCommunity", []),
    ("hclsametime://joe:hunter2@h.example/?action=AddCommunity", ["prov-password-in-url"]),
    ("hclsametime://joe:a/b@h.example/?action=AddCommunity", ["prov-user-encoding", "prov-password-in-url"]),
    ("hclsametime://%s@h.example/?action=AddCommunity", ["prov-placeholder"]),
    ("hclsametime://h.example?action=AddCommunity", ["prov-url-form"]),
    ("hclsametime://h.example/action=AddCommunity", ["prov-url-form"]),
    ("hclsametime://h.example/chat/?action=AddCommunity", ["prov-url-form"]),
    ("HclSametime://h.example/?action=AddCommunity", ["prov-url-form"]),
    ("'hclsametime://h.example/?action=AddCommunity'", ["prov-url-form"]),
    ("hclsametime://h.example/?action=\nAddCommunity", ["prov-url-form"]),
    (f"{NEW}&amp;communityName=x", ["prov-separator"]),
    (f"{NEW}%26communityName=x", ["prov-separator"]),
    (f"{NEW};communityName=x", ["prov-separator"]),
    (f"{NEW}?communityName=x", ["prov-separator"]),
    (f"{NEW}&authProxyReuseCredentials=false", ["prov-value-invalid"]),
    (f"{NEW}&authProxyEnabled=false&authProxyReuseCredentials=true", ["prov-auth-proxy-contradiction"]),
    (f"{NEW}&authProxyEnabled=false&authProxyUser=joe", ["prov-auth-proxy-contradiction"]),
    (f"{NEW}&authProxyEnabled=true&authProxyUser=joe", []),
    (f"{NEW}&authProxyUser=", ["prov-value-invalid"]),
    (f"{NEW}&authProxyUser=joe&authProxyReuseCredentials=true", ["prov-auth-proxy-two-users"]),
    ("hclsametime://j@h.example/?action=AddCommunity&authProxyUser=j&authProxyReuseCredentials=true", []),
    (f"{NEW}&allowUntrustedSSL=true", ["prov-untrusted-ssl"]),
    (f"{NEW}&allowUntrustedSSL=false", []),
    ("sametime://oauth2redirect", ["prov-oidc-redirect"]),
    ("sametime://OAuth2Redirect/?code=x", ["prov-oidc-redirect"]),
]


@pytest.mark.parametrize(("text", "codes"), GRID, ids=[text for text, _ in GRID])
def test_rule(text: str, codes: list[str]) -> None:
    assert sorted(one.kind.value for one in found(text)) == sorted(codes)


def test_every_kind_is_provoked_by_some_url() -> None:
    assert {code for _, codes in GRID for code in codes} == set(DefectKind)


def test_every_kind_is_in_the_catalogue_with_its_severity_and_parameters() -> None:
    kinds = {kind.code: kind for kind in prov_url.KINDS}
    assert set(kinds) == set(DefectKind)
    for text, _ in GRID:
        for one in found(text):
            assert set(one.params) == set(kinds[one.kind].params), text
            assert usual_severity(one.kind) is kinds[one.kind].severity
    assert set(kinds.values()) <= set(prov.KINDS)


@pytest.mark.parametrize(
    ("text", "context", "severity"),
    [
        (f"{NEW}&amp;communityName=x", UrlContext.HANDED_OUT, Severity.WARNING),
        (f"{NEW}&amp;communityName=x", UrlContext.SERVER, Severity.INFO),
        (f"{NEW}%26communityName=x", UrlContext.HANDED_OUT, Severity.ERROR),
        (f"{NEW}%26communityName=x", UrlContext.SERVER, Severity.WARNING),
        (f"{NEW};communityName=x", UrlContext.SERVER, Severity.ERROR),
        ("hclsametime://h.example?action=AddCommunity", UrlContext.HANDED_OUT, Severity.INFO),
        (f"{NEW}&communityName=%s", UrlContext.SERVER, Severity.WARNING),
    ],
)
def test_how_much_it_matters_depends_on_where_the_url_stands(
    text: str, context: UrlContext, severity: Severity
) -> None:
    assert [one.severity for one in found(text, context)] == [severity]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (f"{NEW}&comunityName=x", "meant", "communityName"),
        (f"{NEW}&communityName=a b", "right", "a%20b"),
        (f"{NEW}&communityName=a%2520b", "right", "a%20b"),
        (f"{NEW}&communityName=R&D Team", "right", "R%26D%20Team"),
        ("hclsametime://joe@acme.com@h.example/?action=AddCommunity", "right", "joe%40acme.com"),
        ("hclsametime://joe@acme.com:hunter2@h.example/?action=AddCommunity", "right", "joe%40acme.com"),
        ("hclsametime://ü.example/?action=AddCommunity", "right", "xn--tda.example"),
        ("hclsametime://h.example/?acton=AddCommunity", "found", "acton=AddCommunity"),
        ("sametime://h.example:9080/?action=AddCommunity", "says", "TLS (the default)"),
    ],
)
def test_what_would_be_right_is_said(text: str, name: str, value: str) -> None:
    assert value in [one.params.get(name) for one in found(text)]


def test_the_order_does_not_depend_on_how_the_url_is_written() -> None:
    one = found("hclsametime://a@b@h.example:9080/?action=AddCommunity&x=1&ssl=true&savePassword=maybe")
    other = found("hclsametime://a@b@h.example:9080/?savePassword=mayb%65&%73sl=true&x=1&action=AddCommunity")
    assert one == other
