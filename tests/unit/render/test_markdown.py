from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.unit.render.golden import assert_golden
from tests.unit.render.reports import HOSTILE, blocks, classic, healthy, incomplete, spoilt_blocks, spoilt_report, sweep

from stdiag.model import Report
from stdiag.render.markdown import render_markdown
from stdiag.render.markup import md_fenced, md_table, md_text
from stdiag.render.safe import plain

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
markup = st.text(st.sampled_from("`|<>[]()*_#~!\\&-+=1.)\n\t: /ahtpw;@$x"), max_size=60) | st.text(max_size=60)


def leaves(source: str) -> Iterator[Token]:
    """Every inline token that a reader of Markdown sees, and every block that holds text itself."""
    for token in READER.parse(source):
        if token.type == "inline":
            yield from token.children or []
        elif token.type in ("fence", "code_block", "html_block", "hr"):
            yield token


@settings(deadline=None)  # a loaded machine is no failure
@given(markup)
def test_text_is_text_and_reads_as_it_was(text: str) -> None:
    shown = list(leaves(f"- Subject: {md_text(text)}"))
    assert {token.type for token in shown} <= {"text", "text_special"}
    assert "".join(token.content for token in shown) == f"Subject: {plain(text)}".rstrip(" ")


@settings(deadline=None)  # a loaded machine is no failure
@given(markup.filter(lambda text: text.strip()))
def test_text_on_a_line_of_its_own_is_a_paragraph(text: str) -> None:
    shown = READER.parse("x\n\n" + md_text(text.strip()))
    assert [token.type for token in shown[3:]] == ["paragraph_open", "inline", "paragraph_close"]


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(markup, min_size=1, max_size=3))
def test_a_cell_stays_in_its_cell(cells: list[str]) -> None:
    table = READER.parse("\n".join(md_table(["a", "b", "c"], [cells])))
    assert sum(token.type == "td_open" for token in table) == 3
    assert [token.type for token in table].count("tr_open") == 2
    read = [token.content for token in leaves("\n".join(md_table(["h"], [[cells[0]]])))]
    assert "".join(read) == "h" + plain(cells[0]).strip(" ")


@settings(deadline=None)  # a loaded machine is no failure
@given(markup.filter(lambda text: text.strip()))
def test_code_reads_as_it_was(text: str) -> None:
    (fence,) = leaves("\n".join(md_fenced([text])))
    assert (fence.type, fence.content) == ("fence", plain(text) + "\n")


def test_addresses_are_no_links() -> None:
    assert (
        md_text("see https://evil.example/ or www.evil.example") == r"see https\://evil.example/ or www\.evil.example"
    )


@pytest.mark.usefixtures("catalogue")
def test_golden() -> None:
    assert_golden("no-go.md", render_markdown(classic(), blocks))


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("made", [classic, healthy, incomplete, sweep])
def test_every_report_reads_as_intended(made: Callable[[], Report]) -> None:
    tokens = READER.parse(render_markdown(made(), blocks))
    titles = [following.content for token, following in itertools.pairwise(tokens) if token.tag == "h1"]
    assert titles[0].startswith(("GO: ", "NO-GO: ", "INCOMPLETE: "))
    assert not any(token.type in ("html_block", "html_inline", "code_block") for token in tokens)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("code", [None, "<b>|`code`\n# x"])
def test_hostile_reports_are_harmless(text: str, code: str | None) -> None:
    shown = render_markdown(spoilt_report(text, code), lambda _: spoilt_blocks(text))
    assert all(line.isprintable() for line in shown.removesuffix("\n").split("\n"))
    assert len(shown) < 150_000
    tokens = list(leaves(shown))
    assert not {token.type for token in tokens} & {"html_inline", "html_block", "image", "link_open", "s_open", "hr"}
    headings = [token for token in READER.parse(shown) if token.type == "heading_open" and token.tag == "h1"]
    assert len(headings) == 1


@pytest.mark.usefixtures("catalogue")
def test_a_sweep_tells_details_of_causes_only() -> None:
    shown = render_markdown(sweep(), blocks)
    assert [line for line in shown.splitlines() if line.startswith("### ")] == [
        "### tls host003.example.com:443",
        "### tls host050.example.com:443",
    ]
    assert shown.count("| passed |") == 475


def test_catalogue_words_with_markup_in_parameters() -> None:
    made = spoilt_report("`x` | <b>", "tls-chain-incomplete")
    shown = render_markdown(made, blocks)
    assert r"\<b\>" in shown
    # In a fenced command it stands as it is: there it is no markup.
    prose = [line for line in shown.splitlines() if not line.startswith(("openssl ", "curl "))]
    assert not any("<b>" in line for line in prose)
