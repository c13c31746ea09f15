"""Reads a provisioning URL, whatever is wrong with it, and notes what is."""

from __future__ import annotations

import re

from stdiag.formats.errors import FormatError, nearest
from stdiag.formats.host import as_address, canonical_host
from stdiag.formats.provisioning import encoding
from stdiag.formats.provisioning.defects import defect, printable
from stdiag.formats.provisioning.parameters import RULES, meant
from stdiag.formats.provisioning.split import HIDDEN, Pieces, is_hidden_port, split_host_port, split_url
from stdiag.formats.provisioning.url import (
    DefectKind,
    Generation,
    Parameter,
    ProvisioningUrl,
    Scheme,
    UrlContext,
    UrlDefect,
)
from stdiag.model import Severity, bracketed

LONGEST = 8192
"""Characters; a QR code holds less than half of that."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)\s*:([/\\]*)(.*)", re.DOTALL)
_BREAK = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_EXPECTED = (
    "hclsametime://HOST/?action=AddCommunity (Sametime 11, 12) or sametime://HOST:PORT/?action=AddCommunity (8.5 to 10)"
)


def parse_provisioning(text: str, context: UrlContext | str = UrlContext.HANDED_OUT) -> ProvisioningUrl:
    """The URL that `text` holds, with everything noted that is wrong with its form. `context` says where it stands.

    Raises FormatError only when it cannot be a provisioning URL at all: another scheme or no host.
    """
    stripped = text.strip().removeprefix("\ufeff").strip()
    defects: list[UrlDefect] = []
    if unquoted := re.fullmatch(r"""(["'`])(.*)\1|<(.*)>|[“„](.*)[”“]""", stripped, re.DOTALL):
        stripped = next(group for group in unquoted.groups()[1:] if group is not None).strip()
        defects.append(_form("quotes or brackets stand around it"))
    if _BREAK.search(stripped):
        stripped = _BREAK.sub("", stripped)
        defects.append(_form("a line break stands in it"))
    if len(stripped) > LONGEST:
        raise FormatError(f"it is longer than {LONGEST} characters, which no client reads", expected=_EXPECTED)
    scheme, typed_scheme, rest = _scheme(stripped)
    if typed_scheme != scheme:
        defects.append(_form("Android knows the scheme in lower case only", f"{scheme}://"))
    pieces = split_url(encoding.working_form(rest))
    if not split_host_port(pieces.host_port)[0].strip():
        raise FormatError("the host is missing", expected=_EXPECTED)
    where = UrlContext(context)
    host, port, place_defects = _place(pieces.host_port)
    parameters, parameter_defects = _parameters(pieces, where)
    return ProvisioningUrl(
        scheme=scheme,
        generation=Generation.OLD if scheme is Scheme.SAMETIME else Generation.NEW,
        context=where,
        user=None if pieces.user is None else encoding.decoded(pieces.user),
        has_password=pieces.has_password,
        host=host,
        port=port,
        parameters=parameters,
        masked=f"{scheme}://{encoding.as_typed(pieces.masked)}",
        defects=[*defects, *_user(pieces, where), *place_defects, *_form_defects(pieces, where), *parameter_defects],
    )


def _scheme(text: str) -> tuple[Scheme, str, str]:
    """Scheme, scheme as typed, and what follows ://. Raises FormatError."""
    match = _SCHEME.match(text)
    if not match:
        raise FormatError("this is no provisioning URL", expected=_EXPECTED)
    typed, slashes, rest = match[1], match[2], match[3]
    known = [scheme for scheme in Scheme if scheme == typed.lower()]
    if known and slashes == "//":
        return known[0], typed, rest
    if known:
        raise FormatError(f"after {known[0]} must stand :// and the host", suggestion=f"write {known[0]}://HOST…")
    if not slashes:
        # What looks like a scheme may be a user name here, and what follows a password.
        raise FormatError("this is no provisioning URL", expected=_EXPECTED)
    near = nearest(typed, list(Scheme), cutoff=0.7)
    raise FormatError(
        f"{printable(typed)}:// is not the scheme of a provisioning URL",
        expected=None if near else _EXPECTED,
        suggestion=f"did you mean {near}://?" if near else None,
    )


def _user(pieces: Pieces, context: UrlContext) -> list[UrlDefect]:
    found: list[UrlDefect] = []
    if pieces.has_password or any(value == HIDDEN for _, value in pieces.parameters):
        found.append(defect(DefectKind.PASSWORD_IN_URL))
    if pieces.user is None:
        return found
    if encoding.has_placeholder(pieces.user) and context is UrlContext.HANDED_OUT:
        found.append(defect(DefectKind.PLACEHOLDER, where="The user name"))
    text = encoding.decoded(pieces.user)
    if characters := encoding.unencoded_in_user(pieces.user):
        right = encoding.encoded(text, keep_placeholder=encoding.has_placeholder(pieces.user))
        found.append(defect(DefectKind.USER_ENCODING, characters=characters, right=right))
    elif pieces.password_misplaces:
        found.append(defect(DefectKind.USER_ENCODING, characters=["/, ? or # in its password"], right=None))
    elif problem := encoding.query_problem(pieces.user.replace("+", "%2B").replace("&", "%26")):
        found.append(_encoding("The user name", problem))
    return found


def _place(host_port: str) -> tuple[str, int | None, list[UrlDefect]]:
    """Host, port, and what is wrong with them."""
    found: list[UrlDefect] = []
    raw_host, raw_port = split_host_port(host_port)
    typed = encoding.decoded(raw_host)
    if typed.startswith("["):
        host = as_address(typed[1:].removesuffix("]").replace("%25", "%", 1))
        if host is None or ":" not in host:
            host = typed
            found.append(defect(DefectKind.HOST_INVALID, problem="what stands in brackets is not an IPv6 address"))
    else:
        try:
            host = canonical_host(typed)
        except FormatError as error:
            host = typed
            found.append(defect(DefectKind.HOST_INVALID, problem=error.problem))
        else:
            if ":" in host:
                found.append(_form("the IPv6 address has no brackets", bracketed(host)))
            elif not typed.isascii():
                found.append(_encoding("The host", ("it holds letters that are not ASCII", host)))
    if raw_port is None:
        return host, None, found
    if re.fullmatch(r"[0-9]{1,9}", raw_port) and 1 <= int(raw_port) <= 65535:
        return host, int(raw_port), found
    if raw_port:
        shown = HIDDEN if is_hidden_port(raw_port) else encoding.as_typed(raw_port)
        found.append(defect(DefectKind.PORT_INVALID, found=shown))
    else:
        found.append(_form("a colon stands after the host, and no port", severity=Severity.INFO))
    return host, None, found


def _form_defects(pieces: Pieces, context: UrlContext) -> list[UrlDefect]:
    found: list[UrlDefect] = []
    path = pieces.path.replace("\\", "/")
    if pieces.parameters and not pieces.has_question_mark:
        found.append(_form("no ? stands before the parameters", "/?"))
    elif path not in ("", "/"):
        found.append(_form("a path stands between the host and the parameters", "/?"))
    elif pieces.parameters and path == "":
        found.append(_form("no / stands before the ?", "/?", Severity.INFO))
    if pieces.fragment is not None:
        found.append(_encoding("The URL", ("a # stands in it, and clients cut off what follows", "%23")))
    return found + [_separator(one, context) for one in pieces.separators]


def _separator(found: str, context: UrlContext) -> UrlDefect:
    in_server = context is UrlContext.SERVER
    match found:
        case "&amp;":
            # XML needs it and every parser of XML turns it into &; nothing else does.
            severity = Severity.INFO if in_server else Severity.WARNING
            where = "right inside an XML file (stproxyconfig.xml), wrong everywhere else"
        case "%26":
            # HCL's page asks for %26 in stproxyconfig.xml; by the standard it is a part of the value before it.
            severity = Severity.WARNING if in_server else Severity.ERROR
            where = "HCL's page asks for it in stproxyconfig.xml, where &amp; is right by the standard"
        case _:
            severity = Severity.ERROR
            where = "clients read what follows as a part of the value before it"
    return defect(DefectKind.SEPARATOR, severity, found=found, where=where)


def _parameters(pieces: Pieces, context: UrlContext) -> tuple[list[Parameter], list[UrlDefect]]:
    parameters: list[Parameter] = []
    found: list[UrlDefect] = []
    for raw_name, raw_value in pieces.parameters:
        name = encoding.decoded(raw_name)
        if raw_value is None and name not in RULES and parameters and meant(parameters[-1].name) == "communityName":
            whole = encoding.encoded(f"{parameters[-1].value}&{name}")
            found.append(_encoding("The value of communityName", ("it holds an & as it is", whole)))
            continue
        if problem := encoding.query_problem(raw_name):
            found.append(_encoding(f"The parameter's name {printable(name)}", problem))
        value = raw_value or ""
        where = f"The value of {printable(name)}"
        if encoding.has_placeholder(value):
            if context is UrlContext.HANDED_OUT:
                found.append(defect(DefectKind.PLACEHOLDER, where=where))
            else:
                found.append(_encoding(where, ("%s is documented for the user name only", None)))
        if problem := encoding.query_problem(value):
            found.append(_encoding(where, problem))
        parameters.append(Parameter(name=name, raw=encoding.as_typed(value), value=encoding.decoded(value)))
    return parameters, found


def _form(problem: str, right: str | None = None, severity: Severity | None = None) -> UrlDefect:
    return defect(DefectKind.URL_FORM, severity, problem=problem, right=right)


def _encoding(where: str, problem: tuple[str, str | None]) -> UrlDefect:
    return defect(DefectKind.ENCODING, where=where, problem=problem[0], right=problem[1])
