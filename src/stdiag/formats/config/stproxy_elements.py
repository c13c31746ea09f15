"""The elements of stproxyconfig.xml that something is known of. The list is not whole: no source has one.

Sources: "Configuring the tokenDomain setting for single sign-on for the Sametime Proxy Server" (Sametime 9.0.1),
"Creating a community provisioning URL for mobile users" and the multitenancy page (HCL Sametime 11.5), and reports of
practitioners about 8.5.2 to 9.0.1.
"""

from __future__ import annotations

import enum
import re

import msgspec

from stdiag.model import Product

LEGACY_SPELLING = "disableSystemNoficiations"
PLAIN_SPELLING = "disableSystemNotifications"
APPLE_PORT = "appleNotificationPort"
DEFECT_PORT = "2196"
"""What the defect LO69429 writes there."""

WEBSPHERE = frozenset({Product.V8_5, Product.V9, Product.V10})
TOMCAT = frozenset({Product.V11})
CONTAINERS = frozenset({Product.V12_DOCKER, Product.V12_KUBERNETES, Product.V12_WINDOWS})

_NUMBERS = re.compile(r"\[\d+\]")


class Content(enum.StrEnum):
    """What an element holds."""

    ELEMENTS = "elements"
    TEXT = "text"
    BOOLEAN = "boolean"
    NUMBER = "number"


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element."""

    path: str
    """Below the outermost element; only the name where its parent is not documented."""
    content: Content = Content.TEXT
    anywhere: bool = False
    """Its parent is not documented."""
    documented_for: frozenset[Product] | None = None
    """The only products whose documents name it; None: nothing is known about that."""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2]


ELEMENTS = (
    Element(path="photoCache", content=Content.ELEMENTS),
    Element(path="photoCache/enabled", content=Content.BOOLEAN),
    Element(path="photoCache/cacheExpiry", content=Content.NUMBER),
    Element(path="photoCache/storageLocation"),
    Element(path="photoCache/proxyServerURL"),
    Element(path="mobile", content=Content.ELEMENTS),
    Element(path="mobile/configUrl", documented_for=TOMCAT),
    Element(path=f"mobile/{LEGACY_SPELLING}", content=Content.BOOLEAN),
    Element(path=f"mobile/{PLAIN_SPELLING}", content=Content.BOOLEAN),
    Element(path="multiTenancy", content=Content.ELEMENTS),
    Element(path="multiTenancy/key"),
    Element(path="multiTenancy/attr"),
    Element(path="onetoonefeature", content=Content.BOOLEAN),
    Element(path="tokenDomain"),
    Element(path=APPLE_PORT, content=Content.NUMBER, anywhere=True),
    Element(path="appleNotificationHost", anywhere=True),
    Element(path="userTimeout", anywhere=True),
)

BY_PATH = {element.path: element for element in ELEMENTS}
BY_NAME = {element.name: element for element in ELEMENTS}


def without_numbers(path: str) -> str:
    """`mobile[2]/configUrl` → `mobile/configUrl`."""
    return _NUMBERS.sub("", path)


def own_name(path: str) -> str:
    """`mobile[2]/configUrl` → `configUrl`."""
    return without_numbers(path).rpartition("/")[2]
