"""Finds what names somebody in a text, and puts pseudonyms in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import unquote_plus

from stdiag.engine.redaction.pseudonyms import PRODUCT_FILES, SUFFIXES, Kind, Pseudonyms, file_names, is_address
from stdiag.formats.provisioning.parameters import RULES

REMOVED = "(redacted)"

_NO_PLACES = ("system", "direct", "prompt")
"""Words of the site file where a proxy may stand."""

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,30}):/{2,}"
    r"(?P<rest>[^\s\"'<>,;()\[\]{}]*(?:\[[0-9A-Fa-f:.%]*\][^\s\"'<>,;()]*)?)"
)
_FOUND = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*)"
    r"|(?P<v4>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d))"
    r"|(?P<v6>(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?![\w:]))"
    r"|(?P<windows>(?<!\w)(?:[A-Za-z]:|\\)\\[^\s\"'<>|;,]+)"
    r"|(?P<path>(?<![\w:/.])(?:/[\w.+@~%-]+){2,}/?)"
    r"|(?P<name>(?<![\w-])(?<![\w-]\.)(?:\*\.)?(?:\w(?:[\w-]{0,61}\w)?\.+)+[^\W\d_][\w-]{1,62}(?![\w-]))"
)
_ENDINGS = """
    asp aspx bat cfg class cmd css dll exe gif gz htm ico ini jpg js jsp lock nsf php png properties ps1 py sh so svg
    tar war yaml yml
"""
_NO_DOMAINS = frozenset(_ENDINGS.split())
_OUR_PATHS = (
    "/stwebapi",
    "/stwebclient",
    "/CommunityCBR",
    "/communityCBR",
    "/3/device",
    "/etc/hosts",
    "/etc/ssl/",
    "/etc/pki/",
    "/usr/share/",
    "/v1/",
)
"""Paths that Sametime, Apple or the system have everywhere."""
_OUR_PAGES = ("/chat", "/meeting", "/stmeetings")
"""Pages of Sametime's own; what stands below them may name a room."""

_OUR_NAMES = ("com.ibm.", "com.hcl.")
"""How Java packages begin, and settings of the clients: no hosts."""

_COMMON = """
    admin administrator all android api apns auth chat client clients cert certificate closed community connect dns
    error file gateway guest home host http https inside internal internet intranet ios lab ldap local localhost login
    mail mobile mux name none open optional organisation organization password path paths port proxy public push reverse
    root sametime server socks stproxy system target test the tls unknown user users web www
"""
COMMON = frozenset(_COMMON.split())
"""Words that texts of stdiag's own have: as somebody's name they are replaced only where nothing but a name can
stand (alone, in a URL, in quotation marks), or no sentence could be read any more."""

_MARKS = (('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"))
_SHORTEST = 3
"""Characters of a name that is looked for inside sentences."""
_NOTHING = re.compile(r"(?!)")
_KNOWN = frozenset(name.lower() for name in RULES)
_LITERAL = frozenset({"true", "false", "yes", "no", "on", "off", "***", "", "addcommunity"})


class Texts:
    """What is known of a report's names, and how texts are rewritten with it."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self.pseudonyms = pseudonyms
        self._words: re.Pattern[str] | None = None
        self._word_of: dict[str, Callable[[], str]] = {}
        self.learning = True
        """In pass one the words are still being collected, and what is rewritten is thrown away."""

    # Pass one: what is there.

    def learn(self, kind: Kind, text: str) -> None:
        """`text` is a name of this kind, wherever it stands."""
        text = text.strip()
        if not text or text == REMOVED:
            return
        match kind:
            case Kind.HOST:
                self.pseudonyms.host(text)
                names = [text.rstrip(".")] if "." not in text.rstrip(".") else []
            case Kind.FILE:
                self.pseudonyms.other(kind, text)
                names = file_names(text)
            case _:
                self.pseudonyms.other(kind, text)
                names = [text]
        for name in names:
            if len(name) < _SHORTEST or name.casefold() in COMMON:
                for left, right in _MARKS:
                    self._add(f"{left}{name}{right}", partial(self._in_marks, kind, text, left, right))
            elif name != "stdiag.toml":
                self._add(name, partial(self.named, kind, text))

    def _in_marks(self, kind: Kind, text: str, left: str, right: str) -> str:
        return f"{left}{self.named(kind, text)}{right}"

    def learn_quotation(self, text: str) -> None:
        """Somebody else's words: they go wherever they stand."""
        if len(text.strip()) > _SHORTEST:
            self._add(text.strip(), lambda: REMOVED)

    def _add(self, word: str, made: Callable[[], str]) -> None:
        if word.casefold() not in self._word_of:
            self._word_of[word.casefold()] = made
            self._words = None

    def named(self, kind: Kind, text: str) -> str:
        """The pseudonym for a name of this kind."""
        return self.pseudonyms.host(text) if kind is Kind.HOST else self.pseudonyms.other(kind, text)

    # Pass two: in its place. Pass one calls it too, so that every name in a text has been seen before.

    def place(self, text: str) -> str:
        """A host or an address, with or without port, or a URL."""
        if text in _NO_PLACES or _URL.search(text):
            return self.text(text)
        if is_address(text.strip("[]")):
            made = self.pseudonyms.address(text.strip("[]"))
            return f"[{made}]" if text.startswith("[") else made
        if (match := re.fullmatch(r"\[([0-9A-Fa-f:.%]+)\](:\d+)", text)) and is_address(match[1]):
            return f"[{self.pseudonyms.address(match[1])}]{match[2]}"
        if match := re.fullmatch(r"(\*\.)?([\w-]+(?:\.+[\w-]+)*\.?)((?::\d+)?)", text):
            bare = match[2]
            made = self.pseudonyms.address(bare) if is_address(bare) else self.pseudonyms.host(bare)
            if "." not in bare.rstrip("."):
                self.learn(Kind.HOST, bare)
            return f"{match[1] or ''}{made}{match[3]}"
        return self.text(text)

    def text(self, text: str) -> str:
        """Free text with everything replaced in it that names somebody."""
        if text == "***":
            return text
        done, parts = 0, []
        for match in _URL.finditer(text):
            parts += [self._sentence(text[done : match.start()]), self._url(match)]
            done = match.end()
        return "".join([*parts, self._sentence(text[done:])])

    def _sentence(self, text: str) -> str:
        """Text without a URL: what looks like a name or an address, and what is known as one, whichever is longer."""
        words, done, parts = self._known_words(), 0, []
        found, word = _FOUND.search(text), words.search(text)
        while found or word:
            if found and found.start() < done:
                found = _FOUND.search(text, done)
            elif word and word.start() < done:
                word = words.search(text, done)
            elif found and (word is None or _first(found, word) is found):
                made = self._found(found)
                if made == found[0]:  # it only looked like one
                    made = words.sub(self._word, made)
                parts += [text[done : found.start()], made]
                done = found.end()
                found = _FOUND.search(text, done)
            elif word:
                parts += [text[done : word.start()], self._word(word)]
                done = word.end()
                word = words.search(text, done)
        return "".join([*parts, text[done:]])

    def _known_words(self) -> re.Pattern[str]:
        if self.learning:
            return _NOTHING
        if self._words is None:
            longest_first = sorted(self._word_of, key=len, reverse=True)
            pattern = "|".join(map(re.escape, longest_first)) or _NOTHING.pattern
            self._words = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
        return self._words

    def _word(self, match: re.Match[str]) -> str:
        made = self._word_of.get(match[0].casefold())
        return made() if made else REMOVED  # a character that folds in more than one way

    def _found(self, match: re.Match[str]) -> str:
        text = match[0]
        match match.lastgroup:
            case "v4" | "v6":
                return self.pseudonyms.address(text) if is_address(text) and len(text) > 2 else text
            case "mail":
                user, _, host = text.partition("@")
                return f"{self.pseudonyms.other(Kind.USER, user)}@{self.pseudonyms.host(host)}"
            case "path":
                return text if text.startswith(_OUR_PATHS) else self.pseudonyms.other(Kind.FILE, text)
            case "windows":
                return self.pseudonyms.other(Kind.FILE, text)
            case _:
                ending = text.rpartition(".")[2].lower()
                if (
                    text == "stdiag.toml"
                    or ending in _NO_DOMAINS
                    or text in PRODUCT_FILES
                    or text.startswith(_OUR_NAMES)
                ):
                    return text
                if f".{ending}" in SUFFIXES:
                    return self.pseudonyms.other(Kind.FILE, text)
                return self.pseudonyms.host(text)

    def _url(self, match: re.Match[str]) -> str:
        rest = match["rest"]
        tail = rest[len(rest.rstrip(".:!")) :]
        rest = rest[: len(rest) - len(tail)]
        cut = re.match(r"(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\??[^#]*)", rest)
        if cut is None:
            return f"{match['scheme']}://{REMOVED}"
        user, at, place = cut["authority"].rpartition("@")
        credentials = user if set(user) <= set("*:") or user == "%s" else self.pseudonyms.other(Kind.USER, user)
        host = self.place(place) if place else ""
        return f"{match['scheme']}://{credentials}{at}{host}{self._path(cut['path'])}{self._query(cut['query'])}{tail}"

    def _path(self, path: str) -> str:
        if path in ("", "/") or path.startswith(_OUR_PATHS) or path.rstrip("/") in _OUR_PAGES:
            return path
        return self.pseudonyms.other(Kind.PATH, path)

    def _query(self, query: str) -> str:
        return "".join(
            part if part in ("", "?", "&", "***") else self._pair(part) for part in re.split(r"([?&])", query)
        )

    def _pair(self, part: str) -> str:
        name, _, value = part.partition("=")
        shown = name if name.lower() in _KNOWN else "redacted"
        if value.lower() in _LITERAL or value.isdigit():
            return f"{shown}={value}"
        kind = Kind.USER if "user" in name.lower() else Kind.ORGANISATION
        meant = unquote_plus(value).strip() or value
        self.learn(kind, meant)
        return f"{shown}={self.named(kind, meant)}"


def _first(found: re.Match[str], word: re.Match[str]) -> re.Match[str]:
    """The one that stands first, of two that begin together the longer one, of two equal ones the known word."""
    return min(word, found, key=lambda match: (match.start(), -match.end()))
