"""What a web server's answer shows of itself: STProxy's JSON, a login form, a server's own page. Pure."""

from __future__ import annotations

import html
import re
from typing import Any

import msgspec

from stdiag.probes.shared.web_facts import PageFacts, ProxyInfo

_TEXT_LIMIT = 300
_PAGE_LIMIT = 64 * 1024
_KEYS_LIMIT = 20

PROXY_INFO_KEYS = ("isSAML", "isOIDC", "oidcIssuer", "IDPUrl", "communityConnected")
"""Keys that STProxy 12 tells to everybody."""

_HTML = re.compile(r"\s*(?:<\?xml[^<>]*>\s*)?<(?:!doctype html|html|head|body|title|h1|meta)\b", re.IGNORECASE)
# None of these looks beyond the next "<": a hostile page costs no more than its length.
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)", re.IGNORECASE)
_HEADLINE = re.compile(r"<h1\b[^<>]*>([^<]*)", re.IGNORECASE)
_PASSWORD_FIELD = re.compile(r"<input\b[^<>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_SAMETIME = re.compile(r"\bsametime\b", re.IGNORECASE)
_SAML_FIELD = re.compile(r"<input\b[^<>]*\bname\s*=\s*[\"']?(?:SAMLRequest|wresult|wctx)\b", re.IGNORECASE)

# Whose page it is, by what it says in its title, its first headline, or (nginx) below its error message.
_WELCOME = (
    ("nginx", re.compile(r"welcome to nginx|test page for the nginx", re.IGNORECASE)),
    ("IBM HTTP Server", re.compile(r"ibm http server", re.IGNORECASE)),
    ("Tomcat", re.compile(r"\bapache tomcat(/[\d.]+)?\s*$|^it works !$", re.IGNORECASE)),
    ("Apache", re.compile(r"apache2? .*default page|^it works!|apache http server test page", re.IGNORECASE)),
    ("IIS", re.compile(r"\biis windows|^iis\d*$|internet information services", re.IGNORECASE)),
    ("WebSphere", re.compile(r"websphere.*(welcome|liberty)|welcome to liberty|open liberty", re.IGNORECASE)),
)
_ERROR_PAGES = (
    ("nginx", re.compile(r"<center>(?:nginx|openresty)\b", re.IGNORECASE)),
    ("Tomcat", re.compile(r"<title>HTTP Status \d{3}|<h3>Apache Tomcat/", re.IGNORECASE)),
    ("WebSphere", re.compile(r"\bSRVE\d{4}E\b|\bCWWKS\d{4}|Context Root Not Found", re.IGNORECASE)),
    ("IBM HTTP Server", re.compile(r"<address>IBM_HTTP_Server", re.IGNORECASE)),
    ("Apache", re.compile(r"<address>Apache\b|<title>\d{3} [\w ]+</title>\s*</head><body>\s*<h1>", re.IGNORECASE)),
    ("IIS", re.compile(r"<title>IIS \d|<h2>\d{3} - |<title>\d{3} - ", re.IGNORECASE)),
)


def body_kind(body: bytes) -> str:
    """empty, json, html, text or binary."""
    if not body.strip():
        return "empty"
    text = text_of(body)
    if _HTML.match(text):
        return "html"
    if text.lstrip().startswith(("{", "[")) and _json(body) is not None:
        return "json"
    return "text" if text.isprintable() or not re.search(r"[\x00-\x08\x0e-\x1f\ufffd]", text) else "binary"


def text_of(body: bytes) -> str:
    """The beginning of a body as text: UTF-8, with a mark where it is none."""
    return body[:_PAGE_LIMIT].decode("utf-8", "replace").removeprefix("\ufeff")


def proxy_info_of(body: bytes) -> ProxyInfo | None:
    """What STProxy says of itself; None when this is not its JSON. Extra keys are fine, and missing ones too."""
    document = _json(body)
    if not isinstance(document, dict) or not any(key in document for key in PROXY_INFO_KEYS):
        return None
    further = [str(key)[:60] for key in document if key not in PROXY_INFO_KEYS]
    return ProxyInfo(
        is_saml=_boolean(document.get("isSAML")),
        is_oidc=_boolean(document.get("isOIDC")),
        oidc_issuer=_address(document.get("oidcIssuer")),
        idp_url=_address(document.get("IDPUrl")),
        community_connected=_boolean(document.get("communityConnected")),
        further_keys=further[:_KEYS_LIMIT],
    )


def page_facts(body: bytes) -> PageFacts:
    """What an HTML page (or a server's short message) shows of itself."""
    text = text_of(body)
    title, headline = _first(_TITLE, text), _first(_HEADLINE, text)
    shown = [words for words in (title, headline) if words]
    maker = next((name for name, words in _WELCOME if any(words.search(line) for line in shown)), None)
    welcome = maker is not None and not re.match(r"HTTP Status \d|\d{3}\b", title or "")
    if not welcome:
        maker = next((name for name, mark in _ERROR_PAGES if mark.search(text)), None)
    login = bool(_PASSWORD_FIELD.search(text) or _SAML_FIELD.search(text))
    sametime = bool(_SAMETIME.search(text))
    return PageFacts(title=title or headline, maker=maker, welcome=welcome, login=login, sametime=sametime)


def _json(body: bytes) -> Any:
    """The document, or None."""
    try:
        return msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):  # msgspec's DecodeError is a ValueError
        return None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return None


def _address(value: Any) -> str | None:
    """A URL without what may be secret in it."""
    if not isinstance(value, str) or not value:
        return None
    bare = re.split(r"[?#]", value[:_TEXT_LIMIT], maxsplit=1)[0]
    return re.sub(r"(?<=://)[^/]*@", "", bare)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return " ".join(html.unescape(found[1][:_TEXT_LIMIT]).split()) or None if found else None
