"""The health family in one place: its kinds come from two modules, and judgements import them from here."""

from __future__ import annotations

from stdiag.catalogue.kinds import health_page, health_redirect
from stdiag.catalogue.kinds.health_page import (
    HEALTH_ADDRESSES_DIFFER,
    HEALTH_ASKS_CREDENTIALS,
    HEALTH_CONTENT_TYPE,
    HEALTH_DEFAULT_PAGE,
    HEALTH_FOREIGN_LOGIN,
    HEALTH_LOGIN_ADDRESS,
    HEALTH_NOTHING_OF_SAMETIME,
    HEALTH_PAGE_FAILING,
    HEALTH_PAGE_MISSING,
    HEALTH_PAGE_REFUSED,
    HEALTH_SAML_AND_OIDC,
    HEALTH_SLOW,
)
from stdiag.catalogue.kinds.health_redirect import (
    HEALTH_HSTS_FINAL,
    HEALTH_PLAIN_PAGE,
    HEALTH_REDIRECT_ELSEWHERE,
    HEALTH_REDIRECT_INNER,
    HEALTH_REDIRECT_LOOP,
    HEALTH_REDIRECT_MANY,
    HEALTH_REDIRECT_PLAIN,
)

KINDS = (*health_page.KINDS, *health_redirect.KINDS)

__all__ = [
    "HEALTH_ADDRESSES_DIFFER",
    "HEALTH_ASKS_CREDENTIALS",
    "HEALTH_CONTENT_TYPE",
    "HEALTH_DEFAULT_PAGE",
    "HEALTH_FOREIGN_LOGIN",
    "HEALTH_HSTS_FINAL",
    "HEALTH_LOGIN_ADDRESS",
    "HEALTH_NOTHING_OF_SAMETIME",
    "HEALTH_PAGE_FAILING",
    "HEALTH_PAGE_MISSING",
    "HEALTH_PAGE_REFUSED",
    "HEALTH_PLAIN_PAGE",
    "HEALTH_REDIRECT_ELSEWHERE",
    "HEALTH_REDIRECT_INNER",
    "HEALTH_REDIRECT_LOOP",
    "HEALTH_REDIRECT_MANY",
    "HEALTH_REDIRECT_PLAIN",
    "HEALTH_SAML_AND_OIDC",
    "HEALTH_SLOW",
    "KINDS",
]
