"""What is wrong with a provisioning URL, beyond the way it is written."""

from __future__ import annotations

import re
from typing import assert_never

from stdiag.formats.provisioning.defects import defect
from stdiag.formats.provisioning.parameters import (
    ACTION,
    RULES,
    UNTRUSTED_SSL_POLICY,
    ParameterRule,
    ValueKind,
    is_known,
    meant,
)
from stdiag.formats.provisioning.url import DefectKind, Generation, Parameter, ProvisioningUrl, Scheme, UrlDefect

PLAIN_PORTS = frozenset({80, 8000, 8080, 9080, 9081})
TLS_PORTS = frozenset({443, 8443, 9443, 9444})
"""Ports on which Sametime Proxies of some version speak plain HTTP or TLS by default."""

LONG_NAME = 40

_OIDC_HOST = "oauth2redirect"
_VERSIONS = {Generation.OLD: "sametime:// (8.5 to 10)", Generation.NEW: "hclsametime:// (11 and 12)"}


def check_url(url: ProvisioningUrl) -> list[UrlDefect]:
    """Everything that is wrong with `url`, in an order that does not depend on how it is written."""
    if url.scheme is Scheme.SAMETIME and url.host == _OIDC_HOST:
        return [defect(DefectKind.OIDC_REDIRECT)]
    found = [*url.defects, *_action(url), *_names(url), *_ports(url), *_values(url), *_auth_proxy(url)]
    order = list(DefectKind)
    unique = {(order.index(one.kind), str(sorted(one.params.items()))): one for one in found}
    return [unique[key] for key in sorted(unique)]


def _action(url: ProvisioningUrl) -> list[UrlDefect]:
    said = url.values("action")
    if ACTION in said:
        return []
    if any(value.strip().lower() == ACTION.lower() for value in said):
        return [defect(DefectKind.VALUE_INVALID, name="action", value=said[0], expected=ACTION)]
    near = _instead_of_action(url)
    if near is not None and near.name.strip().lower() == "action" and near.value.strip().lower() == ACTION.lower():
        return []  # named with other capitals: `_names` says so
    other = f"action={said[0]}" if said else f"{near.name}={near.value}" if near else None
    return [defect(DefectKind.ACTION_MISSING, found=other)]


def _instead_of_action(url: ProvisioningUrl) -> Parameter | None:
    return next((one for one in url.parameters if one.name not in RULES and meant(one.name) == "action"), None)


def _names(url: ProvisioningUrl) -> list[UrlDefect]:
    found: list[UrlDefect] = []
    near_action = None if ACTION in url.values("action") else _instead_of_action(url)
    for name in dict.fromkeys(parameter.name for parameter in url.parameters):
        if near_action and near_action.name == name and not is_known(name):
            continue  # `_action` has said what stands in its place
        right = meant(name)
        if right is None:
            found.append(defect(DefectKind.PARAMETER_UNKNOWN, name=name))
        elif url.generation not in RULES[right].generations:
            found.append(_stranger(name, RULES[right], url))
        elif right != name:
            found.append(defect(DefectKind.PARAMETER_MISSPELT, name=name, meant=right))
        if name in RULES and len(values := url.values(name)) > 1:
            found.append(defect(DefectKind.PARAMETER_DUPLICATE, name=name, count=len(values), values=sorted(values)))
    return found


def _stranger(name: str, rule: ParameterRule, url: ProvisioningUrl) -> UrlDefect:
    (home,) = rule.generations
    return defect(
        DefectKind.PARAMETER_OTHER_GENERATION,
        name=name,
        scheme=url.scheme,
        other=_VERSIONS[home],
        instead=rule.instead,
    )


def _values(url: ProvisioningUrl) -> list[UrlDefect]:
    found: list[UrlDefect] = []
    for parameter in url.parameters:
        rule = RULES.get(parameter.name)
        if rule is None or url.generation not in rule.generations:
            continue
        if expected := _expectation(rule, parameter.value):
            found.append(defect(DefectKind.VALUE_INVALID, name=rule.name, value=parameter.value, expected=expected))
    if any(len(name) > LONG_NAME for name in url.values("communityName")):
        found.append(
            defect(DefectKind.COMMUNITY_NAME_LONG, length=max(len(name) for name in url.values("communityName")))
        )
    if url.generation is Generation.NEW and "true" in url.values("allowUntrustedSSL"):
        found.append(defect(DefectKind.UNTRUSTED_SSL, policy=UNTRUSTED_SSL_POLICY))
    return found


def _expectation(rule: ParameterRule, value: str) -> str | None:
    """What would be right, when `value` is not."""
    match rule.value:
        case ValueKind.ACTION:
            return None  # `_action` has judged it
        case ValueKind.TEXT:
            return None if value.strip() else "some text, or leave the parameter out"
        case ValueKind.BOOLEAN:
            return None if value in ("true", "false") else "true or false"
        case ValueKind.ONLY_TRUE:
            return None if value == "true" else "true, or leave the parameter out"
        case ValueKind.PORT_OR_ZERO:
            fits = re.fullmatch(r"[0-9]{1,5}", value) and int(value) <= 65535
            return None if fits else "a number from 0 to 65535"
        case _:
            assert_never(rule.value)


def _ports(url: ProvisioningUrl) -> list[UrlDefect]:
    if url.generation is Generation.NEW:
        return [defect(DefectKind.PORT_USUALLY_PLAIN, port=url.port)] if url.port in PLAIN_PORTS else []
    if url.port is None:
        unusable = any(one.kind is DefectKind.PORT_INVALID for one in url.defects)
        return [] if unusable else [defect(DefectKind.PORT_MISSING)]
    if url.uses_tls is True and url.port in PLAIN_PORTS:
        says, usual = "ssl=true" if url.values("ssl") else "TLS (the default)", "plain HTTP"
    elif url.uses_tls is False and url.port in TLS_PORTS:
        says, usual = "ssl=false", "TLS"
    else:
        return []
    return [defect(DefectKind.SSL_CONTRADICTION, says=says, port=url.port, usual=usual)]


def _auth_proxy(url: ProvisioningUrl) -> list[UrlDefect]:
    found: list[UrlDefect] = []
    reuse = "true" in url.values("authProxyReuseCredentials")
    users = url.values("authProxyUser") if url.generation is Generation.NEW else []
    others = [name for name, given in (("authProxyReuseCredentials", reuse), ("authProxyUser", any(users))) if given]
    if others and "false" in url.values("authProxyEnabled"):
        found.append(defect(DefectKind.AUTH_PROXY_CONTRADICTION, others=others))
    if reuse and any(user and user != url.user for user in users):
        found.append(defect(DefectKind.AUTH_PROXY_TWO_USERS, user=next(user for user in users if user != url.user)))
    return found
