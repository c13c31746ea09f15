"""`stdiag explain`."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from stdiag.catalogue.registry import ALL
from stdiag.cli.explain import command


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_one_code() -> None:
    result = explain("tls-chain-incomplete")
    assert result.exit_code == 0
    order = [
        result.output.index(text)
        for text in (
            "The server does not send an intermediate certificate",
            "What it means",
            "How to verify",
            "Remedy: Make the server send the whole chain",
            "Sametime 12 on Docker or Podman",
            "tls-chain-incomplete: error, stops all mobile users",
            "- Hits: Android",
            "- Does not hit: desktop browsers",
            "- May follow from: tls-chain-wrong-issuer",
            "- May lead to: tls-root-untrusted",
            "openssl s_client -connect HOST:PORT -servername HOST -showcerts </dev/null",
        )
    ]
    assert order == sorted(order)
    assert "tls-aia-unreachable: info" not in result.output


def test_text_stands_in_and_headings_do_not_even_without_colour() -> None:
    lines = explain("tls-sni-required").output.splitlines()
    assert "What it means" in lines
    assert lines[lines.index("What it means") + 2].startswith("  A client says")
    assert "\x1b" not in "".join(lines)


def test_colour_when_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = CliRunner().invoke(command, ["clock-skew"], color=True).output
    assert "\x1b[1mWhat it means\x1b[0m" in coloured


def test_product_narrows_the_remedy() -> None:
    result = explain("tls-chain-incomplete", "--product", "12-kubernetes")
    assert "kubectl create secret tls" in result.output
    assert "docker compose" not in result.output
    assert "CellDefaultKeyStore" not in result.output.split("Remedy:")[1]


def test_a_prefix_stands_for_all_that_begin_with_it_and_a_page_comes_once() -> None:
    result = explain("tls-handshake")
    for code in ("silent", "slow", "closed", "refused", "failed"):
        assert f"tls-handshake-{code}: error" in result.output
    assert result.output.count("What it means") == 2
    assert explain("TLS-Handshake-*").output == result.output


def test_all() -> None:
    result = explain("--all")
    assert all(f"\n{code}: " in result.output for code in ALL)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("tls-chain-incompleet",), "did you mean tls-chain-incomplete?"),
        (("net-refuse\x1bd",), "did you mean net-refused?"),
        (("zzzzzz",), "`stdiag list` shows all of them."),
        (("",), "`stdiag list` shows all of them."),
        (("x" * 100_000,), "`stdiag list` shows all of them."),
        ((), "Say which code to explain"),
        (("clock-skew", "--product", "12"), "use one of 8.5, 9"),
        (("clock-skew", "--product", "\x1b"), "use one of 8.5, 9"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(arguments: tuple[str, ...], hint: str) -> None:
    result = explain(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert hint in result.stderr
    assert result.stderr.strip("\n").isprintable()
    assert len(result.stderr) < 300


def test_help_loads_nothing_but_click() -> None:
    script = (
        "import sys; import stdiag.cli.explain, stdiag.cli.listing;"
        "print(*[name for name in sys.modules if name.startswith(('stdiag.', 'msgspec', 'rich'))])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) == {"stdiag.cli", "stdiag.cli.explain", "stdiag.cli.listing"}
