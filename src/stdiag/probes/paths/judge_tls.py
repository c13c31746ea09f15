"""The certificate chain of a port that speaks TLS, judged as the TLS probe judges chains."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.model import Finding, Subject, SubjectKind
from stdiag.net.resolve import is_address
from stdiag.probes.contract import Context
from stdiag.probes.paths.analysis import PathsAnalysis
from stdiag.probes.paths.cells import Cell
from stdiag.probes.paths.observation import PathsObservation
from stdiag.probes.shared.handshake import Handshake
from stdiag.probes.shared.judge_certificates import certificate_facts, judge_certificates
from stdiag.probes.shared.judge_chain import chain_analysis, judge_chain, judged_chain
from stdiag.probes.shared.judge_issuers import judge_issuers


def judge_tls(
    observation: PathsObservation, cells: Sequence[Cell], context: Context, analysis: PathsAnalysis
) -> list[Finding]:
    """Findings about each chain once, whichever path it came by; fills in the analysis's chains."""
    findings: list[Finding] = []
    seen: set[tuple[object, ...]] = set()
    for cell in cells:
        shaken = cell.observed.tls
        if shaken is None or not shaken.chain_sent:
            continue
        key = (cell.port, tuple(certificate.sha256 for certificate in shaken.chain_sent))
        if key in seen:
            continue
        seen.add(key)
        subject = Subject(kind=SubjectKind.ENDPOINT, host=observation.host, port=cell.port)
        findings += _judged(observation, shaken, subject, f"{cell.pointer}/tls/chain_sent", context, analysis)
    return findings


def _judged(
    observation: PathsObservation,
    shaken: Handshake,
    subject: Subject,
    pointer: str,
    context: Context,
    analysis: PathsAnalysis,
) -> list[Finding]:
    chain = judged_chain(shaken.chain_sent, shaken, observation.fetched, context, subject, pointer)
    findings = judge_chain(chain, context) + judge_issuers(chain)
    findings += judge_certificates(chain, context, observation.host, asked_by_address=is_address(observation.host))
    analysis.chains.append(chain_analysis(chain, None))
    analysis.certificates += certificate_facts(chain, context.started)
    return findings
