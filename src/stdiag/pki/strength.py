"""Keys and signatures that clients refuse, or will."""

from __future__ import annotations

from stdiag.pki.certificate import Certificate


def weak_key(cert: Certificate) -> str | None:
    raise NotImplementedError


def weak_signature(cert: Certificate) -> str | None:
    raise NotImplementedError
