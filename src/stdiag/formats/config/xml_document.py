"""A document that still knows, as long as it is in memory, whether two masked values are the same."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec

from stdiag.formats.config.document import ConfigDocument

_KEY = secrets.token_bytes(32)
"""Made anew in each process, so that a mark says nothing to anybody else."""


def mark_of(value: str) -> bytes:
    """A mark of a secret: equal ones have equal marks, and nothing else can be learnt from it."""
    return hmac.digest(_KEY, value.encode("utf-8", "surrogatepass"), hashlib.sha256)


class XmlDocument(ConfigDocument, dict=True, kw_only=True):
    """A ConfigDocument as read. The marks are no field: they are neither encoded, shown nor compared."""

    @classmethod
    def of(cls, document: ConfigDocument, marks: dict[int, bytes]) -> XmlDocument:
        """`document` with the marks of its masked values, by the numbers of their settings."""
        made = cls(**msgspec.structs.asdict(document))
        made.__dict__["_marks"] = marks
        return made


def mark(document: ConfigDocument, number: int) -> bytes | None:
    """The mark of a document's setting; None when its value is not masked, or the document was not just read."""
    marks: dict[int, bytes] = getattr(document, "__dict__", {}).get("_marks", {})
    return marks.get(number)
