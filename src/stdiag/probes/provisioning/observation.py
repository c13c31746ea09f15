"""What the provisioning probe records: the URL without its secret, and what answers where it points to."""

from __future__ import annotations

import msgspec

from stdiag.formats.provisioning.url import UrlContext, UrlDefect
from stdiag.model import Fault
from stdiag.net.idle import IdleHold
from stdiag.probes.shared.web_facts import Exchange


class AddressAnswers(msgspec.Struct, kw_only=True):
    """All that one address answered."""

    address: str
    port: int
    proxyinfo: list[Exchange] = []
    """`GET /stwebapi/proxyinfo`, and then each redirect that stays on the host, five at most."""
    root: list[Exchange] = []
    """`GET /`, asked when the first answer did not say it all; followed in the same way."""
    other_mode: Exchange | None = None
    """The same over TLS where the URL says plain, and the reverse: asked when the URL's own mode failed."""
    photo: list[Exchange] = []
    """`GET /` at photoPort: over TLS, and in plain when that failed."""


class ProvisioningObservation(msgspec.Struct, kw_only=True):
    """The facts about one provisioning URL."""

    url: str
    """With *** for a password."""
    context: UrlContext = UrlContext.HANDED_OUT
    defects: list[UrlDefect] = []
    """What the form of the URL showed as it was typed: `url` is written in the canonical way."""
    text_only: bool = False
    """True: nothing was contacted, because the user wanted it so."""
    host: str = ""
    port: int | None = None
    tls: bool | None = None
    via: str | None = None
    """The proxy that everything went through. Where it looks names up, the name stands in `addresses`."""
    photo_port: int | None = None
    """Where it was asked."""
    name_fault: Fault | None = None
    name_waited_us: int = 0
    """How long the failed look-up was waited for."""
    addresses: list[AddressAnswers] = []
    idle: IdleHold | None = None
    """A connection that was held open without a word, where that was asked for."""
    left_out: list[str] = []
    """Measurements that were not made, with the reason."""
