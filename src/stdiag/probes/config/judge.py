"""From the settings of configuration files to analysis and findings. Pure."""

from __future__ import annotations

from stdiag.formats.config.site_of import product_of, site_of
from stdiag.model import Finding
from stdiag.probes.config import rules_client, rules_communities, rules_environment, rules_stproxy
from stdiag.probes.config.analysis import ConfigAnalysis, FileAnalysis
from stdiag.probes.config.observation import ConfigObservation
from stdiag.probes.contract import Context

RULES = (
    *rules_stproxy.RULES,
    *rules_environment.RULES,
    *rules_communities.RULES,
    *rules_client.RULES,
)
"""What one file shows; each knows its own kinds of files."""
RULES_TOGETHER = (*rules_environment.RULES_TOGETHER, *rules_client.RULES_TOGETHER)
"""What only several files show."""


def judge(observation: ConfigObservation, context: Context) -> tuple[ConfigAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    documents = observation.documents
    guessed = product_of(documents)
    analysis = ConfigAnalysis(
        files=[FileAnalysis(file=one.file, kind=one.kind, settings=len(one.settings)) for one in documents],
        generation=guessed[0] if guessed else None,
        addresses=site_of(documents).found,
        undecided=[one.problem for one in observation.unread],
        unmeasured=list(observation.left_out),
    )
    findings = [finding for document in documents for rule in RULES for finding in rule(document, context.site)]
    findings += [finding for rule in RULES_TOGETHER for finding in rule(documents, context.site)]
    pointers = {one.file: f"/observation/documents/{number}" for number, one in enumerate(documents)}
    for finding in findings:
        pointer = pointers.get(finding.subject.file or "")
        if pointer is not None:  # rules know their file, and not its number
            finding.evidence = [_whole(one, pointer) for one in finding.evidence] or [pointer]
    return analysis, findings


def _whole(pointer: str, document: str) -> str:
    return pointer if pointer.startswith("/observation/") else f"{document}{pointer}"
