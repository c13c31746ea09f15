"""Shows a finished check of paths as blocks: the matrix, and one line for each path that fails."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, Check, Expected, Mark, Matrix, MatrixCell, MatrixRow, Renewal, Subject, Text
from stdiag.probes.contract import Context
from stdiag.probes.paths.analysis import PathAnalysis, PathsAnalysis
from stdiag.probes.paths.reasons import Answer, PathStage, Reason
from stdiag.probes.paths.words import NEVER_SEEN, WORDS

ANSWERS = {
    Answer.ACK: "Sametime",
    Answer.TLS_ACK: "Sametime in TLS",
    Answer.ACK_INCOMPLETE: "odd answer",
    Answer.REDIRECT: "odd answer",
    Answer.HTTP_CBR: "HTTP tunnel",
}
"""What a cell says of a path that works."""

TOLD = {Answer.HTTP_CBR: "a web server that knows the tunnel's address, which is all that HTTP proves"}
"""Where the cell's word would claim too much in a line of its own."""


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was observed."""
    analysis = msgspec.json.decode(check.analysis, type=PathsAnalysis | None)
    if analysis is None or not analysis.paths:
        return []
    return [_matrix(analysis.paths), *_failing(analysis.paths), *_working(analysis.paths), Text(NEVER_SEEN, Mark.NOTE)]


def renewals(subject: Subject, analysis: PathsAnalysis, _context: Context) -> list[Renewal]:
    """End dates of the certificates behind the paths."""
    return [
        Renewal(
            what=f"{facts.role} {facts.name}", subject=subject, not_after=facts.not_after, days_left=facts.days_left
        )
        for facts in analysis.certificates
    ]


def _matrix(paths: list[PathAnalysis]) -> Matrix:
    ports = sorted({path.port for path in paths}, key=lambda port: (port != 1533, port))
    rows: dict[str, dict[int, MatrixCell]] = {}
    for path in paths:
        rows.setdefault(path.path, {})[path.port] = _cell(path, spared=_not_needed(path, paths))
    return Matrix(
        title="Paths and ports",
        columns=[str(port) for port in ports],
        rows=[MatrixRow(name, [cells.get(port) for port in ports]) for name, cells in rows.items()],
    )


def _cell(path: PathAnalysis, *, spared: bool) -> MatrixCell:
    if path.stage is None:
        return MatrixCell("not known", Mark.UNSURE)
    if path.reasons == [Reason.OK]:
        good = path.expected is not Expected.CLOSED
        return MatrixCell(ANSWERS.get(path.answer, "ok"), Mark.GOOD if good else Mark.BAD)
    word = path.stage.value if len(path.reasons) > 1 else path.reasons[0].value.partition(":")[2]
    if Reason.OK in path.reasons:
        return MatrixCell("HTTP, unclear", Mark.UNSURE)
    if path.as_expected:
        return MatrixCell(word, Mark.GOOD)
    return MatrixCell(word, Mark.PLAIN if spared or path.expected is Expected.OPTIONAL else Mark.BAD)


def _not_needed(path: PathAnalysis, paths: list[PathAnalysis]) -> bool:
    """Whether it is a CONNECT that the proxy denies, and plain requests through the same proxy reach the same port."""
    name, form, _ = path.path.partition(", CONNECT")
    beside = (other for other in paths if other.port == path.port and other.path == f"{name}, HTTP")
    return bool(form) and path.stage is PathStage.PROXY_POLICY and any(other.reasons == [Reason.OK] for other in beside)


def _failing(paths: list[PathAnalysis]) -> list[Block]:
    """One line for each path, ports that end alike together; what is optional in one line at the end."""
    groups: dict[tuple[str, str, tuple[Reason, ...], str], list[int]] = {}
    optional: list[str] = []
    spared: dict[tuple[str, Reason], list[int]] = {}
    for path in paths:
        if path.reasons == [Reason.OK] or path.stage is None or path.as_expected:
            continue
        if _not_needed(path, paths):
            spared.setdefault((path.path, path.reasons[0]), []).append(path.port)
            continue
        if path.expected is Expected.OPTIONAL:
            optional.append(f"{path.path}, port {path.port} ({path.reasons[0]})")
            continue
        groups.setdefault((path.path, path.setting, tuple(path.reasons), path.note), []).append(path.port)
    lines: list[Block] = [
        Text(f"{name}, port {', '.join(map(str, ports))}: {_end(reasons, note)} Client setting: {setting}.", Mark.BAD)
        for (name, setting, reasons, note), ports in groups.items()
    ]
    for (name, reason), ports in spared.items():
        lines.append(Text(f"{name}, port {', '.join(map(str, ports))}: {reason}; not needed, as HTTP gets through."))
    if optional:
        lines.append(Text(f"Optional, and not there: {'; '.join(optional)}."))
    return lines


def _end(reasons: tuple[Reason, ...], note: str) -> str:
    """Stage and reason, what it means, and the remedy; of several candidates none is told as if it were certain."""
    first = WORDS[reasons[0]]
    said = f" ({note})" if note and reasons[0].stage not in (PathStage.REMOTE_TCP, PathStage.PROXY_TCP) else ""
    if len(reasons) == 1:
        return f"{reasons[0]} - {first.cause}{said}. Remedy: {first.remedy}."
    one_hop = len({reason.stage for reason in reasons}) == 1
    remedy = first.remedy if one_hop else "find out which it is, in the log of what answered"
    return f"{' or '.join(reasons)}{said}. Remedy: {remedy}."


def _working(paths: list[PathAnalysis]) -> list[Block]:
    """One line for each path that works, with what the server told."""
    groups: dict[tuple[str, str, str, Mark], list[int]] = {}
    for path in paths:
        if path.reasons != [Reason.OK]:
            continue
        told = [TOLD.get(path.answer) or ANSWERS.get(path.answer, "it answers")]
        told += [f"protocol version {path.server_version}"] if path.server_version else []
        told += [f"sees this client as {path.seen_address}"] if path.seen_address else []
        told += ["the proxy looks the name up"] if path.resolved_by == "proxy" else []
        mark = Mark.BAD if path.expected is Expected.CLOSED else Mark.GOOD
        groups.setdefault((path.path, path.setting, ", ".join(told), mark), []).append(path.port)
    return [
        Text(f"{name}, port {', '.join(map(str, ports))}: {told}. Client setting: {setting}.", mark)
        for (name, setting, told, mark), ports in groups.items()
    ]
