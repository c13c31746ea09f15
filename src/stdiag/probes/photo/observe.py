"""Records what answers where a photo's URL leads to, at each address of its host."""

from __future__ import annotations

import time

from stdiag.formats.photo_url import PhotoUrl, parse_photo_url
from stdiag.net.faults import NetError
from stdiag.net.side_by_side import side_by_side
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.photo.observation import PhotoObservation, PhotoRole
from stdiag.probes.photo.plan import PhotoAsked, asked_of
from stdiag.probes.photo.questions import PhotoQuestions
from stdiag.probes.shared.issuers import fetch_issuers
from stdiag.probes.shared.record import certificates_of

ADDRESSES_AT_MOST = 4


def observe(planned: Planned, tools: Tools) -> PhotoObservation:
    """The facts about one photo; of its URL's text alone where that names nobody who can be asked."""
    url, asked = parse_photo_url(planned.subject.url or ""), asked_of(planned)
    observation = PhotoObservation(
        url=url.text,
        role=asked.role,
        number=asked.number,
        access=asked.access,
        host=url.host,
        port=url.port,
        tls=url.tls,
        via=planned.subject.via,
        slips=list(url.slips),
        named_by_mail=url.named_by_mail,
        file_name=url.file_name,
        capitals=asked.role is PhotoRole.HOST and url.in_lower_case is not None,
        tokens_given=asked.tokens,
    )
    if url.askable and url.port is not None:
        _ask_all(url, url.port, asked, observation, tools)
    return observation


def _ask_all(url: PhotoUrl, port: int, asked: PhotoAsked, observation: PhotoObservation, tools: Tools) -> None:
    """All addresses side by side: a dead one costs its own time-out, not the others'."""
    started = time.monotonic()
    try:
        addresses = tools.resolver.resolve(url.host, port, tools.deadline, tools.steps)
    except NetError as error:
        observation.name_fault = error.fault
        observation.name_waited_us = round((time.monotonic() - started) * 1_000_000)
        return
    if len(addresses) > ADDRESSES_AT_MOST:
        left = len(addresses) - ADDRESSES_AT_MOST
        observation.left_out.append(f"{left} of {len(addresses)} addresses: at most {ADDRESSES_AT_MOST} are asked")
        del addresses[ADDRESSES_AT_MOST:]
    questions = [
        PhotoQuestions(address, url, asked, tools, through_proxy=observation.via is not None) for address in addresses
    ]
    answers = side_by_side([one.ask for one in questions], tools.deadline)
    for (address, _), answer in zip(addresses, answers, strict=True):
        if answer is None:
            observation.left_out.append(f"{address}: it did not end in the time of its check")
    observation.addresses = [answer for answer in answers if answer is not None]
    observation.tokens_withheld = sorted({name for one in questions for name in one.withheld})
    chains = [certificates_of(one.handshake.chain_sent) for one in observation.addresses if one.handshake is not None]
    if chains and not tools.offline:
        observation.fetched = fetch_issuers(chains, [address for address, _ in addresses], tools)
