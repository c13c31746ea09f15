from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from tests.unit.render.golden import assert_golden
from tests.unit.render.html.reading import Element, assert_sound
from tests.unit.render.reports import (
    HOSTILE,
    STEPS,
    blocks,
    cause,
    classic,
    endpoint,
    finding,
    healthy,
    incomplete,
    report,
    spoilt_blocks,
    spoilt_report,
    sweep,
)

from stdiag.model import Check, Decision, KeyValues, Outcome, Product, Renewal, Report, Run, Severity, Site, Table
from stdiag.render.html.page import render_html
from stdiag.render.safe import plain

MEGABYTES_5 = 5_000_000


def normalised(page: str) -> str:
    """The page without its style sheet, one element a line."""
    page = re.sub(r"(?s)<style>.*?</style>", "<style></style>", page)
    page = re.sub(r">\s*<(?!/)", ">\n<", page)
    return "\n".join(line.strip() for line in page.splitlines() if line.strip()) + "\n"


def section(root: Element, name: str) -> Element:
    """The part of the page with this id."""
    return next(element for element in root.all() if element.attributes.get("id") == name)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(("name", "made"), [("no-go", classic), ("go", healthy), ("incomplete", incomplete)])
def test_golden(name: str, made: Callable[[], Report]) -> None:
    page = render_html(made(), blocks)
    assert_sound(page)
    assert_golden(f"{name}.html", normalised(page))


@pytest.mark.usefixtures("catalogue")
def test_the_verdict_comes_first_and_then_the_causes() -> None:
    root = assert_sound(render_html(classic(), blocks))
    assert next(root.all("title")).words.startswith("NO-GO: chat.example.com - stdiag, 2026-11-20 10:30 UTC")
    headings = [heading.words for heading in root.all("h1", "h2")]
    assert headings == [
        "✗ NO-GO chat.example.com",
        "2 causes, the first one first to be mended",
        "Not checked",
        "Notes",
        "Renew before",
        "Checks",
        "Timing",
        "Does not apply to this site",
        "About this report",
    ]


@pytest.mark.usefixtures("catalogue")
def test_a_cause_has_proof_remedy_and_what_follows() -> None:
    root = assert_sound(render_html(classic(), blocks))
    first = section(root, "cause-1")
    assert "OpenSSL verify code 21" in first.words
    (command,) = first.with_class("command")
    assert command.words == (
        "openssl s_client -connect chat.example.com:443 -servername chat.example.com -showcerts "
        "-verify_return_error </dev/null"
    )
    remedy = next(first.with_class("remedy"))
    assert [item.name for item in remedy.all("ol", "h5")] == ["h5", "ol"]
    assert "openssl pkcs12 -export -in chain.pem" in remedy.words
    assert "1 consequence: mended together with it" in first.words


@pytest.mark.usefixtures("catalogue")
def test_the_chain_is_drawn_where_it_is_needed() -> None:
    root = assert_sound(render_html(classic(), blocks))
    chain = next(section(root, "cause-1").with_class("chain"))
    states = [next(link.with_class("state")).words for link in chain.with_class("certificate")]
    assert states == ["✓ sent", "✗ MISSING", "✓ in trust store"]
    assert not list(section(root, "cause-2").with_class("chain"))
    assert list(section(root, "check-0").with_class("chain"))


@pytest.mark.usefixtures("catalogue")
def test_every_step_has_a_bar_and_says_the_same_in_words() -> None:
    root = assert_sound(render_html(classic(), blocks))
    rows = [row for row in section(root, "check-0").all("tr") if "GET /" in row.words]
    assert rows[0].words == "✗failed: http GET / silent: The read operation timed out 192.0.2.10:443 +104 ms 900 ms"
    bar = [rect.attributes for rect in rows[0].all("rect")]
    assert bar == [{"class": "failed", "x": "10.36%", "width": "89.64%", "y": "2", "height": "10"}]


@pytest.mark.usefixtures("catalogue")
def test_what_was_not_checked_stands_with_its_reason() -> None:
    root = assert_sound(render_html(incomplete(), blocks))
    words = section(root, "not-checked").words
    assert "Whether IPv6 works: this host has none." in words
    assert "tls mux.example.com:443" in words


def test_dates_that_are_near_or_past_say_so_in_words() -> None:
    rows = [
        Renewal(f"c{days}", endpoint(), f"20{26 + days % 9}-01-01T00:00:00Z", days)
        for days in (-3, 29, 30, *range(100, 120))
    ]
    made = healthy()
    made.summary.renew_before = rows
    root = assert_sound(render_html(made, blocks))
    renewals = section(root, "renew")
    cells = [cell.words for cell in renewals.all("td") if "number" in cell.attributes.get("class", "")]
    assert cells[:3] == ["✗ -3, expired", "! 29, soon", "30"]
    assert len(cells) == len(rows)
    assert "13 later ones" in renewals.words


def test_the_site_says_where_each_value_came_from() -> None:
    made = classic()
    made.run.provenance = {"product": "stdiag.toml line 3", "stproxy.url": "--url"}
    made.site.resolve = {"chat.example.com:443": "192.0.2.1"}
    rows = [row.words for row in section(assert_sound(render_html(made, blocks)), "about").all("tr")]
    assert "product 12-docker stdiag.toml line 3" in rows
    assert "stproxy.url https://chat.example.com/stwebclient --url" in rows
    assert 'resolve."chat.example.com:443" 192.0.2.1' in rows


def test_the_command_is_quoted_to_be_run_again() -> None:
    made = classic()
    made.run = Run(id="1", started="2026-11-20T10:30:00Z", host="h", arguments=["tls", "a b", "$(id)"])
    about = section(assert_sound(render_html(made, blocks)), "about")
    assert next(about.with_class("command")).words == "stdiag tls 'a b' '$(id)'"


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("code", [None, '"><b>|`code`\n# x'])
def test_hostile_reports_are_harmless_and_intact(text: str, code: str | None) -> None:
    page = render_html(spoilt_report(text, code), lambda _: spoilt_blocks(text))
    root = assert_sound(page)
    assert len(page) < 400_000
    if text.strip():
        # Whoever reads the page sees what was sent, with escapes for what cannot be seen.
        assert " ".join(plain(text).split()) in root.words


def test_hostile_hosts_and_files_do_not_reach_the_remedy_as_markup() -> None:
    for text in ("<b>", "[x](http://evil.example)", "![x](http://evil.example)", "`x`", "a\n# x", "&lt;"):
        found = finding("tls-chain-incomplete", missing=text, verify_code=21, verify_text=text)
        site = Site(product=Product.V12_DOCKER)
        site.trust.ca_files = [text]
        check = Check("tls", endpoint(), Outcome.FAIL, findings=[found])
        made = report([check], Decision.NO_GO, [cause(found, "/checks/0/findings/0")], site=site)
        root = assert_sound(render_html(made, blocks))
        remedy = next(section(root, "cause-1").with_class("remedy"))
        assert {element.name for element in remedy.all()} <= {
            "h4",
            "h5",
            "p",
            "ol",
            "ul",
            "li",
            "code",
            "pre",
            "strong",
        }


def test_pointers_that_lead_nowhere_do_no_harm() -> None:
    made = classic()
    made.verdict.causes[0].findings = ["/checks/99/findings/0", "nowhere"]
    root = assert_sound(render_html(made, blocks))
    assert "chat.example.com:443" in section(root, "cause-1").words


def large(number: int = 1000) -> Report:
    """A run over many endpoints in which everything was measured, and a third lacks its intermediate."""
    checks, causes = [], []
    for position in range(number):
        subject = endpoint(f"host{position:04}.example.com")
        found = [finding("tls-chain-incomplete", subject, missing="Example Issuing CA")] if position % 3 == 0 else []
        outcome = Outcome.FAIL if found else Outcome.PASS
        checks.append(Check("tls", subject, outcome, steps=STEPS * 5, findings=found))
        causes += [cause(one, f"/checks/{position}/findings/0") for one in found]
    made = report(checks, Decision.NO_GO, causes)
    made.summary.renew_before = [Renewal("leaf", check.subject, "2027-01-01T00:00:00Z", 42) for check in checks]
    return made


def test_a_thousand_checks_take_under_two_seconds_and_five_megabytes() -> None:
    made = large()
    render_html(healthy(), blocks)  # templates are compiled once
    began = time.process_time()
    page = render_html(made, blocks)
    took = time.process_time() - began
    assert took < 2, took
    assert len(page.encode()) < MEGABYTES_5
    assert page == render_html(large(), blocks)


def test_what_is_left_out_of_a_large_report_is_said() -> None:
    root = assert_sound(render_html(large(), blocks))
    checks = section(root, "checks")
    assert "The details of 800 checks are left out" in checks.words
    assert len(list(checks.with_class("check"))) == 200
    assert "666 checks passed" in checks.words
    assert "333 more subjects" in section(root, "cause-1").words
    assert "233 more subjects are not shown here; the JSON report holds all." in section(root, "cause-1").words
    assert "940 more quicker checks are not shown here" in section(root, "timing").words


def test_details_stop_at_the_budget_whatever_a_check_shows() -> None:
    rows = [["x" * 399] * 10] * 1000
    page = render_html(sweep(50), lambda _: [Table("t", ["a"] * 10, rows), KeyValues("k", [("a", "b")])])
    root = assert_sound(page)
    assert len(page.encode()) < MEGABYTES_5
    assert "checks are left out" in section(root, "checks").words
    assert "800 more rows are not shown here" in section(root, "checks").words


def test_a_check_that_a_cause_rests_on_keeps_its_details() -> None:
    made = large()
    late = finding("tls-chain-invalid", endpoint("host0997.example.com"), Severity.WARNING, reason="r")
    made.checks[997].findings.append(late)
    made.checks[997].outcome = Outcome.WARN
    made.verdict.causes.append(cause(late, "/checks/997/findings/0"))
    root = assert_sound(render_html(made, blocks))
    assert section(root, "check-997").words
