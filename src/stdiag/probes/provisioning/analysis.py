"""What the provisioning probe makes of its observation."""

from __future__ import annotations

import msgspec

from stdiag.model import Analysis
from stdiag.probes.shared.web_answerer import Answerer, Login


class AddressAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """What one address is."""

    address: str
    answerer: Answerer
    status: int | None = None
    login: Login = Login.UNKNOWN
    community_connected: bool | None = None
    detail: str = ""
    """What it rests on, in a few words."""


class ProvisioningAnalysis(Analysis, kw_only=True):
    """What is known about one provisioning URL."""

    phone_shows: list[str] = []
    """What a mobile client will show to its user, in words."""
    addresses: list[AddressAnalysis] = []
    idle_says: str = ""
    """Why a connection that was held open tells nothing; empty where it tells something, or none was."""
