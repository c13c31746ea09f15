"""What all kinds about a log have in common."""

from __future__ import annotations

COMMON = ("said", "count", "place", "times", "endpoint")
"""said (what the log says, as matched, secrets masked), count (how often), place (file and line of the first), times
(of the first and the last, as written there, or None), endpoint (HOST:PORT or HOST towards which, or None)."""

SEEN = "{place}: {said}; {count} x[, {times}][, towards {endpoint}]"

CLIENT = "the client that wrote this log, and those like it"

SHOW = "curl -v --connect-timeout 5 https://{endpoint}/"
"""Shows each layer: the name, the connection, TLS with the certificate's verdict, the answer."""
