"""Which values are secret, and what of them may be kept: names decide, and the credentials inside of URLs."""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from stdiag.formats.config.document import MASK, Place, Slip
from stdiag.formats.config.environment_slips import COMMON, DOCUMENTATION, INSTALLER, EnvironmentSlip
from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.url import UrlContext

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ALWAYS = frozenset({"password", "passwords", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "secret"}) | {
    "secrets",
    "credential",
    "credentials",
    "apikey",
}
_USUALLY = frozenset({"token", "tokens", "key", "keys"})
"""Secret as a word of a name, unless the value is plainly something else: a path, true or false."""
_ABOUT_WORDS = """
    age algorithm alias audience audiences class days duration enable enabled expiration expiry file hours id interval
    issuer label length level minutes name only path port refresh seconds size store suites ttl type uri url version
"""
_ABOUT_ONE = frozenset(_ABOUT_WORDS.split())
"""A name that ends so tells about a secret and is none: LTPA_KEYS_FILE_PATH, JWT_REFRESH_TOKEN_DAYS."""
_NAMES_OF_SECRETS = re.compile(r"(?:certificate|cert|config|tls|pull|keystore|truststore|existing)secrets?$", re.I)
"""Keys of values.yaml that hold the name of a Kubernetes secret, and not a secret."""
_PATH = re.compile(r"(?:/|\.{1,2}/|[A-Za-z]:[\\/]|\$\{?\w+\}?/)")
_REFERENCE = re.compile(r"\$(?:\{\w+\}|\w+)")
_TOKEN_KINDS = re.compile(r"(?:fork:)?[a-z]{2,10}(?:\s*,\s*[a-z]{2,10})*", re.IGNORECASE)
"""The value of ST_AUTH_TOKEN: which kinds of tokens are accepted."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://")
_WITH_COLON = re.compile(r"://(?=[^\s/@?#:]*[:@])")
"""A URL in which a password may begin, with any characters in it."""
_HOSTS = re.compile(r"[A-Za-z0-9._\-\[\]:,%${}]+(?=[/?#\s\"']|$)")
_QUERY = re.compile(
    r"([?&;](?:amp;)?[\w.\-]{0,40}(?:pass|pwd|secret|token|api_?key)(?![\w.\-]{0,40}file)[\w.\-]{0,40}=)[^&;#\s\"']+",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"((?:passw|passphrase|pwd|secret|token|api_?key|credential)[\w.\-]{0,40}\s{0,8}[=:]\s{0,8})"
    r"(\"[^\"]*\"?|'[^']*'?|[^\s,;&\"']+)",
    re.IGNORECASE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
"""An escape can make one, and no report can hold it."""
_PRIVATE_KEY = re.compile(r"PRIVATE KEY-----")

_PROVISIONING = re.compile(r"\s*[\"'`<]?\s*(?:hcl)?sametime\s*:", re.IGNORECASE)
_DATABASE = re.compile(r"(mongodb(?:\+srv)?:)(/*)", re.IGNORECASE)

_KNOWN_PASSWORDS = {
    "WebAS": COMMON,
    "sametime": COMMON,
    "samet1me": DOCUMENTATION,
    "SecureSametimePassw0rd": DOCUMENTATION,
    "ldaptruststorepass": DOCUMENTATION,
    "samltruststorepass": DOCUMENTATION,
    "keystorepass": DOCUMENTATION,
    "keystore_password": DOCUMENTATION,
    "liberty_server_password": DOCUMENTATION,
    "mongodb_password": DOCUMENTATION,
    "password": COMMON,
    "changeit": COMMON,
    "secret": COMMON,
}
"""HCL's pages, and Java's customary password."""


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a value."""

    value: str
    slips: list[Slip] = []
    secret: bool = False
    """The whole of it is masked."""


def keep(name: str, value: str, place: Place) -> Kept:
    """`value` of the setting `name` without its secrets, and what is wrong with those. `place` is the setting's."""
    value = _SURROGATE.sub("\ufffd", value)
    *above, plain = name.replace("\\", "").split("/")
    if above and plain.lower() in ("value", "data", "stringdata", "content"):
        plain = above[-1]
    if is_secret(plain, value):
        return Kept(MASK, _of_secret(plain, value, name, place), secret=True)
    if _PROVISIONING.match(value):
        return _provisioning(value, name, place)
    if _DATABASE.match(value.strip()):
        return _database(value.strip(), name, place)
    return Kept(masked_text(value))


def is_secret(name: str, value: str) -> bool:
    """True when nothing of `value` may be kept, for what the setting is called."""
    if value.strip().lower() in ("", "true", "false") or _REFERENCE.fullmatch(value.strip()):
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[-1] in _ABOUT_ONE or _NAMES_OF_SECRETS.search(name):
        return False
    if name.endswith("ST_AUTH_TOKEN"):
        return not _TOKEN_KINDS.fullmatch(value.strip())
    if not _ALWAYS.isdisjoint(words):
        return True
    return not _USUALLY.isdisjoint(words) and not _PATH.match(value)


def masked_text(value: str) -> str:
    """`value` with *** for the user and password of URLs in it, and for what follows `password=` and the like."""
    if _PRIVATE_KEY.search(value):
        return MASK
    shown = _QUERY.sub(rf"\1{MASK}", _OPTION.sub(rf"\1{MASK}", value))
    return _without_credentials(shown)


def _without_credentials(value: str) -> str:
    """The text up to the last @ that a host follows may be a password, with any character in it. Sooner too much is
    masked than too little: what follows such a URL may go too."""
    if url := _WITH_COLON.search(value):
        at = _last_at(value, url.end())
        return value if at < 0 else f"{value[: url.end()]}{MASK}@{value[at + 1 :]}"
    return "".join(part if part.isspace() else _word_without(part) for part in re.split(r"(\s+)", value))


def _word_without(word: str) -> str:
    """Credentials without a scheme before them, and a user alone in a URL."""
    at = _last_at(word, 0)
    if at < 0:
        return word
    url = _URL.search(word)
    if url is not None and url.end() <= at:
        return f"{word[: url.end()]}{MASK}@{word[at + 1 :]}"
    return f"{MASK}@{word[at + 1 :]}" if ":" in word[:at] else word


def _last_at(text: str, start: int) -> int:
    """Where the last @ is that a host follows; -1 for none."""
    at = text.rfind("@", start)
    while at >= 0 and not _HOSTS.match(text, at + 1):
        at = text.rfind("@", start, at)
    return at


def _of_secret(plain: str, value: str, name: str, place: Place) -> list[Slip]:
    slips: list[Slip] = []
    bare = value.replace("\\_", "_")
    if bare in _KNOWN_PASSWORDS:
        own = (bare, True) in (("WebAS", "LTPA" in plain.upper()), ("sametime", "MONGO" in plain.upper()))
        detail = INSTALLER if own else _KNOWN_PASSWORDS[bare]
        slips.append(Slip(kind=EnvironmentSlip.DEFAULT_PASSWORD, place=place, name=name, detail=detail))
    if re.fullmatch(r"<[^<>]+>", value.strip()):
        slips.append(Slip(kind=EnvironmentSlip.PLACEHOLDER, place=place, name=name))
    if plain.lower().endswith("base64") and (problem := _base64_problem(value)):
        slips.append(Slip(kind=EnvironmentSlip.BASE64, place=place, name=name, detail=problem))
    return slips


def _base64_problem(value: str) -> str | None:
    try:
        decoded = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return "it is not base64"
    if decoded.endswith((b"\n", b"\r")):
        return "a line break is encoded in it, as by echo without -n"
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError:
        return "what it encodes is no text: probably it is the password itself"
    return None if text.isprintable() else "what it encodes is no text: probably it is the password itself"


def _provisioning(value: str, name: str, place: Place) -> Kept:
    try:
        url = parse_provisioning(value, UrlContext.SERVER)
    except FormatError:
        # Without a scheme that can be read nobody knows where a password begins.
        before, at, after = value.rpartition("@")
        head = re.match(r"\s*[A-Za-z]+\s*:/*", before)
        shown = value if not at else f"{head[0] if head else ''}{_user_of(before[head.end() if head else 0 :])}@{after}"
        return Kept(_QUERY.sub(rf"\1{MASK}", shown))
    if MASK not in url.masked:
        return Kept(value)  # as typed: quotes around it are a mistake that is to be told
    masked = parse_provisioning(url.masked, UrlContext.SERVER)
    hidden = [defect for defect in url.defects if defect not in masked.defects]
    return Kept(
        url.masked,
        [
            Slip(
                kind=EnvironmentSlip.PROVISIONING,
                place=place,
                name=name,
                detail=msgspec.json.encode(defect).decode("utf-8"),
            )
            for defect in hidden
        ],
    )


def _user_of(credentials: str) -> str:
    """Only the placeholder is surely no secret."""
    return "%s" if credentials == "%s" else MASK


def _database(value: str, name: str, place: Place) -> Kept:
    """A MongoDB connection string: the whole of its credentials is masked."""
    slips: list[Slip] = []

    def note(kind: EnvironmentSlip, detail: str) -> None:
        slips.append(Slip(kind=kind, place=place, name=name, detail=detail))

    found = _DATABASE.match(value)
    head, rest = (found[0], value[found.end() :]) if found else ("", value)
    if found and found[2] != "//":
        note(EnvironmentSlip.DATABASE_URL, f"// is missing after {found[1]}")

    at = _last_at(rest, 0)
    if at < 0:
        authority = re.split(r"[/?]", rest, maxsplit=1)[0]
        if all(re.fullmatch(r"(?:\[[^\]]*\]|[^:@\[\]]*)(?::\d*)?", host) for host in authority.split(",")):
            return Kept(_QUERY.sub(rf"\1{MASK}", value), slips)
        note(EnvironmentSlip.DATABASE_URL, "no @ stands between the password and the host")
        return Kept(f"{head}{MASK}", slips)
    credentials, place_and_options = rest[:at], rest[at + 1 :]
    if not _REFERENCE.fullmatch(credentials):
        user, colon, password = credentials.partition(":")
        for part, text in (("user name", user), ("password", password)):
            if re.search(r"[/?#\[\]:@]|%(?![0-9A-Fa-f]{2})", re.sub(r"\$\{[^}]*\}", "", text)):
                note(EnvironmentSlip.DATABASE_URL, f"a character that must be encoded stands in the {part}")
        bare = password.replace("\\_", "_")
        if colon and bare in _KNOWN_PASSWORDS:
            note(EnvironmentSlip.DEFAULT_PASSWORD, INSTALLER if bare == "sametime" else _KNOWN_PASSWORDS[bare])
        if re.fullmatch(r"<[^<>]+>", password):
            note(EnvironmentSlip.PLACEHOLDER, "")
    shown = _QUERY.sub(rf"\1{MASK}", place_and_options)
    return Kept(f"{head}{MASK}@{shown}", slips)
