"""Observations of paths made by hand, and their judgement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stdiag.model import Expected, Fault, FaultReason, Finding, Path, Site, Vantage
from stdiag.probes.contract import Context
from stdiag.probes.paths.analysis import PathsAnalysis
from stdiag.probes.paths.judge import judge
from stdiag.probes.paths.observation import (
    HopReply,
    HttpReply,
    PathObservation,
    PathsObservation,
    ProxyTls,
    SametimeReply,
)
from stdiag.probes.shared.handshake import Handshake, VerifyCode

HOST = "mux.example.com"
STARTED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
REVERSE = "reverse:https://front.example.com/sales"

PROXIES = {
    kind: f"{kind}://proxy.example.com:{port}"
    for kind, port in {
        "http": 3128,
        "https": 3129,
        "socks4": 1080,
        "socks4a": 1080,
        "socks5": 1080,
        "socks5h": 1080,
    }.items()
}


def fault(reason: FaultReason, words: str = "", **more: Any) -> Fault:
    return Fault(reason, words, **more)


def direct(port: int = 1533, **facts: Any) -> PathObservation:
    """The plain path."""
    return PathObservation(path=Path(), port=port, **facts)


def through(kind: str, port: int = 1533, *, method: str | None = None, **facts: Any) -> PathObservation:
    """A path through the proxy of that kind; through an HTTP proxy with CONNECT, unless `method` says otherwise."""
    default = "connect" if kind.startswith("http") else "raw"
    resolves = "here" if kind in ("socks4", "socks5") else "proxy"
    path = Path(kind="proxy", proxy=PROXIES[kind], resolves=resolves, method=method or default)  # type: ignore[arg-type]  # the tests' words are the model's
    return PathObservation(path=path, port=port, resolved_by=resolves, **facts)


def web(*replies: HttpReply, kind: str | None = None, port: int = 1533, **facts: Any) -> PathObservation:
    """HTTP tunnelling, directly or through an HTTP proxy."""
    if kind is None:
        return PathObservation(path=Path(method="cbr"), port=port, http=list(replies), **facts)
    return through(kind, port, method="cbr", http=list(replies), **facts)


def reverse(*replies: HttpReply, **facts: Any) -> PathObservation:
    """Through a reverse proxy."""
    path = Path(kind="proxy", proxy=REVERSE, resolves="proxy", method="cbr")
    return PathObservation(path=path, port=443, resolved_by="proxy", http=list(replies), **facts)


def answer(status: int | None, asked: str = "cbr", body: str = "", **facts: Any) -> HttpReply:
    """One answer by HTTP; header names are written with _ for -."""
    pages = {"cbr": "CommunityCBR", "cbr-lower": "communityCBR", "control": "stdiag-no-such-page"}
    known = {name: facts.pop(name) for name in ("fault", "stage", "sent_credentials") if name in facts}
    headers = {name.replace("_", "-"): value for name, value in facts.items()}
    return HttpReply(url=f"http://x/{pages[asked]}", asked=asked, status=status, headers=headers, body=body, **known)


def answers(cbr: int, lower: int, control: int, **facts: Any) -> list[HttpReply]:
    """The answers to the three questions."""
    return [answer(cbr, **facts), answer(lower, "cbr-lower"), answer(control, "control")]


def ended(step: str, reason: FaultReason, *replies: HopReply, **more: Any) -> dict[str, Any]:
    """Facts of a path that ended at the proxy."""
    return {"ended_at": step, "fault": fault(reason, **more), "replies": list(replies)}


def reply(status: int | None = None, received: str = "", step: str = "request", **facts: Any) -> HopReply:
    """One reply of a proxy."""
    headers = {"x-squid-error": facts.pop("squid")} if "squid" in facts else {}
    return HopReply(step=step, received=received, status=status, headers=headers, **facts)


def spoke(word: str, **facts: Any) -> dict[str, Any]:
    """Facts of a path that led to its end."""
    return {"ended_at": "open", "sametime": SametimeReply(spoke=word, **facts)}


ACK: dict[str, Any] = spoke("ack", major=30, minor=8521, seen_address="192.0.2.7")


def shaken(*, completed: bool = True, codes: tuple[int, ...] = (), why: Fault | None = None) -> Handshake:
    """A TLS handshake without a chain."""
    return Handshake(
        offer="default",
        server_name=HOST,
        completed=completed,
        fault=why,
        verify_errors=[VerifyCode(code=code, depth=0, text=f"complaint {code}") for code in codes],
    )


def proxy_tls(*codes: int) -> ProxyTls:
    """The handshake with the https proxy."""
    return ProxyTls(host="proxy.example.com", port=3129, handshake=shaken(codes=codes))


def observation(*paths: PathObservation, **facts: Any) -> PathsObservation:
    return PathsObservation(host=HOST, paths=list(paths), **facts)


def judged(
    *paths: PathObservation, vantage: Vantage | None = None, **facts: Any
) -> tuple[PathsAnalysis, list[Finding]]:
    """Analysis and findings."""
    return judge(observation(*paths, **facts), Context(started=STARTED, site=Site(vantage=vantage)))


def reasons(path: PathObservation, **facts: Any) -> list[str]:
    """The reasons of the only path."""
    return [str(reason) for reason in judged(path, **facts)[0].paths[0].reasons]


def codes(findings: list[Finding]) -> dict[str, str]:
    """Code → severity."""
    return {finding.code: finding.severity.value for finding in findings}


def with_expected(path: PathObservation, expected: Expected | None) -> PathObservation:
    path.expected = expected
    return path


DIRECT_REFUSED: dict[str, Any] = {"fault": fault(FaultReason.REFUSED)}
