from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.render.html.reading import read

from stdiag.catalogue.registry import ALL
from stdiag.model import Product, Site
from stdiag.render.html.prose import prose_html
from stdiag.render.wording import steps

PROSE = {"p", "ol", "ul", "li", "code", "pre", "h5", "strong", "em", "br", "hr"}


@pytest.mark.parametrize("product", [None, *Product])
def test_every_remedy_is_prose(product: Product | None) -> None:
    from tests.unit.render.reports import endpoint

    for remedy in {kind.remedy for kind in ALL.values() if kind.remedy}:
        root = read(prose_html(steps(remedy, Site(product=product), endpoint()).markdown))
        assert {element.name for element in root.all()} <= PROSE
        assert list(root.all("li"))
        # No mark-up is left standing for the reader.
        assert "**" not in root.words
        assert "###" not in root.words


def test_headings_stand_below_those_of_the_page() -> None:
    root = read(prose_html("# a\n\n### b\n\ntext"))
    assert [heading.words for heading in root.all("h5")] == ["a", "b"]


def test_code_is_whole() -> None:
    command = "openssl " + "x" * 1500
    assert command in read(prose_html(f"1. Do:\n   `{command}`")).words


@settings(deadline=None)  # a loaded machine is no failure
@given(
    st.text(st.sampled_from("`|<>[]()*_#~!\\&-+=1.)\n\t: /ahtpw;@$x\"'\x00\u202e"), max_size=80) | st.text(max_size=80)
)
@example("\\\n1")  # a hard line break
def test_no_text_becomes_a_link_an_image_or_html(text: str) -> None:
    root = read(prose_html(text))
    assert {element.name for element in root.all()} <= PROSE | {"blockquote"}
    assert all(set(element.attributes) <= {"class", "start"} for element in root.all())
