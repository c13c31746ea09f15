"""The one data model: what is diagnosed, what was observed, what was judged, and the report that holds it all.

Everything here is a value. Nothing opens a socket, reads a file, or knows how it will be shown. The JSON report is
these types, encoded by msgspec; its JSON Schema is generated from them (`stdiag schema`).
"""

from __future__ import annotations

import enum
import hashlib
from typing import Any, Literal

import msgspec

SCHEMA_VERSION = "1.0"

# What a finding's parameters may be: whatever JSON holds without losing its type.
Param = str | int | float | bool | None | list[str]


class Outcome(enum.StrEnum):
    """How one check ended. What does not apply is never planned, so it has no outcome."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"  # blocked by a named check or finding
    UNDECIDED = "undecided"  # stdiag could not tell
    CRASHED = "crashed"  # a defect of stdiag's own, which says nothing about the deployment


class Severity(enum.StrEnum):
    """How much a finding matters: an error is a NO-GO, a warning hits some or will hit later, an info hits nobody."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Decision(enum.StrEnum):
    """The verdict in one word."""

    GO = "go"
    NO_GO = "no-go"
    INCOMPLETE = "incomplete"


class Vantage(enum.StrEnum):
    """Where stdiag runs. What is true from one place need not be true from another."""

    STPROXY = "stproxy"
    INSIDE = "inside"
    INTERNET = "internet"


class Product(enum.StrEnum):
    """Sametime generation: which remedy steps are printed."""

    V8_5 = "8.5"
    V9 = "9"
    V10 = "10"
    V11 = "11"
    V12_DOCKER = "12-docker"
    V12_KUBERNETES = "12-kubernetes"
    V12_WINDOWS = "12-windows"


class FaultReason(enum.StrEnum):
    """Why a step did not get what it wanted: closed, so that a report can be compared with another."""

    NAME_NOT_FOUND = "name-not-found"
    NAME_SERVER_FAILURE = "name-server-failure"
    NAME_TIMEOUT = "name-timeout"
    REFUSED = "refused"
    TIMEOUT = "timeout"  # no answer to the TCP connect
    UNREACHABLE = "unreachable"
    RESET = "reset"
    CLOSED = "closed"  # the peer ended the connection in an orderly way before it said what was awaited
    SILENT = "silent"  # connected, and then not one byte in the time given
    SLOW = "slow"  # bytes came, but not all that was awaited in the time given
    NOT_TLS = "not-tls"  # the first bytes are another protocol's
    TLS_ALERT = "tls-alert"
    TLS_PROTOCOL = "tls-protocol"  # TLS records came, but they do not make a valid handshake
    TLS_LOCAL = "tls-local"  # stdiag's own TLS library cannot or will not do what the server asks for
    TOO_LARGE = "too-large"
    MALFORMED = "malformed"
    HTTP_STATUS = "http-status"
    REDIRECT = "redirect"  # too many, a loop, or to a scheme that is not followed
    FORBIDDEN_TARGET = "forbidden-target"  # an address that stdiag does not contact on a stranger's word
    NO_IPV4 = "no-ipv4"  # the name has IPv6 addresses only, and SOCKS4 carries none
    PROXY_NAME = "proxy-name"  # the proxy's own name could not be looked up
    PROXY_UNREACHABLE = "proxy-unreachable"  # no TCP connection to the proxy
    PROXY_TLS = "proxy-tls"  # no TLS with an https:// proxy
    PROXY_SILENT = "proxy-silent"  # connected to the proxy, and its verdict did not come in time
    PROXY_CLOSED = "proxy-closed"  # the proxy ended or cut the connection before its verdict
    PROXY_PROTOCOL = "proxy-protocol"  # its answer is not one of the protocol that it was asked in
    PROXY_FALSE_SUCCESS = "proxy-false-success"  # it says connected, and goes on as if it were asked for a page
    PROXY_AUTH_REQUIRED = "proxy-auth-required"
    PROXY_AUTH_REJECTED = "proxy-auth-rejected"
    PROXY_AUTH_METHOD = "proxy-auth-method"  # it wants another way of authentication than can be offered
    PROXY_DENIED = "proxy-denied"  # it says that its rules forbid it: HTTP 403, SOCKS5 02
    PROXY_REFUSED_REQUEST = "proxy-refused-request"  # it understood, and says no
    CANCELLED = "cancelled"
    LOCAL = "local"  # this machine's own limits: no file handles, no buffer space


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a step failed. `reason` is the fact; `words` are what the library or the OS said, kept as evidence only."""

    reason: FaultReason
    words: str = ""
    alert: str | None = None
    """Name of the TLS alert received (RFC 8446 §6), e.g. `protocol_version`, when reason is tls-alert."""
    seen: str | None = None
    """What the peer spoke instead, when reason is not-tls or proxy-protocol: http, smtp, ssh, sametime, ftp, imap,
    pop3, tls, socks4, socks5, unknown. For proxy-auth-…: the schemes that the proxy offers, with commas."""
    cause: FaultReason | None = None
    """What lies under a proxy-… reason: the connect to the proxy was refused, say."""


class SubjectKind(enum.StrEnum):
    """What a finding is about."""

    NAME = "name"
    ENDPOINT = "endpoint"  # a name and a port
    ADDRESS = "address"  # one address behind an endpoint
    URL = "url"
    FILE = "file"
    CLOCK = "clock"


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a check or a finding is about, structured, with one canonical text form (`str(subject)`)."""

    kind: SubjectKind
    host: str = ""
    port: int | None = None
    address: str | None = None
    """ADDRESS, or ADDRESS:PORT where a --resolve sends the connection to another port."""
    via: str | None = None
    file: str | None = None
    url: str | None = None
    """For kind url: the URL, with what may be secret in it masked; host and port are those that it names."""

    def __str__(self) -> str:
        """Canonical text: equal subjects have equal texts, different ones different texts."""
        match self.kind:
            case SubjectKind.NAME:
                text = self.host
            case SubjectKind.URL:
                text = self.url or self.host
            case SubjectKind.ENDPOINT:
                text = f"{bracketed(self.host)}:{self.port}"
            case SubjectKind.ADDRESS:
                text = f"{bracketed(self.host)}:{self.port} at {self.address}"
            case SubjectKind.FILE:
                text = f"file {self.file}" + (f" for {self.host}" if self.host else "")
            case SubjectKind.CLOCK:
                text = f"clock of {self.host}"
        return f"{text} via {self.via}" if self.via else text

    def rests_on(self, other: Subject) -> bool:
        """True when `other` is this subject or a prerequisite of it: URL → endpoint → address → name."""
        if self == other:
            return True
        if self.host != other.host or self.kind is SubjectKind.NAME:
            return False
        if other.kind is SubjectKind.NAME:
            return self.kind is not SubjectKind.FILE
        if self.port != other.port or self.via != other.via:
            return False
        if self.kind is SubjectKind.URL:
            return other.kind in (SubjectKind.ENDPOINT, SubjectKind.ADDRESS)
        return {self.kind, other.kind} == {SubjectKind.ENDPOINT, SubjectKind.ADDRESS}


def bracketed(host: str) -> str:
    """`host` as it stands before a port: an IPv6 address gets its brackets (RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host


class Path(msgspec.Struct, frozen=True):
    """How a check reaches its subject."""

    kind: Literal["direct", "proxy"] = "direct"
    proxy: str | None = None
    resolves: Literal["here", "proxy"] = "here"
    method: Literal["raw", "connect", "cbr"] = "raw"


class ProxyKind(enum.StrEnum):
    """How a proxy is talked to: the schemes of curl and of most tools."""

    HTTP = "http"  # CONNECT
    HTTPS = "https"  # the same, inside TLS to the proxy
    SOCKS4 = "socks4"
    SOCKS4A = "socks4a"
    SOCKS5 = "socks5"
    SOCKS5H = "socks5h"


class Proxy(msgspec.Struct, frozen=True, omit_defaults=True):
    """A proxy on the way. Holds no secret; `str(proxy)` has no credentials at all."""

    kind: ProxyKind
    host: str
    """An address in canonical text without brackets, or a lower-case name in A-labels."""
    port: int
    user: str | None = None
    password_ref: str | None = None
    """Where the password comes from: `env:NAME`, `file:PATH`, `prompt`, or `url` when it stood in the URL."""

    @property
    def resolves(self) -> Literal["here", "proxy"]:
        """Who looks the target's name up."""
        return "here" if self.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS5) else "proxy"

    def __str__(self) -> str:
        return f"{self.kind}://{bracketed(self.host)}:{self.port}"


class StepOutcome(enum.StrEnum):
    """How one timed action ended."""

    OK = "ok"
    FAILED = "failed"
    ABANDONED = "abandoned"  # still running when its check's deadline had passed


class Step(msgspec.Struct, omit_defaults=True):
    """One network action: the waterfall's bar. Exists on failure too."""

    stage: str
    """dns, tcp, tls, http, proxy …: a closed word for each layer."""
    label: str
    """What was done, in a few words: `TLS handshake, no SNI`."""
    offset_us: int
    """Microseconds from the start of the run."""
    duration_us: int
    outcome: StepOutcome
    fault: Fault | None = None
    peer: str = ""
    """Address and port of the other side, or the name for a look-up."""
    detail: str = ""


class Finding(msgspec.Struct):
    """One thing found, as data. Its words live in the catalogue under `code`."""

    code: str
    severity: Severity
    subject: Subject
    params: dict[str, Param]
    evidence: list[str] = []
    """JSON pointers (RFC 6901) to the facts that prove it: relative to its check, or to the report when it was
    judged together."""
    affects: str | None = None
    """Whom it hits, where the judgement knows it better than the catalogue."""
    spares: str | None = None
    """Whom it does not hit, likewise."""
    fingerprint: str = ""
    """Stable over runs: made of code and subject only, never of times or texts."""

    def __post_init__(self) -> None:
        if not self.fingerprint:
            self.fingerprint = fingerprint(self.code, self.subject)


def fingerprint(code: str, subject: Subject) -> str:
    """Sixteen hex digits that identify a finding over runs."""
    return hashlib.sha256(f"{code}\n{subject}".encode()).hexdigest()[:16]


class Blocked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a check was not run: the check or the finding that stands before it."""

    reason: str
    code: str | None = None
    subject: Subject | None = None


class Check(msgspec.Struct):
    """One question about one subject: what was observed, what it means, what was found."""

    probe: str
    subject: Subject
    outcome: Outcome
    path: Path = Path()
    blocked_by: Blocked | None = None
    steps: list[Step] = []
    observation: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))
    """The probe's own observation type; raw, so that a report of an unknown probe stays whole."""
    analysis: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))
    findings: list[Finding] = []
    undecided: list[str] = []
    """What this check could not tell, and why: one sentence each."""


class ClockReading(msgspec.Struct, frozen=True, kw_only=True):
    """A peer's clock beside this machine's, where the peer told its time."""

    peer_time: str
    local_time: str
    """UTC, ISO 8601; both of the same moment."""
    ahead_s: float
    """Seconds by which the peer's clock is ahead."""


class Analysis(msgspec.Struct, kw_only=True):
    """Base of every probe's analysis."""

    undecided: list[str] = []
    """What the evidence does not allow to tell: one sentence each. With no error found, the check is undecided."""
    unmeasured: list[str] = []
    """What was left out on the way without spoiling the answer (an address family that this machine lacks):
    listed as not checked."""
    clock: ClockReading | None = None


class Cause(msgspec.Struct):
    """A root cause: a finding that follows from no other, with those that follow from it folded under it."""

    code: str
    severity: Severity
    subject: Subject
    fingerprint: str
    findings: list[str]
    """Pointers into the report: the findings that are this cause (several probes may have found the same)."""
    folded: list[str] = []
    """Pointers to the findings that follow from it."""


class Verdict(msgspec.Struct):
    """The answer: go, no-go or incomplete, and the root causes, those who hit the most first."""

    decision: Decision
    causes: list[Cause]
    fail_on: Literal["error", "warning", "never"] = "error"


class Renewal(msgspec.Struct, frozen=True):
    """Something with an end date: a row of the table "renew before"."""

    what: str
    subject: Subject
    not_after: str
    """UTC, ISO 8601."""
    days_left: int


class NotChecked(msgspec.Struct, frozen=True):
    """What this run does not speak of, and why."""

    what: str
    reason: str


class Summary(msgspec.Struct):
    """Counts and tables over all checks."""

    outcomes: dict[str, int]
    renew_before: list[Renewal] = []
    not_checked: list[NotChecked] = []
    not_applicable: list[NotChecked] = []


class StproxySite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[stproxy]`: where web and mobile clients come to. One of the two is needed."""

    url: str | None = None
    """https://HOST[:PORT]."""
    provisioning_url: str | None = None
    """The link or QR code that mobile users get, sametime:// or hclsametime://; a password in it is masked as ***."""


class Expected(enum.StrEnum):
    """What the site says of a path: how it is meant to be from where stdiag runs."""

    OPEN = "open"  # clients take it: it must work
    CLOSED = "closed"  # nobody may come this way
    OPTIONAL = "optional"  # either will do


class CommunityPath(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[[community.path]]`: a way by which desktop clients come, to one port or several."""

    via: str | None = None
    """A proxy (http://, https://, socks4://, socks4a://, socks5:// or socks5h://HOST:PORT), `reverse:` and the URL of a
    reverse proxy with its affinity id, or `system` for this machine's own settings. Without it: directly."""
    user: str | None = None
    """The user name for the proxy."""
    password: str | None = None
    """Where its password comes from: env:NAME, file:PATH or prompt, never the password itself."""
    ports: list[int] = []
    """Without it 1533, and as optional ones 80 and 8082."""
    expected: Expected | None = None
    """Without it, at least one of all paths must work."""


class CommunitySite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[community]`: where desktop clients come to."""

    host: str
    """Name or address of the community multiplexer (mux)."""
    path: list[CommunityPath] = []
    """Without one: directly."""


class TlsSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[tls]`: further TLS endpoints of the deployment, and how they are judged."""

    targets: list[str] = []
    """HOST, HOST:PORT or https:// URLs."""
    name: str | None = None
    """The name to send (SNI) and to compare certificates with, where it is not the target's own."""
    quick: bool = False
    """One handshake an address, for sweeps: the chain's verdict only."""
    renew_before_days: int = 30
    """A certificate with fewer days left is a warning."""


class TrustSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[trust]`: roots of the organisation's own, which its clients are given."""

    ca_files: list[str] = []


class PushEnvironment(enum.StrEnum):
    """Which of Apple's two push services a key is for."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"


class PushEndpoints(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[push.endpoints]`: HOST:PORT of services that are not Apple's or Google's own: a relay, or a rehearsal."""

    apns: list[str] = []
    """Apple's push service today, in the environment of the key. Without it api.push.apple.com (for the sandbox
    api.sandbox.push.apple.com) at 443 and 2197: one of them is needed."""
    legacy: list[str] = []
    """Apple's retired binary interface. Without it gateway.push.apple.com:2195 and feedback.push.apple.com:2196."""
    google: list[str] = []
    """Google's, as the server contacts them. Without it fcm.googleapis.com:443 and the services beside it."""
    devices: list[str] = []
    """What phones connect to by themselves. Without it mtalk.google.com:5228 to 5230 and Apple's port 5223."""


class PushSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[push]`: messages to phones in the background. With it `stdiag all` checks the way to Apple and Google."""

    key: str | None = None
    """The PKCS#12 file with which the server shows Apple who it is."""
    passphrase: str | None = None
    """Where its passphrase comes from: env:NAME, file:PATH or prompt, never the passphrase itself."""
    topic: str | None = None
    """The app's bundle id, where the key does not say it or is for several."""
    environment: PushEnvironment | None = None
    """Without it the key says it."""
    via: str | None = None
    """The proxy that the server is configured to send pushes through (http://HOST:PORT)."""
    user: str | None = None
    """The user name for the proxy."""
    password: str | None = None
    """Where its password comes from: env:NAME, file:PATH or prompt."""
    notification_port: int | None = None
    """STProxy's `appleNotificationPort`, where it is configured: 2195 and 2196 are of the retired interface."""
    legacy: bool = False
    """Ask the retired interface too."""
    google: bool = True
    """Ask Google's services for Android too."""
    device_side: bool = False
    """Ask what phones connect to by themselves: for a machine in the phones' network."""
    trust_store: str | None = None
    """The Sametime server's own trust store (PKCS#12 or PEM): is Apple's root in it?"""
    trust_store_passphrase: str | None = None
    """Where its passphrase comes from: env:NAME, file:PATH or prompt; without it Java's customary one is tried."""
    expected_roots: list[str] = []
    """Root certificates that the services' chains must end in, in place of Apple's and Google's: for rehearsals."""
    endpoints: PushEndpoints = msgspec.field(default_factory=PushEndpoints)


class Site(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be diagnosed: the content of stdiag.toml, with the flags applied. Holds no secret."""

    product: Product | None = None
    vantage: Vantage | None = None
    clients: list[str] = []
    """Whose clients must get through: `android>=6`, `ios`; `all` for every one that is known. Without it no client is
    asked for."""
    stproxy: StproxySite | None = None
    community: CommunitySite | None = None
    push: PushSite | None = None
    tls: TlsSite = msgspec.field(default_factory=TlsSite)
    trust: TrustSite = msgspec.field(default_factory=TrustSite)
    resolve: dict[str, str] = {}
    """`NAME[:PORT]` → `ADDRESS[:PORT]`: look-ups that are answered here, like curl's --resolve."""


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


class StoryStage(enum.StrEnum):
    """What a phone meets on its way, in this order."""

    URL = "url"  # the link or QR code that sets it up
    NAME = "name"
    TCP = "tcp"
    TLS = "tls"  # version, ciphers, server name
    CERTIFICATE = "certificate"
    REVERSE_PROXY = "reverse-proxy"  # whether somebody before STProxy asks for credentials, and how
    STPROXY = "stproxy"
    IDLE = "idle"  # whether a connection on which nothing is said stays open
    PUSH = "push"  # messages to the phone in the background


class StoryState(enum.StrEnum):
    """How far one stage is known to let the phone through."""

    OK = "ok"
    STOPS = "stops"
    NOT_REACHED = "not-reached"  # an earlier stage stops the phone
    CANNOT_TELL = "cannot-tell"


class StoryStep(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a story."""

    stage: StoryStage
    """Which one."""
    state: StoryState
    """How far it lets the client through, as seen from here."""
    says: str
    """What was measured, or why nothing can be told."""
    code: str | None = None
    """Code of the finding that it rests on."""
    evidence: list[str] = []
    """Pointers into the report."""


class LogStanding(enum.StrEnum):
    """What the measurement says about a claim of the client's log."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"  # it was measured, and is not so: repaired since, or the phone takes another route
    NOT_REPRODUCED = "not-reproduced"  # from here it shows nothing of it, which proves nothing for the phone's network


class LogClaim(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a client's log says, beside what was measured."""

    code: str
    """What the log gives to suspect: a code of the catalogue."""
    said: str
    """The words that were recognised in the log."""
    count: int
    """How often the log says it."""
    place: str | None = None
    """The server that the log names, HOST:PORT."""
    last: str | None = None
    """Time of the last occurrence, as written in the log."""
    standing: LogStanding = LogStanding.NOT_REPRODUCED
    """What the measurement says of it."""
    why: str = ""
    """What that rests on."""
    evidence: list[str] = []
    """Pointers into the report."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What one client meets, told over several checks, up to the first thing that stops it."""

    client: str
    """Whose story it is: `android 4.4`, or `android` where the version was not said."""
    steps: list[StoryStep]
    """Every stage, in the order in which the client meets them."""
    stopped_by: str | None = None
    """Pointer to the finding that stops the client. null: nothing that was measured does."""
    browser: str = ""
    """Why a desktop browser works all the same; empty when nothing stops the client."""
    log: list[LogClaim] = []
    """What the client's log says, in its order. Empty without a log."""


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


# Blocks: what a probe's `present()` returns. Renderers know these, not the probes.


class Mark(enum.StrEnum):
    """How a cell or a line is marked: always a symbol and a word or text beside it, never colour alone."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    NOTE = "note"
    PLAIN = "plain"


class Text(msgspec.Struct, frozen=True):
    """A line of text."""

    text: str
    mark: Mark = Mark.PLAIN


class KeyValues(msgspec.Struct, frozen=True):
    """A short list of properties."""

    title: str
    items: list[tuple[str, str]]


class Table(msgspec.Struct, frozen=True):
    """Rows under headings."""

    title: str
    columns: list[str]
    rows: list[list[str]]


class ChainLink(msgspec.Struct, frozen=True):
    """One certificate of a drawn chain."""

    role: Literal["leaf", "intermediate", "root"]
    state: Literal["sent", "missing", "fetched", "anchor", "unrelated", "duplicate"]
    name: str
    detail: str = ""
    mark: Mark = Mark.PLAIN


class ChainDrawing(msgspec.Struct, frozen=True):
    """A certificate chain, leaf first: what was sent, what is missing, where it ends."""

    title: str
    links: list[ChainLink]
    note: str = ""


class MatrixCell(msgspec.Struct, frozen=True):
    """One crossing of a row and a column: a mark, and a word that says the same."""

    word: str
    mark: Mark = Mark.PLAIN


class MatrixRow(msgspec.Struct, frozen=True):
    """One row: what it is about, and a cell for each column; None where there is nothing to say."""

    name: str
    cells: list[MatrixCell | None]


class Matrix(msgspec.Struct, frozen=True):
    """How each of several things stands to each of several others: paths and ports."""

    title: str
    columns: list[str]
    rows: list[MatrixRow]


Block = Text | KeyValues | Table | ChainDrawing | Matrix


def to_raw(value: Any) -> msgspec.Raw:
    """`value` as the raw JSON that a check carries."""
    return msgspec.Raw(msgspec.json.encode(value))
