"""Do the deployment's names lead where they should: addresses, hosts file, DNS, network cards?"""

from __future__ import annotations

from stdiag.probes.contract import Probe
from stdiag.probes.names.analysis import NamesAnalysis
from stdiag.probes.names.judge import judge
from stdiag.probes.names.observation import NameObservation
from stdiag.probes.names.observe import observe
from stdiag.probes.names.plan import contacts, plan
from stdiag.probes.names.present import present

PROBE = Probe(
    name="names",
    question="Do the deployment's names lead where they should, and to no network card that nobody else reaches?",
    observation=NameObservation,
    analysis=NamesAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
)
