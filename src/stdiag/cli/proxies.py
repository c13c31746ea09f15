"""Proxies on the command line, and where their passwords come from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from stdiag.model import Proxy
    from stdiag.net.credentials import Secret

# One line of some hundred bytes: what is longer is another file.
_FILE_LIMIT = 64 * 1024

F = TypeVar("F", bound=Callable[..., Any])

_VIA = (
    click.option(
        "--via",
        metavar="PROXY",
        help="Go through a proxy: http://, https://, socks4://, socks4a://, socks5:// (names are looked up here) or "
        "socks5h:// (by the proxy), then [USER@]HOST:PORT.",
    ),
    click.option(
        "--via-password",
        metavar="SOURCE",
        help="Where the password of USER is: env:NAME, file:PATH (its first line) or prompt.",
    ),
)


def via_options(command: F) -> F:
    """Adds --via and --via-password, for a command whose whole diagnosis can go through one proxy."""
    for option in reversed(_VIA):
        command = option(command)
    return command


def read_via(
    via: str | None, via_password: str | None, sources: dict[str, str], request: dict[str, Any]
) -> Proxy | None:
    """The proxy that --via names; it and its password go into `request`. Raises click.UsageError."""
    if via is None:
        if via_password is not None:
            raise click.UsageError("--via-password is the password for --via PROXY, which is missing.")
        return None
    from stdiag.net.credentials import Credentials

    proxy, secret = read_proxy(via, via_password, "--via", quiet=request["quiet"])
    request["via"], sources["via"] = proxy, "--via"
    request["credentials"] = Credentials({proxy: secret} if secret else {})
    return proxy


def read_proxy(text: str, password_ref: str | None, option: str, *, quiet: bool) -> tuple[Proxy, Secret | None]:
    """The proxy that `option` names, and its password: from the environment, a file, the terminal, or the URL itself.

    A password in the URL is taken, and warned about on stderr unless `quiet`. Raises click.UsageError, which never
    holds a password.
    """
    from stdiag.formats.errors import FormatError
    from stdiag.formats.proxy import parse_proxy, password_in
    from stdiag.net.proxy import ProxyKind

    try:
        proxy, had_password = parse_proxy(text, password_ref)
        in_url = password_in(text)
    except FormatError as error:
        raise click.UsageError(f"{option}: {error}") from error
    if had_password and not quiet:
        click.echo(
            f"{option}: the password in the URL shows in your shell's history and in the list of processes; "
            f"{option}-password env:NAME does not.",
            err=True,
        )
    if in_url is not None:
        return proxy, _checked(in_url, option)
    if proxy.password_ref is not None:
        return proxy, secret_of(proxy, option, f"{option}-password ")
    if proxy.user is not None and proxy.kind not in (ProxyKind.SOCKS4, ProxyKind.SOCKS4A):
        raise click.UsageError(
            f"{option} names the user {proxy.user!r} and no password: add {option}-password env:NAME, file:PATH or "
            "prompt, or leave the user out."
        )
    return proxy, None


def secret_of(proxy: Proxy, option: str, key: str) -> Secret:
    """The password that the proxy's reference stands for; `option` and `key` name in errors what names the proxy, and
    the password. Raises click.UsageError."""
    return _checked(_looked_up(proxy, key), option)


def _looked_up(proxy: Proxy, key: str) -> str:
    """What the reference stands for."""
    scheme, _, place = (proxy.password_ref or "").partition(":")
    match scheme:
        case "env":
            if place not in os.environ:
                raise click.UsageError(f"{key}env:{place}: there is no such variable in the environment.")
            return os.environ[place]
        case "file":
            return _first_line(place, key)
        case _:
            words = f"Password of {proxy.user} for {proxy}"
            return str(click.prompt(words, hide_input=True, err=True, default="", show_default=False))


def _first_line(place: str, key: str) -> str:
    try:
        with Path(place).open("rb") as file:
            data = file.read(_FILE_LIMIT)
    except OSError as error:
        raise click.UsageError(f"{key}file:{place}: the file cannot be read: {error.strerror}.") from error
    try:
        return data.decode("utf-8-sig").split("\n", 1)[0].removesuffix("\r")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{key}file:{place}: its first line is not UTF-8.") from error


def _checked(password: str, option: str) -> Secret:
    from stdiag.formats.proxy import LONGEST_NAME
    from stdiag.net.credentials import Secret

    try:
        size = len(password.encode("utf-8"))
    except UnicodeEncodeError as error:  # the environment may hold bytes that are no text
        raise click.UsageError(f"{option}: the password is not UTF-8.") from error
    if not password:
        raise click.UsageError(f"{option}: the password is empty.")
    if size > LONGEST_NAME:
        raise click.UsageError(f"{option}: the password is longer than the {LONGEST_NAME} bytes that a proxy takes.")
    return Secret(password)
