"""Text files that people hand over: read with a bound, and decoded or refused in one sentence."""

from __future__ import annotations

import codecs
from pathlib import Path

from stdiag.formats.errors import FormatError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text_file(path: Path, limit: int) -> str:
    """The text of `path`, which may be a pipe; at most `limit` bytes. Raises FormatError."""
    return decode_text(read_bounded(path, limit), str(path))


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of `path`, which may be a pipe; at most `limit` of them. Raises FormatError."""
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise FormatError("there is no such file", file=name, suggestion="check the path") from None
    except IsADirectoryError:
        raise FormatError("this is a folder", file=name, suggestion="name a file in it") from None
    except PermissionError:
        reason = "this is a folder" if path.is_dir() else "this user may not read it"  # Windows denies to open folders
        raise FormatError(reason, file=name, suggestion="name a file that this user can read") from None
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else "the path is not valid"
        raise FormatError(f"it cannot be read ({words})", file=name) from None
    if len(content) > limit:
        raise FormatError(f"it is larger than {limit // 1024} KiB", file=name, suggestion="is it the right file?")
    return content


def decode_text(content: bytes, name: str) -> str:
    """UTF-8 text, with or without a byte order mark. Raises FormatError, which tells UTF-16 from other encodings."""
    if content.startswith(_UTF16) or b"\0" in content[:64]:
        raise FormatError(
            "it is UTF-16 or not text at all", file=name, suggestion="save it as UTF-8 (in Notepad: Save as, Encoding)"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            "it is not UTF-8",
            file=name,
            line=content.count(b"\n", 0, error.start) + 1,
            suggestion="save it as UTF-8 (in Notepad: Save as, Encoding)",
        ) from None
