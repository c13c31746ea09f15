"""TLS contexts of the lab's servers, as weak as the blueprint asks for."""

from __future__ import annotations

import ssl
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from stdiag.lab.authority import Identity, pem
from stdiag.lab.blueprint import Blueprint, Digest, Key, KeyExchange
from stdiag.lab.error import LabError

# The Second Oakley Group (RFC 2409 §6.2), 1024 bits: what old servers were delivered with. As PKCS#3 DHParameter.
_OAKLEY_2 = """-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""

_SUITES = {
    KeyExchange.MODERN: "DEFAULT",
    KeyExchange.STATIC_RSA: "AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA:AES128-SHA",
    KeyExchange.DHE_1024: "DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256",
}


def server_context(
    blueprint: Blueprint, identities: Sequence[Identity], client_ca: x509.Certificate | None = None
) -> ssl.SSLContext:
    """A context that serves `identities` (at most one for each kind of key) as `blueprint` says.

    With `client_ca`, clients must show a certificate of it. Raises LabError when this machine's TLS library cannot do
    what is asked, or when a chain does not belong to its key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        _weaken(context, blueprint)
        for identity in identities:
            _load(context, identity)
    except (ssl.SSLError, ValueError) as problem:
        raise LabError(f"The TLS library here ({ssl.OPENSSL_VERSION}) does not serve that: {problem}.") from problem
    context.set_alpn_protocols(["http/1.1"])
    if client_ca is not None:
        context.load_verify_locations(cadata=pem((client_ca,)))
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _weaken(context: ssl.SSLContext, blueprint: Blueprint) -> None:
    lowest, highest = blueprint.versions
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that TLS 1.0 is obsolete is what the lab shows
        context.minimum_version = lowest
        context.maximum_version = highest
    suites = _SUITES[blueprint.key_exchange]
    if _needs_security_level_0(blueprint):
        context.set_ciphers(f"{suites}:@SECLEVEL=0")
    elif blueprint.key_exchange is not KeyExchange.MODERN:
        context.set_ciphers(suites)
    if blueprint.key_exchange is KeyExchange.DHE_1024:
        with tempfile.TemporaryDirectory(prefix="stdiag-lab-") as folder:
            file = Path(folder, "dh.pem")
            file.write_text(_OAKLEY_2, encoding="ascii")
            context.load_dh_params(str(file))


def _needs_security_level_0(blueprint: Blueprint) -> bool:
    # OpenSSL's levels 1 and 2 refuse, on the server's side too, to do what these faults are about.
    return (
        blueprint.versions[0] < ssl.TLSVersion.TLSv1_2
        or blueprint.leaf_key is Key.RSA_1024
        or blueprint.leaf_digest is Digest.SHA1
        or blueprint.key_exchange is KeyExchange.DHE_1024
    )


def _load(context: ssl.SSLContext, identity: Identity) -> None:
    key = identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")
    # ssl reads keys from files only. The folder is the user's alone (mkdtemp) and gone when the key is loaded.
    with tempfile.TemporaryDirectory(prefix="stdiag-lab-") as folder:
        file = Path(folder, "server.pem")
        file.write_text(key + identity.pem(), encoding="ascii")
        context.load_cert_chain(file)
