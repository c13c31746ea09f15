"""Reports made by hand, for the tests of the views."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.model import (
    SCHEMA_VERSION,
    Block,
    Blocked,
    Cause,
    ChainDrawing,
    ChainLink,
    Check,
    Decision,
    Fault,
    FaultReason,
    Finding,
    KeyValues,
    Mark,
    Matrix,
    MatrixCell,
    MatrixRow,
    NotChecked,
    Outcome,
    Param,
    Product,
    Renewal,
    Report,
    Run,
    Severity,
    Site,
    Step,
    StepOutcome,
    StproxySite,
    Subject,
    SubjectKind,
    Summary,
    Table,
    Text,
    Tool,
    TrustStoreRecord,
    Vantage,
    Verdict,
    to_raw,
)

MISSING = "Example Issuing CA G2"


def endpoint(host: str = "chat.example.com", port: int = 443) -> Subject:
    """A name and a port."""
    return Subject(SubjectKind.ENDPOINT, host=host, port=port)


def finding(code: str, subject: Subject | None = None, severity: Severity = Severity.ERROR, **params: Param) -> Finding:
    """One finding."""
    return Finding(code, severity, subject or endpoint(), params)


def incomplete_chain(subject: Subject | None = None) -> Finding:
    """The classic."""
    return finding("tls-chain-incomplete", subject, missing=MISSING)


def report(
    checks: Sequence[Check],
    decision: Decision,
    causes: Sequence[Cause] = (),
    *,
    site: Site | None = None,
    summary: Summary | None = None,
) -> Report:
    """A report around `checks`."""
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool("stdiag", "1.0.0", "3.11.7", "OpenSSL 3.5.0"),
        run=Run(
            id="0123456789abcdef",
            started="2026-11-20T10:30:00.000000Z",
            host="admin-pc",
            arguments=["all"],
            duration_us=1_340_000,
        ),
        site=site or Site(),
        checks=list(checks),
        verdict=Verdict(decision, list(causes)),
        summary=summary or Summary(outcomes={}),
        trust=[TrustStoreRecord("mozilla", "certifi 2026.1.1", "ab" * 32, 140)],
    )


def cause(report_finding: Finding, *pointers: str, folded: Sequence[str] = ()) -> Cause:
    """A cause as the verdict lists it."""
    return Cause(
        report_finding.code,
        report_finding.severity,
        report_finding.subject,
        report_finding.fingerprint,
        list(pointers),
        list(folded),
    )


STEPS = [
    Step("dns", "look up", 0, 12_300, StepOutcome.OK, peer="chat.example.com", detail="2 addresses"),
    Step("tcp", "connect", 12_400, 30_000, StepOutcome.OK, peer="192.0.2.10:443"),
    Step("tls", "TLS handshake, SNI chat.example.com", 42_500, 61_000, StepOutcome.OK, peer="192.0.2.10:443"),
    Step(
        "http",
        "GET /",
        104_000,
        900_000,
        StepOutcome.FAILED,
        Fault(FaultReason.SILENT, "The read operation timed out"),
        "192.0.2.10:443",
    ),
]

RENEWALS = [
    Renewal("certificate of the issuer", endpoint(), "2031-05-01T00:00:00Z", 1622),
    Renewal("certificate chat.example.com", endpoint(), "2026-12-02T12:00:00Z", 12),
]


def classic() -> Report:
    """NO-GO: the intermediate is not sent; a consequence is folded, a warning and a note stand beside it."""
    chain, invalid = incomplete_chain(), finding("tls-chain-invalid", reason="no path to a trusted root")
    soon = finding("tls-cert-expires-soon", severity=Severity.WARNING, days_left=12)
    note = finding("tls-chain-superfluous", severity=Severity.INFO, certificates=["Example Root"])
    observed = {"host": "chat.example.com", "addresses": [{"address": "192.0.2.10", "port": 443}]}
    checks = [
        Check(
            "tls",
            endpoint(),
            Outcome.FAIL,
            steps=STEPS,
            observation=to_raw(observed),
            analysis=to_raw({"chains": [{"complete": False}]}),
            findings=[chain, invalid, soon, note],
        ),
        Check("tls", endpoint("mux.example.com"), Outcome.PASS),
        Check(
            "tls",
            endpoint("turn.example.com", 5349),
            Outcome.SKIP,
            blocked_by=Blocked("the name was not found", "net-name-not-found"),
        ),
    ]
    return report(
        checks,
        Decision.NO_GO,
        [cause(chain, "/checks/0/findings/0", folded=["/checks/0/findings/1"]), cause(soon, "/checks/0/findings/2")],
        site=Site(
            product=Product.V12_DOCKER,
            vantage=Vantage.INSIDE,
            stproxy=StproxySite("https://chat.example.com/stwebclient"),
        ),
        summary=Summary(
            outcomes={"fail": 1, "pass": 1, "skip": 1},
            renew_before=RENEWALS,
            not_checked=[NotChecked("tls turn.example.com:5349", "the name was not found")],
            not_applicable=[NotChecked("push", "the site file names no [push]")],
        ),
    )


def healthy() -> Report:
    """GO, nothing found."""
    return report(
        [Check("tls", endpoint(), Outcome.PASS, steps=STEPS[:3])],
        Decision.GO,
        summary=Summary(outcomes={"pass": 1}, renew_before=RENEWALS[:1]),
    )


def incomplete() -> Report:
    """INCOMPLETE: one check could not tell, one crashed."""
    return report(
        [
            Check("tls", endpoint(), Outcome.PASS),
            Check(
                "tls",
                endpoint("mux.example.com"),
                Outcome.UNDECIDED,
                undecided=["Whether IPv6 works: this host has none."],
            ),
            Check("tls", endpoint("turn.example.com"), Outcome.CRASHED),
        ],
        Decision.INCOMPLETE,
        site=Site(vantage=Vantage.INTERNET),
        summary=Summary(
            outcomes={"pass": 1, "undecided": 1, "crashed": 1},
            not_checked=[NotChecked("tls mux.example.com:443", "Whether IPv6 works: this host has none.")],
        ),
    )


def sweep(number: int = 500) -> Report:
    """Many endpoints, of which every 25th lacks its intermediate and every 100th does not answer."""
    checks, causes = [], []
    for position in range(number):
        subject = endpoint(f"host{position:03}.example.com")
        found, outcome = [], Outcome.PASS
        if position % 25 == 3:
            found, outcome = [incomplete_chain(subject)], Outcome.FAIL
        elif position % 100 == 50:
            found, outcome = [finding("net-timeout", subject, seconds=5)], Outcome.FAIL
        checks.append(Check("tls", subject, outcome, findings=found))
        causes += [cause(item, f"/checks/{position}/findings/0") for item in found]
    return report(checks, Decision.NO_GO, causes, summary=Summary(outcomes={}))


def blocks(check: Check) -> list[Block]:
    """What the probe would show."""
    if check.outcome is Outcome.PASS:
        return [Text("The chain is complete.", Mark.GOOD)]
    if check.outcome is not Outcome.FAIL:
        return []
    return [
        ChainDrawing(
            "Chain at 192.0.2.10 with SNI",
            [
                ChainLink("leaf", "sent", "chat.example.com", "until 2026-12-02"),
                ChainLink("intermediate", "missing", MISSING, "fetched from http://pki.example.com/issuing.cer"),
                ChainLink("root", "anchor", "Example Root", "in: system, mozilla"),
            ],
            "With the missing certificate the chain verifies.",
        ),
        KeyValues("Handshake", [("Protocol", "TLS 1.3"), ("Cipher", "TLS_AES_256_GCM_SHA384")]),
        Table("Versions", ["version", "accepted"], [["TLS 1.2", "yes"], ["TLS 1.1", "no: alert protocol_version"]]),
    ]


def decoded(document: bytes) -> dict[str, object]:
    """A JSON document as a dictionary."""
    return msgspec.json.decode(document, type=dict[str, object])


HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "cn=\x00nul\x7f\x85\r\nGO  all is well",
    "\u202egnp.exe\u2066isolated\u2069\u200bzero\u2028line\ufeff",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "| a | b |\n|---|---|\n# heading\n```\n[x](javascript:alert(1)) ![y](http://evil.example/z) `rm -rf ~`",
    "[bold red]rich[/bold red] {subject} {0} %s ${PATH} $(id)",
    "Ünïcödé 漢字漢字漢字 שלום עולם e\u0301 👩\u200d👩\u200d👧 \U000e0041",
    "w" * 1_000_000,
    "\x1b" * 100_000,
    "",
    "   ",
)
"""What a server may send where a name is expected. No lone surrogates: texts from a socket are decoded first."""


def spoilt(value: object, text: str) -> object:
    """`value` with every free text in it replaced: those with a closed set of values, and pointers, stay."""
    if isinstance(value, list):
        return [text if type(item) is str else spoilt(item, text) for item in value]
    if not isinstance(value, msgspec.Struct):
        return value
    changed = {}
    for field in msgspec.structs.fields(value):
        content = getattr(value, field.name)
        if field.type in (str, str | None) and field.name not in ("schema_version", "code"):
            content = text
        elif isinstance(content, dict):
            content = {name: text if type(item) is str else item for name, item in content.items()}
        elif not (isinstance(value, Cause) and field.name in ("findings", "folded")):
            content = spoilt(content, text)
        changed[field.name] = content
    return type(value)(**changed)


def spoilt_report(text: str, code: str | None = None) -> Report:
    """The classic report as a hostile server, or somebody who made the file, would have it."""
    made = spoilt(classic(), text)
    assert isinstance(made, Report)
    if code is not None:
        for told in made.verdict.causes:
            told.code = code
        for check in made.checks:
            for found in check.findings:
                found.code = code
    return made


def spoilt_blocks(text: str) -> list[Block]:
    """Every kind of block, made of `text`."""
    return [
        Text(text, Mark.BAD),
        KeyValues(text, [(text, text), ("key", text)]),
        Table(text, [text, "b", "c"], [[text, text], ["a", "b", "c", text]]),
        ChainDrawing(text, [ChainLink("leaf", "sent", text, text), ChainLink("root", "missing", "x", text)], text),
        Matrix(text, [text, "80"], [MatrixRow(text, [MatrixCell(text, Mark.BAD), None]), MatrixRow("direct", [])]),
    ]
