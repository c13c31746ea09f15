"""Holds a connection to the URL's server open without saying anything on it."""

from __future__ import annotations

from stdiag.formats.provisioning.url import ProvisioningUrl
from stdiag.model import bracketed
from stdiag.net.faults import NetError
from stdiag.net.idle import IdleEnd, IdleHold, hold
from stdiag.net.resolve import is_address
from stdiag.probes.contract import Tools
from stdiag.probes.provisioning.observation import AddressAnswers
from stdiag.probes.shared.web_exchange import PROXY_INFO


def hold_open(url: ProvisioningUrl, answers: AddressAnswers, seconds: float, tools: Tools) -> IdleHold:
    """What became of a connection to this address that was silent for `seconds`."""
    address, port = answers.address, answers.port
    # HEAD: the answer ends with its head, so that the connection is idle after it (RFC 9110 §9.3.2).
    question = (
        f"HEAD {PROXY_INFO} HTTP/1.1\r\nHost: {bracketed(url.host)}:{url.effective_port}\r\n"
        "User-Agent: stdiag\r\nConnection: keep-alive\r\n\r\n"
    ).encode("ascii", "replace")
    with tools.steps.step("idle", f"silence of {seconds:.0f} s", peer=f"{bracketed(address)}:{port}") as note:
        try:
            stream = tools.dialer.connect(address, port, tools.deadline, tools.steps)
            if url.uses_tls:
                from stdiag.net.tls import TlsOffer, handshake
                from stdiag.net.tls_stream import TlsStream

                name = None if is_address(url.host) else url.host
                offer = TlsOffer(label="idle", server_name=name, security_level=0, alpn=("http/1.1",))
                session = handshake(stream, offer, tools.deadline.within(tools.timeouts.step), None)
                if session.result.fault is not None:
                    session.close()
                    raise NetError(session.result.fault)
                held = hold(
                    TlsStream(session, stream.peer), address, question, seconds, tools.deadline, tools.timeouts.step
                )
            else:
                held = hold(stream, address, question, seconds, tools.deadline, tools.timeouts.step)
        except NetError as error:
            held = IdleHold(address=address, asked_s=seconds, ended=IdleEnd.NOT_REACHED, fault=error.fault)
        note.detail = f"{held.ended} after {held.lasted_s:.1f} s"
        note.fault = held.fault
    return held
