"""A password or a token that was typed shows nowhere: not on the screen, not in a file, not with --debug."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lab.peers_faulty import refusing
from tests.unit.cli.process import run

PASSWORD, TOKEN = "hunter2-s3cret", "t0ken-9f8e7d"
URLS = [
    "https://user:{password}@127.0.0.1:{port}/chat?token={token}#{token}",
    "https://{password}@127.0.0.1:{port}/",
    "https://user:pa@ss/{password}@127.0.0.1:{port}/",
    "https://us er:{password} {token}@127.0.0.1:{port}/",
    "HTTPS://user:{password}@127.0.0.1:{port}?{token}",
    # Mistakes, which cost a sentence
    "http://user:{password}@proxy.example.com:3128",
    "socks5h://user:{password}@127.0.0.1:1080",
    "user:{password}@127.0.0.1:{port}",
    "https:user:{password}@127.0.0.1",
    "https://user:{password}@",
    "https://user:{password}@127.0.0.1:99999/",
    "https://user:{password}@a b/",
]


def nowhere(done_streams: list[bytes]) -> None:
    for stream in done_streams:
        assert PASSWORD.encode() not in stream
        assert TOKEN.encode() not in stream


@pytest.mark.parametrize("command", ["all", "tls"])
@pytest.mark.parametrize("url", URLS)
def test_in_a_url(command: str, url: str, tmp_path: Path) -> None:
    with refusing() as port:
        typed = url.format(password=PASSWORD, token=TOKEN, port=port)
        outputs = [part for suffix in ("json", "md", "txt", "short") for part in ("-o", tmp_path / f"r.{suffix}")]
        done = run(command, typed, "--debug", "-v", "--offline", "-f", "json", *outputs)
    assert done.returncode in (1, 2), done.stderr
    assert b"Traceback" not in done.stderr
    nowhere([done.stdout, done.stderr, *(file.read_bytes() for file in tmp_path.iterdir())])
    if done.returncode == 1:
        assert len(list(tmp_path.iterdir())) == 4
        assert b"shell's history" in done.stderr


def test_in_a_list_and_in_a_site_file(tmp_path: Path) -> None:
    with refusing() as port:
        url = f"https://user:{PASSWORD}@127.0.0.1:{port}/?token={TOKEN}"
        (tmp_path / "list.txt").write_text(url, encoding="utf-8")
        (tmp_path / "stdiag.toml").write_text(
            f'[stproxy]\nurl = "{url}"\n[tls]\ntargets = ["{url}"]\n', encoding="utf-8"
        )
        for arguments in (["tls", "--targets", "list.txt"], ["all", "stdiag.toml"], ["all", "stdiag.toml", "--plan"]):
            done = run(*arguments, "--debug", "--offline", "-f", "json", cwd=tmp_path)
            assert done.returncode in (0, 1), done.stderr
            nowhere([done.stdout, done.stderr])


def test_in_an_option_that_takes_no_url(tmp_path: Path) -> None:
    url = f"http://user:{PASSWORD}@proxy.example.com:3128"
    for arguments in (
        ["tls", "a.example", "--name", url],
        ["tls", "a.example", "--resolve", f"a.example={url}"],
        ["tls", "a.example", f"--resolve={url}"],
        ["tls", "a.example", "--ca-file", url],
        ["tls", "a.example", "-o", f"{url}/report.json"],
        ["tls", "--targets", url],
        ["tls", "--file", url],
        ["explain", url],
        ["lab", "run", "--fault", url],
        [url],
    ):
        done = run(*arguments, "--debug", cwd=tmp_path)
        assert done.returncode == 2
        nowhere([done.stdout, done.stderr])


def test_a_proxy_of_the_environment_is_neither_used_nor_told(tmp_path: Path) -> None:
    proxy = f"http://user:{PASSWORD}@127.0.0.1:9"
    names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    env = dict.fromkeys(names, proxy)
    with refusing() as port:
        done = run("tls", f"127.0.0.1:{port}", "--debug", "-f", "json", env=env, cwd=tmp_path)
    assert done.returncode == 1
    assert b'"net-refused"' in done.stdout
    nowhere([done.stdout, done.stderr])
