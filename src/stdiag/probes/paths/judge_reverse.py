"""What a reverse proxy's answer means."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import path as kinds
from stdiag.model import Finding, Severity, Subject, SubjectKind
from stdiag.probes.paths.cells import Cell
from stdiag.probes.paths.reasons import Reason
from stdiag.probes.paths.words import candidates, causes


def judge_reverse(_host: str, cells: Sequence[Cell], severity: Severity) -> list[Finding]:
    """One reverse proxy that does not lead to the server."""
    first = cells[0]
    proxy, url = first.via.proxy, first.via.url or ""
    subject = Subject(
        kind=SubjectKind.URL, host=proxy.host if proxy else "", port=proxy.port if proxy else None, url=url
    )
    evidence = [cell.pointer for cell in cells]
    cause, said = causes(first.reasons[:1]), first.end.said
    match first.reasons[0]:
        case Reason.REVERSE_AUTH_REQUIRED | Reason.REVERSE_AUTH_REJECTED | Reason.REVERSE_FORM_LOGIN:
            return [
                kinds.PATH_REVERSE_LOGIN.found(
                    subject, evidence=evidence, severity=severity, url=url, cause=cause, said=said
                )
            ]
        case Reason.REVERSE_FORBIDDEN | Reason.REVERSE_MOVED:
            return [
                kinds.PATH_REVERSE_DENIED.found(
                    subject, evidence=evidence, severity=severity, url=url, cause=cause, said=said
                )
            ]
        case Reason.REVERSE_BAD_GATEWAY | Reason.REVERSE_GATEWAY_TIMEOUT:
            return [
                kinds.PATH_REVERSE_BACKEND.found(
                    subject,
                    evidence=evidence,
                    severity=severity,
                    url=url,
                    cause=cause,
                    said=said,
                    candidates=candidates(first.reasons),
                )
            ]
        case _:
            return [
                kinds.PATH_REVERSE_WRONG_BACKEND.found(
                    subject, evidence=evidence, severity=severity, url=url, said=said
                )
            ]
