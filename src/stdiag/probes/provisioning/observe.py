"""Records what answers where a provisioning URL points to, at each address of its host."""

from __future__ import annotations

import time

from stdiag.formats.provisioning.url import ProvisioningUrl
from stdiag.net.faults import NetError
from stdiag.net.side_by_side import side_by_side
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.provisioning.auth import expects_proxy_auth
from stdiag.probes.provisioning.idle import hold_open
from stdiag.probes.provisioning.observation import AddressAnswers, ProvisioningObservation
from stdiag.probes.provisioning.plan import photo_port, planned_url
from stdiag.probes.provisioning.questions import AddressQuestions
from stdiag.probes.shared.provisioned import why_not_asked

ADDRESSES_AT_MOST = 16


def observe(planned: Planned, tools: Tools) -> ProvisioningObservation:
    """The facts about one provisioning URL; of its text alone where it names nothing that can be contacted."""
    url = planned_url(planned)
    observation = ProvisioningObservation(
        url=url.masked,
        context=url.context,
        defects=url.defects,
        text_only=bool(planned.options.get("text_only")),
        host=url.host,
        port=url.effective_port,
        tls=url.uses_tls,
        via=planned.subject.via,
    )
    if not observation.text_only and why_not_asked(url) is None:
        _ask_all(url, observation, tools)
        reached = next((one for one in observation.addresses if _reached(one)), None)
        if reached is not None and (seconds := int(planned.options.get("hold_s", 0))):
            observation.idle = hold_open(url, reached, seconds, tools)
    return observation


def _reached(answers: AddressAnswers) -> bool:
    """True when a request was answered there."""
    return any(exchange.status is not None for exchange in answers.proxyinfo)


def _ask_all(url: ProvisioningUrl, observation: ProvisioningObservation, tools: Tools) -> None:
    """All addresses side by side: a dead one costs its own time-out, not the others'."""
    port = url.effective_port or 0
    started = time.monotonic()
    try:
        addresses = tools.resolver.resolve(url.host, port, tools.deadline, tools.steps)
        observation.photo_port = photo_port(url)
        photos = _photo_addresses(url, observation.photo_port, tools)
    except NetError as error:
        observation.name_fault = error.fault
        observation.name_waited_us = round((time.monotonic() - started) * 1_000_000)
        return
    if len(addresses) > ADDRESSES_AT_MOST:
        left = len(addresses) - ADDRESSES_AT_MOST
        observation.left_out.append(f"{left} of {len(addresses)} addresses: at most {ADDRESSES_AT_MOST} are asked")
        del addresses[ADDRESSES_AT_MOST:]
    questions = [
        AddressQuestions(
            address,
            url.host,
            port,
            tools,
            tls=bool(url.uses_tls),
            through_proxy=observation.via is not None,
            photo=photos.get(address[0]) or next(iter(photos.values()), None),
            asks_root=expects_proxy_auth(url),
        )
        for address in addresses
    ]
    answers = side_by_side([one.ask for one in questions], tools.deadline)
    for (address, _), answer in zip(addresses, answers, strict=True):
        if answer is None:
            observation.left_out.append(f"{address}: it did not end in the time of its check")
    observation.addresses = [answer for answer in answers if answer is not None]


def _photo_addresses(url: ProvisioningUrl, port: int | None, tools: Tools) -> dict[str, tuple[str, int]]:
    """Where to connect to for photos, by the address."""
    if port is None:
        return {}
    there = tools.resolver.resolve(url.host, port, tools.deadline, tools.steps)
    return {address: (address, own_port) for address, own_port in there}
