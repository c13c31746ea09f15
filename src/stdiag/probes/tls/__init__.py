"""Is the TLS chain complete, and for which clients?"""

from __future__ import annotations

from stdiag.probes.contract import Probe
from stdiag.probes.tls.analysis import TlsAnalysis
from stdiag.probes.tls.judge import judge
from stdiag.probes.tls.observation import TlsObservation
from stdiag.probes.tls.observe import observe
from stdiag.probes.tls.plan import contacts, plan
from stdiag.probes.tls.present import present, renewals

PROBE = Probe(
    name="tls",
    question="Is the TLS chain complete, and for which clients?",
    observation=TlsObservation,
    analysis=TlsAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
    renewals=renewals,
)
