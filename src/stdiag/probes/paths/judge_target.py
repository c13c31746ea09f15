"""What spoke at the end of a path that carries the Sametime protocol as it is."""

from __future__ import annotations

from stdiag.model import FaultReason, ProxyKind
from stdiag.net.sametime import Spoke
from stdiag.probes.paths.end import UNDECIDED, End, by_connect, by_name, first_words
from stdiag.probes.paths.judge_hop import HTTP, hop_end
from stdiag.probes.paths.observation import PathObservation, SametimeReply
from stdiag.probes.paths.reasons import Answer, PathStage, Reason

SPOKEN = {
    Spoke.HTTP: "HTTP",
    Spoke.TLS: "TLS",
    Spoke.SSH: "SSH",
    Spoke.SMTP: "SMTP",
    Spoke.FTP: "FTP",
    Spoke.IMAP: "IMAP",
    Spoke.POP3: "POP3",
    Spoke.ECHO: "an echo of what it was sent",
    Spoke.OTHER_MESSAGE: "messages in the manner of Sametime, none of which answers",
    Spoke.GARBAGE: "an unknown protocol",
}


def raw_end(observed: PathObservation, kind: ProxyKind | None) -> End:
    """The end of a direct, SOCKS or CONNECT path; `kind` is None for a direct one."""
    if observed.fault is not None:
        if observed.fault.reason in UNDECIDED:
            return End((), said=observed.fault.words)
        if kind is not None:
            return hop_end(observed, kind)
        reasons = by_name(PathStage.LOCAL_DNS, observed.fault) or by_connect(PathStage.REMOTE_TCP, observed.fault)
        return End(reasons, said=observed.fault.words)
    said = observed.sametime
    if said is None:
        return End(())
    if said.fault is not None and said.fault.reason in UNDECIDED and not said.first_bytes:
        return End((), said=said.fault.words)
    plain = _by_answer(said)
    if plain.answer in (Answer.ACK, Answer.ACK_INCOMPLETE, Answer.DESTROY, Answer.REDIRECT):
        return plain
    inside = _inside_tls(observed)
    if inside is not None:
        return inside
    return _doubting(plain) if kind in HTTP else plain


def _by_answer(reply: SametimeReply) -> End:
    try:
        spoke = Spoke(reply.spoke)
    except ValueError:  # a report of another version
        return End((Reason.TARGET_NOT_SAMETIME,), Answer.OTHER, first_words(reply.first_bytes))
    words = first_words(reply.first_bytes)
    match spoke:
        case Spoke.ACK:
            return End((Reason.OK,), Answer.ACK)
        case Spoke.ACK_INCOMPLETE:
            return End((Reason.OK,), Answer.ACK_INCOMPLETE, reply.problem or "an acknowledgement that is cut off")
        case Spoke.REDIRECT:
            return End((Reason.OK,), Answer.REDIRECT, f"it names {reply.redirect_to or 'another server'}")
        case Spoke.DESTROY:
            return End((Reason.TARGET_CLOSED,), Answer.DESTROY, f"CHANNEL_DESTROY {reply.reason_code or 0:#010x}")
        case Spoke.KEEP_ALIVE_ONLY:
            return End((Reason.TARGET_SILENT,), Answer.KEEP_ALIVE_ONLY, "keep-alive bytes and nothing else")
        case Spoke.SILENT | Spoke.CLOSED | Spoke.RESET:
            return End((Reason(f"target:{spoke}"),), Answer(spoke.value))
        case Spoke.ECHO | Spoke.HTTP | Spoke.TLS:
            return End(
                (Reason.TARGET_NOT_SAMETIME,), Answer(spoke.value), words if spoke is Spoke.HTTP else SPOKEN[spoke]
            )
        case _:
            return End((Reason.TARGET_NOT_SAMETIME,), Answer.OTHER, f"{SPOKEN[spoke]}: {words}" if words else "")


def _inside_tls(observed: PathObservation) -> End | None:
    """What the port is when it is spoken to in TLS; None when it does not speak TLS."""
    shaken = observed.tls
    if shaken is None:
        return None
    if not shaken.completed:
        alert = shaken.fault is not None and shaken.fault.reason is FaultReason.TLS_ALERT
        if not alert and not shaken.chain_sent:
            return None
        refusal = shaken.fault.alert if shaken.fault and shaken.fault.alert else "no finished handshake"
        return End((Reason.TARGET_NOT_SAMETIME,), Answer.TLS, f"TLS, which refuses the handshake: {refusal}")
    said = observed.sametime_in_tls
    if said is None:
        return End((Reason.TARGET_NOT_SAMETIME,), Answer.TLS, "TLS")
    inside = _by_answer(said)
    match inside.answer:
        case Answer.ACK:
            return End((Reason.OK,), Answer.TLS_ACK)
        case Answer.ACK_INCOMPLETE | Answer.REDIRECT | Answer.DESTROY:
            return inside
        case _:
            return End((Reason.TARGET_NOT_SAMETIME,), Answer.TLS, f"TLS, and inside it: {inside.said or inside.answer}")


def _doubting(end: End) -> End:
    """A 2xx to CONNECT proves no tunnel until a byte of the server came through."""
    if end.answer in (Answer.SILENT, Answer.CLOSED, Answer.RESET, Answer.HTTP):
        return End((*end.reasons, Reason.PROXY_PROTOCOL_FALSE_SUCCESS), end.answer, end.said)
    return end
