"""Takes a provisioning URL apart as it stands, and keeps its password from everything that comes after.

A password may hold / ? # or @ unencoded, which makes a URL ambiguous. Then the reading is taken that shows less.
"""

from __future__ import annotations

import re

import msgspec

from stdiag.formats.provisioning.encoding import decoded
from stdiag.formats.provisioning.parameters import RULES, is_known, may_be_shown

HIDDEN = "***"

_SETTING = re.compile(r"(?:[?&;/#]|&amp;|%26)([^=&;?#/@]{1,60})=")
_NAMES = "|".join(RULES)
# Between two parameters may stand, by mistake, what is & in XML (&amp;) or encoded (%26), or another mark.
_SEPARATOR = re.compile(
    rf"(&amp;|&|(?:%26|[;?])(?=\s*(?:{_NAMES}|[A-Za-z_]*(?:pass|pwd|secret|token)[A-Za-z_]*)=))", re.IGNORECASE
)


class Pieces(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a URL after its scheme, in working form (see `encoding`). Holds no password."""

    user: str | None
    has_password: bool
    password_misplaces: bool
    """/ ? or # stood in the user name or password, which cuts the URL for everybody who reads it by the rules."""
    host_port: str
    path: str
    has_question_mark: bool
    parameters: list[tuple[str, str | None]]
    """Name and value; None without =. Secret values are hidden."""
    separators: list[str]
    """What stands between parameters, beside &."""
    fragment: str | None
    masked: str


def split_url(rest: str) -> Pieces:
    """The pieces of what follows `scheme://`, in working form."""
    at = _end_of_credentials(rest)
    credentials = rest[:at] if at >= 0 else None
    user, password = _user_and_password(credentials)
    place = rest[at + 1 :]
    host_port = re.split(r"[/\\?#&]", place, maxsplit=1)[0]
    tail = place[len(host_port) :]
    path, question_mark, query, fragment = _tail(tail)
    path = _without_credentials(path)
    tokens = _SEPARATOR.split(query)
    shown_tokens = [token if index % 2 else _masked_token(token) for index, token in enumerate(tokens)]
    masked_query = "".join(shown_tokens)
    if not question_mark:
        # What separated it from the host may be masked now: an @ left in it would be taken for the end of credentials.
        masked_query = masked_query.replace("@", "%40")
    masked_credentials = "" if credentials is None else f"{user}{':' + HIDDEN if password else ''}@"
    masked_fragment = "" if fragment is None else "#" + "&".join(_masked_token(one) for one in fragment.split("&"))
    return Pieces(
        user=user,
        has_password=bool(password),
        password_misplaces=credentials is not None and re.search(r"[/\\?#]", credentials) is not None,
        host_port=host_port,
        path=path,
        has_question_mark=bool(question_mark),
        parameters=[_name_and_value(token) for token in shown_tokens[::2] if token.strip()],
        separators=sorted({one.lower() for one in tokens[1::2]} - {"&"}),
        fragment=fragment,
        masked=masked_credentials + _masked_port(host_port) + path + question_mark + masked_query + masked_fragment,
    )


def split_host_port(text: str) -> tuple[str, str | None]:
    """HOST, HOST:PORT or [ADDRESS]:PORT in its two parts, the brackets kept; no port without a colon."""
    if text.startswith("["):
        inside, closing, port = text.partition("]")
        return inside + closing, port[1:] if port.startswith(":") else (port or None)
    host, colon, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "")
    return (host, port) if colon else (text, None)


def _end_of_credentials(rest: str) -> int:
    """Index of the @ before the host, or -1."""
    authority = len(re.split(r"[/\\?#]", rest, maxsplit=1)[0])
    near = rest.rfind("@", 0, authority)
    far = rest.rfind("@", authority, _start_of_settings(rest, authority))
    if far < 0:
        return near
    query = re.search(r"[?#]", rest)
    in_path = query is None or far < query.start()
    after = re.match(r"[^/\\?#&=]+(?=[/\\?#]|$)", rest[far + 1 :])
    return far if after and (in_path or ":" in rest[:authority]) else near


def _start_of_settings(rest: str, start: int) -> int:
    """Index of the first mark that a documented parameter follows; the end when there is none."""
    for match in _SETTING.finditer(rest, start):
        if is_known(decoded(match[1])):
            return match.start()
    return len(rest)


def _user_and_password(credentials: str | None) -> tuple[str | None, str]:
    if credentials is None:
        return None, ""
    # An encoded colon parts them too: Basic authentication has no user names with a colon (RFC 7617 §2).
    user, *password = re.split(":|%3A", credentials, maxsplit=1)
    return user, "".join(password)


def _tail(tail: str) -> tuple[str, str, str, str | None]:
    """Path, question mark, query and fragment. Without a ? the parameters may stand right in the path."""
    before, has_fragment, fragment = tail.partition("#")
    path, question_mark, query = before.partition("?")
    if not question_mark and (settings := _start_of_settings(before, 0)) < len(before):
        mark = re.match(r"&amp;|%26|[&;/]", before[settings:])
        begin = settings + (mark.end() if mark else 0)
        path, query = before[:begin], before[begin:]
    return path, question_mark, query, fragment if has_fragment else None


def _name_and_value(token: str) -> tuple[str, str | None]:
    name, equals, value = token.partition("=")
    return name, value if equals else None


def _masked_token(token: str) -> str:
    name, value = _name_and_value(token)
    if re.search(r":|%3A", name):
        token = _without_credentials(token)
        name, value = _name_and_value(token)
    if value is None or may_be_shown(decoded(name), decoded(value)):
        return token
    return f"{name}={HIDDEN}"


def _without_credentials(text: str) -> str:
    """`text` of a path, or of a query without a parameter's name: there may stand the rest of a user name that has
    / ? or # in it, and the password."""
    return re.sub(r"(:|%3A).*@", rf"\1{HIDDEN}@", text, count=1, flags=re.DOTALL)


def _masked_port(host_port: str) -> str:
    """What stands where the port belongs may be a password whose @ is missing."""
    host, port = split_host_port(host_port)
    return host_port if not port or not is_hidden_port(port) else f"{host}:{HIDDEN}"


def is_hidden_port(port: str) -> bool:
    """True for text that is too long for a port, or for a slip of the finger in one."""
    return not port.isdigit() and len(port) > 5
