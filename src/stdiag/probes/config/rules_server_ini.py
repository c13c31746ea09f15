"""Connectivity keys of sametime.ini, written there or as STI__SECTION__KEY. Pure."""

from __future__ import annotations

import re

from stdiag.formats.config.document import ConfigDocument
from stdiag.formats.host import as_address
from stdiag.model import Finding, Site
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import IniKey, distinct, ini_keys, is_reference

PORT_KEYS = ("VPS_PORT", "VPS_TLS_PORT", "VPMX_PORT", "VPMX_TLS_PORT")
_SCOPES = ("ST", "STMUX", "STSRV", "STLDAP", "STSAML")
"""All connections, clients at 1533, servers at 1516, directory, assertions."""
_VERSIONS = {0x300: "SSL 3.0", 0x301: "TLS 1.0", 0x302: "TLS 1.1", 0x303: "TLS 1.2"}
_TLS_1_2 = 0x303


def port_list(value: str) -> list[int]:
    """The ports that a key names; empty for a value that is none, and for 0."""
    words = [word for word in re.split(r"[\s,;:]+", value.strip()) if word]
    ports = [int(word) for word in words if re.fullmatch(r"[0-9]{1,5}", word) and 0 < int(word) < 65536]
    return ports if len(ports) == len(words) else []


def ports(document: ConfigDocument, _: Site) -> list[Finding]:
    """Ports that are none. Empty and 0 say that there is none to be."""
    wrong = [
        one
        for one in ini_keys(document)
        if one.key.upper() in PORT_KEYS
        and one.value.strip() not in ("", "0", "-1")
        and not is_reference(one.value)
        and not port_list(one.value)
    ]
    if not wrong:
        return []
    return [
        at(
            document,
            "config-server-port",
            [one.place for one in wrong],
            names=distinct(one.written for one in wrong),
            values=distinct(one.value[:40] for one in wrong),
        )
    ]


def trusted_clients(document: ConfigDocument, _: Site) -> list[Finding]:
    """VPMX_TRUSTED_CLIENT_IPS: from elsewhere the port opens, and the login is refused."""
    lists = [one for one in ini_keys(document) if one.key.upper() == "VPMX_TRUSTED_CLIENT_IPS" and one.value.strip()]
    findings = []
    for one in lists[-1:]:
        addresses = [word for word in re.split(r"[\s,;]+", one.value.strip()) if word]
        findings.append(at(document, "config-trusted-clients", [one.place], addresses=addresses[:20]))
        if wrong := [word for word in addresses if as_address(word) is None]:
            findings.append(at(document, "config-trusted-clients-invalid", [one.place], values=wrong[:20]))
    return findings


def forwarded_logins(document: ConfigDocument, _: Site) -> list[Finding]:
    """VP_REJECT_FORWARDED_LOGINS=1: users must come to their own home server."""
    rejecting = [
        one
        for one in ini_keys(document)
        if one.key.upper() == "VP_REJECT_FORWARDED_LOGINS" and one.value.strip() == "1"
    ]
    if not rejecting:
        return []
    return [at(document, "config-forwarded-logins", [one.place for one in rejecting])]


def tls_versions(document: ConfigDocument, _: Site) -> list[Finding]:
    """Ranges that are empty or unknown, and versions that nobody should speak any more."""
    keys = {one.key.upper(): one for one in ini_keys(document)}
    wrong: list[tuple[IniKey, str]] = []
    old: list[tuple[IniKey, str]] = []
    for scope in _SCOPES:
        ends = {}
        for end in ("MIN", "MAX"):
            one = keys.get(f"{scope}_TLS_{end}_PROTOCOL_VERSION")
            if one is None or not one.value.strip() or is_reference(one.value):
                continue
            number = _version(one.value)
            if number not in _VERSIONS:
                problem = "TLS 1.3 is documented nowhere" if number == 0x304 else "none of 0x300 to 0x303"
                wrong.append((one, f"{one.key}={one.value[:20]}: {problem}"))
            else:
                ends[end] = (one, number)
        lowest = ends["MIN"][1] if "MIN" in ends else _TLS_1_2
        highest = ends["MAX"][1] if "MAX" in ends else _TLS_1_2
        if ends and lowest > highest:
            one = ends.get("MAX", ends.get("MIN"))[0]  # type: ignore[index]  # one of them is there
            default = "" if len(ends) == 2 else " (the default)"
            wrong.append(
                (one, f"{scope}: the lowest version, {_VERSIONS[lowest]}{default}, is above {_VERSIONS[highest]}")
            )
        elif "MIN" in ends and lowest < _TLS_1_2:
            old.append((ends["MIN"][0], f"{scope}: {_VERSIONS[lowest]}"))
    findings = []
    if wrong:
        places = [one.place for one, _ in wrong]
        findings.append(at(document, "config-tls-range", places, problems=distinct(text for _, text in wrong)))
    if old:
        places = [one.place for one, _ in old]
        findings.append(at(document, "config-tls-old", places, versions=distinct(text for _, text in old)))
    return findings


def _version(value: str) -> int | None:
    text = value.strip().lower()
    return int(text, 16) if re.fullmatch(r"0x[0-9a-f]{3,4}", text) else None


def server_tls(document: ConfigDocument, _: Site) -> list[Finding]:
    """Only TLS at the port for servers: everybody who connects to it must speak it."""
    keys = {one.key.upper(): one for one in ini_keys(document)}
    tls, plain = keys.get("VPS_TLS_PORT"), keys.get("VPS_PORT")
    if tls is None or not (tls_ports := port_list(tls.value)) or plain is None or is_reference(plain.value):
        return []
    if set(port_list(plain.value)) & set(tls_ports):
        return []
    if port_list(plain.value):
        return []  # both kinds, each at its own port
    return [at(document, "config-server-tls", [tls.place], port=tls_ports[0])]


def key_store_type(document: ConfigDocument, _: Site) -> list[Finding]:
    """Sametime 12 takes PKCS#12 stores only."""
    wrong = [
        one
        for one in ini_keys(document)
        if one.written.startswith("STI__")
        and one.key.upper().endswith("_STORE_TYPE")
        and one.value.strip().lower() not in ("", "p12")
        and not is_reference(one.value)
    ]
    if not wrong:
        return []
    return [
        at(
            document,
            "config-store-type",
            [one.place for one in wrong],
            names=distinct(one.written for one in wrong),
            values=distinct(one.value[:20] for one in wrong),
        )
    ]


RULES = (ports, trusted_clients, forwarded_logins, tls_versions, server_tls, key_store_type)
