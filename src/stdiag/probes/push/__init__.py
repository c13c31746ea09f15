"""Can this server, with this key, through this firewall, send pushes to Apple and Google?"""

from __future__ import annotations

from stdiag.model import Vantage
from stdiag.probes.contract import Probe
from stdiag.probes.push.analysis import PushAnalysis
from stdiag.probes.push.judge import judge
from stdiag.probes.push.observation import PushObservation
from stdiag.probes.push.observe import observe
from stdiag.probes.push.plan import contacts, plan
from stdiag.probes.push.present import present, renewals

PROBE = Probe(
    name="push",
    question="Can this server, with this key, through this firewall, send pushes to Apple and Google?",
    observation=PushObservation,
    analysis=PushAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
    renewals=renewals,
    vantages=frozenset({Vantage.STPROXY}),
)
