"""Whether a provisioning URL says whom to ask. Pure."""

from __future__ import annotations

from stdiag.formats.provisioning.url import DefectKind, ProvisioningUrl


def why_not_asked(url: ProvisioningUrl) -> str | None:
    """What the URL lacks for anybody to be asked; None when it lacks nothing."""
    if any(defect.kind is DefectKind.HOST_INVALID for defect in url.defects) or not url.host:
        return "the URL names no usable host"
    if url.effective_port is None:
        return "the URL names no usable port"
    if url.uses_tls is None:
        return "the URL does not say whether to speak TLS"
    return None
