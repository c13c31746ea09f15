"""A server on Java's own TLS stack, with keystores made the way administrators make them."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.peers.identity import KeyFiles
from tests.peers.process import free_port, running

SOURCE = Path(__file__).parent / "jsse" / "ChainServer.java"
PASSWORD = "changeit"  # noqa: S105 - Java's own well-known default, for keys that live for one test


def keystore(folder: Path, keys: KeyFiles, trusted: Path | None = None) -> Path:
    """A PKCS#12 keystore whose key entry holds `keys.chain`, in that order.

    `trusted` is added as an entry of its own (`keytool -importcert -alias intermediate`), which is what an
    administrator does who believes that this completes the chain.
    """
    store = folder / "keystore.p12"
    certfile = ["-certfile", str(keys.issuers)] if keys.issuers else []
    _run(
        *("openssl", "pkcs12", "-export", "-name", "stproxy", "-in", str(keys.leaf), "-inkey", str(keys.key)),
        *certfile,
        *("-out", str(store), "-passout", f"pass:{PASSWORD}"),
    )
    if trusted:
        import_trusted(store, "intermediate", trusted)
    return store


def import_trusted(store: Path, alias: str, certificate: Path) -> None:
    """`keytool -importcert`: the certificate becomes a trusted entry of its own."""
    _run(
        *("keytool", "-importcert", "-noprompt", "-alias", alias, "-file", str(certificate)),
        *("-keystore", str(store), "-storetype", "PKCS12" if store.suffix == ".p12" else "JKS"),
        *("-storepass", PASSWORD),
    )


def jks(folder: Path, pkcs12: Path) -> Path:
    """The same keystore in Java's older format."""
    store = folder / "keystore.jks"
    _run(
        *("keytool", "-importkeystore", "-noprompt", "-srckeystore", str(pkcs12), "-srcstorepass", PASSWORD),
        *("-destkeystore", str(store), "-deststoretype", "JKS", "-deststorepass", PASSWORD),
    )
    return store


def truststore(folder: Path, authority: Path) -> Path:
    """A PKCS#12 truststore with one CA, for asking clients for certificates."""
    store = folder / "truststore.p12"
    import_trusted(store, "clients", authority)
    return store


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)


@contextlib.contextmanager
def java_server(folder: Path, store: Path, *options: str) -> Iterator[int]:
    """Run it on 127.0.0.1; yields its port. `options` as in the source: `clientAuth=need`, `protocols=TLSv1.2`."""
    port = free_port()
    with running(
        ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", SOURCE, store, PASSWORD, str(port), *options],
        folder,
        ready=lambda log: "READY" in log,
    ):
        yield port
