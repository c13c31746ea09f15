"""A user's mistake costs one sentence with the remedy and exit code 2, never a traceback, and contacts nobody."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.invoke import SAMPLES, judged_file, stdiag

# Names that files and folders have in the tests' folder → their content; None for a folder.
FILES: dict[str, bytes | None] = {
    "folder": None,
    "folder.json": None,
    "bad.toml": b"[stproxy]\nurl = chat.example.com\n",
    "unknown-key.toml": b'[stproxy]\nurll = "https://chat.example.com"\n',
    "wrong-type.toml": b"[tls]\nquick = 1\n",
    "nothing.toml": b"",
    "binary.toml": bytes(range(256)),
    "no-certificate.pem": b"hello\n",
    "bad-line.txt": b"chat.example.com\nchat.example.com:99999\n",
    "empty.txt": b"# nobody\n",
    "binary.txt": b"\x80\x81\x82",
    "utf-16.txt": "chat.example.com".encode("utf-16"),
    "huge.txt": b"chat.example.com\n" * 70_000,
}
LONG = "a" * 5000

# Arguments, and what the sentence about them must have in it.
MISTAKES: list[tuple[list[str], str]] = [
    # Commands and options
    (["nonsense"], "there are: all"),
    (["al"], "did you mean 'all'"),
    (["all", "--bogus"], "--bogus"),
    (["all", "a.example", "b.example"], "unexpected extra argument"),
    (["all", "a.example", "-f", "xml"], "'json'"),
    (["all", "a.example", "--from", "mars"], "'inside'"),
    (["all", "a.example", "--product", "13"], "'12-docker'"),
    (["all", "a.example", "--fail-on", "panic"], "'warning'"),
    (["all", "a.example", "--timeout", "0"], "0.1<=x<=20"),
    (["all", "a.example", "--timeout", "nan"], "range"),
    (["all", "a.example", "--timeout", "soon"], "soon"),
    (["all", "a.example", "--only", "tsl"], "did you mean 'tls'"),
    (["all", "a.example", "--skip", "zzz"], "there are: "),
    (["all", "a.example", "--only", "tls", "--skip", "tls"], "Nothing is left to check"),
    # Sites
    (["all"], "stdiag all chat.example.com"),
    (["all", "missing.toml"], "check the path"),
    (["all", "bad.toml"], "bad.toml line 2"),
    (["all", "unknown-key.toml"], "url"),
    (["all", "wrong-type.toml"], "quick"),
    (["all", "nothing.toml"], "names"),
    (["all", "binary.toml"], "UTF-8"),
    (["all", "folder"], "folder/stdiag.toml"),
    (["all", "http://a.example"], "https://a.example"),
    (["all", "ftp://a.example"], "https://"),
    (["all", "https://"], "host is missing"),
    (["all", "https://a.example:0"], "65535"),
    (["all", "a b"], "one host"),
    (["all", "a.example/path"], "https://"),
    (["all", "192.0.2.0/24"], "--targets"),
    (["all", "[::1"], "[ADDRESS]:PORT"),
    (["all", ""], "HOST"),
    (["all", LONG], "longer"),
    (["all", "--demo", "a.example"], "leave SITE out"),
    # Outputs
    (["all", "a.example", "-o", "report.xyz"], ".json"),
    (["all", "a.example", "-o", "report"], "no suffix"),
    (["all", "a.example", "-o", "missing/report.json"], "create it"),
    (["all", "a.example", "-o", "folder.json"], "that is a folder"),
    # Trust and look-ups
    (["all", "a.example", "--ca-file", "missing.pem"], "give the path"),
    (["all", "a.example", "--ca-file", "folder"], "give the path"),
    (["all", "a.example", "--ca-file", "no-certificate.pem"], "holds no certificate"),
    (["all", "a.example", "--resolve", "a.example"], "NAME[:PORT]=ADDRESS[:PORT]"),
    (["all", "a.example", "--resolve", "a.example=b.example"], "b.example"),
    (["all", "a.example", "--resolve", "a.example:x=192.0.2.1"], "65535"),
    # Targets
    (["tls"], "stdiag tls HOST[:PORT]"),
    (["tls", ""], "HOST"),
    (["tls", "a.example:port"], "65535"),
    (["tls", "a.example", "--name", ""], "--name"),
    (["tls", "a.example", "--name", "a b"], "--name"),
    (["tls", "--targets", "missing.txt"], "check the path"),
    (["tls", "--targets", "folder"], "name a file in it"),
    (["tls", "--targets", "bad-line.txt"], "bad-line.txt line 2"),
    (["tls", "--targets", "empty.txt"], "one HOST:PORT a line"),
    (["tls", "--targets", "binary.txt"], "UTF-8"),
    (["tls", "--targets", "utf-16.txt"], "UTF-8"),
    (["tls", "--targets", "huge.txt"], "larger than"),
    (["tls", "--targets", "-"], "one HOST:PORT a line"),
    # Certificate files
    (["tls", "--file", "missing.pem"], "name a file"),
    (["tls", "--file", "folder"], "name a file"),
    (["tls", "--file", "no-certificate.pem"], "BEGIN CERTIFICATE"),
    (["tls", "a.example", "--file", "no-certificate.pem"], "leave the targets out"),
    (["tls", "--targets", "bad-line.txt", "--file", "no-certificate.pem"], "leave the targets out"),
    (["tls", "a.example", "--fix-bundle", "missing/bundle.pem"], "create it"),
    (["tls", "a.example", "--fix-bundle", "folder"], "name a file in it"),
    (["tls", "a.example", "--save-chain", "empty.txt"], "choose another folder"),
    # The rest
    (["explain", "nonsense"], "stdiag list"),
    (["explain"], "stdiag list"),
    (["list", "everything"], "unexpected extra argument"),
    (["schema", "everything"], "unexpected extra argument"),
    (["lab", "run", "--fault", "missing-intermediat"], "missing-intermediate"),
    (["lab", "nonsense"], "nonsense"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a file of every wrong kind, on a machine where any contact is a failure."""

    def contacted(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("a mistake of the user's must end before anything is contacted")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "getaddrinfo", contacted)
    monkeypatch.setattr(socket.socket, "connect", contacted)
    monkeypatch.setattr(socket.socket, "connect_ex", contacted)
    for name, content in FILES.items():
        if content is None:
            (tmp_path / name).mkdir()
        else:
            (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "remedy"), MISTAKES, ids=[" ".join(arguments)[:60] or "nothing" for arguments, _ in MISTAKES]
)
def test_one_sentence_and_exit_2(arguments: list[str], remedy: str) -> None:
    result = stdiag(*arguments, stdin=b"")
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    before, _, sentence = result.stderr.rpartition("Error: ")
    assert sentence.endswith("\n")
    assert sentence.count("\n") == 1
    assert remedy in sentence
    assert len(sentence) < 400
    assert all(line.startswith(("Usage: ", "Try ")) or not line for line in before.splitlines())


def test_a_list_on_standard_input_that_is_too_long_is_not_cut_off_silently() -> None:
    result = stdiag("tls", "--targets", "-", "--plan", stdin=FILES["huge.txt"])
    assert result.exit_code == 2
    assert "larger than" in result.stderr


def test_targets_on_standard_input() -> None:
    result = stdiag("tls", "--targets", "-", "--plan", stdin=b"a.example\r\n# none\r\nb.example:8443\r\n")
    assert result.exit_code == 0
    assert "a.example" in result.stdout
    assert "8443" in result.stdout


def test_an_output_that_cannot_be_written_does_not_cost_the_answer(folder: Path) -> None:
    (folder / "report.json.part").mkdir()  # what the file is written as first
    result = judged_file("leaf-only.pem", "-o", "report.json")
    assert result.exit_code == 2
    assert result.stdout.startswith("NO-GO")
    assert "report.json cannot be written" in result.stderr
    assert not (folder / "report.json").exists()


def test_a_bundle_that_cannot_be_built_leaves_the_verdict(folder: Path) -> None:
    result = judged_file("leaf-only.pem", "--fix-bundle", "bundle.pem")
    assert (result.exit_code, result.stdout[:5]) == (1, "NO-GO")
    assert "bundle.pem was not written" in result.stderr
    assert not (folder / "bundle.pem").exists()


def test_a_bundle_of_a_good_file_is_in_order_without_the_root(folder: Path) -> None:
    result = judged_file("complete.pem", "--fix-bundle", "bundle.pem")
    assert result.exit_code == 0, result.output
    written, given = (folder / "bundle.pem").read_text("ascii"), (SAMPLES / "complete.pem").read_text("utf-8")
    assert certificates(written) == certificates(given)
    assert len(certificates(written)) == 2


def certificates(text: str) -> list[str]:
    return re.findall(r"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----", text)


def test_a_defect_of_stdiags_own_is_one_sentence_and_not_a_no_go(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import stdiag.cli.main as entry

    def ends(code: int) -> None:
        raise SystemExit(code)

    def breaks(**_options: Any) -> None:
        raise KeyError("hunter2")

    monkeypatch.setattr(entry, "_leave", ends)
    monkeypatch.setattr(entry.cli, "main", breaks)
    monkeypatch.setattr("sys.argv", ["stdiag", "list"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    out, err = capfd.readouterr()
    assert (ended.value.code, out) == (3, "")
    assert err.count("\n") == 1
    assert "--debug" in err
    assert "hunter2" not in err
    monkeypatch.setattr("sys.argv", ["stdiag", "list", "--debug"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 3
    assert "Traceback" in capfd.readouterr().err
