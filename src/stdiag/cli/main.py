"""The `stdiag` command: a table of subcommands, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import gc
import os
import sys

import click

from stdiag import __version__
from stdiag.cli.command_table import CommandTable

COMMANDS: dict[str, tuple[str, str]] = {
    "all": ("stdiag.cli.all_checks", "GO or NO-GO for a whole deployment, with causes and remedies."),
    "tls": ("stdiag.cli.tls", "Is the TLS chain complete, and for which clients?"),
    "health": ("stdiag.cli.health", "Do the pages that users open answer, and what does the Sametime Proxy say?"),
    "paths": ("stdiag.cli.paths", "Which paths lead to the community server, and where does each other one end?"),
    "push": ("stdiag.cli.push", "Can this server send pushes to iPhones and Android: the key, and the way."),
    "apns": ("stdiag.cli.push", "The same, under the name that users of IBM's apnstest look for."),
    "names": ("stdiag.cli.names", "Where do the servers' names lead from here, and who says so?"),
    "photo": ("stdiag.cli.photo", "Do the photos of business cards come, and who else can see them?"),
    "android": ("stdiag.cli.android", "One failing Android phone: the first thing that stops it, and why."),
    "provisioning": ("stdiag.cli.provisioning", "The link for mobile users: check it, build it, show its QR code."),
    "config": ("stdiag.cli.config", "Configuration files: what is wrong in them, and what did an update change?"),
    "report": ("stdiag.cli.report", "Stored reports: show, judge again, compare, redact."),
    "bundle": ("stdiag.cli.bundle", "One file for a support case: report, chains, versions, site file."),
    "log": ("stdiag.cli.log", "What does a client's log say about why it could not connect?"),
    "init": ("stdiag.cli.init", "Write a commented stdiag.toml to start with."),
    "explain": ("stdiag.cli.explain", "What a finding's code means, and how to mend it. Needs no network."),
    "list": ("stdiag.cli.listing", "All probes, and all codes that can be found."),
    "lab": ("stdiag.cli.lab", "A small Sametime deployment on this machine, with faults of your choice."),
    "schema": ("stdiag.cli.schema", "The JSON Schema of a report."),
}
"""Name → module that exports `command`, and the line of help that is shown without importing it."""

EPILOG = """Exit codes: 0 GO, 1 NO-GO, 2 wrong usage or configuration, 3 something selected could not be decided,
130 interrupted."""

INTERRUPTED = 130
UNDECIDED = 3
LONGEST_SENTENCE = 2000
"""Characters of a sentence about a mistake: paths may be long."""


@click.group(
    cls=CommandTable,
    table=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="stdiag", message="%(prog)s %(version)s")
def cli() -> None:
    """Connectivity diagnostics for HCL (formerly IBM) Sametime Proxy deployments.

    From here, will the clients get through, and if not, what exactly stops them, and what do I type to mend it?

    \b
    Before go-live:           stdiag all chat.example.com
    One server's TLS chain:   stdiag tls chat.example.com
    See it work, harmlessly:  stdiag all --demo
    """


def main() -> None:
    """Runs the command line and ends the process."""
    gc.disable()  # while modules are imported nothing dies; looking for it costs a tenth of the start (see run_report)
    _make_streams_safe()
    try:
        code = cli.main(standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except click.ClickException as mistake:
        _tell(mistake)
        code = mistake.exit_code
    except Exception as defect:
        if "--debug" in sys.argv:
            import traceback

            traceback.print_exception(defect)
        click.echo(
            f"stdiag has a defect ({type(defect).__name__}): run the same with --debug and send what it shows.",
            err=True,
        )
        code = UNDECIDED
    _leave(code if isinstance(code, int) else 0)


def _tell(mistake: click.ClickException) -> None:
    """Its sentence, harmless: what was typed, and names of files, may hold what steers a terminal."""
    if not isinstance(mistake, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # click 8.2: the whole help
        import re

        from stdiag.render.safe import plain

        # Where a name or a file belongs, somebody may have typed a URL with a password.
        sentence = re.sub(r"(:/+)[^'\"]*@", r"\1***@", mistake.message)
        mistake.message = plain(sentence, LONGEST_SENTENCE)  # type: ignore[misc]  # the exception ends here
    mistake.show()


def _leave(code: int) -> None:
    """Ends the process at once: a thread that hangs in a look-up must not keep it, and nothing is left to tidy up."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # whoever read it has gone
            code = code or 1
    os._exit(code)


def _make_streams_safe() -> None:
    """A character that the console's encoding lacks must not end the run: cp1252 is still common on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
