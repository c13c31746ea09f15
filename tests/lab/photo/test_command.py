"""`stdiag photo` against a host on loopback: what is sent to whom, what comes of it, and what never shows."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.lab.peers_faulty import peer, silent
from tests.lab.photo.host import MEETING, MISSING, PICTURE, Asked, Said, moved, photo_host
from tests.lab.proxies import FakeProxy, http, running
from tests.lab.tls_servers import server_context
from tests.minting import Authority
from tests.unit.cli.invoke import stdiag

HOST = "photos.example.com"
NAME = "joe.bloggs@example.com.jpg"
TOKEN, TOKEN2 = "AAECAzU0c2VjcmV0", "BBEDBDY1ZmlyZTI="
AWAY = "http://www.example.com/"
ROOT = Authority("Example Root")
LEAF = ROOT.issue(HOST)


def url(port: int, path: str = NAME, scheme: str = "http") -> str:
    return f"{scheme}://{HOST}:{port}/{path}"


def run(address: str, port: int, *arguments: str | Path, to: str = "127.0.0.1") -> Result:
    return stdiag("photo", address, "--resolve", f"{HOST}:{port}={to}:{port}", *arguments, "-f", "json")


def report(result: Result) -> dict[str, Any]:
    assert result.exit_code in (0, 1, 3), result.output
    return dict(json.loads(result.stdout))


def codes(result: Result) -> dict[str, str]:
    """Code → severity, of all findings."""
    found = report(result)
    every = [finding for check in found["checks"] for finding in check["findings"]] + found["findings"]
    return {finding["code"]: finding["severity"] for finding in every}


def address(result: Result) -> dict[str, Any]:
    (one,) = report(result)["checks"][0]["observation"]["addresses"]
    return dict(one)


def recipe(asked: Asked) -> Said:
    """The rewrite rules: a cookie by its name, or away."""
    cookie = asked.cookie.lower()
    return Said() if any(name in cookie for name in ("ltpatoken2=", "ltpatoken=", MEETING.lower())) else moved(AWAY)


def verifying(asked: Asked) -> Said:
    """A server that looks at the token."""
    opens = (f"LtpaToken={TOKEN}", f"LtpaToken2={TOKEN2}", MEETING)
    return Said() if asked.cookie in opens else moved(AWAY)


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.setenv("ONE", TOKEN)
    monkeypatch.setenv("TWO", TOKEN2)
    return ("--ltpa-token", "env:ONE", "--ltpa-token2", "env:TWO")


def test_the_recipe_without_a_token() -> None:
    with photo_host(recipe) as host:
        result = run(url(host.port), host.port, "--from", "internet")
    assert codes(result) == {"photo-cookie-by-name": "info"}
    assert sorted(host.cookies)[0] == ""
    assert len(host.cookies) == 4
    assert all("c3RkaWFnOiBub3QgYSB0b2tlbg==" in cookie for cookie in host.cookies if cookie.startswith("Ltpa"))
    assert {asked.path for asked in host.asked} == {f"/{NAME}"}
    assert {asked.host for asked in host.asked} == {f"{HOST}:{host.port}"}


def test_a_server_that_looks_at_tokens(tokens: tuple[str, ...]) -> None:
    with photo_host(verifying) as host:
        result = run(url(host.port), host.port, "--from", "internet", *tokens)
    assert codes(result) == {}
    assert (result.exit_code, report(result)["summary"]["not_checked"]) == (0, [])
    assert sorted(host.cookies) == sorted(
        ["", f"LtpaToken={TOKEN}", f"LtpaToken2={TOKEN2}", MEETING, next(c for c in host.cookies if ";" in c)]
    )
    assert "without encryption" in result.stderr


@pytest.mark.parametrize("form", ["json", "text", "md", "html", "short"])
def test_a_token_shows_nowhere(form: str, tokens: tuple[str, ...], tmp_path: Path) -> None:
    outputs = [part for suffix in ("json", "html", "md", "txt") for part in ("-o", str(tmp_path / f"r.{suffix}"))]
    with photo_host(verifying) as host:
        there = ("--resolve", f"{HOST}:{host.port}=127.0.0.1:{host.port}")
        result = stdiag("photo", url(host.port), *there, *tokens, "-f", form, "-v", "--debug", *outputs)
    assert f"LtpaToken2={TOKEN2}" in host.cookies
    for text in (result.output, *(file.read_text("utf-8") for file in tmp_path.iterdir())):
        assert TOKEN not in text
        assert TOKEN2 not in text


class TestWhereTokensGo:
    """To the host that the URL names, and to nobody else."""

    def test_not_to_another_host_after_a_redirect(self, tokens: tuple[str, ...]) -> None:
        with photo_host(lambda _asked: Said()) as elsewhere:
            away = moved(f"http://127.0.0.1:{elsewhere.port}/{NAME}")
            with photo_host(lambda _asked: away) as host:
                result = run(url(host.port), host.port, *tokens)
        assert f"LtpaToken={TOKEN}" in host.cookies
        assert elsewhere.asked == []
        assert codes(result) == {"photo-cookies-refused": "error"}

    def test_not_from_tls_to_plain(self, tokens: tuple[str, ...], tmp_path: Path) -> None:
        with photo_host(recipe) as plain:
            down = moved(f"http://{HOST}:{plain.port}/{NAME}")
            context = server_context(tmp_path, LEAF)
            with photo_host(lambda _asked: down, context) as host:
                there = ("--resolve", f"{HOST}:{plain.port}=127.0.0.1:{plain.port}")
                run(url(host.port, scheme="https"), host.port, *there, *tokens)
        assert any(TOKEN in cookie for cookie in host.cookies)
        assert not any(TOKEN in cookie or TOKEN2 in cookie for cookie in plain.cookies)

    def test_to_tls_on_the_same_host(self, tokens: tuple[str, ...], tmp_path: Path) -> None:
        with photo_host(verifying, server_context(tmp_path, LEAF)) as over_tls:
            up = moved(f"https://{HOST}:{over_tls.port}/{NAME}")
            with photo_host(lambda _asked: up) as host:
                there = ("--resolve", f"{HOST}:{over_tls.port}=127.0.0.1:{over_tls.port}")
                result = run(url(host.port), host.port, *there, *tokens)
        assert f"LtpaToken2={TOKEN2}" in over_tls.cookies
        assert codes(result) == {"photo-redirected": "warning"}

    def test_a_refused_one_is_not_shown_again(self, tokens: tuple[str, ...]) -> None:
        """Of two photos of one host: the first one's refusal is known to the second."""
        with photo_host(lambda _asked: moved(AWAY)) as host:
            run(url(host.port), host.port, url(host.port, "zoe@example.com.jpg"), *tokens)
        assert host.cookies.count(f"LtpaToken={TOKEN}") == 1
        assert host.cookies.count(f"LtpaToken2={TOKEN2}") == 1

    def test_none_for_a_public_photo(self, tokens: tuple[str, ...]) -> None:
        with photo_host(lambda _asked: moved(AWAY)) as host:
            result = run(url(host.port), host.port, "--access", "public", *tokens)
        assert host.cookies == [""]
        assert codes(result) == {"photo-refused": "error"}

    def test_none_where_nothing_is_contacted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NOT_SET", raising=False)
        result = stdiag("photo", url(80), "--plan", "--ltpa-token", "env:NOT_SET")
        assert result.exit_code == 0
        assert HOST in result.stdout


def test_an_open_host_is_not_shown_any_cookie(tokens: tuple[str, ...]) -> None:
    with photo_host(lambda _asked: Said()) as host:
        result = run(url(host.port), host.port, "--from", "internet", *tokens)
    assert codes(result) == {"photo-open-to-everybody": "error"}
    assert host.cookies == [""]


def hangs(_stream: socket.socket, stop: threading.Event) -> None:
    stop.wait(5)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Said(length=5000), {"photo-cut-off": "warning"}),
        (Said(length=5000, then=hangs), {"photo-cut-off": "warning"}),
        (Said(body=PICTURE[:100]), {"photo-cut-off": "warning"}),
        (Said(body=PICTURE[:60] + bytes(50_000) + PICTURE[60:]), {"photo-large": "warning"}),
        (Said(body=PICTURE + bytes(1 << 20)), {"photo-large": "warning"}),
        (Said(headers=("Content-Type: text/html",)), {"photo-content-type": "warning"}),
        (
            Said(headers=("Content-Type: text/html",), body=b"<html><title>Hi</title></html>"),
            {"photo-not-an-image": "error"},
        ),
        (Said(body=b""), {"photo-not-an-image": "error"}),
        (Said(body=bytes(2 << 20)), {"photo-not-an-image": "error"}),
        (Said("503 Service Unavailable", (), b"x"), {"photo-server-error": "error"}),
        (MISSING, {"photo-missing": "error"}),
    ],
)
def test_what_comes(said: Said, expected: dict[str, str]) -> None:
    with photo_host(lambda _asked: said) as host:
        result = run(url(host.port), host.port, "--access", "public", "--timeout", "0.1")
    assert codes(result) == expected


def test_a_host_that_never_answers() -> None:
    with peer(silent) as port:
        result = run(url(port), port, "--timeout", "0.1")
    assert codes(result) == {"photo-no-answer": "error"}


def only_small_letters(asked: Asked) -> Said:
    return Said() if asked.path == f"/{NAME}" else MISSING


class TestCapitals:
    """A file named by a mail address with capitals is asked for in small letters too."""

    capitals = NAME.replace("joe", "Joe")

    def test_the_host_minds(self) -> None:
        with photo_host(only_small_letters) as host:
            result = run(url(host.port, self.capitals), host.port, "--access", "public")
        assert codes(result) == {"photo-name-capitals": "error"}
        assert [asked.path for asked in host.asked] == [f"/{self.capitals}", f"/{NAME}"]

    def test_the_host_does_not_mind(self) -> None:
        with photo_host(lambda _asked: Said()) as host:
            result = run(url(host.port, self.capitals), host.port, "--access", "public")
        assert codes(result) == {}

    def test_it_is_asked_for_with_the_cookie_that_opens(self) -> None:
        with photo_host(lambda asked: only_small_letters(asked) if asked.cookie else moved(AWAY)) as host:
            result = run(url(host.port, self.capitals), host.port)
        assert codes(result)["photo-name-capitals"] == "error"
        (again,) = [asked for asked in host.asked if asked.path == f"/{NAME}"]
        assert again.cookie.startswith("LtpaToken=")

    @pytest.mark.parametrize("path", ["Joe.jpg", "photo.do?email=Joe@example.com", NAME])
    def test_nothing_else_is_guessed(self, path: str) -> None:
        with photo_host(lambda _asked: MISSING) as host:
            run(url(host.port, path), host.port, "--access", "public")
        assert [asked.path for asked in host.asked] == [f"/{path}"]


def test_a_chain_that_java_does_not_build(tmp_path: Path) -> None:
    issuing = Authority("Example Issuing CA", parent=ROOT)
    root_file = tmp_path / "root.pem"
    root_file.write_text(ROOT.pem, encoding="ascii")
    leaf = issuing.issue(HOST)
    for sent_after, expected in (((), {"photo-chain-incomplete": "error"}), ((issuing.certificate,), {})):
        context = server_context(tmp_path / f"keys{len(sent_after)}", leaf, *sent_after)
        with photo_host(lambda _asked: Said(), context) as host:
            address_ = url(host.port, scheme="https")
            result = run(address_, host.port, "--access", "public", "--ca-file", root_file, "--offline")
        assert codes(result) == expected


def test_a_copy_of_stproxys() -> None:
    other = PICTURE[:-3] + b"\0" + PICTURE[-2:]
    with photo_host(lambda _asked: Said()) as host, photo_host(lambda _asked: Said(body=other)) as stproxy:
        copy = f"http://127.0.0.1:{stproxy.port}/photos/{NAME}"
        result = run(url(host.port), host.port, "--access", "public", "--stproxy-url", copy)
        assert codes(result) == {"photo-copy-differs": "info"}
        same = run(url(host.port), host.port, "--access", "public", "--stproxy-url", url(host.port))
    assert codes(same) == {}


def test_several_addresses_are_all_asked() -> None:
    with photo_host(recipe) as host:
        result = run(url(host.port), host.port, to=f"127.0.0.1:{host.port},127.0.0.2")
    addresses = report(result)["checks"][0]["observation"]["addresses"]
    assert [one["address"] for one in addresses] == ["127.0.0.1", "127.0.0.2"]
    assert set(codes(result)) == {"photo-cookie-by-name", "net-refused"}


def test_through_a_proxy(tokens: tuple[str, ...]) -> None:
    fake = FakeProxy(names={HOST: "127.0.0.1"})
    with photo_host(verifying) as host, running(fake, http(fake)):
        result = stdiag(
            "photo",
            url(host.port),
            "--via",
            f"http://127.0.0.1:{fake.port}",
            *tokens,
            "--from",
            "internet",
            "-f",
            "json",
        )
    assert codes(result) == {}
    assert f"LtpaToken2={TOKEN2}" in host.cookies
    assert set(fake.asked) == {(HOST, host.port)}
    assert not any(TOKEN.encode() in head for head in fake.heads)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name a photo"),
        ([" "], "empty"),
        ([url(80), "--access", "private"], "'public'"),
        ([url(80), "--ltpa-token", TOKEN], "never the token itself"),
        ([url(80), "--ltpa-token2", "env:NOT_SET_ANYWHERE"], "no such variable"),
        ([url(80), "--ltpa-token2", "file:/does/not/exist"], "cannot be read"),
        ([url(80), "--via-password", "env:X"], "--via"),
    ],
)
def test_a_mistake_costs_a_sentence(arguments: list[str], sentence: str) -> None:
    result = stdiag("photo", *arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
    assert TOKEN not in result.output


@pytest.mark.parametrize("value", ["", "two words", "a;b", "a\rX-Header: b", "ü", "x" * 9000])
def test_what_cannot_be_a_token(value: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(value.encode("utf-8") + b"\nmore\n")
    result = stdiag("photo", url(80), "--ltpa-token", f"file:{file}")
    assert result.exit_code == 2
    assert "not a cookie's value" in " ".join(result.stderr.split())


def test_a_whole_cookie_may_be_pasted(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"LtpaToken2={TOKEN2};\n", encoding="ascii")
    with photo_host(verifying) as host:
        run(url(host.port), host.port, "--ltpa-token2", f"file:{file}")
    assert f"LtpaToken2={TOKEN2}" in host.cookies


def test_a_url_that_names_nobody_is_judged_by_its_text() -> None:
    result = stdiag("photo", "photos/{mail}.jpg", "-f", "json")
    assert codes(result) == {"photo-url-placeholder": "error"}
    assert report(result)["checks"][0]["steps"] == []


def test_in_all_by_the_site_file(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN2, encoding="ascii")
    with photo_host(verifying) as host:
        site = tmp_path / "stdiag.toml"
        site.write_text(
            f'vantage = "internet"\n[photo]\nurls = ["{url(host.port)}"]\nltpa_token2 = "file:{token}"\n'
            f'[resolve]\n"{HOST}" = "127.0.0.1"\n',
            encoding="utf-8",
        )
        result = stdiag("all", site, "--only", "photo", "-f", "json")
    found = report(result)
    assert codes(result) == {}
    assert any("LtpaToken opens the photo" in entry["reason"] for entry in found["summary"]["not_checked"])
    assert TOKEN2 not in result.output


def test_what_is_on_the_screen() -> None:
    with photo_host(recipe) as host:
        there = ("--resolve", f"{HOST}:{host.port}=127.0.0.1:{host.port}")
        shown = stdiag("photo", url(host.port), *there).stdout
    assert "LtpaToken2, made up" in shown
    assert "JPEG, 96 x 96, 196 bytes" in shown
    assert f"sent to {AWAY}" in shown
    assert "Lets through" in shown
    assert max(map(len, shown.splitlines())) <= 100
