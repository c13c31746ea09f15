"""`[push]` of a site file: what its values mean, and their canonical form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stdiag.formats.errors import FormatError
from stdiag.formats.proxy import parse_password_ref, parse_proxy
from stdiag.formats.shape import Shape
from stdiag.formats.target import parse_target
from stdiag.formats.toml_lines import Keys, dotted
from stdiag.formats.via import without_password
from stdiag.model import Proxy, ProxyKind, PushSite

_HIGHEST_PORT = 65535


def replace_push(push: dict[str, Any], shape: Shape, folder: Path | None) -> dict[Keys, str]:
    """Checks the table and puts canonical values into it: paths become absolute where `folder` is known. Returns the
    keys that lost a secret, and what they lost. Raises FormatError."""
    for name in ("key", "trust_store"):
        if name in push:
            push[name] = _path(push[name], (name,), shape, folder)
    for index, file in enumerate(push.get("expected_roots", [])):
        push["expected_roots"][index] = _path(file, ("expected_roots", index), shape, folder)
    for name in ("passphrase", "password", "trust_store_passphrase"):
        if name in push:
            push[name] = _reference(push[name], name, shape)
    port = push.get("notification_port", 1)
    if not 1 <= port <= _HIGHEST_PORT:
        raise shape.error(("push", "notification_port"), "out of range", expected="a port from 1 to 65535")
    for name, targets in push.get("endpoints", {}).items():
        for index, typed in enumerate(targets):
            targets[index] = _endpoint(typed, ("push", "endpoints", name, index), shape)
    return _replace_via(push, shape)


def push_proxy(push: PushSite) -> Proxy | None:
    """The proxy that pushes go through, with its user and where its password comes from. Raises FormatError."""
    if push.via is None:
        if push.user or push.password:
            raise FormatError("there is a user or a password for the push proxy, and no proxy", suggestion="add via")
        return None
    proxy, _ = parse_proxy(push.via)
    return Proxy(proxy.kind, proxy.host, proxy.port, push.user or proxy.user, push.password or proxy.password_ref)


def _replace_via(push: dict[str, Any], shape: Shape) -> dict[Keys, str]:
    keys = ("push", "via")
    try:
        proxy = push_proxy(PushSite(via=push.get("via"), user=push.get("user"), password=push.get("password")))
    except FormatError as error:
        there = keys if "via" in push else ("push", "user" if "user" in push else "password")
        raise error.at(file=shape.file, line=shape.line_of(there), key=dotted(there)) from None
    if proxy is None:
        return {}
    if proxy.password_ref and not proxy.user:
        raise shape.error(("push", "password"), "there is a password and no user", suggestion='add user = "NAME"')
    if proxy.password_ref and proxy.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS4A):
        raise shape.error(("push", "password"), "SOCKS4 knows no password", suggestion="leave it out")
    typed = push["via"].strip()
    push["via"] = without_password(typed)
    return {keys: "password"} if push["via"] != typed else {}


def _path(typed: str, keys: Keys, shape: Shape, folder: Path | None) -> str:
    if not typed.strip() or "\0" in typed:
        raise shape.error(("push", *keys), "this is not a path", expected="the name of a file")
    return str((folder / typed).absolute()) if folder is not None else typed


def _reference(typed: str, name: str, shape: Shape) -> str:
    keys = ("push", name)
    try:
        return parse_password_ref(typed)
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None


def _endpoint(typed: str, keys: Keys, shape: Shape) -> str:
    try:
        return str(parse_target(typed))
    except FormatError as error:
        raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None
