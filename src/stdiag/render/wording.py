"""The catalogue's words for a finding, also for one that this catalogue does not know."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from stdiag.model import Finding, Product, Subject, bracketed


class Wording(msgspec.Struct, frozen=True):
    """A finding in words. Texts hold what servers sent, so a renderer still has to make them harmless."""

    summary: str
    evidence: str = ""
    affects: str = ""
    spares: str = ""
    proof: str = ""
    remedy: str | None = None
    """Name of the shared remedy."""
    known: bool = True
    """False: `stdiag explain` has no page for it."""


def wording(finding: Finding, overrides: Mapping[str, str] | None = None) -> Wording:
    """Words for `finding`. One with a code of another version is told by its data. `overrides`: the site's `resolve`,
    for the command that shows it to others."""
    from stdiag.catalogue.prose import words
    from stdiag.catalogue.registry import kind

    try:
        told, remedy = words(finding, overrides), kind(finding.code).remedy
    except KeyError:
        return Wording(summary=f"{finding.code} ({_parameters(finding)})", known=False)
    return Wording(told.summary, told.evidence, told.affects, told.spares, told.proof, remedy)


def _parameters(finding: Finding) -> str:
    parameters = ", ".join(f"{name}={value}" for name, value in finding.params.items())
    return parameters or "this version of stdiag has no words for it"


class Steps(msgspec.Struct, frozen=True):
    """A remedy, as far as it is known which product it is for."""

    markdown: str
    more: bool
    """True: other steps would be added if the product were known."""


def steps(remedy: str, product: Product | None, subject: Subject) -> Steps:
    """Steps of a remedy for a product generation, with the subject's own host in its commands; those that hold for all
    when the product is not known."""
    from stdiag.catalogue.prose import remedy_steps

    markdown = remedy_steps(remedy, product)
    more = product is None and any(remedy_steps(remedy, other) != markdown for other in Product)
    return Steps(_with_host(markdown, subject), more)


def _with_host(markdown: str, subject: Subject) -> str:
    """The placeholder HOST replaced, where the subject's host is plain enough to stand in a command."""
    host = subject.host
    if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", host):
        return markdown
    if subject.port:
        endpoint = f"{bracketed(host)}:{subject.port}"
        markdown = markdown.replace("HOST:443", endpoint)
        if subject.port != 443:
            markdown = markdown.replace("stdiag tls HOST", f"stdiag tls {endpoint}")
    return re.sub(r"\bHOST\b", host, markdown)
