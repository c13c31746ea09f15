"""A commented stdiag.toml for a site: what `stdiag init` writes, and what `read_site` reads as the same site."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import inspect

from stdiag.formats.site_file import EXAMPLES
from stdiag.model import Product, Site, Vantage

_TOP = """\
# What stdiag diagnoses: `stdiag all` in this folder takes this file. All keys: docs/reference/site-file.md.
# No password belongs here. Lines like `# key = value` are examples: remove the # to use them, and the one before the
# [table] above them where there is one.
"""

COMMENTS = {
    "product": f"Whose remedies are shown: {', '.join(Product)}.",
    "vantage": f"Where stdiag runs: {', '.join(Vantage)}.",
    "clients": "Clients that must get through: android, ios, openjdk …, with a version or without.",
    "stproxy": "Where web and mobile clients come to.",
    "stproxy.url": "The address for browsers.",
    "stproxy.provisioning_url": "The link or QR code that mobile users get.",
    "community": "Where desktop clients come to.",
    "community.host": "Name or address of the community multiplexer.",
    "community.path": "One way that they take; there may be several of these tables.",
    "community.path.via": "A proxy on this way.",
    "community.path.user": "The user name for the proxy.",
    "community.path.password": "Where its password comes from: env:NAME, file:PATH or prompt.",
    "community.path.ports": "The ports that they try.",
    "community.path.expected": "open, closed or optional.",
    "push": "Messages to phones in the background: the way to Apple and Google.",
    "push.key": "The PKCS#12 file with which the server shows Apple who it is.",
    "push.passphrase": "Where its passphrase comes from: env:NAME, file:PATH or prompt.",
    "push.via": "The proxy that the server sends pushes through.",
    "config": "Copies of the servers' own configuration, read beside the measurements.",
    "config.paths": "Files or folders; names are relative to this file.",
    "health": "Pages that users open, beside the product's own.",
    "health.meetings_url": "Where users find their meetings.",
    "health.whiteboard_url": "The whiteboard of the meeting server.",
    "photo": "The photos of business cards.",
    "photo.urls": "PhotoURL values of some users, as the directory has them.",
    "photo.stproxy_urls": "The same photos as STProxy hands them out.",
    "photo.access": "restricted or public: who may fetch them from the photo host itself.",
    "names": "Names of servers that stand nowhere else in this file.",
    "names.hosts": "Deployment Manager, meeting servers, database, directory.",
    "names.management_networks": "Networks that only administrators use.",
    "tls": "Further TLS ports of the deployment, and how they are judged.",
    "tls.targets": "HOST, HOST:PORT or https:// URLs.",
    "tls.name": "The name that certificates are compared with, where it is not the target's own.",
    "tls.quick": "true: one handshake for each address, for sweeps.",
    "tls.renew_before_days": "Warn when a certificate has fewer days left.",
    "trust": "Roots of your organisation's own, which its clients are given.",
    "trust.ca_files": "PEM files; names are relative to this file.",
    "resolve": "Addresses to use instead of asking DNS, before it is switched over.",
}
"""What stands above each table and key. A key that few sites need is not here: it is written only when a site has
it."""


def site_toml(site: Site, sources: Mapping[str, str] | None = None, remarks: Sequence[str] = ()) -> str:
    """The text. It has the keys that most sites need; those that the site leaves at their default are comments with an
    example. `sources`: where the value of a key was found, which becomes a comment above it. `remarks`: comments at the
    end."""
    lines = [_TOP, *_keys(inspect.type_info(Site), site, "", sources or {})]
    return "\n".join([*lines, *([""] if remarks else []), *(f"# {_one_line(remark)}" for remark in remarks)]) + "\n"


def _keys(kind: inspect.Type, value: Any, table: str, sources: Mapping[str, str]) -> list[str]:
    """The keys of one table, then the tables in it. `value` is None where the table is only an example."""
    lines: list[str] = []
    tables: list[str] = []
    for field in kind.fields if isinstance(kind, inspect.StructType) else ():
        key = f"{table}.{field.encode_name}" if table else field.encode_name
        inner = _without_none(field.type)
        current = None if value is None else getattr(value, field.name)
        match inner:
            case inspect.StructType():
                tables += _table(key, inner, current, sources)
            case inspect.ListType(item_type=inspect.StructType() as item):
                for one in current or [None]:
                    tables += _table(key, item, one, sources, brackets=2)
            case inspect.DictType():
                tables += _pairs(key, current or {})
            case _ if value is None or current is None or current == _default(field):
                lines += [*_comment(key), f"# {field.encode_name} = {EXAMPLES[key]}"] if key in COMMENTS else []
            case _:
                lines += [*_comment(key, sources), f"{field.encode_name} = {_toml(current)}"]
    return lines + tables


def _table(key: str, kind: inspect.Type, value: Any, sources: Mapping[str, str], *, brackets: int = 1) -> list[str]:
    head = f"{'[' * brackets}{key}{']' * brackets}"
    keys = _keys(kind, value, key, sources)
    shown = _comment(key, sources if value is not None else {})
    return ["", *shown, head if value is not None else f"# {head}", *keys] if keys else []


def _comment(key: str, sources: Mapping[str, str] | None = None) -> list[str]:
    lines = [f"# {COMMENTS[key]}"] if key in COMMENTS else []
    return [*lines, f"# From {_one_line(sources[key])}."] if sources and key in sources else lines


def _one_line(text: str) -> str:
    """Fit for a comment, whatever a file is called: in TOML a comment ends with its line and holds no control
    characters."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _pairs(key: str, pairs: dict[str, str]) -> list[str]:
    lines = [f"{_toml(name)} = {_toml(address)}" for name, address in pairs.items()]
    return ["", *_comment(key), f"[{key}]", *(lines or ['# "chat.example.com:443" = "192.0.2.10"'])]


def _default(field: inspect.Field) -> Any:
    return field.default_factory() if callable(field.default_factory) else field.default


def _without_none(kind: inspect.Type) -> inspect.Type:
    if isinstance(kind, inspect.UnionType):
        return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


def _toml(value: Any) -> str:
    """`value` as TOML, whose basic strings escape as JSON's do, but for DEL (TOML 1.0, "String")."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            return f"[{', '.join(_toml(one) for one in value)}]"
