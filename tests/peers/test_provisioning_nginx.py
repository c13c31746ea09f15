"""Provisioning URLs that lead to nginx, with an STProxy behind it or not; curl asks the same server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lab.peers_faulty import peer, silent
from tests.lab.provisioning.web import HEALTHY, STPROXY, web
from tests.peers.command import NAME
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx
from tests.peers.identity import KeyFiles, leaf
from tests.peers.nginx import Site
from tests.peers.process import free_port
from tests.peers.provisioning_case import check_url

pytestmark = pytest.mark.peer("nginx", "curl")

LOGIN = '<html><title>Sign in</title><form method=post><input name=u><input type=\\"password\\" name=p></form></html>'


@pytest.fixture
def keys(pki: Pki, key_files: KeyFilesFor) -> KeyFiles:
    return key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)


@pytest.fixture
def backend() -> Iterator[int]:
    """An STProxy behind the front."""
    with web(HEALTHY) as port:
        yield port


def test_passed_through(nginx: StartNginx, keys: KeyFiles, pki: Pki, backend: int, tmp_path: Path) -> None:
    port = nginx(keys, directives=f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{backend}; }}")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert (case.run.decision, case.run.causes) == ("go", [])
    assert json.loads(case.curl.body) == json.loads(STPROXY)
    analysed = case.check["analysis"]["addresses"][0]
    assert (analysed["answerer"], analysed["login"], analysed["community_connected"]) == ("stproxy", "password", True)


def with_basic(folder: Path, backend: int) -> str:
    users = folder / "users"
    users.write_text("user:{PLAIN}password\n", encoding="ascii")
    protect = f'auth_basic "Example"; auth_basic_user_file {users};'
    return f"location /stwebapi/ {{ {protect} proxy_pass http://127.0.0.1:{backend}; }}"


def test_basic_that_the_url_does_not_announce(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, backend: int, tmp_path: Path
) -> None:
    port = nginx(keys, directives=with_basic(tmp_path, backend))
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.curl.headers["www-authenticate"] == 'Basic realm="Example"'
    assert case.run.causes == ["prov-proxy-auth-unexpected"]


def test_basic_that_the_url_announces(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, backend: int, tmp_path: Path
) -> None:
    port = nginx(keys, directives=with_basic(tmp_path, backend))
    case = check_url(port, pki.root_file, tmp_path, more="&authProxyEnabled=true")
    case.agrees_with_curl()
    assert (case.curl.status, case.run.decision, case.run.causes) == (401, "go", [])
    assert case.run.report["summary"]["not_checked"]


def test_no_basic_that_the_url_announces(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, backend: int, tmp_path: Path
) -> None:
    port = nginx(keys, directives=f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{backend}; }}")
    case = check_url(port, pki.root_file, tmp_path, more="&authProxyReuseCredentials=true")
    case.agrees_with_curl()
    assert (case.run.decision, case.run.causes) == ("go", ["prov-proxy-auth-missing"])


def test_another_kind_of_authentication(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    said = "add_header WWW-Authenticate Negotiate always; return 401;"
    port = nginx(keys, directives=f"location /stwebapi/ {{ {said} }}")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.run.causes == ["prov-proxy-auth-scheme"]


def test_a_form_on_the_same_host(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    page = f'location /welcome {{ default_type text/html; return 200 "{LOGIN}"; }}'
    port = nginx(keys, directives=f"location /stwebapi/ {{ return 302 /welcome; }} {page}")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.run.causes == ["prov-foreign-login"]
    assert case.answers["proxyinfo"][1]["page"]["login"]


def test_a_login_on_another_host(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    away = "return 302 https://sso.example.test/adfs/ls?SAMLRequest=abc;"
    port = nginx(keys, directives=f"location /stwebapi/ {{ {away} }}")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.run.causes == ["prov-foreign-login"]
    assert case.asked["location"] == "https://sso.example.test/adfs/ls"


def test_another_host(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    port = nginx(keys, directives="location /stwebapi/ { return 301 https://www.example.test/; }")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.run.causes == ["prov-redirect-elsewhere"]


def test_a_404_alone_proves_nothing(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    port = nginx(keys, directives="location /stwebapi/ { return 404; }")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert (case.curl.status, case.run.decision, case.run.causes) == (404, "go", ["prov-stproxy-unknown"])


def test_the_welcome_page(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    home = "location = / { root /usr/share/nginx/html; try_files /index.html =404; }"
    port = nginx(keys, directives=f"location /stwebapi/ {{ return 404; }} {home}")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.run.causes == ["prov-not-stproxy"]
    assert "nginx" in str(case.check["findings"][0]["params"]["seen"])


def test_http_that_leads_to_https(nginx: StartNginx, keys: KeyFiles, pki: Pki, backend: int, tmp_path: Path) -> None:
    plain, encrypted = free_port(), free_port()
    pass_on = f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{backend}; }}"
    to_tls = f"location /stwebapi/ {{ return 301 https://$host:{encrypted}$request_uri; }}"
    nginx(
        sites=[
            Site(ports=[plain], directives=to_tls),
            Site(ports=[encrypted], keys=[keys], directives=pass_on),
        ]
    )
    case = check_url(plain, pki.root_file, tmp_path, tls=False)
    case.agrees_with_curl()
    assert case.run.causes == ["prov-redirect-elsewhere"]
    assert case.asked["location"].startswith(f"https://{NAME}:{encrypted}/")


@pytest.mark.parametrize("status", [502, 504])
def test_a_dead_back_end(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path, status: int) -> None:
    with peer(silent) as hangs:
        there = free_port() if status == 502 else hangs
        directives = f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{there}; proxy_read_timeout 1s; }}"
        port = nginx(keys, directives=directives)
        case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.curl.status == status
    assert case.run.causes == ["prov-backend-down"]


def test_a_front_that_waits_for_ever(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    with peer(silent) as hangs:
        port = nginx(keys, directives=f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{hangs}; }}")
        case = check_url(port, pki.root_file, tmp_path, patience=0.2)
    assert case.curl.exit_code == 28
    assert case.run.causes == ["prov-no-answer"]


def test_tls_where_the_url_says_plain(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    port = nginx(keys)
    case = check_url(port, pki.root_file, tmp_path, tls=False)
    case.agrees_with_curl()
    assert case.curl.status == 400  # "The plain HTTP request was sent to HTTPS port"
    assert case.own_codes == ["prov-plain-port-speaks-tls"]
    assert case.answers["other_mode"]["protocol"] == "TLSv1.3"


def test_tls_that_sends_plain_callers_to_itself(nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    port = nginx(keys, directives="error_page 497 =301 https://$host:$server_port$request_uri;")
    case = check_url(port, pki.root_file, tmp_path, tls=False)
    case.agrees_with_curl()
    assert case.curl.status == 301
    assert case.own_codes == ["prov-plain-port-speaks-tls"]


def test_plain_where_the_url_says_tls(nginx: StartNginx, pki: Pki, backend: int, tmp_path: Path) -> None:
    port = nginx(directives=f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{backend}; }}")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.curl.exit_code == 35
    assert case.run.causes == ["tls-not-tls"]
    assert case.own_codes == ["prov-tls-port-speaks-plain"]
    assert case.run.report["verdict"]["causes"][0]["folded"]


@pytest.mark.parametrize("protocols", ["TLSv1.2", "TLSv1.3"])
def test_a_client_certificate_is_the_one_cause(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, tmp_path: Path, protocols: str
) -> None:
    port = nginx(keys, verify_client="on", client_ca=pki.root_file, protocols=protocols)
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.run.causes[0] == "tls-client-cert-required"
    assert set(case.own_codes) <= {"prov-stproxy-unknown"}


def test_an_incomplete_chain_does_not_keep_the_questions_back(
    nginx: StartNginx, pki: Pki, key_files: KeyFilesFor, backend: int, tmp_path: Path
) -> None:
    incomplete = key_files(leaf(NAME, pki.intermediate))
    port = nginx(incomplete, directives=f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{backend}; }}")
    case = check_url(port, pki.root_file, tmp_path)
    case.agrees_with_curl()
    assert case.run.causes == ["tls-chain-incomplete"]
    assert case.check["outcome"] == "pass"


def test_only_outdated_tls_does_not_keep_the_questions_back(
    nginx: StartNginx, keys: KeyFiles, pki: Pki, backend: int, tmp_path: Path
) -> None:
    pass_on = f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{backend}; }}"
    port = nginx(keys, protocols="TLSv1", directives=pass_on)
    case = check_url(port, pki.root_file, tmp_path)
    assert case.run.causes[0] == "tls-version-old-only"
    assert case.check["outcome"] == "pass"
    assert case.asked["protocol"] == "TLSv1"
