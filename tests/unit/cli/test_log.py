"""`stdiag log`: what it prints, what it leaves with, and what never leaves it."""

from __future__ import annotations

import gzip
import json
import unicodedata
from pathlib import Path

import pytest
from tests.unit.cli.invoke import stdiag
from tests.unit.cli.process import run
from tests.unit.formats.client_log.logs import (
    ANDROID,
    CCM_BROKEN,
    CCM_HEALTHY,
    CCM_START,
    OKHTTP,
    SAMETIME,
    WEBSPHERE,
)

FORMATS = ["text", "json", "md"]
SECRET = "s3cr3tZqX9"  # noqa: S105 - what must not be seen again


@pytest.fixture
def android(tmp_path: Path) -> Path:
    file = tmp_path / "sametime.log"
    file.write_text(ANDROID, encoding="utf-8", newline="\n")
    return file


def test_the_screen_tells_cause_candidates_and_command(android: Path) -> None:
    result = stdiag("log", android)
    assert result.exit_code == 1, result.output
    text = " ".join(result.stdout.split())
    assert text.startswith("The log names what stopped a client")
    for part in (
        "1. ERROR The log says that the client found no way",
        "sametime.log line 1: Trust anchor for certification path not found; 3 x",
        "tls-chain-incomplete",
        "stdiag tls HOST",
        "BadCertificateNotifier",
        "9: 7 recognised, 2 not known to stdiag",
        "Attempts to connect",
    ):
        assert part in text
    assert "2. ERROR" not in text, "what follows from the first is told with it"


def test_json_holds_it_all(tmp_path: Path, android: Path) -> None:
    other = tmp_path / "SystemOut.log.gz"
    other.write_bytes(gzip.compress(WEBSPHERE.encode()))
    result = stdiag("log", "-f", "json", android, other, android)
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [Path(log["file"]).name for log in document["logs"]] == ["sametime.log", "SystemOut.log.gz"]
    assert document["logs"][0]["timeline"][0]["outcome"] == "failed"
    first, second = document["causes"][:2]
    assert first["finding"]["code"] == second["finding"]["code"] == "log-chain-not-trusted"
    assert first["candidates"][0] == "tls-chain-incomplete"
    assert second["confirm"] == "stdiag tls meet.example.com:443"
    assert {one["code"] for one in first["folded"]} == {"log-certificate-refused", "log-retry-loop"}


def test_nothing_recognised_is_no_proof_and_exits_0(tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    file.write_text("nothing of interest\n", encoding="utf-8")
    result = stdiag("log", file)
    assert result.exit_code == 0
    assert result.stdout.startswith("Nothing was recognised that stops a client")
    assert "That proves nothing" in result.stdout


def test_a_note_alone_exits_0(tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    file.write_text(
        "    at org.apache.harmony.xnet.provider.jsse.OpenSSLSocketImpl.startHandshake(C.java:1)\n", encoding="utf-8"
    )
    result = stdiag("log", file)
    assert result.exit_code == 0
    assert "log-old-android" in result.stdout


def test_a_server_log_of_a_sound_start_names_nothing() -> None:
    done = stdiag("log", "-", stdin=CCM_HEALTHY.encode())
    assert done.exit_code == 0
    assert done.stdout.startswith("Nothing was recognised that stops a client")
    assert "log-" not in done.stdout


def test_downloads_of_connections_are_told_with_the_doubt_beside_them(tmp_path: Path) -> None:
    file = tmp_path / "SystemOut.log"
    file.write_text(CCM_START + CCM_BROKEN * 2, encoding="utf-8")
    result = stdiag("log", file)
    assert result.exit_code == 1
    text = " ".join(result.stdout.split())
    assert "CDHC enabled but configuration error found; 2 x" in text
    assert "stdiag explain log-ccm-cache" in text
    assert "Server CCMCluster_server1 open for e-business" in text.partition("Notes")[2]
    assert stdiag("log", "-", stdin=CCM_START.encode()).exit_code == 0, "a doubt stops nobody"


def test_servers_that_found_each_other_later_are_told_as_a_timeline() -> None:
    text = " ".join(stdiag("log", "-", stdin=SAMETIME.encode()).stdout.split())
    assert "stdiag paths 192.0.2.30 --port 1516" in text
    assert "13/May, 07:01:30 07:01:30 1 192.0.2.30 succeeded" in text
    assert "Form Sametime Community Server" in text


def test_standard_input() -> None:
    done = stdiag("log", "-", stdin=OKHTTP.encode())
    assert done.exit_code == 1
    assert "standard input line 2" in done.stdout
    assert stdiag("log", "-", stdin=b"").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name a log"),
        (["none.log"], "there is no such file"),
        ([str(Path(__file__).parent)], "this is a folder"),
        ([__file__, "-o", "x.pdf"], ".pdf is no format"),
        ([__file__, "-o", "x.short"], "a log is written as .json, .md or .txt"),
        ([__file__, "-o", "no/such/folder/x.json"], "a folder that exists"),
        ([__file__, "-f", "html"], "is not one of"),
    ],
)
def test_mistakes_cost_a_sentence(arguments: list[str], words: str) -> None:
    result = stdiag("log", *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_files_are_written_by_their_suffix(android: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"out.{suffix}" for suffix in ("json", "md", "txt")]
    result = stdiag("log", android, *[part for output in outputs for part in ("-o", output)])
    assert result.exit_code == 1
    assert json.loads(outputs[0].read_text(encoding="utf-8"))["causes"]
    assert outputs[1].read_text(encoding="utf-8").startswith("# The log names")
    assert outputs[2].read_text(encoding="utf-8").startswith("The log names")


LEAKING = f"""\
05-02 10:11:12.000  1  10 I okhttp: --> POST https://user:{SECRET}@chat.example.com/x?token={SECRET}
05-02 10:11:12.000  1  10 I okhttp: Authorization: Basic {SECRET} Connection refused
05-02 10:11:12.000  1  10 I okhttp: Cookie: LtpaToken2={SECRET} Connection reset
05-02 10:11:12.000  1  10 I okhttp: <-- 401 Unauthorized https://chat.example.com/{SECRET} password={SECRET}
java.net.ConnectException: failed to connect to password={SECRET} Connection refused
java.net.UnknownHostException: user:{SECRET}@chat.example.com
{SECRET} could not be resolved Token not present in request
The certificate issued by CN=x, password={SECRET} is not trusted
CWPKI0022E: SSL HANDSHAKE FAILURE: A signer with SubjectDN password={SECRET} was sent from target host:port "h.co:1"
https://{SECRET}:{SECRET}@chat.example.com/ Read timed out
https://user:1/{SECRET}@chat.example.com/ Read timed out
"""


@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_of_a_log_is_echoed(form: str, tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    text = LEAKING.replace(f"{SECRET} could", "chat.example.com could")
    file.write_text(text, encoding="utf-8")
    result = stdiag("log", "-f", form, file)
    assert result.exit_code == 1
    assert SECRET.lower() not in result.output.lower()
    assert "user:" not in result.output


HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066\x9b1m\u200b<script>`|*_\n"


@pytest.mark.parametrize("form", FORMATS)
def test_no_control_character_of_a_log_reaches_the_terminal(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"x{HOSTILE.strip()[:4]}.log"
    hostile = HOSTILE.strip()
    file.write_text(
        f"The certificate issued by CN={hostile} is not trusted\n"
        f"CWPKI0022E: SSL HANDSHAKE FAILURE: A signer with SubjectDN {hostile} was sent from target host:port h.co:1\n"
        f"User rejected server{hostile[:3]}s certificate\n",
        encoding="utf-8",
    )
    done = run("log", "-f", form, file)
    assert done.returncode == 1, done.stderr
    shown = (done.stdout + done.stderr).decode()
    assert [c for c in shown if c not in "\r\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")] == []
    if form == "md":
        assert "<script>" not in shown


def test_help_is_cheap() -> None:
    done = run("log", "--help")
    assert done.returncode == 0
    assert b"Contacts nobody" in done.stdout
