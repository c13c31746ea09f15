"""exit-codes.md: what a script gets back."""

from __future__ import annotations

from stdiag.cli import main
from stdiag.engine.verdict import exit_code
from stdiag.model import Decision, Verdict

_WRONG_USAGE = 2
"""click's, for everything that is the caller's to mend."""

_AFTER = """
- A warning alone is a GO and exits 0. `--fail-on warning` makes it a NO-GO and exits 1.
- `--fail-on never` exits 0 after every finished run; the verdict in the report stays what it is.
- An error wins over what was left undecided: a run with both is a NO-GO.
- `stdiag tls --fix-bundle FILE` exits 1 when no chain could be built and verified, and writes no file.
- `stdiag report show`, `compare` and `redact` exit 0 whatever the report's verdict is; `report judge` and
  `stdiag bundle SITE` have the verdict's exit code. `report diff` exits 1 when something new is bad, and 3 when an
  earlier error was not looked at again. `report validate` exits 1 when the file is no report.
- `stdiag config diff` exits 1 when something that was there is gone or changed; with `--fail-on error` only when users
  may lose something by it.
- `stdiag log` exits 1 when it recognises something that stops a client, and 0 when it does not: that proves nothing.
- After the first ^C the partial report is still written; the second ^C leaves at once. Both exit 130.
- A defect of stdiag's own that ends the program exits 3: it says nothing about your deployment. One that ends only a
  check makes this check `crashed`, and the run INCOMPLETE.
"""


def exit_codes_page() -> str:
    """The page."""
    rows = {
        _of(Decision.GO): "GO: no error was found, and every selected check came to an answer",
        _of(Decision.NO_GO): "NO-GO: at least one error was found",
        _WRONG_USAGE: "wrong usage or configuration: one sentence on stderr says what to write instead",
        _of(Decision.INCOMPLETE): (
            "INCOMPLETE: no error was found, but a selected check was skipped, could not decide, or crashed"
        ),
        main.INTERRUPTED: "interrupted by ^C",
    }
    lines = ["# Exit codes", "", "| Code | Meaning |", "|---|---|"]
    lines += [f"| {code} | {meaning} |" for code, meaning in rows.items()]
    return "\n".join(lines) + "\n" + _AFTER


def _of(decision: Decision) -> int:
    return exit_code(Verdict(decision=decision, causes=[]))
