"""Makes data/anchors.json from a folder of stores: `python -m stdiag.clients.refresh FOLDER [--check]`.

FOLDER holds `roots.csv` (one row a root certificate: sha256, subject, subject_der_b64, not_after, key, spki_sha256,
spki_der_b64) and `stores.json` (release → platform, version, last_change, source, revision, roots: list of sha256).
With --check nothing is written: StaleTableError says that the shipped table is another one.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from stdiag.clients.table import TABLE, AnchorRow, AnchorTable, ReleaseSource, Span
from stdiag.formats.client_selector import parse_version
from stdiag.pki.der import SEQUENCE, DerError, element
from stdiag.pki.distinguished_name import attribute_texts, name_text

NOTE = "Made by stdiag.clients.refresh. Who held which root, from which release to which: subjects, keys, fingerprints."

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMON_NAME = "2.5.4.3"


class Store(msgspec.Struct, frozen=True):
    """One entry of stores.json."""

    platform: str
    version: str
    last_change: str
    source: str
    revision: str
    roots: list[str]


class StaleTableError(Exception):
    """The shipped table is not what the folder makes."""


class RefreshError(Exception):
    """The folder cannot be used. Its text says what is wrong, and in which row."""


def made_from(folder: Path) -> AnchorTable:
    """The table that `folder` makes. Raises RefreshError."""
    try:
        stores = msgspec.json.decode(folder.joinpath("stores.json").read_bytes(), type=dict[str, Store])
        with folder.joinpath("roots.csv").open(encoding="utf-8", newline="") as file:
            rows = [_checked(row) for row in csv.DictReader(file)]
    except (OSError, msgspec.DecodeError, csv.Error) as error:
        raise RefreshError(f"{folder}: {error}") from error
    platforms: dict[str, list[Store]] = {}
    for store in stores.values():
        platforms.setdefault(store.platform, []).append(store)
    for releases in platforms.values():
        releases.sort(key=lambda store: parse_version(store.version))
    held = {row["sha256"]: row for row in rows}
    if lost := {sha256 for store in stores.values() for sha256 in store.roots} - held.keys():
        raise RefreshError(f"{folder}/roots.csv lacks {len(lost)} roots of the stores: {sorted(lost)[0]} …")
    anchors = [_row(row, platforms) for row in held.values()]
    return AnchorTable(
        as_of=max(store.last_change for store in stores.values()),
        note=NOTE,
        platforms={
            platform: [
                ReleaseSource(
                    version=store.version, state_of=store.last_change, source=store.source, revision=store.revision
                )
                for store in releases
            ]
            for platform, releases in sorted(platforms.items())
        },
        anchors=sorted((row for row in anchors if row.held), key=lambda row: (row.name, row.sha256)),
    )


def _checked(row: dict[str, Any]) -> dict[str, str]:
    """A row whose key and name are what they claim to be."""
    sha256 = row.get("sha256") or ""
    if not _SHA256.fullmatch(sha256):
        raise RefreshError(f"roots.csv: {sha256!r} is not a SHA-256")
    try:
        spki = base64.b64decode(row["spki_der_b64"], validate=True)
        subject = base64.b64decode(row["subject_der_b64"], validate=True)
        whole = element(subject, 0, len(subject))
    except (KeyError, TypeError, binascii.Error, DerError) as error:
        raise RefreshError(f"roots.csv: the row of {sha256} has no usable subject or key: {error}") from error
    if hashlib.sha256(spki).hexdigest() != row["spki_sha256"]:
        raise RefreshError(f"roots.csv: the key of {sha256} is not that of its spki_sha256")
    if whole.tag != SEQUENCE or whole.end != len(subject):
        raise RefreshError(f"roots.csv: the subject of {sha256} is no name")
    return row


def _row(row: dict[str, str], platforms: dict[str, list[Store]]) -> AnchorRow:
    subject = base64.b64decode(row["subject_der_b64"])
    names = attribute_texts(subject, _COMMON_NAME)
    held = {platform: _spans(row["sha256"], releases) for platform, releases in sorted(platforms.items())}
    return AnchorRow(
        sha256=row["sha256"],
        name=names[-1] if names else name_text(subject),
        subject=row["subject_der_b64"],
        key=row["key"],
        spki=row["spki_der_b64"],
        not_after=row["not_after"],
        held={platform: spans for platform, spans in held.items() if spans},
    )


def _spans(sha256: str, releases: list[Store]) -> list[Span]:
    """The releases that hold it, neighbours joined."""
    spans: list[Span] = []
    running = False
    for store in releases:
        if sha256 not in store.roots:
            running = False
        elif running:
            spans[-1] = Span(spans[-1].first, store.version)
        else:
            spans.append(Span(store.version, store.version))
            running = True
    return spans


def encoded(table: AnchorTable) -> bytes:
    """One line an anchor: what changed shows in a diff."""
    whole = msgspec.to_builtins(table)
    head = msgspec.json.encode({name: value for name, value in whole.items() if name != "anchors"})
    lines = b",\n".join(msgspec.json.encode(row) for row in whole["anchors"])
    return head[:-1] + b',"anchors":[\n' + lines + b"\n]}\n"


def main(arguments: list[str]) -> None:
    """Writes the table; with --check raises StaleTableError when the shipped one differs."""
    folders = [argument for argument in arguments if not argument.startswith("-")]
    if len(folders) != 1:
        raise RefreshError("name one folder with roots.csv and stores.json")
    made = encoded(made_from(Path(folders[0])))
    shipped = Path(__file__).with_name("data") / Path(TABLE).name
    if "--check" not in arguments:
        shipped.write_bytes(made)
    elif not shipped.exists() or shipped.read_bytes() != made:
        raise StaleTableError(f"{shipped} is not what {folders[0]} makes; run this without --check.")


if __name__ == "__main__":
    main(sys.argv[1:])
