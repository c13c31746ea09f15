"""What the paths show beside the failures: what is open and should not be, and what administrators should know."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from stdiag.catalogue.kinds import path as kinds
from stdiag.formats.via import ViaKind
from stdiag.model import Expected, Finding, Severity, Subject, SubjectKind
from stdiag.probes.paths.cells import Cell
from stdiag.probes.paths.judge_web import knows_spelling
from stdiag.probes.paths.reasons import Answer, PathStage
from stdiag.probes.paths.words import causes


def judge_notes(host: str, cells: Sequence[Cell]) -> list[Finding]:
    """All of them."""
    findings = _open_unexpectedly(host, cells)
    findings += _odd_answers(host, cells)
    findings += _direct_blocked(host, cells)
    findings += _tls_only(host, cells)
    findings += _not_encrypted(host, cells)
    findings += _client_address(host, cells)
    findings += _spellings(cells)
    return findings


def _server(host: str, port: int) -> Subject:
    return Subject(kind=SubjectKind.ENDPOINT, host=host, port=port)


def _open_unexpectedly(host: str, cells: Sequence[Cell]) -> list[Finding]:
    findings = []
    for cell in cells:
        if cell.observed.expected is not Expected.CLOSED or cell.end.stage not in (PathStage.OK, PathStage.TARGET):
            continue
        works = cell.end.works
        findings.append(
            kinds.PATH_OPEN_UNEXPECTEDLY.found(
                _server(host, cell.port),
                evidence=[cell.pointer],
                severity=None if works else Severity.WARNING,
                cause="Sametime answers" if works else f"it accepts connections: {causes(cell.reasons[:1])}",
                paths=[cell.where],
            )
        )
    return findings


def _odd_answers(host: str, cells: Sequence[Cell]) -> list[Finding]:
    odd = [cell for cell in cells if cell.end.answer in (Answer.ACK_INCOMPLETE, Answer.REDIRECT)]
    by_port: dict[tuple[int, str], list[Cell]] = {}
    for cell in odd:
        by_port.setdefault((cell.port, cell.end.said), []).append(cell)
    return [
        kinds.PATH_ANSWER_ODD.found(
            _server(host, port),
            evidence=[cell.pointer for cell in group],
            cause=said,
            paths=[cell.where for cell in group],
        )
        for (port, said), group in by_port.items()
    ]


def _direct_blocked(host: str, cells: Sequence[Cell]) -> list[Finding]:
    findings = []
    for cell in cells:
        blocked = cell.via.kind is ViaKind.DIRECT and cell.observed.path.method == "raw" and cell.decided
        if not blocked or cell.end.stage is not PathStage.REMOTE_TCP or cell.observed.expected is Expected.CLOSED:
            continue
        works = [
            other.label
            for other in cells
            if other.via.kind is not ViaKind.DIRECT
            and other.end.works
            and (other.port == cell.port or other.via.kind is ViaKind.REVERSE)
        ]
        if works:
            findings.append(
                kinds.PATH_DIRECT_BLOCKED.found(
                    _server(host, cell.port),
                    evidence=[cell.pointer],
                    cause=causes(cell.reasons[:1]),
                    works=works,
                )
            )
    return findings


def _tls_only(host: str, cells: Sequence[Cell]) -> list[Finding]:
    by_port: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.end.answer is Answer.TLS_ACK:
            by_port.setdefault(cell.port, []).append(cell)
    return [
        kinds.PATH_TLS_ONLY.found(
            _server(host, port),
            evidence=[cell.pointer for cell in group],
            plain=group[0].observed.sametime.spoke if group[0].observed.sametime else "not tried",
            paths=[cell.where for cell in group],
        )
        for port, group in by_port.items()
    ]


def _not_encrypted(host: str, cells: Sequence[Cell]) -> list[Finding]:
    by_proxy: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.observed.path.method == "connect" and cell.end.answer is Answer.ACK and cell.end.works:
            by_proxy.setdefault(str(cell.via), []).append(cell)
    return [
        kinds.PATH_NOT_ENCRYPTED.found(
            Subject(kind=SubjectKind.ENDPOINT, host=host, port=group[0].port, via=proxy),
            evidence=[cell.pointer for cell in group],
            proxy=proxy,
            paths=[cell.where for cell in group],
        )
        for proxy, group in by_proxy.items()
    ]


def _client_address(host: str, cells: Sequence[Cell]) -> list[Finding]:
    """Directly, the server should see the address that the connection goes out from; a proxy's is no surprise."""
    by_pair: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        if cell.via.kind is not ViaKind.DIRECT or not cell.end.works:
            continue
        for reply in (cell.observed.sametime, cell.observed.sametime_in_tls):
            seen, local = reply.seen_address if reply else None, cell.observed.local_address
            if seen and local and _is_another(seen, local):
                by_pair.setdefault((seen, local), []).append(cell)
    return [
        kinds.PATH_CLIENT_ADDRESS.found(
            _server(host, group[0].port),
            evidence=[cell.pointer for cell in group],
            seen=seen,
            local=local,
            paths=[cell.where for cell in group],
        )
        for (seen, local), group in by_pair.items()
    ]


def _is_another(seen: str, local: str) -> bool:
    """The protocol holds IPv4 addresses only: of an IPv6 connection it can tell nothing."""
    try:
        there, here = ipaddress.ip_address(seen), ipaddress.ip_address(local.partition("%")[0])
    except ValueError:
        return False
    return here.version == 4 and not there.is_unspecified and there != here


def _spellings(cells: Sequence[Cell]) -> list[Finding]:
    findings = []
    for cell in cells:
        if cell.via.kind is not ViaKind.REVERSE:
            continue
        known = knows_spelling(cell.observed.http)
        good = [name for name, knows in known.items() if knows]
        bad = [name for name, knows in known.items() if not knows]
        if good and bad and cell.end.answer is Answer.HTTP_CBR:
            proxy, url = cell.via.proxy, cell.via.url or ""
            findings.append(
                kinds.PATH_CBR_SPELLING.found(
                    Subject(
                        kind=SubjectKind.URL,
                        host=proxy.host if proxy else "",
                        port=proxy.port if proxy else None,
                        url=url,
                    ),
                    evidence=[f"{cell.pointer}/http"],
                    url=url,
                    known=f"/{good[0]}",
                    unknown=f"/{bad[0]}",
                )
            )
    return findings
