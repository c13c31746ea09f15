"""What the paths of a matrix say of one another: each leaves the others fewer reasons."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.formats.via import ViaKind
from stdiag.probes.paths.cells import Cell, came_through
from stdiag.probes.paths.reasons import DNS, POLICY, REMOTE_DNS, REMOTE_TCP, Answer, PathStage, Reason

_BEFORE_THE_SERVER = frozenset(
    {
        PathStage.PROXY_DNS,
        PathStage.PROXY_TCP,
        PathStage.PROXY_TLS,
        PathStage.PROXY_PROTOCOL,
        PathStage.PROXY_AUTH,
        PathStage.PROXY_POLICY,
    }
)

_MAY_BE_THE_SERVERS = frozenset(
    {
        *(reason for reason in Reason if reason.stage is PathStage.TARGET),
        *REMOTE_TCP,
        *REMOTE_DNS,
        Reason.PROXY_PROTOCOL_SILENT,
        Reason.PROXY_PROTOCOL_CLOSED,
        Reason.OK,
    }
)
"""Likeliest reasons beside which the server's own doing may stand. A proxy's rule, login or kind is none of them."""


def narrow(cells: Sequence[Cell]) -> None:
    """Leave each cell the reasons that the other ones do not speak against."""
    _narrow_names(cells)
    _narrow_policies(cells)
    _explain_by_refusal(cells)
    _narrow_to_shared(cells)


def _narrow_names(cells: Sequence[Cell]) -> None:
    """A proxy that reaches the server by one port has its address: where it fails by another, it is not the name."""
    for cell in cells:
        left = tuple(reason for reason in cell.end.reasons if reason not in REMOTE_DNS)
        beside = (other for other in cells if str(other.via) == str(cell.via) and other is not cell)
        if left and left != cell.end.reasons and any(other.end.works for other in beside):
            cell.end = msgspec.structs.replace(cell.end, reasons=left)
            cell.reasons = left


def _narrow_policies(cells: Sequence[Cell]) -> None:
    """A proxy that lets one port through and denies another has a rule on ports."""
    for cell in cells:
        if not set(cell.end.reasons) & set(POLICY) or cell.end.reasons[0] not in POLICY:
            continue
        beside = [
            other.port
            for other in cells
            if (str(other.via), other.observed.path.method) == (str(cell.via), cell.observed.path.method)
            and other.port != cell.port
            and came_through(other)
        ]
        if beside:
            cell.let_through = tuple(sorted(set(beside)))
            cell.reasons = (Reason.PROXY_POLICY_PORT_DENIED,)
            cell.end = msgspec.structs.replace(cell.end, reasons=cell.reasons)


def _by_port(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The paths that lead to one and the same port of the server, for each port. What stands behind a reverse proxy is
    its own business."""
    ports = dict.fromkeys(cell.port for cell in cells if cell.via.kind is not ViaKind.REVERSE)
    return [[one for one in cells if one.port == port and one.via.kind is not ViaKind.REVERSE] for port in ports]


def _explain_by_refusal(cells: Sequence[Cell]) -> None:
    """A Sametime server that refuses the handshake answers a request for the tunnel with silence, a refusal in its own
    protocol or the end of the connection, and every proxy puts that into other words. One path that carried the refusal
    itself tells what the others mean, unless one of them works."""
    for group in _by_port(cells):
        refusing = [cell for cell in group if cell.end.answer is Answer.DESTROY and _is_of_the_server(cell)]
        for cell in refusing:
            cell.refusal = cell
        if not refusing or any(cell.end.works for cell in group):
            continue
        for cell in group:
            if cell.refusal is None and _is_of_the_server(cell):
                cell.refusal, cell.reasons = refusing[0], refusing[0].reasons


def _is_of_the_server(cell: Cell) -> bool:
    """What came may be what the server did, for all that is known of this path alone."""
    maybe = any(reason.stage is PathStage.TARGET for reason in cell.reasons)
    return maybe and cell.reasons[0] in _MAY_BE_THE_SERVERS


def _narrow_to_shared(cells: Sequence[Cell]) -> None:
    """Where every path to a port fails, what all have in common is the likeliest cause: told as one."""
    for reached in _by_port(cells):
        group = [cell for cell in reached if _tells(cell)]
        exact = [cell.reasons[0] for cell in group if len(cell.reasons) == 1]
        if not exact or any(cell.end.works for cell in group):
            continue
        if all(reason.stage is PathStage.TARGET for reason in exact):
            _narrow_to_the_server(reached, exact[0])
        elif len({str(cell.via) for cell in group}) > 1 and all(_holds(cell, exact[0]) for cell in group):
            _narrow_to(group, exact[0])


def _narrow_to_the_server(cells: Sequence[Cell], does: Reason) -> None:
    """The server is there, and this is what it does: whatever else a proxy's answer leaves open, it met the same."""
    _narrow_to([cell for cell in cells if _holds(cell, does)], does)
    for cell in cells:
        if len(cell.reasons) > 1 and cell.reasons[0].stage is not PathStage.TARGET and _is_of_the_server(cell):
            cell.reasons = (does,)


def _narrow_to(cells: Sequence[Cell], wanted: Reason) -> None:
    form = _shared_form(wanted)
    for cell in cells:
        cell.reasons = tuple(reason for reason in cell.reasons if _shared_form(reason) == form)


def _holds(cell: Cell, wanted: Reason) -> bool:
    return any(_shared_form(reason) == _shared_form(wanted) for reason in cell.reasons)


def _tells(cell: Cell) -> bool:
    """True unless the path ended before the server was asked for: then it says nothing about it."""
    return cell.end.stage is not None and cell.end.stage not in _BEFORE_THE_SERVER


def _shared_form(reason: Reason) -> str:
    """Reasons that are one cause at whichever hop they show: a name that is missing is missing here and there, and a
    connection that the server cuts is one that the proxy ends."""
    if reason is Reason.TARGET_RESET:
        reason = Reason.TARGET_CLOSED
    stage, _, word = reason.value.partition(":")
    return f"dns:{word}" if stage in (PathStage.LOCAL_DNS, PathStage.REMOTE_DNS) and word in DNS else reason.value
