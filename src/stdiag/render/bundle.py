"""A case in one file: a zip archive with a manifest. The same content gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping

import msgspec

from stdiag.render.safe import plain

LARGEST = 256 * 1024 * 1024
"""Bytes of one unpacked file: an archive can claim anything."""
MOST = 10_000
"""Files in an archive that is read."""
MANIFEST = "manifest.json"
REPORT = "report.json"
FORMAT = "stdiag-bundle 1"

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip archive can name: the time of packing would make each archive another one."""


class BundleError(Exception):
    """A file is not a bundle that can be read. Its text is one sentence."""


class Entry(msgspec.Struct, frozen=True):
    """One file of a bundle."""

    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle holds."""

    format: str
    files: list[Entry]


class Opened(msgspec.Struct, frozen=True):
    """The report of a bundle."""

    report: bytes
    altered: list[str]
    """Files that are not what the manifest says, or that it does not name: somebody changed them since."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of `files` (name → content) and their manifest, the same for the same files."""
    manifest = Manifest(FORMAT, [_entry(name, files[name]) for name in sorted(files)])
    listed = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in [(MANIFEST, listed), *((name, files[name]) for name in sorted(files))]:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # whichever system packs it
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def open_bundle(data: bytes) -> Opened:
    """The report in a bundle, and what was altered. Nothing is written anywhere. Raises BundleError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename for info in archive.infolist()]
            if len(names) > MOST:
                raise BundleError(f"This archive has {len(names)} files; a bundle has at most {MOST}.")
            if REPORT not in names:
                raise BundleError(f"This archive is no bundle of stdiag's: there is no {REPORT} in it.")
            contents = _contents(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise BundleError(f"This archive cannot be read: {plain(str(error)) or type(error).__name__}.") from None
    return Opened(contents[REPORT], _altered(contents))


def is_archive(data: bytes) -> bool:
    """True for what begins as a zip archive does."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    left = LARGEST
    for info in archive.infolist():
        with archive.open(info) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BundleError(f"This archive unpacks to more than {LARGEST} bytes.")
        contents[info.filename] = content
    return contents


def _altered(contents: Mapping[str, bytes]) -> list[str]:
    try:
        manifest = msgspec.json.decode(contents.get(MANIFEST, b""), type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return [MANIFEST]
    listed = {entry.name: entry for entry in manifest.files}
    found = {name: _entry(name, content) for name, content in contents.items() if name != MANIFEST}
    return sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))


def _entry(name: str, content: bytes) -> Entry:
    return Entry(name, len(content), hashlib.sha256(content).hexdigest())
