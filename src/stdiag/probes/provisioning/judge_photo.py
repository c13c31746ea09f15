"""Does the port for photos answer? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.reach import seconds
from stdiag.model import FaultReason
from stdiag.net.stage import Stage
from stdiag.probes.shared.judge_proxy import is_of_proxy
from stdiag.probes.shared.web_answerer import BACK_END, no_answer
from stdiag.probes.shared.web_facts import Exchange


def photo_problem(exchanges: Sequence[Exchange]) -> str | None:
    """Why photos cannot come from there, as a clause; None when a web server answers, or it could not be asked."""
    last = exchanges[-1]
    if last.status is not None:
        return f"status {last.status}, nothing is reached behind it" if last.status in BACK_END else None
    if last.fault is None or last.fault.reason in (FaultReason.CANCELLED, FaultReason.LOCAL):
        return None
    if is_of_proxy(last.fault):
        refused = last.fault.reason in (FaultReason.PROXY_DENIED, FaultReason.PROXY_REFUSED_REQUEST)
        return "the proxy gives no connection to it" if refused else None
    if last.stage is not Stage.TCP:
        return no_answer(last) if len(exchanges) == 1 else "it speaks neither TLS nor HTTP"
    match last.fault.reason:
        case FaultReason.REFUSED:
            return "nothing listens there"
        case FaultReason.TIMEOUT:
            return f"no answer within {seconds(last.duration_us):g} s"
        case _:
            return "it cannot be reached from here"
