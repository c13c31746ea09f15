"""Trust stores: which anchors a client has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stdiag.model import TrustStoreRecord
from stdiag.pki.certificate import Certificate

if TYPE_CHECKING:
    from OpenSSL import crypto


class TrustFileError(Exception):
    """A file that the user named as trust anchors cannot serve as such."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path
        self.sentence = sentence


class TrustStore:
    name: str
    source: str
    sha256: str
    count: int
    problem: str | None

    def anchors_named(self, subject_der: bytes) -> tuple[Certificate, ...]:
        raise NotImplementedError

    def contains(self, cert: Certificate) -> bool:
        raise NotImplementedError

    def used(self) -> tuple[Certificate, ...]:
        raise NotImplementedError

    def openssl_store(self) -> crypto.X509Store:
        raise NotImplementedError


def load_system_store() -> TrustStore:
    raise NotImplementedError


def load_mozilla_store() -> TrustStore:
    raise NotImplementedError


def load_files_store(paths: Sequence[str | Path]) -> TrustStore:
    raise NotImplementedError


def restore_store(record: TrustStoreRecord) -> TrustStore:
    raise NotImplementedError


def record_of(store: TrustStore) -> TrustStoreRecord:
    raise NotImplementedError
