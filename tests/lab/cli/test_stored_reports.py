"""Runs against the lab, stored and taken up again on the command line."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from tests.lab.peers_faulty import refusing
from tests.unit.cli.process import run

from stdiag.lab.deployment import Lab

SAMPLE = ["missing-intermediate", "expired-leaf", "name-mismatch", "silent", "back-end-down", "host-invalid"]
SECRETS = {"PROXY_SECRET": "env-s3cret-1", "PUSH_SECRET": "env-s3cret-2"}
FILE_SECRET = "file-s3cret-3"  # noqa: S105 - made up, and looked for in every output
URL_SECRET = "url-s3cret-4"  # noqa: S105 - the same


def codes(document: bytes) -> list[list[str]]:
    return [[found["code"] for found in check["findings"]] for check in json.loads(document)["checks"]]


def everything(folder: Path) -> dict[str, bytes]:
    """Every file, and every file inside an archive."""
    found = {}
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix != ".zip":
            found[file.name] = file.read_bytes()
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found |= {f"{file.name}/{name}": archive.read(name) for name in archive.namelist()}
    return found


@pytest.mark.parametrize("fault", SAMPLE)
def test_a_stored_run_is_judged_the_same_on_the_command_line(fault: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    with Lab((fault,)) as lab:
        first = run("all", lab.site_file, "-q", "--timeout", "0.2", "-o", file)
    again = run("report", "judge", file, "-f", "json")
    assert again.returncode == first.returncode
    assert codes(again.stdout) == codes(file.read_bytes())
    assert json.loads(again.stdout)["verdict"] == json.loads(file.read_bytes())["verdict"]


def test_a_bundle_of_a_site_is_diagnosed_and_packed(tmp_path: Path) -> None:
    with Lab(("missing-intermediate",)) as lab:
        done = run("bundle", lab.site_file, "-o", tmp_path / "case.zip", "--redact")
    assert done.returncode == 1, done.stderr
    assert b"Keep this, never send it" in done.stderr
    private = tmp_path / "case.PRIVATE-map.json"
    names = json.loads(private.read_bytes())
    private.unlink()
    originals = {original.encode() for kind in ("hosts", "addresses", "files") for original in names[kind].values()}
    for name, content in everything(tmp_path).items():
        if name.endswith("README.txt"):
            continue
        content = content.replace(b"not only on 127.0.0.1", b"")  # noqa: PLW2901 - a remedy's own words
        lowered = content.lower()
        leaked = [
            one for one in originals if re.search(rb"(?<![\w-])" + re.escape(one.lower()) + rb"(?![\w-])", lowered)
        ]
        assert leaked == [], name
        assert b"MII" not in content or b"BEGIN" not in content


def test_no_secret_of_the_site_file_is_in_any_output(tmp_path: Path) -> None:
    (tmp_path / "password.txt").write_text(FILE_SECRET, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    with Lab(("missing-intermediate",)) as lab, refusing() as port:
        root = str(lab.root_file).replace("\\", "/")
        site = f"""
vantage = "stproxy"
[stproxy]
url = "https://chat.lab.example"
provisioning_url = "hclsametime://user:{URL_SECRET}@chat.lab.example/?action=AddCommunity&communityName=Lab&password={URL_SECRET}"
[community]
host = "127.0.0.1"
[[community.path]]
via = "http://127.0.0.1:{port}"
user = "jdoe"
password = "env:PROXY_SECRET"
ports = [1533]
[[community.path]]
via = "socks5h://127.0.0.1:{port}"
user = "jdoe"
password = "file:{str(tmp_path / "password.txt").replace(chr(92), "/")}"
ports = [1533]
[trust]
ca_files = ["{root}"]
[resolve]
"chat.lab.example:443" = "{lab.stproxy}"
"""
        (tmp_path / "stdiag.toml").write_text(site, encoding="utf-8")
        outputs = [part for suffix in ("json", "html", "md", "txt", "short") for part in ("-o", out / f"run.{suffix}")]
        streams = []
        for arguments in (
            ["all", "stdiag.toml", "--debug", "-v", *outputs],
            ["all", "stdiag.toml", "--plan", "--debug"],
            ["bundle", "stdiag.toml", "--debug", "-o", out / "case.zip"],
            ["bundle", out / "run.json", "--redact", "--debug", "-o", out / "redacted.zip"],
            ["report", "judge", out / "run.json"],
            ["report", "show", out / "case.zip", "-f", "json"],
        ):
            done = run(*arguments, env={**SECRETS, "CI": "1"}, cwd=tmp_path)
            assert done.returncode in (0, 1, 3), done.stderr
            streams += [done.stdout, done.stderr]
    files = everything(out)
    assert {"run.html", "case.zip/site.toml", "redacted.zip/report.json", "redacted.PRIVATE-map.json"} <= files.keys()
    for secret in (*SECRETS.values(), FILE_SECRET, URL_SECRET):
        assert not [number for number, stream in enumerate(streams) if secret.encode() in stream]
        assert not [name for name, content in files.items() if secret.encode() in content]
