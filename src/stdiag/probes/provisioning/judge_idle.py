"""What a connection that was held open shows. Pure."""

from __future__ import annotations

from typing import assert_never

from stdiag.catalogue.kinds import prov
from stdiag.model import Finding, Subject
from stdiag.net.idle import IdleEnd, IdleHold


def judge_idle(held: IdleHold | None, endpoint: Subject) -> tuple[str, list[Finding]]:
    """(why nothing can be told, findings). An orderly end is the limit of whoever speaks HTTP there: that is no
    middlebox, and a phone's open answer may live longer."""
    if held is None:
        return "", []
    after = f"{held.lasted_s:.0f}"
    match held.ended:
        case IdleEnd.ANSWERED:
            return "", []
        case IdleEnd.RESET:
            return "", [_cut(held, endpoint, "it was reset")]
        case IdleEnd.SILENT:
            return "", [_cut(held, endpoint, "what was sent after it went nowhere")]
        case IdleEnd.CLOSED:
            said = f"closed in an orderly way after {after} s of silence: a limit of the server or of a reverse proxy"
            return f"The connection was {said}, below {held.asked_s:.0f} s.", []
        case IdleEnd.NOT_KEPT:
            return "The server does not keep a connection open after its answer.", []
        case IdleEnd.NOT_REACHED:
            return "No connection to hold open was had.", []
        case IdleEnd.CUT_SHORT:
            return f"It was ended after {after} s, before its time.", []
        case _:
            assert_never(held.ended)


def _cut(held: IdleHold, endpoint: Subject, problem: str) -> Finding:
    return prov.PROV_IDLE_CUT.found(
        endpoint, evidence=["/observation/idle"], seconds=round(held.lasted_s), problem=problem
    )
