"""What the push probe records: a key file's public parts, or how far one endpoint let us come.

Neither the passphrase nor the private key is ever here; certificates are public.
"""

from __future__ import annotations

import msgspec

from stdiag.model import Fault
from stdiag.probes.push.services import PushQuestion
from stdiag.probes.shared.handshake import Handshake, SentCertificate


class KeyFile(msgspec.Struct, kw_only=True):
    """A PKCS#12 file, seen from outside and, where it opened, from inside."""

    file: str
    problem: str | None = None
    """unreadable, empty, pem, jks, wrong-passphrase, damaged, no-private-key …: pki.push_key.KeyProblem."""
    words: str | None = None
    """The system's, for a file that could not be read."""
    passphrase_given: bool = False
    opens_with: str | None = None
    """passphrase, empty, empty-as-given, anything."""
    has_mac: bool | None = None
    algorithms: list[str] = []
    """Names of the encryptions that the file uses."""
    private_keys: int | None = None
    """How many it holds, as far as that can be counted."""
    by_keytool: bool = False
    certificate: SentCertificate | None = None
    """The key's certificate; without a key, the first one."""
    further_certificates: int = 0


class TrustStoreFile(msgspec.Struct, kw_only=True):
    """A trust store file of the Sametime server."""

    file: str
    problem: str | None = None
    """unreadable, jks, wrong-passphrase, damaged, empty: why nothing is known of it."""
    form: str | None = None
    """pkcs12, pem, der or pkcs7."""
    certificates: int = 0
    apple_roots: list[SentCertificate] = []
    """Those of them that have the public key of a root that is looked for."""


class ConnectAttempt(msgspec.Struct, kw_only=True):
    """One TCP connect."""

    address: str
    port: int
    fault: Fault | None = None
    waited_us: int = 0
    """How long it took, or was waited for."""


class ProxyAnswer(msgspec.Struct, kw_only=True):
    """One reply of the proxy on the way."""

    step: str
    received: str
    """Hex of what it sent, at most 8 KiB."""
    status: int | None = None
    schemes: list[str] = []
    """The ways of authentication that it offers."""
    sent_credentials: bool = False
    x_squid_error: str | None = None


class ProxyWay(msgspec.Struct, kw_only=True):
    """How far the way through the proxy led."""

    proxy: str
    host: str
    """The proxy's own name or address, and its port."""
    port: int
    ended_at: str
    """target-dns, proxy-dns, proxy-tcp, proxy-tls, greeting, auth, request or open."""
    replies: list[ProxyAnswer] = []
    resolved_by: str = "here"
    """Who looked the service's name up: here or proxy."""
    fault: Fault | None = None


class Farewell(msgspec.Struct, kw_only=True, frozen=True):
    """A GOAWAY frame (RFC 9113 §6.8)."""

    error: str
    debug: str


class PushExchange(msgspec.Struct, kw_only=True):
    """One request over the finished handshake, and what came."""

    protocol: str
    """h2 or http/1.1: what was spoken."""
    asked: str
    """Method and path."""
    settings_received: bool = False
    """The service's HTTP/2 settings came: after them its side of the handshake is settled."""
    status: int | None = None
    apns_id: bool = False
    """The answer carried an apns-id, as all of Apple's do."""
    server: str | None = None
    content_type: str | None = None
    reason: str | None = None
    """Apple's reason, from the answer or from a GOAWAY."""
    title: str | None = None
    """Title of a page in its place."""
    spoken: str | None = None
    """What was spoken in the place of HTTP/2: http, smtp …, unknown."""
    is_json: bool = False
    goaway: Farewell | None = None
    reset: str | None = None
    """Error code of a RST_STREAM."""
    fault: Fault | None = None
    waited_us: int = 0


class PushObservation(msgspec.Struct, kw_only=True):
    """The facts about one key file, one trust store, or one endpoint on one way."""

    question: PushQuestion
    host: str = ""
    port: int | None = None
    service_of: str = ""
    """Whose it is: apple, google or other."""
    needed: bool = True
    """False: a comparison only, since the server takes another way."""
    alternatives: list[str] = []
    """Endpoints that serve as well as this one: HOST:PORT."""
    wanted_topic: str | None = None
    renew_before_days: int = 30
    key: KeyFile | None = None
    trust_store: TrustStoreFile | None = None
    expected_roots: list[SentCertificate] = []
    """Roots that stand in the place of Apple's and Google's."""
    name_fault: Fault | None = None
    name_waited_us: int = 0
    attempts: list[ConnectAttempt] = []
    """Connects of the direct way, side by side."""
    way: ProxyWay | None = None
    address: str | None = None
    """The address that was spoken to."""
    certificate_shown: bool = False
    """A client certificate was ready to be shown."""
    handshake: Handshake | None = None
    """Without its chain, which is in `peer_chain`."""
    peer_chain: list[SentCertificate] = []
    """The certificates that the service showed, as they came."""
    exchange: PushExchange | None = None
    left_out: list[str] = []
