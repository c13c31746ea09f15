"""Shows a finished check of paths as blocks: the matrix, and one line for each path that fails."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, Check, Expected, Mark, Matrix, MatrixCell, MatrixRow, Renewal, Subject, Table, Text
from stdiag.probes.contract import Context
from stdiag.probes.paths.analysis import PathAnalysis, PathsAnalysis
from stdiag.probes.paths.reasons import Answer, Reason, Stage
from stdiag.probes.paths.words import NEVER_SEEN, WORDS

ANSWERS = {
    Answer.ACK: "Sametime",
    Answer.TLS_ACK: "Sametime in TLS",
    Answer.ACK_INCOMPLETE: "odd answer",
    Answer.REDIRECT: "odd answer",
    Answer.HTTP_CBR: "HTTP tunnel",
}
"""What a cell says of a path that works."""


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
        rows.setdefault(path.path, {})[path.port] = _cell(path)
    return Matrix(
        title="Paths and ports",
        columns=[str(port) for port in ports],
        rows=[MatrixRow(name, [cells.get(port) for port in ports]) for name, cells in rows.items()],
    )


def _cell(path: PathAnalysis) -> MatrixCell:
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
    return MatrixCell(word, Mark.PLAIN if path.expected is Expected.OPTIONAL else Mark.BAD)


def _failing(paths: list[PathAnalysis]) -> list[Block]:
    """One line for each path, ports that end alike together."""
    groups: dict[tuple[str, str, tuple[Reason, ...], Expected | None, str], list[int]] = {}
    for path in paths:
        if path.reasons == [Reason.OK] or path.stage is None or path.as_expected:
            continue
        groups.setdefault((path.path, path.setting, tuple(path.reasons), path.expected, path.note), []).append(
            path.port
        )
    lines: list[Block] = []
    for (name, setting, reasons, expected, note), ports in groups.items():
        first = WORDS[reasons[0]]
        which = ", ".join(map(str, ports))
        stages = " or ".join(reason.value for reason in reasons)
        said = f" ({note})" if note and reasons[0].stage is not Stage.REMOTE_TCP else ""
        beside = " Optional." if expected is Expected.OPTIONAL else ""
        text = (
            f"{name}, port {which}: {stages} - {first.cause}{said}. "
            f"Remedy: {first.remedy}. Client setting: {setting}.{beside}"
        )
        lines.append(Text(text, Mark.PLAIN if expected is Expected.OPTIONAL else Mark.BAD))
    return lines


def _working(paths: list[PathAnalysis]) -> list[Block]:
    rows = [
        [
            path.path,
            str(path.port),
            path.setting,
            path.resolved_by,
            path.server_version or "",
            path.seen_address or "",
        ]
        for path in paths
        if path.reasons == [Reason.OK]
    ]
    if not rows:
        return []
    columns = ["path", "port", "client setting", "name looked up", "server's protocol version", "sees this client as"]
    return [Table(title="Paths that work", columns=columns, rows=rows)]
