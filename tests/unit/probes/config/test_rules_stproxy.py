"""Rules for stproxyconfig.xml: what the samples do not show."""

from __future__ import annotations

import pytest

from stdiag.catalogue.prose import words
from stdiag.formats.config.document import ConfigKind
from stdiag.formats.config.xml_reader import read_xml
from stdiag.model import Finding, Product, Severity, Site, StproxySite
from stdiag.probes.config.rules_stproxy import RULES

NEW_URL = "hclsametime://%s@chat.example.com/?action=AddCommunity"
OLD_URL = "sametime://%s@chat.example.com:443/?action=AddCommunity"


def judge(inside: str, product: Product | None = None, host: str = "") -> dict[str, Finding]:
    content = f"<configuration>{inside}</configuration>"
    document = read_xml(content.encode(), "stproxyconfig.xml", ConfigKind.STPROXY_XML)
    site = Site(product=product, stproxy=StproxySite(url=f"https://{host}") if host else None)
    found = [finding for rule in RULES for finding in rule(document, site)]
    assert len({finding.code for finding in found}) == len(found), "one finding for each code"
    return {finding.code.removeprefix("config-"): finding for finding in found}


@pytest.mark.parametrize(
    ("product", "severity"),
    [
        (Product.V8_5, Severity.ERROR),
        (Product.V9, Severity.ERROR),
        (Product.V10, Severity.ERROR),
        (Product.V11, Severity.WARNING),
        (None, Severity.WARNING),
    ],
)
def test_apples_retired_ports_are_an_error_where_they_are_known_to_be_used(
    product: Product | None, severity: Severity
) -> None:
    for port in ("2195", "2196"):
        found = judge(f"<x><appleNotificationPort>{port}</appleNotificationPort></x>", product)
        assert found["apple-port-retired"].severity is severity
        assert found["apple-port-retired"].params["port"] == port
        assert ("apple-port-defect" in found) == (port == "2196")


def test_todays_ports_are_no_finding() -> None:
    for port in ("443", "2197"):
        assert judge(f"<appleNotificationPort>{port}</appleNotificationPort>") == {}


@pytest.mark.parametrize("product", [Product.V12_DOCKER, Product.V12_KUBERNETES, Product.V12_WINDOWS])
def test_a_product_that_has_no_such_file_is_told_so_and_its_old_rules_do_not_hold(product: Product) -> None:
    inside = (
        "<appleNotificationPort>2196</appleNotificationPort><photoCache><enabled>true</enabled></photoCache>"
        f"<tokenDomain>example.com</tokenDomain><mobile><configUrl>{NEW_URL}</configUrl></mobile>"
        "<onetoonefeature>true</onetoonefeature><disableSystemNoficiations>true</disableSystemNoficiations>"
    )
    found = judge(inside, product)
    assert set(found) == {"stproxy-generation", "xml-misplaced"}
    assert found["stproxy-generation"].params["product"] == product.value.replace("-", " on ")
    assert found["stproxy-generation"].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("url", "product", "expected"),
    [
        (NEW_URL, Product.V11, None),
        (NEW_URL, None, None),
        (OLD_URL, None, None),
        (OLD_URL, Product.V11, "prov-generation-mismatch"),
        (NEW_URL, Product.V9, "prov-generation-mismatch"),
        (OLD_URL, Product.V9, None),
    ],
)
def test_the_scheme_of_the_url_is_judged_by_the_product(
    url: str, product: Product | None, expected: str | None
) -> None:
    found = judge(f"<mobile><configUrl>{url}</configUrl></mobile>", product)
    if expected is None:
        assert "configurl" not in found
    else:
        assert expected in str(found["configurl"].params["problems"])


def test_an_element_of_another_release_is_named() -> None:
    found = judge(f"<mobile><configUrl>{OLD_URL}</configUrl></mobile>", Product.V9)
    element = found["stproxy-element-generation"]
    assert (element.params["name"], element.params["versions"], element.params["product"]) == (
        "mobile/configUrl",
        "11",
        "9",
    )


def test_the_url_is_judged_as_one_of_a_server() -> None:
    """%s is meant for the server, and &amp; has been read by the XML parser."""
    both = f"{NEW_URL}&amp;communityName=A%20B&amp;savePassword=true"
    assert judge(f"<mobile><configUrl>{both}</configUrl></mobile>") == {}


@pytest.mark.parametrize(
    ("url", "severity", "words_in_it"),
    [
        (NEW_URL + "%26communityName=A", Severity.WARNING, "HCL's page asks for it in stproxyconfig.xml"),
        (NEW_URL + "&amp;amp;communityName=A", Severity.ERROR, "in the file it reads &amp;amp;"),
        (NEW_URL.replace("%s@", "joe:hunter2@"), Severity.WARNING, "prov-password-in-url"),
        (NEW_URL.replace("chat.example.com", "chat.example.com:9080"), Severity.INFO, "prov-port-usually-plain"),
        (NEW_URL.replace("AddCommunity", "Add"), Severity.ERROR, "prov-action-missing"),
        ("https://chat.example.com", Severity.ERROR, "is not the scheme of a provisioning URL"),
        ("hclsametime:chat.example.com", Severity.ERROR, "must stand :// and the host"),
        (f'"{NEW_URL}"', Severity.WARNING, "prov-url-form"),
    ],
)
def test_what_is_wrong_with_the_url_is_told_with_its_codes(url: str, severity: Severity, words_in_it: str) -> None:
    finding = judge(f"<mobile><configUrl>{url}</configUrl></mobile>")["configurl"]
    assert finding.severity is severity
    assert words_in_it in words(finding).evidence
    assert "hunter2" not in repr(finding)


def test_of_several_urls_the_first_with_a_mistake_is_told() -> None:
    found = judge(f"<mobile><configUrl>{NEW_URL}</configUrl></mobile><mobile><configUrl>https://x</configUrl></mobile>")
    assert found["configurl"].params["name"] == "mobile[2]/configUrl"
    assert found["xml-second-element"].params["first"] == "1"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://chat.example.com", None),
        ("HTTPS://chat.example.com:8443/", None),
        ("https://192.0.2.1", None),
        ("https://[2001:db8::1]:443", None),
        ("http://chat.example.com", "http://"),
        ("ftp://chat.example.com", "begins with ftp://"),
        ("chat.example.com", "no URL"),
        ("https://", "host is missing"),
        ("https://chat example.com", "has a space in it"),
        ("https://chat", "no domain"),
        ("https://chat.example.com:0", "its port is no port"),
        ("https://chat.example.com:99999", "its port is no port"),
        ("https://chat.example.com:", "its port is no port"),
        ("https://chat.example.com/?a=b", "a ? or #"),
        ("https://-.example.com", "-"),
    ],
)
def test_the_address_of_the_photo_cache(url: str, problem: str | None) -> None:
    found = judge(
        f"<photoCache><enabled>true</enabled><storageLocation>/x</storageLocation><proxyServerURL>{url}</proxyServerURL>"
        "</photoCache>"
    )
    if problem is None:
        assert "photo-url" not in found
    else:
        assert problem in str(found["photo-url"].params["problem"])


def test_without_a_photo_cache_that_is_on_nothing_is_missing() -> None:
    assert judge("<photoCache><enabled>false</enabled></photoCache>") == {}
    assert judge("<photoCache><cacheExpiry>60</cacheExpiry></photoCache>") == {}
    assert set(judge("<photoCache><enabled>TRUE</enabled></photoCache>")) == {"photo-url-missing", "photo-storage"}


@pytest.mark.parametrize(
    ("domain", "host", "expected"),
    [
        (".example.com", "chat.example.com", set()),
        (".EXAMPLE.com", "chat.example.com", set()),
        (".company.com.br", "chat.company.com.br", set()),
        (".com.br", "chat.company.com.br", set()),  # too wide for browsers, but nobody's list says so here
        (".chat.example.com", "chat.example.com", set()),
        ("example.com", "chat.example.com", {"token-domain-dot"}),
        (".example.org", "chat.example.com", {"token-domain-foreign"}),
        ("example.org", "chat.example.com", {"token-domain-dot", "token-domain-foreign"}),
        (".ample.com", "chat.example.com", {"token-domain-foreign"}),
        (".example.org", "192.0.2.1", set()),
        (".example.com", "", set()),
        (".com", "chat.example.com", {"xml-value"}),
        ("192.0.2.1", "chat.example.com", {"xml-value"}),
        ("https://example.com", "", {"xml-value"}),
        (".example.com:443", "", {"xml-value"}),
        ("", "chat.example.com", {"xml-value"}),
    ],
)
def test_the_domain_of_the_cookie(domain: str, host: str, expected: set[str]) -> None:
    assert set(judge(f"<tokenDomain>{domain}</tokenDomain>", host=host)) == expected


@pytest.mark.parametrize(
    ("host", "product", "suggested"),
    [
        ("chat.company.com.br", None, True),
        ("chat.company.com.br", Product.V9, True),
        ("chat.company.com.br", Product.V11, False),
        ("chat.example.com", Product.V9, False),
        ("example.com", Product.V9, False),
        ("chat", Product.V9, False),
        ("192.0.2.17", Product.V9, False),
        ("", Product.V9, False),
    ],
)
def test_a_token_domain_is_suggested_for_domains_of_three_labels(
    host: str, product: Product | None, suggested: bool
) -> None:
    found = judge("<x>1</x>", product, host)
    assert ("token-domain-missing" in found) is suggested
    if suggested:
        finding = found["token-domain-missing"]
        assert (finding.severity, finding.params["domain"]) == (Severity.INFO, "company.com.br")


def test_the_sites_provisioning_url_names_the_server_too() -> None:
    document = read_xml(b"<configuration><x/></configuration>", "f", ConfigKind.STPROXY_XML)
    site = Site(stproxy=StproxySite(provisioning_url="hclsametime://chat.company.com.br/?action=AddCommunity"))
    (finding,) = (finding for rule in RULES for finding in rule(document, site))
    assert finding.params["server"] == "chat.company.com.br"


def test_spellings_are_told_alike_and_a_contradiction_is_a_warning() -> None:
    odd, plain = "disableSystemNoficiations", "disableSystemNotifications"
    for name in (odd, plain):
        found = judge(f"<mobile><{name}>true</{name}></mobile>")
        assert set(found) == {"announcement-spelling"}
        assert (found["announcement-spelling"].severity, found["announcement-spelling"].params["names"]) == (
            Severity.INFO,
            name,
        )
    for second, severity in (("true", Severity.INFO), ("false", Severity.WARNING)):
        both = judge(f"<mobile><{odd}>true</{odd}><{plain}>{second}</{plain}></mobile>")["announcement-spelling"]
        assert both.severity is severity
        assert both.params["names"] == f"{odd} and {plain}"


def test_one_mistake_at_several_places_is_one_finding_with_all_of_them() -> None:
    found = judge("<mobile><a/></mobile>\n<mobile><a/></mobile>\n<photoCache/>\n<photoCache/>\n<mobile><a/></mobile>")
    finding = found["xml-second-element"]
    assert finding.params["place"] == "lines 2, 4, 5"
    assert finding.params["name"] == "mobile, photoCache"
    assert len(finding.evidence) == 4  # an empty second element is a setting, too


def test_names_are_guessed_only_when_they_are_near_and_not_documented() -> None:
    for name in ("enabled", "key", "url", "host", "pushProxyURL", "mobileApps", "cache"):
        assert "xml-unknown" not in judge(f"<x><{name}>true</{name}></x>"), name
    near = {"photocache": "photoCache", "TokenDomain": "tokenDomain", "proxyServerUrl": "proxyServerURL"}
    for name, meant in near.items():
        assert judge(f"<{name}>x</{name}>")["xml-unknown"].params["near"] == meant


def test_other_files_are_passed_over() -> None:
    document = read_xml(b"<managed-communities>a&b</managed-communities>", "f", ConfigKind.MANAGED_COMMUNITIES)
    assert [finding for rule in RULES for finding in rule(document, Site())] == []
