"""Every kind of finding in every readable view, with the catalogue's own words."""

from __future__ import annotations

import pytest
from tests.unit.render.html.reading import assert_sound
from tests.unit.render.reports import HOSTILE, blocks, cause, endpoint, report

from stdiag.catalogue.registry import ALL
from stdiag.model import Check, Decision, Finding, Outcome, Product, Site
from stdiag.render.html.page import render_html
from stdiag.render.layout import width_of
from stdiag.render.markdown import render_markdown
from stdiag.render.short import render_short
from stdiag.render.text import render_text


@pytest.mark.parametrize("code", ALL)
@pytest.mark.parametrize("product", [None, Product.V12_DOCKER])
def test_every_kind_can_be_told(code: str, product: Product | None) -> None:
    kind = ALL[code]
    for text in ("Example CA", HOSTILE[0], HOSTILE[4]):
        found = Finding(code, kind.severity, endpoint(), dict.fromkeys(kind.params, text))
        check = Check("tls", endpoint(), Outcome.FAIL, findings=[found])
        made = report([check], Decision.NO_GO, [cause(found, "/checks/0/findings/0")], site=Site(product=product))
        shown = render_text(made, blocks, width=80)
        assert code in shown
        assert code in render_markdown(made, blocks)
        assert_sound(render_html(made, blocks))
        assert render_short(made).startswith("NO-GO")
        assert all(line.isprintable() for line in shown.splitlines())


@pytest.mark.parametrize("product", [None, *Product])
def test_remedies_fit_the_width_but_for_commands(product: Product | None) -> None:
    from stdiag.render.layout import Style
    from stdiag.render.prose_lines import prose_lines
    from stdiag.render.wording import steps

    for remedy in {kind.remedy for kind in ALL.values() if kind.remedy}:
        markdown = steps(remedy, Site(product=product), endpoint("chat.example.com")).markdown
        for line in prose_lines(markdown, Style(80), 5):
            assert width_of(line) <= 80 or line.strip().lstrip("0123456789. ") in markdown
