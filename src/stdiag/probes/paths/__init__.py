"""Which paths lead to the community server, and where does each other one end?"""

from __future__ import annotations

from stdiag.probes.contract import Probe
from stdiag.probes.paths.analysis import PathsAnalysis
from stdiag.probes.paths.judge import judge
from stdiag.probes.paths.observation import PathsObservation
from stdiag.probes.paths.observe import observe
from stdiag.probes.paths.plan import contacts, plan
from stdiag.probes.paths.present import present, renewals

PROBE = Probe(
    name="paths",
    question="Which paths lead to the community server, and where and why does each other one end?",
    observation=PathsObservation,
    analysis=PathsAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
    renewals=renewals,
)
