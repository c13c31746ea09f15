"""What the provisioning probe makes of its observation."""

from __future__ import annotations

import enum

import msgspec

from stdiag.model import Analysis


class Answerer(enum.StrEnum):
    """Who answers, as far as one unauthenticated request tells."""

    STPROXY = "stproxy"
    LOGIN_PAGE = "login-page"
    CREDENTIALS = "credentials"  # a reverse proxy that asks for them
    ELSEWHERE = "elsewhere"  # a redirect to another place
    NOT_STPROXY = "not-stproxy"
    BACKEND_DOWN = "backend-down"
    OTHER_MODE = "other-mode"  # TLS where the URL says plain, or the reverse
    NO_ANSWER = "no-answer"
    NO_TLS = "no-tls"
    NO_CONNECTION = "no-connection"
    UNKNOWN = "unknown"


class Login(enum.StrEnum):
    """How STProxy says that clients log in."""

    PASSWORD = "password"  # noqa: S105 - a way to log in, not a password
    SAML = "saml"
    OIDC = "oidc"
    SAML_AND_OIDC = "saml-and-oidc"
    UNKNOWN = "unknown"


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
