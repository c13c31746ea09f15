"""`stdiag config`, `config diff`, `all --from-config` and `init --from-config`, as a shell sees them."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.unit.cli.invoke import stdiag

from stdiag.cli.config_paths import take_from_config
from stdiag.formats.site_file import read_site
from stdiag.model import Proxy, PushSite, Site
from stdiag.net.credentials import Secret

SECRET = "hunter2"  # noqa: S105 - what must be nowhere
ENV = "MOBILE_CONFIGURL=hclsametime://%s@chat.acme.test/?action=AddCommunity&communityName=Acme\n"
CUSTOM = (
    f"REACT_APP_CHAT_SERVER_HOSTNAME=chat.acme.test\nMONGO_URL=mongodb://u:{SECRET}@mongo:27017/?authSource=admin\n"
    "LDAP_SERVER=ldap.acme.test\nLDAP_PORT=636\n"
)
ESCAPED = "STCONF\\_PUSH\\_PROXY\\_SERVER=push.acme.test\n"
PREFERENCES = (
    "com.ibm.collaboration.realtime.community/host=mux.acme.test\n"
    "com.ibm.collaboration.realtime.community/connectionType=socks5-proxy\n"
    "com.ibm.collaboration.realtime.community/proxyHost=socks.acme.test\n"
    f"com.ibm.collaboration.realtime.community/proxyPassword={SECRET}\n"
)
OLD = """\
<configuration>
  <photoCache><enabled>true</enabled><proxyServerURL>https://chat.acme.test</proxyServerURL></photoCache>
  <userTimeout>10</userTimeout>
</configuration>
"""
NEW = """\
<configuration>
  <!-- by the update -->
  <photoCache><enabled>true</enabled></photoCache>
  <userTimeout>20</userTimeout>
  <added>1</added>
</configuration>
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files, on a machine where any contact is a failure."""

    def contacted(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("nobody may be contacted")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "getaddrinfo", contacted)
    monkeypatch.setattr(socket.socket, "connect", contacted)
    (tmp_path / "st").mkdir()
    for name, content in {
        "st/.env": ENV,
        "st/custom.env": CUSTOM,
        "st/plugin_customization.ini": PREFERENCES,
        "escaped.env": ESCAPED,
        "before.xml": OLD,
        "after.xml": NEW,
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8", newline="\n")
    return tmp_path


def answered(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = stdiag(*arguments, "-f", "json")
    return result.exit_code, json.loads(result.stdout)


def told(result: Result) -> str:
    """A user's mistake: one sentence, and exit 2."""
    assert result.exit_code == 2
    assert result.stdout == ""
    sentences: str = result.stderr.partition("Error: ")[2]
    assert sentences.count("\n") == 1
    return sentences


# The lint


def test_files_without_mistakes_are_a_go() -> None:
    code, report = answered("config", "st/.env", "st/custom.env", "--product", "12-docker")
    assert code == 0
    assert [finding["code"] for finding in report["checks"][0]["findings"]] == []
    assert report["site"]["product"] == "12-docker"
    assert report["run"]["provenance"] == {"config.paths": "the command line", "product": "--product"}


def test_an_error_makes_the_exit_code_1() -> None:
    code, report = answered("config", "escaped.env")
    assert (code, report["verdict"]["causes"][0]["code"]) == (1, "config-name-escaped")
    assert stdiag("config", "escaped.env", "--fail-on", "never").exit_code == 0


def test_without_a_product_the_files_tell_whose_steps_are_shown() -> None:
    _, report = answered("config", "escaped.env")
    assert report["site"]["product"] == "12-docker"
    assert report["run"]["provenance"]["product"] == "escaped.env, a file of Sametime 12 on Docker"
    assert "add --product" not in stdiag("config", "escaped.env").stdout
    assert "add --product" not in stdiag("config", "escaped.env", "--product", "12-kubernetes").stdout


def test_options_may_stand_before_the_paths() -> None:
    assert stdiag("config", "-f", "json", "escaped.env").exit_code == 1


def test_a_folder_is_told_by_its_files() -> None:
    out = stdiag("config", "st").stdout
    assert "\n    custom.env  " in out
    assert "Addresses in them" in out


@pytest.mark.parametrize("form", ["text", "json", "md", "html", "short"])
def test_no_form_shows_a_secret(form: str) -> None:
    result = stdiag("config", "st", "escaped.env", "-v", "-f", form)
    assert result.exit_code == 1
    assert SECRET not in result.output


def test_a_file_called_diff_is_reached_by_its_path() -> None:
    Path("diff").write_text(ESCAPED, encoding="utf-8")
    assert stdiag("config", "./diff").exit_code == 1
    assert "Missing argument" in told(stdiag("config", "diff"))


def test_the_help_tells_both() -> None:
    out = stdiag("config", "--help").stdout
    assert " config [OPTIONS] PATH…\n" in out.splitlines(keepends=True)[0]
    assert "--product" in out
    assert "diff OLD NEW" in out
    assert " config diff [OPTIONS] OLD NEW\n" in stdiag("config", "diff", "--help").stdout


MISTAKES: dict[str, tuple[str | bytes, str]] = {
    "server.xml": ("<Server/>", "it is not known what this file is"),
    "broken.xml": ("<configuration>", ""),
    "stproxyconfig.xml": ("<configuration><mobile></configuration>", ""),
    "custom.env": ("A=b\n".encode("utf-16"), ""),
    "docker-compose.yml": ("services: [\n", ""),
    "values.yaml": ("a: &a [x]\nb: " + "*a, " * 3, ""),
    "stproxyconfig-bomb.xml": (
        '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><configuration>&d;</configuration>',
        "",
    ),
    "stproxyconfig-outside.xml": (
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><configuration><x>&b;</x></configuration>',
        "",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_sentence_with_the_file(name: str) -> None:
    content, words = MISTAKES[name]
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    sentence = told(stdiag("config", name))
    assert sentence.startswith(name)
    assert words in sentence
    assert told(stdiag("all", "--from-config", name)).startswith(f"--from-config: {name}")


def test_further_mistakes() -> None:
    assert "Name a file or a folder" in told(stdiag("config"))
    assert "there is no such file" in told(stdiag("config", "missing.env"))
    Path("empty").mkdir()
    assert "no known file lies in it" in told(stdiag("config", "empty"))
    assert ".json" in told(stdiag("config", "escaped.env", "-o", "report.xyz"))


def test_a_hundred_megabytes_are_one_sentence() -> None:
    with Path("huge.env").open("wb") as out:
        out.seek(100 << 20)
        out.write(b"\n")
    began = time.monotonic()
    assert "larger than 4096 KiB" in told(stdiag("config", "huge.env"))
    assert time.monotonic() - began < 2


# The comparison


def test_what_an_update_has_overwritten() -> None:
    result = stdiag("config", "diff", "before.xml", "after.xml")
    assert result.exit_code == 1
    head, stops, own, new = result.stdout.split("\n\n")
    assert head == "before.xml → after.xml: 3 differences"
    assert stops.startswith("Something that users have may stop (1)\n  REMOVED  photoCache/proxyServerURL  (line 2)\n")
    assert own.startswith(
        "A value of your own is gone, or is another one (1)\n  CHANGED  userTimeout  (line 3, now 4)\n"
    )
    assert "10 → 20" in own
    assert new.startswith("New (1)\n  ADDED    added  (line 5)\n")


def test_the_same_is_told() -> None:
    result = stdiag("config", "diff", "before.xml", "before.xml")
    assert (result.exit_code, result.stdout) == (0, "before.xml → before.xml: they say the same\n")


def test_the_exit_code_of_a_comparison() -> None:
    Path("changed.xml").write_text(OLD.replace("10", "11"), encoding="utf-8")
    Path("more.xml").write_text(OLD.replace("</conf", "<a>1</a></conf"), encoding="utf-8")
    codes = {
        (new, fail_on): stdiag("config", "diff", "before.xml", new, "--fail-on", fail_on).exit_code
        for new in ("after.xml", "changed.xml", "more.xml")
        for fail_on in ("error", "warning", "never")
    }
    assert {key for key, code in codes.items() if code == 1} == {
        ("after.xml", "error"),
        ("after.xml", "warning"),
        ("changed.xml", "warning"),
    }


def test_a_comparison_as_json() -> None:
    code, document = answered("config", "diff", "before.xml", "after.xml")
    assert code == 1
    assert [(one["change"], one["danger"], one["name"]) for one in document["differences"]] == [
        ("removed", "stops", "photoCache/proxyServerURL"),
        ("changed", "custom", "userTimeout"),
        ("added", "new", "added"),
    ]


def test_secrets_are_not_in_a_comparison() -> None:
    Path("a.env").write_text(f"A_PASSWORD={SECRET}\nB=1\n", encoding="utf-8")
    Path("b.env").write_text(f"A_PASSWORD={SECRET}x\nC_PASSWORD={SECRET}\n", encoding="utf-8")
    for form in ("text", "json"):
        assert SECRET not in stdiag("config", "diff", "a.env", "b.env", "-f", form).output


def test_two_kinds_are_not_compared() -> None:
    sentence = told(stdiag("config", "diff", "before.xml", "escaped.env"))
    assert "before.xml is a stproxyconfig.xml, escaped.env a environment file" in sentence


# The site from the files


def test_every_server_of_the_files_is_planned() -> None:
    out = stdiag("all", "--from-config", "st", "--plan").stdout
    for line in ("tls  chat.acme.test:443", "tls  ldap.acme.test:636", "paths  mux.acme.test", "config  file st"):
        assert f"\n  {line}\n" in out
    assert "socks.acme.test, port 1080" in out


def test_the_report_says_where_values_come_from() -> None:
    _, report = answered(
        "all", "own.acme.test", "--from-config", "st", "--from-config", "escaped.env", "--only", "config"
    )
    assert report["site"]["stproxy"]["url"] == "https://own.acme.test"
    assert report["site"]["config"]["paths"] == ["st", "escaped.env"]
    assert report["run"]["provenance"] == {
        "stproxy.url": "the command line",
        "stproxy.provisioning_url": ".env line 1",
        "product": ".env, a file of Sametime 12 on Docker",
        "community.host": "plugin_customization.ini line 1",
        "community.path": "plugin_customization.ini line 3",
        "tls.targets": "custom.env line 3",
        "config.paths": "--from-config",
    }


def test_the_password_of_a_push_proxy_is_used_and_shown_nowhere() -> None:
    Path("push.env").write_text(
        "STCONF_PUSH_PROXY_SERVER=push.acme.test\nSTCONF_PUSH_PROXY_PORT=8080\nSTCONF_PUSH_PROXY_USER=joe\n"
        f"STCONF_PUSH_PROXY_PASSWORD={SECRET}\n",
        encoding="utf-8",
    )
    secrets: dict[Proxy, Secret] = {}
    site, sources = Site(), dict[str, str]()
    take_from_config(site, sources, ["push.env"], secrets)
    assert site.push == PushSite(via="http://push.acme.test:8080", user="joe", password="file:push.env")  # noqa: S106
    assert [(str(proxy), secret.reveal()) for proxy, secret in secrets.items()] == [
        ("http://push.acme.test:8080", SECRET)
    ]
    code, report = answered("all", "--from-config", "push.env", "--only", "config")
    assert code == 0
    assert SECRET not in json.dumps(report)
    result = stdiag("init", "--from-config", "push.env")
    assert "add password" in result.stderr
    written, _ = read_site(Path("stdiag.toml"))
    assert written.push == PushSite(via="http://push.acme.test:8080", user="joe")


def test_flags_go_before_the_files() -> None:
    _, report = answered("all", "--from-config", "st", "--product", "12-windows", "--only", "config")
    assert report["site"]["product"] == "12-windows"


def test_a_written_site_is_the_same_site(folder: Path) -> None:
    result = stdiag("init", "--from-config", "st")
    assert (result.exit_code, result.stderr) == (0, "Wrote stdiag.toml. Next: stdiag all\n")
    text = Path("stdiag.toml").read_text(encoding="utf-8")
    assert "# From custom.env line 1.\nurl = " in text
    assert "mongodb://mongo:27017; database (MongoDB), custom.env line 2: a name inside Docker" in text
    assert SECRET not in text
    written, _ = read_site(Path("stdiag.toml"))
    assert written.config.paths == [str(folder / "st")]
    _, report = answered("all", "--from-config", "st", "--only", "config")
    report["site"]["config"]["paths"] = [str(folder / "st")]
    _, again = answered("all", "stdiag.toml", "--only", "config")
    assert again["site"] == report["site"]


def test_what_is_typed_goes_before_what_is_found() -> None:
    stdiag("init", "own.acme.test", "--from-config", "st", "--tls", "x.acme.test:636", "-o", "own.toml")
    site, _ = read_site(Path("own.toml"))
    assert site.stproxy is not None
    assert site.stproxy.url == "https://own.acme.test"
    assert site.tls.targets == ["x.acme.test:636", "ldap.acme.test:636"]


def test_a_site_file_whose_configuration_is_gone_is_a_mistake() -> None:
    Path("site.toml").write_text('[stproxy]\nurl = "https://a.acme.test"\n[config]\npaths = ["gone.env"]\n')
    assert told(stdiag("all", "site.toml")).startswith("[config] paths: ")


def test_the_demo_has_its_own() -> None:
    assert "leave --from-config out" in told(stdiag("all", "--demo", "--from-config", "st"))
