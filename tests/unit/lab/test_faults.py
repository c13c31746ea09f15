"""The table of faults: each promises findings that exist, in words that fit a screen."""

from __future__ import annotations

import pytest

from stdiag.catalogue import registry
from stdiag.lab.faults import FAULTS, LabFault

# The codes that a server or a provisioning URL can provoke (the catalogue's names, written out so that neither side can
# drop one unnoticed).
PROVOKED_BY_A_SERVER = {
    "clock-skew",
    "config-apple-port-retired",
    "config-client-port",
    "config-default-password",
    "config-name-escaped",
    "config-provisioning-slashes",
    "config-sti-underscores",
    "health-addresses-differ",
    "health-default-page",
    "health-hsts-final",
    "health-page-missing",
    "health-plain-page",
    "health-redirect-inner",
    "health-redirect-loop",
    "health-saml-and-oidc",
    "names-address-dead",
    "names-management-address",
    "names-seen-address",
    "net-refused",
    "net-reset",
    "net-timeout",
    "path-answer-odd",
    "path-client-address",
    "path-not-sametime",
    "path-proxy-answer",
    "path-proxy-denied",
    "path-proxy-login",
    "path-proxy-port-denied",
    "path-proxy-unreachable",
    "path-remote-name",
    "path-server-refuses",
    "path-server-unreachable",
    "path-target-mute",
    "path-tls-only",
    "photo-chain-incomplete",
    "photo-cookie-by-name",
    "photo-cookie-refused",
    "photo-cookies-refused",
    "photo-copy-differs",
    "photo-name-capitals",
    "photo-not-an-image",
    "photo-open-to-everybody",
    "photo-root-unknown",
    "prov-action-missing",
    "prov-auth-proxy-contradiction",
    "prov-auth-proxy-two-users",
    "prov-backend-down",
    "prov-community-down",
    "prov-community-name-long",
    "prov-encoding",
    "prov-foreign-login",
    "prov-generation-mismatch",
    "prov-host-invalid",
    "prov-no-answer",
    "prov-not-stproxy",
    "prov-oidc-redirect",
    "prov-parameter-duplicate",
    "prov-parameter-misspelt",
    "prov-parameter-other-generation",
    "prov-parameter-unknown",
    "prov-password-in-url",
    "prov-photo-port",
    "prov-placeholder",
    "prov-plain-port-speaks-tls",
    "prov-port-invalid",
    "prov-port-missing",
    "prov-port-usually-plain",
    "prov-proxy-auth-missing",
    "prov-proxy-auth-scheme",
    "prov-proxy-auth-unexpected",
    "prov-redirect-elsewhere",
    "prov-separator",
    "prov-ssl-contradiction",
    "prov-stproxy-unknown",
    "prov-tls-port-speaks-plain",
    "prov-untrusted-ssl",
    "prov-url-form",
    "prov-user-encoding",
    "prov-value-invalid",
    "push-all-blocked",
    "push-intercepted",
    "push-key-expired",
    "push-key-refused",
    "push-key-topic",
    "push-key-wrong-passphrase",
    "tls-addresses-differ",
    "tls-aia-unreachable",
    "tls-cert-expired",
    "tls-cert-expires-soon",
    "tls-cert-not-yet-valid",
    "tls-certificate-unreadable",
    "tls-chain-incomplete",
    "tls-chain-invalid",
    "tls-chain-superfluous",
    "tls-chain-wrong-issuer",
    "tls-chain-wrong-order",
    "tls-cipher-unusual",
    "tls-client-cert-required",
    "tls-extension-malformed",
    "tls-handshake-closed",
    "tls-handshake-failed",
    "tls-handshake-refused",
    "tls-handshake-silent",
    "tls-handshake-slow",
    "tls-hello-too-large",
    "tls-issuer-expired",
    "tls-key-types-differ",
    "tls-name-cn-only",
    "tls-name-mismatch",
    "tls-not-tls",
    "tls-root-expired",
    "tls-root-untrusted",
    "tls-self-signed",
    "tls-sni-required",
    "tls-version-new-only",
    "tls-version-obsolete-accepted",
    "tls-version-old-only",
    "tls-weak-dh",
    "tls-weak-key",
    "tls-weak-signature",
}


def test_every_code_that_a_server_can_provoke_has_a_fault() -> None:
    promised = {code for fault in FAULTS for code in (*fault.first, *fault.also)}
    assert promised == PROVOKED_BY_A_SERVER
    assert promised <= registry.ALL.keys()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.name))
def test_a_fault_is_told_in_plain_words(fault: LabFault) -> None:
    assert fault.first
    assert "\n" not in fault.injects
    assert len(fault.injects) <= 80
    assert not fault.injects.endswith(".")
    assert fault.story.endswith(".")
    assert len(fault.story) > 30
