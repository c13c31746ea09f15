"""The report as one JSON document, and back."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from stdiag.model import SCHEMA_VERSION, Report, Site
from stdiag.render.safe import plain

LARGEST = 256 * 1024 * 1024
"""Bytes of a report that are read: a sweep over thousands of endpoints stays far below."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Characters that JSON allows as they are, and that would steer or deceive a terminal: DEL, C1, and what Unicode calls
# format characters and separators. Outside strings JSON is ASCII, so replacing them changes no value.
_STEERING = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


class ReportError(Exception):
    """A file is not a report that can be read. Its text is one sentence that says why, and what to do."""


class Stored(msgspec.Struct, frozen=True):
    """A report as it was read, with its own bytes: what a newer version wrote travels along."""

    report: Report
    document: bytes
    newer: str | None = None
    """The schema version, where it is a newer minor than this stdiag's."""


class _Version(msgspec.Struct):
    schema_version: str


def to_json(report: Report) -> bytes:
    """`report` as one document: UTF-8, indented by two, a line feed at the end; `from_json` gives it back.

    Characters that steer a terminal stand as `\\u` escapes: the same values, harmless where they are printed.
    """
    try:
        encoded = msgspec.json.encode(report)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_without_surrogates(report))
    text = msgspec.json.format(encoded, indent=2).decode()
    return (_STEERING.sub(_escaped, text) + "\n").encode()


def from_json(document: bytes) -> Report:
    """The report that `document` holds: `read_report` without the bytes."""
    return read_report(document).report


def read_report(document: bytes) -> Stored:
    """The report that `document` holds. Fields that this version does not know are ignored; in a report of a newer
    minor version of the schema so are values of closed lists (see `lenient`).

    Raises ReportError when it is too large, no JSON, no report, or of a newer major version of the schema.
    """
    version = schema_version(document)
    newer = version if _minor(version) > _minor(SCHEMA_VERSION) else None
    document = document.removeprefix(_BYTE_ORDER_MARK)
    try:
        known = _as_understood(document) if newer else _with_known_site(document)
        report = msgspec.json.decode(known, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ReportError(
            f"This report (schema {plain(version, 20)}) does not hold together: {plain(str(error))}."
        ) from None
    return Stored(report, document, newer)


def schema_version(document: bytes) -> str:
    """The version of the schema that a report names, which this stdiag reads. Raises ReportError as `read_report`."""
    if len(document) > LARGEST:
        raise ReportError(f"This file has {len(document)} bytes; a report has at most {LARGEST}.")
    try:
        version = msgspec.json.decode(document.removeprefix(_BYTE_ORDER_MARK), type=_Version).schema_version
    except msgspec.ValidationError:
        raise ReportError("This is JSON, but not a report: it has no schema_version.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReportError(f"This is not a JSON report: {plain(str(error))}.") from None
    _check(version)
    return version


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


def _as_understood(document: bytes) -> bytes:
    """`document` in the words of this version. Raises msgspec's errors."""
    from stdiag.render.lenient import UnknownValueError, understood

    fields = msgspec.json.decode(document, type=dict[str, Any])
    # Kept byte for byte: a check's facts and conclusions are its probe's business, not this reader's.
    raw = msgspec.json.decode(document, type=_RawChecks).checks
    try:
        known = understood(fields, Report)
    except UnknownValueError as error:
        raise msgspec.ValidationError(f"a newer stdiag wrote {str(error)!r}, and nothing can stand for it") from None
    for check, own in zip(known.get("checks", ()), raw, strict=False):
        if isinstance(check, dict):
            check |= {"observation": own.observation, "analysis": own.analysis}
    return msgspec.json.encode(known)


class _RawCheck(msgspec.Struct):
    observation: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))
    analysis: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))


class _RawChecks(msgspec.Struct):
    checks: list[_RawCheck] = []


def _check(version: str) -> None:
    match = re.fullmatch(r"(\d{1,6})\.(\d{1,6})", version, re.ASCII)
    if not match:
        raise ReportError(f"This report's schema_version is {plain(version, 40)!r}; a number like 1.0 is expected.")
    ours = int(SCHEMA_VERSION.partition(".")[0])
    if int(match[1]) < ours:
        raise ReportError(f"This report has schema {version}, which this stdiag ({ours}.x) does not read.")
    if int(match[1]) > ours:
        raise ReportError(
            f"This report has schema {version}, made by a newer stdiag; this one reads up to {ours}.x: update stdiag."
        )


def _with_known_site(document: bytes) -> bytes:
    """`document` without the site keys that this version does not know.

    A site file is strict, because an unknown key there is a typing mistake; in a report it is a newer version's.
    """
    fields = msgspec.json.decode(document, type=dict[str, msgspec.Raw])
    site = msgspec.json.decode(fields.get("site", msgspec.Raw(b"null")))
    known = _known(site, Site)
    if known == site:
        return document
    fields["site"] = msgspec.Raw(msgspec.json.encode(known))
    return msgspec.json.encode(fields)


def _known(value: Any, struct: type[msgspec.Struct]) -> Any:
    """`value` with the keys that `struct` has, and so on in its tables."""
    if not isinstance(value, dict):
        return value
    known = {}
    for field in msgspec.structs.fields(struct):
        if field.encode_name not in value:
            continue
        inner = [kind for kind in _kinds(field.type) if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
        content = value[field.encode_name]
        known[field.encode_name] = _known(content, inner[0]) if inner else content
    return known


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the type itself."""
    return getattr(annotation, "__args__", None) or (annotation,)


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number <= 0xFFFF:
        return f"\\u{number:04x}"
    number -= 0x10000
    return f"\\u{0xD800 + (number >> 10):04x}\\u{0xDC00 + (number & 0x3FF):04x}"


def _without_surrogates(value: Any) -> Any:
    """`value` with lone surrogates escaped: arguments and file names that are no UTF-8 reach Python as such."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode() if type(value) is str else value
        case list():
            return [_without_surrogates(item) for item in value]
        case dict():
            return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
        case msgspec.Struct():
            return type(value)(**{name: _without_surrogates(getattr(value, name)) for name in value.__struct_fields__})
        case _:
            return value
