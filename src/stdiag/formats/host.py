"""Host names, addresses and ports as people type them."""

from __future__ import annotations

import ipaddress
import re

from stdiag.formats.errors import FormatError, shown

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_ZONE = re.compile(r"[A-Za-z0-9._-]{1,32}")  # an interface's name or number; ipaddress would take anything
_ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


def as_address(text: str) -> str | None:
    """The canonical text of an IPv4 or IPv6 address (with its zone, if it has one), or None."""
    zone = text.partition("%")[2]
    if zone and not _ZONE.fullmatch(zone):
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def canonical_host(text: str) -> str:
    """The host that a look-up is made for: an address in its canonical text, or a lower-case name in A-labels.

    A trailing dot is dropped: it is not part of the name that TLS compares (RFC 6066 §3). Raises FormatError.
    """
    address = as_address(text)
    if address:
        return address
    if not text or text == ".":
        raise FormatError("the host is missing", suggestion="write HOST or HOST:PORT, for example chat.example.com:443")
    if re.search(r"\s", text):
        raise FormatError(f"the host {shown(text)} has a space in it", suggestion="write one host at a time")
    if "*" in text:
        raise FormatError(
            f"the host {shown(text)} is a wildcard", suggestion="name one host that it stands for, like www.example.com"
        )
    name = _a_labels(text) if not text.isascii() else text.lower()
    name = name.removesuffix(".")
    if _ENDS_IN_A_NUMBER.fullmatch(name):
        # A resolver would read 10.1 as 10.0.0.1 and 010.0.0.1 as 8.0.0.1: nobody means that.
        raise FormatError(
            f"the host {shown(text)} ends in a number but is not an IPv4 address",
            suggestion="write four numbers from 0 to 255 without leading zeros, for example 192.0.2.10",
        )
    if len(name) > 253:
        raise FormatError(f"the host {shown(text)} is longer than the 253 characters that a name may have")
    for label in name.split("."):
        _check_label(label, text)
    return name


def port_number(text: str, whole: str) -> int:
    """The TCP port that `text` names. `whole` is what the user typed, fit for showing. Raises FormatError."""
    if re.fullmatch(r"[0-9]{1,9}", text) and 1 <= int(text) <= 65535:
        return int(text)
    raise FormatError(f"the port in {shown(whole)} is not a number from 1 to 65535", suggestion="write HOST:PORT")


def _check_label(label: str, whole: str) -> None:
    if not label:
        raise FormatError(f"the host {shown(whole)} has an empty part", suggestion="remove the dot that is too many")
    if len(label) > 63:
        raise FormatError(f"the host {shown(whole)} has a part of more than 63 characters, which no name may have")
    if not _LABEL.fullmatch(label):
        raise FormatError(
            f"{shown(whole)} is not a host name",
            expected="letters, digits, dots and inner hyphens, for example chat.example.com",
        )


def _a_labels(text: str) -> str:
    """IDNA 2008 with the mapping that browsers use (UTS 46), so that ß and capitals go where users expect."""
    import idna

    if len(text) > 253:  # the algorithms below are not linear
        raise FormatError(f"the host {shown(text)} is longer than the 253 characters that a name may have")
    try:
        return idna.encode(text, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, IndexError):
        raise FormatError(
            f"{shown(text)} is not a valid international host name",
            suggestion="write it as the DNS knows it, in letters a to z (xn--…)",
        ) from None
