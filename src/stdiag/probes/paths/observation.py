"""What the paths probe records: each hop's reply bytes, and what spoke at the end."""

from __future__ import annotations

import msgspec

from stdiag.model import Expected, Fault, Path
from stdiag.probes.shared.handshake import Fetched, Handshake


class HopReply(msgspec.Struct, kw_only=True):
    """One reply of a proxy while the tunnel was asked for."""

    step: str
    """Which question it answers: greeting, auth, request."""
    received: str = ""
    """Hex of the bytes as they came, at most 8 KiB."""
    status: int | None = None
    """HTTP status, or the code of a SOCKS reply."""
    headers: dict[str, str] = {}
    """HTTP only, names in lower case; none that could hold a secret."""
    schemes: list[str] = []
    """What Proxy-Authenticate offers."""
    sent_credentials: bool = False
    """True: the question that this answers carried a user name and a password."""
    fault: Fault | None = None
    """Why the reply was no grant."""


class SametimeReply(msgspec.Struct, kw_only=True):
    """What came after one HANDSHAKE without credentials."""

    spoke: str
    """ack, ack-incomplete, destroy, redirect, keep-alive-only, echo, http, tls, ssh, smtp, …, silent, closed, reset,
    garbage."""
    minor_sent: int = 0
    """The minor protocol version that the HANDSHAKE named."""
    major: int | None = None
    """The server's protocol version, raw."""
    minor: int | None = None
    """The server's protocol version, raw: no release can be read from it."""
    seen_address: str | None = None
    """This client's address as the server says that it sees it (IPv4 only)."""
    reason_code: int | None = None
    """With destroy: the server's reason (draft-houri-sametime-community-client §8.3.1)."""
    redirect_to: str | None = None
    """With redirect: the server that it names."""
    problem: str | None = None
    """With ack-incomplete: what is odd about it."""
    first_bytes: str = ""
    """Hex of the first bytes."""
    fault: Fault | None = None
    """Why nothing more came."""


class HttpReply(msgspec.Struct, kw_only=True):
    """One HTTP request and its answer."""

    url: str
    """What was asked for."""
    asked: str
    """What for: cbr (/CommunityCBR), cbr-lower (/communityCBR), control (a page that nobody has)."""
    stage: str = "http"
    """How far it came: name, tcp, tls, http."""
    status: int | None = None
    """HTTP status code."""
    headers: dict[str, str] = {}
    """Those that tell who answered, names in lower case."""
    body: str = ""
    """The beginning of the body as text, with what cannot be read replaced."""
    sent_credentials: bool = False
    """True: the request carried a user name and a password."""
    fault: Fault | None = None
    """Why there is no answer, or why the password was not sent."""


class PathObservation(msgspec.Struct, kw_only=True):
    """One path to one port."""

    path: Path
    """How the server was to be reached."""
    port: int
    """The server's port; of a reverse proxy its own."""
    system: bool = False
    """True: taken from the settings of this machine, as the client's browser settings are."""
    expected: Expected | None = None
    """What the site says of this path."""
    implied: bool = False
    """True: nobody asked for this path by name; it is tried beside one that was asked for."""
    resolved_by: str = "here"
    """Who looked the server's name up: here or proxy."""
    ended_at: str | None = None
    """proxy-dns, proxy-tcp, proxy-tls, greeting, auth, request, open; null for a path without a proxy."""
    fault: Fault | None = None
    """Why no connection to the end of the path was had."""
    replies: list[HopReply] = []
    """All that the proxy said, in its order."""
    target_address: str | None = None
    """The address of the server that was asked for, where this machine looked it up."""
    local_address: str | None = None
    """This machine's own address on that connection."""
    sametime: SametimeReply | None = None
    """What came on the handshake."""
    tls: Handshake | None = None
    """A TLS handshake with the server on the same port, after its plain handshake was not acknowledged."""
    sametime_in_tls: SametimeReply | None = None
    """What came on the handshake inside TLS."""
    http: list[HttpReply] = []
    """Requests and answers of a path that carries HTTP."""
    duration_us: int = 0
    """Microseconds, for all of it."""


class ProxyTls(msgspec.Struct, kw_only=True):
    """A TLS handshake with a proxy itself."""

    host: str
    """The proxy's name or address."""
    port: int
    """The proxy's port."""
    handshake: Handshake
    """What the handshake brought."""


class SystemSettings(msgspec.Struct, kw_only=True):
    """What this machine says about proxies. Credentials in a setting are masked."""

    proxies: dict[str, str] = {}
    """Scheme → proxy, as the environment or the operating system names them."""
    bypassed: bool = False
    """True: the settings exclude this server from the proxy."""
    script: str | None = None
    """URL of a PAC file, or how a script is found: it is not evaluated here."""


class PathsObservation(msgspec.Struct, kw_only=True):
    """The facts about all paths to one community."""

    host: str
    """The server, as it was asked for."""
    paths: list[PathObservation] = []
    """Every path to every port."""
    proxy_tls: list[ProxyTls] = []
    """TLS handshakes with proxies themselves."""
    system: SystemSettings | None = None
    """null: no path asked for the settings of this machine."""
    fetched: list[Fetched] = []
    """Every contact with an issuer's address."""
    verified_with: str | None = None
    """The trust store that the handshakes' verification codes are of."""
    left_out: list[str] = []
    """What was not tried, with the reason."""
