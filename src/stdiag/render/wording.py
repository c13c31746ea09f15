"""The catalogue's words for a finding, also for findings that this catalogue does not know or cannot fill."""

from __future__ import annotations

from dataclasses import dataclass

from stdiag.model import Finding, Product

PRODUCTS = {
    Product.V8_5: "Sametime 8.5",
    Product.V9: "Sametime 9",
    Product.V10: "Sametime 10",
    Product.V11: "Sametime 11",
    Product.V12_DOCKER: "Sametime 12 on Docker or Podman",
    Product.V12_KUBERNETES: "Sametime 12 on Kubernetes",
    Product.V12_WINDOWS: "Sametime 12 on Windows",
}


@dataclass(frozen=True, slots=True)
class Wording:
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
    """Words for `finding`. A code of another version, or one whose parameters are missing, is told by its data."""
    from stdiag.catalogue.prose import words
    from stdiag.catalogue.registry import kind

    try:
        remedy = kind(finding.code).remedy
    except KeyError:
        return Wording(summary=f"{finding.code} ({_parameters(finding)})", known=False)
    try:
        told = words(finding)
    except (LookupError, TypeError, ValueError, AttributeError):
        # A report that was edited or cut: the catalogue's templates meet parameters of other names or types.
        return Wording(summary=f"{finding.code} ({_parameters(finding)})", remedy=remedy)
    return Wording(
        summary=told.summary,
        evidence=told.evidence,
        affects=finding.affects or told.affects,
        spares=told.spares,
        proof=told.proof,
        remedy=remedy,
    )


def _parameters(finding: Finding) -> str:
    parameters = ", ".join(f"{name}={value}" for name, value in finding.params.items())
    return parameters or "this version of stdiag has no words for it"


def steps(remedy: str, product: Product | None) -> str:
    """Markdown steps of a remedy for a product generation; those that hold for all when it is not known."""
    from stdiag.catalogue.prose import remedy_steps

    return remedy_steps(remedy, product)
