"""The faults that the lab can inject, as one table."""

from __future__ import annotations

from stdiag.lab.faults.certificates import CERTIFICATE_FAULTS
from stdiag.lab.faults.community import COMMUNITY_FAULTS
from stdiag.lab.faults.configuration import CONFIGURATION_FAULTS
from stdiag.lab.faults.connection import CONNECTION_FAULTS
from stdiag.lab.faults.fault import LabFault, Shows
from stdiag.lab.faults.health import HEALTH_FAULTS
from stdiag.lab.faults.names import NAMES_FAULTS
from stdiag.lab.faults.photo import PHOTO_FAULTS
from stdiag.lab.faults.provisioning import PROVISIONING_FAULTS
from stdiag.lab.faults.provisioning_url import PROVISIONING_URL_FAULTS
from stdiag.lab.faults.push import PUSH_FAULTS

__all__ = ["FAULTS", "LabFault", "Shows"]

FAULTS: tuple[LabFault, ...] = (
    CERTIFICATE_FAULTS
    + CONNECTION_FAULTS
    + PROVISIONING_FAULTS
    + PROVISIONING_URL_FAULTS
    + HEALTH_FAULTS
    + COMMUNITY_FAULTS
    + NAMES_FAULTS
    + PUSH_FAULTS
    + CONFIGURATION_FAULTS
    + PHOTO_FAULTS
)
