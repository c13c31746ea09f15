"""The contract of a probe: one question, observed on the network and judged without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from stdiag.model import Analysis, Block, Check, Finding, NotChecked, Path, Renewal, Site, Subject, Vantage

if TYPE_CHECKING:
    from datetime import datetime

    from stdiag.net.credentials import Credentials
    from stdiag.net.deadline import Deadline, Timeouts
    from stdiag.net.dial import Dialer
    from stdiag.net.fetch_once import Fetcher
    from stdiag.net.resolve import Resolver
    from stdiag.net.trace import StepRecorder
    from stdiag.net.via import TunnelDialer
    from stdiag.pki.trust import TrustStore


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A check that is to be made: what `plan` returns and `observe` receives."""

    probe: str
    subject: Subject
    path: Path = Path()
    options: dict[str, str | int | bool] = {}
    """What this check needs beyond its subject: the probe's own keys."""
    requires: tuple[Subject, ...] = ()
    """Subjects that must stand first: this check waits for the checks on them, and is skipped when one fails."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the firewall request: who must reach whom, and why. Opened by nobody while planning."""

    source: str
    destination: str
    port: str
    protocol: str
    reason: str
    direction: str = "outbound"
    third_party: bool = False
    """Somebody whom the site does not name: left alone with --offline."""


def no_credentials() -> Credentials:
    """No password for any proxy."""
    from stdiag.net.credentials import Credentials

    return Credentials()


class Tools(msgspec.Struct, frozen=True, eq=False):
    """What `observe` may use. Each check gets its own, with its own deadline and step recorder."""

    deadline: Deadline
    timeouts: Timeouts
    steps: StepRecorder
    resolver: Resolver
    dialer: Dialer | TunnelDialer
    fetcher: Fetcher
    trust: tuple[TrustStore, ...] = ()
    """What the run's judgements will rest on: lets `observe` leave out contacts that could tell nothing new."""
    offline: bool = False
    """True: contact nothing but the check's own subject."""
    credentials: Credentials = msgspec.field(default_factory=no_credentials)
    """Passwords for proxies, shared by all checks of the run: each is tried once."""


class Context(msgspec.Struct, frozen=True, eq=False):
    """What a judgement depends on beside the observation. Everything in it stands in the report."""

    started: datetime
    """Start of the run, UTC: the moment that validity is judged at."""
    site: Site
    trust: tuple[TrustStore, ...] = ()
    judged_before: dict[Any, Any] = {}
    """What was concluded in this run from the same certificates: many endpoints of a sweep send the same chain. A
    memory only: with or without it a judgement says the same."""


def no_renewals(_subject: Subject, _analysis: Any, _context: Context) -> list[Renewal]:
    """For a probe that finds nothing with an end date."""
    return []


class Probe(msgspec.Struct, frozen=True, eq=False):
    """A probe module, as the engine sees it."""

    name: str
    question: str
    """One line, as `stdiag list` shows it."""
    observation: type[Any]
    analysis: type[Analysis]
    plan: Callable[[Site], tuple[list[Planned], list[NotChecked]]]
    """Checks that apply to the site, and what does not apply, with the reason."""
    contacts: Callable[[Planned, Site], list[Contact]]
    observe: Callable[[Planned, Tools], Any]
    """Network I/O. Returns the observation, never raises for anything that a network can do."""
    judge: Callable[[Any, Context], tuple[Any, list[Finding]]]
    """Pure: (observation, context) → (analysis, findings)."""
    present: Callable[[Check], list[Block]]
    renewals: Callable[[Subject, Any, Context], list[Renewal]] = no_renewals
    """End dates in an analysis, for the table "renew before"."""
    vantages: frozenset[Vantage] | None = None
    """Where this probe's real client lives; None: anywhere. From elsewhere it can at most warn."""
