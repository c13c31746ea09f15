"""How far a request came. Apart from what makes requests, so that it is known without importing that."""

from __future__ import annotations

import enum


class Stage(enum.StrEnum):
    """The layer at which a request stands, or ended."""

    NAME = "name"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"
