"""The healthy lab satisfies openssl, curl and Python; it starts and ends without leaving anything."""

from __future__ import annotations

import contextlib
import gc
import itertools
import json
import os
import random
import socket
import ssl
import threading
import time
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from stdiag.lab.blueprint import COMMUNITY_HOST, HOST
from stdiag.lab.deployment import Lab
from stdiag.lab.error import FaultConflictError, LabError, UnknownFaultError
from stdiag.lab.faults import FAULTS


@pytest.mark.peer("openssl", "curl")
def test_openssl_and_curl_are_content(start: Any, oracles: Any) -> None:
    lab = start()
    for options in ([], ["-tls1_2"], ["-tls1_3"]):
        seen = oracles.s_client(lab, "-verify_hostname", HOST, *options)
        assert seen.code == 0
        assert seen.chain == [HOST, "Lab Issuing CA R46"]
    assert oracles.s_client(lab, sni=False).code == 0
    assert oracles.s_client(lab, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0").cipher == "(NONE)"
    info = oracles.curl(lab, "/stwebapi/proxyinfo")
    assert info.returncode == 0, info.stderr
    told = json.loads(info.stdout)
    assert told["communityConnected"] is True
    assert told["isSAML"] is told["isOIDC"] is False
    page = oracles.curl(lab, "/", "-L", "-w", "%{num_redirects} %{num_connects} %{response_code}")
    assert "<h1>Sametime</h1>" in page.stdout
    assert page.stdout.endswith("1 1 200")  # the redirect is followed on the same connection


def test_python_is_content(start: Any, oracles: Any) -> None:
    assert oracles.handshake(start()) == "TLSv1.3"


def test_the_site_file_says_where_everything_is(start: Any) -> None:
    lab = start()
    site = tomllib.loads(lab.site_file.read_text(encoding="utf-8"))
    assert site["stproxy"]["url"] == f"https://{HOST}"
    assert site["resolve"][f"{HOST}:443"] == str(lab.stproxy)
    assert site["resolve"][f"{COMMUNITY_HOST}:1533"] == str(lab.mux)
    assert [path.get("via") for path in site["community"]["path"]] == [
        None,
        f"http://{lab.http_proxy}",
        f"socks5h://{lab.socks_proxy}",
    ]
    assert site["trust"]["ca_files"] == [str(lab.root_file)]
    assert [each.role for each in lab.endpoints] == [
        "STProxy",
        "http port",
        *["mux"] * 3,
        "photo host",
        "HTTP proxy",
        "SOCKS proxy",
        "issuer server",
    ]


def test_no_private_key_is_left_on_disk(start: Any) -> None:
    lab = start("ecdsa-rsa-differ")
    files = [each for each in lab.folder.rglob("*") if each.is_file()]
    assert sorted(each.name for each in files if each.parent == lab.folder) == [
        "lab-ltpatoken.txt",
        "lab-ltpatoken2.txt",
        "lab-photo-root.pem",
        "lab-root.pem",
        "stdiag.toml",
    ]
    assert all("PRIVATE KEY" not in each.read_text(encoding="utf-8") for each in files)


def test_start_and_stop_leave_nothing(oracles: Any) -> None:
    gc.collect()
    threads, files = set(threading.enumerate()), open_files()
    lab = Lab().start()
    folder = lab.folder
    oracles.handshake(lab)
    idle = [socket.create_connection((end.address, end.port)) for end in lab.endpoints]
    port = lab.stproxy.port
    began = time.monotonic()
    lab.stop()
    assert time.monotonic() - began < 2
    for each in idle:
        each.close()
    assert set(threading.enumerate()) == threads
    assert open_files() == files
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)
    lab.stop()


def open_files() -> int:
    """How many file handles this process holds, where the system tells."""
    listing = Path("/proc/self/fd")
    return len(os.listdir(listing)) if listing.exists() else 0  # noqa: PTH208 - iterdir() holds one open itself


@pytest.mark.parametrize("fault", ["silent", "slow", "no-answer", "hello-too-large", "aia-silent"])
def test_clients_that_hang_do_not_hold_the_lab(fault: str) -> None:
    threads = set(threading.enumerate())
    with Lab([fault]) as lab:
        idle = [socket.socket() for _ in lab.endpoints]
        for each, end in zip(idle, lab.endpoints, strict=True):
            each.setblocking(False)
            each.connect_ex((end.address, end.port))
        time.sleep(0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert set(threading.enumerate()) == threads
    for each in idle:
        each.close()


def test_it_starts_fast() -> None:
    Lab().start().stop()  # imports are not counted
    times = []
    for _ in range(5):
        began = time.perf_counter()
        lab = Lab().start()
        times.append(time.perf_counter() - began)
        lab.stop()
    assert min(times) < 0.1


def test_two_labs_side_by_side(start: Any, oracles: Any) -> None:
    one, two = start(), start()
    assert len({end.port for lab in (one, two) for end in lab.endpoints}) == 18
    assert oracles.handshake(one) == oracles.handshake(two) == "TLSv1.3"
    stranger = ssl.create_default_context(cafile=str(two.root_file))
    with (
        socket.create_connection((one.stproxy.address, one.stproxy.port), timeout=5) as stream,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        stranger.wrap_socket(stream, server_hostname=HOST)


def test_a_given_folder_stays_and_is_used_again(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "lab"
    for _ in range(2):
        with Lab(folder=folder) as lab:
            assert lab.folder == folder
        assert lab.site_file.exists()


def test_what_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnknownFaultError):
        Lab(["nonsense"])
    with pytest.raises(FaultConflictError):
        Lab(["silent", "reset"])
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    threads = set(threading.enumerate())
    with pytest.raises(LabError, match="cannot be made"):
        Lab(folder=file).start()
    (tmp_path / "stdiag.toml").write_text("", encoding="utf-8")
    with pytest.raises(LabError, match="choose another folder"):
        Lab(folder=tmp_path).start()
    assert set(threading.enumerate()) == threads  # a start that fails halfway takes back what it began
    with pytest.raises(LabError, match="not been started"):
        _ = Lab().site_file


def test_the_remedy_can_be_applied(start: Any, oracles: Any) -> None:
    lab = start("missing-intermediate")
    with pytest.raises(ssl.SSLCertVerificationError):
        oracles.handshake(lab)
    leaf = ssl.get_server_certificate((lab.stproxy.address, lab.stproxy.port))
    with urllib.request.urlopen(lab.issuer_url + "lab-issuing-ca-r46.cer", timeout=5) as reply:  # noqa: S310 - http on loopback
        issuer = ssl.DER_cert_to_PEM_cert(reply.read())
    with pytest.raises(LabError, match="does not belong"):
        lab.apply_bundle(issuer + leaf)
    with pytest.raises(LabError, match="no certificates"):
        lab.apply_bundle("nonsense")
    lab.apply_bundle(leaf + issuer)
    assert oracles.handshake(lab) == "TLSv1.3"


def test_faults_that_go_together_also_run_together() -> None:
    names = [fault.name for fault in FAULTS]
    tried = 0
    for combination in random.Random(2026).sample(list(itertools.combinations(names, 3)), 400):
        with contextlib.suppress(FaultConflictError), Lab(combination) as lab:
            assert lab.stproxy.port
            tried += 1
    assert tried > 20
