"""How curl sees what is wrong with pages and redirects."""

from __future__ import annotations

import json
import subprocess

from tests.lab.oracles.programs import Oracle, Oracles
from tests.lab.oracles.provisioning import PROXY_INFO, STATUS, leads_to_stproxy, site

from stdiag.lab.blueprint import HOST
from stdiag.lab.deployment import Endpoint, Lab

WHERE = ("-o", "/dev/null", "-w", "%{http_code} %{redirect_url}")
TOO_MANY_REDIRECTS = 47


def port_80(lab: Lab) -> Endpoint:
    (found,) = [end for end in lab.endpoints if (end.host, end.named_port) == (HOST, 80)]
    assert site(lab)["resolve"][f"{HOST}:80"] == str(found)
    return found


def plain(lab: Lab, path: str, *options: str) -> str:
    """What curl gets at port 80, and prints."""
    command = ["curl", "-sS", "--connect-to", f"{HOST}:80:{port_80(lab)}", *options, f"http://{HOST}{path}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout


def circle(lab: Lab, oracles: Oracles) -> None:
    for path in (PROXY_INFO, "/", "/chat", "/meeting"):
        assert oracles.curl(lab, path, *WHERE).stdout == f"302 https://{HOST}{path}"
    with_cookies = ("-L", "--max-redirs", "5", "-b", "", "-o", "/dev/null")
    assert oracles.curl(lab, "/chat", *with_cookies).returncode == TOO_MANY_REDIRECTS


def inner_name(lab: Lab, oracles: Oracles) -> None:
    for path in ("/", "/chat", "/meeting"):
        assert oracles.curl(lab, path, *WHERE).stdout == "302 http://stproxy01.internal:9080/chat"
    leads_to_stproxy(lab, oracles)


def no_meeting(lab: Lab, oracles: Oracles) -> None:
    assert oracles.curl(lab, "/meeting", *STATUS).stdout == "404"
    assert oracles.curl(lab, "/chat", *STATUS).stdout == "200"


def default_root(lab: Lab, oracles: Oracles) -> None:
    assert "<title>Welcome to nginx!</title>" in oracles.curl(lab, "/").stdout
    assert "<title>Sametime</title>" in oracles.curl(lab, "/chat").stdout
    leads_to_stproxy(lab, oracles)


def both_logins(lab: Lab, oracles: Oracles) -> None:
    told = json.loads(oracles.curl(lab, PROXY_INFO).stdout)
    assert told["isSAML"] is told["isOIDC"] is True


def other_login(lab: Lab, oracles: Oracles) -> None:
    first, second = (end for end in lab.endpoints if end.role == "STProxy")
    assert first.address != second.address
    assert json.loads(oracles.curl(lab, PROXY_INFO).stdout)["isSAML"] is False
    there = ("--connect-to", f"{HOST}:443:{second}")
    asked = ["curl", "-sS", "--cacert", str(lab.root_file), *there, f"https://{HOST}{PROXY_INFO}"]
    told = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True).stdout
    assert json.loads(told)["isSAML"] is True


def plain_pages(lab: Lab, oracles: Oracles) -> None:
    assert "<title>Sametime</title>" in plain(lab, "/chat")
    leads_to_stproxy(lab, oracles)


def insists(lab: Lab, oracles: Oracles) -> None:
    assert "\nStrict-Transport-Security: max-age=31536000; includeSubDomains" in oracles.curl(lab, "/", "-i").stdout
    assert site(lab)["trust"]["ca_files"]


ORACLES: dict[str, Oracle] = {
    "ping-pong": circle,
    "inner-name": inner_name,
    "meeting-page-gone": no_meeting,
    "default-page-at-root": default_root,
    "saml-and-oidc": both_logins,
    "logins-differ": other_login,
    "http-serves-pages": plain_pages,
    "hsts-with-own-ca": insists,
}
