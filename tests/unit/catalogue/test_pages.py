"""Pages and remedies: all there, all used, in one form, and not filler."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from stdiag.catalogue.prose import (
    DEFAULT_BUNDLE,
    FRONT_HEADINGS,
    IN_GENERAL,
    PAGE_HEADINGS,
    PRODUCT_HEADINGS,
    page,
    remedy,
    remedy_sections,
    remedy_steps,
)
from stdiag.catalogue.registry import ALL
from stdiag.model import Product

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "src" / "stdiag" / "catalogue"
PAGES = sorted(file.stem for file in FOLDER.glob("pages/*.md"))
REMEDIES = sorted(file.stem for file in FOLDER.glob("remedies/*.md"))
ORDER = (IN_GENERAL, *PRODUCT_HEADINGS, *FRONT_HEADINGS)


def test_pages_are_those_that_kinds_name() -> None:
    assert set(PAGES) == {kind.page for kind in ALL.values()}


def test_remedies_are_those_that_kinds_name() -> None:
    assert set(REMEDIES) == {kind.remedy for kind in ALL.values()}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_headings_in_their_order_and_something_under_each(name: str) -> None:
    found = page(name)
    assert found.source.startswith(f"# {found.title}\n")
    assert tuple(section.heading for section in found.sections) == PAGE_HEADINGS
    for section in found.sections:
        assert len(section.text.split()) >= 15, section.heading


@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_its_codes_apart(name: str) -> None:
    codes = [kind.code for kind in ALL.values() if kind.page == name]
    assert len(codes) == 1 or all(f"`{code}`" in page(name).source for code in codes)


@pytest.mark.parametrize("name", PAGES)
def test_how_to_verify_says_what_to_type(name: str) -> None:
    assert "`" in page(name).sections[-1].text


@pytest.mark.parametrize("name", REMEDIES)
def test_a_remedy_begins_with_what_holds_for_all_and_has_steps_everywhere(name: str) -> None:
    found = remedy(name)
    headings = [section.heading for section in found.sections]
    assert headings[0] == IN_GENERAL
    assert headings == sorted(set(headings), key=ORDER.index)
    for section in found.sections:
        steps = [int(number) for number in re.findall(r"^(\d+)\. ", section.text, re.MULTILINE)]
        assert steps == list(range(1, len(steps) + 1)), section.heading
        assert steps, section.heading


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*/*.md")), ids=lambda file: file.name)
def test_files_are_plain_text(file: Path) -> None:
    text = file.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert "\r" not in text
    assert all(line.isprintable() and line == line.rstrip() for line in text.splitlines())
    assert text.count("`") % 2 == 0
    mentioned = set(re.findall(r"`((?:tls|net|run|clock|prov|health)-[a-z-]+)`", text))
    names = {*ALL, *PAGES, *REMEDIES, "tls-secret", "tls-direct"}
    assert mentioned <= names


def test_headings_name_every_product_once() -> None:
    named = [product for products in PRODUCT_HEADINGS.values() for product in products]
    assert sorted(named) == sorted(Product)


@pytest.mark.parametrize("product", Product)
def test_a_product_sees_its_own_steps_and_no_other_ones(product: Product) -> None:
    headings = [section.heading for section in remedy_sections("install-chain", product)]
    own = [heading for heading in headings if heading in PRODUCT_HEADINGS]
    assert [PRODUCT_HEADINGS[heading] >= {product} for heading in own] == [True]
    assert headings == [IN_GENERAL, *own, *FRONT_HEADINGS]


def test_without_a_product_all_sections_are_given_and_the_short_form_is_general() -> None:
    assert len(remedy_sections("install-chain", None)) == len(remedy("install-chain").sections)
    short = remedy_steps("install-chain", None)
    assert short.startswith("The server must send")
    assert "WebSphere" not in short


def test_the_short_form_holds_the_own_steps() -> None:
    short = remedy_steps("install-chain", Product.V9)
    assert "### Sametime 8.5, 9, 10 (WebSphere)" in short
    assert "CellDefaultKeyStore" in short
    assert "nginx" not in short


def test_the_bundle_is_named() -> None:
    assert "{bundle}" in remedy("install-chain").source
    assert DEFAULT_BUNDLE in remedy_steps("install-chain", Product.V12_DOCKER)
    told = remedy_steps("install-chain", Product.V12_DOCKER, bundle="chat-fixed.pem")
    assert "Copy `chat-fixed.pem`" in told
    assert "{" not in told


def test_what_is_doubtful_stays_doubtful() -> None:
    """The practitioner's way and the documents' way differ; neither may be told as the only truth."""
    told = remedy_steps("install-chain", Product.V8_5)
    assert "CellDefaultTrustStore" in told
    assert "no official page about the Sametime Proxy was found" in told
    for product in (Product.V11, Product.V12_WINDOWS):
        assert "HCL's documents do not" in remedy_steps("install-chain", product)
    assert "does not mention the order" in remedy_steps("install-chain", Product.V12_DOCKER)


@pytest.mark.parametrize("name", ["no-such-page", "../kind", "", "pages/net-name", "a\0b"])
def test_a_page_that_does_not_exist_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        page(name)
    with pytest.raises(KeyError):
        remedy(name)


def test_the_classic_fault_is_told_in_the_users_words() -> None:
    seen = page("tls-chain-incomplete").sections[1].text
    for words in (
        "Trust anchor for certification path not found",
        "Verify return code: 21",
        "unable to find valid certification path to requested target",
        "CWPKI0022E",
    ):
        assert words in seen


def test_package_data_holds_every_file() -> None:
    globs = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    patterns = globs["tool"]["setuptools"]["package-data"]["stdiag"]
    package = ROOT / "src" / "stdiag"
    packed = {file for pattern in patterns for file in package.glob(pattern)}
    assert {*FOLDER.glob("**/*.md")} <= packed
