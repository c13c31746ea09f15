"""A story in text, Markdown and HTML."""

from __future__ import annotations

import pytest
from tests.unit.render.reports import healthy

from stdiag.model import (
    Block,
    Check,
    LogClaim,
    LogStanding,
    Report,
    Story,
    StoryStage,
    StoryState,
    StoryStep,
    Table,
)
from stdiag.render.formats import RENDERERS
from stdiag.render.json import from_json, to_json
from stdiag.render.story import STAGES, STANDINGS, STATES, story_blocks, story_title

HOSTILE = "\x1b[31m<script>alert(1)</script>\u202e|"


def story(state: StoryState = StoryState.STOPS, said: str = "Trust anchor not found") -> Story:
    return Story(
        client="android 4.4",
        steps=[
            StoryStep(stage=StoryStage.NAME, state=StoryState.OK, says="It is known."),
            StoryStep(
                stage=StoryStage.CERTIFICATE, state=state, says="The chain is broken.", code="tls-chain-incomplete"
            ),
        ],
        browser="It fetches what is missing." if state is StoryState.STOPS else "",
        log=[LogClaim(code="log-timeout", said=said, count=2, standing=LogStanding.CONTRADICTED, why="It works.")],
    )


def nothing(_check: Check) -> list[Block]:
    return []


def told(form: str, one: Story) -> str:
    report: Report = healthy()
    report.stories = [one]
    return RENDERERS[form].function(report, nothing).decode()


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_every_view_tells_it(form: str) -> None:
    shown = " ".join(told(form, story()).split())
    for words in ("Android 4.4 meets", "STOPS HERE", "It fetches what is missing.", "contradicted", "chain is broken"):
        assert words in shown


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_what_a_log_says_is_harmless(form: str) -> None:
    shown = told(form, story(said=HOSTILE))
    assert "\x1b[31m" not in shown
    assert form != "html" or "<script" not in shown
    assert form != "md" or "\\<script" in shown
    assert "\u202e" not in shown


def test_it_is_kept_in_json() -> None:
    report = healthy()
    report.stories = [story()]
    assert from_json(to_json(report)).stories == [story()]


def test_states_are_told_by_words() -> None:
    assert STAGES.keys() == set(StoryStage)
    assert STATES.keys() == set(StoryState)
    assert STANDINGS.keys() == set(LogStanding)
    assert len({*STATES.values()}) == len(StoryState)


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (StoryState.STOPS, "It is stopped at: Certificate."),
        (StoryState.CANNOT_TELL, "Not known: Certificate."),
        (StoryState.OK, "Nothing stops it"),
    ],
)
def test_the_end_is_one_sentence(state: StoryState, end: str) -> None:
    table, line = story_blocks(story(state))[:2]
    assert isinstance(table, Table)
    assert end in line.text  # type: ignore[union-attr]  # the second block is the sentence


def test_titles() -> None:
    assert story_title(story()) == "What Android 4.4 meets"
    assert story_title(Story(client="android", steps=[])) == "What a phone with Android meets"
