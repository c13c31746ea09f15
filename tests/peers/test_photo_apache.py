"""Photos behind Apache httpd, which IBM HTTP Server is built on, with the known rewrite rules and with them broken;
curl asks the same server, and for https Java itself."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.peers import apache as apache_server
from tests.peers.apache import MODULES
from tests.peers.command import Run, diagnose
from tests.peers.conftest import KeyFilesFor, Pki
from tests.peers.identity import leaf
from tests.peers.web_oracle import CurlAnswer, curl_answer

from stdiag.catalogue.prose import remedy
from stdiag.lab.picture import grey_jpeg

pytestmark = pytest.mark.peer("apache2", "curl")

HOST = "icphotos.example.test"
NAME = "joe.bloggs@example.com.jpg"
CAPITALS = "Joe.Bloggs@Example.com.jpg"
PICTURE = grey_jpeg(40)
AWAY = "http://www.example.test"
LTPA, LTPA2, MEETING = "LtpaToken=x", "LtpaToken2=x", "STPluginActivePage=stMeetingroom"

OFFICE = r"RewriteCond %{REMOTE_ADDR} !^192\.0\.2\.(1[0-9]|2[0-9])$"
HERE = r"RewriteCond %{REMOTE_ADDR} !^127\.0\.0\.1$ [NC]"
BY_LTPA2 = "RewriteCond %{HTTP_COOKIE} !LtpaToken2=.*$ [NC]"
BY_LTPA = "RewriteCond %{HTTP_COOKIE} !LtpaToken=.*$ [NC]"
BY_MEETING = "RewriteCond %{HTTP_COOKIE} !STPluginActivePage=stMeetingroom [NC]"
COOKIES = (BY_LTPA2, BY_LTPA, BY_MEETING)
SENT_AWAY = f"RewriteRule ^(.*)$ {AWAY} [R,L]"

LOADED = ("dir", "headers", "mime", "rewrite")


@dataclass(frozen=True)
class Photos:
    """An Apache with photos."""

    port: int
    folder: Path
    scheme: str
    root: Path

    def url(self, name: str = NAME) -> str:
        """A photo's."""
        return f"{self.scheme}://{HOST}:{self.port}/{name}"

    def curl(self, cookie: str = "", name: str = NAME) -> CurlAnswer:
        """What curl gets with this cookie."""
        there = ("--resolve", f"{HOST}:{self.port}:127.0.0.1")
        return curl_answer(self.url(name), self.folder, *there, *(("--cookie", cookie) if cookie else ()))

    def diagnosed(self, *options: str | Path, name: str = NAME, vantage: str = "internet") -> Run:
        """`stdiag photo`, said to be run from there."""
        there = ("--resolve", f"{HOST}:{self.port}=127.0.0.1:{self.port}")
        return diagnose("photo", self.url(name), *there, "--from", vantage, "--ca-file", self.root, *options)

    def severities(self, *options: str | Path, **more: Any) -> dict[str, str]:
        """Code → severity of all that is found."""
        run = self.diagnosed(*options, **more)
        return {finding["code"]: finding["severity"] for finding in run.findings}


StartPhotos = Callable[..., Photos]


@pytest.fixture
def photos(pki: Pki, key_files: KeyFilesFor, tmp_path: Path, servers: contextlib.ExitStack) -> StartPhotos:
    """`photos(*directives, tls=False, whole=True, names=(NAME,))`: Apache with these rules."""

    def start(*directives: str, tls: bool = False, whole: bool = True, names: tuple[str, ...] = (NAME,)) -> Photos:
        folder = tmp_path / "apache"
        folder.mkdir()
        (folder / "photos").mkdir()
        for name in names:
            (folder / "photos" / name).write_bytes(PICTURE)
        (folder / "photos" / "sorry.html").write_text("<html><title>Sorry</title><body>No.</body></html>", "utf-8")
        (folder / "mime.types").write_text("image/jpeg jpg\ntext/html html\n", encoding="ascii")
        modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED)
        access = "<Location />\nRequire all granted\n</Location>"
        sent_after = (pki.intermediate.certificate,) if whole else ()
        keys = key_files(leaf(HOST, pki.intermediate), *sent_after)
        port = servers.enter_context(
            apache_server.apache(
                folder,
                keys,
                "SSLProtocol -all +TLSv1.2 +TLSv1.3" if tls else "SSLEngine off",
                f'DocumentRoot "{folder}/photos"',
                *directives,
                user=f"{modules}\nTypesConfig {folder}/mime.types\n{access}",
            )
        )
        return Photos(port, tmp_path, "https" if tls else "http", pki.root_file)

    return start


def is_photo(answer: CurlAnswer) -> bool:
    return (answer.status, answer.headers.get("content-type"), answer.body) == (200, "image/jpeg", PICTURE)


def is_away(answer: CurlAnswer) -> bool:
    return (answer.status, answer.headers.get("location")) == (302, AWAY)


def test_the_recipe(photos: StartPhotos) -> None:
    there = photos("RewriteEngine On", *COOKIES, OFFICE, SENT_AWAY)
    assert is_away(there.curl())
    for cookie in (LTPA, LTPA2, MEETING, "ltpatoken2=x", f"other=1; {MEETING}"):
        assert is_photo(there.curl(cookie)), cookie
    run = there.diagnosed()
    assert (run.decision, run.causes) == ("go", ["photo-cookie-by-name"])
    (address,) = run.report["checks"][0]["analysis"]["addresses"]
    assert address["rule"] == "by-name"
    answers = run.report["checks"][0]["observation"]["addresses"][0]
    assert [one["exchange"]["status"] for one in (answers["plain"], *answers["cookies"])] == [302, 200, 200, 200]
    assert there.severities(vantage="stproxy") == {"photo-stproxy-refused": "error", "photo-cookie-by-name": "info"}


def test_the_rules_that_the_remedy_shows(photos: StartPhotos) -> None:
    rules = re.findall(r"^\d+\. [^`\n]*`(Rewrite.+)`$", remedy("photo-access").source, re.MULTILINE)
    assert len(rules) == 7
    there = photos(*rules)
    assert there.curl().headers["location"] == "https://www.example.com/"
    assert all(is_photo(there.curl(cookie)) for cookie in (LTPA, LTPA2, MEETING))
    assert there.severities() == {"photo-cookie-by-name": "info"}


def test_a_listed_address_needs_no_cookie(photos: StartPhotos) -> None:
    there = photos("RewriteEngine On", *COOKIES, OFFICE, HERE, SENT_AWAY)
    assert is_photo(there.curl())
    for vantage in ("inside", "stproxy"):
        run = there.diagnosed(vantage=vantage)
        assert (run.decision, run.causes) == ("go", [])
        assert "whether strangers are kept out" in str(run.report["summary"]["not_checked"])
    # What an address that is listed says of the internet is not true there: so it matters where it is said to be run.
    assert there.severities() == {"photo-open-to-everybody": "error"}


def test_a_network_as_apache_2_4_writes_it(photos: StartPhotos) -> None:
    there = photos("RewriteEngine On", *COOKIES, "RewriteCond expr \"! -R '127.0.0.0/8'\"", SENT_AWAY)
    assert is_photo(there.curl())
    assert there.severities(vantage="stproxy") == {}


@pytest.mark.parametrize("rules", [(), (*COOKIES, SENT_AWAY)], ids=["no rules", "engine off"])
def test_an_open_host(photos: StartPhotos, rules: tuple[str, ...]) -> None:
    there = photos(*rules)
    assert is_photo(there.curl())
    assert there.severities() == {"photo-open-to-everybody": "error"}
    assert there.severities("--access", "public") == {}


def test_other_letters_without_nc(photos: StartPhotos) -> None:
    lower = [rule.replace("Ltpa", "ltpa").replace("ST", "st").removesuffix(" [NC]") for rule in COOKIES]
    there = photos("RewriteEngine On", *lower, OFFICE, SENT_AWAY)
    assert all(is_away(there.curl(cookie)) for cookie in (LTPA, LTPA2, MEETING))
    assert is_photo(there.curl("ltpaToken2=x"))
    run = there.diagnosed()
    assert {finding["code"]: finding["severity"] for finding in run.findings} == {"photo-cookies-refused": "warning"}
    assert "[NC]" in str(run.findings[0]["params"]["candidates"])


def test_conditions_joined_by_or(photos: StartPhotos) -> None:
    joined = [rule.replace("[NC]", "[NC,OR]") for rule in COOKIES]
    there = photos("RewriteEngine On", *joined, OFFICE, SENT_AWAY)
    assert all(is_away(there.curl(cookie)) for cookie in (LTPA, LTPA2, MEETING))
    run = there.diagnosed()
    assert run.severity("photo-cookies-refused") == "warning"
    assert "[OR]" in str(run.findings[0]["params"]["candidates"])


def test_only_the_newer_token(photos: StartPhotos, monkeypatch: pytest.MonkeyPatch) -> None:
    there = photos("RewriteEngine On", BY_LTPA2, BY_MEETING, OFFICE, SENT_AWAY)
    assert is_away(there.curl(LTPA))
    assert is_photo(there.curl(LTPA2))
    found = there.diagnosed()
    assert found.severity("photo-cookie-refused") == "warning"
    assert found.finding("photo-cookie-refused")["params"]["refused"] == ["LtpaToken (made up)"]
    monkeypatch.setenv("TOKEN", "cmVhbA==")
    real = there.diagnosed("--ltpa-token", "env:TOKEN")
    assert real.finding("photo-cookie-refused")["params"]["refused"] == ["LtpaToken"]
    assert "cmVhbA==" not in str(real.report)


def test_meetings_forgotten(photos: StartPhotos) -> None:
    there = photos("RewriteEngine On", BY_LTPA2, BY_LTPA, OFFICE, SENT_AWAY)
    assert is_away(there.curl(MEETING))
    finding = there.diagnosed().finding("photo-cookie-refused")
    assert finding["params"]["refused"] == ["STPluginActivePage"]
    assert "guests" in finding["affects"]


@pytest.mark.parametrize(
    ("rule", "status"), [("RewriteRule ^ - [F]", 403), ("RewriteRule !^/sorry.html$ /sorry.html [L]", 200)]
)
def test_other_ways_to_keep_out(photos: StartPhotos, rule: str, status: int) -> None:
    there = photos("RewriteEngine On", *COOKIES, OFFICE, rule)
    assert there.curl().status == status
    assert there.severities() == {"photo-cookie-by-name": "info"}


class TestCapitals:
    """Linux tells capitals from small letters, and so does Apache on it."""

    def test_only_files_with_capitals(self, photos: StartPhotos) -> None:
        there = photos(names=(CAPITALS,))
        assert (there.curl(name=CAPITALS).status, there.curl().status) == (200, 404)
        assert there.severities("--access", "public", name=CAPITALS) == {"photo-name-capitals": "warning"}
        assert there.severities("--access", "public") == {"photo-missing": "error"}

    def test_only_the_url_has_them(self, photos: StartPhotos) -> None:
        there = photos()
        assert there.severities("--access", "public", name=CAPITALS) == {"photo-name-capitals": "error"}

    def test_the_rule_of_the_remedy_mends_it(self, photos: StartPhotos) -> None:
        there = photos("RewriteEngine On", "RewriteMap lc int:tolower", "RewriteRule ^/(.*[A-Z].*)$ /${lc:$1} [PT]")
        assert is_photo(there.curl(name=CAPITALS))
        assert there.severities("--access", "public", name=CAPITALS) == {}


def test_a_type_that_nobody_set(photos: StartPhotos) -> None:
    there = photos("ForceType text/plain")
    assert there.curl().headers["content-type"] == "text/plain"
    assert there.severities("--access", "public") == {"photo-content-type": "warning"}


JAVA = Path(__file__).parent / "jsse" / "PhotoFetch.java"


def fetched_by_java(root: Path, folder: Path, *urls: str) -> list[str]:
    """What Java's own HTTP client gets, with one root in its store."""
    hosts = folder / "hosts"
    hosts.write_text(f"127.0.0.1 {HOST}\n", encoding="ascii")
    options = [f"-Djdk.net.hosts.file={hosts}", "-Xshare:auto", "-XX:TieredStopAtLevel=1"]
    command = ["java", *options, str(JAVA), str(root)]
    done = subprocess.run(command, input="\n".join(urls), capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


@pytest.mark.peer("java", "javac")
def test_an_incomplete_chain_stops_java_and_not_the_photo(photos: StartPhotos) -> None:
    there = photos(tls=True, whole=False)
    assert is_photo(there.curl())
    (said,) = fetched_by_java(there.root, there.folder, there.url())
    assert said.startswith("NO PKIX path building failed")
    run = there.diagnosed("--access", "public", vantage="stproxy")
    assert run.severity("photo-chain-incomplete") == "error"
    assert run.causes == ["photo-chain-incomplete"]
    assert there.severities("--access", "public", "--product", "9", vantage="stproxy") == {
        "photo-chain-incomplete": "warning"
    }


@pytest.mark.peer("java", "javac")
def test_a_whole_chain_does_not(photos: StartPhotos, pki: Pki) -> None:
    there = photos(tls=True)
    assert fetched_by_java(there.root, there.folder, there.url()) == [f"200 {len(PICTURE)}"]
    assert there.severities("--access", "public", vantage="stproxy") == {}
    # The same without the root, as the Java of Sametime has it: it is a private one.
    run = diagnose(
        "photo", there.url(), "--resolve", f"{HOST}:{there.port}=127.0.0.1:{there.port}", "--access", "public"
    )
    assert run.causes == ["photo-root-unknown"]
    assert pki.root.common_name in run.findings[0]["params"]["root"]


@pytest.mark.peer("java", "javac")
def test_java_does_not_go_from_http_to_https(
    photos: StartPhotos, pki: Pki, key_files: KeyFilesFor, tmp_path: Path, servers: contextlib.ExitStack
) -> None:
    over_tls = photos(tls=True)
    folder = tmp_path / "plain"
    folder.mkdir()
    keys = key_files(leaf(HOST, pki.intermediate))
    rewrite = f"LoadModule rewrite_module {MODULES}/mod_rewrite.so\n<Location />\nRequire all granted\n</Location>"
    rule = f"RewriteRule ^/(.*)$ {over_tls.url('$1')} [R=301,L]"
    port = servers.enter_context(
        apache_server.apache(folder, keys, "SSLEngine off", "RewriteEngine On", rule, user=rewrite)
    )
    plain = f"http://{HOST}:{port}/{NAME}"
    said, direct = fetched_by_java(over_tls.root, tmp_path, plain, over_tls.url())
    assert said.startswith("301 ")
    assert direct == f"200 {len(PICTURE)}"
    there = [f"{HOST}:{one}=127.0.0.1:{one}" for one in (port, over_tls.port)]
    run = diagnose("photo", plain, "--resolve", there[0], "--resolve", there[1], "--access", "public")
    assert [finding["code"] for finding in run.findings] == ["photo-redirected"]
    assert run.severity("photo-redirected") == "warning"
