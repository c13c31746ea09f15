"""How dangerous a difference in stproxyconfig.xml is, and what updates and the console are known to overwrite.

Source: a practitioner's report with APAR LO69429 (SPR DMWR8UCR58). The APAR's own text and the levels that have the
defect were not found; on Sametime 9 with the latest patch of its time the author could not see it again.
"""

from __future__ import annotations

import enum
import re

from stdiag.formats.config.stproxy_elements import APPLE_PORT, DEFECT_PORT, own_name, without_numbers


class Danger(enum.IntEnum):
    """How much a difference matters; less is worse."""

    STOPS = 0  # something that users have may stop
    CUSTOM = 1  # somebody's own value is gone or is another one
    NEW = 2  # what was not there before


_STOPS = {
    "photoCache": "photos of web and mobile users",
    "photoCache/enabled": "photos of web and mobile users",
    "photoCache/proxyServerURL": "photos of web and mobile users",
    "mobile/configUrl": "the QR code in the web client",
    "tokenDomain": "single sign-on from the web client to meetings",
    APPLE_PORT: "messages to iPhones in the background",
}
"""Element → what rests on it."""

_SECOND = re.compile(r"(?:mobile|photoCache)\[\d+\]/")
_WHICH = "Which of two equal elements the server reads, and whether it looks elsewhere, is not documented."
_MEETING_URL = re.compile(r"(?i)meeting")
_URL = re.compile(r"(?i)https?://")
_OVERWRITTEN = (
    "An update of the Sametime Proxy was seen to overwrite this file and to drop values of one's own; entered again in"
    " the System Console, they stayed."
)


def danger_of(change: str, name: str, old: str | None, new: str | None) -> Danger:
    """How dangerous a change is; `change` is the word of `compare.Change`."""
    if _element(name) == APPLE_PORT and new == DEFECT_PORT:
        return Danger.STOPS
    if change == "added":
        return Danger.STOPS if _SECOND.match(name) else Danger.NEW
    if change == "moved" or _what_rests_on(name) or _is_meeting_url(name, old, new):
        return Danger.STOPS
    return Danger.CUSTOM


def note_on(change: str, name: str, old: str | None, new: str | None) -> str:
    """What is known about a change."""
    if _element(name) == APPLE_PORT:
        return _on_apple_port(old, new)
    if change == "added":
        return _WHICH if _SECOND.match(name) else ""
    rests = _what_rests_on(name)
    said = [f"On it rests: {rests}."] if rests else []
    if change == "moved":
        said.append(_WHICH)
    elif _is_meeting_url(name, old, new):
        said.append("An update of the Sametime Proxy was seen to reset the URL of the meeting server.")
    elif change == "removed":
        said.append(_OVERWRITTEN)
    return " ".join(said)


def _on_apple_port(old: str | None, new: str | None) -> str:
    retired = "Apple shut 2195 and 2196 down on 31 March 2021."
    if new == DEFECT_PORT and old != DEFECT_PORT:
        return (
            "The known defect LO69429: saving any setting of the Sametime Proxy in the System Console writes"
            f" {DEFECT_PORT} here; an update was seen to do so too. {retired}"
        )
    return f"{_OVERWRITTEN} {retired}" if new is None else retired if new in ("2195", DEFECT_PORT) else ""


def _element(name: str) -> str:
    return APPLE_PORT if own_name(name) == APPLE_PORT else without_numbers(name)


def _what_rests_on(name: str) -> str:
    return _STOPS.get(_element(name), "")


def _is_meeting_url(name: str, old: str | None, new: str | None) -> bool:
    """What the element is called that an update resets was not found: any URL of a meeting server may be it."""
    return bool(_MEETING_URL.search(name) and any(value and _URL.match(value) for value in (old, new)))
