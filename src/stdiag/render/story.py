"""A story as blocks, which every renderer knows."""

from __future__ import annotations

from stdiag.model import Block, LogClaim, LogStanding, Mark, Story, StoryStage, StoryState, Table, Text

STAGES = {
    StoryStage.URL: "Provisioning URL",
    StoryStage.NAME: "Name",
    StoryStage.TCP: "Connection",
    StoryStage.TLS: "TLS",
    StoryStage.CERTIFICATE: "Certificate",
    StoryStage.REVERSE_PROXY: "Reverse proxy",
    StoryStage.STPROXY: "Sametime Proxy",
    StoryStage.IDLE: "Silence",
    StoryStage.PUSH: "Push",
}
STATES = {
    StoryState.OK: "ok",
    StoryState.STOPS: "STOPS HERE",
    StoryState.NOT_REACHED: "not reached",
    StoryState.CANNOT_TELL: "cannot tell",
}
STANDINGS = {
    LogStanding.CONFIRMED: "confirmed",
    LogStanding.CONTRADICTED: "contradicted",
    LogStanding.NOT_REPRODUCED: "not reproduced from here",
}


def story_title(story: Story) -> str:
    """`What Android 4.4 meets`."""
    platform, _, version = story.client.partition(" ")
    name = f"{platform.capitalize()} {version}" if version else f"a phone with {platform.capitalize()}"
    return f"What {name} meets"


def story_blocks(story: Story) -> list[Block]:
    """The stages, what stops the client, why a browser works, and what the log says."""
    rows = [
        [STAGES[step.stage], STATES[step.state], f"{step.says} [{step.code}]" if step.code else step.says]
        for step in story.steps
    ]
    blocks: list[Block] = [Table(title="", columns=["On its way", "", "Measured"], rows=rows), _end(story)]
    if story.browser:
        blocks.append(Text(f"Why a desktop browser works: {story.browser}", Mark.NOTE))
    if story.log:
        blocks.append(
            Table(
                title="What its log says",
                columns=["In the log", "Standing", "Measured"],
                rows=[[_claim(claim), STANDINGS[claim.standing], claim.why] for claim in story.log],
            )
        )
    return blocks


def _claim(claim: LogClaim) -> str:
    times = f"{claim.count} times" if claim.count > 1 else "once"
    last = f", last {claim.last}" if claim.last else ""
    return f"{claim.said} ({claim.code}; {times}{last})"


def _end(story: Story) -> Text:
    stop = next((step for step in story.steps if step.state is StoryState.STOPS), None)
    if stop is not None:
        return Text(f"It is stopped at: {STAGES[stop.stage]}. {stop.says}", Mark.BAD)
    open_stages = [STAGES[step.stage] for step in story.steps if step.state is StoryState.CANNOT_TELL]
    if open_stages:
        return Text(f"Nothing that was measured stops it. Not known: {', '.join(open_stages)}.", Mark.UNSURE)
    return Text("Nothing stops it on its way.", Mark.GOOD)
