"""Does this client get through the handshake? From handshakes that were really made with what it offers. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from stdiag.clients.accept import Failure
from stdiag.clients.hello import hellos, without_name
from stdiag.clients.profile import Profile, Sni, Tls
from stdiag.clients.verdict import ClientReason
from stdiag.model import FaultReason
from stdiag.pki.certificate import Certificate

_IN_VAIN = frozenset({FaultReason.SILENT, FaultReason.SLOW, FaultReason.TIMEOUT, FaultReason.CANCELLED})
_NOT_SENT = frozenset({FaultReason.LOCAL, FaultReason.REFUSED, FaultReason.UNREACHABLE})
_OURS = frozenset({FaultReason.TLS_LOCAL, FaultReason.TLS_PROTOCOL, FaultReason.NOT_TLS, FaultReason.TOO_LARGE})
_ABOUT_CLIENT_CERTIFICATES = frozenset(
    {"certificate_required", "certificate_unknown", "bad_certificate", "access_denied"}
)
_NAME_NOT_KNOWN = "unrecognized_name"
_NUMBER: dict[str, str] = {Tls.V1_0: "1.0", Tls.V1_1: "1.1", Tls.V1_2: "1.2", Tls.V1_3: "1.3"}


class Shaken(msgspec.Struct, frozen=True, kw_only=True):
    """One handshake that was made with a client's hello."""

    completed: bool
    fault: FaultReason | None = None
    alert: str | None = None
    asked_for_certificate: bool = False
    chain: tuple[Certificate, ...] = ()
    """As sent; it may be known for a handshake that failed late."""


class ServerEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What one address answered."""

    by_hello: dict[str, Shaken]
    """Label of a hello → what came of it."""
    versions_accepted: frozenset[str] = frozenset()
    """By some handshake with all that OpenSSL can offer: `TLSv1` …"""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a client's handshake comes to."""

    chain: tuple[Certificate, ...] = ()
    """What the client is sent; empty when it does not come so far."""
    failure: Failure | None = None
    without_name: tuple[Certificate, ...] | None = None
    """What it is sent if it does not name the host (empty: it does not get so far), where it is not known whether it
    does; None where it is known."""


def shaken(profile: Profile, server: ServerEvidence) -> Outcome:
    """The handshake of `profile` with the server."""
    offers = hellos(profile)
    made = [server.by_hello[hello.label] for hello in offers if hello.label in server.by_hello]
    if not made:
        return Outcome(failure=_unknown(ClientReason.UNKNOWN_NOT_REACHED, "no handshake with the server was had"))
    good = next((one for one in made if one.completed and one.chain), None)
    if good is None:
        return Outcome(failure=_failure(profile, made[0], server))
    if profile.sni is not Sni.UNSURE:
        return Outcome(chain=good.chain)
    nameless = [server.by_hello.get(without_name(hello).label) for hello in offers]
    passed = next((one for one in nameless if one is not None and one.completed and one.chain), None)
    return Outcome(chain=good.chain, without_name=passed.chain if passed else ())


def _failure(profile: Profile, failed: Shaken, server: ServerEvidence) -> Failure:
    if failed.asked_for_certificate or failed.alert in _ABOUT_CLIENT_CERTIFICATES:
        return _unknown(ClientReason.UNKNOWN_CLIENT_CERTIFICATE, "the server asks for a client certificate")
    if failed.fault in _IN_VAIN:
        return _unknown(ClientReason.UNKNOWN_NO_ANSWER, "its ClientHello was not answered")
    if failed.fault in _NOT_SENT:
        return _unknown(ClientReason.UNKNOWN_NOT_REACHED, "no connection for its handshake")
    if failed.alert == _NAME_NOT_KNOWN:
        return Failure(ClientReason.NAME, "the server does not know the name (TLS alert unrecognized_name)")
    if failed.alert == "protocol_version" or not _accepts(profile.tls, server):
        return _version_failure(profile, failed, server)
    if failed.fault in _OURS:
        return _unknown(ClientReason.UNKNOWN_HANDSHAKE, "the server asks for what stdiag's OpenSSL cannot do")
    if profile.ciphers.beyond:
        return _unknown(
            ClientReason.UNKNOWN_CIPHER, f"none of the ciphers tried fits; it offers {profile.ciphers.beyond}"
        )
    return Failure(ClientReason.NO_COMMON_CIPHER, "no cipher or curve in common")


def _version_failure(profile: Profile, failed: Shaken, server: ServerEvidence) -> Failure:
    offered = _shown(profile.tls)
    if _accepts(profile.tls_perhaps, server):
        more = _shown(profile.tls_perhaps)
        why = profile.sources["tls"].doubt or profile.sources["tls"].text
        return _unknown(ClientReason.UNKNOWN_TLS_VERSION, f"{offered} refused; {more} for some: {why}")
    if failed.alert is None and failed.fault in _OURS:
        return _unknown(ClientReason.UNKNOWN_HANDSHAKE, "the server answers with what stdiag's OpenSSL cannot do")
    if failed.alert != "protocol_version" and not server.versions_accepted:
        return _unknown(ClientReason.UNKNOWN_HANDSHAKE, "which versions the server speaks was not found out")
    taken = f"; the server takes {_shown(sorted(server.versions_accepted))}" if server.versions_accepted else ""
    return Failure(ClientReason.NO_COMMON_TLS_VERSION, f"offers {offered}{taken}")


def _accepts(versions: tuple[Tls, ...], server: ServerEvidence) -> bool:
    return any(version in server.versions_accepted for version in versions)


def _shown(versions: Iterable[str]) -> str:
    numbers = [_NUMBER[version] for version in versions]
    return f"TLS {numbers[0]}" if len(numbers) == 1 else f"TLS {', '.join(numbers[:-1])} and {numbers[-1]}"


def _unknown(reason: ClientReason, detail: str) -> Failure:
    return Failure(reason, detail, None)
