"""`stdiag provisioning build` and `convert`: the URL on stdout, everything else on stderr."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from stdiag.cli.provisioning import command
from stdiag.render import terminal


def provisioning(*arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=answers)


def test_a_url_from_options() -> None:
    result = provisioning("build", "--host", "chat.example.com", "--community-name", "R&D", "--user", "joe@acme.com")
    assert result.exit_code == 0
    assert result.stdout == "hclsametime://joe%40acme.com@chat.example.com/?action=AddCommunity&communityName=R%26D\n"
    assert 'The new community is called "R&D".' in result.stderr


def test_every_option_reaches_the_url() -> None:
    old = provisioning(
        *("build", "--generation", "8.5-10", "--host", "h.example", "--port", "9080", "--no-ssl", "--photo-port", "81"),
        *("--no-save-password", "--auth-proxy", "--auth-proxy-reuse", "-q"),
    )
    assert (old.exit_code, old.stderr) == (0, "")
    assert old.stdout == (
        "sametime://h.example:9080/?action=AddCommunity&ssl=false&savePassword=false&photoPort=81"
        "&authProxyEnabled=true&authProxyReuseCredentials=true\n"
    )
    new = provisioning(
        *("build", "--host", "h.example", "--allow-untrusted-ssl", "--auth-proxy-user", "a b", "--server-setting"),
        *("--user", "%s", "-q"),
    )
    assert new.stdout == (
        "hclsametime://%s@h.example/?action=AddCommunity&authProxyUser=a%20b&allowUntrustedSSL=true\n"
    )


def test_what_is_doubtful_is_announced_with_its_code() -> None:
    result = provisioning("build", "--host", "h.example", "--allow-untrusted-ssl", "--user", "%s")
    assert "[prov-untrusted-ssl]" in result.stderr
    assert "[prov-placeholder]" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("build",), "Name the host that phones reach: --host chat.example.com."),
        (("build", "--port", "443"), "Name the host that phones reach"),
        (("build", "--host", "h.example", "--ssl"), "ssl does not exist in hclsametime:// URLs"),
        (("build", "--host", "h.example", "--user", "joe:hunter2"), "the user name holds a colon"),
        (("build", "--host", "a b"), "the host 'a b' has a space in it"),
        (("convert", "hclsametime://h.example"), "is the new generation already"),
        (("convert", "https://joe:hunter2@h.example"), "https:// is not the scheme of a provisioning URL"),
        (("qr", "https://joe:hunter2@h.example"), "https:// is not the scheme of a provisioning URL"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(arguments: tuple[str, ...], sentence: str) -> None:
    result = provisioning(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "hunter2" not in result.stderr


@pytest.fixture
def somebody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda _stream: True)


def urls(result: Result) -> list[str]:
    return [line for line in result.stdout.splitlines() if "://" in line]


@pytest.mark.usefixtures("somebody_is_there")
def test_answers_for_the_new_generation() -> None:
    result = provisioning("build", answers="\nnot a host\nchat.example.com\n\nR&D\n\nn\ny\ny\n")
    assert result.exit_code == 0
    (url,) = urls(result)
    assert url == (
        "hclsametime://chat.example.com/?action=AddCommunity&communityName=R%26D&savePassword=false"
        "&authProxyEnabled=true&authProxyReuseCredentials=true"
    )
    assert "has a space in it" in result.stderr


@pytest.mark.usefixtures("somebody_is_there")
def test_answers_for_the_old_generation() -> None:
    result = provisioning("build", answers="8.5-10\nchat.example.com\n9080\nn\n\njoe\n\n\n")
    assert urls(result) == ["sametime://joe@chat.example.com:9080/?action=AddCommunity&ssl=false&savePassword=true"]


def test_convert() -> None:
    result = provisioning("convert", "sametime://joe:hunter2@h.example:9080/?action=AddCommunity&ssl=false")
    assert result.exit_code == 0
    assert result.stdout == "hclsametime://joe@h.example/?action=AddCommunity&savePassword=true\n"
    assert "The connection was not encrypted" in result.stderr
    assert "hunter2" not in result.output


def test_convert_from_stdin_for_a_server_to_another_port() -> None:
    result = provisioning(
        *("convert", "-", "--server-setting", "--port", "8443", "-q"), answers="sametime://%s@h.example:9443/\n"
    )
    assert result.stdout == "hclsametime://%s@h.example:8443/?action=AddCommunity&savePassword=true\n"


def test_help_of_the_group_loads_none_of_its_commands() -> None:
    script = (
        "import sys; from stdiag.cli.main import cli; cli.main(['provisioning', '--help'], standalone_mode=False);"
        "print(*[name for name in sys.modules if name.startswith(('stdiag.', 'msgspec', 'rich', 'segno'))])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    own = {"stdiag.cli", "stdiag.cli.command_table", "stdiag.cli.main", "stdiag.cli.provisioning"}
    assert set(ran.stdout.splitlines()[-1].split()) == own


@pytest.mark.parametrize("name", ["build", "convert"])
def test_building_needs_no_qr_codes_and_no_network(name: str) -> None:
    script = (
        f"import sys, os; sys.argv = ['stdiag', 'provisioning', '{name}', '--help'];"
        "from stdiag.cli.main import cli; cli.main(standalone_mode=False);"
        "heavy = {'segno', 'requests', 'OpenSSL', 'cryptography', 'rich'};"
        "print(*heavy & set(sys.modules), '.')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**os.environ, "NO_COLOR": "1"}
    )
    assert ran.stdout.splitlines()[-1].strip() == "."


@pytest.mark.parametrize("name", ["check", "build", "qr", "convert"])
def test_every_command_has_its_help(name: str) -> None:
    run: Callable[..., Result] = provisioning
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"{name} [OPTIONS]" in result.output
