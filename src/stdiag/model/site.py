"""What is to be diagnosed: the content of stdiag.toml."""

from __future__ import annotations

import enum

import msgspec


class Vantage(enum.StrEnum):
    """Where stdiag runs. What is true from one place need not be true from another."""

    STPROXY = "stproxy"
    INSIDE = "inside"
    INTERNET = "internet"


class Product(enum.StrEnum):
    """Sametime generation: which remedy steps are printed."""

    V8_5 = "8.5"
    V9 = "9"
    V10 = "10"
    V11 = "11"
    V12_DOCKER = "12-docker"
    V12_KUBERNETES = "12-kubernetes"
    V12_WINDOWS = "12-windows"


class StproxySite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[stproxy]`: where web and mobile clients come to. One of the two is needed."""

    url: str | None = None
    """https://HOST[:PORT]."""
    provisioning_url: str | None = None
    """The link or QR code that mobile users get, sametime:// or hclsametime://; a password in it is masked as ***."""


class Expected(enum.StrEnum):
    """What the site says of a path: how it is meant to be from where stdiag runs."""

    OPEN = "open"  # clients take it: it must work
    CLOSED = "closed"  # nobody may come this way
    OPTIONAL = "optional"  # either will do


class CommunityPath(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[[community.path]]`: a way by which desktop clients come, to one port or several."""

    via: str | None = None
    """A proxy (http://, https://, socks4://, socks4a://, socks5:// or socks5h://HOST:PORT), `reverse:` and the URL of a
    reverse proxy with its affinity id, or `system` for this machine's own settings. Without it: directly."""
    user: str | None = None
    """The user name for the proxy."""
    password: str | None = None
    """Where its password comes from: env:NAME, file:PATH or prompt, never the password itself."""
    ports: list[int] = []
    """Without it 1533, and as optional ones 80 and 8082."""
    expected: Expected | None = None
    """Without it, at least one of all paths must work."""


class CommunitySite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[community]`: where desktop clients come to."""

    host: str
    """Name or address of the community multiplexer (mux)."""
    path: list[CommunityPath] = []
    """Without one: directly."""


class TlsSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[tls]`: further TLS endpoints of the deployment, and how they are judged."""

    targets: list[str] = []
    """HOST, HOST:PORT or https:// URLs."""
    name: str | None = None
    """The name to send (SNI) and to compare certificates with, where it is not the target's own."""
    quick: bool = False
    """One handshake an address, for sweeps: the chain's verdict only."""
    renew_before_days: int = 30
    """A certificate with fewer days left is a warning."""


class TrustSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[trust]`: roots of the organisation's own, which its clients are given."""

    ca_files: list[str] = []


class PushEnvironment(enum.StrEnum):
    """Which of Apple's two push services a key is for."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"


class PushEndpoints(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[push.endpoints]`: HOST:PORT of services that are not Apple's or Google's own: a relay, or a rehearsal."""

    apns: list[str] = []
    """Apple's push service today, in the environment of the key. Without it api.push.apple.com (for the sandbox
    api.sandbox.push.apple.com) at 443 and 2197: one of them is needed."""
    legacy: list[str] = []
    """Apple's retired binary interface. Without it gateway.push.apple.com:2195 and feedback.push.apple.com:2196."""
    google: list[str] = []
    """Google's, as the server contacts them. Without it fcm.googleapis.com:443 and the services beside it."""
    devices: list[str] = []
    """What phones connect to by themselves. Without it mtalk.google.com:5228 to 5230 and Apple's port 5223."""


class PushSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[push]`: messages to phones in the background. With it `stdiag all` checks the way to Apple and Google."""

    key: str | None = None
    """The PKCS#12 file with which the server shows Apple who it is."""
    passphrase: str | None = None
    """Where its passphrase comes from: env:NAME, file:PATH or prompt, never the passphrase itself."""
    topic: str | None = None
    """The app's bundle id, where the key does not say it or is for several."""
    environment: PushEnvironment | None = None
    """Without it the key says it."""
    via: str | None = None
    """The proxy that the server is configured to send pushes through (http://HOST:PORT)."""
    user: str | None = None
    """The user name for the proxy."""
    password: str | None = None
    """Where its password comes from: env:NAME, file:PATH or prompt."""
    notification_port: int | None = None
    """STProxy's `appleNotificationPort`, where it is configured: 2195 and 2196 are of the retired interface."""
    legacy: bool = False
    """Ask the retired interface too."""
    google: bool = True
    """Ask Google's services for Android too."""
    device_side: bool = False
    """Ask what phones connect to by themselves: for a machine in the phones' network."""
    trust_store: str | None = None
    """The Sametime server's own trust store (PKCS#12 or PEM): is Apple's root in it?"""
    trust_store_passphrase: str | None = None
    """Where its passphrase comes from: env:NAME, file:PATH or prompt; without it Java's customary one is tried."""
    expected_roots: list[str] = []
    """Root certificates that the services' chains must end in, in place of Apple's and Google's: for rehearsals."""
    endpoints: PushEndpoints = msgspec.field(default_factory=PushEndpoints)


class ConfigSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[config]`: the servers' own configuration, copied from where they run, to be read beside the measurements."""

    paths: list[str] = []
    """Files, or folders that hold some: stproxyconfig.xml, .env, custom.env, docker-compose.yml, values.yaml,
    managed-community-configs.xml, plugin_customization.ini, sametime.ini."""


class HealthSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[health]`: further pages that users open, beside those that every Sametime Proxy of the product has."""

    meetings_url: str | None = None
    """Where users find their meetings, when it is another host or path than the product's own."""
    whiteboard_url: str | None = None
    """The whiteboard of the meeting server, where it was switched on."""
    pages: list[str] = []
    """Further http:// or https:// URLs that must answer with a page."""


class PhotoAccess(enum.StrEnum):
    """Who may fetch photos from the photo host itself."""

    RESTRICTED = "restricted"  # only who shows a cookie of a login or a meeting, or comes from a listed address
    PUBLIC = "public"  # everybody who reaches it


class PhotoSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[photo]`: the photos of business cards."""

    urls: list[str] = []
    """PhotoURL values of some users, as the directory has them."""
    stproxy_urls: list[str] = []
    """The same photos as STProxy hands them to its clients, from its cache; in the order of `urls`."""
    access: PhotoAccess = PhotoAccess.RESTRICTED
    """What the photo host is meant to do with somebody who is not logged in."""
    ltpa_token: str | None = None
    """Where the value of a valid LtpaToken cookie comes from: env:NAME, file:PATH or prompt, never the token itself.
    Without it a made-up one is shown, which only a server that looks at the cookie's name alone lets through."""
    ltpa_token2: str | None = None
    """The same for LtpaToken2."""


class NamesSite(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`[names]`: the names of the deployment's servers, beside those that stand elsewhere in the site."""

    hosts: list[str] = []
    """Further servers: Deployment Manager, meeting servers, database, directory."""
    management_networks: list[str] = []
    """Networks in which servers have addresses that nobody else may be sent to: "10.99.0.0/16"."""


class Site(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be diagnosed: the content of stdiag.toml, with the flags applied. Holds no secret."""

    product: Product | None = None
    vantage: Vantage | None = None
    clients: list[str] = []
    """Whose clients must get through: `android>=6`, `ios`; `all` for every one that is known. Without it no client is
    asked for."""
    stproxy: StproxySite | None = None
    community: CommunitySite | None = None
    push: PushSite | None = None
    config: ConfigSite = msgspec.field(default_factory=ConfigSite)
    health: HealthSite = msgspec.field(default_factory=HealthSite)
    photo: PhotoSite | None = None
    names: NamesSite = msgspec.field(default_factory=NamesSite)
    tls: TlsSite = msgspec.field(default_factory=TlsSite)
    trust: TrustSite = msgspec.field(default_factory=TrustSite)
    resolve: dict[str, str] = {}
    """`NAME[:PORT]` → `ADDRESS[:PORT]`: look-ups that are answered here, like curl's --resolve."""
