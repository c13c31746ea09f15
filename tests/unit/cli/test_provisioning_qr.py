"""`stdiag provisioning qr`: the code on stdout or in a file, its notes on stderr."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result

from stdiag.cli.provisioning_qr import command as qr

URL = "hclsametime://chat.example.com/?action=AddCommunity&communityName=R%26D"


def show(*arguments: str, **settings: str) -> Result:
    return CliRunner(charset=settings.get("charset", "utf-8")).invoke(
        qr, arguments, input=settings.get("answers"), env={"FORCE_COLOR": "", "NO_COLOR": "1"}
    )


def read(text: str, ink: str) -> bytes:
    """What ZXing reads in the code of # signs or half blocks, of which `ink` is the one that is light or dark."""
    lines = text.rstrip("\n").split("\n")
    rows: list[list[bool]] = []
    for line in lines:
        rows += [[c in "█▀" for c in line], [c in "█▄" for c in line]]
    width = max(len(row) for row in rows)
    light = ink == "light"
    pixels = b"".join(
        bytes(255 if drawn is light else 0 for drawn in row + [False] * (width - len(row)) for _ in range(4)) * 4
        for row in rows
    )
    (found,) = zxingcpp.read_barcodes(memoryview(pixels).cast("B", (len(rows) * 4, width * 4)))
    return bytes(found.bytes)


def test_the_code_is_the_url() -> None:
    result = show(URL)
    assert (result.exit_code, result.stderr) == (0, "")
    assert read(result.stdout, "light") == URL.encode()


def test_inverted() -> None:
    assert read("\n".join(line + "    " for line in show(URL, "--invert").stdout.split("\n")), "dark") == URL.encode()


def test_from_stdin() -> None:
    assert read(show("-", answers=f"{URL}\n").stdout, "light") == URL.encode()


def test_ascii_when_the_stream_knows_no_blocks() -> None:
    result = show(URL, charset="ascii")
    assert result.exit_code == 0
    assert set(result.stdout) == {"#", " ", "\n"}


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".PNG", b"\x89PNG")])
def test_files(tmp_path: Path, suffix: str, start: bytes) -> None:
    file = tmp_path / f"code{suffix}"
    result = show(URL, "-o", str(file), "--error", "H", "--width-mm", "60")
    assert (result.exit_code, result.output) == (0, "")
    assert file.read_bytes().startswith(start)


def test_a_password_is_warned_about() -> None:
    result = show("hclsametime://joe:hunter2@h.example/?action=AddCommunity")
    assert result.exit_code == 0
    assert "[prov-password-in-url]" in result.stderr
    assert "hunter2" not in result.stderr


def test_mistakes_are_told_and_the_code_is_made_all_the_same() -> None:
    url = "hclsametime://h.example/?acton=AddCommunity"
    result = show(url)
    assert "[prov-action-missing]" in result.stderr
    assert read(result.stdout, "light") == url.encode()
    assert show(url, "-q").stderr == ""


def test_what_is_too_fine_for_paper_is_told(tmp_path: Path) -> None:
    file = tmp_path / "code.svg"
    result = show(URL, "-o", str(file), "--width-mm", "10")
    assert "use --width-mm 18 or more" in " ".join(result.stderr.split())
    assert show(URL, "-o", str(file), "--width-mm", "18").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((URL, "-o", "code.gif"), "The file's name must end in .svg or .png."),
        ((URL, "-o", "no-such-folder/code.svg"), "cannot be written: No such file or directory."),
        ((f"{URL}&x={'x' * 3000}",), "bytes do not fit into a QR code of level M, which holds 2331."),
        ((f"{URL}&x={'x' * 2000}", "--error", "H"), "bytes do not fit into a QR code of level H, which holds 1273."),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = show(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
