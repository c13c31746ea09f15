"""Provisioning URLs that lead to Apache, which IBM HTTP Server is built on; curl asks the same server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.lab.peers_faulty import peer, silent
from tests.lab.provisioning.web import HEALTHY, web
from tests.peers import apache as apache_server
from tests.peers.apache import MODULES
from tests.peers.command import NAME
from tests.peers.conftest import KeyFilesFor, Pki
from tests.peers.identity import leaf
from tests.peers.process import free_port
from tests.peers.provisioning_case import PROXY_INFO, Case, check_url

pytestmark = pytest.mark.peer("apache2", "curl")

LOADED = (
    *("alias", "auth_basic", "auth_form", "authn_core", "authn_file", "authz_user", "dir", "headers", "mime"),
    *("proxy", "proxy_http", "request", "session", "session_cookie"),
)
LOGIN = (
    "<html><title>Please sign in</title><form method=post action=/dologin><input type=password name=p></form></html>"
)

CURRENT_TLS = ("SSLProtocol -all +TLSv1.2 +TLSv1.3", "SSLCipherSuite ECDHE")

Checked = Callable[..., Case]


@pytest.fixture
def checked(pki: Pki, key_files: KeyFilesFor, tmp_path: Path, servers: contextlib.ExitStack) -> Checked:
    """`checked(*directives, **check_url's options)`: an Apache with these directives, diagnosed."""

    def run(*directives: str, tls: bool = True, more: str = "", patience: float = 1.0) -> Case:
        folder = tmp_path / "apache"
        folder.mkdir()
        keys = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
        modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED)
        (folder / "mime.types").write_text("text/html html\n", encoding="ascii")
        top = f"{modules}\nTypesConfig {folder}/mime.types\n<Location />\nRequire all granted\n</Location>"
        port = servers.enter_context(apache_server.apache(folder, keys, *CURRENT_TLS, *directives, user=top))
        case = check_url(port, pki.root_file, tmp_path, tls=tls, more=more, patience=patience)
        case.agrees_with_curl()
        return case

    return run


@pytest.fixture
def passes_on() -> Iterator[str]:
    """The directive that passes requests on to an STProxy."""
    with web(HEALTHY) as port:
        yield f"ProxyPass /stwebapi http://127.0.0.1:{port}/stwebapi"


@pytest.fixture
def basic(tmp_path: Path) -> str:
    """Basic authentication before everything."""
    users = tmp_path / "users"
    users.write_text("user:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n", encoding="ascii")
    return (
        f'<Location /stwebapi>\nAuthType Basic\nAuthName "Example, inside"\nAuthUserFile {users}\n'
        "Require valid-user\n</Location>"
    )


def test_passed_through(checked: Checked, passes_on: str) -> None:
    case = checked(passes_on)
    assert (case.run.decision, case.run.causes) == ("go", [])
    assert case.check["analysis"]["addresses"][0]["answerer"] == "stproxy"


def test_basic(checked: Checked, passes_on: str, basic: str) -> None:
    case = checked(passes_on, basic)
    assert case.curl.headers["www-authenticate"] == 'Basic realm="Example, inside"'
    assert case.run.causes == ["prov-proxy-auth-unexpected"]
    assert case.check["findings"][0]["params"]["realm"] == "Example, inside"


def test_basic_that_the_url_announces(checked: Checked, passes_on: str, basic: str) -> None:
    case = checked(passes_on, basic, more="&authProxyReuseCredentials=true")
    assert (case.curl.status, case.run.decision, case.run.causes) == (401, "go", [])


def test_form_login(checked: Checked, passes_on: str, tmp_path: Path) -> None:
    (tmp_path / "apache-htdocs").mkdir()
    (tmp_path / "apache-htdocs" / "signin.html").write_text(LOGIN, encoding="utf-8")
    case = checked(
        passes_on,
        f"Alias /signin.html {tmp_path}/apache-htdocs/signin.html",
        '<Location /stwebapi>\nAuthType form\nAuthName "x"\nAuthFormProvider file\nAuthUserFile /dev/null\n'
        "AuthFormLoginRequiredLocation /signin.html\nSession On\nSessionCookieName session path=/\n"
        "Require valid-user\n</Location>",
    )
    assert case.curl.status == 302
    assert case.run.causes == ["prov-foreign-login"]
    assert case.answers["proxyinfo"][1]["page"]["title"] == "Please sign in"


def test_a_form_with_status_401(checked: Checked, tmp_path: Path) -> None:
    """mod_auth_form's other way: the form is the error page."""
    (tmp_path / "apache-htdocs").mkdir()
    (tmp_path / "apache-htdocs" / "signin.html").write_text(LOGIN, encoding="utf-8")
    case = checked(
        f"Alias /signin.html {tmp_path}/apache-htdocs/signin.html",
        "ErrorDocument 401 /signin.html",
        '<Location /stwebapi>\nAuthType form\nAuthName "x"\nAuthFormProvider file\nAuthUserFile /dev/null\n'
        "Session On\nSessionCookieName session path=/\nRequire valid-user\n</Location>",
    )
    assert case.curl.status == 401
    assert case.run.causes == ["prov-foreign-login"]


def test_the_default_page(checked: Checked, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<html><body><h1>It works!</h1></body></html>", encoding="utf-8")
    case = checked(f"DocumentRoot {tmp_path}/site", "DirectoryIndex index.html")
    assert case.curl.status == 404
    assert case.run.causes == ["prov-not-stproxy"]
    assert case.check["findings"][0]["params"]["seen"] == "the default page of Apache"


def test_another_host(checked: Checked) -> None:
    case = checked("Redirect permanent /stwebapi https://www.example.test/stwebapi")
    assert case.run.causes == ["prov-redirect-elsewhere"]
    assert case.asked["location"] == f"https://www.example.test{PROXY_INFO}"


def test_a_back_end_that_hangs(checked: Checked) -> None:
    with peer(silent) as port:
        case = checked("ProxyTimeout 1", f"ProxyPass /stwebapi http://127.0.0.1:{port}/stwebapi")
    assert case.curl.status in (502, 504)  # versions differ
    assert case.run.causes == ["prov-backend-down"]


def test_a_back_end_that_is_down(checked: Checked) -> None:
    case = checked(f"ProxyPass /stwebapi http://127.0.0.1:{free_port()}/stwebapi")
    assert case.curl.status == 503
    assert case.run.causes == ["prov-backend-down"]
    assert case.check["findings"][0]["params"]["status"] == 503


def test_a_refusal_is_told_and_not_taken_for_down(checked: Checked) -> None:
    case = checked("<Location /stwebapi>\nRequire all denied\n</Location>")
    assert case.curl.status == 403
    assert (case.run.decision, case.run.causes) == ("go", ["prov-stproxy-unknown"])
    assert case.run.severity("prov-stproxy-unknown") == "warning"


def test_tls_where_the_url_says_plain(checked: Checked, passes_on: str) -> None:
    case = checked(passes_on, tls=False)
    assert case.curl.status == 400  # "You're speaking plain HTTP to an SSL-enabled server port"
    assert case.own_codes == ["prov-plain-port-speaks-tls"]


def test_plain_where_the_url_says_tls(checked: Checked, passes_on: str) -> None:
    case = checked("SSLEngine off", passes_on)
    assert case.curl.status == 0
    assert case.run.causes == ["tls-not-tls"]
    assert case.own_codes == ["prov-tls-port-speaks-plain"]
