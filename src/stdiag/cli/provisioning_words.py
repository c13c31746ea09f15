"""What the provisioning commands have in common: reading the URL, and what is said about it on stderr."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from stdiag.formats.provisioning.url import ProvisioningUrl, UrlContext, UrlDefect

server_option = click.option(
    "--server-setting",
    is_flag=True,
    help="The URL is one of a server's configuration (configUrl, MOBILE_CONFIGURL), where %s stands for the user.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No notes on stderr.")


class UsageSentenceError(click.ClickException):
    """Wrong usage, told in one sentence."""

    exit_code = 2


def context_of(*, server_setting: bool) -> UrlContext:
    """Where the URL stands, by the option --server-setting."""
    from stdiag.formats.provisioning.url import UrlContext

    return UrlContext.SERVER if server_setting else UrlContext.HANDED_OUT


def read_url(argument: str, *, server_setting: bool) -> tuple[str, ProvisioningUrl]:
    """The URL as given (`-`: on stdin) and as read. Raises UsageSentenceError."""
    import sys

    from stdiag.formats.errors import FormatError
    from stdiag.formats.provisioning.parse import LONGEST, parse_provisioning

    text = sys.stdin.read(LONGEST + 2) if argument == "-" else argument
    try:
        return text.strip(), parse_provisioning(text, context_of(server_setting=server_setting))
    except FormatError as error:
        raise UsageSentenceError(str(error)) from error


def note(sentences: Iterable[str]) -> None:
    """Sentences on stderr, wrapped, one point each."""
    import sys

    from stdiag.render.terminal import style_of

    style = style_of(sys.stderr)
    for sentence in sentences:
        for line in style.wrap(sentence, "- ", "  "):
            click.echo(line, err=True)


def told(defects: Iterable[UrlDefect], url: ProvisioningUrl) -> list[str]:
    """Each defect in the catalogue's words."""
    from stdiag.catalogue.prose import words
    from stdiag.catalogue.registry import kind
    from stdiag.model import Subject, SubjectKind

    subject = Subject(kind=SubjectKind.URL, host=url.host, port=url.effective_port, url=url.masked)
    sentences = []
    for defect in defects:
        params: dict[str, Any] = defect.params
        said = words(kind(defect.kind).found(subject, severity=defect.severity, **params))
        evidence = f" ({said.evidence})" if said.evidence else ""
        sentences.append(f"{defect.severity}: {said.summary.removesuffix('.')}{evidence}. [{defect.kind}]")
    return sentences
