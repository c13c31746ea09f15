"""What the kinds about a Sametime Proxy's pages have in common."""

from __future__ import annotations

from stdiag.catalogue.kinds import net, tls_handshake
from stdiag.model import Severity

NO_WAY_THERE = tuple(kind.code for kind in (*net.KINDS, *tls_handshake.KINDS) if kind.severity is Severity.ERROR)
"""Without a connection, or without TLS where it is wanted, nothing can be said of pages."""

OF_SERVER = (
    "prov-not-stproxy",
    "prov-foreign-login",
    "prov-redirect-elsewhere",
    "prov-backend-down",
    "prov-no-answer",
    "prov-proxy-auth-scheme",
)
"""What is wrong with the whole server is wrong with each of its pages."""

WEB_USERS = "web users who open these pages"
ASK = "curl -vk --max-time 10 -o answer.txt {request}"
FOLLOW = "curl -vkL --max-redirs 5 --max-time 20 -o answer.txt {request}"
