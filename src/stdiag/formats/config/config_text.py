"""The bytes of a configuration file as text, with bounds; one sentence for what is none."""

from __future__ import annotations

import codecs
import hashlib

import msgspec

from stdiag.formats.config.document import Place, Slip
from stdiag.formats.config.environment_slips import EnvironmentSlip
from stdiag.formats.errors import FormatError
from stdiag.formats.text_file import decode_text

LARGEST = 1024 * 1024
"""Bytes. Real files have some KiB; the largest are plugin_customization.ini of whole companies."""

MOST_LINES = 20_000
LONGEST_LINE = 65_536
"""Characters."""

LONGEST_NAME = 200
"""Characters. What is longer is no setting's name, but something else in the wrong file."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BEGINNING = Place(line=1)


class ConfigText(msgspec.Struct, frozen=True):
    """A file's text, without its byte order mark; lines end with a line feed, whatever they ended with."""

    text: str
    slips: list[Slip]
    sha256: str


def utf8_text(data: bytes, file: str) -> ConfigText:
    """Text of a file that is UTF-8 and nothing else. Raises FormatError."""
    _check_size(data, file)
    text = decode_text(data, file)
    slips = [_slip(EnvironmentSlip.BYTE_ORDER_MARK, "")] if data.startswith(codecs.BOM_UTF8) else []
    return _checked(text, slips, data, file)


def windows_text(data: bytes, file: str) -> ConfigText:
    """Text of a file as Windows writes them: UTF-8 or UTF-16 with a byte order mark, else UTF-8 if it is valid, else
    the Western European code page. Raises FormatError."""
    _check_size(data, file)
    if data.startswith(_UTF16):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            raise FormatError("it begins as UTF-16 and goes on as something else", file=file) from None
        return _checked(text, [_slip(EnvironmentSlip.ENCODING, "UTF-16")], data, file)
    try:
        return utf8_text(data, file)
    except FormatError as not_utf8:
        if b"\0" in data:
            raise FormatError("it is not text", file=file, suggestion="is it the right file?") from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise not_utf8 from None
        return _checked(text, [_slip(EnvironmentSlip.ENCODING, "Windows-1252")], data, file)


def _check_size(data: bytes, file: str) -> None:
    if len(data) > LARGEST:
        raise FormatError(f"it is larger than {LARGEST // 1024} KiB", file=file, suggestion="is it the right file?")


def _checked(text: str, slips: list[Slip], data: bytes, file: str) -> ConfigText:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise FormatError(f"it has more than {MOST_LINES} lines", file=file, suggestion="is it the right file?")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise FormatError(f"the line is longer than {LONGEST_LINE} characters", file=file, line=number)
        for column, character in enumerate(line, start=1):
            if character < " " and character not in "\t\f":
                raise FormatError(
                    "it is not text: a control character stands here", file=file, line=number, column=column
                )
    return ConfigText(text, slips, hashlib.sha256(data).hexdigest())


def _slip(kind: EnvironmentSlip, detail: str) -> Slip:
    return Slip(kind=kind, place=_BEGINNING, detail=detail)
