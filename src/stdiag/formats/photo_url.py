"""PhotoURL values, as a directory has them: where they lead to, and what is wrong with their text."""

from __future__ import annotations

import enum
import re
from urllib.parse import quote, unquote

import msgspec

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.host import canonical_host, port_number
from stdiag.model import bracketed

LONGEST = 2000
"""Characters of a URL."""

DEFAULT_PORTS = {"http": 80, "https": 443}

# Characters that stand for themselves in a URL (RFC 3986 §2.2, §2.3), and the percent sign of what is encoded already.
_AS_THEY_ARE = "!#$%&'()*+,/:;=?@[]~"
_IN_A_NAME = "!$&'()*+,;=:@~"

_PLACEHOLDER = re.compile(
    r"\{[^{}]{0,60}\}|<[^<>]{0,60}>|%(?![0-9A-Fa-f]{2})[A-Za-z_]{3,30}%|%s|\$\{?\(?[A-Za-z_]\w{0,30}[)}]?|%7[Bb]\w{0,60}%7[Dd]"
)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A distinguished name, whose commas, blanks and equals signs belong encoded: CN=Joe Bloggs,O=Example.
_NAME_IN_QUERY = re.compile(r"[?&][\w-]{1,40}=(?:cn|uid|ou|o|dc)=", re.IGNORECASE)
_MAIL_FILE = re.compile(r"[^@/\s]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\.(?:jpe?g|gif|png)", re.IGNORECASE)


class SlipKind(enum.StrEnum):
    """What is wrong with the text of a PhotoURL."""

    PLACEHOLDER = "placeholder"  # a part that was meant to be filled in
    FORM = "form"  # no http:// or https:// URL with a usable host
    ENCODING = "encoding"  # characters that have to be percent-encoded


class PhotoSlip(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with the text."""

    slip: SlipKind
    detail: str
    """Which part it is, or why, in a few words."""


class PhotoUrl(msgspec.Struct, frozen=True, kw_only=True):
    """One PhotoURL. Holds no user and no password, whatever was typed."""

    text: str
    """Without credentials and fragment, else as typed."""
    host: str = ""
    """Canonical; empty where it names none that can be asked."""
    port: int | None = None
    tls: bool = False
    slips: tuple[PhotoSlip, ...] = ()
    had_credentials: bool = False

    @property
    def askable(self) -> bool:
        """True when it says whom to ask for what."""
        return not any(slip.slip is not SlipKind.ENCODING for slip in self.slips)

    @property
    def request(self) -> str:
        """The URL as it is asked: what has to be encoded is."""
        return quote(self.text, safe=_AS_THEY_ARE)

    @property
    def file_name(self) -> str:
        """The last part of the path, decoded; empty where there is a query, since then it names a program."""
        path, question_mark, _ = self.text.partition("://")[2].partition("?")
        return "" if question_mark else unquote(path.rpartition("/")[2])

    @property
    def named_by_mail(self) -> bool:
        """True for `joe.bloggs@example.com.jpg`, the name that Meetings ask for."""
        return _MAIL_FILE.fullmatch(self.file_name) is not None

    @property
    def in_lower_case(self) -> str | None:
        """The same with the file's name in lower case; None where it has no capitals, or is not named by an address."""
        name = self.file_name
        if not self.askable or not self.named_by_mail or name == name.lower():
            return None
        before, slash, _ = self.request.rpartition("/")
        return f"{before}{slash}{quote(name.lower(), safe=_IN_A_NAME)}"


def parse_photo_url(typed: str) -> PhotoUrl:
    """What `typed`, a PhotoURL of the directory, says. What is wrong with it becomes a slip: it is to be judged.

    Raises FormatError for what is no such value at all: nothing, control characters, a text without end.
    """
    text = typed.strip()
    if not text:
        raise FormatError("the photo's URL is empty", suggestion="write it as the directory has it")
    if len(text) > LONGEST:
        raise FormatError(f"the photo's URL is longer than {LONGEST} characters")
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in text):
        raise FormatError("the photo's URL holds a control character", suggestion="remove it")
    text = text.partition("#")[0]
    url = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://([^/?]*)(.*)", text, re.DOTALL)
    if url is None:
        return PhotoUrl(text=text, slips=(*_placeholders(text), _form("it does not begin with http:// or https://")))
    scheme, authority, rest = url[1].lower(), url[2], url[3]
    user, at, place = authority.rpartition("@")
    bare = f"{scheme}://{place}{rest}"
    slips = (*_placeholders(bare), *_encoding(place, rest))
    found = PhotoUrl(text=bare, slips=slips, had_credentials=bool(at and user))
    if scheme not in DEFAULT_PORTS:
        return msgspec.structs.replace(found, slips=(*slips, _form(f"{scheme}:// is not what photos are fetched by")))
    if not found.askable:
        return found
    try:
        host, port = _host_and_port(place, scheme)
    except FormatError as error:
        return msgspec.structs.replace(found, slips=(*slips, _form(error.problem)))
    own = "" if port == DEFAULT_PORTS[scheme] else f":{port}"
    return msgspec.structs.replace(
        found, text=f"{scheme}://{bracketed(host)}{own}{rest or '/'}", host=host, port=port, tls=scheme == "https"
    )


def _host_and_port(place: str, scheme: str) -> tuple[str, int]:
    """Raises FormatError."""
    split = re.fullmatch(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]*))?", place)
    if split is None:
        raise FormatError(f"{shown(place)} is not a host with or without a port")
    host = canonical_host(split[1].strip("[]"))
    return host, port_number(split[2], place) if split[2] else DEFAULT_PORTS[scheme]


def _form(why: str) -> PhotoSlip:
    return PhotoSlip(slip=SlipKind.FORM, detail=why)


def _placeholders(text: str) -> list[PhotoSlip]:
    return [PhotoSlip(slip=SlipKind.PLACEHOLDER, detail=found[0]) for found in [_PLACEHOLDER.search(text)] if found]


def _encoding(place: str, rest: str) -> list[PhotoSlip]:
    """Host names have their own rules for other letters; what follows them has to be encoded."""
    if _NAME_IN_QUERY.search(rest):
        why = "a distinguished name whose = and , are not encoded"
    elif " " in place + rest:
        why = "a blank"
    elif not rest.isascii():
        why = "letters beyond ASCII"
    elif _BAD_PERCENT.search(rest):
        why = "a % that begins no code"
    else:
        return []
    return [PhotoSlip(slip=SlipKind.ENCODING, detail=why)]
