"""How users of Sametime 12 log in: SAML, OIDC, LTPA. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.model import Finding, Site
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import Variable, beside, short, told, variables

_TRUE = frozenset({"true", "yes", "1"})
_NO_RELATIVE_PATH = re.compile(r"/|[A-Za-z]:[\\/]|\$|~|<|.*\\_")
"""Absolute, a reference, or what was never filled in: another rule tells that."""
_OIDC_LOGIN = "/oidc/"
"""The community reports that with OIDC STCONF_IDPURL names STProxy's own login address."""


def saml_for_phones(documents: Sequence[ConfigDocument], _: Site) -> list[Finding]:
    """IDP_URL in custom.env, and no STCONF_IDPURL in the .env beside it. Without that .env nothing is said."""
    findings = []
    for document in documents:
        if document.kind is not ConfigKind.ENVIRONMENT:
            continue
        own = [one for one in variables(document) if one.name == "IDP_URL" and one.value.strip()]
        neighbours = beside(document, documents)
        has_main = any(short(one) == ".env" for one in neighbours)
        if not own or not has_main or any(_mentions(one, "STCONF_IDPURL") for one in neighbours):
            continue
        if _oidc(neighbours):
            continue  # then IDP_URL is what is too much
        findings.append(at(document, "config-saml-phones", [own[-1].place]))
    return findings


def _mentions(document: ConfigDocument, name: str) -> bool:
    return any(one.name == name and one.value.strip() for one in variables(document))


def saml_and_oidc(documents: Sequence[ConfigDocument], _: Site) -> list[Finding]:
    """Both ways at once: the web client works, phones are sent to an identity provider that does not know them."""
    findings = []
    done: list[ConfigDocument] = []
    for document in documents:
        if any(document is one for one in done):
            continue
        group = beside(document, documents)
        done += group
        oidc = _oidc(group)
        saml = _saml(group)
        if oidc and saml:
            where, one = saml[0]
            other_where, other = oidc[0]
            findings.append(
                at(
                    where,
                    "config-saml-and-oidc",
                    [one.place],
                    saml=one.written,
                    oidc=f"{other.written} ({short(other_where)} line {other.place.line})",
                )
            )
    return findings


def _oidc(group: Sequence[ConfigDocument]) -> list[tuple[ConfigDocument, Variable]]:
    switched = told(group, "STCONF_ISOIDC")
    if switched:
        return [switched[-1]] if switched[-1][1].value.strip().lower() in _TRUE else []
    return told(group, "OIDC_CLIENT_ID")


def _saml(group: Sequence[ConfigDocument]) -> list[tuple[ConfigDocument, Variable]]:
    tokens = [
        (where, one)
        for where, one in told(group, "STI__ST_BB_NAMES__ST_AUTH_TOKEN")
        if re.search(r"\bsaml\b", one.value, re.IGNORECASE)
    ]
    urls = [
        (where, one)
        for name in ("IDP_URL", "STCONF_IDPURL")
        for where, one in told(group, name)
        if _OIDC_LOGIN not in one.value.lower()
    ]
    return [*urls, *tokens]


def ltpa_path(document: ConfigDocument, _: Site) -> list[Finding]:
    """HCL wants the absolute path: docker compose takes a relative one from the folder of its own file."""
    wrong = [
        one
        for one in variables(document)
        if one.name == "LTPA_KEYS_FILE_PATH" and one.value.strip() and not _NO_RELATIVE_PATH.match(one.value.strip())
    ]
    if not wrong:
        return []
    return [at(document, "config-ltpa-path", [one.place for one in wrong], path=wrong[-1].value[:100])]


def ltpa_token(documents: Sequence[ConfigDocument], _: Site) -> list[Finding]:
    """LTPA is switched on, and the community server is told to accept other tokens only."""
    findings = []
    for document in documents:
        switched = [one for one in variables(document) if one.name == "ENABLE_LTPA" and one.value.strip()]
        if not switched or switched[-1].value.strip().lower() not in _TRUE:
            continue
        tokens = told(beside(document, documents), "STI__ST_BB_NAMES__ST_AUTH_TOKEN")
        if tokens and not any(re.search(r"\bltpa\b", one.value, re.IGNORECASE) for _, one in tokens):
            where, one = tokens[-1]
            findings.append(
                at(
                    document,
                    "config-ltpa-token",
                    [switched[-1].place],
                    tokens=one.value[:60],
                    where=f"{short(where)} line {one.place.line}",
                )
            )
    return findings


RULES = (ltpa_path,)
RULES_TOGETHER = (saml_for_phones, saml_and_oidc, ltpa_token)
