"""What the photo probe records: what came for a photo's URL, with and without cookies. No cookie's value is kept, and
no picture: what its header says, its size, and the hash that it is compared by."""

from __future__ import annotations

import enum

import msgspec

from stdiag.formats.photo_url import PhotoSlip
from stdiag.model import Fault, PhotoAccess
from stdiag.probes.shared.handshake import Fetched, Handshake
from stdiag.probes.shared.web_facts import Exchange


class PhotoRole(enum.StrEnum):
    """Whose URL it is."""

    HOST = "host"  # the photo host's own: a PhotoURL of the directory
    COPY = "copy"  # STProxy's, which hands the photo out from its cache


class PhotoImage(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that came."""

    form: str
    """JPEG, GIF, PNG … by the bytes' own signature, whatever the server calls them."""
    bytes_came: int
    """At most the limit of what is read: then `fault` of the exchange is too-large."""
    sha256: str
    width: int | None = None
    """Pixels, as the file's header says; null where it does not say it."""
    height: int | None = None
    whole: bool | None = None
    """false: the mark that ends such a file is missing; null: this form has none that is looked for."""


class PhotoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One request, the redirects after it that stayed on the host, and what came in the end."""

    shown: str = ""
    """Names of the cookies that were shown, with commas; empty: none."""
    made_up: bool = False
    """true: their values were made up, so that only a server which does not look at them lets through."""
    passed: list[str] = []
    """Addresses of the redirects that were followed."""
    exchange: Exchange
    """The last one."""
    length_said: int | None = None
    """Content-Length of it."""
    image: PhotoImage | None = None


class PhotoAddress(msgspec.Struct, kw_only=True):
    """All that one address answered."""

    address: str
    port: int
    plain: PhotoAnswer | None = None
    """Without a cookie; null when the check ended before."""
    cookies: list[PhotoAnswer] = []
    """With cookies, where nothing but a picture without one would do."""
    in_lower_case: PhotoAnswer | None = None
    """The same URL with the file's name in lower case, where it has capitals; with the cookies of the best answer."""
    handshake: Handshake | None = None
    """For https: what STProxy, as the client, is shown."""


class PhotoObservation(msgspec.Struct, kw_only=True):
    """The facts about one photo's URL."""

    url: str
    role: PhotoRole = PhotoRole.HOST
    number: int = 0
    """Which of the site's URLs of this role it is, from 0."""
    access: PhotoAccess = PhotoAccess.RESTRICTED
    """What the site says of the photo host."""
    host: str = ""
    port: int | None = None
    tls: bool = False
    via: str | None = None
    """The proxy that everything went through. Where it looks names up, the name stands in `addresses`."""
    slips: list[PhotoSlip] = []
    """What the text of the URL shows."""
    file_name: str = ""
    """The last part of the URL's path; empty where a query follows it."""
    named_by_mail: bool = False
    """true: the file is named by a mail address, as Meetings ask for it."""
    capitals: bool = False
    """true: the file is named by a mail address with capitals in it."""
    tokens_given: list[str] = []
    """Cookies of a login whose real value was there to be shown."""
    tokens_withheld: list[str] = []
    """Those that were not shown, since this host had refused them before in this run."""
    name_fault: Fault | None = None
    name_waited_us: int = 0
    """How long the failed look-up was waited for."""
    addresses: list[PhotoAddress] = []
    fetched: list[Fetched] = []
    """Issuers that the photo host did not send."""
    left_out: list[str] = []
    """Measurements that were not made, with the reason."""
