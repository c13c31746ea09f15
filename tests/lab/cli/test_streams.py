"""What reaches stdout and stderr: data and notes apart, no escape sequences where nobody asked, and early readers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import jsonschema
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from tests.lab.peers_faulty import peer, refusing
from tests.lab.tls_servers import server_context, tls
from tests.minting import Authority
from tests.unit.cli.process import STDIAG, environment, run

from stdiag.lab.deployment import Lab

ESCAPE = b"\x1b"
NAME_CODES = {"net-name-not-found", "net-name-timeout", "net-name-server-failure"}


@pytest.fixture(scope="module")
def broken() -> Iterator[Lab]:
    with Lab(["missing-intermediate"]) as lab:
        yield lab


@pytest.fixture(scope="module")
def healthy() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


@pytest.mark.parametrize("form", ["text", "json", "md", "short"])
def test_a_pipe_gets_no_escape_sequences(form: str, broken: Lab) -> None:
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    done = run("all", broken.site_file, "-v", "-f", form, env=env)
    assert done.returncode == 1
    assert ESCAPE not in done.stdout + done.stderr


def on_a_terminal(arguments: list[str | Path], env: Mapping[str, str]) -> bytes:
    """What a terminal would be sent on both streams."""
    import pty  # POSIX only, as is this test

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*STDIAG, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(env)
    )
    os.close(theirs)
    came = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # EIO: the other side has gone
            break
        if not chunk:
            break
        came += chunk
    os.close(ours)
    process.wait(30)
    return came


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
@pytest.mark.parametrize(
    ("env", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["colour", "NO_COLOR", "dumb"],
)
def test_a_terminal_gets_colour_unless_it_does_not_want_it(env: dict[str, str], coloured: bool, broken: Lab) -> None:
    came = on_a_terminal(["all", broken.site_file, "-q"], {"TERM": "xterm-256color", **env})
    assert b"NO-GO" in came
    assert (ESCAPE in came) == coloured


def test_stdout_is_one_document_and_stderr_is_quiet(healthy: Lab, broken: Lab) -> None:
    schema = json.loads(run("schema").stdout)
    for lab, code, decision in ((healthy, 0, "go"), (broken, 1, "no-go")):
        done = run("all", lab.site_file, "-f", "json")
        document = json.loads(done.stdout)
        jsonschema.Draft202012Validator(schema).validate(document)
        assert (done.returncode, document["verdict"]["decision"], done.stderr) == (code, decision, b"")


def test_progress_goes_to_stderr_only(healthy: Lab) -> None:
    done = run("all", healthy.site_file, "-f", "json", env={"CI": "1"})
    json.loads(done.stdout)
    assert b"tls" in done.stderr
    assert run("all", healthy.site_file, "-f", "json", "-q", env={"CI": "1"}).stderr == b""


def test_a_reader_that_leaves_early_is_no_defect(broken: Lab) -> None:
    process = subprocess.Popen(
        [*STDIAG, "all", str(broken.site_file), "-v"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) != 0
    assert b"defect" not in said
    assert b"Traceback" not in said


def test_a_console_of_another_encoding_does_not_end_the_run(broken: Lab) -> None:
    done = run("all", broken.site_file, "-v", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"})
    assert done.returncode == 1
    assert b"NO-GO" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["all"], ["tls"], ["tls", "--quick"]], ids=" ".join)
def test_a_host_that_does_not_exist_is_a_finding(command: list[str]) -> None:
    done = run(*command, "no-such-host.invalid", "-f", "json", "--timeout", "0.2")
    causes = json.loads(done.stdout)["verdict"]["causes"]
    assert (done.returncode, len(causes)) == (1, 1), done.stderr
    assert causes[0]["code"] in NAME_CODES
    assert causes[0]["subject"] == {"kind": "name", "host": "no-such-host.invalid"}


def test_a_server_that_sends_steering_text(tmp_path: Path) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "\x1b]0;owned\x07\r\nGO  all is fine\u202e<b>")])
    issuing = Authority("\x1b[2J\x07\u202eevil CA")
    hostile = issuing.issue("other.example.com", subject_name=name)
    server = server_context(tmp_path, hostile)
    page = b"HTTP/1.1 200 \x1b[2J\r\nServer: \x1b]0;x\x07\xe2\x80\xae\r\nDate: \x1b[31m\r\nContent-Length: 0\r\n\r\n"
    for form in ("text", "json", "md", "short"):
        with peer(tls(server, page)) as port:
            done = run("tls", f"127.0.0.1:{port}", "-v", "-f", form, "--offline", env={"CI": "1"})
        assert done.returncode == 1, done.stderr
        for stream in (done.stdout, done.stderr):
            text = stream.decode()
            assert {character for character in text if character < " " or character in "\u202e\x7f\x9b"} <= {"\n"}
            assert not [line for line in text.splitlines() if line.startswith("GO ")]


def test_many_targets_in_one_run(broken: Lab) -> None:
    with refusing() as dead:
        began = time.monotonic()
        done = run("tls", str(broken.stproxy), f"127.0.0.1:{dead}", "--ca-file", broken.root_file, "-f", "json")
    assert time.monotonic() - began < 10
    document = json.loads(done.stdout)
    assert [check["subject"]["port"] for check in document["checks"]] == [broken.stproxy.port, dead]
    assert {cause["code"] for cause in document["verdict"]["causes"]} >= {"net-refused", "tls-chain-incomplete"}


def test_the_demo_is_a_no_go_with_the_repair_proven(tmp_path: Path) -> None:
    done = run("all", "--demo", "-o", tmp_path / "demo.json", cwd=tmp_path)
    assert done.returncode == 1
    document = json.loads((tmp_path / "demo.json").read_bytes())
    assert [cause["code"] for cause in document["verdict"]["causes"]] == ["tls-chain-incomplete"]
    (chain, *_) = document["checks"][0]["analysis"]["chains"]
    assert (chain["complete"], chain["recoverable"]) == (False, True)
