"""Real servers on loopback, one set a test: minted, configured, started, and stopped at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from tests.peers import apache as apache_server
from tests.peers import java_server
from tests.peers import nginx as nginx_server
from tests.peers import s_server as openssl_server
from tests.peers.far_end import FarEnd
from tests.peers.far_end import far_end as run_far_end
from tests.peers.identity import Identity, KeyFiles, authority, write_key_files
from tests.peers.issuer_server import IssuerServer, issuer_server
from tests.peers.meanwhile_peer import compile_peer
from tests.peers.process import free_port


class Pki(NamedTuple):
    """The authorities that most cases share."""

    root: Identity
    intermediate: Identity
    sibling: Identity
    """Another intermediate of the same root, with a name that differs in one digit: it issued nothing here."""
    root_file: Path


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """A root, an intermediate, and the sibling that people take for it."""
    root = authority("Example Root R1")
    root_file = tmp_path_factory.mktemp("pki") / "root.pem"
    root_file.write_text(root.pem, encoding="ascii")
    return Pki(
        root=root,
        intermediate=authority("Example Issuing CA R46", root),
        sibling=authority("Example Issuing CA R6", root),
        root_file=root_file,
    )


@pytest.fixture
def servers() -> Iterator[contextlib.ExitStack]:
    """Holds every server of a test; the test's end stops them, newest first."""
    with contextlib.ExitStack() as stack:
        yield stack


KeyFilesFor = Callable[..., KeyFiles]


@pytest.fixture
def key_files(tmp_path: Path) -> KeyFilesFor:
    """`key_files(identity, *certificates_sent_after_it)`: the files a server is configured with."""
    count = iter(range(1000))

    def write(identity: Identity, *sent_after: x509.Certificate) -> KeyFiles:
        return write_key_files(tmp_path / f"keys{next(count)}", identity, *sent_after)

    return write


StartNginx = Callable[..., int]


@pytest.fixture
def nginx(tmp_path: Path, servers: contextlib.ExitStack) -> StartNginx:
    """`nginx(keys, **Site's fields)` → port: one server block. For several: `nginx(sites=[…])`."""

    def start(
        *keys: KeyFiles,
        sites: list[nginx_server.Site] | None = None,
        addresses: tuple[str, ...] = ("127.0.0.1",),
        verify_client: str = "off",
        client_ca: Path | None = None,
        protocols: str = "TLSv1.2 TLSv1.3",
        ciphers: str = "ALL:@SECLEVEL=0",
        directives: str = "",
    ) -> int:
        port = sites[0].ports[0] if sites else free_port(*addresses)
        site = nginx_server.Site(
            ports=[port],
            keys=keys,
            addresses=addresses,
            verify_client=verify_client,
            client_ca=client_ca,
            protocols=protocols,
            ciphers=ciphers,
            directives=directives,
        )
        folder = tmp_path / f"nginx{port}"
        folder.mkdir()
        servers.enter_context(nginx_server.nginx(folder, *(sites or [site])))
        return port

    return start


StartSServer = Callable[..., int]


@pytest.fixture
def s_server(tmp_path: Path, servers: contextlib.ExitStack) -> StartSServer:
    """`s_server(keys, *options)` → port."""

    def start(keys: KeyFiles, *options: str | Path) -> int:
        return servers.enter_context(openssl_server.s_server(tmp_path, keys, *options))

    return start


StartApache = Callable[..., int]


@pytest.fixture
def apache(tmp_path: Path, servers: contextlib.ExitStack) -> StartApache:
    """`apache(keys, *directives)` → port."""

    def start(keys: KeyFiles, *directives: str) -> int:
        folder = tmp_path / "apache"
        folder.mkdir()
        return servers.enter_context(apache_server.apache(folder, keys, *directives))

    return start


StartJava = Callable[..., int]


@pytest.fixture
def java(tmp_path: Path, servers: contextlib.ExitStack) -> StartJava:
    """`java(keystore, *options)` → port."""

    def start(store: Path, *options: str) -> int:
        return servers.enter_context(java_server.java_server(tmp_path, store, *options))

    return start


@pytest.fixture
def issuers(servers: contextlib.ExitStack) -> IssuerServer:
    """A web server for issuers' certificates."""
    return servers.enter_context(issuer_server())


NewFolder = Callable[[], Path]


@pytest.fixture
def open_folder(servers: contextlib.ExitStack) -> NewFolder:
    """`open_folder()` → a new folder for a program that changes its user: pytest's own are closed to others."""

    def make() -> Path:
        folder = Path(tempfile.mkdtemp(prefix="stdiag-peer-"))
        servers.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o777 if os.getuid() == 0 else 0o700)
        return folder

    return make


@pytest.fixture(scope="session")
def meanwhile_programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The client and the mux made of libmeanwhile, compiled once."""
    folder = tmp_path_factory.mktemp("meanwhile")
    return {name: compile_peer(name, folder) for name in ("client", "mux")}


@pytest.fixture(scope="session")
def far_end() -> Iterator[FarEnd]:
    """The targets behind the proxies."""
    with run_far_end() as running:
        yield running
