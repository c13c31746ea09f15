"""A provisioning URL that stands in a server's configuration: judged as `stdiag provisioning check` does."""

from __future__ import annotations

from stdiag.catalogue.kinds import prov
from stdiag.catalogue.prose import words
from stdiag.formats.config.document import ConfigDocument, Setting
from stdiag.formats.config.stproxy_elements import WEBSPHERE
from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.check import check_url
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.url import DefectKind, Generation, ProvisioningUrl, UrlContext
from stdiag.model import Finding, Product, Severity, Subject, SubjectKind
from stdiag.probes.config.told_once import at

_VERSIONS = {Generation.OLD: "8.5 to 10", Generation.NEW: "11 and 12"}
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def judge_url(
    document: ConfigDocument, setting: Setting, product: Product | None, *, from_xml: bool = False
) -> list[Finding]:
    """At most one finding, on everything that is wrong with the URL. `from_xml`: an XML parser has read it, so that an
    &amp; in it was escaped twice."""
    place = setting.value_place or setting.place
    severity: Severity | None = None
    try:
        url = parse_provisioning(setting.value, UrlContext.SERVER)
    except FormatError as error:
        problems = ["; ".join(part for part in (error.problem, error.suggestion) if part)]
    else:
        defects = sorted(_defects(url, product, from_xml=from_xml), key=lambda one: _WORST_FIRST.index(one.severity))
        if not defects:
            return []
        severity = defects[0].severity
        problems = [_told(one) for one in defects]
    return [at(document, "config-configurl", [place], severity=severity, name=setting.name, problems=problems)]


def _told(finding: Finding) -> str:
    where = f": {finding.params['where']}" if finding.code == DefectKind.SEPARATOR else ""
    return f"{words(finding).summary.removesuffix('.')}{where} ({finding.code})"


def _defects(url: ProvisioningUrl, product: Product | None, *, from_xml: bool) -> list[Finding]:
    subject = Subject(kind=SubjectKind.URL, host=url.host, port=url.effective_port, url=url.masked)
    made = []
    for defect in check_url(url):
        severity, params = defect.severity, dict(defect.params)
        if from_xml and defect.kind is DefectKind.SEPARATOR and params.get("found") == "&amp;":
            severity, params["where"] = Severity.ERROR, "written twice over: in the file it reads &amp;amp;"
        made.append(Finding(defect.kind, severity, subject, params))
    fits = Generation.OLD if product in WEBSPHERE else Generation.NEW
    if product is not None and fits is not url.generation:
        made.append(
            prov.PROV_GENERATION_MISMATCH.found(
                subject, scheme=url.scheme.value, versions=_VERSIONS[url.generation], product=product.value
            )
        )
    return made
