"""Who answers at one address? Pure, and careful: where several causes give the same bytes, none is named."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from stdiag.catalogue.reach import seconds
from stdiag.model import Fault, FaultReason
from stdiag.net.stage import Stage
from stdiag.probes.shared.challenge import offers_basic, schemes_offered
from stdiag.probes.shared.web_exchange import BAD_REQUEST, DEFAULT_PORTS, leads_to_tls
from stdiag.probes.shared.web_facts import Exchange, PageFacts, ProxyInfo

ASKS = (401, 407)
"""Statuses that ask for credentials (RFC 9110 §15.5.2, §15.5.8)."""
BACK_END = (502, 503, 504)
NOT_FOUND = 404

_LOGIN_WORDS = re.compile(
    r"log-?[io]n|sign-?in|\bsso\b|saml|oauth|openid|oidc|adfs|auth|pkms|\bidp\b|siteminder", re.IGNORECASE
)
_APPLICATION_SERVERS = ("Tomcat", "WebSphere")


class Answerer(enum.StrEnum):
    """Who answers, as far as one unauthenticated request tells."""

    STPROXY = "stproxy"
    LOGIN_PAGE = "login-page"
    CREDENTIALS = "credentials"  # a reverse proxy that asks for them
    ELSEWHERE = "elsewhere"  # a redirect to another place
    NOT_STPROXY = "not-stproxy"
    BACKEND_DOWN = "backend-down"
    OTHER_MODE = "other-mode"  # TLS where the URL says plain, or the reverse
    NO_ANSWER = "no-answer"
    NO_TLS = "no-tls"
    NO_CONNECTION = "no-connection"
    UNKNOWN = "unknown"


class Login(enum.StrEnum):
    """How STProxy says that clients log in."""

    PASSWORD = "password"  # noqa: S105 - a way to log in, not a password
    SAML = "saml"
    OIDC = "oidc"
    SAML_AND_OIDC = "saml-and-oidc"
    UNKNOWN = "unknown"


class Classified(NamedTuple):
    """Who answers, and the exchange that shows it."""

    answerer: Answerer
    detail: str
    shown_by: tuple[str, int]
    """proxyinfo, root or other_mode, and which of its exchanges."""


def classify(
    proxyinfo: Sequence[Exchange], *, root: Sequence[Exchange] = (), other_mode: Exchange | None = None, tls: bool
) -> Classified:
    """Who answered at one address, which was asked over TLS or not.

    `proxyinfo` are the exchanges about `/stwebapi/proxyinfo`, one at least, `root` those about `/`; `other_mode` is the
    same question without TLS, or with it.
    """
    first = proxyinfo[0]
    if first.stage in (Stage.NAME, Stage.TCP):
        return Classified(Answerer.NO_CONNECTION, "no connection", ("proxyinfo", 0))
    if other_mode is not None and (_speaks_plain(other_mode) if tls else other_mode.protocol is not None):
        return Classified(Answerer.OTHER_MODE, "plain HTTP" if tls else "TLS", ("other_mode", 0))
    if first.stage is Stage.TLS:
        return Classified(Answerer.NO_TLS, "the TLS handshake was not finished", ("proxyinfo", 0))
    if first.status is None:
        return Classified(Answerer.NO_ANSWER, no_answer(first), ("proxyinfo", 0))
    left = _leaves(proxyinfo)
    if left is not None:
        return left
    last, shown_by = proxyinfo[-1], ("proxyinfo", len(proxyinfo) - 1)
    if last.proxy_info is not None:
        return Classified(Answerer.STPROXY, "STProxy", shown_by)
    if last.status is None:
        return Classified(Answerer.NO_ANSWER, no_answer(last), shown_by)
    return _of_status(last, root, shown_by)


def login_of(info: ProxyInfo) -> Login:
    """How clients log in, as STProxy says."""
    match info.is_saml, info.is_oidc:
        case True, True:
            return Login.SAML_AND_OIDC
        case True, _:
            return Login.SAML
        case _, True:
            return Login.OIDC
        case False, False:
            return Login.PASSWORD
    return Login.UNKNOWN


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL (RFC 6454 §4)."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)


def names_a_login(url: str) -> bool:
    """True when a URL looks like one of a login, by the words in it."""
    return _LOGIN_WORDS.search(url.partition("://")[2]) is not None


def no_answer(exchange: Exchange) -> str:
    """Why there is no whole answer, as a clause."""
    fault = exchange.fault or Fault(FaultReason.CLOSED)
    began = exchange.status is not None
    match fault.reason:
        case FaultReason.SILENT | FaultReason.SLOW | FaultReason.TIMEOUT:
            what = "the answer was not finished" if began else "no answer came"
            return f"{what} within {seconds(exchange.duration_us):g} s"
        case FaultReason.RESET:
            return "the connection was reset" + (" in the middle of the answer" if began else "")
        case FaultReason.CLOSED:
            return "the answer broke off before its end" if began else "the connection was ended without an answer"
        case FaultReason.MALFORMED if began:
            return "the answer is encoded in a way that was not asked for"
        case FaultReason.MALFORMED:
            return "what came is not HTTP"
        case _:
            return "the connection broke"


def _speaks_plain(other: Exchange) -> bool:
    """A TLS port answers plain HTTP too: with 400, or with a redirect to itself (nginx's error 497)."""
    if other.status in (None, BAD_REQUEST):
        return False
    return not leads_to_tls(other, urlsplit(other.url).port or 80)


def _leaves(hops: Sequence[Exchange]) -> Classified | None:
    """The first redirect away from the URL's own scheme, host and port; or one that never ends."""
    home = origin(hops[0].url)
    for index, hop in enumerate(hops):
        if hop.location is None:
            return None
        if origin(hop.location) != home:
            page = hops[-1].page
            to_login = names_a_login(hop.location) or (page is not None and page.login)
            who = Answerer.LOGIN_PAGE if to_login else Answerer.ELSEWHERE
            return Classified(who, f"redirect to {hop.location}", ("proxyinfo", index))
    return Classified(Answerer.ELSEWHERE, "a redirect without end", ("proxyinfo", len(hops) - 1))


def _of_status(last: Exchange, root: Sequence[Exchange], shown_by: tuple[str, int]) -> Classified:
    page = last.page or PageFacts()
    if last.status in ASKS and (offers_basic(schemes_offered(last.challenge)) or not page.login):
        return Classified(Answerer.CREDENTIALS, f"asks for credentials (status {last.status})", shown_by)
    if page.login:
        return Classified(Answerer.LOGIN_PAGE, "a login page", shown_by)
    if last.status in BACK_END:
        return Classified(Answerer.BACKEND_DOWN, f"status {last.status}", shown_by)
    if last.status == NOT_FOUND:
        return _not_found(page, root, shown_by)
    if last.status == 200:
        return _of_page(last, page, shown_by, redirected=shown_by[1] > 0)
    return Classified(Answerer.UNKNOWN, f"status {last.status}", shown_by)


def _of_page(last: Exchange, page: PageFacts, shown_by: tuple[str, int], *, redirected: bool) -> Classified:
    """Status 200, but not STProxy's JSON."""
    if last.fault is not None and last.fault.reason is not FaultReason.TOO_LARGE:
        return Classified(Answerer.NO_ANSWER, no_answer(last), shown_by)
    if page.welcome:
        return Classified(Answerer.NOT_STPROXY, f"the default page of {page.maker}", shown_by)
    match last.body:
        case "json":
            return Classified(Answerer.NOT_STPROXY, "another service's JSON", shown_by)
        case "html":
            # An older STProxy may send its visitors to the web client, whatever they ask for.
            if redirected or "sametime" in (page.title or "").lower():
                return Classified(Answerer.UNKNOWN, "a web page", shown_by)
            return Classified(Answerer.NOT_STPROXY, "a web page where JSON belongs", shown_by)
        case "text" | "binary" if last.fault is not None:
            return Classified(Answerer.NOT_STPROXY, "far more data than the Sametime Proxy sends there", shown_by)
        case "text" | "binary":
            return Classified(Answerer.NOT_STPROXY, f"{last.body} where JSON belongs", shown_by)
        case _:
            return Classified(Answerer.UNKNOWN, "an empty answer", shown_by)


def _not_found(page: PageFacts, asked: Sequence[Exchange], shown_by: tuple[str, int]) -> Classified:
    """An older STProxy has no such page; where the server's own welcome page stands, nothing has been set up."""
    root = asked[-1] if asked else None
    welcome = root.page if root is not None and root.page is not None and root.page.welcome else None
    if welcome is None:
        return Classified(Answerer.UNKNOWN, f"status {NOT_FOUND}", shown_by)
    if page.maker in _APPLICATION_SERVERS and page.maker != welcome.maker:
        # The front passes this path on, and an application server behind it does not know it.
        return Classified(Answerer.UNKNOWN, f"status {NOT_FOUND} from {page.maker}", shown_by)
    what = f"the default page of {welcome.maker}"
    return Classified(Answerer.NOT_STPROXY, what, ("root", len(asked) - 1))
