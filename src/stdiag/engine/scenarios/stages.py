"""At which stage of a phone's way each finding stands."""

from __future__ import annotations

from stdiag.catalogue.kinds import (
    log_certificate,
    log_handshake,
    prov_url,
    tls_certificate,
    tls_chain,
    tls_handshake,
)
from stdiag.clients.verdict import ClientReason
from stdiag.model import StoryStage

_OF_STPROXY = (
    "prov-not-stproxy",
    "prov-foreign-login",
    "prov-redirect-elsewhere",
    "prov-backend-down",
    "prov-no-answer",
    "prov-community-down",
    "prov-stproxy-unknown",
)

STAGES: dict[str, StoryStage] = {
    **{kind.code: StoryStage.URL for kind in prov_url.KINDS},
    "prov-generation-mismatch": StoryStage.URL,
    **dict.fromkeys(("net-name-not-found", "net-name-timeout", "net-name-server-failure"), StoryStage.NAME),
    **dict.fromkeys(("net-refused", "net-reset", "net-timeout", "net-unreachable", "net-local-limit"), StoryStage.TCP),
    **{kind.code: StoryStage.TLS for kind in tls_handshake.KINDS},
    **dict.fromkeys(
        ("tls-client-no-common-tls", "prov-tls-port-speaks-plain", "prov-plain-port-speaks-tls"), StoryStage.TLS
    ),
    **{kind.code: StoryStage.CERTIFICATE for kind in (*tls_chain.KINDS, *tls_certificate.KINDS)},
    **dict.fromkeys(
        ("tls-client-lacks-root", "tls-client-refuses-certificate", "tls-addresses-differ"), StoryStage.CERTIFICATE
    ),
    **dict.fromkeys(
        ("prov-proxy-auth-unexpected", "prov-proxy-auth-missing", "prov-proxy-auth-scheme"), StoryStage.REVERSE_PROXY
    ),
    **dict.fromkeys(_OF_STPROXY, StoryStage.STPROXY),
    "prov-idle-cut": StoryStage.IDLE,
}
"""Code of a finding on the phone's own way → its stage. What is found on Google's services is of the last one."""

ABOUT_THE_HANDSHAKE = frozenset(
    {
        ClientReason.NO_COMMON_TLS_VERSION,
        ClientReason.NO_COMMON_CIPHER,
        ClientReason.NEEDS_SNI,
        ClientReason.UNKNOWN_NOT_REACHED,
        ClientReason.UNKNOWN_NO_ANSWER,
        ClientReason.UNKNOWN_TLS_VERSION,
        ClientReason.UNKNOWN_CIPHER,
        ClientReason.UNKNOWN_HANDSHAKE,
        ClientReason.UNKNOWN_CLIENT_CERTIFICATE,
    }
)
"""Why a client does not come as far as the certificate. All other reasons are about that."""

LOG_STAGES: dict[str, StoryStage] = {
    **{kind.code: StoryStage.CERTIFICATE for kind in log_certificate.KINDS},
    **{kind.code: StoryStage.TLS for kind in log_handshake.KINDS},
    "log-cleartext": StoryStage.URL,
    "log-name-not-found": StoryStage.NAME,
    **dict.fromkeys(("log-refused", "log-timeout", "log-unreachable", "log-reset"), StoryStage.TCP),
    "log-no-answer": StoryStage.STPROXY,
    "log-login-refused": StoryStage.REVERSE_PROXY,
    **dict.fromkeys(("log-redirect-loop", "log-server-error"), StoryStage.STPROXY),
}
"""Code of what a log says → the stage that it speaks of. The others speak of nothing that is measured here."""

SAME_FROM_EVERYWHERE = frozenset({StoryStage.TLS, StoryStage.CERTIFICATE})
"""Stages that the server alone decides: measured well from here, what the log says of them does not hold any more, or
not on this way. Networks differ in all others."""

CLIENTS_OWN: dict[str, tuple[str, ...]] = {
    "log-chain-not-trusted": ("tls-client-lacks-root", "tls-client-refuses-certificate"),
    "log-certificate-expired": ("tls-client-refuses-certificate",),
    "log-certificate-weak": ("tls-client-refuses-certificate",),
    "log-certificate-unacceptable": ("tls-client-lacks-root", "tls-client-refuses-certificate"),
    "log-certificate-refused": ("tls-client-lacks-root", "tls-client-refuses-certificate"),
    "log-name-mismatch": ("tls-client-refuses-certificate",),
    "log-tls-version": ("tls-client-no-common-tls",),
    "log-handshake-refused": ("tls-client-no-common-tls",),
    "log-handshake-closed": ("tls-client-no-common-tls",),
    "log-handshake-failed": ("tls-client-no-common-tls", "tls-client-lacks-root", "tls-client-refuses-certificate"),
}
"""What a log says → what stops single clients and shows in a log in the same words."""
