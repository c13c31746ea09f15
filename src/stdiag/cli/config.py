"""`stdiag config`: judges configuration files, and with `diff` as its first word compares two."""

from __future__ import annotations

import importlib
from typing import Any

import click

from stdiag.cli.options import reading_options

_DIFF = "diff"


@click.command(name="config")
@click.argument("paths", nargs=-1, metavar="PATH…")
@reading_options
@click.pass_context
def lint(ctx: click.Context, /, paths: tuple[str, ...], *, product: str | None, **request: Any) -> None:
    """What is wrong in the configuration files of the servers and clients? Contacts nobody.

    PATH is stproxyconfig.xml (8.5 to 11), .env, custom.env, docker-compose.yml or values.yaml (12), a client's
    plugin_customization.ini or managed-community-configs.xml, sametime.ini, or a folder that holds some. Passwords in
    them are neither shown nor kept. A file called diff is ./diff.

    \b
    stdiag config stproxyconfig.xml --product 9
    stdiag config .env custom.env docker-compose.yml
    stdiag config /opt/sametime
    stdiag config diff before.xml after.xml      what an update or the console has overwritten

    Then stdiag all --from-config PATH diagnoses every server that stands in the files.
    """
    from stdiag.cli.config_paths import read_or_refuse
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.cli.options import apply_flags
    from stdiag.engine.plan import Plan
    from stdiag.formats.config.site_of import site_of
    from stdiag.model import ConfigSite, Site, TlsSite
    from stdiag.probes.config.plan import planned
    from stdiag.probes.registry import probe_named

    if not paths:
        raise click.UsageError(
            "Name a file or a folder: stdiag config stproxyconfig.xml, or stdiag config /opt/sametime."
        )
    described = site_of(read_or_refuse(paths).documents)
    site = Site(product=described.site.product, config=ConfigSite(paths=list(paths)), tls=TlsSite(quick=True))
    sources = {"config.paths": "the command line"}
    if site.product is not None:
        sources["product"] = described.sources["product"]
    apply_flags(site, sources, vantage=None, product=product, ca_files=(), overrides=())
    the_plan = Plan(checks=(planned(paths),), not_applicable=(), not_selected=())
    wanted = Request(**request, offline=True, timeout=1.0, plan_only=False)
    result = diagnose(the_plan, site, sources, wanted, (probe_named("config"),))
    if result is not None:
        ctx.exit(result[1])


class _LintOrDiff(click.Group):
    """A group of one command. Whatever else stands first is what `lint` takes: options and paths."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The one command."""
        return [_DIFF]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command, imported now; None for any other name."""
        if cmd_name != _DIFF:
            return None
        command: click.Command = importlib.import_module("stdiag.cli.config_diff").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`diff` and its arguments, or `lint` with all of them."""
        if args[:1] == [_DIFF]:
            return _DIFF, self.get_command(ctx, _DIFF), args[1:]
        return lint.name, lint, args

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that the arguments mean; the group's own shows its help."""
        if args[:1] in (["-h"], ["--help"]):
            return super().make_context(info_name, args, parent, **extra)
        if args[:1] == [_DIFF]:
            command: click.Command = importlib.import_module("stdiag.cli.config_diff").command
            return command.make_context(f"{info_name} {_DIFF}", args[1:], parent, **extra)
        return lint.make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command that the context is of."""
        return ctx.command.invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """What stands beside the paths."""
        with formatter.section("Commands"):
            formatter.write_dl([(f"{_DIFF} OLD NEW", "What differs between two versions of a file, by its meaning.")])


command = _LintOrDiff(name="config", params=lint.params, help=lint.help, subcommand_metavar="", no_args_is_help=False)
