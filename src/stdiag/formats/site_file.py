"""stdiag.toml: what is to be diagnosed, written down once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.host import canonical_host
from stdiag.formats.resolve import parse_resolve_pair
from stdiag.formats.shape import Shape
from stdiag.formats.target import parse_target
from stdiag.formats.text_file import read_text_file
from stdiag.formats.toml_lines import Keys, dotted
from stdiag.model import Site

if TYPE_CHECKING:
    from stdiag.formats.provisioning.url import ProvisioningUrl

SIZE_LIMIT = 1024 * 1024

EXAMPLES = {
    "product": '"12-docker"',
    "vantage": '"inside"',
    "clients": '["android>=6", "ios>=15"]',
    "stproxy.url": '"https://chat.example.com"',
    "stproxy.provisioning_url": '"hclsametime://chat.example.com/?action=AddCommunity"',
    "community.host": '"mux.example.com"',
    "community.path.via": '"socks5h://proxy.example.com:1080"',
    "community.path.user": '"stuser"',
    "community.path.password": '"env:PROXY_PASSWORD"',
    "community.path.ports": "[1533]",
    "community.path.expected": '"open"',
    "push.key": '"apns-prod.pkcs12"',
    "push.passphrase": '"env:APNS_PASSPHRASE"',
    "push.topic": '"com.example.sametime"',
    "push.environment": '"production"',
    "push.via": '"http://push-proxy.example.com:3128"',
    "push.user": '"pushuser"',
    "push.password": '"env:PUSH_PROXY_PASSWORD"',
    "push.notification_port": "443",
    "push.legacy": "false",
    "push.google": "true",
    "push.device_side": "false",
    "push.trust_store": '"trust.p12"',
    "push.trust_store_passphrase": '"env:TRUST_STORE_PASSPHRASE"',
    "push.expected_roots": '["rehearsal-root.pem"]',
    "push.endpoints.apns": '["relay.example.com:2197"]',
    "push.endpoints.legacy": '["relay.example.com:2195"]',
    "push.endpoints.google": '["fcm.googleapis.com:443"]',
    "push.endpoints.devices": '["mtalk.google.com:5228"]',
    "config.paths": '["stproxyconfig.xml"]',
    "health.meetings_url": '"https://meetings.example.com/stmeetings"',
    "health.whiteboard_url": '"https://meetings.example.com/whiteboard"',
    "health.pages": '["https://chat.example.com/help"]',
    "photo.urls": '["https://photos.example.com/joe.bloggs@example.com.jpg"]',
    "photo.stproxy_urls": '["https://chat.example.com/photos/joe.bloggs@example.com.jpg"]',
    "photo.access": '"restricted"',
    "photo.ltpa_token": '"env:LTPA_TOKEN"',
    "photo.ltpa_token2": '"env:LTPA_TOKEN2"',
    "names.hosts": '["db2.example.com"]',
    "names.management_networks": '["10.99.0.0/16"]',
    "tls.targets": '["mux.example.com:1516"]',
    "tls.name": '"chat.example.com"',
    "tls.quick": "false",
    "tls.renew_before_days": "30",
    "trust.ca_files": '["corporate-root.pem"]',
    "resolve": '{ "chat.example.com:443" = "192.0.2.10" }',
}
"""A right value for every key, as TOML: what the sentences about wrong ones show."""

TABLE_LISTS = ("community.path",)
"""Tables of which a file may have several: [[community.path]]."""

_MOST_DAYS = 3650
_CREDENTIALS = "credentials or query"

# tomllib's time grows with the square of a dotted key's parts: half a minute for 100 kB of them.
_ENDLESS_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]+[ \t]*\.[ \t]*){100}""")


def read_site(path: Path) -> tuple[Site, dict[str, str]]:
    """The site in the file `path`, and where each of its values stands: dotted key → `stdiag.toml line 3`.

    Relative paths start at the file's folder and come back absolute; whether they exist is not asked here.
    Credentials and queries in URLs are dropped, the password of a provisioning URL is masked. Raises FormatError: one
    sentence with file, line and remedy.
    """
    return _parse(read_text_file(path, SIZE_LIMIT), str(path), path.name, path.parent)


def parse_site(text: str, name: str, folder: Path | None = None) -> Site:
    """The site in `text`; `name` is the file's name in errors. `ca_files` stay as they are without a `folder`."""
    return _parse(text, name, name, folder)[0]


def _parse(text: str, name: str, short_name: str, folder: Path | None) -> tuple[Site, dict[str, str]]:
    import tomllib

    import msgspec

    from stdiag.formats.toml_errors import toml_error
    from stdiag.formats.toml_lines import toml_lines

    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if endless := _ENDLESS_KEY.search(text):
        line = text.count("\n", 0, endless.start()) + 1
        raise FormatError("a key or name of more than 100 parts", file=name, line=line, suggestion="remove it")
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise toml_error(str(error), text, name) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets nested thousands deep
        raise FormatError("it holds a number or a nesting too large to read", file=name) from None
    shape = Shape(Site, EXAMPLES, name, toml_lines(text))
    shape.check(document)
    provenance = {dotted(keys): f"{short_name} line {shape.line_of(keys)}" for keys in _leaves(document)}
    for keys, what in _replace_values(document, shape, folder).items():
        provenance[dotted(keys)] += f", without its {what}"
    return msgspec.convert(document, Site), provenance


def _leaves(table: dict[str, Any], inside: Keys = ()) -> list[Keys]:
    """Ways to every value that is not a table; never deep, since the document has the site's shape."""
    leaves: list[Keys] = []
    for key, value in table.items():
        leaves += _leaves(value, (*inside, key)) if isinstance(value, dict) else [(*inside, key)]
    return leaves


def _replace_values(document: dict[str, Any], shape: Shape, folder: Path | None) -> dict[Keys, str]:
    """Checks what values mean and puts their canonical form into `document`. Returns the keys that lost a secret, and
    what they lost."""
    shortened = _replace_stproxy(document["stproxy"], shape) if "stproxy" in document else {}
    for index, typed in enumerate(document.get("clients", [])):
        document["clients"][index] = _clients(typed, shape, index)
    if "community" in document:
        _replace_community(document["community"], shape)
    shortened |= _replace_probe_tables(document, shape, folder)
    tls = document.get("tls", {})
    for index, typed in enumerate(tls.get("targets", [])):
        tls["targets"][index] = _target(typed, shape, index)
        if tls["targets"][index] != typed.strip():
            shortened["tls", "targets"] = _CREDENTIALS
    if "name" in tls:
        tls["name"] = _host(tls["name"], shape)
    if not 0 <= tls.get("renew_before_days", 0) <= _MOST_DAYS:
        raise shape.error(("tls", "renew_before_days"), "out of range", expected=f"days from 0 to {_MOST_DAYS}")
    trust = document.get("trust", {})
    for index, file in enumerate(trust.get("ca_files", [])):
        if not file.strip() or "\0" in file:
            raise shape.error(("trust", "ca_files", index), "this is not a path", expected="the name of a PEM file")
        if folder is not None:
            trust["ca_files"][index] = str((folder / file).absolute())
    if "resolve" in document:
        document["resolve"] = _resolve(document["resolve"], shape)
    return shortened


def _replace_probe_tables(document: dict[str, Any], shape: Shape, folder: Path | None) -> dict[Keys, str]:
    """The tables that one probe each reads, as `_replace_values` does it."""
    shortened: dict[Keys, str] = {}
    if "push" in document:
        from stdiag.formats.push_site import replace_push

        shortened |= replace_push(document["push"], shape, folder)
    if "config" in document:
        from stdiag.formats.config_site import replace_config

        replace_config(document["config"], shape, folder)
    if "health" in document:
        from stdiag.formats.health_site import replace_health

        shortened |= replace_health(document["health"], shape)
    if "photo" in document:
        from stdiag.formats.photo_site import replace_photo

        shortened |= replace_photo(document["photo"], shape)
    if "names" in document:
        from stdiag.formats.names_site import replace_names

        replace_names(document["names"], shape)
    return shortened


def _replace_stproxy(stproxy: dict[str, Any], shape: Shape) -> dict[Keys, str]:
    shortened: dict[Keys, str] = {}
    if not stproxy.keys() & {"url", "provisioning_url"}:
        raise shape.error(
            ("stproxy",),
            "neither url nor provisioning_url stands in it",
            suggestion=f"add url = {EXAMPLES['stproxy.url']}, or the link that mobile users get as provisioning_url",
        )
    if "url" in stproxy:
        typed, stproxy["url"] = stproxy["url"], _web_url(stproxy["url"], shape)
        if stproxy["url"] != typed.strip():
            shortened["stproxy", "url"] = _CREDENTIALS
    if "provisioning_url" in stproxy:
        read = _provisioning_url(stproxy["provisioning_url"], shape)
        stproxy["provisioning_url"] = read.masked
        if read.has_password:
            shortened["stproxy", "provisioning_url"] = "password"
    return shortened


def _provisioning_url(typed: str, shape: Shape) -> ProvisioningUrl:
    from stdiag.formats.provisioning.parse import parse_provisioning

    keys = ("stproxy", "provisioning_url")
    try:
        return parse_provisioning(typed)
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None


def _replace_community(community: dict[str, Any], shape: Shape) -> None:
    from stdiag.formats.community import canonical_community

    canonical_community(community, shape)


def _clients(typed: str, shape: Shape, index: int) -> str:
    from stdiag.formats.client_selector import parse_client_selector

    keys = ("clients", index)
    try:
        return str(parse_client_selector(typed))
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None


def _web_url(typed: str, shape: Shape) -> str:
    keys = ("stproxy", "url")
    try:
        target = parse_target(typed)
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None
    if not typed.strip().lower().startswith("https://"):
        raise shape.error(keys, "this is not an https:// URL", suggestion=f'write url = "{target.url}"')
    return target.url if _may_hold_a_secret(typed) else typed.strip()


def _target(typed: str, shape: Shape, index: int) -> str:
    keys = ("tls", "targets", index)
    try:
        target = parse_target(typed)
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None
    return str(target) if _may_hold_a_secret(typed) else typed.strip()


def _host(typed: str, shape: Shape) -> str:
    keys = ("tls", "name")
    try:
        return canonical_host(typed.strip())
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None


def _may_hold_a_secret(url: str) -> bool:
    return any(mark in url for mark in "@?#")


def _resolve(table: dict[str, str], shape: Shape) -> dict[str, str]:
    found: dict[str, str] = {}
    for typed, value in table.items():
        keys = ("resolve", typed)
        try:
            key, addresses = parse_resolve_pair(typed, value)
        except FormatError as error:
            raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None
        if key in found:
            raise shape.error(keys, f"{shown(key)} stands here twice", suggestion="write all its addresses in one line")
        found[key] = addresses
    return found
