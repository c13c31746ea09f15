"""The push probe against HTTP/2 servers and TLS servers of other makers, which verify the client's certificate."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.lab.push_services import apple_like, pem_file
from tests.minting import Authority, Minted
from tests.peers.command import Run, diagnose
from tests.peers.process import accepts, free_port, running
from tests.push_keys import PASSPHRASE, key_file, push_identity

HOST = "api.push.apple.com"
ROOT, ISSUING, SERVER = apple_like(HOST)
KEYS = Authority("Example Push Key CA")
NOW = datetime.now(UTC)
GOOD = push_identity(KEYS)
EXPIRED = push_identity(KEYS, not_before=NOW - timedelta(days=400), not_after=NOW - timedelta(days=35))
STRANGER = push_identity(Authority("Somebody Else"))

HAPROXY = """\
global
  maxconn 50
defaults
  mode http
  timeout client 10s
  timeout connect 1s
  timeout server 1s
frontend apns
  bind 127.0.0.1:{port} ssl crt {folder}/server.pem ca-file {folder}/keys.pem verify {verify} alpn h2 {versions}
  acl device path_beg /3/device/
  http-request return status 405 content-type application/json hdr apns-id A string {method} unless METH_POST
  http-request return status 404 content-type application/json hdr apns-id A string {path} unless device
  http-request return status 403 content-type application/json hdr apns-id A string {token} unless {{ ssl_c_used }}
  http-request return status 400 content-type application/json hdr apns-id A string {good}
"""
_REASONS = {
    name: f'\'{{"reason":"{word}"}}\''
    for name, word in {
        "method": "MethodNotAllowed",
        "path": "BadPath",
        "token": "MissingProviderToken",
        "good": "BadDeviceToken",
    }.items()
}


def files(folder: Path) -> Path:
    """server.pem, keys.pem and root.pem in a folder of their own."""
    place = folder / "server"
    place.mkdir()
    (place / "server.pem").write_text(SERVER.pem + ISSUING.pem + SERVER.key_pem, encoding="ascii")
    (place / "keys.pem").write_text(KEYS.pem, encoding="ascii")
    return place


@contextlib.contextmanager
def haproxy(folder: Path, verify: str = "required", versions: str = "") -> Iterator[int]:
    """HAProxy, which answers as Apple does to a certificate that it has verified."""
    place = files(folder)
    port = free_port()
    conf = place / "haproxy.cfg"
    conf.write_text(
        HAPROXY.format(port=port, folder=place, verify=verify, versions=versions, **_REASONS), encoding="utf-8"
    )
    program = shutil.which("haproxy") or "/usr/sbin/haproxy"
    with running([program, "-db", "-f", conf], place, ready=lambda _log: accepts(port)):
        yield port


def push(folder: Path, port: int, key: Minted | None, *options: str, host: str = HOST, at: int = 443) -> Run:
    """`stdiag push` on the service at `port`."""
    arguments = ["-s", f"{host}:{at}", "-p", str(at), "--resolve", f"{host}:{at}=127.0.0.1:{port}", *options]
    if key is not None:
        (folder / "key.p12").write_bytes(key_file(key))
        (folder / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
        arguments += ["-k", str(folder / "key.p12"), "--passphrase-file", str(folder / "pass")]
    return diagnose("push", *arguments, "--expected-root", str(pem_file(folder, ROOT)))


def endpoint(run: Run) -> dict[str, object]:
    """The analysis of the one endpoint."""
    (check,) = [check for check in run.report["checks"] if check["subject"]["kind"] == "endpoint"]
    analysis = check["analysis"]
    assert isinstance(analysis, dict)
    return analysis


@pytest.mark.peer("haproxy")
@pytest.mark.parametrize("versions", ["", "ssl-max-ver TLSv1.2"], ids=["1.3", "1.2"])
def test_haproxy_with_a_good_key(tmp_path: Path, versions: str) -> None:
    with haproxy(tmp_path, versions=versions) as port:
        run = push(tmp_path, port, GOOD)
    found = endpoint(run)
    assert (found["stage"], found["http_status"], found["apns_reason"]) == ("ok", 400, "BadDeviceToken")
    assert found["client_certificate"] == "accepted"
    assert run.decision == "go"


@pytest.mark.peer("haproxy")
@pytest.mark.parametrize("versions", ["", "ssl-max-ver TLSv1.2"], ids=["1.3", "1.2"])
@pytest.mark.parametrize(
    ("key", "alert"), [(EXPIRED, "certificate_expired"), (STRANGER, "unknown_ca")], ids=["expired", "stranger"]
)
def test_haproxy_refuses_a_key(tmp_path: Path, key: Minted, alert: str, versions: str) -> None:
    with haproxy(tmp_path, versions=versions) as port:
        run = push(tmp_path, port, key)
    assert endpoint(run)["reasons"] == [f"tls-alert:{alert}"]
    assert "push-key-refused" in run.codes
    assert run.decision == "no-go"


@pytest.mark.peer("haproxy")
def test_haproxy_without_a_key(tmp_path: Path) -> None:
    with haproxy(tmp_path, "optional") as port:
        run = push(tmp_path, port, None)
    assert (endpoint(run)["stage"], endpoint(run)["apns_reason"]) == ("ok", "MissingProviderToken")
    assert run.decision == "go"


@pytest.mark.peer("haproxy")
def test_haproxy_demands_what_is_not_there(tmp_path: Path) -> None:
    with haproxy(tmp_path) as port:
        run = push(tmp_path, port, None)
    assert run.decision == "incomplete"


NGINX = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.pem;
    ssl_client_certificate {folder}/keys.pem;
    ssl_verify_client on;
    location /3/device/ {{
      add_header apns-id 0F0F0F0F always;
      return 400 '{{"reason":"BadDeviceToken"}}';
    }}
  }}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """nginx, whose refusals are pages: it finishes every handshake."""
    place = files(folder)
    port = free_port()
    conf = place / "nginx.conf"
    conf.write_text(NGINX.format(folder=place, port=port), encoding="utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    command: list[str | Path] = [program, "-p", place, "-c", conf, "-e", "stderr"]
    with running(command, place, ready=lambda _log: accepts(port)):
        yield port


@pytest.mark.peer("nginx")
def test_nginx_with_a_good_key(tmp_path: Path) -> None:
    with nginx(tmp_path) as port:
        run = push(tmp_path, port, GOOD)
    assert endpoint(run)["apns_reason"] == "BadDeviceToken"
    assert run.decision == "go"


@pytest.mark.peer("nginx")
@pytest.mark.parametrize("key", [EXPIRED, STRANGER, None], ids=["expired", "stranger", "none"])
def test_nginx_refuses_with_a_page(tmp_path: Path, key: Minted | None) -> None:
    """Apple answers with JSON and an apns-id: a page is something else's, and its title says what."""
    with nginx(tmp_path) as port:
        run = push(tmp_path, port, key)
    finding = run.finding("push-not-apns")
    assert finding["params"]["status"] == 400
    assert finding["params"]["title"].startswith("400 ")


@contextlib.contextmanager
def s_server(folder: Path, version: str) -> Iterator[int]:
    """`openssl s_server`, which demands a certificate and is silent, as the old gateway was."""
    place = files(folder)
    port = free_port()
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", version, "-verify_return_error"]
    command += ["-cert", "server.pem", "-cert_chain", "server.pem", "-key", "server.pem"]
    command += ["-Verify", "1", "-CAfile", "keys.pem", "-naccept", "2", "-quiet"]
    with running(["sh", "-c", f"tail -f /dev/null | {' '.join(command)}"], place, ready=lambda _log: accepts(port)):
        yield port


@pytest.mark.peer("openssl")
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize(
    ("key", "reason"),
    [(GOOD, "ok"), (EXPIRED, "tls-alert:certificate_expired"), (STRANGER, "tls-alert:unknown_ca")],
    ids=["good", "expired", "stranger"],
)
def test_s_server_as_the_old_gateway(tmp_path: Path, key: Minted, reason: str, version: str) -> None:
    """The old test stopped after the handshake, and called a refused key good under TLS 1.3."""
    with s_server(tmp_path, version) as port:
        run = push(tmp_path, port, key, host="relay.example.com", at=2195)
    found = endpoint(run)
    assert found["question"] == "legacy"
    assert found["reasons"] == [reason]
    assert found["peer_issuer"] == "Example Push Service CA"
    assert ("push-key-refused" in run.codes) is (key is not GOOD)
