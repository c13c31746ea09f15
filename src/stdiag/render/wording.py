"""The catalogue's words for a finding, also for one that this catalogue does not know."""

from __future__ import annotations

import msgspec

from stdiag.model import Finding, Product


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


def wording(finding: Finding) -> Wording:
    """Words for `finding`. One with a code of another version is told by its data."""
    from stdiag.catalogue.prose import words
    from stdiag.catalogue.registry import kind

    try:
        told, remedy = words(finding), kind(finding.code).remedy
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


def steps(remedy: str, product: Product | None) -> Steps:
    """Steps of a remedy for a product generation; those that hold for all when it is not known."""
    from stdiag.catalogue.prose import remedy_steps

    markdown = remedy_steps(remedy, product)
    more = product is None and any(remedy_steps(remedy, other) != markdown for other in Product)
    return Steps(markdown, more)
