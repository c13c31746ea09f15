"""Walks every path to every port, all side by side, and records what each hop answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stdiag.formats.errors import FormatError
from stdiag.formats.proxy import parse_proxy
from stdiag.formats.via import Via, ViaKind
from stdiag.model import Fault, FaultReason, Path
from stdiag.net.side_by_side import side_by_side
from stdiag.net.system_proxies import SystemProxies, system_proxies, without_credentials
from stdiag.pki.certificate import Certificate
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.paths.observation import PathObservation, PathsObservation, ProxyTls, SystemSettings
from stdiag.probes.paths.plan import specs_of
from stdiag.probes.paths.raw_path import walk_raw
from stdiag.probes.paths.spec import HTTP_KINDS, PathSpec, paths_through
from stdiag.probes.paths.walk import Walk
from stdiag.probes.paths.web_path import walk_web
from stdiag.probes.shared.issuers import fetch_issuers
from stdiag.probes.shared.record import certificates_of
from stdiag.probes.shared.verifying_store import verifying_store


def observe(planned: Planned, tools: Tools) -> PathsObservation:
    """The facts about all paths to one community server."""
    host = planned.subject.host
    observation = PathsObservation(host=host)
    store = verifying_store(tools.trust)
    observation.verified_with = store.name if store else None
    specs = specs_of(planned)
    if any(spec.via.kind is ViaKind.SYSTEM for spec in specs):
        settings = system_proxies(host)
        observation.system = _recorded(settings)
        specs = [one for spec in specs for one in _taken_apart(spec, settings, observation)]
    walks = [Walk(host, spec, tools, store) for spec in specs]
    side_by_side([partial(_walked, walk) for walk in walks], tools.deadline)
    observation.paths = [_finished(walk) for walk in walks]
    observation.proxy_tls = _proxies(walks)
    if not tools.offline:
        chains = _chains(observation)
        addresses = [walk.observed.target_address for walk in walks if walk.observed.target_address]
        observation.fetched = fetch_issuers(chains, [one for one in addresses if _is_address(one)], tools)
    return observation


def _walked(walk: Walk) -> None:
    (walk_web if walk.spec.path.method == "cbr" else walk_raw)(walk)
    walk.finish()


def _finished(walk: Walk) -> PathObservation:
    """What is known of a path; one that was still under way when the time was over must not be read as passed."""
    observed = walk.snapshot()
    if not walk.finished:
        observed.fault = Fault(FaultReason.CANCELLED, "it did not end in the time of its check")
    return observed


def _proxies(walks: Sequence[Walk]) -> list[ProxyTls]:
    """One handshake with each proxy: the others with it brought the same."""
    found: dict[tuple[str, int], ProxyTls] = {}
    for walk in walks:
        if walk.proxy_tls is not None:
            known = found.get((walk.proxy_tls.host, walk.proxy_tls.port))
            if known is None or not known.handshake.completed:
                found[walk.proxy_tls.host, walk.proxy_tls.port] = walk.proxy_tls
    return list(found.values())


def _chains(observation: PathsObservation) -> list[tuple[Certificate, ...]]:
    handshakes = [one.tls for one in observation.paths if one.tls] + [one.handshake for one in observation.proxy_tls]
    records = {
        tuple(certificate.sha256 for certificate in one.chain_sent): one.chain_sent
        for one in handshakes
        if one.chain_sent
    }
    return [certificates_of(chain) for chain in records.values()]


def _recorded(settings: SystemProxies) -> SystemSettings:
    return SystemSettings(
        proxies={scheme: without_credentials(value)[:300] for scheme, value in sorted(settings.proxies.items())},
        bypassed=settings.bypassed,
        script=settings.script,
    )


def _taken_apart(spec: PathSpec, settings: SystemProxies, observation: PathsObservation) -> list[PathSpec]:
    """A path by this machine's settings, as the paths that they amount to; any other one as it is."""
    if spec.via.kind is not ViaKind.SYSTEM:
        return [spec]
    if settings.script is not None:
        return []  # which proxy it names is for nobody to guess: the judgement says that it is open
    direct = PathSpec(via=Via(ViaKind.DIRECT), port=spec.port, path=Path(), expected=spec.expected, system=True)
    if settings.bypassed or not settings.proxies:
        return [direct]
    found: dict[tuple[str, str], PathSpec] = {}
    for scheme in ("http", "https", "socks", "all"):
        for one in _by_setting(scheme, settings.proxies.get(scheme), spec, observation):
            found.setdefault((str(one.via), one.path.method), one)
    return list(found.values())


def _by_setting(scheme: str, value: str | None, spec: PathSpec, observation: PathsObservation) -> list[PathSpec]:
    if not value:
        return []
    text = value if "://" in value else f"http://{value}"
    if text.startswith("socks://"):
        text = text.replace("socks://", "socks4://", 1)  # Windows and older tools mean version 4
    try:
        proxy, _ = parse_proxy(text.rstrip("/"))
    except FormatError as error:
        reason = f"the setting {scheme} of this machine: {error}"
        if reason not in observation.left_out:
            observation.left_out.append(reason)
        return []
    specs = paths_through(Via(ViaKind.PROXY, proxy), spec.port, spec.expected, implied=spec.implied, system=True)
    if proxy.kind not in HTTP_KINDS:
        return specs
    wanted = {"http": ("cbr",), "https": ("connect",)}.get(scheme, ("cbr", "connect"))
    return [one for one in specs if one.path.method in wanted]


def _is_address(text: str) -> bool:
    return ":" in text or text.replace(".", "").isdigit()
