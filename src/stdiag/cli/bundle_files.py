"""What goes into a case's bundle. All of it comes from the report, so the same report gives the same files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from stdiag import __version__
from stdiag.cli.diagnose import blocks_of
from stdiag.model import Check, Report, Site, TrustStoreRecord
from stdiag.render.bundle import REPORT
from stdiag.render.formats import RENDERERS

_CHAINS = ("chain_sent", "peer_chain", "file_certificates", "repaired")
"""Keys under which observations and analyses hold certificates in their order."""
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?")

_ABOUT = """\
A case of stdiag, the connectivity diagnostics for Sametime.

report.html    to read: open it in a browser, it contacts nobody
report.md      the same, to paste into a ticket
report.json    the report itself: everything else is made from it
chains/        certificates as servers sent them, and repaired chains, leaf first
site.toml      what was diagnosed; it holds no password
versions.json  versions of stdiag, Python and OpenSSL, and the trust data that was judged by
manifest.json  sizes and SHA-256 of all files

    stdiag report show case.zip      the report on the screen
    stdiag report judge case.zip     by the rules of your version
"""
_REDACTED = """
Names and addresses in it are pseudonyms, and certificates were taken out. Whoever made it has the map.
"""


def bundle_files(report: Report, document: bytes) -> dict[str, bytes]:
    """Name → content. `document`: the report's own bytes."""
    files = {
        REPORT: document,
        "site.toml": _site(report.site),
        "versions.json": _versions(report),
        "README.txt": (_ABOUT + (_REDACTED if report.redacted else "")).encode(),
    }
    for form, name in (("md", "report.md"), ("html", "report.html")):
        if form in RENDERERS:
            files[name] = RENDERERS[form].function(report, blocks_of)
    return files | dict(_chains(report))


def _site(site: Site) -> bytes:
    """The site's own keys, without the examples that `stdiag init` writes beside them."""
    from stdiag.formats.site_text import site_toml

    lines = [line for line in site_toml(site).splitlines() if not line.startswith("#")]
    return (re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n").encode()


def _versions(report: Report) -> bytes:
    versions = {
        "stdiag": report.tool.version,
        "schema": report.schema_version,
        "python": report.tool.python,
        "openssl": report.tool.openssl,
        "packed_by": f"stdiag {__version__}",
        "trust_data": [
            {"store": one.name, "source": one.source, "date": _date_of(one), "sha256": one.sha256, "anchors": one.count}
            for one in report.trust
        ],
    }
    return msgspec.json.format(msgspec.json.encode(versions), indent=2) + b"\n"


def _date_of(store: TrustStoreRecord) -> str | None:
    """Of Mozilla's roots: certifi's versions are dates. A system's store has none; its SHA-256 tells it."""
    match = re.fullmatch(r"certifi (\d{4})\.(\d{1,2})\.(\d{1,2})", store.source)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else None


def _chains(report: Report) -> Iterator[tuple[str, bytes]]:
    seen: set[tuple[str, bytes]] = set()
    numbers: dict[str, int] = {}
    for check in report.checks:
        for kind, chain in _chains_of(check):
            content = "".join(chain).encode()
            place = re.sub(
                r"[^A-Za-z0-9._-]", "-", f"{check.probe}_{check.subject.host}_{check.subject.port or 'file'}"
            )
            stem = f"chains/{re.sub('[.]{2,}', '.', place)[:100]}_{kind}"
            if (stem, content) in seen:
                continue
            seen.add((stem, content))
            numbers[stem] = numbers.get(stem, 0) + 1
            yield f"{stem}-{numbers[stem]}.pem", content


def _chains_of(check: Check) -> Iterator[tuple[str, list[str]]]:
    """(sent or repaired, PEM of each certificate) of every chain in a check, whatever its probe is."""
    for raw in (check.observation, check.analysis):
        try:
            yield from _chains_below(msgspec.json.decode(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue


def _chains_below(value: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, list):
        for item in value:
            yield from _chains_below(item)
    if not isinstance(value, dict):
        return
    for name, item in value.items():
        if name in _CHAINS and isinstance(item, list):
            pems = [one.get("pem") for one in item if isinstance(one, dict)]
            readable = [pem for pem in pems if isinstance(pem, str) and _PEM.fullmatch(pem)]
            if readable:
                yield ("repaired" if name == "repaired" else "sent"), readable
        else:
            yield from _chains_below(item)
