"""From what every hop answered to analysis and findings. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stdiag.catalogue.kinds import path as kinds
from stdiag.catalogue.reach import name_findings
from stdiag.model import Expected, Finding, Severity, Subject, SubjectKind
from stdiag.probes.contract import Context
from stdiag.probes.paths.analysis import PathAnalysis, PathsAnalysis
from stdiag.probes.paths.cells import Cell, cells_of, severities
from stdiag.probes.paths.judge_notes import judge_notes
from stdiag.probes.paths.judge_reverse import judge_reverse
from stdiag.probes.paths.judge_tls import judge_tls
from stdiag.probes.paths.observation import PathsObservation
from stdiag.probes.paths.reasons import Answer, Reason, Stage
from stdiag.probes.paths.words import candidates, causes

ORDER = {severity: place for place, severity in enumerate(Severity)}

RULES = {
    "squid": "acl SSL_ports port {port}",
    "tinyproxy": "ConnectPort {port}",
}
"""Program → the line of its configuration that lets a port through."""


def judge(observation: PathsObservation, context: Context) -> tuple[PathsAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    cells = cells_of(observation)
    analysis = PathsAnalysis(paths=[_analysed(cell) for cell in cells], unmeasured=list(observation.left_out))
    _note_undecided(observation, cells, analysis)
    by_script = observation.system is not None and observation.system.script is not None
    weights = severities(cells, context.site.vantage, another_is_open=by_script)
    findings = _failures(observation, cells, weights)
    findings += judge_notes(observation.host, cells)
    findings += judge_tls(observation, cells, context, analysis)
    return analysis, findings


def _analysed(cell: Cell) -> PathAnalysis:
    end, observed = cell.end, cell.observed
    reply = observed.sametime_in_tls if end.answer is Answer.TLS_ACK else observed.sametime
    version = f"{reply.major}.{reply.minor}" if reply and reply.major is not None else None
    return PathAnalysis(
        path=cell.label,
        port=cell.port,
        setting=cell.setting,
        stage=end.stage,
        reasons=list(end.reasons),
        resolved_by=observed.resolved_by,
        answer=end.answer,
        expected=observed.expected,
        as_expected=_as_expected(cell),
        server_version=version,
        seen_address=reply.seen_address if reply else None,
        note=end.said,
    )


def _as_expected(cell: Cell) -> bool | None:
    if not cell.decided or (Reason.OK in cell.end.reasons and not cell.end.works):
        return None
    match cell.observed.expected:
        case Expected.OPEN:
            return cell.end.works
        case Expected.CLOSED:
            return cell.end.stage not in (Stage.OK, Stage.TARGET)
        case Expected.OPTIONAL | None:
            return None


def _note_undecided(observation: PathsObservation, cells: Sequence[Cell], analysis: PathsAnalysis) -> None:
    if observation.system is not None and observation.system.script is not None:
        analysis.undecided.append(
            f"this machine's proxy settings are in a script ({observation.system.script}), which is not evaluated: "
            "which way clients with useBrowserSettings take is open"
        )
    if not cells and not analysis.undecided:
        analysis.undecided.append("no path was tried")
    for cell in cells:
        if not cell.decided:
            optional = cell.observed.expected is Expected.OPTIONAL
            reason = f"{cell.where}: {cell.end.said or 'it was not tried to its end'}"
            (analysis.unmeasured if optional else analysis.undecided).append(reason)


def _failures(
    observation: PathsObservation, cells: Sequence[Cell], weights: dict[int, Severity | None]
) -> list[Finding]:
    """The causes, each once, with all the paths that end there."""
    groups: dict[tuple[object, ...], list[tuple[Cell, Severity]]] = {}
    for cell in cells:
        weight = weights.get(cell.index)
        if weight is not None:
            groups.setdefault(_cause_of(cell), []).append((cell, weight))
    findings: list[Finding] = []
    for members in groups.values():
        severity = min((weight for _, weight in members), key=ORDER.__getitem__)
        findings += _told(observation.host, [cell for cell, _ in members], severity)
    return findings


def _cause_of(cell: Cell) -> tuple[object, ...]:
    """Cells with equal ones have one cause."""
    stages = {reason.stage for reason in cell.reasons}
    first = cell.reasons[0]
    match first.stage:
        case Stage.LOCAL_DNS:
            return (first,)
        case Stage.PROXY_DNS | Stage.PROXY_TCP | Stage.PROXY_TLS | Stage.PROXY_PROTOCOL | Stage.PROXY_AUTH:
            return (first, _proxy_place(cell))
        case Stage.PROXY_POLICY if stages == {Stage.PROXY_POLICY}:
            return (first, str(cell.via), cell.observed.path.method)
        case Stage.REMOTE_DNS if stages == {Stage.REMOTE_DNS}:
            return (cell.reasons, str(cell.via))
        case Stage.REMOTE_TCP if len(cell.reasons) == 1:
            return (first, cell.port)
        case Stage.TARGET if stages <= {Stage.TARGET, Stage.PROXY_PROTOCOL, Stage.OK}:
            return (first, cell.port, cell.end.answer)
        case Stage.REVERSE:
            return (first, str(cell.via))
        case _:
            return (cell.reasons, str(cell.via), cell.observed.path.method)


def _proxy_place(cell: Cell) -> tuple[str, int] | None:
    return (cell.via.proxy.host, cell.via.proxy.port) if cell.via.proxy else None


def _told(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    first = cells[0]
    stages = {reason.stage for reason in first.reasons}
    tell: Callable[[str, Sequence[Cell], Severity], list[Finding]]
    match first.reasons[0].stage:
        case Stage.LOCAL_DNS | Stage.PROXY_DNS:
            tell = _name
        case Stage.PROXY_TCP | Stage.PROXY_TLS | Stage.PROXY_PROTOCOL | Stage.PROXY_AUTH:
            tell = _proxy
        case Stage.PROXY_POLICY if stages == {Stage.PROXY_POLICY}:
            tell = _policy
        case Stage.REMOTE_DNS if stages == {Stage.REMOTE_DNS}:
            tell = _remote_name
        case Stage.REMOTE_TCP if len(first.reasons) == 1:
            tell = _unreachable
        case Stage.TARGET if stages <= {Stage.TARGET, Stage.PROXY_PROTOCOL, Stage.OK}:
            tell = _target
        case Stage.REVERSE:
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
    local = first.reasons[0].stage is Stage.LOCAL_DNS or proxy is None
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
        case Stage.PROXY_TCP:
            return [
                kinds.PATH_PROXY_UNREACHABLE.found(
                    subject, evidence=evidence, severity=severity, proxy=shown, cause=cause, paths=paths
                )
            ]
        case Stage.PROXY_TLS:
            words = f"{cause} ({first.end.said})" if first.end.said else cause
            return [
                kinds.PATH_PROXY_TLS.found(
                    subject, evidence=evidence, severity=severity, proxy=shown, cause=words, paths=paths
                )
            ]
        case Stage.PROXY_AUTH:
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


def _target(host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    first = cells[0]
    subject, evidence, paths = _server(host, first), _evidence(cells), _paths(cells)
    reply = first.observed.sametime
    if first.end.answer is Answer.DESTROY:
        code = reply.reason_code if reply and reply.reason_code is not None else 0
        return [
            kinds.PATH_SERVER_REFUSES.found(
                subject,
                evidence=evidence,
                severity=severity,
                cause=REFUSALS.get(code, "for a reason that no document names"),
                reason_code=f"{code:#010x}",
                paths=paths,
            )
        ]
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
