"""Kinds about what a log says, family by family. A log tells what one client met at one time, not how things are."""

from __future__ import annotations

from stdiag.catalogue.kinds import (
    log_backend,
    log_certificate,
    log_handshake,
    log_network,
    log_server,
    log_websphere,
)

KINDS = (
    *log_certificate.KINDS,
    *log_handshake.KINDS,
    *log_network.KINDS,
    *log_server.KINDS,
    *log_backend.KINDS,
    *log_websphere.KINDS,
)
