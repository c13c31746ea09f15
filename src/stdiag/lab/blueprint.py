"""What the lab builds: the healthy deployment as plain data, which each fault changes in a few fields."""

from __future__ import annotations

import enum
import ssl
from dataclasses import dataclass

HOST = "chat.lab.example"
"""The STProxy's name: reserved for examples (RFC 2606 §3), so that no real host is ever meant."""

COMMUNITY_HOST = "mux.lab.example"
"""The community multiplexer's name."""

COMMUNITY_PORTS = (1533, 80, 8082)
"""Its own port, and those where servers of older releases take HTTP tunnelling too."""

MANAGEMENT_NETWORK = "10.99.0.0/16"
"""The network that only the lab's administrators use, where it has one."""

PUSH_HOST = "push.lab.example"
"""The name of what stands for Apple's push service."""

PUSH_PORTS = (443, 2197)
"""The ports at which Apple's is reached."""

PHOTO_HOST = "photos.lab.example"
"""The name of the web server that has the photos."""

PHOTO_PORT = 443
"""Where it is reached."""

PROVISIONING_URL = f"hclsametime://{HOST}/?action=AddCommunity&communityName=Lab"
"""The link that the lab's mobile users get."""

PROXY_USER, PROXY_PASSWORD = "lab", "lab"
"""Whom the lab's proxies let through, where they ask."""


class Part(enum.StrEnum):
    """A certificate of the lab that a server may send."""

    LEAF = "leaf"
    ISSUER = "issuer"  # Lab Issuing CA R46, which signs the leaf
    POLICY = "policy"  # Lab Policy CA, between issuer and root where the hierarchy has three levels
    ROOT = "root"
    SIBLING = "sibling"  # Lab Issuing CA R6: a similar name and another key, has not signed the leaf
    STRANGER = "stranger"  # a certificate of another organisation's CA


class Key(enum.StrEnum):
    """Kind and size of a key."""

    EC_P256 = "EC P-256"
    RSA_1024 = "RSA 1024"
    RSA_2048 = "RSA 2048"


class Digest(enum.StrEnum):
    """Hash under the leaf's signature."""

    SHA256 = "SHA-256"
    SHA1 = "SHA-1"


class Signer(enum.StrEnum):
    """Who signed the leaf."""

    ISSUER = "issuer"
    ITSELF = "itself"


class IssuerProfile(enum.StrEnum):
    """What the issuing CA's certificate permits it to do."""

    PROPER = "proper"
    NOT_A_CA = "not a CA"  # basicConstraints CA:FALSE
    OTHER_NAMES_ONLY = "other names only"  # name constraints that exclude the lab's domain


class Aia(enum.StrEnum):
    """What the issuer server answers at the address that the leaf names for its issuer (RFC 5280 §4.2.2.1)."""

    DER = "DER"
    PEM = "PEM"
    PKCS7 = "PKCS#7"
    GONE = "404"
    REDIRECT_LOOP = "redirect loop"
    SILENT = "silent"
    NOT_NAMED = "not named"  # the leaf names no address


class WithoutSni(enum.StrEnum):
    """What a client gets that names no server in its ClientHello."""

    SAME = "same"
    ALERT = "alert"  # unrecognized_name
    OTHER_CERTIFICATE = "other certificate"


class ClientCertificate(enum.StrEnum):
    """Whether the server asks its clients for a certificate."""

    NOT_ASKED = "not asked"
    REQUIRED = "required"


class KeyExchange(enum.StrEnum):
    """Which cipher suites up to TLS 1.2 the server offers."""

    MODERN = "modern"
    STATIC_RSA = "static RSA"  # the session key is encrypted to the server's RSA key: no forward secrecy
    DHE_1024 = "DHE 1024"


class Listener(enum.StrEnum):
    """How the STProxy's port treats a connection."""

    TLS = "TLS"
    SWALLOWS_LONG_HELLO = "swallows long ClientHellos"
    DRIPS = "drips"
    SILENT = "silent"
    CLOSES = "closes"
    RESETS = "resets"
    ALERTS = "alerts"
    GARBLES = "answers with a broken ServerHello"
    HTTP = "plain HTTP"
    SMTP = "SMTP"
    SAMETIME = "Sametime protocol"
    NOBODY = "nobody listens"
    BACKLOG_FULL = "backlog full"


class Front(enum.StrEnum):
    """What answers HTTP requests on the STProxy's port."""

    STPROXY = "STProxy"
    WITHOUT_COMMUNITY = "STProxy that has lost its community"
    WITHOUT_PROXYINFO = "STProxy without /stwebapi/proxyinfo"
    GARBLED_PROXYINFO = "STProxy whose /stwebapi/proxyinfo is no JSON"
    DEFAULT_PAGE = "a web server's default page"
    LOGIN_REDIRECT = "a redirect to a login page of another host"
    LOGIN_FORM = "a login form"
    REDIRECTS_ELSEWHERE = "a redirect to another host"
    BACK_END_DOWN = "a front end without its back end"
    HANGS = "nothing, to any request"
    ASKS_BASIC = "a reverse proxy that asks for Basic authentication"
    ASKS_NEGOTIATE = "a reverse proxy that asks for Negotiate or NTLM"
    PING_PONG = "a redirect of every page to itself"
    INNER_REDIRECT = "STProxy whose pages lead to its inner name"
    WITHOUT_MEETING = "STProxy without /meeting"
    DEFAULT_ROOT = "STProxy with a web server's default page at /"
    SAML = "STProxy with SAML"
    SAML_AND_OIDC = "STProxy with SAML and OpenID Connect"
    HSTS = "STProxy that makes browsers insist on TLS"


class PlainPort(enum.StrEnum):
    """What port 80 of the STProxy's host does."""

    REDIRECTS = "leads to https"
    SERVES = "serves the pages without TLS"
    NOBODY = "nobody listens"


class MuxManner(enum.StrEnum):
    """How the community multiplexer's ports treat a connection."""

    SAMETIME = "Sametime protocol"
    TLS_ONLY = "Sametime protocol inside TLS only"
    SEES_MANAGEMENT = "Sametime protocol, sees its clients at a management address"
    CUTS_OFF = "Sametime protocol, acknowledges incompletely"
    REFUSES = "Sametime protocol, refuses every handshake"
    SILENT = "silent"
    CLOSES = "closes"
    SSH = "SSH"
    WEB_SERVER = "a web server"
    NOBODY = "nobody listens"
    BACKLOG_FULL = "backlog full"


class FurtherAddress(enum.StrEnum):
    """A second address that the community multiplexer's name leads to. Nobody listens there."""

    NONE = "none"
    MANAGEMENT = "of its card in the management network"
    RETIRED = "that it had before it was moved"


class HttpProxyManner(enum.StrEnum):
    """What the HTTP proxy on the way to the community does."""

    OPEN = "HTTP proxy"
    DENIES_COMMUNITY_PORT = "HTTP proxy, denies port 1533"
    ASKS_LOGIN = "HTTP proxy, wants a password"
    ASKS_NTLM = "HTTP proxy, wants Negotiate or NTLM"
    KNOWS_NO_NAMES = "HTTP proxy, cannot look names up"
    SPEAKS_SOCKS = "SOCKS"
    NOBODY = "nobody listens"


class SocksManner(enum.StrEnum):
    """What the SOCKS proxy on the way to the community does."""

    OPEN = "SOCKS 4, 4a and 5"
    REJECTS = "SOCKS, rejects every request"
    CANNOT_REACH = "SOCKS, has no way to the server"
    ASKS_LOGIN = "SOCKS, wants a password"
    NOBODY = "nobody listens"


class PushManner(enum.StrEnum):
    """What the push service does, or what is wrong with the key that is shown to it."""

    APNS = "APNs: HTTP/2 with a client certificate"
    KEY_EXPIRED = "APNs, is shown an expired key"
    KEY_OF_STRANGER = "APNs, is shown a key that it does not know"
    KEY_STAYS_SHUT = "APNs, for a key that does not open"
    OTHER_TOPIC = "APNs, is asked for another app"
    INSPECTED = "APNs behind TLS inspection"
    NOBODY = "nobody listens"
    BACKLOG_FULL = "backlog full"


class PhotoManner(enum.StrEnum):
    """What the photo host hands out to whom, or what is wrong with its certificate or with STProxy's copy."""

    RESTRICTED = "photos for logins and meetings"
    BY_NAME = "photos for whoever shows a cookie of the right name"
    OPEN = "photos for everybody"
    NO_COOKIE = "photos for nobody: its rule knows no cookie"
    LTPA2_ONLY = "photos for logins with LtpaToken2 and for meetings"
    PAGE = "a web page in place of each photo"
    CAPITALS = "photos whose names have capitals"
    LEAF_ONLY = "photos, without its issuer's certificate"
    OWN_ROOT = "photos, under a root that the site does not name"
    OLD_COPY = "photos, of which STProxy keeps an older one"


class ConfigSlip(enum.StrEnum):
    """What is wrong in the configuration files that lie beside the lab."""

    BACKSLASHES = "names with backslashes in custom.env"
    SINGLE_UNDERSCORES = "single underscores after STI in custom.env"
    URL_WITHOUT_SLASHES = "MOBILE_CONFIGURL without // in .env"
    DEFAULT_DATABASE_PASSWORD = "MongoDB's password as shipped"  # noqa: S105 - that there is one, not the password
    OTHER_COMMUNITY_PORT = "clients are told another port than the server's"
    APPLE_PORT = "a retired port in stproxyconfig.xml"


TLS_LISTENERS = frozenset({Listener.TLS, Listener.SWALLOWS_LONG_HELLO})
"""Behind these a handshake can be completed, so that other faults of the server stay visible."""


@dataclass(frozen=True, slots=True)
class Validity:
    """A certificate's term, in days from now; negative is the past."""

    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class FurtherPort:
    """A port of the STProxy's host that the provisioning URL names."""

    number: int
    """In the URL; where it really is, the site file says."""
    role: str
    listener: Listener


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The deployment to build. The defaults are the healthy one."""

    # The certificates
    leaf_key: Key = Key.EC_P256
    leaf_digest: Digest = Digest.SHA256
    leaf_signer: Signer = Signer.ISSUER
    leaf_common_name: str = HOST
    leaf_names: tuple[str, ...] = (HOST,)
    """dNSNames of the subjectAltName; empty: the leaf has none."""
    leaf_validity: Validity = Validity(-30, 60)
    leaf_malformed: bool = False
    """Whether one of the leaf's extensions is not what its type demands."""
    issuer_key: Key = Key.EC_P256
    issuer_profile: IssuerProfile = IssuerProfile.PROPER
    issuer_validity: Validity = Validity(-400, 1400)
    root_validity: Validity = Validity(-1500, 5800)
    root_trusted: bool = True
    """Whether the written stdiag.toml names the root as the organisation's own."""
    aia: Aia = Aia.DER

    # What is sent
    policy_level: bool = False
    """A policy CA between issuer and root."""
    sent: tuple[Part, ...] = (Part.LEAF, Part.ISSUER)
    appended: tuple[Part, ...] = ()
    """Sent after `sent`; several faults may each append theirs."""
    unreadable_sent: bool = False
    """Whether a certificate of a version that does not exist is sent last."""
    rsa_sent: tuple[Part, ...] = ()
    """Chain of a second certificate, with an RSA key; empty: there is none."""
    second_address_sent: tuple[Part, ...] = ()
    """Chain at a second loopback address of the same name; empty: the name has one address."""

    # TLS
    versions: tuple[ssl.TLSVersion, ssl.TLSVersion] = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    key_exchange: KeyExchange = KeyExchange.MODERN
    without_sni: WithoutSni = WithoutSni.SAME
    client_certificate: ClientCertificate = ClientCertificate.NOT_ASKED
    listener: Listener = Listener.TLS

    # HTTP
    front: Front = Front.STPROXY
    second_front: Front | None = None
    """What answers at a second loopback address of the same name; None: the same, where there is one."""
    plain_port: PlainPort = PlainPort.REDIRECTS
    clock_offset: int = 0
    """Seconds by which the server's Date header is ahead of this machine."""

    # What mobile users get
    product: str = "12-docker"
    """As the written stdiag.toml has it."""
    provisioning_url: str = PROVISIONING_URL
    further_parameters: tuple[str, ...] = ()
    """Appended to the URL's query; several faults may each append theirs."""
    further_port: FurtherPort | None = None

    # The ways of desktop clients
    mux: MuxManner = MuxManner.SAMETIME
    mux_further_address: FurtherAddress = FurtherAddress.NONE
    http_proxy: HttpProxyManner = HttpProxyManner.OPEN
    socks_proxy: SocksManner = SocksManner.OPEN

    # The configuration files
    config_slips: tuple[ConfigSlip, ...] = ()
    """What is wrong in them; several faults may each add theirs."""

    # The photos of business cards
    photo: PhotoManner = PhotoManner.RESTRICTED

    # Messages to phones
    push: PushManner | None = None
    """None: the deployment has no push service."""
