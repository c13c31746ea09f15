"""The one data model: what is diagnosed, what was observed, what was judged, and the report that holds it all.

Everything here is a value. Nothing opens a socket, reads a file, or knows how it will be shown. The JSON report is
these types, encoded by msgspec; its JSON Schema is generated from them (`stdiag schema`).
"""

from __future__ import annotations

from stdiag.model.block import (
    Block,
    ChainDrawing,
    ChainLink,
    KeyValues,
    Mark,
    Matrix,
    MatrixCell,
    MatrixRow,
    Table,
    Text,
)
from stdiag.model.fault import Fault, FaultReason, Step, StepOutcome
from stdiag.model.finding import (
    Analysis,
    Blocked,
    Check,
    ClockReading,
    Finding,
    Outcome,
    Param,
    Severity,
    fingerprint,
    to_raw,
)
from stdiag.model.report import SCHEMA_VERSION, Redaction, Report, Run, Tool, TrustStoreRecord
from stdiag.model.site import (
    CommunityPath,
    CommunitySite,
    Expected,
    Product,
    PushEndpoints,
    PushEnvironment,
    PushSite,
    Site,
    StproxySite,
    TlsSite,
    TrustSite,
    Vantage,
)
from stdiag.model.story import LogClaim, LogStanding, Story, StoryStage, StoryState, StoryStep
from stdiag.model.subject import Path, Proxy, ProxyKind, Subject, SubjectKind, bracketed
from stdiag.model.verdict import Cause, Decision, NotChecked, Renewal, Summary, Verdict

__all__ = [
    "SCHEMA_VERSION",
    "Analysis",
    "Block",
    "Blocked",
    "Cause",
    "ChainDrawing",
    "ChainLink",
    "Check",
    "ClockReading",
    "CommunityPath",
    "CommunitySite",
    "Decision",
    "Expected",
    "Fault",
    "FaultReason",
    "Finding",
    "KeyValues",
    "LogClaim",
    "LogStanding",
    "Mark",
    "Matrix",
    "MatrixCell",
    "MatrixRow",
    "NotChecked",
    "Outcome",
    "Param",
    "Path",
    "Product",
    "Proxy",
    "ProxyKind",
    "PushEndpoints",
    "PushEnvironment",
    "PushSite",
    "Redaction",
    "Renewal",
    "Report",
    "Run",
    "Severity",
    "Site",
    "Step",
    "StepOutcome",
    "Story",
    "StoryStage",
    "StoryState",
    "StoryStep",
    "StproxySite",
    "Subject",
    "SubjectKind",
    "Summary",
    "Table",
    "Text",
    "TlsSite",
    "Tool",
    "TrustSite",
    "TrustStoreRecord",
    "Vantage",
    "Verdict",
    "bracketed",
    "fingerprint",
    "to_raw",
]
