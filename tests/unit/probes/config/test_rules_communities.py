"""Rules for managed-community-configs.xml: what the samples do not show."""

from __future__ import annotations

import pytest

from stdiag.catalogue.prose import words
from stdiag.formats.config.document import ConfigKind
from stdiag.formats.config.xml_reader import read_xml
from stdiag.model import Finding, Site
from stdiag.probes.config.rules_communities import RULES
from stdiag.probes.config.rules_communities_ways import TYPES

GLOBAL = 'useGlobalConnContext="true"'


def judge(inside: str) -> dict[str, Finding]:
    content = f"<managed-communities>{inside}</managed-communities>"
    document = read_xml(content.encode(), "managed-community-configs.xml", ConfigKind.MANAGED_COMMUNITIES)
    found = [finding for rule in RULES for finding in rule(document, Site())]
    assert len({finding.code for finding in found}) == len(found), "one finding for each code"
    return {finding.code.removeprefix("config-"): finding for finding in found}


def community(attributes: str, name: str = "a.example.com", action: str = "update") -> str:
    return (
        f'<managed-community id="{name}" host="{name}" {attributes}/>'
        f'<managed-community-action type="{action}" managed-community-id="{name}"/>'
    )


@pytest.mark.parametrize("kind", TYPES)
def test_documented_types_are_right(kind: str) -> None:
    host = {"reverse-proxy": 'proxyHost="http://p.example.com/a/"'}.get(kind, 'proxyHost="p.example.com" proxyPort="1"')
    assert judge(community(f'connectionType="{kind}" {host} {GLOBAL}')) == {}


@pytest.mark.parametrize(
    ("kind", "near"),
    [
        ("tls_direct", "tls-direct"),
        ("Direct", "direct"),
        ("socks-proxy", "socks4-proxy or socks5-proxy"),
        ("quic", None),
        ("", None),
    ],
)
def test_other_types_are_unknown_to_clients(kind: str, near: str | None) -> None:
    finding = judge(community(f'connectionType="{kind}"'))["managed-connection-type"]
    assert (finding.params["value"], finding.params["near"]) == (kind, near)
    assert ("probably" in words(finding).summary) is (near is not None)


def test_the_type_may_stand_on_the_community_or_in_its_connection() -> None:
    inside = (
        '<managed-community id="a" host="a"><connection connectionType="x"/></managed-community>'
        '<managed-community-action type="add" managed-community-id="a"/>'
    )
    assert "managed-connection-type" in judge(inside)
    assert "managed-connection-type" in judge(community('connectionType="x"'))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("http://p.example.com:81/sales", None),
        ("https://p.example.com/sales/", None),
        ("https://[2001:db8::1]:444/sales", None),
        ("https://p.example.com", "affinity id"),
        ("https://p.example.com:444/", "affinity id"),
        ("p.example.com/sales", "no http:// or https:// URL"),
        ("https:///sales", "the host is missing"),
        ("https://p.example.com/sales?x=1", "a ? or #"),
    ],
)
def test_the_address_of_a_reverse_proxy(value: str, problem: str | None) -> None:
    found = judge(community(f'connectionType="reverse-proxy" proxyHost="{value}" {GLOBAL}'))
    if problem is None:
        assert found == {}
    else:
        assert problem in str(found["affinity-id"].params["problem"])


def test_https_proxy_is_documented_elsewhere_only() -> None:
    found = judge(community('connectionType="https-proxy" proxyHost="p.example.com" proxyPort="3128"'))
    assert set(found) == {"connection-undocumented"}
    assert "does not encrypt" in words(found["connection-undocumented"]).summary


def test_the_documents_own_example_has_only_what_its_table_contradicts() -> None:
    inside = (
        '<managed-community id="s.example.com" host="s.example.com" loginByToken="true" authType="X"'
        ' authServerUrl="http://s.example.com" useGlobalConnSettings="false">'
        '<connection connectionType="reverse-proxy" proxyHost="http://u.example.com:81/sales"/></managed-community>'
        '<managed-community-action type="update" managed-community-id="s.example.com"/>'
    )
    assert set(judge(inside)) == {"connection-context"}


def test_required_attributes_are_named_and_empty_ones_are_missing() -> None:
    found = judge('<managed-community host=""/>\n<managed-community-action/>')
    finding = found["community-incomplete"]
    assert finding.params["element"] == "managed-community, managed-community-action"
    assert finding.params["attribute"] == "id, host, managed-community-id, type"
    assert finding.params["place"] == "lines 1, 2"


def test_types_of_actions_are_read_in_any_capitals() -> None:
    assert judge(community("", action="Update")) == {}


def test_a_new_host_counts_with_an_update_only() -> None:
    assert judge(community('newHost="b.example.com"')) == {}
    assert set(judge(community('newHost="b.example.com"', action="add"))) == {"new-host-unused"}
    alone = '<managed-community id="a" host="a" newHost="b"/>'
    assert set(judge(alone)) == {"community-unused"}


def test_a_reset_alone_is_right() -> None:
    assert judge(community("", action="reset")) == {}
    found = judge(community("", action="reset") + community("", "b.example.com"))
    assert found["reset-alone"].params["others"] == 1


def test_several_mistakes_of_a_kind_are_one_finding() -> None:
    many = "".join(community(f'port="x{number}"', f"h{number}.example.com") for number in range(6))
    finding = judge(many)["xml-value"]
    assert finding.params["value"] == "x0, x1, x2, x3 and 2 more"
    assert finding.params["name"] == "port"


def test_other_files_are_passed_over() -> None:
    document = read_xml(b"<configuration>a&b<c/></configuration>", "f", ConfigKind.STPROXY_XML)
    assert [finding for rule in RULES for finding in rule(document, Site())] == []
