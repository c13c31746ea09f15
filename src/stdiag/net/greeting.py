"""Which protocol the first bytes of a peer belong to. Pure."""

from __future__ import annotations


def spoken(first_bytes: bytes) -> str | None:
    """http, smtp, ssh, sametime, ftp, imap, pop3, unknown; None when the bytes are TLS, or none."""
    raise NotImplementedError
