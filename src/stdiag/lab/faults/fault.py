"""What a fault of the lab is: a name, the change to the healthy deployment, and what must be found."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Shows(enum.StrEnum):
    """How far a client must come to see a fault."""

    IN_TEXT = "in the provisioning URL's text"
    IN_CONNECTION = "in the connection or the handshake"
    IN_ANSWER = "in an HTTP answer"
    ON_PATH = "on the way of desktop clients to the community server"
    IN_PUSH = "in the push key or on the way to the push service"
    IN_CONFIG = "in the configuration files"
    IN_PHOTO = "in a photo, or at the host that has it"
    IN_PHOTO_COPY = "in STProxy's copy of a photo"


@dataclass(frozen=True, slots=True)
class LabFault:
    """One fault by name."""

    name: str
    injects: str
    """One line: what is wrong with the deployment."""
    first: tuple[str, ...]
    """Codes of which one must be the verdict's first cause, where this is the only fault."""
    changes: dict[str, Any]
    """Field of the blueprint → its value."""
    story: str
    """How it comes about in real deployments, and who notices."""
    also: tuple[str, ...] = ()
    """Codes that must stand somewhere in the report."""
    mended_by_bundle: bool = False
    """Whether installing a repaired chain file is the whole remedy."""
    shows: Shows = Shows.IN_CONNECTION
    keeps_waiting: bool = False
    """Whether it shows only when a time limit has passed: then a small `--timeout` saves time and hides nothing."""
