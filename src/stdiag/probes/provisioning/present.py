"""Shows a finished provisioning check as blocks: what the phone will show, and what answered."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, Check, Table, Text
from stdiag.probes.provisioning.analysis import AddressAnalysis, Answerer, Login, ProvisioningAnalysis

ANSWERERS = {
    Answerer.STPROXY: "STProxy",
    Answerer.LOGIN_PAGE: "a login page",
    Answerer.CREDENTIALS: "a reverse proxy that asks for credentials",
    Answerer.ELSEWHERE: "a redirect elsewhere",
    Answerer.NOT_STPROXY: "not STProxy",
    Answerer.BACKEND_DOWN: "a front that does not reach STProxy",
    Answerer.OTHER_MODE: "the other of TLS and plain",
    Answerer.NO_ANSWER: "no proper answer",
    Answerer.NO_TLS: "no TLS handshake",
    Answerer.NO_CONNECTION: "no connection",
    Answerer.UNKNOWN: "cannot be told",
}
LOGINS = {
    Login.PASSWORD: "user name and password",
    Login.SAML: "SAML",
    Login.OIDC: "OpenID Connect",
    Login.SAML_AND_OIDC: "SAML and OpenID Connect",
    Login.UNKNOWN: "not said",
}
COMMUNITY = {True: "connected", False: "not connected", None: "not said"}


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was judged."""
    analysis = msgspec.json.decode(check.analysis, type=ProvisioningAnalysis | None)
    if analysis is None:
        return []
    blocks: list[Block] = []
    if analysis.phone_shows:
        blocks.append(Text("What the phone will show:"))
        blocks += [Text(f"- {line}") for line in analysis.phone_shows]
    if analysis.addresses:
        columns = ["address", "answers", "status", "login", "community"]
        blocks.append(Table("What answers there", columns, [_row(one) for one in analysis.addresses]))
    return blocks


def _row(one: AddressAnalysis) -> list[str]:
    status = str(one.status) if one.status is not None else "-"
    if one.answerer is not Answerer.STPROXY:
        return [one.address, ANSWERERS[one.answerer], status, "-", "-"]
    return [one.address, ANSWERERS[one.answerer], status, LOGINS[one.login], COMMUNITY[one.community_connected]]
