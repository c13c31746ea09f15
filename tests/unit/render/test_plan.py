from __future__ import annotations

import json

import pytest
from tests.unit.render.golden import assert_golden
from tests.unit.render.html.reading import assert_sound
from tests.unit.render.reports import HOSTILE

from stdiag.model import NotChecked
from stdiag.render.layout import Style, width_of
from stdiag.render.plan import render_plan

CONTACTS = [
    ("this host (admin-pc)", "chat.example.com", "443", "TCP (TLS)", "outbound", "web and mobile clients connect here"),
    ("this host (admin-pc)", "the site's name servers", "53", "UDP, TCP (DNS)", "outbound", "resolve chat.example.com"),
    ("this host (admin-pc)", "pki.example.com", "80", "TCP (HTTP)", "outbound", "fetch a missing issuer certificate"),
    ("this host (admin-pc)", "chat.example.com", "443", "TCP (TLS)", "outbound", "TLS versions accepted"),
]
CHECKS = [("tls", "chat.example.com:443")]
LEFT = [NotChecked("push", "the site file names no [push]")]


def test_text() -> None:
    assert_golden("plan.txt", render_plan(CONTACTS, CHECKS, LEFT, "text", Style(90)))


def test_markdown_can_be_mailed() -> None:
    shown = render_plan(CONTACTS, CHECKS, LEFT, "md")
    assert_golden("plan.md", shown)
    assert "no connection was opened" in shown


def test_a_page_can_be_mailed_too() -> None:
    root = assert_sound(render_plan(CONTACTS, CHECKS, LEFT, "html"))
    rows = [row.words for row in root.all("tr")]
    assert rows[0] == "From To Port Protocol Direction Why"
    assert rows[1].endswith("web and mobile clients connect here; TLS versions accepted")
    assert "push the site file names no [push]" in root.words


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_is_harmless(text: str) -> None:
    contacts = [(text, text, text, text, text, text)]
    assert_sound(render_plan(contacts, [(text, text)], [NotChecked(text, text)], "html"))


def test_json() -> None:
    read = json.loads(render_plan(CONTACTS, CHECKS, LEFT, "json"))
    assert read["contacts"][0] == {
        "source": "this host (admin-pc)",
        "destination": "chat.example.com",
        "port": "443",
        "protocol": "TCP (TLS)",
        "direction": "outbound",
        "reason": "web and mobile clients connect here; TLS versions accepted",
    }
    assert len(read["contacts"]) == 3
    assert read["checks"] == [{"probe": "tls", "subject": "chat.example.com:443"}]
    assert read["not_applicable"] == [{"what": "push", "reason": "the site file names no [push]"}]


def test_an_empty_plan_says_so() -> None:
    assert render_plan([], [], []).startswith("0 checks would be made:\n\n0 destinations would be contacted:\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_harmless(text: str) -> None:
    row = (text, text, text, text, text, text)
    for shown in (
        render_plan([row], [(text, text)], [NotChecked(text, text)], "text", Style(80)),
        render_plan([row], [(text, text)], [NotChecked(text, text)], "md"),
        render_plan([row], [(text, text)], [NotChecked(text, text)], "json"),
    ):
        assert all(line.isprintable() for line in shown.removesuffix("\n").split("\n"))
    for line in render_plan([row], [], [], "text", Style(80, unicode=False)).splitlines():
        assert width_of(line) <= 80
        assert line.isascii()
