"""What a server asks for that wants credentials. Pure."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
# A scheme stands at the beginning or after a comma, and no = follows it: that would be a parameter (RFC 9110 §11.6.1).
_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,40})(?=\s*(?:$|,)|\s+[^\s=,])")
_REALM = re.compile(r'\bBasic\s+(?:[^,]*,\s*)?realm\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', re.IGNORECASE)


def schemes_offered(challenge: str | None) -> list[str]:
    """Names of the authentication schemes in a WWW-Authenticate or Proxy-Authenticate header, as sent."""
    bare = _QUOTED.sub('""', challenge or "")
    return list(dict.fromkeys(_SCHEME.findall(bare)))


def offers_basic(schemes: list[str]) -> bool:
    """True when Basic is among them: the only one that mobile clients speak."""
    return any(scheme.lower() == "basic" for scheme in schemes)


def realm_of(challenge: str | None) -> str | None:
    """The realm of the Basic scheme."""
    found = _REALM.search(challenge or "")
    return (found[1] or found[2] or None) if found else None
