"""Files of another generation of the product than the site's. Pure."""

from __future__ import annotations

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place
from stdiag.model import Finding, Product, Severity, Site
from stdiag.probes.config.told_once import at

_OF_12 = frozenset({Product.V12_DOCKER, Product.V12_KUBERNETES, Product.V12_WINDOWS})
_FITS = {
    # How Sametime 12 on Windows is configured is documented in part only: nothing is claimed of it.
    ConfigKind.ENVIRONMENT: frozenset({Product.V12_DOCKER, Product.V12_WINDOWS}),
    ConfigKind.COMPOSE: frozenset({Product.V12_DOCKER}),
    ConfigKind.HELM_VALUES: frozenset({Product.V12_KUBERNETES}),
}
_BELONGS = {
    ConfigKind.ENVIRONMENT: "Sametime 12 on Docker or Podman",
    ConfigKind.COMPOSE: "Sametime 12 on Docker or Podman",
    ConfigKind.HELM_VALUES: "Sametime 12 on Kubernetes",
}
_CONTAINERS = frozenset({Product.V12_DOCKER, Product.V12_KUBERNETES})


def generation(document: ConfigDocument, site: Site) -> list[Finding]:
    """A file that the site's product does not read."""
    product = site.product
    if product is None:
        return []
    place = document.settings[0].place if document.settings else Place(line=1)
    if document.kind in _FITS and product not in _FITS[document.kind]:
        severity = Severity.INFO if product in _OF_12 else None
        return [
            at(
                document,
                "config-generation",
                [place],
                severity=severity,
                kind=document.kind.value,
                belongs=_BELONGS[document.kind],
                product=product.value,
            )
        ]
    if document.kind is ConfigKind.SAMETIME_INI and product in _CONTAINERS:
        return [at(document, "config-ini-in-container", [place], product=product.value)]
    return []


RULES = (generation,)
