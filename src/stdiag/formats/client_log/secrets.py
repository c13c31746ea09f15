"""Secrets that people and programs write into logs, masked before anything of a line is quoted."""

from __future__ import annotations

import re

MASK = "***"

_NAMES = (
    r"[\w.-]{0,40}(?:pass(?:word|wd|phrase|code)|pwd|secret|token2?|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|session[_-]?id|credentials?|signature|assertion|samlresponse)|pass|j?sid|auth|nonce"
)
_HEADERS = r"(?:proxy-)?authorization|(?:set-)?cookie2?|x-[a-z-]{0,40}(?:token|key)"
_VALUE = r"(?:\"[^\"]*\"?|'[^']*'?|[^\s&;,\"')\]}]+)"
_RULES = (
    (re.compile(rf"(?i)\b({_HEADERS})(\s*[:=]).*"), r"\1\2 ***"),
    (re.compile(r"(?i)\b(basic|bearer|digest|negotiate|ntlm)(\s+)\S{6,}"), r"\1\2***"),
    (re.compile(r"(?<=://)[^\s/?#]*@"), "***@"),
    (re.compile(rf"(?i)(?<![\w.-])({_NAMES})([\"']?\s*[:=]\s*){_VALUE}"), r"\1\2***"),
    (re.compile(r"(?i)\b(code|state)=[A-Za-z0-9._~/+-]{8,}"), r"\1=***"),
    (re.compile(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}"), MASK),  # a JSON Web Token
    (re.compile(r"(?<![A-Za-z0-9+/_-])(?=[A-Za-z0-9+/_-]{0,200}[0-9])[A-Za-z0-9+/_-]{28,}={0,2}"), MASK),
)  # fmt: skip


def masked(text: str) -> str:
    """`text` without what may be a secret: values of headers and parameters that hold one, users and passwords in URLs,
    tokens, and long runs of letters and digits that no word is. Meant for short texts."""
    for rule, replacement in _RULES:
        text = rule.sub(replacement, text)
    return text
