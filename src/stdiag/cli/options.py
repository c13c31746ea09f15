"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from stdiag.model import Product, Site, TrustSite, Vantage

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("text", "json", "md", "html", "short")


def _number(_ctx: click.Context, _param: click.Parameter, value: float) -> float:
    """Not NaN, which click's range lets through."""
    if math.isnan(value):
        raise click.BadParameter("'nan' is not in the range 0.1<=x<=20.")
    return value


_SHOWN = (
    click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", help="What is printed."),
    click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE",
        help="Also write the report to FILE; the format follows the suffix (.json .html .md .txt). May be repeated.",
    ),
)
_PRODUCT = click.option(
    "--product",
    type=click.Choice([p.value for p in Product]),
    help="Sametime generation: whose remedies are shown.",
)
_FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    help="What makes the exit code 1.",
)
_RUN = (
    click.option(
        "--ca-file", "ca_files", multiple=True, metavar="FILE", help="Roots of your own CA (PEM). Repeatable."
    ),
    click.option(
        "--resolve",
        "overrides",
        multiple=True,
        metavar="NAME[:PORT]=ADDRESS[:PORT]",
        help="Use this address instead of asking DNS, like curl. Repeatable.",
    ),
    click.option("--from", "vantage", type=click.Choice([v.value for v in Vantage]), help="Where stdiag runs."),
    _PRODUCT,
    click.option("--offline", is_flag=True, help="Contact nothing but the targets: fetch no missing issuers."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0.1, max=20),
        default=1.0,
        metavar="FACTOR",
        callback=_number,
        help="Multiply all time limits (connect 5 s, step 10 s, check 45 s) by FACTOR.",
    ),
    _FAIL_ON,
)
_QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress, no notes on stderr.")
_DEBUG = click.option("--debug", is_flag=True, help="Show the traceback of a defect of stdiag's own.")
_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Every check in detail, with its timed steps.")
_SHARED = (
    *_SHOWN,
    *_RUN,
    click.option("--plan", "plan_only", is_flag=True, help="Open nothing; list what would be contacted, and why."),
    _QUIET,
    _VERBOSE,
    _DEBUG,
)


def run_options(command: F) -> F:
    """Adds how a run is made, for a command that shows its result in its own way."""
    for option in reversed((*_RUN, _QUIET, _DEBUG)):
        command = option(command)
    return command


def reading_options(command: F) -> F:
    """Adds what makes sense for a command that judges files and contacts nobody."""
    for option in reversed((*_SHOWN, _PRODUCT, _FAIL_ON, _QUIET, _VERBOSE, _DEBUG)):
        command = option(command)
    return command


def diagnosis_options(command: F) -> F:
    """Adds what every diagnosing command takes."""
    for option in reversed(_SHARED):
        command = option(command)
    return command


def checked_clients(texts: Sequence[str]) -> list[str]:
    """Canonical selectors of clients that are known; none: all. Raises click.UsageError."""
    from stdiag.clients.registry import parse_clients
    from stdiag.formats.client_selector import EVERY_PLATFORM, parse_client_selector
    from stdiag.formats.errors import FormatError

    try:
        parse_clients(texts)
        return [str(parse_client_selector(text)) for text in texts] or [EVERY_PLATFORM]
    except FormatError as error:
        raise click.UsageError(f"clients: {error}") from error


def apply_flags(
    site: Site,
    sources: dict[str, str],
    *,
    vantage: str | None,
    product: str | None,
    ca_files: Sequence[str],
    overrides: Sequence[str],
) -> None:
    """Flags override the file; `sources` records that they did. Raises click.UsageError."""
    from pathlib import Path

    from stdiag.formats.errors import FormatError
    from stdiag.formats.resolve import parse_resolve

    if vantage:
        site.vantage, sources["vantage"] = Vantage(vantage), "--from"
    if product:
        site.product, sources["product"] = Product(product), "--product"
    if ca_files:
        site.trust = TrustSite(ca_files=[str(Path(file).absolute()) for file in ca_files])
        sources["trust.ca_files"] = "--ca-file"
    try:
        pairs = dict(parse_resolve(text) for text in overrides)
    except FormatError as error:
        raise click.UsageError(f"--resolve: {error}") from error
    site.resolve = {**site.resolve, **pairs}
    sources |= {f"resolve.{key}": "--resolve" for key in pairs}
