"""nginx, Apache and HAProxy as reverse proxies in front of the mux: what they answer in its place."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.peers import apache as apache_server
from tests.peers.conftest import KeyFilesFor, NewFolder, Pki, StartNginx
from tests.peers.curl import curl
from tests.peers.far_end import FarEnd
from tests.peers.haproxy import haproxy
from tests.peers.identity import KeyFiles, leaf
from tests.peers.paths import PathSeen, diagnose_paths

pytestmark = pytest.mark.peer("nginx", "apache2", "haproxy", "htpasswd", "curl")

AFFINITY = "/st1"

APACHE_MODULES = (
    *("proxy", "proxy_http", "alias", "auth_basic", "authn_core", "authn_file", "authz_user", "authz_host"),
)


@dataclass(frozen=True)
class Front:
    """A way to configure both servers alike."""

    word: str
    nginx: str
    """The body of nginx' location for the affinity id. {backend}: the port behind it."""
    apache: str
    """The directives of Apache's virtual host."""
    truth: str
    statuses: tuple[int, int]
    """nginx' and Apache's, as curl shows them."""
    left_open: tuple[str, ...] = ()
    credentials: str = ""
    backend: str = "ack"
    """The word for what stands behind it, in FarEnd."""

    def __str__(self) -> str:
        return self.word


NGINX_FORWARDS = "proxy_pass http://127.0.0.1:{backend}/; proxy_connect_timeout 1s; proxy_read_timeout 1s;"
NGINX_BASIC = 'auth_basic "Sametime"; auth_basic_user_file {users}; ' + NGINX_FORWARDS
APACHE_FORWARDS = f"ProxyTimeout 1\n  ProxyPass {AFFINITY}/ http://127.0.0.1:{{backend}}/"
APACHE_BASIC = (
    APACHE_FORWARDS + f"\n  <Location {AFFINITY}/>\n  AuthType Basic\n  AuthName Sametime\n  AuthUserFile {{users}}\n"
    "  Require valid-user\n  </Location>"
)

FRONTS = [
    Front("works", NGINX_FORWARDS, APACHE_FORWARDS, "ok", (200, 200)),
    Front("basic, no password", NGINX_BASIC, APACHE_BASIC, "reverse:auth-required", (401, 401)),
    Front(
        "basic, wrong password",
        NGINX_BASIC,
        APACHE_BASIC,
        "reverse:auth-rejected",
        (401, 401),
        credentials="stuser:wrong",
    ),
    Front("basic, right password", NGINX_BASIC, APACHE_BASIC, "ok", (200, 200), credentials="stuser:right"),
    Front(
        "login form",
        "return 302 /login.html?from=$request_uri;",
        f"Redirect 302 {AFFINITY}/ /login.html?from=",
        "reverse:form-login",
        (302, 302),
    ),
    Front(
        "moved",
        "return 301 https://chat2.example.test/st1/CommunityCBR;",
        f"RedirectMatch 301 ^{AFFINITY}/ https://chat2.example.test/st1/CommunityCBR",
        "reverse:moved",
        (301, 301),
    ),
    Front(
        "forbidden",
        "deny all;",
        f"<Location {AFFINITY}/>\n  Require all denied\n  </Location>",
        "reverse:forbidden",
        (403, 403),
    ),
    Front("dead back end", NGINX_FORWARDS, APACHE_FORWARDS, "reverse:bad-gateway", (502, 503), backend="refused"),
    # Apache says 502, "error reading from remote server", of a back end that says nothing.
    Front(
        "silent back end",
        NGINX_FORWARDS,
        APACHE_FORWARDS,
        "reverse:gateway-timeout",
        (504, 502),
        left_open=("reverse:bad-gateway",),
        backend="silent",
    ),
    Front(
        "another server",
        'default_type text/html; return 200 "<title>Portal</title>";',
        "FallbackResource /index.html",
        "reverse:wrong-backend",
        (200, 200),
    ),
    Front("unknown affinity id", "return 404;", "", "reverse:wrong-backend", (404, 404)),
]

Reverse = Callable[[Front, str, int], int]


@pytest.fixture
def reverse_proxy(
    nginx: StartNginx,
    key_files: KeyFilesFor,
    pki: Pki,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
) -> Reverse:
    """`reverse_proxy(front, program, backend)` → port."""

    def start(front: Front, program: str, backend: int) -> int:
        keys = key_files(leaf("127.0.0.1", pki.intermediate), pki.intermediate.certificate)
        folder = open_folder()
        users = folder / "users"
        subprocess.run(["htpasswd", "-b", "-c", users, "stuser", "right"], capture_output=True, check=True)
        users.chmod(0o644)
        if program == "nginx":
            body = front.nginx.format(backend=backend, users=users)
            return nginx(keys, directives=f"location {AFFINITY}/ {{ {body} }}")
        directives = front.apache.format(backend=backend, users=users)
        return servers.enter_context(_apache(folder, keys, directives))

    return start


def _apache(folder: Path, keys: KeyFiles, directives: str) -> contextlib.AbstractContextManager[int]:
    modules = [f"LoadModule {name}_module {apache_server.MODULES}/mod_{name}.so" for name in APACHE_MODULES]
    if "FallbackResource" in directives:
        modules.append(f"LoadModule dir_module {apache_server.MODULES}/mod_dir.so")
    return apache_server.apache(folder, keys, directives, user="\n".join(modules))


def _ask(port: int, pki: Pki, credentials: str = "", *, timeout: str = "0.5") -> PathSeen:
    user = f"{credentials}@" if credentials else ""
    options = ("--proxy", f"reverse:https://{user}127.0.0.1:{port}{AFFINITY}", "--timeout", timeout)
    run = diagnose_paths("127.0.0.1", options=(*options, "--ca-file", pki.root_file))
    (path,) = [path for path in run.paths() if path.concluded["setting"] == "reverse-proxy"]
    return path


@pytest.mark.parametrize("program", ["nginx", "apache2"])
@pytest.mark.parametrize("front", FRONTS, ids=str)
def test_reverse_proxy(front: Front, program: str, reverse_proxy: Reverse, pki: Pki, far_end: FarEnd) -> None:
    port = reverse_proxy(front, program, far_end[front.backend][1])

    path = _ask(port, pki, front.credentials)

    assert front.truth in path.reasons, path
    assert set(path.reasons) <= {front.truth, *front.left_open}, path
    who = ("--user", front.credentials) if front.credentials else ()
    oracle = curl(f"https://127.0.0.1:{port}{AFFINITY}/CommunityCBR", "--cacert", str(pki.root_file), *who, limit=10)
    assert oracle.status == front.statuses[0 if program == "nginx" else 1], oracle
    asked = {reply["asked"]: reply["status"] for reply in path.seen["http"]}
    assert asked["cbr"] == oracle.status


@pytest.mark.parametrize(
    ("backend", "status", "truth"),
    [("ack", 200, "ok"), ("refused", 503, "reverse:bad-gateway"), ("silent", 504, "reverse:gateway-timeout")],
)
def test_haproxy(
    backend: str,
    status: int,
    truth: str,
    open_folder: NewFolder,
    key_files: KeyFilesFor,
    pki: Pki,
    servers: contextlib.ExitStack,
    far_end: FarEnd,
) -> None:
    keys = key_files(leaf("127.0.0.1", pki.intermediate), pki.intermediate.certificate)
    port = servers.enter_context(haproxy(open_folder(), far_end[backend][1], mode="http", keys=keys, strip=AFFINITY))

    path = _ask(port, pki)

    oracle = curl(f"https://127.0.0.1:{port}{AFFINITY}/CommunityCBR", "--cacert", str(pki.root_file))
    assert oracle.status == status
    assert path.reasons == [truth]


def test_a_rejected_password_is_sent_once(reverse_proxy: Reverse, pki: Pki, tmp_path: Path) -> None:
    """Counted in nginx' own log, over both spellings and whatever else is asked for."""
    log = tmp_path / "asked.log"
    shut = Front("shut", f"access_log {log}; " + NGINX_BASIC, "", "reverse:auth-rejected", (401, 401))
    port = reverse_proxy(shut, "nginx", 1)

    path = _ask(port, pki, "stuser:wrong")

    assert path.reasons == ["reverse:auth-rejected"]
    asked = log.read_text(encoding="utf-8").splitlines()
    assert len(asked) > 1
    assert len([line for line in asked if " - stuser " in line]) == 1
