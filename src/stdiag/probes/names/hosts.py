"""The hosts file of this machine, as far as it speaks of one name."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from stdiag.formats.hosts_file import lines_naming
from stdiag.probes.names.observation import HostsEntry

FILE_LIMIT = 8 << 20
ENTRIES_AT_MOST = 16


def hosts_file() -> Path:
    """Where this system keeps it."""
    if os.name == "nt":
        return Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "drivers" / "etc" / "hosts"
    return Path("/etc/hosts")


def entries_for(name: str, file: Path | None = None) -> tuple[list[HostsEntry], str | None]:
    """The lines for `name`, and why there may be more: the file is not there, cannot be read, or is too large."""
    file = file or hosts_file()
    try:
        with file.open("rb") as stream:
            content = stream.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        return [], None  # a system without one is answered by others
    except OSError as error:
        return [], f"{file} cannot be read ({error.strerror or error})"
    problem = None
    if len(content) > FILE_LIMIT:
        problem = f"{file} is larger than {FILE_LIMIT >> 10} KiB: the rest of it was not read"
        content = content[:FILE_LIMIT]
    lines = islice(lines_naming(content.decode("utf-8", "replace"), name), ENTRIES_AT_MOST)
    return [HostsEntry(file=str(file), line=one.line, address=one.address) for one in lines], problem
