"""From configuration files to the site that they describe: every address in them becomes a target. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.formats.config.address import FoundAddress
from stdiag.formats.config.connections import connections
from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.settings_of import settings_of, short_name
from stdiag.formats.config.site_clients import take_clients
from stdiag.formats.config.site_draft import Draft
from stdiag.formats.config.site_servers import take_servers
from stdiag.model import Product, Site

_TELLS = {
    Product.V12_DOCKER: "a file of Sametime 12 on Docker",
    Product.V12_KUBERNETES: "a file of Sametime 12 on Kubernetes",
    Product.V11: "which has an element of Sametime 11",
}


class Described(msgspec.Struct, kw_only=True):
    """What the files say."""

    site: Site
    sources: dict[str, str] = {}
    """Key of the site → where its value stands, as `read_site` tells it."""
    found: list[FoundAddress] = []
    """Every address, also those that were left out."""


def site_of(documents: Sequence[ConfigDocument]) -> Described:
    """The site that `documents` describe. It holds no secret, since they hold none. A site file may say all of it."""
    draft = Draft()
    guessed = product_of(documents)
    if guessed is not None:
        draft.site.product, file = guessed
        draft.sources["product"] = f"{file}, {_TELLS[draft.site.product]}"
    settings = settings_of(documents)
    services = services_of(documents)
    take_servers(draft, settings, services)
    take_clients(draft, connections(documents), settings, services)
    return Described(site=draft.site, sources=draft.sources, found=draft.found)


def product_of(documents: Sequence[ConfigDocument]) -> tuple[Product, str] | None:
    """(the generation that the kinds of files tell, the file that tells it); None where they leave it open."""
    told: dict[Product, str] = {}
    for document in documents:
        match document.kind:
            case ConfigKind.ENVIRONMENT | ConfigKind.COMPOSE:
                told.setdefault(Product.V12_DOCKER, short_name(document))
            case ConfigKind.HELM_VALUES:
                told.setdefault(Product.V12_KUBERNETES, short_name(document))
            case ConfigKind.STPROXY_XML if document.first("mobile/configUrl"):
                told.setdefault(Product.V11, short_name(document))  # HCL describes it for 11 and later
            case _:
                pass
    newer = {product: file for product, file in told.items() if product is not Product.V11} or told
    return next(iter(newer.items())) if len(newer) == 1 else None


def services_of(documents: Sequence[ConfigDocument]) -> set[str]:
    """Names of compose files' services: by these, containers call each other."""
    names = (setting.name for one in documents if one.kind is ConfigKind.COMPOSE for setting in one.settings)
    return {name.split("/")[1] for name in names if name.startswith("services/") and name.count("/") > 1}
