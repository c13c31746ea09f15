"""Pages behind Apache httpd, which IBM HTTP Server is built on, as the front and as the server behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.lab.provisioning.web import web
from tests.peers import apache as apache_server
from tests.peers.apache import MODULES
from tests.peers.command import NAME
from tests.peers.conftest import KeyFilesFor, Pki
from tests.peers.health_case import PROXY_INFO, STPROXY, TOO_MANY_REDIRECTS, Case, check_site
from tests.peers.identity import leaf
from tests.peers.process import free_port

pytestmark = pytest.mark.peer("apache2", "curl")

LOADED = ("alias", "dir", "headers", "mime", "proxy", "proxy_http", "rewrite", "setenvif")
CURRENT_TLS = ("SSLProtocol -all +TLSv1.2 +TLSv1.3", "SSLCipherSuite ECDHE", "ProxyPreserveHost On")

Checked = Callable[..., Case]


@pytest.fixture
def stproxy() -> Iterator[int]:
    """An STProxy behind the front."""
    with web(STPROXY) as port:
        yield port


@pytest.fixture
def checked(pki: Pki, key_files: KeyFilesFor, tmp_path: Path, servers: contextlib.ExitStack) -> Checked:
    """`checked(*directives, hosts={port: (name, directives)}, plain=…)`: an Apache with these directives at 443, with
    further virtual hosts without TLS, one of them at port 80."""

    def run(*directives: str, hosts: dict[int, tuple[str, str]] | None = None, plain: int | None = None) -> Case:
        folder = tmp_path / "apache"
        folder.mkdir()
        keys = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
        (folder / "mime.types").write_text("text/html html\n", encoding="ascii")
        top = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED]
        top += [f"TypesConfig {folder}/mime.types", "<Location />", "Require all granted", "</Location>"]
        for port, (name, own) in (hosts or {}).items():
            top += [f"Listen 127.0.0.1:{port}", f"<VirtualHost 127.0.0.1:{port}>", f"ServerName {name}", own]
            top += ["</VirtualHost>"]
        all_of_them = (*CURRENT_TLS, f"ServerName {NAME}", *directives)
        port = servers.enter_context(apache_server.apache(folder, keys, *all_of_them, user="\n".join(top)))
        http = f"127.0.0.1:{plain}" if plain else None
        case = check_site(tmp_path, pki.root_file, f"127.0.0.1:{port}", http=http, product="11")
        case.agrees_with_curl()
        return case

    return run


def pass_to(port: int) -> str:
    return f"ProxyPass / http://127.0.0.1:{port}/"


def rewrite(*lines: str) -> str:
    return "\n".join(["RewriteEngine On", *lines])


def test_passed_through_and_port_80_leads_on(checked: Checked, stproxy: int) -> None:
    port_80 = free_port()
    leads = rewrite("RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R=301,L]")
    case = checked(pass_to(stproxy), hosts={port_80: (NAME, leads)}, plain=port_80)
    assert case.curl(f"http://{NAME}/chat").headers["location"] == f"https://{NAME}/chat"
    assert (case.run.decision, case.run.causes) == ("go", [])
    assert case.pages == {"/": "sametime"}


def offloaded(stproxy: int) -> str:
    """What an application server does that is told by a header whether its users come by https."""
    asks = 'RewriteCond %{HTTP:X-Is-Https} =""'
    return rewrite(asks, f"RewriteRule ^ https://{NAME}%{{REQUEST_URI}} [R=302,L]", pass_to(stproxy))


def test_the_header_of_the_load_balancer_is_missing(checked: Checked, stproxy: int) -> None:
    behind = free_port()
    case = checked(pass_to(behind), hosts={behind: (NAME, offloaded(stproxy))})
    assert case.curl(f"https://{NAME}{PROXY_INFO}").headers["location"] == f"https://{NAME}{PROXY_INFO}"
    assert case.curl_follows(f"https://{NAME}/") == TOO_MANY_REDIRECTS
    assert case.run.causes == ["health-redirect-loop"]
    assert "prov-redirect-elsewhere" in case.run.codes


def test_with_the_header_it_ends(checked: Checked, stproxy: int) -> None:
    behind = free_port()
    says_so = "RequestHeader set X-Is-Https on"
    case = checked(says_so, pass_to(behind), hosts={behind: (NAME, offloaded(stproxy))})
    assert case.curl_follows(f"https://{NAME}/") == 0
    assert (case.run.decision, case.run.causes) == ("go", [])


def with_own_name(behind: int, stproxy: int) -> tuple[str, str]:
    """A server that builds redirects with its own name and port."""
    to_chat = rewrite("RewriteRule ^/$ /chat [R=302,L]")
    return f"stproxy01:{behind}", f"UseCanonicalName On\nUseCanonicalPhysicalPort On\n{to_chat}\n{pass_to(stproxy)}"


def test_the_inner_name_shows_through(checked: Checked, stproxy: int) -> None:
    behind = free_port()
    case = checked(pass_to(behind), hosts={behind: with_own_name(behind, stproxy)})
    location = case.curl(f"https://{NAME}/").headers["location"]
    assert location == f"http://stproxy01:{behind}/chat"
    assert case.run.causes == ["health-redirect-inner"]
    assert case.run.finding("health-redirect-inner")["params"]["reason"] == "a name without a domain"


def test_proxy_pass_reverse_mends_it(checked: Checked, stproxy: int) -> None:
    behind = free_port()
    back = f"ProxyPassReverse / http://stproxy01:{behind}/"
    case = checked(pass_to(behind), back, hosts={behind: with_own_name(behind, stproxy)})
    assert case.curl(f"https://{NAME}/").headers["location"] == f"https://{NAME}/chat"
    assert (case.run.decision, case.run.causes) == ("go", [])


def test_hsts(checked: Checked, stproxy: int) -> None:
    case = checked('Header always set Strict-Transport-Security "max-age=86400"', pass_to(stproxy))
    assert case.run.causes == ["health-hsts-final"]
    assert case.run.finding("health-hsts-final")["params"]["days"] == 1


def test_a_cookie_that_is_wanted_back_is_no_circle(checked: Checked, stproxy: int) -> None:
    sets = "RewriteRule ^/(?:chat)?$ https://%{SERVER_NAME}%{REQUEST_URI} [R=302,L,CO=been:1:.example.test]"
    case = checked(rewrite("RewriteCond %{HTTP_COOKIE} !been=1", sets), pass_to(stproxy))
    assert case.curl(f"https://{NAME}/").headers["location"] == f"https://{NAME}/"
    assert case.curl_follows(f"https://{NAME}/") == 0
    assert (case.run.decision, case.run.causes) == ("go", [])


def test_one_path_is_passed_on_and_the_rest_is_apaches_own(checked: Checked, stproxy: int) -> None:
    only = f"ProxyPass /stwebapi http://127.0.0.1:{stproxy}/stwebapi"
    case = checked(only)  # "/" is the DocumentRoot, with a page that says ok
    assert case.curl(f"https://{NAME}/").body == b"ok\n"
    assert case.pages == {"/": "page"}
    assert (case.run.decision, case.run.causes) == ("go", [])
