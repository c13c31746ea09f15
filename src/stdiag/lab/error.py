"""What the lab says when it cannot do what it was asked for."""

from __future__ import annotations


class LabError(Exception):
    """One sentence for the person who runs the lab."""


class UnknownFaultError(LabError):
    """A fault name that the table does not hold."""


class FaultConflictError(LabError):
    """Faults of which one would hide or undo the other."""
