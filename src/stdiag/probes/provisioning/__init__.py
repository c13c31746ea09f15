"""Does what the provisioning URL names answer, and is it STProxy?"""

from __future__ import annotations

from stdiag.probes.contract import Probe
from stdiag.probes.provisioning.analysis import ProvisioningAnalysis
from stdiag.probes.provisioning.judge import judge
from stdiag.probes.provisioning.observation import ProvisioningObservation
from stdiag.probes.provisioning.observe import observe
from stdiag.probes.provisioning.plan import contacts, plan
from stdiag.probes.provisioning.present import present

PROBE = Probe(
    name="provisioning",
    question="Does what the provisioning URL names answer, and is it STProxy?",
    observation=ProvisioningObservation,
    analysis=ProvisioningAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
)
