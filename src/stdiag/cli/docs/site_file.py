"""site-file.md: every key of stdiag.toml."""

from __future__ import annotations

import enum
import typing
from collections.abc import Iterator

import msgspec

from stdiag.cli.docs.fields import fields_of, members_of, summary_of, type_words
from stdiag.formats.site_file import EXAMPLES, TABLE_LISTS
from stdiag.model import Expected, PhotoAccess, Product, PushEnvironment, Site, Vantage

_INTRODUCTION = """# The site file

`stdiag.toml` says what your deployment is, so that nobody types it again. `stdiag all` takes the one in the current
folder; `stdiag all FILE` takes another. Every key may be left out; an unknown one is a mistake, and the sentence names
its line. Command line flags override the file, and the report says of each value where it came from.

With every key in it:
"""

_REMARKS = """
## Remarks

- `stproxy.url` is an https:// URL: TLS is what is asked there. A user name, password or query in it is dropped.
- `[stproxy]` takes `url`, `provisioning_url` or both; with the latter alone, its host and port are diagnosed.
- A password in `provisioning_url` is never used and never reported: `***` stands for it.
- `clients`: a platform (android, ios, openjdk, java, ibm-java, openssl, chrome, firefox, safari, or all), and where it
  matters `>=`, `<=`, `>`, `<` or `=` with a version. What stops a client that is named here is an error. `android=7`
  means every 7.
- `tls.targets` and the `targets` of `stdiag tls` are written alike. Port 443 is meant where none stands.
- Relative names in `trust.ca_files` and `config.paths` start at the folder of the site file. The former hold PEM,
  DER or PKCS#7.
- `resolve`: the key is `NAME` or `NAME:PORT`, the value `ADDRESS` or `ADDRESS:PORT`; several addresses stand in one
  text with commas between. An IPv6 address with a port stands in brackets.
- `[[community.path]]` stands in double brackets, once for each path. Without one, the direct paths are checked.
- `community.path.via`: `http://`, `https://`, `socks4://`, `socks4a://`, `socks5://` (the name is looked up here) or
  `socks5h://` (by the proxy) and HOST:PORT; `reverse:https://HOST/AFFINITY-ID`; or `system`, which takes this machine's
  own settings as the client's `useBrowserSettings` does.
- No secret belongs into this file. Passwords are named by where they are: `env:NAME`, `file:PATH` (its first line) or
  `prompt`.

## The same on the command line

| Key | Flag |
|---|---|
| `product` | `--product` |
| `vantage` | `--from` |
| `clients` | `--client` of `stdiag tls`; its `--clients` means all |
| `community.host` | the argument of `stdiag paths` |
| `community.path.via` | `--proxy` of `stdiag paths` |
| `community.path.ports` | `--port` of `stdiag paths` |
| `community.path.expected` | `--expected` of `stdiag paths` |
| `config.paths` | the arguments of `stdiag config`; `--from-config` of `stdiag all` also takes the site from them |
| `names.hosts` | the arguments of `stdiag names` |
| `names.management_networks` | `--management-network` of `stdiag names`, which replaces the file's list |
| `photo.urls` | the arguments of `stdiag photo` |
| `tls.targets` | the arguments of `stdiag tls`, or its `--targets` |
| `tls.name` | `--name` of `stdiag tls` |
| `tls.quick` | `--quick` of `stdiag tls` |
| `push.key`, `push.topic`, `push.legacy`, `push.device_side` | options of the same names of `stdiag push` |
| `push.passphrase`, `push.via`, `push.trust_store` | `--passphrase`, `--via`, `--trust-store` of `stdiag push` |
| `push.google` | `--no-google` of `stdiag push` |
| `push.expected_roots` | `--expected-root` of `stdiag push` |
| `push.endpoints` | `-s` and `-p` of `stdiag push` |
| `trust.ca_files` | `--ca-file`, which replaces the file's list |
| `resolve` | `--resolve`, which adds to the file's table |
"""


def site_file_page() -> str:
    """The page."""
    parts = [_INTRODUCTION, f"```toml\n{example()}```", "", "## Keys", ""]
    parts += ["| Key | Type | Default | Meaning |", "|---|---|---|---|"]
    parts += [f"| `{row.key}` | {row.type} | {row.default} | {row.meaning} |" for row in rows()]
    for kind in (Product, Vantage, Expected, PushEnvironment, PhotoAccess):
        values = ", ".join(f'`"{value}"`' for value in members_of(kind))
        parts += ["", f"### {kind.__name__}", "", f"{summary_of(kind)}", "", f"One of {values}."]
    return "\n".join(parts) + "\n" + _REMARKS


class Row(typing.NamedTuple):
    """One key."""

    key: str
    type: str
    default: str
    meaning: str


def rows() -> Iterator[Row]:
    """Every key, tables before what is in them left out: their keys say it."""
    yield from _rows(Site, "")


def _rows(struct: type[msgspec.Struct], prefix: str) -> Iterator[Row]:
    for field in fields_of(struct):
        table = _of_kind(field.type, msgspec.Struct)
        if table is not None:
            yield from _rows(table, f"{prefix}{field.name}.")
            continue
        values = _of_kind(field.type, enum.Enum)
        meaning = field.words or summary_of(values or struct)
        # TOML has no null: a key that may be null is one that may be left out.
        words = (
            f"[one of these](#{values.__name__.lower()})" if values else type_words(field.type).removesuffix(" or null")
        )
        yield Row(f"{prefix}{field.name}", words, _shown_default(field.default), meaning)


def _of_kind(annotation: typing.Any, wanted: type) -> typing.Any:
    """The member of `annotation` that is a `wanted`; None when there is none."""
    members = typing.get_args(annotation) or (annotation,)
    return next((one for one in members if isinstance(one, type) and issubclass(one, wanted)), None)


def _shown_default(value: typing.Any) -> str:
    if value is msgspec.NODEFAULT:
        return "none: its table needs it"
    if value is None or value in ([], {}):
        return "none"
    return f"`{str(value).lower()}`"


def example() -> str:
    """A whole site file with every key."""
    tables: dict[str, list[str]] = {}
    for key, value in EXAMPLES.items():
        table, _, name = key.rpartition(".")
        tables.setdefault(table, []).append(f"{name} = {value}")
    # What stands in no table must stand before the first one.
    top = "\n".join(tables.pop("")) + "\n"
    return top + "".join(f"\n{_header(table)}\n" + "\n".join(lines) + "\n" for table, lines in tables.items())


def _header(table: str) -> str:
    return f"[[{table}]]" if table in TABLE_LISTS else f"[{table}]"
