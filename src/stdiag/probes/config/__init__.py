"""What do the servers' own configuration files say, and what is wrong in them?"""

from __future__ import annotations

from stdiag.probes.config.analysis import ConfigAnalysis
from stdiag.probes.config.judge import judge
from stdiag.probes.config.observation import ConfigObservation
from stdiag.probes.config.observe import observe
from stdiag.probes.config.plan import contacts, plan
from stdiag.probes.config.present import present
from stdiag.probes.contract import Probe

PROBE = Probe(
    name="config",
    question="What do the servers' own configuration files say, and what is wrong in them?",
    observation=ConfigObservation,
    analysis=ConfigAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
)
