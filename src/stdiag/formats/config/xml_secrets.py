"""Secrets in a configuration file: masked before a value enters a document."""

from __future__ import annotations

import re

from stdiag.formats.config.document import MASK
from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.url import UrlContext

_NEVER = frozenset({"tokendomain", "multitenancy/key"})
"""Documented elements that hold no secret, whatever their names say."""

_ANYWHERE = re.compile(r"(?i)pass(?:word|wd|phrase|code)|pwd|secret|kennwort|credential")
_LAST_WORD = re.compile(
    r"(?:^|[_.:-])(?i:pass|pw|token2?|keys?)$|(?<=[a-z0-9])(?:Pass|PW|Token2?|Keys?)$"
    r"|(?i:api|private|access|shared)[_.-]?(?i:keys?)$"
)
_HARMLESS = re.compile(r"(?i)true|false|yes|no|on|off|[01]|")
_PROVISIONING = re.compile(r"(?i)\s*[\"'<]?\s*(?:hcl)?sametime\s*:")
_AUTHORITY = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)([^/?#\s]*)@")
_WITH_MAIL = re.compile(
    r"[^\s:]*://(?:[^/?#\s@]*@)?[^:/?#\s@]*(?::[0-9]{1,5})?(?=[/?#])[^\s@]*[?&][\w.-]+=[^\s@?&=]+@[^\s/:@]*"
)
"""HOST:PORT/PATH?email=NAME@DOMAIN: looks like a password with / in it, and is none."""

# A password with / ? or # in it, which ends the authority for everybody who reads the URL by the rules.
_CUT_AUTHORITY = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)([^:/?#\s@]*):([^\s]*)@")
_ASSIGNMENT = re.compile(r"(?<![\w.-])([\w.-]+)(\s{0,3}=\s{0,3})(\"[^\"]*\"|'[^']*'|[^\s&;,\"']+)")
_ASSIGNED = re.compile(r"(?i)pass|pwd|secret|token|api[_-]?key")
_NO_SLASHES = re.compile(r"(?i)^(\s*(?:hcl)?sametime\s*:/{0,2})([^:@\s]*):.*@", re.DOTALL)
_LONGEST = 4096
"""Characters of a value that is looked through; a longer one is no setting that anybody typed."""


def masked_value(name: str, value: str) -> str:
    """`value` of the setting `name` (a path of elements) as it may be shown: *** for all of it or for a part."""
    if _is_secret(name) and not _HARMLESS.fullmatch(value):
        return MASK
    if len(value) > _LONGEST:
        return value if not _may_hold_a_secret(value) else MASK
    if _PROVISIONING.match(value):
        return _masked_provisioning(value)
    if not _may_hold_a_secret(value):
        return value
    # Word by word, and of a word only what stands before its last @: else a long value would cost the square of it.
    words = re.split(r"(\s+)", value)
    return _masked_assignments("".join(_masked_credentials(word) for word in words))


def _is_secret(name: str) -> bool:
    plain = re.sub(r"\[\d+\]", "", name).lower()
    if plain in _NEVER:
        return False
    last = re.sub(r"\[\d+\]$", "", name.rpartition("/")[2].removeprefix("@"))
    return bool(_ANYWHERE.search(last) or _LAST_WORD.search(last))


def _may_hold_a_secret(value: str) -> bool:
    return "://" in value or bool(_ANYWHERE.search(value)) or bool(re.search(r"(?i)(?:token|key)\s*=", value))


def _masked_provisioning(value: str) -> str:
    try:
        url = parse_provisioning(value, UrlContext.SERVER)
    except FormatError:
        return _NO_SLASHES.sub(rf"\1\2:{MASK}@", value)
    # As typed when it holds no secret: quotes around it, say, are a mistake that is to be told.
    return url.masked if MASK in url.masked else value


def _masked_credentials(word: str) -> str:
    before, at, after = word.rpartition("@")
    if not at or "://" not in before:
        return word
    mail = _WITH_MAIL.fullmatch(word)
    return _AUTHORITY.sub(_masked_user, word if mail else _CUT_AUTHORITY.sub(rf"\1\2:{MASK}@", before + at) + after)


def _masked_user(match: re.Match[str]) -> str:
    user, colon, password = match[2].partition(":")
    return f"{match[1]}{user}{colon}{MASK if password else ''}@"


def _masked_assignments(value: str) -> str:
    """password=… and the like, in a JDBC URL or among options."""
    return _ASSIGNMENT.sub(lambda match: _masked_assignment(match[1], match[2], match[3]), value)


def _masked_assignment(name: str, equals: str, value: str) -> str:
    secret = _ASSIGNED.search(name) and not _HARMLESS.fullmatch(value)
    return f"{name}{equals}{MASK if secret else value}"
