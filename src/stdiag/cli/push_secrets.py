"""The push key's passphrase and the push proxy's password, read before the run from where the site says that they are,
and what can be told of the site only with them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stdiag.cli.proxies import secret_of

if TYPE_CHECKING:
    from stdiag.model import Proxy, PushSite, Site
    from stdiag.net.credentials import Credentials, Secret

_FILE_LIMIT = 64 * 1024
KEY = "[push] password = "


def push_credentials(
    site: Site, sources: dict[str, str], typed: dict[Proxy, Secret] | None = None, *, ask: bool = False
) -> Credentials:
    """Everything secret that the push checks need. Where the key says that it is for the sandbox alone, the site is
    told. `ask`: a passphrase that is needed and named nowhere is asked for. Raises click.UsageError."""
    from stdiag.formats.errors import FormatError
    from stdiag.formats.push_site import push_proxy
    from stdiag.net.credentials import Credentials

    push = site.push
    if push is None:
        return Credentials()
    _check_roots(push)
    secrets = dict(typed or {})
    try:
        proxy = push_proxy(push)
    except FormatError as mistake:
        raise click.UsageError(f"[push]: {mistake}") from mistake
    if proxy is not None and proxy.password_ref is not None and proxy not in secrets:
        secrets[proxy] = secret_of(proxy, str(proxy), KEY)
    passphrases: dict[str, Secret] = {}
    for file, reference, option in (
        (push.key, push.passphrase, "passphrase"),
        (push.trust_store, push.trust_store_passphrase, "trust_store_passphrase"),
    ):
        if file and reference:
            passphrases[file] = looked_up(reference, file, option)
    if push.key and ask and push.key not in passphrases and needs_passphrase(push.key):
        passphrases[push.key] = _asked(push.key)
    _take_environment(site, sources, passphrases)
    return Credentials(secrets, passphrases)


def looked_up(reference: str, file: str, option: str) -> Secret:
    """The passphrase of `file` that the reference (env:NAME, file:PATH or prompt) stands for; `option` names it in
    errors. Raises click.UsageError, which never holds it."""
    from stdiag.net.credentials import Secret

    scheme, _, place = reference.partition(":")
    match scheme:
        case "env":
            if place not in os.environ:
                raise click.UsageError(f"{option} env:{place}: there is no such variable in the environment.")
            return Secret(os.environ[place])
        case "file":
            return Secret(_first_line(place, option))
        case _:
            return _asked(file)


def needs_passphrase(file: str) -> bool:
    """True for a key file that only a passphrase opens."""
    from stdiag.pki.push_key import KeyProblem, read_push_key

    return read_push_key(_content(file), None).problem is KeyProblem.PASSPHRASE_NEEDED


def _asked(file: str) -> Secret:
    from stdiag.net.credentials import Secret

    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{file} needs its passphrase, and nobody can be asked for it here: give --passphrase-file FILE or "
            "--passphrase env:NAME."
        )
    words = f"Passphrase of {file}"
    return Secret(str(click.prompt(words, hide_input=True, err=True, default="", show_default=False)))


def _first_line(place: str, option: str) -> str:
    try:
        with Path(place).open("rb") as file:
            data = file.read(_FILE_LIMIT)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else "not a path"
        raise click.UsageError(f"{option} file:{place}: the file cannot be read: {words}.") from error
    try:
        return data.decode("utf-8-sig").split("\n", 1)[0].removesuffix("\r")
    except UnicodeDecodeError:
        raise click.UsageError(f"{option} file:{place}: its first line is not UTF-8.") from None


def _content(file: str) -> bytes:
    from stdiag.pki.push_key import MAX_KEY_FILE_BYTES

    try:
        with Path(file).open("rb") as opened:
            return opened.read(MAX_KEY_FILE_BYTES + 1)
    except (OSError, ValueError):
        return b""  # the check of the file tells it


def _take_environment(site: Site, sources: dict[str, str], passphrases: dict[str, Secret]) -> None:
    """Which of Apple's services is asked follows from the key, unless somebody has said it."""
    from stdiag.model import PushEnvironment
    from stdiag.pki.apple_push import push_certificate
    from stdiag.pki.certificate import parse_certificate
    from stdiag.pki.push_key import read_push_key

    push = site.push
    if push is None or push.key is None or push.environment is not None:
        return
    passphrase = passphrases.get(push.key)
    reading = read_push_key(_content(push.key), passphrase.reveal() if passphrase else None)
    if reading.certificate is None:
        return
    said = push_certificate(parse_certificate(reading.certificate))
    if said.environments == (PushEnvironment.SANDBOX,):
        push.environment = PushEnvironment.SANDBOX
        sources["push.environment"] = "the key"


def _check_roots(push: PushSite) -> None:
    from stdiag.pki.trust import TrustFileError, load_files_store

    try:
        if push.expected_roots:
            load_files_store(push.expected_roots)
    except TrustFileError as mistake:
        raise click.UsageError(str(mistake)) from mistake
