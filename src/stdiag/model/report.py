"""One run, whole: what everything that is shown is a view of."""

from __future__ import annotations

import msgspec

from stdiag.model.finding import Check, Finding
from stdiag.model.site import Site
from stdiag.model.story import Story
from stdiag.model.verdict import Summary, Verdict

SCHEMA_VERSION = "1.0"


class TrustStoreRecord(msgspec.Struct, omit_defaults=True):
    """A trust store that judgements rest on. Its anchors that mattered travel along, so that the report can be judged
    again on a machine with another store."""

    name: str
    """system, mozilla, or ca-files."""
    source: str
    sha256: str
    count: int
    anchors: list[str] = []
    """PEM of the anchors that judgements of this run looked up."""
    problem: str | None = None


class Tool(msgspec.Struct, frozen=True):
    """What made the report."""

    name: str
    version: str
    python: str
    openssl: str


class Run(msgspec.Struct):
    """When, where and how."""

    id: str
    started: str
    """UTC, ISO 8601 with microseconds."""
    host: str
    arguments: list[str] = []
    """As typed, with secrets masked."""
    provenance: dict[str, str] = {}
    """Site key → where its value came from: the file, a flag, the default."""
    duration_us: int = 0
    interrupted: bool = False


class Redaction(msgspec.Struct, frozen=True):
    """That hosts, addresses, users and organisations of a report are pseudonyms, and what was taken out of it."""

    pseudonyms: dict[str, int]
    """How many different names of each kind were replaced."""
    not_judgeable: list[str]
    """Pointers to the checks whose facts are no longer whole: they cannot be judged again."""


class Report(msgspec.Struct):
    """One run, whole: what everything that is shown is a view of."""

    schema_version: str
    tool: Tool
    run: Run
    site: Site
    checks: list[Check]
    verdict: Verdict
    summary: Summary
    findings: list[Finding] = []
    """Those judged together; the others are in their checks."""
    trust: list[TrustStoreRecord] = []
    redacted: Redaction | None = None
    """null: the report is as it was measured."""
    stories: list[Story] = []
    """`stdiag android`: what the phone meets."""
