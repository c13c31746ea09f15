"""From the facts about one host name to analysis and findings. Pure."""

from __future__ import annotations

from stdiag.catalogue.reach import name_findings
from stdiag.model import Finding, Subject, SubjectKind
from stdiag.probes.contract import Context
from stdiag.probes.names.analysis import NamesAnalysis
from stdiag.probes.names.judge_address import AddressJudgement
from stdiag.probes.names.judge_answer import WITHOUT_ANSWER, answered_by, judge_answer
from stdiag.probes.names.judge_form import judge_form
from stdiag.probes.names.observation import NameObservation


def judge(observation: NameObservation, context: Context) -> tuple[NamesAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    seen = observation
    addresses = AddressJudgement(seen, context.site.vantage)
    addresses.judge()
    analysis = NamesAnalysis(
        answered_by=answered_by(seen),
        addresses=addresses.uses(),
        management_networks=list(context.site.names.management_networks),
        unmeasured=[*seen.left_out, *addresses.unmeasured],
    )
    if seen.hosts_problem:
        analysis.unmeasured.append(seen.hosts_problem)
    if seen.dns is not None and seen.dns.status in WITHOUT_ANSWER:
        words = seen.dns.words or seen.dns.status.value
        analysis.unmeasured.append(f"what the DNS says when it is asked directly: {words}")
    findings: list[Finding] = []
    if seen.name_fault is not None:
        name = Subject(kind=SubjectKind.NAME, host=seen.host)
        findings += name_findings(seen.name_fault, name, seen.name_waited_us, ["/observation/name_fault"])
    elif not seen.addresses:
        analysis.undecided.append("no address was found before the check ended")
    findings += judge_answer(seen) + addresses.findings + judge_form(seen)
    return analysis, findings
