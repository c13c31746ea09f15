"""A login's tokens, read before the run from where the site says that they are."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.model import PhotoSite
    from stdiag.net.credentials import Credentials, Secret

_FILE_LIMIT = 64 * 1024
_LONGEST = 8 * 1024
"""Characters of a token: servers take no longer headers."""

# What a cookie's value may hold (RFC 6265 §4.1.1); a line end in it would begin another header.
_VALUE = re.compile(r'"?[!#-+\--:<-\[\]-~]+"?')


def photo_credentials(photo: PhotoSite, *, quiet: bool) -> Credentials:
    """The tokens of `photo`, for the hosts that its URLs name and for nobody else. Raises click.UsageError."""
    from stdiag.formats.photo_site import TOKEN_COOKIES
    from stdiag.formats.photo_url import parse_photo_url
    from stdiag.net.credentials import Credentials, TokenPlace

    named = {key: str(getattr(photo, key)) for key in TOKEN_COOKIES if getattr(photo, key)}
    tokens = {TOKEN_COOKIES[key]: _token(reference, TOKEN_COOKIES[key]) for key, reference in named.items()}
    urls = [url for text in (*photo.urls, *photo.stproxy_urls) if (url := parse_photo_url(text)).askable]
    plain = sorted({url.host for url in urls if not url.tls})
    if tokens and plain and not quiet:
        click.echo(
            f"{' and '.join(tokens)}: sent to {', '.join(plain)} without encryption, since the URL says http. Whoever "
            "listens on the way can use it until it ends.",
            err=True,
        )
    places = {(url.host, url.port or 0) for url in urls}
    return Credentials(
        {TokenPlace(host=host, port=port, user=name): token for host, port in places for name, token in tokens.items()}
    )


def _token(reference: str, cookie: str) -> Secret:
    """What the reference (env:NAME, file:PATH or prompt) stands for. Errors never hold it."""
    from stdiag.net.credentials import Secret

    scheme, _, place = reference.partition(":")
    match scheme:
        case "env":
            if place not in os.environ:
                raise click.UsageError(f"{cookie}: env:{place}: there is no such variable in the environment.")
            text = os.environ[place]
        case "file":
            text = _first_line(place, cookie)
        case _:
            text = str(click.prompt(f"Value of the cookie {cookie}", hide_input=True, err=True, default=""))
    # People copy the whole cookie from their browser.
    value = text.strip().removeprefix(f"{cookie}=").rstrip(";").strip()
    if len(value) > _LONGEST or not _VALUE.fullmatch(value):
        raise click.UsageError(f"{cookie}: this is not a cookie's value: copy it from the browser, without its name.")
    return Secret(value)


def _first_line(place: str, cookie: str) -> str:
    try:
        with Path(place).open("rb") as file:
            data = file.read(_FILE_LIMIT)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else "not a path"
        raise click.UsageError(f"{cookie}: file:{place}: the file cannot be read: {words}.") from error
    try:
        return data.decode("utf-8-sig").split("\n", 1)[0]
    except UnicodeDecodeError:
        raise click.UsageError(f"{cookie}: file:{place}: its first line is not UTF-8.") from None
