"""`stdiag photo`: do the photos of business cards come, and who else can see them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, diagnosis_options
from stdiag.cli.proxies import read_via, via_options

if TYPE_CHECKING:
    from stdiag.formats.photo_url import PhotoUrl
    from stdiag.model import PhotoSite


@click.command(name="photo")
@click.argument("urls", nargs=-1, metavar="[URL]…")
@click.option(
    "--stproxy-url",
    "stproxy_urls",
    multiple=True,
    metavar="URL",
    help="The same photo as the Sametime Proxy hands it out; for several in the order of the URLs. Repeatable.",
)
@click.option(
    "--access",
    type=click.Choice(["restricted", "public"]),
    default="restricted",
    show_default=True,
    help="Who may fetch photos from the photo host: who is logged in or in a meeting, or everybody.",
)
@click.option(
    "--ltpa-token",
    metavar="SOURCE",
    help="Where the value of a valid LtpaToken cookie is: env:NAME, file:PATH or prompt. Sent to these hosts only.",
)
@click.option("--ltpa-token2", metavar="SOURCE", help="The same for LtpaToken2.")
@via_options
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    urls: tuple[str, ...],
    stproxy_urls: tuple[str, ...],
    access: str,
    ltpa_token: str | None,
    ltpa_token2: str | None,
    *,
    via: str | None,
    via_password: str | None,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """Do the photos of business cards come, and who else can see them?

    URL is a PhotoURL as the directory has it. Run it on the Sametime Proxy's host, which fetches photos, and once from
    the internet: only there it shows whether strangers are kept out.

    \b
    stdiag photo https://photos.example.com/joe.bloggs@example.com.jpg --from stproxy
    stdiag photo https://photos.example.com/joe.bloggs@example.com.jpg --from internet
    stdiag photo https://photos.example.com/joe.bloggs@example.com.jpg --ltpa-token2 prompt
    """
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.engine.plan import Plan
    from stdiag.model import PhotoAccess, PhotoSite, Site
    from stdiag.probes.photo.plan import plan
    from stdiag.probes.registry import probe_named
    from stdiag.probes.shared.through import through

    photo = PhotoSite(
        urls=_texts(urls, "URL", quiet=request["quiet"]),
        stproxy_urls=_texts(stproxy_urls, "--stproxy-url", quiet=request["quiet"]),
        access=PhotoAccess(access),
        ltpa_token=_reference(ltpa_token, "--ltpa-token"),
        ltpa_token2=_reference(ltpa_token2, "--ltpa-token2"),
    )
    if not photo.urls and not photo.stproxy_urls:
        raise click.UsageError("Name a photo: stdiag photo https://photos.example.com/joe.bloggs@example.com.jpg")
    site, sources = Site(photo=photo), {"photo": "the command line"}
    apply_flags(site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    proxy = read_via(via, via_password, sources, request)
    checks, beside = plan(site)
    if proxy is not None:
        checks = [through(check, proxy) for check in checks]
    if not request["plan_only"]:
        _take_tokens(photo, request)
    the_plan = Plan(checks=tuple(checks), not_applicable=tuple(beside), not_selected=())
    result = diagnose(the_plan, site, sources, Request(**request), (probe_named("photo"),))
    if result is not None:
        ctx.exit(result[1])


def _take_tokens(photo: PhotoSite, request: dict[str, Any]) -> None:
    from stdiag.cli.photo_tokens import photo_credentials
    from stdiag.net.credentials import Credentials

    found = photo_credentials(photo, quiet=request["quiet"])
    request["credentials"] = request.get("credentials", Credentials()).joined(found)


def _texts(texts: tuple[str, ...], option: str, *, quiet: bool) -> list[str]:
    """The URLs without what may be a password. Raises click.UsageError."""
    from stdiag.formats.errors import FormatError
    from stdiag.formats.photo_url import parse_photo_url

    found: list[PhotoUrl] = []
    for text in texts:
        try:
            found.append(parse_photo_url(text))
        except FormatError as error:
            raise click.UsageError(f"{option}: {error}") from error
    if any(url.had_credentials for url in found) and not quiet:
        click.echo("A user name or password in a URL is not used here, and shows in your shell's history.", err=True)
    return [url.text for url in found]


def _reference(text: str | None, option: str) -> str | None:
    from stdiag.formats.errors import FormatError
    from stdiag.formats.proxy import parse_password_ref

    if text is None:
        return None
    try:
        return parse_password_ref(text)
    except FormatError:
        # What was typed may be the token itself.
        raise click.UsageError(
            f"{option}: say where the token is, env:NAME, file:PATH or prompt, and never the token itself."
        ) from None
