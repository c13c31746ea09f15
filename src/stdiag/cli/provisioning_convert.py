"""`stdiag provisioning convert`: from the old generation's URL to the new one's."""

from __future__ import annotations

import click

from stdiag.cli.provisioning_words import UsageSentenceError, note, quiet_option, read_url, server_option


@click.command(name="convert")
@click.argument("url", metavar="URL")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Where the new server speaks TLS. Default: as before, or 443."
)
@server_option
@quiet_option
def command(url: str, *, port: int | None, server_setting: bool, quiet: bool) -> None:
    """Turn a sametime:// URL (8.5 to 10) into the hclsametime:// URL (11, 12) for the same community.

    The new URL goes to stdout; what is lost or means something else goes to stderr. URL may be - for stdin.
    """
    from stdiag.formats.errors import FormatError
    from stdiag.formats.provisioning.convert import convert_url

    _, old = read_url(url, server_setting=server_setting)
    try:
        converted = convert_url(old, port)
    except FormatError as error:
        raise UsageSentenceError(str(error)) from error
    click.echo(converted.url)
    if not quiet:
        note(converted.changes)
