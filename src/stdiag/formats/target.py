"""What to ask TLS of, as people type it: HOST, HOST:PORT, [ADDRESS]:PORT, https:// and provisioning URLs."""

from __future__ import annotations

import re

import msgspec

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.host import as_address, canonical_host, port_number
from stdiag.model import bracketed

HTTPS_PORT = 443

# Default TLS ports of schemes that people paste, for the remedy only: none of them is spoken here.
_TLS_PORTS = {"wss": 443, "ldaps": 636, "imaps": 993, "smtps": 465, "sips": 5061, "ftps": 990}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_HALF_SCHEME = re.compile(r"(https?|hclsametime|sametime)(?::/?|//)([^0-9/].*)", re.DOTALL | re.IGNORECASE)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One TLS endpoint. Holds no credentials, whatever was typed."""

    host: str
    """An address in canonical text without brackets, or a lower-case name in A-labels without a trailing dot."""
    port: int
    server_name: str | None
    """The name for SNI and for the comparison with the certificate; None when the host is an address."""
    shown: str
    """The host as typed: international names in their own letters."""
    path: str = ""
    """Path of an https:// URL, without query and fragment, which may hold tokens."""
    had_credentials: bool = False
    """A user name or a password stood in the URL and was dropped: worth a warning."""

    @property
    def url(self) -> str:
        """The https:// URL of this target, without credentials."""
        port = "" if self.port == HTTPS_PORT else f":{self.port}"
        return f"https://{bracketed(self.host)}{port}{self.path}"

    def __str__(self) -> str:
        return f"{bracketed(self.host)}:{self.port}"


def parse_target(text: str, default_port: int = HTTPS_PORT) -> Target:
    """The endpoint that `text` names; `default_port` holds where neither it nor its scheme says one.

    The default port of hclsametime:// is 443; for sametime:// none is documented. Raises FormatError.
    """
    typed = text.strip()
    if not typed:
        raise FormatError("the target is empty", suggestion="write HOST or HOST:PORT, for example chat.example.com:443")
    half = _HALF_SCHEME.fullmatch(typed)
    if half and "://" not in typed:
        raise FormatError(
            f"{shown(_masked(typed))} is not a URL", suggestion=f"write {half[1].lower()}:// before the host"
        )
    url = _SCHEME.fullmatch(typed)
    if url:
        return _from_url(url[1].lower(), url[2], typed)
    return _from_host_port(typed, default_port)


def parse_targets_file(text: str, name: str | None = None) -> list[Target]:
    """The targets of a file: one a line, `#` starts a comment, blank lines are fine; each endpoint once, in order.

    Raises FormatError with the line number; `name` is the file's name for it.
    """
    targets: dict[tuple[str, int], Target] = {}
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")), start=1):
        entry = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if not entry:
            continue
        try:
            target = parse_target(entry)
        except FormatError as error:
            raise error.at(file=name, line=number) from None
        targets.setdefault((target.host, target.port), target)
    if not targets:
        raise FormatError("no target stands in it", file=name or "the list", suggestion="write one HOST:PORT a line")
    return list(targets.values())


def _from_url(scheme: str, rest: str, typed: str) -> Target:
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0]
    user, at, host_port = authority.rpartition("@")
    masked = _masked(typed)
    may_be_a_password = at or (":" in authority and not re.fullmatch(r".*:[0-9]*", authority, re.DOTALL))
    if may_be_a_password and "@" in rest[len(authority) :]:
        raise FormatError(
            f"{shown(masked)} has / ? or # before its @",
            suggestion="in a user name or password write %2F %3F %23 for them, or leave both out: they are not used",
        )
    host, port = _split(host_port, masked)
    match scheme:
        case "https" | "hclsametime":
            default: int | None = HTTPS_PORT
        case "sametime":
            default = None
        case "http":
            where = bracketed(host) or "HOST"
            raise FormatError(
                f"{shown(masked)} is plain HTTP, and TLS is asked of https",
                suggestion=f"write https://{where} or, with the port that speaks TLS, {where}:PORT",
            )
        case _:
            asked = _TLS_PORTS.get(scheme, "PORT")
            raise FormatError(
                f"the scheme of {shown(masked)} is not known here",
                suggestion=f"write https:// for a web server, or {bracketed(host) or 'HOST'}:{asked} for any TLS port",
            )
    canonical = canonical_host(_unzoned(host))
    if port:
        number = port_number(port, masked)
    elif default is not None:
        number = default
    else:
        raise FormatError(
            f"{shown(masked)} names no port, and for sametime:// no default is documented",
            suggestion=f"write the port that the Sametime Proxy listens on, for example {bracketed(canonical)}:443",
        )
    path = re.match(r"[^?#]*", rest[len(authority) :])
    return _target(
        canonical,
        number,
        host,
        path=path[0] if path and scheme == "https" and path[0] != "/" else "",
        had_credentials=bool(at and user),
    )


def _from_host_port(typed: str, default_port: int) -> Target:
    masked = _masked(typed)
    if "@" in typed:
        raise FormatError(
            f"{shown(masked)} names a user", suggestion="write only the host, or a URL with https:// before it"
        )
    if re.search(r"[/\\?#]", typed):
        host, _, rest = typed.partition("/")
        if as_address(host) and rest.isdigit():
            raise FormatError(f"{shown(typed)} is a network", suggestion="name its hosts one by one, or --targets FILE")
        raise FormatError(
            f"{shown(typed)} has a path but no scheme", suggestion="write only HOST:PORT or an https:// URL"
        )
    address = as_address(typed)
    if address:
        return _target(address, default_port, typed)
    host, port = _split(typed, typed)
    return _target(canonical_host(host), port_number(port, typed) if port is not None else default_port, host)


def _target(host: str, port: int, typed: str, *, path: str = "", had_credentials: bool = False) -> Target:
    is_address = as_address(host) is not None
    return Target(
        host=host,
        port=port,
        server_name=None if is_address else host,
        shown=host if is_address else typed.removesuffix("."),
        path=path,
        had_credentials=had_credentials,
    )


def _split(text: str, masked: str) -> tuple[str, str | None]:
    """HOST, HOST:PORT or [ADDRESS]:PORT in its two parts; the host without brackets. An empty port is none."""
    if text.startswith("["):
        host, closing, port = text[1:].partition("]")
        if not closing or (port and not port.startswith(":")):
            raise FormatError(
                f"the brackets in {shown(masked)} do not hold one address",
                expected="[ADDRESS]:PORT, like [2001:db8::1]:443",
            )
        if ":" not in host or not as_address(_unzoned(host)):
            raise FormatError(f"what stands in brackets in {shown(masked)} is not an IPv6 address")
        return host, port[1:] or None
    if text.count(":") > 1:
        raise FormatError(
            f"{shown(masked)} has more than one colon but is not an IPv6 address",
            expected="HOST:PORT, or [ADDRESS]:PORT like [2001:db8::1]:443",
        )
    host, colon, port = text.partition(":")
    return host, port if colon else None


def _unzoned(host: str) -> str:
    """The zone's percent sign in a URL is written %25 (RFC 6874)."""
    return host.replace("%25", "%", 1) if ":" in host else host


def _masked(text: str) -> str:
    """`text` without what may be credentials: everything between the scheme and the last @."""
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*:/{0,2})?.*@", r"\1***@", text, flags=re.DOTALL)
