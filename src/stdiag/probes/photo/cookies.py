"""The cookies that a photo host may let through by."""

from __future__ import annotations

LTPA_COOKIES = ("LtpaToken", "LtpaToken2")
"""What a browser or a client holds that is logged in: the older and the newer form."""

MEETING_COOKIE, MEETING_VALUE = "STPluginActivePage", "stMeetingroom"
"""What a browser holds that has entered a meeting room, as a guest or logged in. It is no secret."""

MADE_UP = "c3RkaWFnOiBub3QgYSB0b2tlbg=="
"""Shown where it is to be seen whether anybody looks: "stdiag: not a token", in the letters of tokens."""
