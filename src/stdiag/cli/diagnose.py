"""From a site to a report on the screen and in files: what `all` and `tls` have in common."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec

from stdiag.engine.events import Observer, Silent
from stdiag.engine.plan import Plan, contacts
from stdiag.engine.report import Provenance, run_report
from stdiag.engine.runner import RunOptions
from stdiag.engine.verdict import FailOn, exit_code
from stdiag.model import Block, Check, Proxy, Report, Site, Story
from stdiag.net.credentials import Credentials
from stdiag.net.deadline import Timeouts
from stdiag.pki.trust import TrustFileError, TrustStore, load_files_store, load_mozilla_store, load_system_store
from stdiag.probes.contract import Probe
from stdiag.probes.registry import probe_named

INTERRUPTED = 130
_REASONS = 3
"""Why there is nothing to check, in one sentence: so many of the probes are named."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """How the user wants a diagnosis made and shown: the shared options."""

    form: str
    outputs: tuple[str, ...]
    offline: bool
    timeout: float
    fail_on: FailOn
    plan_only: bool
    quiet: bool
    verbose: bool
    debug: bool
    via: Proxy | None = None
    """Everything goes through this proxy."""
    credentials: Credentials = msgspec.field(default_factory=Credentials)
    """Passwords for proxies."""
    hold_s: int = 0
    """So much longer may a check last: a connection is held open for this time."""


def diagnose(
    the_plan: Plan,
    site: Site,
    sources: dict[str, str],
    request: Request,
    probes: Sequence[Probe],
    *,
    story: Callable[[Report], Story] | None = None,
) -> tuple[Report, int] | None:
    """Runs the plan, shows the report, and returns it with the exit code; None when only the plan was asked for.
    `story`: tells what one client meets, which becomes part of the report."""
    check_outputs(request.outputs)
    if not the_plan.checks:
        entries = [*the_plan.not_applicable, *the_plan.not_selected]
        reasons = "; ".join(f"{entry.what}: {entry.reason}" for entry in entries[:_REASONS])
        more = f"; and {len(entries) - _REASONS} more" if len(entries) > _REASONS else ""
        raise click.UsageError(f"Nothing is left to check ({reasons}{more}).")
    if request.plan_only:
        show_plan(the_plan, site, probes, request)
        return None
    stores = trust_stores(site, quick=site.tls.quick)
    report = run_report(
        the_plan,
        site,
        probes,
        stores,
        _run_options(request),
        fail_on=request.fail_on,
        provenance=Provenance(arguments=masked_arguments(sys.argv[1:]), sources=sources),
    )
    if story is not None:
        report.stories = [story(report)]
    try:
        write_outputs(report, request)
    finally:
        show(report, request)  # a disk that is full must not cost the answer that was waited for
    return report, INTERRUPTED if report.run.interrupted else exit_code(report.verdict)


def public_stores(*, quick: bool) -> list[TrustStore]:
    """The system's and Mozilla's. A sweep asks about chains, not about stores: it takes one only."""
    stores = [load_system_store()]
    if not quick or not stores[0].count:
        stores.append(load_mozilla_store())
    return stores


def trust_stores(site: Site, *, quick: bool, public: Sequence[TrustStore] | None = None) -> list[TrustStore]:
    """The public stores, and the organisation's own where it names files; each stays its own.

    `public`: what `public_stores` gave for an earlier run, which are taken as fresh ones instead of being read again.
    """
    stores = public_stores(quick=quick) if public is None else [store.fresh() for store in public]
    if site.trust.ca_files:
        try:
            stores.append(load_files_store(site.trust.ca_files))
        except TrustFileError as mistake:
            raise click.UsageError(str(mistake)) from mistake
    return stores


def blocks_of(check: Check) -> list[Block]:
    """What the check's probe has to show; nothing for a probe, or a form of its results, that this version does not
    know."""
    try:
        return probe_named(check.probe).present(check)
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError):
        return []


def check_outputs(outputs: Sequence[str]) -> None:
    """Finds a wrong suffix or folder before the run, not after it."""
    from stdiag.render.formats import UnknownFormatError, format_of

    for output in outputs:
        try:
            format_of(output)
        except UnknownFormatError as mistake:
            raise click.UsageError(f"--output {output}: {mistake}") from mistake
        if Path(output).is_dir():
            raise click.UsageError(f"--output {output}: that is a folder; name a file in it.")
        if not Path(output).absolute().parent.is_dir():
            raise click.UsageError(
                f"--output {output}: there is no folder {Path(output).absolute().parent}; create it."
            )


def write_outputs(report: Report, request: Request) -> None:
    """Writes every `-o FILE`; a file appears whole or not at all."""
    from stdiag.render.formats import RENDERERS, format_of

    for output in request.outputs:
        content = RENDERERS[format_of(output)].function(report, blocks_of)
        write_whole(Path(output), content)


def write_whole(path: Path, content: bytes) -> None:
    """Replaces `path` in one step. Raises click.ClickException with the system's reason."""
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise click.UsageError(f"{path} cannot be written: {error.strerror}; choose another place.") from error


def show(report: Report, request: Request) -> None:
    """The report on stdout, in the form asked for."""
    if request.form == "text":
        from stdiag.render.terminal import style_of
        from stdiag.render.text import render_text

        style = style_of(sys.stdout)
        text = render_text(
            report, blocks_of, width=style.width, unicode=style.unicode, colour=style.colour, verbose=request.verbose
        )
        click.echo(text, nl=False, color=style.colour)
        return
    from stdiag.render.formats import RENDERERS

    sys.stdout.buffer.write(RENDERERS[request.form].function(report, blocks_of))


def show_plan(the_plan: Plan, site: Site, probes: Sequence[Probe], request: Request) -> None:
    """`--plan`: who would be contacted, on stdout and in every `-o FILE`. Opens nothing."""
    from stdiag.render.formats import format_of
    from stdiag.render.layout import Style
    from stdiag.render.plan import render_plan
    from stdiag.render.terminal import style_of

    lines = [line for line in contacts(the_plan, site, probes) if not (request.offline and line.third_party)]
    rows = [(line.source, line.destination, line.port, line.protocol, line.direction, line.reason) for line in lines]
    checks = [(check.probe, str(check.subject)) for check in the_plan.checks]
    beside = [*the_plan.not_applicable, *the_plan.not_selected]

    def rendered(form: str, style: Style) -> str:
        match form:
            case "json":
                return render_plan(rows, checks, beside, "json")
            case "md":
                return render_plan(rows, checks, beside, "md")
            case "html":
                return render_plan(rows, checks, beside, "html")
            case _:
                return render_plan(rows, checks, beside, "text", style)

    for output in request.outputs:
        write_whole(Path(output), rendered(format_of(output), Style(width=100)).encode())
    style = style_of(sys.stdout)
    text = rendered(request.form, style)
    click.echo(text, nl=not text.endswith("\n"), color=style.colour)


def masked_arguments(arguments: Sequence[str]) -> list[str]:
    """The command line as typed, without what may be credentials in a URL."""
    return [_masked(argument) for argument in arguments]


def _masked(argument: str) -> str:
    import re

    if link := re.search(r"(?i)(hcl)?sametime\s*:", argument):
        from stdiag.formats.errors import FormatError
        from stdiag.formats.provisioning.parse import parse_provisioning

        # A provisioning URL may hold its password in more places than before an @.
        try:
            return argument[: link.start()] + parse_provisioning(argument[link.start() :]).masked
        except FormatError:
            return argument[: link.end()] + "***"
    if "//" not in argument:
        # It may be a URL that was mistyped: user:password@host.
        return re.sub(r"(?s)^[^@]*:.*@", "***@", argument)
    masked = re.sub(r"(?s)(?<=//).*@", "***@", argument)
    # A query may hold a token; after a masked @ its ? may be gone.
    return re.sub(r"(?s)(?<=//)([^?#&]*)[?#&].*", r"\1?***", masked)


def _run_options(request: Request) -> RunOptions:
    crash: Callable[[str], None] | None = (lambda text: click.echo(text, err=True)) if request.debug else None
    return RunOptions(
        timeouts=_timeouts(request),
        offline=request.offline,
        credentials=request.credentials,
        via=request.via,
        observer=_observer(quiet=request.quiet),
        on_crash=crash,
    )


def _timeouts(request: Request) -> Timeouts:
    scaled = Timeouts().scaled(request.timeout)
    return msgspec.structs.replace(scaled, check=scaled.check + request.hold_s)


def _observer(*, quiet: bool) -> Observer:
    """Progress on stderr where somebody looks on, or a CI job keeps a log."""
    if quiet or not (sys.stderr.isatty() or "CI" in os.environ):
        return Silent()
    from stdiag.render.progress import progress_on

    return progress_on(sys.stderr)
