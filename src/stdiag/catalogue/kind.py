"""What a kind of finding is: everything about a finding that is the same each time it is found."""

from __future__ import annotations

import string
from collections.abc import Iterable

import msgspec

from stdiag.model import Finding, Param, Severity, Subject


class FindingKind(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the catalogue. The prose is in `pages/{page}.md`, the steps in `remedies/{remedy}.md`."""

    code: str
    severity: Severity
    """The usual one; a judgement may pass another with its reason in the parameters."""
    summary: str
    """One sentence with {parameters}: what was found. `{subject}`, `{connect}`, `{host}`, `{port}`, `{server_name}`
    and `{address}` are always there, and `{file}` for a file. A [part in square brackets] is shown only when each of
    its parameters has a value. No library's words."""
    params: tuple[str, ...] = ()
    """Names of the parameters that every finding of this kind carries."""
    evidence: str = ""
    """One line with {parameters}: the fact that proves it, as measured; brackets as in `summary`. Empty when
    that says it all."""
    affects: str
    """Whom it hits, in a few words."""
    spares: str = ""
    """Whom it does not hit, and why: what misleads people."""
    reach: int
    """Whom it stops, which orders causes: 0 everybody, 1 all mobile users, 2 some clients, 3 nobody yet, 4 nobody."""
    follows: tuple[str, ...] = ()
    """Codes of which this one may be a mere consequence (on the same subject or a prerequisite of it)."""
    remedy: str | None = None
    """Name of the shared remedy, without `.md`."""
    page: str
    """Name of the page, without `.md`; closely related kinds may share one."""
    proof: str = ""
    """A command with {parameters} that shows it to somebody who does not trust stdiag. `{connect}` is HOST:PORT or
    ADDRESS:PORT, `{host}` and `{port}` are the subject's; all are quoted for a shell when it is printed."""

    def found(
        self,
        subject: Subject,
        *,
        evidence: Iterable[str] = (),
        severity: Severity | None = None,
        affects: str | None = None,
        **params: Param,
    ) -> Finding:
        """A finding of this kind. Raises TypeError when `params` are not exactly the declared ones."""
        if set(params) != set(self.params):
            raise TypeError(f"{self.code} takes {sorted(self.params)}, got {sorted(params)}")
        return Finding(
            code=self.code,
            severity=severity or self.severity,
            subject=subject,
            params=params,
            evidence=list(evidence),
            affects=affects,
        )


def template_fields(template: str) -> set[str]:
    """Names that a catalogue template mentions."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
