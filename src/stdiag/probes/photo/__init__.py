"""Do the photos of business cards come, and who else can see them?"""

from __future__ import annotations

from stdiag.probes.contract import Probe
from stdiag.probes.photo.analysis import PhotoAnalysis
from stdiag.probes.photo.judge import judge
from stdiag.probes.photo.observation import PhotoObservation
from stdiag.probes.photo.observe import observe
from stdiag.probes.photo.plan import contacts, plan
from stdiag.probes.photo.present import present, renewals

PROBE = Probe(
    name="photo",
    question="Do the photos of business cards come, and who else can see them?",
    observation=PhotoObservation,
    analysis=PhotoAnalysis,
    plan=plan,
    contacts=contacts,
    observe=observe,
    judge=judge,
    present=present,
    renewals=renewals,
)
