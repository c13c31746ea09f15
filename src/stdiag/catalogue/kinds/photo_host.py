"""Kinds about what the photo host answers, and whom it lets through."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import net, prov_server, tls_handshake
from stdiag.model import Severity

_ASK = "curl -vk --max-time 10 -o photo.bin {photo_url}"
_NONE_SEEN = "web and mobile users, and Meetings: they see no photo where this one belongs"
_CHAT_GOES_ON = "chat and everything else"

# Without a connection or TLS nothing can be said of what lies behind; and where something else answers in the Sametime
# Proxy's place, its copies do not come either.
NO_WAY_THERE = tuple(
    kind.code for kind in (*net.KINDS, *tls_handshake.KINDS, *prov_server.KINDS) if kind.severity is Severity.ERROR
)

PHOTO_OPEN_TO_EVERYBODY = FindingKind(
    code="photo-open-to-everybody",
    severity=Severity.ERROR,
    summary="Anybody who reaches {who} can read staff photos.",
    params=("who", "photo_url", "picture"),
    evidence="asked without a cookie: {picture}",
    affects="everybody whose photo is there: who knows or guesses a mail address sees the face",
    reach=2,
    remedy="photo-access",
    page="photo-open",
    proof=_ASK,
)
"""Params: who (`the photo host`, `the Sametime Proxy's copies`), photo_url (asked), picture (`JPEG, 96 x 96`)."""

PHOTO_COOKIE_BY_NAME = FindingKind(
    code="photo-cookie-by-name",
    severity=Severity.INFO,
    summary="The photo host looks at the cookie's name only: a made-up value of {cookies} opens the photo.",
    params=("cookies", "photo_url"),
    evidence="{photo_url}",
    affects="nobody is stopped: who sets such a cookie by hand, or is a guest, sees the photos",
    reach=4,
    remedy="photo-access",
    page="photo-open",
)
"""Params: cookies (names), photo_url."""

PHOTO_STPROXY_REFUSED = FindingKind(
    code="photo-stproxy-refused",
    severity=Severity.ERROR,
    summary="The photo host does not let the Sametime Proxy's machine through without a cookie.",
    params=("photo_url", "status", "location"),
    evidence="status {status}[, sent to {location}]",
    affects="web and mobile users: the Sametime Proxy cannot fetch the photos for them",
    spares="Meetings and desktop clients, which fetch photos themselves and show a cookie",
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-access",
    page="photo-refused",
    proof=_ASK,
)
"""Params: photo_url, status, location (or None)."""

PHOTO_REFUSED = FindingKind(
    code="photo-refused",
    severity=Severity.ERROR,
    summary="{who} keeps {whom} out: the photo is not handed out.",
    params=("who", "whom", "photo_url", "status", "location"),
    evidence="status {status}[, sent to {location}]",
    affects=_NONE_SEEN,
    spares=_CHAT_GOES_ON,
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-access",
    page="photo-refused",
    proof=_ASK,
)
"""Params: who (`The photo host`, `The Sametime Proxy`), whom (`everybody`, `who shows LtpaToken`), photo_url, status,
location (or None)."""

PHOTO_COOKIES_REFUSED = FindingKind(
    code="photo-cookies-refused",
    severity=Severity.ERROR,
    summary="The photo host lets nobody through, whatever cookie is shown.",
    params=("cookies", "photo_url", "status", "location", "candidates"),
    evidence="shown: {cookies}; status {status}[, sent to {location}][; it could be: {candidates}]",
    affects="Meetings and desktop clients, which fetch photos themselves",
    spares="web and mobile users, as long as the Sametime Proxy's address is let through",
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-access",
    page="photo-refused",
    proof="curl -vk --max-time 10 -o photo.bin -b STPluginActivePage=stMeetingroom {photo_url}",
)
"""Params: cookies (names, each with how it was shown), photo_url, status, location (or None), candidates."""

PHOTO_COOKIE_REFUSED = FindingKind(
    code="photo-cookie-refused",
    severity=Severity.WARNING,
    summary="The photo host refuses who shows {refused}, and lets through who shows {accepted}.",
    params=("refused", "accepted", "photo_url"),
    evidence="{photo_url}",
    affects="clients that send only the cookie that is refused: they see no photos",
    spares="web and mobile users, as long as the Sametime Proxy's address is let through",
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-access",
    page="photo-refused",
)
"""Params: refused and accepted (names of cookies), photo_url."""

PHOTO_MISSING = FindingKind(
    code="photo-missing",
    severity=Severity.ERROR,
    summary="There is no such photo: {who} answers {status}.",
    params=("who", "photo_url", "status"),
    evidence="{photo_url}",
    affects=_NONE_SEEN,
    spares=_CHAT_GOES_ON,
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-host",
    page="photo-answer",
    proof=_ASK,
)
"""Params: who (`the photo host`, `the Sametime Proxy`), photo_url, status."""

PHOTO_NOT_AN_IMAGE = FindingKind(
    code="photo-not-an-image",
    severity=Severity.ERROR,
    summary="What comes is no picture: {seen}.",
    params=("seen", "photo_url", "status", "content_type", "title"),
    evidence="status {status}[, Content-Type {content_type}][, title {title}]",
    affects=_NONE_SEEN,
    spares=_CHAT_GOES_ON,
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-host",
    page="photo-answer",
    proof=_ASK,
)
"""Params: seen (a clause: `a web page`), photo_url, status, content_type and title (or None)."""

PHOTO_SERVER_ERROR = FindingKind(
    code="photo-server-error",
    severity=Severity.ERROR,
    summary="{who} answers {status} in place of the photo.",
    params=("who", "photo_url", "status", "server"),
    evidence="{photo_url}[, server {server}]",
    affects=_NONE_SEEN,
    spares=_CHAT_GOES_ON,
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-host",
    page="photo-answer",
    proof=_ASK,
)
"""Params: who (`The photo host`, `The Sametime Proxy`), photo_url, status, server (or None)."""

PHOTO_NO_ANSWER = FindingKind(
    code="photo-no-answer",
    severity=Severity.ERROR,
    summary="The port takes the connection, and gives no proper answer to a question for the photo: {problem}.",
    params=("photo_url", "problem"),
    evidence="{photo_url}",
    affects=_NONE_SEEN,
    spares=_CHAT_GOES_ON,
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-host",
    page="photo-answer",
    proof=_ASK,
)
"""Params: photo_url, problem (a clause)."""

PHOTO_REDIRECTED = FindingKind(
    code="photo-redirected",
    severity=Severity.WARNING,
    summary="The URL only leads on to {location}, and whether the Sametime Proxy follows is not certain.",
    params=("location", "photo_url"),
    evidence="{photo_url}",
    affects="perhaps web and mobile users: Java does not go from http to https by itself",
    spares="browsers, which follow",
    reach=2,
    follows=NO_WAY_THERE,
    remedy="photo-url",
    page="photo-answer",
    proof=_ASK,
)
"""Params: location (where the picture came from in the end), photo_url."""

PHOTO_SLOW = FindingKind(
    code="photo-slow",
    severity=Severity.WARNING,
    summary="The photo took {seconds} s to come.",
    params=("seconds", "photo_url"),
    evidence="{photo_url}",
    affects="web and mobile users wait for faces, or see none until they look again",
    reach=3,
    follows=NO_WAY_THERE,
    remedy="photo-host",
    page="photo-answer",
    proof=_ASK,
)
"""Params: seconds, photo_url."""

KINDS = (
    PHOTO_OPEN_TO_EVERYBODY,
    PHOTO_COOKIE_BY_NAME,
    PHOTO_STPROXY_REFUSED,
    PHOTO_REFUSED,
    PHOTO_COOKIES_REFUSED,
    PHOTO_COOKIE_REFUSED,
    PHOTO_MISSING,
    PHOTO_NOT_AN_IMAGE,
    PHOTO_SERVER_ERROR,
    PHOTO_NO_ANSWER,
    PHOTO_REDIRECTED,
    PHOTO_SLOW,
)
