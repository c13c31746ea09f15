"""The STProxy's stand-in: what web and mobile clients ask it first."""

from __future__ import annotations

import json

from stdiag.lab.http import Reply

SERVER = "stdiag-lab"

# What an STProxy of release 12 tells everybody at /stwebapi/proxyinfo.
_PROXY_INFO = {"isSAML": False, "isOIDC": False, "oidcIssuer": "", "IDPUrl": "", "communityConnected": True}

_CHAT_PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sametime</title></head>
<body><h1>Sametime</h1><p>This is the lab's chat page: a stand-in on loopback, nobody can log in here.</p></body></html>
"""


def respond(path: str) -> Reply:
    """The reply to a GET of `path`."""
    match path:
        case "/stwebapi/proxyinfo":
            return Reply(200, json.dumps(_PROXY_INFO).encode("ascii"), "application/json")
        case "/":
            return Reply(302, location="/chat")
        case "/chat" | "/chat/":
            return Reply(200, _CHAT_PAGE)
        case _:
            return Reply(404, b"Not found\n", "text/plain; charset=utf-8")
