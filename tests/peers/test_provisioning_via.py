"""`stdiag provisioning check --via`: an STProxy behind nginx behind squid, dante or microsocks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lab.provisioning.web import HEALTHY, web
from tests.peers.command import NAME
from tests.peers.conftest import KeyFilesFor, NewFolder, Pki, StartNginx
from tests.peers.dante import dante
from tests.peers.identity import KeyFiles, leaf
from tests.peers.microsocks import microsocks
from tests.peers.provisioning_case import check_url
from tests.peers.squid import STOCK_RULES, basic_auth, squid

pytestmark = pytest.mark.peer("nginx", "squid", "danted", "microsocks", "libnss_wrapper.so", "curl", "htpasswd")

HOSTS = {NAME: "127.0.0.1"}
"""Known to the proxies, and to nobody else."""
PASSWORD = "correct-horse"  # noqa: S105 - of a proxy on loopback


@pytest.fixture
def keys(pki: Pki, key_files: KeyFilesFor) -> KeyFiles:
    return key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)


@pytest.fixture
def backend() -> Iterator[int]:
    """An STProxy behind the front."""
    with web(HEALTHY) as port:
        yield port


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "password.txt"
    file.write_text(f"{PASSWORD}\n", encoding="ascii")
    return file


@pytest.mark.parametrize("tls", [True, False], ids=["tls", "plain"])
@pytest.mark.parametrize("kind", ["squid", "squid-https", "dante", "microsocks"])
def test_an_stproxy_behind_a_proxy(
    kind: str,
    tls: bool,
    nginx: StartNginx,
    keys: KeyFiles,
    key_files: KeyFilesFor,
    pki: Pki,
    backend: int,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
    secret: Path,
    tmp_path: Path,
) -> None:
    """With a password, where the proxy can ask for one; it stands in no output."""
    server = nginx(
        *([keys] if tls else []), directives=f"location /stwebapi/ {{ proxy_pass http://127.0.0.1:{backend}; }}"
    )
    folder = open_folder()
    match kind:
        case "squid":
            proxy = servers.enter_context(squid(folder, basic_auth(folder, "joe", PASSWORD), hosts=HOSTS))
            scheme, port = "http", proxy.port
        case "squid-https":
            own = key_files(leaf("127.0.0.1", pki.intermediate), pki.intermediate.certificate)
            rules = basic_auth(folder, "joe", PASSWORD)
            scheme, port = "https", servers.enter_context(squid(folder, rules, hosts=HOSTS, keys=own)).port
        case "dante":
            scheme, port = "socks5h", servers.enter_context(dante(folder, users={"joe": PASSWORD}, hosts=HOSTS)).port
        case _:
            there = microsocks(folder, user="joe", password=PASSWORD, hosts=HOSTS)
            scheme, port = "socks5h", servers.enter_context(there)
    place = f"127.0.0.1:{port}"
    case = check_url(
        server,
        pki.root_file,
        tmp_path,
        tls=tls,
        via=("--via", f"{scheme}://joe@{place}", "--via-password", f"file:{secret}"),
        curl_via=("-x", f"{scheme}://joe:{PASSWORD}@{place}", "-p", "--suppress-connect-headers", "--proxy-insecure"),
    )
    case.agrees_with_curl()
    assert (case.run.decision, case.run.causes) == ("go", [])
    assert case.asked["proxy_info"]["community_connected"] is True
    assert case.check["subject"]["via"] == f"{scheme}://{place}"
    assert case.answers["address"] == NAME
    assert PASSWORD not in str(case.run.report) + case.run.stderr


def test_the_proxy_denies_the_port(
    nginx: StartNginx,
    keys: KeyFiles,
    pki: Pki,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
    tmp_path: Path,
) -> None:
    """One cause for both checks, and the server is not to blame."""
    server = nginx(keys)
    proxy = servers.enter_context(squid(open_folder(), STOCK_RULES, hosts=HOSTS))
    at = f"http://127.0.0.1:{proxy.port}"
    case = check_url(server, pki.root_file, tmp_path, via=("--via", at), curl_via=("-x", at))
    assert case.curl.exit_code == 56
    assert case.own_codes == ["path-proxy-denied"]
    assert case.run.causes == ["path-proxy-denied"]


def test_a_wrong_password_is_sent_once(
    nginx: StartNginx,
    keys: KeyFiles,
    pki: Pki,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
    tmp_path: Path,
) -> None:
    server = nginx(keys)
    folder = open_folder()
    proxy = servers.enter_context(squid(folder, basic_auth(folder, "joe", PASSWORD), hosts=HOSTS))
    place = f"127.0.0.1:{proxy.port}"
    case = check_url(
        server,
        pki.root_file,
        tmp_path,
        via=("--via", f"http://joe:wrong-horse@{place}"),
        curl_via=("-x", f"http://{place}", "-p"),
    )
    assert case.own_codes == ["path-proxy-login"]
    assert case.run.causes == ["path-proxy-login"]
    assert len(proxy.with_credentials) == 1
    assert "wrong-horse" not in str(case.run.report)
