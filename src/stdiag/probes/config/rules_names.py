"""Names in environment files, YAML and ini files that nobody reads as they were meant. Pure."""

from __future__ import annotations

import re

from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.environment_slips import SAME, EnvironmentSlip
from stdiag.formats.errors import nearest
from stdiag.model import Finding, Severity, Site
from stdiag.probes.config.known_variables import KNOWN
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import distinct, slips_of, variables

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_COMPARED = 300
"""Unknown names; each costs a comparison with all that are known."""
_RIGHT_INI = re.compile(r"STI__[A-Za-z][A-Za-z0-9_]*?__[A-Za-z][A-Za-z0-9_]*")
_SECTIONS = ("ST_BB_NAMES", "STCONVOMAP", "Connectivity", "Directory", "Config", "Debug", "Policy")
"""Of sametime.ini, the longer ones first."""
_NEAR = 0.87
"""Two letters of a long name; less would call OIDC_TOKEN_URL and OIDC_ISSUER_URI the same."""


def escaped(document: ConfigDocument, _: Site) -> list[Finding]:
    """Backslashes and backticks, as HCL's page on push proxies prints them."""
    slips = slips_of(document, EnvironmentSlip.NAME_ESCAPED, EnvironmentSlip.NAME_IN_BACKTICKS)
    if not slips:
        return []
    names = distinct(slip.name for slip in slips)
    right = distinct(slip.name.replace("\\", "").replace("`", "") for slip in slips)
    return [at(document, "config-name-escaped", [slip.place for slip in slips], names=names, right=right)]


def invalid(document: ConfigDocument, _: Site) -> list[Finding]:
    """Other characters that names cannot have."""
    slips = slips_of(document, EnvironmentSlip.NAME_INVALID)
    if not slips:
        return []
    return [
        at(
            document,
            "config-name-invalid",
            [slip.place for slip in slips],
            names=distinct(slip.name for slip in slips),
            problems=distinct(slip.detail for slip in slips),
        )
    ]


def single_underscores(document: ConfigDocument, _: Site) -> list[Finding]:
    """STI_Config_ST_TLS_… where the rule is STI__SECTION__KEY."""
    wrong = [one for one in variables(document) if one.name.startswith("STI_") and not _RIGHT_INI.fullmatch(one.name)]
    if not wrong:
        return []
    return [
        at(
            document,
            "config-sti-underscores",
            [one.place for one in wrong],
            names=distinct(one.written for one in wrong),
            right=distinct(filter(None, (_with_double(one.name) for one in wrong))),
        )
    ]


def _with_double(name: str) -> str | None:
    rest = name.removeprefix("STI").strip("_")
    for section in _SECTIONS:
        if rest.lower().startswith(f"{section.lower()}_"):
            return f"STI__{section}__{rest[len(section) :].lstrip('_')}"
    return None


def in_sametime_ini(document: ConfigDocument, _: Site) -> list[Finding]:
    """The form of environment files in sametime.ini itself."""
    if document.kind is not ConfigKind.SAMETIME_INI:
        return []
    wrong = [one for one in document.settings if one.name.rpartition("/")[2].startswith("STI_")]
    if not wrong:
        return []
    names = distinct(one.name.rpartition("/")[2] for one in wrong)
    return [at(document, "config-sti-in-ini", [one.place for one in wrong], names=names)]


def misspelt(document: ConfigDocument, _: Site) -> list[Finding]:
    """Names that are nearly one that is known."""
    unknown = {
        one.name: one
        for one in variables(document)
        if one.name not in KNOWN and _VARIABLE.fullmatch(one.name) and not one.name.startswith("STI_")
    }
    known = sorted(KNOWN)
    near = [
        (one, meant)
        for one in list(unknown.values())[:_MOST_COMPARED]
        if (meant := nearest(one.name, known, cutoff=_NEAR))
    ]
    if not near:
        return []
    return [
        at(
            document,
            "config-name-misspelt",
            [one.place for one, _ in near],
            names=distinct(one.written for one, _ in near),
            meant=distinct(meant for _, meant in near),
        )
    ]


def duplicate(document: ConfigDocument, _: Site) -> list[Finding]:
    """One name twice: docker compose takes the last of an environment file and refuses such a compose file."""
    slips = slips_of(document, EnvironmentSlip.DUPLICATE)
    if not slips:
        return []
    match document.kind:
        case ConfigKind.COMPOSE:
            severity, counts = Severity.ERROR, "docker compose refuses the file"
        case _ if all(slip.detail == SAME for slip in slips):
            severity, counts = Severity.INFO, "the values are the same"
        case ConfigKind.ENVIRONMENT:
            severity, counts = Severity.WARNING, "docker compose takes the last one"
        case ConfigKind.HELM_VALUES:
            severity, counts = Severity.WARNING, "Helm takes the last one"
        case ConfigKind.PLUGIN_CUSTOMIZATION:
            severity, counts = Severity.WARNING, "the client takes the last one"
        case _:
            severity, counts = Severity.WARNING, "which one counts is documented nowhere"
    return [
        at(
            document,
            "config-duplicate",
            [slip.place for slip in slips],
            severity=severity,
            names=distinct(slip.name for slip in slips),
            counts=counts,
        )
    ]


def colon(document: ConfigDocument, _: Site) -> list[Finding]:
    """NAME: VALUE, which is the form of values.yaml."""
    slips = slips_of(document, EnvironmentSlip.COLON)
    if not slips:
        return []
    names = distinct(slip.name for slip in slips)
    return [at(document, "config-env-colon", [slip.place for slip in slips], names=names)]


RULES = (escaped, invalid, single_underscores, in_sametime_ini, misspelt, duplicate, colon)
