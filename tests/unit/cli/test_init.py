"""`stdiag init`: a site file that says what was meant, and no password."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stdiag.cli.init import command
from stdiag.formats.site_file import read_site
from stdiag.model import Product, Site, StproxySite, TlsSite, TrustSite, Vantage
from stdiag.render import terminal


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=answers)


def written(name: str = "stdiag.toml") -> Site:
    return read_site(Path(name))[0]


def test_a_host() -> None:
    result = init("chat.example.com:8443")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Wrote stdiag.toml. Next: stdiag all\n"
    assert written() == Site(stproxy=StproxySite(url="https://chat.example.com:8443"))


def test_a_url_without_its_password() -> None:
    result = init("https://joe:hunter2@chat.example.com/?token=hunter2")
    assert "is not written" in result.stderr
    assert written() == Site(stproxy=StproxySite(url="https://chat.example.com"))
    assert "hunter2" not in Path("stdiag.toml").read_text(encoding="utf-8")


def test_a_provisioning_url_without_its_password() -> None:
    result = init("sametime://joe:hunter2@chat.example.com:9443/?action=AddCommunity")
    assert "*** stands for it" in result.stderr
    url = "sametime://joe:***@chat.example.com:9443/?action=AddCommunity"
    assert written() == Site(stproxy=StproxySite(provisioning_url=url))
    assert "hunter2" not in Path("stdiag.toml").read_text(encoding="utf-8")


def test_every_option(folder: Path) -> None:
    result = init(
        *("chat.example.com", "--provisioning-url", "hclsametime://chat.example.com/?action=AddCommunity"),
        *("--product", "12-docker", "--from", "inside", "--tls", "mux.example.com:1516", "--tls", "[2001:db8::1]:443"),
        *("--ca-file", "sub/root.pem", "--ca-file", str(folder.parent / "other.pem")),
        *("--resolve", "chat.example.com:443=192.0.2.1", "-o", "site.toml"),
    )
    assert result.stderr == "Wrote site.toml. Next: stdiag all site.toml\n"
    assert written("site.toml") == Site(
        product=Product.V12_DOCKER,
        vantage=Vantage.INSIDE,
        stproxy=StproxySite(
            url="https://chat.example.com", provisioning_url="hclsametime://chat.example.com/?action=AddCommunity"
        ),
        tls=TlsSite(targets=["mux.example.com:1516", "[2001:db8::1]:443"]),
        trust=TrustSite(ca_files=[str(folder / "sub" / "root.pem"), str(folder.parent / "other.pem")]),
        resolve={"chat.example.com:443": "192.0.2.1"},
    )
    assert 'ca_files = ["sub/root.pem", ' in Path("site.toml").read_text(encoding="utf-8")


def test_options_alone() -> None:
    assert init("--product", "11").exit_code == 0
    assert written() == Site(product=Product.V11)


def test_a_file_is_replaced_only_by_force() -> None:
    file = Path("stdiag.toml")
    file.write_text("mine", encoding="utf-8")
    result = init("chat.example.com")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: stdiag.toml is there already: choose another --output, or --force to replace it.\n"
    )
    assert file.read_text(encoding="utf-8") == "mine"
    assert init("chat.example.com", "--force").exit_code == 0
    assert written() == Site(stproxy=StproxySite(url="https://chat.example.com"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name what is to be diagnosed, for example stdiag init chat.example.com."),
        (("a b",), "has a space in it"),
        (("samtime://h:1",), "is not known here"),
        (("sametime://",), "the host is missing"),
        (("sametime:joe:hunter2@h",), "after sametime must stand :// and the host"),
        (("h", "--product", "12"), "There is no generation '12': use one of 8.5, 9, 10, 11, 12-docker"),
        (("h", "--from", "home"), "There is no place 'home': use one of stproxy, inside, internet."),
        (("h", "--tls", "h:x"), "the port in 'h:x' is not a number"),
        (("h", "--resolve", "h"), "NAME"),
        (("h", "--ca-file", ""), "--ca-file: this is not a path"),
        (("h", "-o", "no-such-folder/x.toml"), "cannot be written: No such file or directory."),
        (("sametime://h:1", "--provisioning-url", "sametime://h:1"), "are both provisioning URLs"),
    ],
)
def test_wrong_usage_is_one_sentence_and_writes_nothing(
    arguments: tuple[str, ...], sentence: str, folder: Path
) -> None:
    result = init(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "hunter2" not in result.output
    assert list(folder.iterdir()) == []


def test_answers(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda _stream: True)
    result = init(answers="a b\nchat.example.com\n12\n12-docker\ninside\nroot.pem\n")
    assert result.exit_code == 0
    assert written() == Site(
        product=Product.V12_DOCKER,
        vantage=Vantage.INSIDE,
        stproxy=StproxySite(url="https://chat.example.com"),
        trust=TrustSite(ca_files=[str(folder / "root.pem")]),
    )
