"""`--resolve` and `[resolve]`: look-ups that are answered here, before the DNS points there."""

from __future__ import annotations

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.host import as_address, canonical_host, port_number
from stdiag.model import bracketed

_FORM = "NAME[:PORT]=ADDRESS[:PORT], for example chat.example.com:443=192.0.2.10"


def parse_resolve(text: str) -> tuple[str, str]:
    """`NAME[:PORT]=ADDRESS[:PORT]` as a (key, value) pair of `Site.resolve`. Raises FormatError.

    The value may be several addresses with commas between them: then all of them answer.
    """
    key, equals, value = text.partition("=")
    if not equals:
        raise FormatError(f"{shown(text)} has no =", expected=_FORM)
    return parse_resolve_pair(key, value)


def parse_resolve_pair(key: str, value: str) -> tuple[str, str]:
    """Both sides of one entry in canonical text; IPv6 addresses always stand in brackets. Raises FormatError."""
    return _key(key.strip()), ",".join(_address(one.strip(), value) for one in value.split(","))


def _key(text: str) -> str:
    if as_address(text.strip("[]")):
        raise FormatError(f"{shown(text)} is an address already", expected="a name before the =, like chat.example.com")
    host, colon, port = text.partition(":")
    if ":" in port:
        raise FormatError(f"{shown(text)} is not NAME or NAME:PORT", expected=_FORM)
    name = canonical_host(host)
    if as_address(name):
        raise FormatError(f"{shown(text)} is an address already", expected="a name before the =, like chat.example.com")
    return f"{name}:{port_number(port, text)}" if colon else name


def _address(text: str, whole: str) -> str:
    if not text:
        raise FormatError(f"an address is missing in {shown(whole)}", expected=_FORM)
    address = as_address(text)
    if address:
        return bracketed(address)
    host, colon, port = _split(text)
    address = as_address(host)
    if not address:
        raise FormatError(f"{shown(text)} is not an address", expected="ADDRESS or ADDRESS:PORT, like 192.0.2.10:443")
    return f"{bracketed(address)}:{port_number(port, text)}" if colon else bracketed(address)


def _split(text: str) -> tuple[str, str, str]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        if ":" not in host or (rest and not rest.startswith(":")):
            raise FormatError(f"the brackets in {shown(text)} do not hold one IPv6 address", expected="[ADDRESS]:PORT")
        return host, rest[:1], rest[1:]
    return text.partition(":")
