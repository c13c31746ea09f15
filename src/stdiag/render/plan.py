"""What a run would contact: a list for the eye, a firewall request to mail, or data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal, NamedTuple, assert_never

from stdiag.model import NotChecked
from stdiag.render.layout import Style
from stdiag.render.markup import md_table, md_text
from stdiag.render.outline import counted


class ContactRow(NamedTuple):
    """One line of the firewall request."""

    source: str
    destination: str
    port: str
    protocol: str
    direction: str
    reason: str


_HEADS = ("From", "To", "Port", "Protocol", "Direction", "Why")
_REQUEST = (
    "Please allow the following connections. They are what the Sametime deployment and the check of its "
    "connectivity need."
)
_NO_INSPECTION = (
    "Connections are opened from the first column to the second; replies come back on the same connection. TLS is "
    "to pass unchanged: a device that decrypts it presents its own certificate, which clients refuse."
)
_NOTHING_OPENED = "Nothing was contacted to make this list: no connection was opened and no name was looked up."


def render_plan(
    contacts: Sequence[tuple[str, str, str, str, str, str]],
    checks: Sequence[tuple[str, str]],
    not_applicable: Sequence[NotChecked],
    form: Literal["text", "md", "html", "json"] = "text",
    style: Style | None = None,
) -> str:
    """What `stdiag all --plan` prints.

    `contacts`: (source, destination, port, protocol, direction, reason), in the order to be shown; equal ones are
    listed once with their reasons joined. `checks`: (probe, subject). `style` is for `form` text only.
    """
    rows = _joined(contacts)
    match form:
        case "text":
            return _text(rows, checks, not_applicable, style or Style())
        case "md":
            return _markdown(rows, not_applicable)
        case "html":
            return _html(rows, not_applicable)
        case "json":
            return _json(rows, checks, not_applicable)
        case _:
            assert_never(form)


def _joined(contacts: Sequence[tuple[str, str, str, str, str, str]]) -> list[ContactRow]:
    reasons: dict[tuple[str, str, str, str, str], list[str]] = {}
    for *ends, reason in contacts:
        source, destination, port, protocol, direction = ends
        known = reasons.setdefault((source, destination, port, protocol, direction), [])
        if reason not in known:
            known.append(reason)
    return [ContactRow(*ends, "; ".join(why)) for ends, why in reasons.items()]


def _text(
    rows: list[ContactRow], checks: Sequence[tuple[str, str]], not_applicable: Sequence[NotChecked], style: Style
) -> str:
    lines = [f"{counted(len(checks), 'check')} would be made:"]
    for probe, subject in checks:
        lines += style.wrap(f"{probe}  {subject}", "  ")
    lines += ["", f"{counted(len(rows), 'destination')} would be contacted:"]
    for source, group in groupby(rows, key=lambda row: row.source):
        lines += style.wrap(f"from {source}:", "  ")
        for row in group:
            # Six columns do not fit a terminal: the first line is the request, the second its reason.
            lines += style.wrap(f"{row.destination}, port {row.port} ({row.protocol}, {row.direction})", "    ")
            lines += style.wrap(row.reason, "      ")
    if not_applicable:
        lines += ["", "Does not apply:"]
        for entry in not_applicable:
            lines += style.wrap(f"{entry.what}: {entry.reason}", "  ")
    lines += ["", *style.wrap(_NOTHING_OPENED)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _markdown(rows: list[ContactRow], not_applicable: Sequence[NotChecked]) -> str:
    """A request that can be mailed as it is: it says what is asked for, not how stdiag is called."""
    lines = [
        "# Firewall request: connections for Sametime",
        "",
        _REQUEST,
        "",
        *md_table(_HEADS, rows),
        "",
        _NO_INSPECTION,
        "",
        _NOTHING_OPENED,
    ]
    if not_applicable:
        lines += ["", "Not part of this request:", ""]
        lines += [f"- {md_text(row.what)}: {md_text(row.reason)}" for row in not_applicable]
    return "\n".join(lines) + "\n"


def _html(rows: list[ContactRow], not_applicable: Sequence[NotChecked]) -> str:
    """The same request as a page."""
    from stdiag.render.html.templates import template

    return template("plan.html").render(
        heads=_HEADS,
        rows=rows,
        not_applicable=not_applicable,
        request=_REQUEST,
        below=[_NO_INSPECTION, _NOTHING_OPENED],
    )


def _json(rows: list[ContactRow], checks: Sequence[tuple[str, str]], not_applicable: Sequence[NotChecked]) -> str:
    import json

    # ASCII only: what would steer a terminal is escaped.
    return (
        json.dumps(
            {
                "contacts": [row._asdict() for row in rows],
                "checks": [{"probe": probe, "subject": subject} for probe, subject in checks],
                "not_applicable": [{"what": row.what, "reason": row.reason} for row in not_applicable],
            },
            indent=2,
        )
        + "\n"
    )
