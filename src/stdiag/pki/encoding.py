"""Certificates as files and answers hold them: DER, PEM, PKCS#7."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from stdiag.pki.certificate import Certificate

Form = Literal["der", "pem", "pkcs7"]


def read_certificates(data: bytes) -> tuple[Form | None, list[Certificate]]:
    raise NotImplementedError


def pem_bundle(certs: Iterable[Certificate]) -> str:
    raise NotImplementedError
