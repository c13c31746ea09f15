"""Files of the check, read once, within limits: the key, a trust store, roots. Nothing of a secret goes further."""

from __future__ import annotations

from pathlib import Path

from stdiag.net.credentials import Secret
from stdiag.net.tls import ClientCertificate
from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.encoding import read_certificates
from stdiag.pki.push_key import MAX_KEY_FILE_BYTES, KeyProblem, read_push_key
from stdiag.pki.trust_file import MAX_BYTES, TrustFileProblem, read_trust_file
from stdiag.probes.push.observation import KeyFile, TrustStoreFile
from stdiag.probes.push.services import APPLE_ROOT_SPKI
from stdiag.probes.shared.handshake import SentCertificate
from stdiag.probes.shared.record import sent


def read_key(file: str, passphrase: Secret | None) -> tuple[KeyFile, ClientCertificate | None]:
    """What is in a key file, and what can be shown to a service."""
    record = KeyFile(file=file, passphrase_given=passphrase is not None)
    data, words = _content(file, MAX_KEY_FILE_BYTES)
    if data is None:
        record.problem, record.words = KeyProblem.UNREADABLE, words
        return record, None
    reading = read_push_key(data, passphrase.reveal() if passphrase else None)
    record.problem = reading.problem
    record.opens_with = reading.opens_with
    if reading.outline is not None:
        record.has_mac = reading.outline.has_mac
        record.algorithms = reading.outline.algorithms
        record.private_keys = reading.outline.private_keys
        record.by_keytool = reading.outline.by_keytool
    if reading.certificate is not None:
        record.certificate = sent(parse_certificate(reading.certificate))
    record.further_certificates = len(reading.others)
    key = reading.key
    return record, ClientCertificate(key.certificate, key.key, key.chain) if key else None


def read_trust_store(file: str, passphrase: Secret | None, expected: list[SentCertificate]) -> TrustStoreFile:
    """What is in a trust store file: how much, and whether a root that is looked for is among it."""
    data, _ = _content(file, MAX_BYTES)
    if data is None:
        return TrustStoreFile(file=file, problem=TrustFileProblem.UNREADABLE)
    reading = read_trust_file(data, passphrase.reveal() if passphrase else None)
    keys = {_key_of(one) for one in expected} or {APPLE_ROOT_SPKI}
    found = [one for one in reading.certificates if one.spki_sha256 in keys]
    return TrustStoreFile(
        file=file,
        problem=reading.problem,
        form=reading.form,
        certificates=len(reading.certificates),
        apple_roots=[sent(one) for one in found],
    )


def read_roots(files: list[str]) -> list[SentCertificate]:
    """The certificates in `files`; one that cannot be read gives none: the command line has looked at it before."""
    found: list[Certificate] = []
    for file in files:
        data, _ = _content(file, MAX_BYTES)
        found += read_certificates(data or b"")[1]
    return [sent(one) for one in found if one.problem is None]


def _key_of(record: SentCertificate) -> str:
    _, found = read_certificates(record.pem.encode())
    return found[0].spki_sha256 if found else ""


def _content(file: str, limit: int) -> tuple[bytes | None, str]:
    try:
        with Path(file).open("rb") as opened:
            return opened.read(limit + 1), ""
    except (OSError, ValueError) as error:
        return None, error.strerror or "" if isinstance(error, OSError) else "not a path"
