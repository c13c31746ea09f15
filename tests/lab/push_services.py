"""Push services on loopback for tests: the lab's stand-in for Apple, with certificates minted here."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.minting import Authority, Minted

from stdiag.lab.apns import ApnsRules, ApnsService
from stdiag.lab.listener import Connection, ListeningServer, bound_socket


def server_context(
    folder: Path,
    identity: Minted,
    *sent_after: Minted,
    client_ca: Minted | None = None,
    required: bool = False,
    highest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> ssl.SSLContext:
    """A server's TLS context; with `client_ca` it asks for a client certificate, or demands one."""
    file = folder / f"server{len(list(folder.iterdir()))}.pem"
    file.write_text(identity.key_pem + identity.pem + "".join(one.pem for one in sent_after), encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.maximum_version = highest
    if client_ca is not None:
        context.load_verify_locations(cadata=client_ca.certificate.public_bytes(Encoding.DER))
        context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
    return context


@contextlib.contextmanager
def serving(handle: Callable[[Connection], None], address: str = "127.0.0.1") -> Iterator[int]:
    """Runs the handler on loopback; yields its port."""
    bound = bound_socket(address)
    server = ListeningServer(bound, handle, "push")
    port = int(bound.getsockname()[1])
    server.start()
    try:
        yield port
    finally:
        server.stop()


@contextlib.contextmanager
def apns(context: ssl.SSLContext, rules: ApnsRules | None = None) -> Iterator[int]:
    """The lab's APNs on loopback; yields its port."""
    with serving(ApnsService(context, rules or ApnsRules())) as port:
        yield port


def apple_like(host: str = "api.push.apple.com") -> tuple[Authority, Authority, Minted]:
    """Root, issuing authority and a server certificate for `host`, valid now."""
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    term = {"not_before": now - timedelta(days=30), "not_after": now + timedelta(days=300)}
    root = Authority("Example Push Service Root", **term)  # type: ignore[arg-type]  # a dict of some knobs
    issuing = Authority("Example Push Service CA", parent=root, **term)  # type: ignore[arg-type]  # as above
    return root, issuing, issuing.issue(host, **term)  # type: ignore[arg-type]  # as above


def pem_file(folder: Path, *certificates: Minted | x509.Certificate) -> Path:
    """The certificates in a file."""
    file = folder / f"certificates{len(list(folder.iterdir()))}.pem"
    found = [one.certificate if isinstance(one, Minted) else one for one in certificates]
    file.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in found))
    return file
