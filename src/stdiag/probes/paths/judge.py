"""From what every hop answered to analysis and findings. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.model import Expected, Finding, Severity
from stdiag.probes.contract import Context
from stdiag.probes.paths.analysis import PathAnalysis, PathsAnalysis
from stdiag.probes.paths.causes import told
from stdiag.probes.paths.cells import Cell, cells_of, severities
from stdiag.probes.paths.judge_notes import judge_notes
from stdiag.probes.paths.judge_tls import judge_tls
from stdiag.probes.paths.narrow import narrow
from stdiag.probes.paths.observation import PathsObservation
from stdiag.probes.paths.reasons import Answer, PathStage, Reason

ORDER = {severity: place for place, severity in enumerate(Severity)}


def judge(observation: PathsObservation, context: Context) -> tuple[PathsAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    cells = cells_of(observation)
    narrow(cells)
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
            return cell.end.stage not in (PathStage.OK, PathStage.TARGET)
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
        findings += told(observation.host, [cell for cell, _ in members], severity)
    return findings


def _cause_of(cell: Cell) -> tuple[object, ...]:
    """Cells with equal ones have one cause."""
    if cell.refusal is not None:
        return (Answer.DESTROY, cell.port)
    stages = {reason.stage for reason in cell.reasons}
    first = cell.reasons[0]
    match first.stage:
        case PathStage.LOCAL_DNS:
            return (first,)
        case (
            PathStage.PROXY_DNS
            | PathStage.PROXY_TCP
            | PathStage.PROXY_TLS
            | PathStage.PROXY_PROTOCOL
            | PathStage.PROXY_AUTH
        ):
            return (first, _proxy_place(cell))
        case PathStage.PROXY_POLICY if stages == {PathStage.PROXY_POLICY}:
            return (first, str(cell.via), cell.observed.path.method)
        case PathStage.REMOTE_DNS if stages == {PathStage.REMOTE_DNS}:
            return (cell.reasons, str(cell.via))
        case PathStage.REMOTE_TCP if len(cell.reasons) == 1:
            return (first, cell.port)
        case PathStage.TARGET if stages <= {PathStage.TARGET, PathStage.PROXY_PROTOCOL, PathStage.OK}:
            return (first, cell.port, cell.end.answer)
        case PathStage.REVERSE:
            return (first, str(cell.via))
        case _:
            return (cell.reasons, str(cell.via), cell.observed.path.method)


def _proxy_place(cell: Cell) -> tuple[str, int] | None:
    return (cell.via.proxy.host, cell.via.proxy.port) if cell.via.proxy else None
