"""What the tests of pages share: a site whose ports 443 and 80 are elsewhere, the question, and curl's answer to it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.provisioning.web import HEALTHY, Page
from tests.peers.command import NAME, Run, diagnose
from tests.peers.web_oracle import CurlAnswer, curl_answer

PROXY_INFO = "/stwebapi/proxyinfo"
TOO_MANY_REDIRECTS = 47
"""curl's exit code."""

_HTML = ("Content-Type: text/html; charset=utf-8",)
STPROXY = {
    **HEALTHY,
    "/": Page("302 Found", ("Location: /chat",)),
    "/chat": Page(headers=_HTML, body=b"<!DOCTYPE html><html><head><title>Sametime</title></head></html>"),
    "/meeting": Page(headers=_HTML, body=b"<!DOCTYPE html><html><head><title>Sametime Meetings</title></head></html>"),
}
"""An STProxy of release 12 behind the front."""


@dataclass(frozen=True)
class Case:
    """One deployment, diagnosed; and how curl comes to it."""

    run: Run
    folder: Path
    places: dict[int, Sequence[str]]
    """Port of the name → ADDRESS:PORT where it really is."""

    @property
    def check(self) -> dict[str, Any]:
        """The health check of STProxy."""
        return dict(next(check for check in self.run.report["checks"] if check["probe"] == "health"))

    @property
    def pages(self) -> dict[str, str]:
        """Page → what it is, at the first address."""
        return {seen["page"]: seen["kind"] for seen in self.check["analysis"]["addresses"][0]["pages"]}

    def curl(self, url: str, *options: str) -> CurlAnswer:
        """`curl` on the same server."""
        return curl_answer(url, self.folder, *self._there(), *options)

    def curl_follows(self, url: str) -> int:
        """Exit code of a `curl` that follows redirects and keeps cookies."""
        command = [
            "curl",
            "-sk",
            "--disable",
            "-L",
            "--max-redirs",
            "8",
            "-b",
            "",
            "-o",
            "/dev/null",
            "--max-time",
            "10",
        ]
        return subprocess.run([*command, *self._there(), url], check=False, timeout=20).returncode

    def agrees_with_curl(self) -> None:
        """For each page the first status and redirect are those that curl gets."""
        (end, *_) = self.check["observation"]["addresses"]
        walks = [end["proxyinfo"], *end["pages"], *([end["plain"]] if end["plain"] else [])]
        for first in (walk["hops"][0] for walk in walks):
            seen = self.curl(first["url"])
            assert (first.get("status") or 0) == seen.status, (first, seen)
            assert bool(first.get("location")) == ("location" in seen.headers)
            assert first.get("hsts") == seen.headers.get("strict-transport-security")

    def _there(self) -> list[str]:
        pairs = [f"{NAME}:{port}:{where[0]}" for port, where in self.places.items() if where]
        return [word for pair in pairs for word in ("--connect-to", pair)]


def check_site(
    folder: Path,
    root: Path,
    *https: str,
    http: str | None = None,
    product: str | None = "12-docker",
    more: str = "",
    link: bool = True,
    resolve: Mapping[str, str] = {},
) -> Case:
    """`stdiag all` on a site at https://NAME, which is really at `https` (ADDRESS:PORT), and its port 80 at `http`.

    `more` is added to the site file, and `resolve` to its table; `link` says whether mobile users have one. Asked are
    the probes that are about this server.
    """
    lines = [f"product = {product!r}"] if product else []
    lines += ["[stproxy]", f"url = 'https://{NAME}'"]
    lines += [f"provisioning_url = 'hclsametime://{NAME}/?action=AddCommunity'"] if link else []
    lines += [more, "[trust]", f"ca_files = ['{root}']", "[resolve]", f"'{NAME}:443' = '{', '.join(https)}'"]
    lines += [f"'{NAME}:80' = '{http}'"] if http else []
    lines += [f"'{place}' = '{where}'" for place, where in resolve.items()]
    site = folder / "stdiag.toml"
    site.write_text("\n".join(lines) + "\n", encoding="utf-8")
    only = [word for probe in ("tls", "provisioning", "health") for word in ("--only", probe)]
    run = diagnose("all", site, *only, "--offline")
    return Case(run, folder, {443: https, 80: [http] if http else []})
