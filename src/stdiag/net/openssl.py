"""What OpenSSL can do and pyOpenSSL does not offer: its private bindings are used here and nowhere else."""

from __future__ import annotations

import ipaddress
from typing import Any

from OpenSSL import SSL, crypto
from OpenSSL._util import ffi, lib

_ffi: Any = ffi
_lib: Any = lib


def use_store(context: SSL.Context, store: crypto.X509Store) -> None:
    """Makes `context` trust the anchors in `store`.

    The public way is to load the files again into each context: 50 ms for Mozilla's roots, where the handshake itself
    takes 2 ms. SSL_CTX_set_cert_store takes over one reference, so the store gets one more before (its manual page).
    """
    native = store._store
    _lib.X509_STORE_up_ref(native)
    _lib.SSL_CTX_set_cert_store(context._context, native)


def expect_name(connection: SSL.Connection, name: str) -> None:
    """Makes the verification of `connection` compare the certificate with `name` (A-labels or an address) as well: a
    mismatch is verification code 62, or 64 for an address."""
    param = _lib.SSL_get0_param(connection._ssl)
    try:
        packed = ipaddress.ip_address(name.partition("%")[0]).packed
    except ValueError:
        raw = name.encode("ascii")
        _lib.X509_VERIFY_PARAM_set1_host(param, raw, len(raw))
    else:
        _lib.X509_VERIFY_PARAM_set1_ip(param, packed, len(packed))


def verify_text(code: int) -> str:
    """OpenSSL's own words for a verification code (X509_V_ERR_…), as `openssl s_client` prints them."""
    words: bytes = _ffi.string(_lib.X509_verify_cert_error_string(code))
    return words.decode("ascii", "replace")
