"""Reads what a user names: configuration files, and folders that hold some. Bounded in every direction."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.recognise import KNOWN, is_taken_from_folder, kind_of
from stdiag.formats.errors import FormatError
from stdiag.formats.text_file import read_bounded

LARGEST = 4 * 1024 * 1024
"""Bytes of one file: real ones have some KiB."""
FILES_AT_MOST = 100
"""Taken from one folder."""
BYTES_AT_MOST = 4 * 1024 * 1024
"""Of all files of one folder."""
DEEPEST = 12
"""Folders below the named one: WebSphere keeps its files eight levels down."""
ENTRIES_AT_MOST = 20_000
"""Names that are looked at below one folder."""


class Reading(msgspec.Struct, kw_only=True):
    """What was read."""

    documents: list[ConfigDocument] = []
    left_out: list[str] = []
    """Files in folders that could not be used, and where a bound ended the search: one clause each."""


def read_config(path: Path) -> ConfigDocument:
    """The configuration file `path`. Raises FormatError: no such file, too large, of no kind that is known here, or not
    in that kind's form."""
    return parse_config(read_bounded(path, LARGEST), str(path))


def parse_config(data: bytes, file: str) -> ConfigDocument:
    """The same for the bytes of `file`. Raises FormatError."""
    kind = kind_of(Path(file).name, data)
    if kind is None:
        raise FormatError("it is not known what this file is", file=file, expected=f"one of {KNOWN}")
    return _parsed(data, file, kind)


def read_paths(paths: Sequence[str]) -> Reading:
    """All that `paths` name, each file once. Raises FormatError for the first path that cannot be used."""
    return joined([read_path(path) for path in paths])


def read_path(path: str) -> Reading:
    """One file, or the known files of a folder. Raises FormatError: for a file that is named when it cannot be used,
    for a folder when nothing in it can."""
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        return _read_folder(Path(path))
    return Reading(documents=[read_config(Path(path))])


def joined(readings: Sequence[Reading]) -> Reading:
    """All of them, without a file that was named twice."""
    documents: dict[str, ConfigDocument] = {}
    for reading in readings:
        for document in reading.documents:
            documents.setdefault(os.path.realpath(document.file), document)
    left_out = [note for reading in readings for note in reading.left_out]
    return Reading(documents=list(documents.values()), left_out=list(dict.fromkeys(left_out)))


def _parsed(data: bytes, file: str, kind: ConfigKind) -> ConfigDocument:
    match kind:
        case ConfigKind.STPROXY_XML | ConfigKind.MANAGED_COMMUNITIES:
            from stdiag.formats.config.xml_reader import read_xml

            return read_xml(data, file, kind)
        case ConfigKind.ENVIRONMENT:
            from stdiag.formats.config.environment_reader import read_environment

            return read_environment(data, file)
        case ConfigKind.COMPOSE:
            from stdiag.formats.config.yaml_reader import read_compose

            return read_compose(data, file)
        case ConfigKind.HELM_VALUES:
            from stdiag.formats.config.yaml_reader import read_helm

            return read_helm(data, file)
        case ConfigKind.PLUGIN_CUSTOMIZATION:
            from stdiag.formats.config.ini_reader import read_plugin_customization

            return read_plugin_customization(data, file)
        case ConfigKind.SAMETIME_INI:
            from stdiag.formats.config.ini_reader import read_sametime_ini

            return read_sametime_ini(data, file)


def _read_folder(folder: Path) -> Reading:
    reading = Reading()
    room = BYTES_AT_MOST
    for file in _files_below(folder, reading.left_out):
        try:
            size = file.stat().st_size
            if size > room:
                reading.left_out.append(f"{file}: the files below {folder} are more than {BYTES_AT_MOST >> 20} MiB")
                continue
            reading.documents.append(read_config(file))
            room -= size
        except FormatError as error:
            reading.left_out.append(str(error).removesuffix("."))
        except OSError as error:
            reading.left_out.append(f"{file}: it cannot be read ({error.strerror or 'no reason given'})")
    if not reading.documents:
        why = f"nothing in it can be read: {reading.left_out[0]}" if reading.left_out else "no known file lies in it"
        raise FormatError(f"this is a folder, and {why}", file=str(folder), expected=f"one of {KNOWN}")
    return joined([reading])


def _files_below(folder: Path, left_out: list[str]) -> Iterator[Path]:
    """Files with a known name, in the order of their names; what is in the folder itself first."""
    root = os.path.realpath(folder)
    waiting = [(folder, 0)]
    room, taken = ENTRIES_AT_MOST, 0
    while waiting and room >= 0:
        here, depth = waiting.pop(0)
        try:
            with os.scandir(here) as found:
                inside = list(itertools.islice(found, room + 1))
        except OSError as error:
            left_out.append(f"{here}: this folder cannot be read ({error.strerror or 'no reason given'})")
            continue
        room -= len(inside)
        if room < 0:
            left_out.append(f"{folder}: there are more than {ENTRIES_AT_MOST:,} names below it")
            inside.pop()
        for entry in sorted(inside, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))
                else:
                    left_out.append(f"{entry.path}: it lies more than {DEEPEST} folders deep")
            elif is_taken_from_folder(entry.name) and _lies_in(entry, root):
                taken += 1
                if taken > FILES_AT_MOST:
                    left_out.append(f"{folder}: there are more than {FILES_AT_MOST} configuration files below it")
                    return
                yield Path(entry.path)


def _lies_in(entry: os.DirEntry[str], root: str) -> bool:
    """A file, and not a link that leads out of the folder: that would be another machine's, or nobody's to read."""
    try:
        if not entry.is_file():
            return False
        return not entry.is_symlink() or os.path.realpath(entry.path).startswith(root + os.sep)
    except OSError:
        return False
