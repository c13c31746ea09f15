"""What the tests of provisioning URLs share: the STProxy behind the front, the question, and curl's answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.command import NAME, Run, diagnose
from tests.peers.web_oracle import CurlAnswer, curl_answer

PROXY_INFO = "/stwebapi/proxyinfo"
ACTION = "/?action=AddCommunity"


@dataclass(frozen=True)
class Case:
    """One URL, diagnosed; and what curl got from the same server."""

    run: Run
    curl: CurlAnswer

    @property
    def check(self) -> dict[str, Any]:
        """The provisioning check."""
        (check,) = [check for check in self.run.report["checks"] if check["probe"] == "provisioning"]
        return dict(check)

    @property
    def answers(self) -> dict[str, Any]:
        """What its one address answered."""
        (answers,) = self.check["observation"]["addresses"]
        return dict(answers)

    @property
    def asked(self) -> dict[str, Any]:
        """The first exchange."""
        return dict(self.answers["proxyinfo"][0])

    @property
    def own_codes(self) -> list[str]:
        """Codes that the provisioning check found, without notes on the port's number."""
        return [finding["code"] for finding in self.check["findings"]]

    def agrees_with_curl(self) -> None:
        """stdiag and curl saw the same status, server and redirect, or both none."""
        seen, curl = self.asked, self.curl
        assert (seen.get("status") or 0) == curl.status, (seen, curl)
        if curl.status:
            assert seen.get("server") == curl.headers.get("server")
            assert bool(seen.get("location")) == ("location" in curl.headers)
        else:
            assert curl.exit_code != 0


def check_url(
    port: int,
    root: Path,
    folder: Path,
    *,
    tls: bool = True,
    more: str = "",
    patience: float = 1.0,
    via: Sequence[str] = (),
    curl_via: Sequence[str] = (),
) -> Case:
    """`stdiag provisioning check` on the server at 127.0.0.1:`port`; curl asks the same in the same mode.

    `more` is added to the URL; `patience` multiplies all time limits. `via` and `curl_via` are the two programs'
    options for a proxy, which then looks the name up.
    """
    url = f"hclsametime://{NAME}:{port}{ACTION}" if tls else f"sametime://{NAME}:{port}{ACTION}&ssl=false"
    there = via or ("--resolve", f"{NAME}:{port}=127.0.0.1:{port}")
    curl_there = curl_via or ("--resolve", f"{NAME}:{port}:127.0.0.1")
    run = diagnose(
        "provisioning", "check", url + more, *there, "--timeout", str(patience), "--ca-file", root, "--offline"
    )
    question = f"{'https' if tls else 'http'}://{NAME}:{port}{PROXY_INFO}"
    return Case(run, curl_answer(question, folder, *curl_there, "--max-time", str(10 * patience)))
