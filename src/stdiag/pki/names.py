"""Whether a certificate is for a name (RFC 9525)."""

from __future__ import annotations

import enum
import ipaddress

from stdiag.pki.certificate import Certificate


class NameMatch(enum.StrEnum):
    """How a certificate stands to a name."""

    MATCHES = "matches"
    CN_ONLY = "cn-only"  # only the common name fits, and no subjectAltName names a host: clients of today refuse
    MISMATCH = "mismatch"
    UNUSABLE = "unusable"  # the subjectAltName cannot be read


def match_name(cert: Certificate, name: str) -> NameMatch:
    """Compare a certificate's names with `name`, a host name (Unicode or A-labels) or an IP address.

    Wildcards count for one whole left-most label (RFC 9525 §6.3) above at least two others. An address is compared
    with iPAddress entries alone.
    """
    if "subjectAltName" in cert.malformed:
        return NameMatch.UNUSABLE
    address = _address(name)
    wanted = None if address else comparable(name)
    if address is not None:
        fits = str(address) in cert.ip_addresses
    else:
        fits = wanted is not None and any(_fits(pattern, wanted) for pattern in cert.dns_names)
    if fits:
        return NameMatch.MATCHES
    if cert.dns_names or cert.ip_addresses or cert.common_name is None:
        return NameMatch.MISMATCH
    if address is not None:
        fits = _address(cert.common_name) == address
    else:
        fits = wanted is not None and _fits(cert.common_name, wanted)
    return NameMatch.CN_ONLY if fits else NameMatch.MISMATCH


def names_of(cert: Certificate) -> tuple[str, ...]:
    """The hosts that a certificate names: its subjectAltName, or without one its common name. Hostile text."""
    names = cert.dns_names + cert.ip_addresses
    return names or ((cert.common_name,) if cert.common_name else ())


def comparable(name: str) -> str | None:
    """A host name as it is compared: lower-case A-labels without the final dot; None when it is none."""
    name = name.strip().removesuffix(".")
    if not name.isascii():
        import idna

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    name = name.lower()
    return name if name and all(name.split(".")) else None


def _fits(pattern: str, wanted: str) -> bool:
    first, _, rest = pattern.strip().partition(".")
    if first != "*":
        return "*" not in pattern and comparable(pattern) == wanted
    base = comparable(rest)
    if base is None or "." not in base or "*" in base:
        return False
    return wanted.partition(".")[2] == base


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]").partition("%")[0])
    except ValueError:
        return None
