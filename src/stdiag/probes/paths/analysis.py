"""What the paths probe concludes: for each path and port where it ends, and why."""

from __future__ import annotations

import msgspec

from stdiag.model import Analysis, Expected
from stdiag.probes.paths.reasons import Answer, PathStage, Reason
from stdiag.probes.shared.chain_analysis import CertificateFacts, ChainAnalysis


class PathAnalysis(msgspec.Struct, kw_only=True):
    """One path to one port."""

    path: str
    """The path as the matrix names it: `direct`, `direct, HTTP`, `http://proxy:3128 CONNECT`."""
    port: int
    """The server's port; of a reverse proxy its own."""
    setting: str
    """The client's connectionType that takes this path."""
    stage: PathStage | None
    """Where it ends; null when stdiag cannot tell."""
    reasons: list[Reason] = []
    """One, or the candidates that the evidence leaves open, the likeliest first."""
    resolved_by: str = "here"
    """Who looked the server's name up: here or proxy."""
    answer: Answer = Answer.NOTHING
    """What spoke at its end."""
    expected: Expected | None = None
    """What the site says of it; null: nothing in particular, one of all must work."""
    as_expected: bool | None = None
    """null: it was not expected in particular, or stdiag cannot tell how it ends."""
    server_version: str | None = None
    """The raw protocol version that the server told, MAJOR.MINOR: no release can be read from it."""
    seen_address: str | None = None
    """This client's address as the server sees it: the proxy's, or that of a device which translates addresses."""
    note: str = ""
    """What the evidence says beyond the reason, in a few words: the words of a proxy's refusal, schemes."""


class PathsAnalysis(Analysis, kw_only=True):
    """The conclusions about all paths to one community."""

    paths: list[PathAnalysis] = []
    """Every path to every port, judged."""
    chains: list[ChainAnalysis] = []
    """Where a path's end, or a proxy, speaks TLS."""
    certificates: list[CertificateFacts] = []
    """End dates of the certificates in use."""
