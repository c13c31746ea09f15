"""A cause in the catalogue's terms: one finding for all the paths that end there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stdiag.catalogue.kinds import path as kinds
from stdiag.catalogue.reach import name_findings
from stdiag.model import Finding, Severity, Subject, SubjectKind
from stdiag.probes.paths.cells import Cell
from stdiag.probes.paths.judge_reverse import judge_reverse
from stdiag.probes.paths.reasons import Answer, PathStage, Reason
from stdiag.probes.paths.words import candidates, causes

RULES = {
    "squid": "acl SSL_ports port {port}",
    "tinyproxy": "ConnectPort {port}",
}
"""Program → the line of its configuration that lets a port through."""


def told(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    """The finding for `cells`, which share one cause."""
    first = cells[0]
    if first.refusal is not None:
        return _refused(host, cells, first.refusal, severity)
    stages = {reason.stage for reason in first.reasons}
    tell: Callable[[str, Sequence[Cell], Severity], list[Finding]]
    match first.reasons[0].stage:
        case PathStage.LOCAL_DNS | PathStage.PROXY_DNS:
            tell = _name
        case PathStage.PROXY_TCP | PathStage.PROXY_TLS | PathStage.PROXY_PROTOCOL | PathStage.PROXY_AUTH:
            tell = _proxy
        case PathStage.PROXY_POLICY if stages == {PathStage.PROXY_POLICY}:
            tell = _policy
        case PathStage.REMOTE_DNS if stages == {PathStage.REMOTE_DNS}:
            tell = _remote_name
        case PathStage.REMOTE_TCP if len(first.reasons) == 1:
            tell = _unreachable
        case PathStage.TARGET if stages <= {PathStage.TARGET, PathStage.PROXY_PROTOCOL, PathStage.OK}:
            tell = _target
        case PathStage.REVERSE:
            tell = judge_reverse
        case _:
            tell = _says_no
    return tell(host, cells, severity)


def _evidence(cells: Sequence[Cell]) -> list[str]:
    return [cell.pointer for cell in cells]


def _paths(cells: Sequence[Cell]) -> list[str]:
    return [cell.where for cell in cells]


def _ports(cells: Sequence[Cell]) -> str:
    return ports_text(sorted({cell.port for cell in cells}))


def ports_text(ports: Sequence[int]) -> str:
    """`port 1533`, `ports 80 and 8082`."""
    names = [str(port) for port in ports]
    if len(names) == 1:
        return f"port {names[0]}"
    return f"ports {', '.join(names[:-1])} and {names[-1]}"


def _server(host: str, cell: Cell) -> Subject:
    return Subject(kind=SubjectKind.ENDPOINT, host=host, port=cell.port)


def _through(host: str, cell: Cell) -> Subject:
    return Subject(kind=SubjectKind.ENDPOINT, host=host, port=cell.port, via=str(cell.via))


def _said(cells: Sequence[Cell]) -> str | None:
    return next((cell.end.said for cell in cells if cell.end.said), None)


def _name(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    first = cells[0]
    proxy = first.via.proxy
    if first.reasons[0] is Reason.LOCAL_DNS_NO_IPV4:
        return [
            kinds.PATH_NO_IPV4.found(
                Subject(kind=SubjectKind.NAME, host=host),
                evidence=_evidence(cells),
                severity=severity,
                proxy=str(first.via),
                paths=_paths(cells),
            )
        ]
    local = first.reasons[0].stage is PathStage.LOCAL_DNS or proxy is None
    subject = Subject(kind=SubjectKind.NAME, host=host if local or proxy is None else proxy.host)
    fault = first.observed.fault or next((one.fault for one in first.observed.http if one.fault), None)
    if fault is None:
        return []
    findings = name_findings(fault, subject, first.observed.duration_us, _evidence(cells))
    for finding in findings:
        finding.severity = severity
        finding.affects = None if local else "desktop clients that are set to this proxy"
    return findings


def _proxy(_host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    """What is wrong with the proxy itself, whatever it was asked for."""
    first = cells[0]
    proxy = first.via.proxy
    if proxy is None:
        return []
    subject = Subject(kind=SubjectKind.ENDPOINT, host=proxy.host, port=proxy.port)
    reasons = first.reasons
    cause = causes(reasons)
    shown = str(proxy)
    evidence, paths = _evidence(cells), _paths(cells)
    match reasons[0].stage:
        case PathStage.PROXY_TCP:
            return [
                kinds.PATH_PROXY_UNREACHABLE.found(
                    subject, evidence=evidence, severity=severity, proxy=shown, cause=cause, paths=paths
                )
            ]
        case PathStage.PROXY_TLS:
            words = f"{cause} ({first.end.said})" if first.end.said else cause
            return [
                kinds.PATH_PROXY_TLS.found(
                    subject, evidence=evidence, severity=severity, proxy=shown, cause=words, paths=paths
                )
            ]
        case PathStage.PROXY_AUTH:
            offered = [scheme for cell in cells for reply in cell.observed.replies for scheme in reply.schemes]
            offered += [
                part.split()[0]
                for cell in cells
                for reply in cell.observed.http
                for part in reply.headers.get("proxy-authenticate", "").split(", ")
                if part and "=" not in part.split()[0]
            ]
            return [
                kinds.PATH_PROXY_LOGIN.found(
                    subject,
                    evidence=evidence,
                    severity=severity,
                    proxy=shown,
                    cause=cause,
                    schemes=list(dict.fromkeys(offered)),
                    paths=paths,
                )
            ]
        case _:
            return [
                kinds.PATH_PROXY_ANSWER.found(
                    subject,
                    evidence=evidence,
                    severity=severity,
                    proxy=shown,
                    cause=cause,
                    said=_said(cells),
                    paths=paths,
                )
            ]


def _policy(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    first = cells[0]
    proxy = str(first.via)
    if first.let_through:
        return [
            kinds.PATH_PROXY_PORT_DENIED.found(
                _through(host, first),
                evidence=_evidence(cells),
                severity=severity,
                proxy=proxy,
                allowed=ports_text(first.let_through),
                ports=_ports(cells),
                said=_said(cells),
                rule=_rule(cells),
                paths=_paths(cells),
            )
        ]
    return [
        kinds.PATH_PROXY_DENIED.found(
            _through(host, first),
            evidence=_evidence(cells),
            severity=severity,
            proxy=proxy,
            ports=_ports(cells),
            said=_said(cells),
            candidates=candidates(first.reasons),
            paths=_paths(cells),
        )
    ]


def _rule(cells: Sequence[Cell]) -> str | None:
    """The line that the proxy's administrator must change; None when the answer does not show which program it is."""
    headers = [reply.headers for cell in cells for reply in cell.observed.replies]
    headers += [reply.headers for cell in cells for reply in cell.observed.http]
    words = " ".join(
        [name + value for one in headers for name, value in one.items()] + [cell.end.said for cell in cells]
    ).lower()
    program = next((program for program in RULES if program in words), None)
    return "; ".join(RULES[program].format(port=cell.port) for cell in cells) if program else None


def _remote_name(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    first = cells[0]
    return [
        kinds.PATH_REMOTE_NAME.found(
            Subject(kind=SubjectKind.NAME, host=host, via=str(first.via)),
            evidence=_evidence(cells),
            severity=severity,
            proxy=str(first.via),
            cause=causes(first.reasons),
            said=_said(cells),
            paths=_paths(cells),
        )
    ]


def _unreachable(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    proxies = sorted({str(cell.via) for cell in cells if cell.via.proxy is not None})
    return [
        kinds.PATH_SERVER_UNREACHABLE.found(
            _server(host, cells[0]),
            evidence=_evidence(cells),
            severity=severity,
            cause=causes(cells[0].reasons),
            said=", ".join(proxies) or None,
            paths=_paths(cells),
        )
    ]


def _refused(host: str, cells: Sequence[Cell], refusal: Cell, severity: Severity) -> list[Finding]:
    """What the server said on the path of `refusal`, and the paths that end for it."""
    replies = (refusal.observed.sametime, refusal.observed.sametime_in_tls)
    code = next((reply.reason_code for reply in replies if reply and reply.reason_code is not None), 0)
    evidence = [] if refusal in cells else [refusal.pointer]
    return [
        kinds.PATH_SERVER_REFUSES.found(
            _server(host, refusal),
            evidence=[*evidence, *_evidence(cells)],
            severity=severity,
            cause=REFUSALS.get(code, "for a reason that no document names"),
            reason_code=f"{code:#010x}",
            paths=_paths(cells),
        )
    ]


def _target(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    first = cells[0]
    subject, evidence, paths = _server(host, first), _evidence(cells), _paths(cells)
    reply = first.observed.sametime
    if first.reasons[0] is Reason.TARGET_NOT_SAMETIME:
        return [
            kinds.PATH_NOT_SAMETIME.found(
                subject,
                evidence=evidence,
                severity=severity,
                spoken=_spoken(first),
                first_bytes=reply.first_bytes[:64] or None if reply else None,
                paths=paths,
            )
        ]
    return [
        kinds.PATH_TARGET_MUTE.found(
            subject,
            evidence=evidence,
            severity=severity,
            cause=causes(first.reasons[:1]),
            candidates=candidates(first.reasons),
            paths=paths,
        )
    ]


REFUSALS = {
    0x80000200: "it does not accept this version of the protocol",
    0x8000020B: "the server is full",
    0x8000020F: "it calls the handshake an error of the protocol",
    0x80000210: "the user is restricted",
    0x80000212: "no common encryption",
    0x8000022B: "the server is unreachable or misconfigured",
}
"""CHANNEL_DESTROY's reasons that a handshake may meet (draft-houri-sametime-community-client §8.3.1)."""


def _spoken(cell: Cell) -> str:
    match cell.end.answer:
        case Answer.HTTP | Answer.HTTP_CBR:
            return f"a web server ({cell.end.said})" if cell.end.said else "a web server"
        case _:
            return cell.end.said or "an unknown protocol"


def _says_no(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    first = cells[0]
    return [
        kinds.PATH_PROXY_SAYS_NO.found(
            _through(host, first),
            evidence=_evidence(cells),
            severity=severity,
            proxy=str(first.via),
            ports=_ports(cells),
            said=_said(cells),
            candidates=candidates(first.reasons) or [str(first.reasons[0])],
            apart="the proxy's own log; the same from the proxy's host; the server's address in place of its name",
            paths=_paths(cells),
        )
    ]
