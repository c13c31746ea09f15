"""What may answer on the STProxy's port: STProxy itself in several states, or what stands before it or in its place."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace

from stdiag.lab import http
from stdiag.lab.blueprint import HOST, PROXY_PASSWORD, PROXY_USER, Front, PlainPort
from stdiag.lab.http import Reply, Request, Respond
from stdiag.lab.listener import Connection

SERVER = "stdiag-lab"
PROXY_INFO = "/stwebapi/proxyinfo"
LOGIN_ADDRESS = "https://login.lab.example/sso/login"
MOVED_ADDRESS = "https://www.lab.example/"
INNER_ADDRESS = "http://stproxy01.internal:9080/chat"

# What an STProxy of release 12 tells everybody at PROXY_INFO.
_PROXY_INFO = {"isSAML": False, "isOIDC": False, "oidcIssuer": "", "IDPUrl": "", "communityConnected": True}
_JSON = "application/json"
_NOT_FOUND = Reply(404, b"Not found\n", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class WebServer:
    """An HTTP server: what it calls itself, and what it answers."""

    name: str
    """The Server header."""
    respond: Respond | None
    """None: it reads requests and never answers."""

    def serve(self, connection: Connection, clock_offset: int = 0) -> None:
        """Serve one connection until either side ends it."""
        if self.respond is None:
            connection.discard_input()
        else:
            http.serve(connection.socket, self.respond, server=self.name, clock_offset=clock_offset)


def web_server(front: Front) -> WebServer:
    """The server that the blueprint's `front` asks for."""
    return _SERVERS[front]


def plain_server(manner: PlainPort) -> WebServer | None:
    """What answers at port 80 of the STProxy's host; None when nobody does."""
    match manner:
        case PlainPort.REDIRECTS:
            return WebServer(SERVER, lambda request: Reply(301, location=f"https://{HOST}{request.path}"))
        case PlainPort.SERVES:
            return WebServer(SERVER, _stproxy(_info()))
        case PlainPort.NOBODY:
            return None


def _page(title: str, body: str) -> bytes:
    head = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
    return f"{head}<body>{body}</body></html>\n".encode()


_CHAT_PAGE = _page(
    "Sametime",
    "<h1>Sametime</h1><p>This is the lab's chat page: a stand-in on loopback, nobody can log in here.</p>",
)
_MEETING_PAGE = _page(
    "Sametime Meetings",
    "<h1>Sametime Meetings</h1><p>This is the lab's page of meetings: a stand-in on loopback.</p>",
)
_DEFAULT_PAGE = _page("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>The lab plays a server without a site.</p>")
_LOGIN_PAGE = _page(
    "Please sign in",
    '<h1>Please sign in</h1><form method="post" action="/pkmslogin.form">'
    '<input name="username"><input name="password" type="password"><button>Sign in</button></form>',
)
_UNAVAILABLE_PAGE = _page("503 Service Unavailable", "<h1>503 Service Unavailable</h1>")
_UNAUTHORISED_PAGE = _page("401 Unauthorized", "<h1>401 Unauthorized</h1>")


def _stproxy(info: Reply) -> Respond:
    def respond(request: Request) -> Reply:
        match request.path:
            case "/stwebapi/proxyinfo":
                return info
            case "/":
                return Reply(302, location="/chat")
            case "/chat" | "/chat/":
                return Reply(200, _CHAT_PAGE)
            case "/meeting" | "/meeting/":
                return Reply(200, _MEETING_PAGE)
            case _:
                return _NOT_FOUND

    return respond


def _info(**different: bool | str) -> Reply:
    return Reply(200, json.dumps(_PROXY_INFO | different).encode("ascii"), _JSON)


def _without(path: str, instead: Reply = _NOT_FOUND) -> Respond:
    """STProxy, with another answer for one page."""
    behind = _stproxy(_info())
    return lambda request: instead if request.path == path else behind(request)


def _to_itself(request: Request) -> Reply:
    """What a server does that takes every request for one without TLS: what it has is asked for once more."""
    there = _stproxy(_info())(request).status != _NOT_FOUND.status
    return Reply(302, location=f"https://{HOST}{request.path}") if there else _NOT_FOUND


def _to_inner_name(request: Request) -> Reply:
    """STProxy that builds the addresses of its pages with the name and port that it has itself."""
    own = _stproxy(_info())(request)
    is_page = own.status == 302 or request.path.startswith(("/chat", "/meeting"))
    return Reply(302, location=INNER_ADDRESS) if is_page else own


def _insisting(request: Request) -> Reply:
    own = _stproxy(_info())(request)
    return replace(own, fields=(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),))


def _always(reply: Reply) -> Respond:
    return lambda _request: reply


def _default_page(request: Request) -> Reply:
    return Reply(200, _DEFAULT_PAGE) if request.path == "/" else _NOT_FOUND


def _asking(*schemes: str) -> Respond:
    """A reverse proxy that lets through who shows the lab's credentials by Basic, if it offers that."""
    behind = _stproxy(_info())
    right = "Basic " + base64.b64encode(f"{PROXY_USER}:{PROXY_PASSWORD}".encode()).decode("ascii")
    asks = Reply(401, _UNAUTHORISED_PAGE, challenges=schemes)

    def respond(request: Request) -> Reply:
        offered = any(scheme.startswith("Basic") for scheme in schemes)
        return behind(request) if offered and request.authorization == right else asks

    return respond


_SAML_ADDRESSES = {"IDPUrl": "https://login.lab.example/sso/saml"}
_HEALTHY = WebServer(SERVER, _stproxy(_info()))
_SERVERS = {
    Front.STPROXY: _HEALTHY,
    Front.WITHOUT_COMMUNITY: WebServer(SERVER, _stproxy(_info(communityConnected=False))),
    Front.WITHOUT_PROXYINFO: WebServer(SERVER, _stproxy(_NOT_FOUND)),
    Front.GARBLED_PROXYINFO: WebServer(SERVER, _stproxy(Reply(200, b'{"isSAML": fal\x00\xff', _JSON))),
    Front.DEFAULT_PAGE: WebServer("nginx", _default_page),
    Front.LOGIN_REDIRECT: WebServer("WebSEAL", _always(Reply(302, location=LOGIN_ADDRESS))),
    Front.LOGIN_FORM: WebServer("WebSEAL", _always(Reply(200, _LOGIN_PAGE))),
    Front.REDIRECTS_ELSEWHERE: WebServer("nginx", _always(Reply(302, location=MOVED_ADDRESS))),
    Front.BACK_END_DOWN: WebServer("IBM_HTTP_Server", _always(Reply(503, _UNAVAILABLE_PAGE))),
    Front.HANGS: WebServer("IBM_HTTP_Server", None),
    Front.ASKS_BASIC: WebServer("SafeLinx", _asking(f'Basic realm="{HOST}"')),
    Front.ASKS_NEGOTIATE: WebServer("Microsoft-HTTPAPI/2.0", _asking("Negotiate", "NTLM")),
    Front.PING_PONG: WebServer(SERVER, _to_itself),
    Front.INNER_REDIRECT: WebServer(SERVER, _to_inner_name),
    Front.WITHOUT_MEETING: WebServer(SERVER, _without("/meeting")),
    Front.DEFAULT_ROOT: WebServer(SERVER, _without("/", Reply(200, _DEFAULT_PAGE))),
    Front.SAML: WebServer(SERVER, _stproxy(_info(isSAML=True, **_SAML_ADDRESSES))),
    Front.SAML_AND_OIDC: WebServer(
        SERVER,
        _stproxy(_info(isSAML=True, isOIDC=True, oidcIssuer="https://login.lab.example/realms/lab", **_SAML_ADDRESSES)),
    ),
    Front.HSTS: WebServer(SERVER, _insisting),
}
