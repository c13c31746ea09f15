"""Every sample file, and what must be found in it: file → codes, in the order of the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from stdiag.catalogue.kinds import config_communities, config_stproxy
from stdiag.catalogue.prose import words
from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.xml_reader import read_xml
from stdiag.formats.errors import FormatError
from stdiag.model import Finding, Product, Site, StproxySite
from stdiag.probes.config.rules_communities import RULES as COMMUNITIES
from stdiag.probes.config.rules_stproxy import RULES as STPROXY

SAMPLES = Path(__file__).parents[2] / "formats" / "config" / "samples"

OF_STPROXY = {
    "good": "",
    "apple-port-2195": "apple-port-retired",
    "apple-port-2196": "apple-port-retired apple-port-defect",
    "apple-port-none": "xml-value",
    "photo-without-url": "photo-url-missing",
    "photo-url-empty": "photo-url-missing",
    "photo-url-http": "photo-url",
    "photo-url-no-url": "photo-url",
    "photo-without-storage": "photo-storage",
    "photo-off": "",
    "photo-enabled-yes": "xml-value",
    "token-domain-without-dot": "token-domain-dot",
    "token-domain-foreign": "token-domain-foreign",
    "token-domain-url": "xml-value",
    "token-domain-missing-short": "",
    "token-domain-missing-long": "token-domain-missing",
    "announcement-odd-spelling": "announcement-spelling",
    "announcement-plain-spelling": "announcement-spelling",
    "announcement-both": "announcement-spelling",
    "announcement-outside": "announcement-spelling xml-misplaced",
    "one-to-one": "technology-preview",
    "one-to-one-off": "",
    "second-mobile": "xml-second-element",
    "config-url-raw-ampersand": "xml-ampersand",
    "config-url-percent-26": "configurl",
    "config-url-twice-escaped": "configurl",
    "config-url-no-action": "configurl",
    "config-url-old-scheme": "",
    "config-url-https": "configurl",
    "config-url-without-slashes": "configurl",
    "config-url-password": "configurl",
    "config-url-empty": "xml-value",
    "config-url-outside": "xml-misplaced",
    "misspelt-configurl": "xml-unknown",
    "misspelt-token-domain": "xml-unknown",
    "stray-text": "xml-stray-text",
    "other-root": "xml-root",
}
OF_COMMUNITIES = {
    "good": "",
    "type-unknown": "managed-connection-type",
    "type-https-proxy": "connection-undocumented",
    "type-on-the-community": "",
    "affinity-id-missing": "affinity-id",
    "affinity-id-no-url": "affinity-id",
    "proxy-host-missing": "proxy-host",
    "proxy-host-is-url": "xml-value",
    "context-missing": "connection-context",
    "host-missing": "community-incomplete",
    "type-missing": "community-incomplete",
    "id-is-not-host": "community-id",
    "action-without-community": "action-target community-unused",
    "community-without-action": "community-unused",
    "new-host-without-update": "new-host-unused",
    "reset-beside-others": "reset-alone",
    "action-unknown": "xml-value",
    "port-is-none": "xml-value",
    "port-of-servers": "client-server-port",
    "boolean-is-none": "xml-value",
    "host-is-url": "community-id xml-value",
    "misspelt-attribute": "xml-unknown",
    "raw-ampersand": "xml-ampersand affinity-id",
    "other-root": "xml-root",
}
ONLY_FOR_SOME_PRODUCT = {"config-stproxy-generation", "config-stproxy-element-generation"}


def document(folder: str, name: str) -> ConfigDocument:
    kind = ConfigKind.STPROXY_XML if folder == "stproxy" else ConfigKind.MANAGED_COMMUNITIES
    file = SAMPLES / folder / f"{name}.xml"
    return read_xml(file.read_bytes(), file.name, kind)


def findings(folder: str, name: str, site: Site | None = None) -> list[Finding]:
    read = document(folder, name)
    return [finding for rule in (*STPROXY, *COMMUNITIES) for finding in rule(read, site or Site())]


def codes(found: list[Finding]) -> str:
    return " ".join(finding.code.removeprefix("config-") for finding in found)


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        *(("stproxy", name, expected) for name, expected in OF_STPROXY.items()),
        *(("communities", name, expected) for name, expected in OF_COMMUNITIES.items()),
    ],
)
def test_each_sample_shows_its_mistake_and_nothing_else(folder: str, name: str, expected: str) -> None:
    found = findings(folder, name)
    assert codes(found) == expected
    read = document(folder, name)
    for finding in found:
        assert finding.subject.file == f"{name}.xml"
        assert str(finding.params["place"]).startswith("line")
        for pointer in finding.evidence:
            _, part, number = pointer.split("/")
            assert int(number) < len(read.settings if part == "settings" else read.slips)
        told = words(finding)
        assert "unknown" not in told.summary + told.evidence
        assert "not-for-your-eyes" not in told.summary + told.evidence


def test_every_sample_is_expected_somewhere() -> None:
    for folder, table in (("stproxy", OF_STPROXY), ("communities", OF_COMMUNITIES)):
        there = {file.stem for file in (SAMPLES / folder).glob("*.xml")}
        assert {name for name in there if not name.startswith("unreadable-")} == set(table)


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*/unreadable-*.xml")), ids=lambda file: file.stem)
def test_what_no_parser_reads_is_an_error_of_reading(file: Path) -> None:
    with pytest.raises(FormatError, match=r"line \d+"):
        read_xml(file.read_bytes(), file.name, ConfigKind.STPROXY_XML)


def test_every_code_is_shown_by_some_sample() -> None:
    shown = {
        f"config-{code}" for table in (OF_STPROXY, OF_COMMUNITIES) for one in table.values() for code in one.split()
    }
    declared = {kind.code for kind in (*config_stproxy.KINDS, *config_communities.KINDS)}
    assert declared - shown == ONLY_FOR_SOME_PRODUCT


@pytest.mark.parametrize("product", [product for product in Product if not product.value.startswith("12-")])
def test_the_good_file_is_good_for_every_product_that_has_one(product: Product) -> None:
    site = Site(product=product, stproxy=StproxySite(url="https://chat.example.com"))
    expected = "stproxy-element-generation configurl" if product is not Product.V11 else ""
    assert sorted(codes(findings("stproxy", "good", site)).split()) == sorted(expected.split())
