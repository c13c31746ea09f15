"""Trust stores: the anchors that a client has, each store on its own, never as one union."""

from __future__ import annotations

import copy
import hashlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stdiag.model import TrustStoreRecord
from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.der import DerError, Outline, outline
from stdiag.pki.distinguished_name import relative_names
from stdiag.pki.encoding import pem_blocks, read_certificates

if TYPE_CHECKING:
    from OpenSSL import crypto

MAX_FILE_BYTES = 8 << 20
_MAX_ANCHORS = 2000


class TrustFileError(Exception):
    """A file that the user named as trust anchors cannot serve as such."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path
        self.sentence = sentence
        """What is wrong and what to do about it."""


class TrustStore:
    """The anchors of one store. Remembers which ones were asked for, so that a report can take them along.

    Loading takes only the names out of the certificates; a certificate is read when it is asked for.
    """

    def __init__(
        self, name: str, source: str, sha256: str, anchors: Iterable[bytes], *, problem: str | None = None
    ) -> None:
        self.name = name
        """system, mozilla or ca-files."""
        self.source = source
        """Where the anchors were read, for people."""
        self.sha256 = sha256
        """Of the files read, one behind the other; of the anchors where there are no files."""
        self.problem = problem
        """Why the store could not be read, or not all of it."""
        self._anchors: dict[bytes, Outline] = {}
        for der in anchors:
            try:
                self._anchors[der] = outline(der)
            except DerError:
                continue  # one broken certificate must not lose the others
        self.count = len(self._anchors)
        self._lock = threading.Lock()
        self._by_name: dict[tuple[bytes, ...], list[bytes]] | None = None
        self._used: dict[str, Certificate] = {}
        self._openssl: crypto.X509Store | None = None

    def fresh(self) -> TrustStore:
        """The same store, of which nothing was asked for yet: for the next of several runs."""
        with self._lock:
            other = copy.copy(self)
        other._lock = threading.Lock()
        other._used = {}
        return other

    def anchors_named(self, subject_der: bytes) -> tuple[Certificate, ...]:
        """The anchors of this name (compared as RFC 5280 §7.1 says), expired ones too. They count as used."""
        with self._lock:
            if self._by_name is None:
                self._by_name = {}
                for der, parts in self._anchors.items():
                    self._by_name.setdefault(relative_names(parts.subject), []).append(der)
            ders = self._by_name.get(relative_names(subject_der), ())
            found = tuple(c for c in map(parse_certificate, ders) if c.problem is None)
            for anchor in found:
                self._used[anchor.sha256] = anchor
        return found

    def contains(self, cert: Certificate) -> bool:
        """Whether the store has an anchor of this name and key. A re-issued root is the same anchor to a client."""
        return any(anchor.spki_sha256 == cert.spki_sha256 for anchor in self.anchors_named(cert.subject_der))

    def used(self) -> tuple[Certificate, ...]:
        """The anchors that were handed out so far, in that order."""
        with self._lock:
            return tuple(self._used.values())

    def openssl_store(self) -> crypto.X509Store:
        """All anchors as OpenSSL's store, for handshakes. Built once; shared, so it must not be changed."""
        from OpenSSL import crypto

        with self._lock:
            if self._openssl is None:
                store = crypto.X509Store()
                for der in self._anchors:
                    try:
                        store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, der))
                    except crypto.Error:
                        continue  # OpenSSL refuses it, so it is no anchor to its clients either
                self._openssl = store
            return self._openssl


def load_system_store() -> TrustStore:
    """The anchors that programs of this machine trust. A store that cannot be read is empty and has a `problem`."""
    from stdiag.pki.system_trust import system_store

    return system_store()


def load_mozilla_store() -> TrustStore:
    """Mozilla's roots, as the installed certifi has them."""
    import certifi

    version = getattr(certifi, "__version__", "")
    source = f"certifi {version}".strip()
    try:
        data = Path(certifi.where()).read_bytes()
    except OSError as error:
        return TrustStore("mozilla", source, "", (), problem=f"cannot be read: {error.strerror}")
    return store_of("mozilla", source, [data])


def load_files_store(paths: Sequence[str | Path]) -> TrustStore:
    """The anchors in the user's own files: PEM, DER or PKCS#7.

    Raises TrustFileError for the first file that is missing, unreadable or without a certificate.
    """
    contents = []
    anchors: list[bytes] = []
    for path in map(str, paths):
        data = _user_file(path)
        _, found = read_certificates(data, max_bytes=MAX_FILE_BYTES, max_certificates=_MAX_ANCHORS)
        readable = [cert.der for cert in found if cert.problem is None]
        if not readable:
            what = found[0].problem if found else "holds no certificate"
            raise TrustFileError(path, f"{path}: {what}; give the root's certificate as PEM, DER or PKCS#7")
        contents.append(data)
        anchors += readable
    return TrustStore("ca-files", ", ".join(map(str, paths)), digest_of(contents), anchors)


def _user_file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise TrustFileError(path, f"{path}: cannot be read ({words}); give the path of a certificate file") from error
    if len(data) > MAX_FILE_BYTES:
        raise TrustFileError(path, f"{path}: larger than {MAX_FILE_BYTES >> 20} MiB; give a file with the root alone")
    return data


def restore_store(record: TrustStoreRecord) -> TrustStore:
    """The store of a report: only the anchors that mattered then, which is all that judging again needs."""
    anchors = [body for pem in record.anchors for _, body in pem_blocks(pem.encode())]
    store = TrustStore(record.name, record.source, record.sha256, anchors, problem=record.problem)
    store.count = record.count
    return store


def record_of(store: TrustStore) -> TrustStoreRecord:
    """What a report says of a store: what it was, and the anchors that were asked for."""
    return TrustStoreRecord(
        name=store.name,
        source=store.source,
        sha256=store.sha256,
        count=store.count,
        anchors=[cert.pem for cert in store.used()],
        problem=store.problem,
    )


def store_of(name: str, source: str, contents: Sequence[bytes], *, problem: str | None = None) -> TrustStore:
    """A store of all certificates in the PEM files' `contents`."""
    anchors = dict.fromkeys(body for data in contents for _, body in pem_blocks(data))
    return TrustStore(name, source, digest_of(contents), anchors, problem=problem)


def digest_of(contents: Iterable[bytes]) -> str:
    """SHA-256, in hex, of `contents` one behind the other."""
    digest = hashlib.sha256()
    for data in contents:
        digest.update(data)
    return digest.hexdigest()
