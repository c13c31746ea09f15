"""Do the pages that Sametime's users open answer, and what does STProxy say of itself?"""

from __future__ import annotations

from stdiag.probes.contract import Probe
from stdiag.probes.health.analysis import HealthAnalysis
from stdiag.probes.health.judge import judge
from stdiag.probes.health.observation import HealthObservation
from stdiag.probes.health.observe import observe
from stdiag.probes.health.plan import contacts, plan
from stdiag.probes.health.present import present

PROBE = Probe(
    name="health",
    question="Do the pages that users open answer, and what does the Sametime Proxy say of itself?",
    observation=HealthObservation,
    analysis=HealthAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
)
