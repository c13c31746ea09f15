"""Intermediates that are mistaken for another: names that differ in a number or a word."""

from __future__ import annotations

import re

from stdiag.pki.certificate import Certificate
from stdiag.pki.distinguished_name import attribute_texts, same_name

_COMMON_NAME = "2.5.4.3"
_ORGANIZATION = "2.5.4.10"
_CODE_LENGTH = 4
_SHARED_WORDS = 0.6


def looks_like(cert: Certificate, missing_der: bytes) -> bool:
    """Whether an administrator may have taken `cert` for the CA named `missing_der`.

    It has the very name (a renewed CA with another key); or the same organisation, and a common name that without
    its digits shares at least 60 % of the words (`GCC R6 AlphaSSL CA 2023` and `GCC R46 …`), or both common names
    are mere codes (`R10` and `E5`).
    """
    if same_name(cert.subject_der, missing_der):
        return True
    if _folded(cert.subject_der, _ORGANIZATION) != _folded(missing_der, _ORGANIZATION):
        return False
    mine, theirs = _folded(cert.subject_der, _COMMON_NAME), _folded(missing_der, _COMMON_NAME)
    if not mine or not theirs:
        return False
    if _is_code(mine) and _is_code(theirs):
        return True
    ours, others = _words(mine), _words(theirs)
    shared = len(ours & others) / max(len(ours | others), 1)
    return shared >= _SHARED_WORDS


def _folded(name: bytes, oid: str) -> str:
    return " ".join(attribute_texts(name, oid)).casefold()


def _is_code(name: str) -> bool:
    return len(name) <= _CODE_LENGTH and name.isalnum() and any(c.isdigit() for c in name)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", name))
