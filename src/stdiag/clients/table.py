"""The anchors of client platforms: who had which root in which release. Facts only, shipped as data/anchors.json.

The keys are in it, so that the last signature of a chain can be verified against an anchor that the stores of today no
longer hold. `python -m stdiag.clients.refresh FOLDER` makes the file.
"""

from __future__ import annotations

import base64
import functools
import importlib.resources
from collections.abc import Mapping

import msgspec

from stdiag.pki.distinguished_name import relative_names

TABLE = "data/anchors.json"


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Releases of one platform, from the first to the last one that holds an anchor, both included."""

    first: str
    last: str


class AnchorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One root certificate, and who held it."""

    sha256: str
    """Of the certificate, hex."""
    name: str
    """For people: the common name, or the whole subject in RFC 4514 text."""
    subject: str
    """DER of the name, base64."""
    key: str
    """rsa-2048, ec-secp384r1 …"""
    spki: str
    """DER of the public key (SubjectPublicKeyInfo), base64."""
    not_after: str
    """Date, ISO 8601."""
    held: dict[str, list[Span]]
    """Platform → releases."""


class ReleaseSource(msgspec.Struct, frozen=True, kw_only=True):
    """Where the list of one release's anchors was read."""

    version: str
    state_of: str
    """Date of the state taken, ISO 8601."""
    source: str
    revision: str


class AnchorTable(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    as_of: str
    """Date of the newest state in it, ISO 8601."""
    note: str
    platforms: dict[str, list[ReleaseSource]]
    """Platform → its releases, oldest first."""
    anchors: list[AnchorRow]


class Anchor(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A root as clients know it: by name and key (and by certificate, where a platform insists)."""

    name: str
    subject_der: bytes
    spki_der: bytes
    sha256: str | None
    """None for one of which only name and key are known."""
    not_after: str
    """Date, ISO 8601; empty when it is not known."""


class ReleaseStore:
    """The anchors of one release of one platform."""

    def __init__(self, source: ReleaseSource, rows: list[AnchorRow]) -> None:
        self.source = source
        self.count = len(rows)
        self.sha256 = frozenset(row.sha256 for row in rows)
        self._rows = rows

    @functools.cached_property
    def _by_name(self) -> dict[tuple[bytes, ...], list[Anchor]]:
        found: dict[tuple[bytes, ...], list[Anchor]] = {}
        for row in self._rows:
            anchor = anchor_of(row.sha256)
            found.setdefault(relative_names(anchor.subject_der), []).append(anchor)
        return found

    def anchors_named(self, subject_der: bytes) -> tuple[Anchor, ...]:
        """The anchors of this name (compared as RFC 5280 §7.1 says), expired ones too."""
        return tuple(self._by_name.get(relative_names(subject_der), ()))


@functools.cache
def table() -> AnchorTable:
    """The shipped table. Some 3 ms, once."""
    data = importlib.resources.files("stdiag.clients").joinpath(TABLE).read_bytes()
    return msgspec.json.decode(data, type=AnchorTable)


@functools.cache
def _rows() -> Mapping[str, AnchorRow]:
    return {row.sha256: row for row in table().anchors}


@functools.cache
def anchor_of(sha256: str) -> Anchor:
    """The anchor of a certificate's SHA-256 (hex). Raises KeyError."""
    row = _rows()[sha256]
    return Anchor(
        name=row.name,
        subject_der=base64.b64decode(row.subject),
        spki_der=base64.b64decode(row.spki),
        sha256=row.sha256,
        not_after=row.not_after,
    )


@functools.cache
def releases(platform: str) -> tuple[ReleaseSource, ...]:
    """The releases of a platform in the table, oldest first; none for a platform that is not in it."""
    return tuple(table().platforms.get(platform, ()))


@functools.cache
def release_store(platform: str, version: str) -> ReleaseStore:
    """The anchors of one release. Raises KeyError for one that is not in the table."""
    found = {source.version: (place, source) for place, source in enumerate(releases(platform))}
    place, source = found[version]
    rows = [
        row
        for row in table().anchors
        if any(found[span.first][0] <= place <= found[span.last][0] for span in row.held.get(platform, ()))
    ]
    return ReleaseStore(source, rows)


@functools.cache
def _known_by_name() -> dict[tuple[bytes, ...], list[Anchor]]:
    found: dict[tuple[bytes, ...], list[Anchor]] = {}
    for row in table().anchors:
        anchor = anchor_of(row.sha256)
        found.setdefault(relative_names(anchor.subject_der), []).append(anchor)
    return found


def known_anchors(subject_der: bytes) -> tuple[Anchor, ...]:
    """The anchors of this name that any release of any platform ever held: public roots."""
    return tuple(_known_by_name().get(relative_names(subject_der), ()))
