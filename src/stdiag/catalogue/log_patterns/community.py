"""Lines in which Community Servers and multiplexers speak of each other: sametime.log, the log of the mux container.

What they write when all is well, `Logged in to server`, `Connection to server ... established` and `provides all the
essential services`, is no pattern: it ends an attempt in the timeline, or says nothing that is asked here.
"""

from __future__ import annotations

from stdiag.catalogue.log_patterns.pattern import LogPattern

PATTERNS = (
    LogPattern(
        name="servers-list",
        code="log-not-in-servers-list",
        needles=("servers list", "wrong net address"),
        regex=(
            r"(?:Rejecting server (?P<host>[A-Za-z0-9.\-]{1,253}),? )?not in (?:the )?servers list"
            r"|(?:has )?wrong net address"
        ),
        source="IBM technote swg21206752; sametime.log",
        doubt="several network cards, address translation, or a hosts file",
        example="E Server 13/May, 07:01:30 Rejecting server 192.0.2.31 not in servers list",
    ),
    LogPattern(
        name="server-link",
        code="log-server-link",
        needles=("Failed to connect to server",),
        regex=(
            r"\bFailed to connect to server\b(?: (?P<host>(?=[A-Za-z-]{0,63}[.\d])[A-Za-z0-9][A-Za-z0-9.-]{0,252}))?"
            r"(?:[^\r\n]{0,60}?\b[Rr]eason\b[ =:]{1,3}(?:code )?(?:0x)?[0-9A-Fa-f]{1,8}\b)?"
        ),
        source="IBM technote swg21206752; sametime.log; technotes of practitioners on the mux of Sametime 12",
        doubt="short ones right after a start are normal: the timeline tells whether a login followed",
        example="E Server 13/May, 07:01:30 Failed to connect to server 192.0.2.30 reason = 80000223",
    ),
)
