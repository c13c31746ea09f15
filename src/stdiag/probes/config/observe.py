"""Reads the site's configuration files."""

from __future__ import annotations

from stdiag.formats.config.read import Reading, joined, read_path
from stdiag.formats.errors import FormatError
from stdiag.probes.config.observation import ConfigObservation, Unread
from stdiag.probes.config.plan import paths_of
from stdiag.probes.contract import Planned, Tools


def observe(planned: Planned, tools: Tools) -> ConfigObservation:
    """What the files say. A user's mistake ends before the run, in the command: what cannot be read by now is put down
    as such."""
    readings: list[Reading] = []
    unread: list[Unread] = []
    for path in paths_of(planned):
        with tools.steps.step("read", path) as note:
            try:
                reading = read_path(path)
            except FormatError as error:
                unread.append(Unread(file=path, problem=str(error)))
                note.detail = "cannot be used"
                continue
            readings.append(reading)
            count = len(reading.documents)
            note.detail = "1 file" if count == 1 else f"{count} files"
    reading = joined(readings)
    return ConfigObservation(documents=reading.documents, unread=unread, left_out=reading.left_out)
