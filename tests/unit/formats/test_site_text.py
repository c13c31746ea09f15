"""A written site file is read as the site that it was written for, and explains every key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.site_file import EXAMPLES, parse_site
from stdiag.formats.site_text import COMMENTS, site_toml
from stdiag.model import CommunityPath, CommunitySite, Product, Site, StproxySite, TlsSite, TrustSite, Vantage

FULL = Site(
    product=Product.V12_DOCKER,
    vantage=Vantage.INSIDE,
    stproxy=StproxySite(
        url="https://chat.example.com", provisioning_url="hclsametime://%s@chat.example.com/?action=AddCommunity"
    ),
    tls=TlsSite(targets=["a.example:1516", "[2001:db8::1]:443"], name="b.example", quick=True, renew_before_days=60),
    trust=TrustSite(ca_files=["corporate root.pem", "C:\\certs\\root.pem"]),
    resolve={"chat.example.com:443": "192.0.2.10:8443"},
)


@pytest.mark.parametrize(
    "site",
    [
        Site(),
        FULL,
        Site(product=Product.V9),
        Site(stproxy=StproxySite(url="https://chat.example.com")),
        Site(stproxy=StproxySite(provisioning_url="sametime://joe:***@h.example:1/?action=AddCommunity")),
        Site(tls=TlsSite(targets=["a.example:1"])),
    ],
)
def test_it_is_read_as_the_same_site(site: Site) -> None:
    assert parse_site(site_toml(site), "stdiag.toml") == site


@pytest.mark.parametrize("site", [Site(), FULL])
def test_the_usual_keys_are_there_once_and_explained(site: Site) -> None:
    lines = site_toml(site).splitlines()
    for key in EXAMPLES.keys() & COMMENTS.keys():
        name = key.rpartition(".")[2]
        assert lines.count(f"# {COMMENTS[key]}") == 1
        assert key == "resolve" or any(line.removeprefix("# ").startswith(f"{name} = ") for line in lines)


def test_uncommented_examples_are_right() -> None:
    lines = []
    _, _, examples = site_toml(Site()).partition("\n\n")
    for line in examples.splitlines():
        bare = line.removeprefix("# ")
        is_example = line.startswith("# ") and (bare.startswith("[") or " = " in bare)
        lines.append(bare if is_example else line)
    site = parse_site("\n".join(lines), "stdiag.toml")
    assert site.stproxy is not None
    assert site.stproxy.provisioning_url == "hclsametime://chat.example.com/?action=AddCommunity"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)))
def test_any_file_name_is_kept(names: list[str]) -> None:
    site = Site(trust=TrustSite(ca_files=[name for name in names if name.strip()]))
    assert parse_site(site_toml(site), "stdiag.toml") == site


def test_where_a_value_was_found_stands_above_it() -> None:
    site = Site(
        stproxy=StproxySite(url="https://chat.example.com"),
        community=CommunitySite(host="mux.example.com", path=[CommunityPath(ports=[1533])]),
    )
    sources = {"stproxy.url": "a\nb.env line 3", "community.path": "c.ini line 4", "tls.targets": "d.env line 5"}
    text = site_toml(site, sources, ["left out: x", "\x07"])
    assert '# From a?b.env line 3.\nurl = "https://chat.example.com"\n' in text
    assert "# From c.ini line 4.\n[[community.path]]\n" in text
    assert "d.env" not in text  # of a key that has no value of its own
    assert text.endswith("\n\n# left out: x\n# ?\n")
    assert parse_site(text, "stdiag.toml") == site
