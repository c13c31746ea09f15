"""`[community]` of a site file: what its values mean, and their canonical form."""

from __future__ import annotations

from typing import Any

from stdiag.formats.errors import FormatError
from stdiag.formats.host import canonical_host
from stdiag.formats.proxy import parse_password_ref
from stdiag.formats.shape import Shape
from stdiag.formats.toml_lines import Keys, dotted
from stdiag.formats.via import parse_via, via_of
from stdiag.model import CommunityPath

MOST_PORTS = 16
MOST_PATHS = 32


def canonical_community(community: dict[str, Any], shape: Shape) -> None:
    """Checks the decoded table and puts canonical values into it. Raises FormatError, which never repeats a password:
    neither one in a URL nor one that stands where its origin should."""
    keys: Keys = ("community", "host")
    try:
        community["host"] = canonical_host(community["host"].strip())
    except FormatError as error:
        raise _at(error, shape, keys) from None
    paths = community.get("path", [])
    if len(paths) > MOST_PATHS:
        raise shape.error(("community", "path"), f"more than {MOST_PATHS} paths", suggestion="leave some out")
    for index, path in enumerate(paths):
        _canonical_path(path, shape, ("community", "path", index))


def _canonical_path(path: dict[str, Any], shape: Shape, keys: Keys) -> None:
    for index, port in enumerate(path.get("ports", [])):
        if not 1 <= port <= 65535:
            raise shape.error((*keys, "ports", index), "this is not a port", expected="a number from 1 to 65535")
    if len(path.get("ports", [])) > MOST_PORTS:
        raise shape.error((*keys, "ports"), f"more than {MOST_PORTS} ports", suggestion="leave some out")
    if "password" in path:
        try:
            path["password"] = parse_password_ref(path["password"])
        except FormatError as error:
            raise _at(error, shape, (*keys, "password")) from None
    if "via" in path:
        try:
            _, had_password = parse_via(path["via"])
        except FormatError as error:
            raise _at(error, shape, (*keys, "via")) from None
        if had_password:
            raise shape.error(
                (*keys, "via"),
                "a password stands in the URL",
                suggestion='take it out, and say where it comes from: password = "env:NAME"',
            )
        path["via"] = path["via"].strip()
    try:
        via_of(CommunityPath(via=path.get("via"), user=path.get("user"), password=path.get("password")))
    except FormatError as error:
        raise _at(error, shape, keys) from None


def _at(error: FormatError, shape: Shape, keys: Keys) -> FormatError:
    return error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys))
