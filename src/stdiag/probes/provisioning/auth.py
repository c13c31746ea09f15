"""Credentials for a reverse proxy: whether the URL says that they are needed. Pure."""

from __future__ import annotations

from stdiag.formats.provisioning.url import Generation, ProvisioningUrl


def proxy_auth_said(url: ProvisioningUrl) -> str | None:
    """What in the URL says that a reverse proxy asks for credentials; None when nothing does.

    Supplied credentials count as authProxyEnabled=true (IBM's and HCL's pages on the provisioning URL).
    """
    for name in ("authProxyEnabled", "authProxyReuseCredentials"):
        if url.value(name) == "true":
            return f"{name}=true"
    return "authProxyUser" if url.generation is Generation.NEW and url.value("authProxyUser") else None


def expects_proxy_auth(url: ProvisioningUrl) -> bool:
    """True when the URL says that a reverse proxy asks for credentials."""
    return proxy_auth_said(url) is not None
