"""The operating system's trust store, wherever this system keeps it."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

from stdiag.pki.trust import MAX_FILE_BYTES, TrustStore, digest_of, store_of

# For a Python whose OpenSSL was built elsewhere: Debian and Arch, Red Hat, SUSE, Alpine, FreeBSD.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
)
_FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs")
_BEGIN = b"-----BEGIN "
_MAX_FOLDER_FILES = 2000
_MACOS_KEYCHAINS = (
    "/System/Library/Keychains/SystemRootCertificates.keychain",
    "/Library/Keychains/System.keychain",
)
_MACOS_SECONDS = 5.0


def system_store() -> TrustStore:
    """The anchors that programs of this machine trust. A store that cannot be read is empty and has a `problem`."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin" and not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        store = _macos()
        if store.count:
            return store
    return _openssl_locations()


def _openssl_locations() -> TrustStore:
    """As OpenSSL does: one bundle and one or more folders, each replaced by its environment variable."""
    defaults = ssl.get_default_verify_paths()
    named_file = os.environ.get(defaults.openssl_cafile_env)
    named_folders = os.environ.get(defaults.openssl_capath_env)
    bundles = [named_file] if named_file else [defaults.openssl_cafile, *_BUNDLES]
    folders = named_folders.split(os.pathsep) if named_folders else [defaults.openssl_capath, *_FOLDERS]
    contents: list[bytes] = []
    sources: list[str] = []
    problem = None
    bundle = next((path for path in bundles if Path(path).is_file()), None)
    if bundle is not None:
        data = _file(bundle)
        if data is None:
            problem = f"{bundle} cannot be read"
        else:
            contents.append(data)
            sources.append(bundle)
    elif named_file:
        problem = f"SSL_CERT_FILE names {named_file}, which is no file"
    # A folder mostly holds what its bundle holds, a file for each certificate.
    known = {_BEGIN + part.strip() for data in contents for part in data.split(_BEGIN)}
    for folder in folders if named_folders else [f for f in folders if Path(f).is_dir()][:1]:
        new = [data for data in _folder(folder) if data.strip() not in known]
        if new:
            contents += new
            sources.append(f"{folder} ({len(new)} more)")
    if not contents and problem is None:
        problem = "no bundle of certificates was found where systems keep one"
    return store_of("system", ", ".join(sources), contents, problem=problem)


def _folder(folder: str) -> Iterator[bytes]:
    """The files of a folder that OpenSSL would find: eight hex digits, a dot, a number."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _is_hash_name(entry.name))
    except OSError:
        return
    for name in names[:_MAX_FOLDER_FILES]:
        data = _file(os.path.join(folder, name))  # noqa: PTH118 - a Path for each of hundreds of files takes longer than reading it
        if data is not None:
            yield data


def _is_hash_name(name: str) -> bool:
    stem, _, number = name.partition(".")
    return len(stem) == 8 and number.isdigit() and all(c in "0123456789abcdef" for c in stem)


def _file(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            return file.read(MAX_FILE_BYTES)
    except OSError:
        return None


def _windows() -> TrustStore:
    """Windows' ROOT store. Not its CA store: that holds intermediates, which Windows trusts for nothing by itself."""
    ders: list[bytes] = []
    problem = None
    server_auth = "1.3.6.1.5.5.7.3.1"
    try:
        for der, coding, trust in ssl.enum_certificates("ROOT"):  # type: ignore[attr-defined,unused-ignore]  # only there
            if coding == "x509_asn" and (trust is True or server_auth in trust):
                ders.append(der)
    except OSError as error:
        problem = f"Windows' ROOT store cannot be read: {error.strerror}"
    return TrustStore("system", "Windows certificate store ROOT", digest_of(ders), ders, problem=problem)


def _macos() -> TrustStore:
    """macOS' roots and what its administrator added, as its own tool prints them."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            ["/usr/bin/security", "find-certificate", "-a", "-p", *_MACOS_KEYCHAINS],
            capture_output=True,
            timeout=_MACOS_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return TrustStore("system", "macOS keychains", "", (), problem="the macOS keychains cannot be read")
    return store_of("system", "macOS keychains", [done.stdout])
