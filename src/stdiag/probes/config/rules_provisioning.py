"""The provisioning URL that the server hands out (MOBILE_CONFIGURL), by the rules of provisioning URLs. Pure."""

from __future__ import annotations

import re

import msgspec

from stdiag.catalogue.fill import fill
from stdiag.catalogue.registry import kind
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Setting
from stdiag.formats.config.environment_slips import EnvironmentSlip
from stdiag.formats.provisioning.url import UrlDefect
from stdiag.model import Finding, Product, Severity, Site
from stdiag.probes.config.provisioning_url import judge_url
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import distinct, is_reference, slips_of

_NAME = re.compile(r"`?(?:MOBILE_?CONFIGURL|(?:mobile)?configUrl)`?", re.IGNORECASE)
_WITHOUT_SLASHES = re.compile(r"\s*((?:hcl)?sametime)\s*:(?!//)", re.IGNORECASE)
_KINDS = frozenset({ConfigKind.ENVIRONMENT, ConfigKind.COMPOSE, ConfigKind.HELM_VALUES})
_MOST = 20
"""URLs of one file that are judged; a deployment has one."""
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def slashes(document: ConfigDocument, _: Site) -> list[Finding]:
    """hclsametime:HOST without //, as HCL's page for Kubernetes has it."""
    wrong = [(one, found[1].lower()) for one in _urls(document) if (found := _WITHOUT_SLASHES.match(one.value))]
    if not wrong:
        return []
    setting, scheme = wrong[0]
    places = [one.place for one, _ in wrong]
    return [at(document, "config-provisioning-slashes", places, name=_last(setting), scheme=scheme)]


def rules_of_urls(document: ConfigDocument, site: Site) -> list[Finding]:
    """Everything else that is wrong with it, in the words of the provisioning rules: one finding for the file."""
    wrong: list[Setting] = []
    severities: list[Severity] = []
    problems: list[str] = []
    product = site.product if site.product in (Product.V12_KUBERNETES, Product.V12_WINDOWS) else Product.V12_DOCKER
    for setting in _urls(document)[:_MOST]:
        if _WITHOUT_SLASHES.match(setting.value):
            continue
        told = [
            (found.severity, str(problem))
            for found in judge_url(document, setting, product)
            for problem in _listed(found)
        ]
        told += _hidden(document, setting)
        if told:
            wrong.append(setting)
            severities += [severity for severity, _ in told]
            problems += [problem for _, problem in told]
    if not wrong:
        return []
    return [
        at(
            document,
            "config-provisioning-url",
            [one.place for one in wrong],
            severity=min(severities, key=_WORST_FIRST.index),
            name=_last(wrong[0]),
            problems=distinct(problems),
        )
    ]


def _listed(finding: Finding) -> list[str]:
    listed = finding.params["problems"]
    return listed if isinstance(listed, list) else [str(listed)]


def _hidden(document: ConfigDocument, setting: Setting) -> list[tuple[Severity, str]]:
    """What the URL does not show any more, since its password is masked."""
    told = []
    for slip in slips_of(document, EnvironmentSlip.PROVISIONING):
        if slip.name == setting.name and slip.place == setting.place:
            try:
                one = msgspec.json.decode(slip.detail, type=UrlDefect)
            except msgspec.MsgspecError:
                continue  # of a report that was made anonymous, or of another release
            sentence = fill(kind(one.kind).summary, one.params).removesuffix(".")
            told.append((one.severity, f"{sentence} ({one.kind})"))
    return told


def _urls(document: ConfigDocument) -> list[Setting]:
    if document.kind not in _KINDS:
        return []
    return [
        one
        for one in document.settings
        if _NAME.fullmatch(_last(one).replace("\\", "")) and one.value.strip() and not is_reference(one.value)
    ]


def _last(setting: Setting) -> str:
    return setting.name.rpartition("/")[2]


RULES = (slashes, rules_of_urls)
