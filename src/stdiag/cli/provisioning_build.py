"""`stdiag provisioning build`: a correct URL from options or answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from stdiag.cli.provisioning_words import UsageSentenceError, context_of, note, quiet_option, server_option, told

_OLD, _NEW = "8.5-10", "11-12"
_PORTS = click.IntRange(1, 65535)


@click.command(name="build")
@click.option("--generation", type=click.Choice([_NEW, _OLD]), help=f"Sametime versions. Default: {_NEW}.")
@click.option("--host", metavar="NAME", help="The host that phones reach.")
@click.option("--port", type=_PORTS, help=f"The port that phones reach. Default for {_NEW}: 443.")
@click.option("--user", metavar="NAME", help="User name, as it is. Without it, users are asked for theirs.")
@click.option("--community-name", metavar="TEXT", help="What the community is called on the phone.")
@click.option("--save-password/--no-save-password", default=None, help="May the phone remember passwords?")
@click.option("--auth-proxy/--no-auth-proxy", default=None, help="Does a reverse proxy ask for credentials?")
@click.option("--auth-proxy-reuse", is_flag=True, help="The reverse proxy takes the Sametime name and password.")
@click.option("--auth-proxy-user", metavar="NAME", help=f"User name for the reverse proxy. {_NEW} only.")
@click.option("--allow-untrusted-ssl/--no-allow-untrusted-ssl", default=None, help=f"Any certificate. {_NEW} only.")
@click.option("--ssl/--no-ssl", default=None, help=f"With TLS or without. {_OLD} only.")
@click.option("--photo-port", type=click.IntRange(0, 65535), help=f"Port for photos. {_OLD} only.")
@server_option
@quiet_option
def command(*, server_setting: bool, quiet: bool, **given: Any) -> None:
    """Make a correct provisioning URL.

    Without options it asks. The URL goes to stdout; what it means goes to stderr.

    \b
    stdiag provisioning build --host chat.example.com --community-name "Sametime Server"
    stdiag provisioning build --generation 8.5-10 --host stproxy.example.com --port 9443
    """
    from stdiag.formats.errors import FormatError
    from stdiag.formats.provisioning.build import build_url
    from stdiag.formats.provisioning.parse import parse_provisioning
    from stdiag.formats.provisioning.phone import what_the_phone_shows

    if given["host"] is None:
        given = _answers(given)
    context = context_of(server_setting=server_setting)
    try:
        built = build_url(_options(given, context))
    except FormatError as error:
        raise UsageSentenceError(str(error)) from error
    click.echo(built.url)
    if not quiet:
        read = parse_provisioning(built.url, context)
        note([*told(built.notes, read), *what_the_phone_shows(read)])


def _options(given: dict[str, Any], context: Any) -> Any:
    from stdiag.formats.provisioning.build import UrlOptions
    from stdiag.formats.provisioning.url import Generation

    return UrlOptions(**{**given, "generation": Generation(given["generation"] or _NEW)}, context=context)


def _answers(given: dict[str, Any]) -> dict[str, Any]:
    """`given` with answers for what is missing. Raises UsageSentenceError when nobody is there to answer."""
    import sys

    from stdiag.render.terminal import is_terminal

    if not is_terminal(sys.stdin) or any(value not in (None, False) for value in given.values()):
        raise UsageSentenceError("Name the host that phones reach: --host chat.example.com. Without options, it asks.")
    answers = dict(given)
    answers["generation"] = click.prompt("Sametime versions", type=click.Choice([_NEW, _OLD]), default=_NEW, err=True)
    old = answers["generation"] == _OLD
    answers["host"] = _asked("Host that phones reach", _host)
    answers["port"] = click.prompt("Port that phones reach", type=_PORTS, default=None if old else 443, err=True)
    if not old and answers["port"] == 443:
        answers["port"] = None
    if old:
        answers["ssl"] = click.confirm("Does this port speak TLS?", default=True, err=True)
    answers["community_name"] = _optional("Community name (empty: the client names it)")
    answers["user"] = _optional("User name (empty: users are asked for theirs)")
    answers["save_password"] = click.confirm("May phones remember passwords?", default=old, err=True)
    if click.confirm("Does a reverse proxy ask for credentials?", default=False, err=True):
        answers["auth_proxy"] = True
        answers["auth_proxy_reuse"] = click.confirm(
            "The same name and password as for Sametime?", default=True, err=True
        )
    return answers


def _asked(question: str, check: Callable[[str], str]) -> str:
    answer: str = click.prompt(question, value_proc=check, err=True)
    return answer


def _optional(question: str) -> str | None:
    return str(click.prompt(question, default="", show_default=False, err=True)).strip() or None


def _host(answer: str) -> str:
    from stdiag.formats.errors import FormatError
    from stdiag.formats.host import canonical_host

    try:
        return canonical_host(answer.strip())
    except FormatError as error:
        raise click.BadParameter(str(error)) from error
