"""A correct provisioning URL from what it is to say."""

from __future__ import annotations

import msgspec

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.host import canonical_host
from stdiag.formats.provisioning.check import LONG_NAME, PLAIN_PORTS, TLS_PORTS
from stdiag.formats.provisioning.defects import defect
from stdiag.formats.provisioning.encoding import PLACEHOLDER, encoded, looks_encoded_twice
from stdiag.formats.provisioning.parameters import ACTION, RULES, UNTRUSTED_SSL_POLICY
from stdiag.formats.provisioning.url import DefectKind, Generation, UrlContext, UrlDefect
from stdiag.model import bracketed


class UrlOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a URL is to say. None: say nothing, so that the client's default holds. There is no password: it would be
    read by everybody who sees the link."""

    generation: Generation
    host: str
    port: int | None = None
    """For 8.5 to 10 no default is documented."""
    user: str | None = None
    """As it is, not encoded. `%s` in the server's configuration stands for the user who is logged in."""
    context: UrlContext = UrlContext.HANDED_OUT
    community_name: str | None = None
    ssl: bool | None = None
    """8.5 to 10 only."""
    save_password: bool | None = None
    photo_port: int | None = None
    """8.5 to 10 only; 0 to 65535."""
    auth_proxy: bool | None = None
    auth_proxy_reuse: bool = False
    auth_proxy_user: str | None = None
    """11 and 12 only."""
    allow_untrusted_ssl: bool | None = None
    """11 and 12 only."""


class BuiltUrl(msgspec.Struct, frozen=True):
    """A URL, and everything that `check_url` will say about it."""

    url: str
    notes: list[UrlDefect]


def build_url(options: UrlOptions) -> BuiltUrl:
    """The URL that says what `options` say. Raises FormatError for what no URL of the generation can say."""
    values: dict[str, str | int | bool | None] = {
        "communityName": options.community_name,
        "ssl": options.ssl,
        "savePassword": options.save_password,
        "photoPort": options.photo_port,
        "authProxyEnabled": options.auth_proxy,
        "authProxyReuseCredentials": True if options.auth_proxy_reuse else None,
        "authProxyUser": options.auth_proxy_user,
        "allowUntrustedSSL": options.allow_untrusted_ssl,
    }
    given = {name: value for name, value in values.items() if value is not None}
    _refuse_impossible(options, given)
    host = bracketed(canonical_host(options.host.strip()))
    port = "" if options.port is None else f":{options.port}"
    user = "" if options.user is None else encoded(options.user, keep_placeholder=True) + "@"
    said = "&".join([f"action={ACTION}", *(f"{name}={_written(value)}" for name, value in given.items())])
    return BuiltUrl(f"{options.generation.scheme}://{user}{host}{port}/?{said}", _notes(options))


def _refuse_impossible(options: UrlOptions, given: dict[str, str | int | bool]) -> None:
    for name in given:
        if options.generation not in RULES[name].generations:
            raise FormatError(
                f"{name} does not exist in {options.generation.scheme}:// URLs",
                suggestion=f"leave it out: {RULES[name].instead}",
            )
    if options.port is not None and not 1 <= options.port <= 65535:
        raise FormatError(f"the port {options.port} is not a number from 1 to 65535")
    if options.photo_port is not None and not 0 <= options.photo_port <= 65535:
        raise FormatError(f"the photo port {options.photo_port} is not a number from 0 to 65535")
    for what, text in (
        ("community name", options.community_name),
        ("user name", options.user),
        ("reverse proxy's user name", options.auth_proxy_user),
    ):
        if text is None or (text == "" and what == "user name"):
            continue
        if not text.strip():
            raise FormatError(f"the {what} is empty", suggestion="leave it out instead")
        if not text.isprintable() or "�" in text:
            raise FormatError(f"the {what} {shown(text)} holds characters that do not print", suggestion="remove them")
    if ":" in (options.user or ""):
        raise FormatError(
            "the user name holds a colon",  # what follows it may be a password: not shown
            suggestion="end it there: clients take what follows for a password, and a URL is no place for one",
        )


def _written(value: str | int | bool) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return encoded(value)


def _notes(options: UrlOptions) -> list[UrlDefect]:
    """What `check_url` is going to say: told from the options, not by asking it."""
    notes: list[UrlDefect] = []
    port = options.port
    if options.generation is Generation.NEW and port in PLAIN_PORTS:
        notes.append(defect(DefectKind.PORT_USUALLY_PLAIN, port=port))
    if options.generation is Generation.OLD:
        notes += _old_port_notes(options)
    if options.user and PLACEHOLDER in options.user and options.context is UrlContext.HANDED_OUT:
        notes.append(defect(DefectKind.PLACEHOLDER, where="The user name"))
    for where, text in (
        ("The value of communityName", options.community_name),
        ("The user name", options.user),
        ("The value of authProxyUser", options.auth_proxy_user),
    ):
        if text and looks_encoded_twice(text):
            once = encoded(text, keep_placeholder=text == options.user).replace("%25", "%")
            notes.append(defect(DefectKind.ENCODING, where=where, problem="it seems to be encoded twice", right=once))
    if options.community_name and len(options.community_name) > LONG_NAME:
        notes.append(defect(DefectKind.COMMUNITY_NAME_LONG, length=len(options.community_name)))
    if options.allow_untrusted_ssl:
        notes.append(defect(DefectKind.UNTRUSTED_SSL, policy=UNTRUSTED_SSL_POLICY))
    return notes + _auth_proxy_notes(options)


def _old_port_notes(options: UrlOptions) -> list[UrlDefect]:
    if options.port is None:
        return [defect(DefectKind.PORT_MISSING)]
    if options.ssl is not False and options.port in PLAIN_PORTS:
        says, usual = "ssl=true" if options.ssl else "TLS (the default)", "plain HTTP"
    elif options.ssl is False and options.port in TLS_PORTS:
        says, usual = "ssl=false", "TLS"
    else:
        return []
    return [defect(DefectKind.SSL_CONTRADICTION, says=says, port=options.port, usual=usual)]


def _auth_proxy_notes(options: UrlOptions) -> list[UrlDefect]:
    notes: list[UrlDefect] = []
    others = ["authProxyReuseCredentials"] if options.auth_proxy_reuse else []
    others += ["authProxyUser"] if options.auth_proxy_user else []
    if options.auth_proxy is False and others:
        notes.append(defect(DefectKind.AUTH_PROXY_CONTRADICTION, others=others))
    if options.auth_proxy_reuse and options.auth_proxy_user and options.auth_proxy_user != options.user:
        notes.append(defect(DefectKind.AUTH_PROXY_TWO_USERS, user=options.auth_proxy_user))
    return notes
