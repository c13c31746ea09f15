"""`stdiag provisioning check` and `stdiag all URL`, as a shell would see them."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import peer, watched_peer
from tests.lab.provisioning.web import HEALTHY, PROXY_INFO, Page, serves, web
from tests.lab.tls_servers import server_context, tls
from tests.peers.command import stdiag as stdiag_process
from tests.peers.identity import authority, leaf

from stdiag.cli.diagnose import masked_arguments
from stdiag.cli.main import cli
from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.model import Site
from stdiag.probes.contract import Context, Planned
from stdiag.probes.provisioning.judge import judge
from stdiag.probes.provisioning.observation import ProvisioningObservation
from stdiag.probes.provisioning.plan import planned, planned_url

SECRET = "Tr0ub4dor"  # noqa: S105 - it opens nothing
ACTION = "/?action=AddCommunity"
CLEAN = f"hclsametime://chat.example.com{ACTION}"


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)


def check(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return run("provisioning", "check", *arguments, stdin=stdin)


def report_of(result: Result) -> dict[str, Any]:
    assert result.exit_code in (0, 1, 3), result.output
    return dict(json.loads(result.stdout))


def causes(result: Result) -> list[str]:
    return [cause["code"] for cause in report_of(result)["verdict"]["causes"]]


class TestTextOnly:
    """Nothing is contacted."""

    def test_a_clean_url(self) -> None:
        result = check("--text-only", CLEAN)
        assert result.exit_code == 0
        assert "What the phone will show" in result.stdout
        assert "left out by --text-only" in " ".join(result.stdout.split())

    def test_a_wrong_one(self) -> None:
        assert causes(check("--text-only", "hclsametime://chat.example.com/", "-f", "json")) == ["prov-action-missing"]

    def test_several_from_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "links.txt"
        file.write_text(f"# for the phones\n\n{CLEAN}\n  {CLEAN}&savePassword=true\n", encoding="utf-8")
        report = report_of(check("--text-only", "--from-file", file, CLEAN, "-f", "json"))
        assert len(report["checks"]) == 2

    def test_from_standard_input(self) -> None:
        report = report_of(check("--text-only", "--from-file", "-", "-f", "json", stdin=f"{CLEAN}\r\n".encode()))
        assert report["verdict"]["decision"] == "go"

    def test_a_setting_of_the_server(self) -> None:
        url = f"hclsametime://%s@chat.example.com{ACTION}"
        assert causes(check("--text-only", "--server-setting", url, "-f", "json")) == []
        assert causes(check("--text-only", url, "-f", "json")) == ["prov-placeholder"]

    def test_nobody_is_named_by_the_plan(self) -> None:
        result = check("--text-only", CLEAN, "--plan", "-f", "json")
        assert result.exit_code == 0
        assert "443" not in result.stdout.replace("hclsametime://", "")


class TestMistakes:
    """One sentence, exit 2."""

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["https://chat.example.com"],
            ["chat.example.com"],
            ["hclsametime:chat.example.com"],
            ["samtime://chat.example.com"],
            ["hclsametime://"],
            [""],
            ["--from-file", "there-is-no-such-file.txt"],
            [CLEAN, "--fail-on", "sometimes"],
        ],
    )
    def test_it_ends_before_the_run(self, arguments: list[str]) -> None:
        result = check(*arguments)
        assert result.exit_code == 2
        assert "Traceback" not in result.output
        assert result.stdout == ""

    def test_the_line_is_told(self, tmp_path: Path) -> None:
        file = tmp_path / "links.txt"
        file.write_text(f"{CLEAN}\nhttps://user:{SECRET}@chat.example.com\n", encoding="utf-8")
        result = check("--from-file", file)
        assert result.exit_code == 2
        assert "links.txt" in result.stderr.replace("\n", "")
        assert "line 2" in result.stderr
        assert SECRET not in result.output

    def test_an_empty_file(self, tmp_path: Path) -> None:
        file = tmp_path / "links.txt"
        file.write_text("# nothing\n", encoding="utf-8")
        assert check("--from-file", file).exit_code == 2


class TestNetwork:
    """With what answers."""

    def test_go(self) -> None:
        with watched_peer(serves(HEALTHY)) as log:
            result = check(f"sametime://127.0.0.1:{log.port}{ACTION}&ssl=false")
        assert result.exit_code == 0
        assert log.accepted == 1

    def test_tls_is_judged_beside(self, tmp_path: Path) -> None:
        root = authority("Example Root")
        root_file = tmp_path / "root.pem"
        root_file.write_text(root.pem, encoding="ascii")
        context = server_context(tmp_path, leaf("127.0.0.1", root))
        with peer(tls(context, HEALTHY[PROXY_INFO].encoded())) as port:
            url = f"hclsametime://127.0.0.1:{port}{ACTION}"
            good = report_of(check(url, "--ca-file", root_file, "--offline", "-f", "json"))
            bad = report_of(check(url, "--offline", "-f", "json"))
        assert good["verdict"]["decision"] == "go", good["verdict"]
        assert [one["probe"] for one in good["checks"]] == ["tls", "provisioning"]
        assert bad["verdict"]["causes"][0]["code"].startswith("tls-")
        assert [one["outcome"] for one in bad["checks"]] == ["fail", "pass"]

    def test_plain_http_where_the_url_says_tls_is_one_cause(self) -> None:
        with web(HEALTHY) as port:
            report = report_of(check(f"hclsametime://127.0.0.1:{port}{ACTION}", "-f", "json"))
        assert [cause["code"] for cause in report["verdict"]["causes"]] == ["tls-not-tls"]
        assert len(report["verdict"]["causes"][0]["folded"]) == 1

    def test_nobody_listens_is_one_cause(self) -> None:
        with peers.refusing() as port:
            assert causes(check(f"hclsametime://127.0.0.1:{port}{ACTION}", "-f", "json")) == ["net-refused"]

    @pytest.mark.parametrize("mode", ["", "&ssl=false"])
    def test_a_dead_host_costs_one_connect_time_out(self, mode: str) -> None:
        with peers.full_backlog() as port:
            url = f"sametime://127.0.0.1:{port}{ACTION}{mode}"
            started = time.monotonic()
            result = check(url, "--timeout", "0.2", "-f", "json")
            lasted = time.monotonic() - started
        assert causes(result) == ["net-timeout"]
        assert lasted < 0.2 * 5 + 1

    def test_all_takes_a_provisioning_url(self) -> None:
        with web({PROXY_INFO: Page(body=b'{"communityConnected":false}')}) as port:
            url = f"sametime://u:{SECRET}@127.0.0.1:{port}{ACTION}&ssl=false"
            result = run("all", url, "-f", "json")
        report = report_of(result)
        assert report["site"]["stproxy"] == {"provisioning_url": url.replace(SECRET, "***")}
        assert "prov-community-down" in causes(result)
        assert result.stderr.count("password stands in the URL") == 1
        assert SECRET not in result.output


def test_a_password_is_warned_about_once_and_shown_nowhere(tmp_path: Path) -> None:
    """In a process of its own: its arguments are recorded in the report."""
    outputs = [word for suffix in ("json", "md", "txt") for word in ("-o", str(tmp_path / f"report.{suffix}"))]
    url = f"sametime://user:{SECRET}@127.0.0.1:9{ACTION}&ssl=false&authProxyPassword={SECRET}"
    done = stdiag_process("provisioning", "check", url, "--debug", "--verbose", *outputs)
    assert done.returncode == 1
    assert done.stderr.count("password stands in the URL") == 1
    written = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())
    assert "***" in written
    assert SECRET not in done.stdout + done.stderr + written
    assert stdiag_process("provisioning", "check", url, "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("typed", "recorded"),
    [
        (f"sametime://u:{SECRET}@h.example.com:1/", "sametime://u:***@h.example.com:1/"),
        (f"--x=hclsametime://u:{SECRET}@h.example.com/", "--x=hclsametime://u:***@h.example.com/"),
        (f"sametime:/u:{SECRET}@h.example.com", "sametime:***"),
        (f"https://u:{SECRET}@h.example.com/", "https://***@h.example.com/"),
        (f"u:{SECRET}@h.example.com", "***@h.example.com"),
        (f"samtime//u:{SECRET}@h.example.com", "samtime//***@h.example.com"),
        ("--resolve", "--resolve"),
        ("chat.example.com:443=[2001:db8::1]:443", "chat.example.com:443=[2001:db8::1]:443"),
        ("links@home.txt", "links@home.txt"),
    ],
)
def test_recorded_arguments(typed: str, recorded: str) -> None:
    assert masked_arguments([typed]) == [recorded]


SCHEMES = st.sampled_from(
    ["sametime://", "hclsametime://", "HCLSametime://", "sametime:/", "hclsametime:", "samtime://", "'sametime://"]
)
MARKS = (*"@:/?#%[]\\ \t\n\"'<>;,", "%40", "%3A", "%s", "h.example.com", "user", "\x1b[31m", "é")
SETTINGS = ("?action=AddCommunity", "&ssl=false", "&communityName=x", "&savePassword=true", "&photoPort=70000")
USERS = st.lists(st.sampled_from(MARKS), max_size=5).map("".join)
RESTS = st.lists(st.sampled_from([*MARKS, *SETTINGS, "&", "=", "&amp;", ":443"]), max_size=8).map("".join)
NAMES = st.sampled_from(["password", "authProxyPassword", "pwd", "passwd", "st_password"])
URLS = st.one_of(
    st.builds("{}{}:{}@h.example.com{}".format, SCHEMES, USERS, st.just(SECRET), RESTS),
    st.builds("{}u:{}{}@h.example.com:1".format, SCHEMES, st.just(SECRET), USERS),
    st.builds("{}h.example.com/?action=AddCommunity{}&{}={}".format, SCHEMES, RESTS, NAMES, st.just(SECRET)),
)
"""Links with a secret in a place where somebody may put one, and with whatever may go wrong around it."""


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(URLS, st.sampled_from(["text", "json", "md", "short"]))
def test_no_secret_in_any_output(url: str, form: str) -> None:
    arguments = ["provisioning", "check", url, "--text-only", "--debug", "--verbose", "-f", form]
    before, sys.argv = sys.argv, ["stdiag", *arguments]
    try:
        result = run(*arguments)
    finally:
        sys.argv = before
    assert result.exit_code in (0, 1, 2, 3), (url, result.exception)
    assert SECRET not in result.output, url


@settings(max_examples=2000, deadline=None)
@given(URLS)
@example("sametime://:Tr0ub4dor@h.example.com&savePassword=true\\&ssl=false@")
def test_no_secret_in_arguments_and_observations(url: str) -> None:
    assert SECRET not in "".join(masked_arguments([url])), url
    try:
        check = planned(parse_provisioning(url), text_only=True)
    except FormatError as mistake:
        told = str(mistake)
    else:
        told = _everything_about(check)
    assert SECRET not in told, url


def _everything_about(check: Planned) -> str:
    observation = ProvisioningObservation(url=check.subject.url or "", defects=planned_url(check).defects)
    analysis, findings = judge(observation, Context(started=datetime.now(UTC), site=Site()))
    return repr(check) + msgspec.json.encode([observation, analysis, findings]).decode()
