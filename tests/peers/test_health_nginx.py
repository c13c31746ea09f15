"""Pages behind nginx as the front, with an STProxy behind it or something else; curl asks the same server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.lab.provisioning.web import Page, web
from tests.peers.command import NAME
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx
from tests.peers.health_case import PROXY_INFO, STPROXY, TOO_MANY_REDIRECTS, Case, check_site
from tests.peers.identity import KeyFiles, leaf
from tests.peers.nginx import Site
from tests.peers.process import free_port

pytestmark = pytest.mark.peer("nginx", "curl")

Checked = Callable[..., Case]
BEHIND = "stproxy01.internal"
TO_HTTPS = "return 301 https://$host$request_uri;"


def pass_to(port: int, *more: str) -> str:
    """Everything goes to the server behind, as users named it."""
    return f"location / {{ proxy_pass http://127.0.0.1:{port}; proxy_set_header Host $host; {' '.join(more)} }}"


@pytest.fixture
def keys(pki: Pki, key_files: KeyFilesFor) -> KeyFiles:
    return key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)


@pytest.fixture
def stproxy() -> Iterator[int]:
    """An STProxy behind the front."""
    with web(STPROXY) as port:
        yield port


@pytest.fixture
def checked(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> Checked:
    """`checked(directives, plain=…, behind=…, **check_site's options)`: nginx with these server blocks, diagnosed.

    `directives` of the server for 443, `plain` those of the one for 80, `behind` those of further ones: port →
    directives.
    """

    def run(directives: str, *, plain: str = TO_HTTPS, behind: dict[int, str] | None = None, **options: object) -> Case:
        encrypted, port_80 = free_port(), free_port()
        sites = [Site(ports=[encrypted], keys=[keys], directives=root_free(directives))]
        sites += [Site(ports=[port_80], directives=plain)]
        sites += [Site(ports=[port], name=BEHIND, directives=text) for port, text in (behind or {}).items()]
        nginx(sites=sites)
        there = f"127.0.0.1:{encrypted}"
        case = check_site(tmp_path, pki.root_file, there, http=f"127.0.0.1:{port_80}", **options)  # type: ignore[arg-type]
        case.agrees_with_curl()
        return case

    return run


def root_free(directives: str) -> str:
    """The server block has a location / of its own at its end: the directives' one goes by a regular expression."""
    return directives.replace("location / {", "location ~ ^/ {")


def test_passed_through(checked: Checked, stproxy: int) -> None:
    case = checked(pass_to(stproxy))
    assert (case.run.decision, case.run.causes) == ("go", [])
    assert case.pages == {"/": "sametime", "/chat": "sametime", "/meeting": "sametime"}
    assert case.check["analysis"]["addresses"][0]["plain"]["kind"] == "to-tls"
    assert not [one for one in case.run.report["summary"]["not_checked"] if "health" in one["what"]]


def behind_offload(stproxy: int) -> str:
    """A server that wants https, and knows by a header whether it was: what httpsIndicatorHeader is for."""
    return f'if ($http_x_forwarded_proto != "https") {{ {TO_HTTPS} }} {pass_to(stproxy)}'


def test_a_back_end_that_takes_every_request_for_http(checked: Checked, stproxy: int) -> None:
    behind = free_port()
    case = checked(pass_to(behind), behind={behind: root_free(behind_offload(stproxy))})
    assert case.curl(f"https://{NAME}/chat").headers["location"] == f"https://{NAME}/chat"
    assert case.curl_follows(f"https://{NAME}/chat") == TOO_MANY_REDIRECTS
    assert case.run.causes == ["health-redirect-loop"]
    assert {"prov-redirect-elsewhere"} < case.run.codes  # found too, and folded
    assert case.run.finding("health-redirect-loop")["params"]["circle"] == "it leads to itself"


def test_the_header_mends_it(checked: Checked, stproxy: int) -> None:
    behind = free_port()
    said = "proxy_set_header X-Forwarded-Proto $scheme;"
    case = checked(pass_to(behind, said), behind={behind: root_free(behind_offload(stproxy))})
    assert case.curl_follows(f"https://{NAME}/") == 0
    assert (case.run.decision, case.run.causes) == ("go", [])


def test_ping_pong_between_80_and_443(checked: Checked, stproxy: int) -> None:
    back = "location ~ ^/(chat|meeting)?$ { return 302 http://$host$request_uri; }"
    case = checked(f"{back} {pass_to(stproxy)}")
    assert case.curl_follows(f"https://{NAME}/chat") == TOO_MANY_REDIRECTS
    assert case.run.causes == ["health-redirect-loop"]
    circle = str(case.run.finding("health-redirect-loop")["params"]["circle"])
    assert circle == f"from http://{NAME}/ to https://{NAME}/ and back"


def test_a_detour_over_http_that_ends_well(checked: Checked, stproxy: int) -> None:
    out = "location = /chat { return 302 http://$host/meeting; }"
    case = checked(f"{out} {pass_to(stproxy)}")
    assert case.curl_follows(f"https://{NAME}/chat") == 0
    assert (case.run.decision, case.run.causes) == ("go", ["health-redirect-plain"])
    assert case.run.finding("health-redirect-plain")["params"]["then"] == "and from there back to https"


def test_the_name_and_port_of_the_server_behind(checked: Checked, stproxy: int) -> None:
    behind = free_port()
    own = f"server_name_in_redirect on; location = / {{ return 302 /chat; }} {pass_to(stproxy)}"
    front = f"location = / {{ proxy_pass http://127.0.0.1:{behind}; proxy_redirect off; }} {pass_to(stproxy)}"
    case = checked(front, behind={behind: root_free(own)}, product=None)
    location = case.curl(f"https://{NAME}/").headers["location"]
    assert location == f"http://{BEHIND}:{behind}/chat"
    assert case.run.causes == ["health-redirect-inner"]
    assert case.run.finding("health-redirect-inner")["params"]["location"] == location


def test_two_server_blocks_at_two_addresses(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, stproxy: int, tmp_path: Path
) -> None:
    saml = b'{"isSAML":true,"isOIDC":false,"IDPUrl":"https://idp.example.test/saml","communityConnected":true}'
    port = free_port("127.0.0.1", "127.0.0.2")
    with web({**STPROXY, PROXY_INFO: STPROXY[PROXY_INFO]._replace(body=saml)}) as other:
        nginx(
            sites=[
                Site(ports=[port], keys=[keys], directives=root_free(pass_to(stproxy))),
                Site(ports=[port], keys=[keys], addresses=["127.0.0.2"], directives=root_free(pass_to(other))),
            ]
        )
        ends = [f"127.0.0.1:{port}", f"127.0.0.2:{port}"]
        case = check_site(tmp_path, pki.root_file, *ends)
        told = case.curl(f"https://{NAME}{PROXY_INFO}", "--connect-to", f"{NAME}:443:{ends[1]}")
    assert case.run.causes == ["health-addresses-differ"]
    (said,) = case.run.finding("health-addresses-differ")["params"]["differences"]
    assert said == "login: user name and password at 127.0.0.1, SAML at 127.0.0.2"
    assert told.status == 200


def test_one_address_without_its_back_end(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, stproxy: int, tmp_path: Path
) -> None:
    port = free_port("127.0.0.1", "127.0.0.2")
    dead = root_free(pass_to(free_port()))
    nginx(
        sites=[
            Site(ports=[port], keys=[keys], directives=root_free(pass_to(stproxy))),
            Site(ports=[port], keys=[keys], addresses=["127.0.0.2"], directives=dead),
        ]
    )
    case = check_site(tmp_path, pki.root_file, f"127.0.0.1:{port}", f"127.0.0.2:{port}")
    (cause,) = case.run.report["verdict"]["causes"]
    assert (cause["code"], cause["subject"]["address"]) == ("prov-backend-down", f"127.0.0.2:{port}")
    assert len(cause["findings"]) == 2  # both probes


def test_hsts_with_a_ca_of_ones_own(checked: Checked, stproxy: int) -> None:
    header = 'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;'
    case = checked(f"{header} {pass_to(stproxy)}")
    assert (case.run.decision, case.run.causes) == ("go", ["health-hsts-final"])
    assert case.run.finding("health-hsts-final")["params"]["days"] == 365


def test_nginxs_own_page_at_the_root(checked: Checked, stproxy: int) -> None:
    own = "location = / { root /usr/share/nginx/html; try_files /index.html =404; default_type text/html; }"
    case = checked(f"{own} {pass_to(stproxy)}")
    assert b"Welcome to nginx" in case.curl(f"https://{NAME}/").body
    assert (case.run.decision, case.run.causes) == ("go", ["health-default-page"])


def test_one_service_is_down(checked: Checked, stproxy: int) -> None:
    case = checked(f"location = /meeting {{ proxy_pass http://127.0.0.1:{free_port()}; }} {pass_to(stproxy)}")
    assert case.curl(f"https://{NAME}/meeting").status == 502
    assert case.run.causes == ["health-page-failing"]


def test_a_page_as_plain_text(checked: Checked, stproxy: int) -> None:
    page = "location = /chat { default_type text/plain; return 200 '<html><title>Sametime</title></html>'; }"
    case = checked(f"{page} {pass_to(stproxy)}")
    assert case.curl(f"https://{NAME}/chat").headers["content-type"] == "text/plain"
    assert case.run.causes == ["health-content-type"]


def test_pages_that_only_some_may_open(checked: Checked, stproxy: int) -> None:
    case = checked(f"location = /meeting {{ deny all; }} {pass_to(stproxy)}")
    assert case.curl(f"https://{NAME}/meeting").status == 403
    assert (case.run.decision, case.run.causes) == ("go", ["health-page-refused"])


def test_a_login_before_the_web_client_only(checked: Checked, stproxy: int) -> None:
    away = "location = /chat { return 302 https://sso.example.test/login?next=/chat; }"
    case = checked(f"{away} {pass_to(stproxy)}")
    assert (case.run.decision, case.run.causes) == ("go", ["health-foreign-login"])


@pytest.mark.parametrize(
    ("product", "decision", "severity"), [("12-docker", "no-go", "error"), (None, "go", "warning")]
)
def test_a_web_server_without_anything(checked: Checked, product: str | None, decision: str, severity: str) -> None:
    case = checked("location / { return 404; }", product=product, link=False)
    assert (case.run.decision, case.run.causes) == (decision, ["health-nothing-of-sametime"])
    assert case.run.severity("health-nothing-of-sametime") == severity


def test_a_web_server_that_answers_everything(checked: Checked) -> None:
    case = checked("", product=None, link=False)  # the server block's own: return 200 "ok"
    assert case.curl(f"https://{NAME}{PROXY_INFO}").body == b"ok\n"
    assert case.run.causes == ["prov-not-stproxy"]


def test_port_80_that_serves_pages(checked: Checked, stproxy: int) -> None:
    case = checked(pass_to(stproxy), plain=root_free(pass_to(stproxy)))
    assert case.curl(f"http://{NAME}/chat").status == 200
    assert (case.run.decision, case.run.causes) == ("go", ["health-plain-page"])


def test_a_meetings_page_on_another_host(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, key_files: KeyFilesFor, stproxy: int, tmp_path: Path
) -> None:
    meet = "meet.example.test"
    port, there = free_port(), free_port()
    own = key_files(leaf(meet, pki.intermediate), pki.intermediate.certificate)
    with web({"/stmeetings/": Page(body=b"<html><title>Meeting Room Center</title></html>")}) as behind:
        nginx(
            sites=[
                Site(ports=[port], keys=[keys], directives=root_free(pass_to(stproxy))),
                Site(ports=[there], keys=[own], directives=root_free(pass_to(behind))),
            ]
        )
        url = f"https://{meet}:{there}/stmeetings"
        more = f"[health]\nmeetings_url = '{url}/'\npages = ['{url}/gone']"
        case = check_site(
            tmp_path,
            pki.root_file,
            f"127.0.0.1:{port}",
            more=f"{more}\n",
            link=False,
            resolve={f"{meet}:{there}": f"127.0.0.1:{there}"},
        )
    assert case.run.causes == ["health-page-missing"]
    assert case.run.report["verdict"]["causes"][0]["subject"]["url"] == f"{url}/gone"
    assert [check["subject"]["host"] for check in case.run.report["checks"] if check["probe"] == "tls"] == [NAME, meet]
