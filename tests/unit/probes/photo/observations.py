"""Observations by hand: what a photo host may answer, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from tests.minting import NOW, Authority, Minted

from stdiag.formats.photo_url import parse_photo_url
from stdiag.model import Fault, FaultReason, Finding, PhotoSite, Product, Site, StproxySite, TrustSite, Vantage
from stdiag.net.stage import Stage
from stdiag.pki.certificate import parse_certificate
from stdiag.pki.trust import TrustStore
from stdiag.probes.contract import Context
from stdiag.probes.photo.analysis import PhotoAnalysis
from stdiag.probes.photo.judge import judge
from stdiag.probes.photo.observation import PhotoAddress, PhotoAnswer, PhotoImage, PhotoObservation, PhotoRole
from stdiag.probes.shared.handshake import Handshake, SentCertificate
from stdiag.probes.shared.record import sent
from stdiag.probes.shared.web_facts import Exchange, PageFacts

HOST = "photos.example.com"
URL = f"https://{HOST}/joe.bloggs@example.com.jpg"
COPY_URL = "https://chat.example.com/photos/joe.bloggs@example.com.jpg"
AWAY = "https://www.example.com/"
ONE, OTHER = "192.0.2.1", "192.0.2.2"
LTPA, LTPA2, BOTH, MEETING = "LtpaToken", "LtpaToken2", "LtpaToken, LtpaToken2", "STPluginActivePage"


def picture(**different: Any) -> PhotoImage:
    usual: dict[str, Any] = {"form": "JPEG", "bytes_came": 3000, "sha256": "ab" * 32, "width": 96, "height": 96}
    return PhotoImage(**{**usual, "whole": True, **different})


def answered(status: int | None = 200, shown: str = "", *, made_up: bool = False, **facts: Any) -> PhotoAnswer:
    """One answer; `facts` of the exchange, and `image`, `passed`, `length_said`."""
    own = {key: facts.pop(key) for key in ("image", "passed", "length_said") if key in facts}
    usual: dict[str, Any] = {"url": URL, "stage": Stage.HTTP, "status": status, "body": "text"}
    return PhotoAnswer(shown=shown, made_up=made_up, exchange=Exchange(**{**usual, **facts}), **own)


def shows(shown: str = "", *, made_up: bool = False, image: PhotoImage | None = None, **facts: Any) -> PhotoAnswer:
    """The picture came."""
    usual: dict[str, Any] = {"content_type": "image/jpeg", "body": "binary"}
    return answered(200, shown, made_up=made_up, image=image or picture(), **{**usual, **facts})


def away(shown: str = "", *, made_up: bool = False) -> PhotoAnswer:
    """Sent to the company's front page."""
    return answered(302, shown, made_up=made_up, location=AWAY)


def broken(reason: FaultReason, stage: Stage = Stage.HTTP, **facts: Any) -> PhotoAnswer:
    return answered(None, stage=stage, fault=Fault(reason, "words"), duration_us=5_000_000, body="unread", **facts)


def page(title: str = "Welcome", *, login: bool = False, **facts: Any) -> PhotoAnswer:
    return answered(200, body="html", content_type="text/html", page=PageFacts(title=title, login=login), **facts)


def with_each(answer_for: dict[str, bool], *, real: Sequence[str] = ()) -> list[PhotoAnswer]:
    """Answers to the cookies: name → whether it opens; made up unless the name is among `real`."""
    return [
        (shows if opens else away)(name, made_up=name not in real and name != MEETING)
        for name, opens in answer_for.items()
    ]


def at(plain: PhotoAnswer | None, *cookies: PhotoAnswer, address: str = ONE, **more: Any) -> PhotoAddress:
    return PhotoAddress(address=address, port=443, plain=plain, cookies=list(cookies), **more)


def observed(*addresses: PhotoAddress, url: str = URL, **facts: Any) -> PhotoObservation:
    parsed = parse_photo_url(url)
    usual: dict[str, Any] = {
        "url": parsed.text,
        "host": parsed.host,
        "port": parsed.port,
        "tls": parsed.tls,
        "slips": list(parsed.slips),
        "named_by_mail": parsed.named_by_mail,
        "file_name": parsed.file_name,
        "capitals": parsed.in_lower_case is not None,
    }
    return PhotoObservation(addresses=list(addresses), **{**usual, **facts})


def copied(*addresses: PhotoAddress, **facts: Any) -> PhotoObservation:
    """STProxy's copy."""
    return observed(*addresses, url=COPY_URL, role=PhotoRole.COPY, **facts)


def context(
    vantage: Vantage | None = Vantage.INSIDE,
    product: Product | None = Product.V12_DOCKER,
    *stores: TrustStore,
    stproxy: bool = True,
    copies: bool = True,
) -> Context:
    site = Site(
        product=product,
        vantage=vantage,
        stproxy=StproxySite(url="https://chat.example.com") if stproxy else None,
        photo=PhotoSite(urls=[URL], stproxy_urls=[COPY_URL] if copies else []),
        trust=TrustSite(),
    )
    return Context(started=NOW, site=site, trust=stores)


def judged(observation: PhotoObservation, given: Context | None = None) -> tuple[PhotoAnalysis, list[Finding]]:
    return judge(observation, given or context())


def codes(observation: PhotoObservation, given: Context | None = None) -> dict[str, str]:
    """Code → severity."""
    return {finding.code: finding.severity.value for finding in judged(observation, given)[1]}


class Pki(msgspec.Struct, frozen=True):
    """A small hierarchy of the organisation's own."""

    root: Authority
    issuing: Authority
    leaf: Minted


@cache
def pki() -> Pki:
    root = Authority("Example Photo Root")
    issuing = Authority("Example Photo CA", parent=root)
    return Pki(root, issuing, issuing.issue(HOST, ca_issuers=["http://issuer.example/ca.cer"]))


def records(*certificates: Minted) -> list[SentCertificate]:
    return [sent(parse_certificate(one.der)) for one in certificates]


def shaken(*chain: Minted) -> Handshake:
    return Handshake(
        offer="default",
        server_name=HOST,
        completed=True,
        protocol="TLSv1.3",
        cipher="TLS_AES_256_GCM_SHA384",
        chain_sent=records(*chain),
        verify_code=0,
    )


def own_roots(*roots: Minted) -> TrustStore:
    """What `[trust] ca_files` names."""
    return TrustStore("ca-files", "root.pem", "", [one.der for one in roots])
