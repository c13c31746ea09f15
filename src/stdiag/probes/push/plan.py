"""Which push checks a site gets, and whom they contact."""

from __future__ import annotations

import msgspec

from stdiag.formats.client_selector import Platform, parse_client_selector
from stdiag.formats.push_site import push_proxy
from stdiag.formats.target import parse_target
from stdiag.model import (
    NotChecked,
    Path,
    Proxy,
    PushEnvironment,
    PushSite,
    Site,
    Subject,
    SubjectKind,
    Vantage,
    bracketed,
)
from stdiag.probes.contract import Contact, Planned
from stdiag.probes.push.services import (
    APNS_HOSTS,
    APNS_PORTS,
    DEVICE_ENDPOINTS,
    DEVICE_USES,
    FEEDBACK_PORT,
    GATEWAY_PORT,
    GOOGLE_PORT,
    GOOGLE_USES,
    LEGACY_HOSTS,
    LEGACY_PORTS,
    PushQuestion,
)

HERE = {
    Vantage.STPROXY: "the Sametime Proxy host",
    Vantage.INSIDE: "a machine in the inside network",
    Vantage.INTERNET: "a machine on the internet",
}
Endpoint = tuple[str, int]

_PHONES = frozenset({Platform.ANDROID, Platform.IOS})


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one planned check is told beyond its subject: how `options` hold it."""

    question: PushQuestion
    needed: bool = True
    alternatives: list[str] = []
    key: str | None = None
    passphrase: bool = False
    """One is named: `credentials` hold it under the file's path."""
    topic: str | None = None
    trust_store: str | None = None
    expected_roots: list[str] = []
    proxy: Proxy | None = None
    renew_before_days: int = 30


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """The checks of the site's push table; without one, the way alone to the services of the phones it names."""
    phones = phones_named(site)
    if site.push is None and not phones:
        return [], [NotChecked(what="push", reason="the site has no [push] table, and its clients name no phones")]
    push = site.push or PushSite(google=Platform.ANDROID in phones)
    proxy = push_proxy(push)
    checks = file_checks(push, renew_before_days=site.tls.renew_before_days)
    if site.push is not None or Platform.IOS in phones:
        apns = endpoints(push.endpoints.apns) or _apple_endpoints(push)
        checks += _service_checks(push, PushQuestion.APNS, apns, proxy, one_is_enough=True)
    beside: list[NotChecked] = []
    if push.legacy or push.notification_port in LEGACY_PORTS or push.endpoints.legacy:
        checks += legacy_checks(push)
    checks += google_checks(push)
    if push.device_side:
        devices = endpoints(push.endpoints.devices) or list(DEVICE_ENDPOINTS)
        checks += [_check(push, PushQuestion.DEVICE, one) for one in devices]
    else:
        beside.append(NotChecked(what="push device side", reason="only where it is asked for, in the phones' network"))
    return checks, beside


def phones_named(site: Site) -> frozenset[Platform]:
    """The phones among the site's clients, whose messages come by a push service."""
    meant = {parse_client_selector(text).platform for text in site.clients}
    return _PHONES if None in meant else _PHONES & meant


def file_checks(push: PushSite, *, renew_before_days: int = 30) -> list[Planned]:
    """The checks that need no network: of the key file, and of a trust store."""
    found = []
    for question, file in ((PushQuestion.KEY, push.key), (PushQuestion.TRUST_STORE, push.trust_store)):
        if file:
            asked = msgspec.structs.replace(_asked(push, question), renew_before_days=renew_before_days)
            found.append(_planned(Subject(kind=SubjectKind.FILE, file=file), Path(), asked))
    return found


def google_checks(push: PushSite) -> list[Planned]:
    """The checks of Google's services, on the way by which the server goes to them."""
    if not push.google:
        return []
    google = endpoints(push.endpoints.google) or [(host, GOOGLE_PORT) for host in GOOGLE_USES]
    return _service_checks(push, PushQuestion.GOOGLE, google, push_proxy(push))


def legacy_checks(push: PushSite) -> list[Planned]:
    """The checks of Apple's retired interface, or of what is named in its place."""
    legacy = endpoints(push.endpoints.legacy) or _legacy_endpoints(push)
    return [_check(push, PushQuestion.LEGACY, one) for one in legacy]


def endpoints(texts: list[str]) -> list[Endpoint]:
    """HOST:PORT of a list as the site file has it."""
    return [(target.host, target.port) for target in map(parse_target, texts)]


def asked_of(check: Planned) -> Asked:
    """What a planned check was told."""
    return msgspec.json.decode(str(check.options["asked"]), type=Asked)


def environment_of(push: PushSite) -> PushEnvironment:
    """Production, unless the site or its key says otherwise."""
    return push.environment or PushEnvironment.PRODUCTION


def _apple_endpoints(push: PushSite) -> list[Endpoint]:
    return [(APNS_HOSTS[environment_of(push)], port) for port in APNS_PORTS]


def _legacy_endpoints(push: PushSite) -> list[Endpoint]:
    gateway, feedback = LEGACY_HOSTS[environment_of(push)]
    return [(gateway, GATEWAY_PORT), (feedback, FEEDBACK_PORT)]


def _service_checks(
    push: PushSite,
    question: PushQuestion,
    services: list[Endpoint],
    proxy: Proxy | None,
    *,
    one_is_enough: bool = False,
) -> list[Planned]:
    """Each endpoint directly and, where there is a proxy, through it: then the direct way is a comparison."""
    names = [f"{bracketed(host)}:{port}" for host, port in services]
    checks = []
    for way in (None, proxy) if proxy else (None,):
        for number, one in enumerate(services):
            alternatives = names[:number] + names[number + 1 :] if one_is_enough else []
            needed = way is not None or proxy is None
            if question is PushQuestion.GOOGLE and not needed:
                continue  # one comparison is enough to tell the direct way from the proxy's
            checks.append(_check(push, question, one, proxy=way, needed=needed, alternatives=alternatives))
    return checks


def _check(
    push: PushSite,
    question: PushQuestion,
    endpoint: Endpoint,
    *,
    proxy: Proxy | None = None,
    needed: bool = True,
    alternatives: list[str] | None = None,
) -> Planned:
    host, port = endpoint
    via = str(proxy) if proxy else None
    asked = msgspec.structs.replace(_asked(push, question), needed=needed, alternatives=alternatives or [], proxy=proxy)
    path = Path(kind="proxy", proxy=via, resolves=proxy.resolves, method="connect") if proxy else Path()
    return _planned(Subject(kind=SubjectKind.ENDPOINT, host=host, port=port, via=via), path, asked)


def _asked(push: PushSite, question: PushQuestion) -> Asked:
    shows_key = question in (PushQuestion.KEY, PushQuestion.APNS, PushQuestion.LEGACY)
    return Asked(
        question=question,
        key=push.key if shows_key else None,
        passphrase=push.passphrase is not None,
        topic=push.topic,
        trust_store=push.trust_store if question is PushQuestion.TRUST_STORE else None,
        expected_roots=push.expected_roots,
    )


def _planned(subject: Subject, path: Path, asked: Asked) -> Planned:
    return Planned(probe="push", subject=subject, path=path, options={"asked": msgspec.json.encode(asked).decode()})


def contacts(check: Planned, site: Site) -> list[Contact]:
    """The service, or the proxy on the way to it. Files need nobody."""
    if check.subject.port is None:
        return []
    asked = asked_of(check)
    source = HERE[site.vantage] if site.vantage else "this machine"
    if asked.proxy is not None:
        reason = f"pushes through the proxy, to {bracketed(check.subject.host)}:{check.subject.port}"
        kind = f"TCP, {asked.proxy.kind}"
        return [
            Contact(
                source=source, destination=asked.proxy.host, port=str(asked.proxy.port), protocol=kind, reason=reason
            )
        ]
    reasons = {
        PushQuestion.APNS: "pushes to iPhones; one port of this host is enough",
        PushQuestion.LEGACY: "only to show that Apple's old interface is gone",
        PushQuestion.GOOGLE: f"pushes to Android: {GOOGLE_USES.get(check.subject.host, 'a service of the site')}",
        PushQuestion.DEVICE: DEVICE_USES.get(check.subject.host, "phones' own connection"),
    }
    return [
        Contact(
            source=source,
            destination=check.subject.host,
            port=str(check.subject.port),
            protocol="TCP, TLS" if asked.question in (PushQuestion.LEGACY, PushQuestion.DEVICE) else "TCP, TLS, HTTP",
            reason=reasons[asked.question],
            third_party=site.push is None,
        )
    ]
