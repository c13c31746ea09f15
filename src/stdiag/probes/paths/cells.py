"""The matrix of a judgement: each path to each port with its end, and how it stands to the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from stdiag.formats.errors import FormatError
from stdiag.formats.via import Via, ViaKind, parse_via
from stdiag.model import Expected, ProxyKind, Severity, Vantage
from stdiag.probes.paths.end import End
from stdiag.probes.paths.judge_target import raw_end
from stdiag.probes.paths.judge_web import web_end
from stdiag.probes.paths.observation import PathObservation, PathsObservation, ProxyTls
from stdiag.probes.paths.plan import OPTIONAL_PORTS
from stdiag.probes.paths.reasons import POLICY, Answer, PathStage, Reason
from stdiag.probes.paths.words import setting_of

NAME_CODES = frozenset({62, 63, 64})
"""OpenSSL's verification codes about names: host, e-mail, IP address."""


class Cell(msgspec.Struct, kw_only=True):
    """One path to one port."""

    index: int
    observed: PathObservation
    via: Via
    end: End
    reasons: tuple[Reason, ...]
    """What is told: the end's own reasons, or those that the other cells leave of them."""
    let_through: tuple[int, ...] = ()
    """For a denied port: those that the same proxy lets through."""
    refusal: Cell | None = None
    """The path on which the server itself said no at this port: what this one met there is a consequence of it."""

    @property
    def port(self) -> int:
        """The port."""
        return self.observed.port

    @property
    def pointer(self) -> str:
        """Where its facts stand in the check."""
        return f"/observation/paths/{self.index}"

    @property
    def kind(self) -> ProxyKind | None:
        """The proxy's kind; None for a direct path and for a reverse proxy."""
        return self.via.proxy.kind if self.via.proxy and self.via.kind is ViaKind.PROXY else None

    @property
    def label(self) -> str:
        """The path as the matrix names it."""
        name = str(self.via)
        match self.observed.path.method:
            case "connect":
                name += ", CONNECT"
            case "cbr" if self.via.kind is not ViaKind.REVERSE:
                name += ", HTTP"
        return f"system: {name}" if self.observed.system else name

    @property
    def where(self) -> str:
        """The path with its port."""
        return self.label if self.via.kind is ViaKind.REVERSE else f"{self.label}, port {self.port}"

    @property
    def setting(self) -> str:
        """The client's connectionType that takes it."""
        return setting_of(
            self.kind,
            self.observed.path.method,
            system=self.observed.system,
            reverse=self.via.kind is ViaKind.REVERSE,
            tls=self.end.answer is Answer.TLS_ACK,
        )

    @property
    def decided(self) -> bool:
        """False: stdiag cannot tell how it ends."""
        return bool(self.end.reasons)


def cells_of(observation: PathsObservation) -> list[Cell]:
    """Every path's end, each judged alone."""
    return [_cell(index, observed, observation.proxy_tls) for index, observed in enumerate(observation.paths)]


def _cell(index: int, observed: PathObservation, proxy_tls: Sequence[ProxyTls]) -> Cell:
    via = _via(observed)
    kind = via.proxy.kind if via.proxy and via.kind is ViaKind.PROXY else None
    by_web = observed.path.method == "cbr"
    end = web_end(observed, via.kind, kind) if by_web else raw_end(observed, kind)
    end = _with_certificate(end, via, proxy_tls)
    return Cell(index=index, observed=observed, via=via, end=end, reasons=end.reasons)


def _via(observed: PathObservation) -> Via:
    try:
        return parse_via(observed.path.proxy)[0] if observed.path.proxy else Via(ViaKind.DIRECT)
    except FormatError:  # a report that was tampered with
        return Via(ViaKind.DIRECT)


def _with_certificate(end: End, via: Via, proxy_tls: Sequence[ProxyTls]) -> End:
    """Where the proxy's own certificate does not hold, its clients end there, whatever stdiag saw behind it."""
    if via.proxy is None or via.proxy.kind is not ProxyKind.HTTPS:
        return end
    shaken = next((one for one in proxy_tls if (one.host, one.port) == (via.proxy.host, via.proxy.port)), None)
    if shaken is None or not shaken.handshake.completed:
        return end
    codes = {error.code for error in shaken.handshake.verify_errors}
    if not codes:
        return end
    reason = Reason.PROXY_TLS_NAME_MISMATCH if codes <= NAME_CODES else Reason.PROXY_TLS_UNTRUSTED
    text = next((error.text for error in shaken.handshake.verify_errors), "")
    return End((reason,), end.answer, text)


def severities(
    cells: Sequence[Cell], vantage: Vantage | None, *, another_is_open: bool = False
) -> dict[int, Severity | None]:
    """For each failing path (by its index) how much it matters; None where it does not.

    A path that the site says must work is an error. Of the others, at least one must work: an error when none does,
    a warning when another does or may (`another_is_open`: one of which nothing is known), nothing
    when the same way does in its other form, or by another port than an old one.
    """
    at_most = Severity.WARNING if vantage not in (None, Vantage.INSIDE) else Severity.ERROR
    working = [cell for cell in cells if cell.end.works]
    undecided = another_is_open or any(
        not cell.decided and cell.observed.expected is not Expected.OPTIONAL for cell in cells
    )
    found: dict[int, Severity | None] = {}
    for cell in cells:
        if cell.end.works or not cell.decided:
            continue
        spared = _tunnels_denied_alone(cell, cells)
        found[cell.index] = None if spared else _severity(cell, working, at_most, undecided=undecided)
    return found


def _tunnels_denied_alone(cell: Cell, cells: Sequence[Cell]) -> bool:
    """A proxy's rule against CONNECT, where the same proxy passes plain requests on: clients that are set to an HTTP
    proxy send these, and what becomes of them is told by their own path."""
    if cell.observed.path.method != "connect" or cell.end.stage is not PathStage.PROXY_POLICY:
        return False
    return any(
        str(other.via) == str(cell.via) and other.observed.path.method == "cbr" and _went_on(other) for other in cells
    )


def came_through(cell: Cell) -> bool:
    """Its proxy made the connection, or tried to, and so allows the port."""
    reasons = cell.end.reasons
    went_on = bool(reasons) and reasons[0].stage in (PathStage.OK, PathStage.TARGET, PathStage.REMOTE_TCP)
    return went_on and not set(reasons) & set(POLICY)


def _went_on(cell: Cell) -> bool:
    """Its proxy took the request, whatever became of it behind."""
    return cell.end.stage is PathStage.REMOTE_DNS or came_through(cell)


def _severity(cell: Cell, working: Sequence[Cell], at_most: Severity, *, undecided: bool) -> Severity | None:
    match cell.observed.expected:
        case Expected.OPTIONAL | Expected.CLOSED:
            return None
        case Expected.OPEN:
            return None if _works_otherwise(cell, working) else Severity.ERROR
        case None:
            elsewhere = cell.port in OPTIONAL_PORTS and any(str(one.via) == str(cell.via) for one in working)
            if elsewhere or _works_otherwise(cell, working):
                return None
            return Severity.WARNING if working or undecided else at_most


def _works_otherwise(cell: Cell, working: Iterable[Cell]) -> bool:
    """The same proxy (or none) leads to the same port by its other form."""
    return any(str(other.via) == str(cell.via) and other.port == cell.port for other in working)
