"""`stdiag lab`: what it prints, how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from stdiag.cli.lab import command
from stdiag.lab.faults import FAULTS

# A shell that starts a job in the background has it ignore ^C: the child asks for the usual behaviour itself.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from stdiag.cli.lab import command
command()
"""


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, arguments)
    return done.exit_code, done.stdout, done.stderr


def test_run_says_where_everything_is_and_ends_by_itself() -> None:
    code, out, err = run("run", "--fault", "missing-intermediate", "--for", "0")
    assert code == 0, err
    assert "missing-intermediate: the leaf is sent without the CA that issued it" in out
    site = re.findall(r"stdiag all (\S+stdiag\.toml)", out)
    assert site
    assert not Path(site[0]).exists()  # the temporary folder went with the lab
    assert re.search(r"STProxy for chat\.lab\.example:443 +127\.0\.0\.1:\d+ ", out)
    assert re.search(r"issuer server +127\.0\.0\.1:\d+ ", out)
    assert max(map(len, out.splitlines())) <= 100


def test_the_healthy_lab_says_so_and_leaves_a_given_folder(tmp_path: Path) -> None:
    code, out, _ = run("run", "--folder", str(tmp_path / "my lab"), "--for", "0")
    assert code == 0
    assert "healthy" in out
    assert f'stdiag all "{tmp_path / "my lab" / "stdiag.toml"}"' in out
    assert (tmp_path / "my lab" / "stdiag.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--fault", "missing-intermedate"],
            "There is no fault named 'missing-intermedate'; did you mean missing-intermediate?",
        ),
        (
            ["--fault", "silent", "--fault", "reset"],
            "silent and reset cannot be injected together: both decide how the port answers.",
        ),
        (["--folder", "/dev/null/x"], "/dev/null/x cannot be made: Not a directory."),
    ],
)
def test_a_mistake_is_one_sentence(arguments: list[str], sentence: str) -> None:
    assert run("run", *arguments) == (2, "", f"Error: {sentence}\n")


def test_faults_are_listed_in_a_table_that_fits() -> None:
    code, out, _ = run("faults")
    assert code == 0
    lines = out.splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0].split("  ")[0] == "FAULT"
    listed = [line.split()[0] for line in lines[1:] if not line.startswith(" ")]
    assert listed == [fault.name for fault in FAULTS]
    row = next(line for line in lines if line.startswith("missing-intermediate"))
    assert row.endswith("tls-chain-incomplete")


def test_a_fault_is_told_about_when_it_is_named() -> None:
    code, out, _ = run("faults", "missing-intermediate", "aia-silent")
    assert code == 0
    one, other = out.split("\n\naia-silent: ")
    assert "Android and Java do not, and cannot log in." in one.replace("\n", " ")
    assert "Mended by a repaired chain: stdiag tls … --fix-bundle FILE" in one
    assert "Must be found first: tls-chain-incomplete; and: tls-aia-unreachable" in other
    assert "stdiag lab run --fault aia-silent" in other
    assert max(map(len, out.splitlines())) <= 100
    assert run("faults", "aia-silnt") == (
        2,
        "",
        "Error: There is no fault named 'aia-silnt'; did you mean aia-silent?\n",
    )


@pytest.mark.parametrize(
    ("fault", "program"),
    [
        ("expired-leaf", "openssl s_client"),
        ("community-down", "curl -i"),
        ("password-in-url", ""),
        ("mux-down", "curl -i --connect-to"),
        ("push-key-expired", "cd "),
        ("photo-open", "curl -i -o photo.bin --connect-to photos.lab.example:443:"),
    ],
)
def test_run_says_how_to_see_the_fault_without_stdiag(fault: str, program: str) -> None:
    _, out, _ = run("run", "--fault", fault, "--for", "0")
    _, told, commands = out.partition("without stdiag:\n")
    assert bool(told) == bool(program)
    assert commands.strip().startswith(program)


def test_a_healthy_lab_can_have_a_push_service() -> None:
    code, out, _ = run("run", "--push", "--for", "0")
    assert code == 0
    assert "healthy" in out
    assert re.search(r"push service for push\.lab\.example:2197 +127\.0\.0\.1:\d+ ", out)
    assert max(map(len, out.splitlines())) <= 100


def test_run_names_the_further_port() -> None:
    _, out, _ = run("run", "--fault", "tls-url-plain-port", "--for", "0")
    (address,) = re.findall(
        r"^plain port for chat\.lab\.example:9080 +(127\.0\.0\.1:\d+)  \(plain HTTP\)$", out, re.MULTILINE
    )
    assert f"openssl s_client -connect {address} " in out


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_it_is_told_to(ending: signal.Signals, tmp_path: Path) -> None:
    environment = {"PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path), "PATH": ""}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "run"], stdout=subprocess.PIPE, text=True, env=environment
    ) as lab:
        assert lab.stdout is not None
        for line in lab.stdout:
            if line.startswith("^C"):
                break
        time.sleep(0.05)
        assert list(tmp_path.iterdir())
        lab.send_signal(ending)
        rest = lab.stdout.read()
        assert lab.wait(timeout=10) == 0
    assert rest.endswith("The lab has ended.\n")
    assert list(tmp_path.iterdir()) == []
