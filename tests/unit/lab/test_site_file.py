"""The stdiag.toml that the lab writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from stdiag.lab.blueprint import Blueprint, PhotoManner
from stdiag.lab.error import LabError
from stdiag.lab.photos import PhotoTable
from stdiag.lab.push import PushTable
from stdiag.lab.site_file import SiteParts, write_site_file

ADDRESSES = {
    "chat.lab.example:443": "127.0.0.1:8443, 127.0.0.2:8444",
    "chat.lab.example:9080": "127.0.0.1:8080",
}


def test_it_is_toml_with_everything_in_it(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    strange = Path('C:\\Users\\"ä"\\root.pem')
    blueprint = Blueprint(product="11", further_parameters=("savePassword=true", "ssl=true"))
    write_site_file(file, blueprint, ADDRESSES, SiteParts(strange, proxies=["http://127.0.0.1:3128"]))
    site = tomllib.loads(file.read_text(encoding="utf-8"))
    assert site == {
        "product": "11",
        "vantage": "inside",
        "stproxy": {
            "url": "https://chat.lab.example",
            "provisioning_url": "hclsametime://chat.lab.example/?action=AddCommunity&communityName=Lab"
            "&savePassword=true&ssl=true",
        },
        "community": {
            "host": "mux.lab.example",
            "path": [{"expected": "open"}, {"via": "http://127.0.0.1:3128", "expected": "open"}],
        },
        "trust": {"ca_files": [str(strange)]},
        "resolve": ADDRESSES,
    }


def test_pushes_are_named_where_there_are_some(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    push = PushTable(tmp_path / "k.p12", tmp_path / "p.txt", "com.example.app", tmp_path / "root.pem")
    write_site_file(file, Blueprint(), ADDRESSES, SiteParts(tmp_path / "lab.pem", push=push))
    site = tomllib.loads(file.read_text(encoding="utf-8"))
    assert "vantage" not in site
    assert site["push"] == {
        "key": str(tmp_path / "k.p12"),
        "passphrase": f"file:{tmp_path / 'p.txt'}",
        "topic": "com.example.app",
        "google": False,
        "expected_roots": [str(tmp_path / "root.pem")],
        "endpoints": {"apns": ["push.lab.example:443", "push.lab.example:2197"]},
    }
    assert site["resolve"] == ADDRESSES


def test_photos_and_configuration_files_are_named_where_there_are_some(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    tokens = {"LtpaToken": tmp_path / "one.txt", "LtpaToken2": tmp_path / "two.txt"}
    photo = PhotoTable("https://photos.example/a.jpg", "https://chat.example/a.jpg", tokens, tmp_path / "photo.pem")
    parts = SiteParts(tmp_path / "lab.pem", photo=photo, config=[tmp_path / ".env"])
    write_site_file(file, Blueprint(photo=PhotoManner.OPEN), ADDRESSES, parts)
    site = tomllib.loads(file.read_text(encoding="utf-8"))
    assert site["vantage"] == "internet"  # where it matters
    assert site["config"] == {"paths": [str(tmp_path / ".env")]}
    assert site["photo"] == {
        "urls": ["https://photos.example/a.jpg"],
        "stproxy_urls": ["https://chat.example/a.jpg"],
        "ltpa_token": f"file:{tmp_path / 'one.txt'}",
        "ltpa_token2": f"file:{tmp_path / 'two.txt'}",
    }
    assert site["trust"]["ca_files"] == [str(tmp_path / "lab.pem")]  # which holds both
    write_site_file(file, Blueprint(root_trusted=False), ADDRESSES, parts)
    site = tomllib.loads(file.read_text(encoding="utf-8"))
    assert site["trust"]["ca_files"] == [str(tmp_path / "photo.pem")]


def test_without_a_root_it_trusts_none(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    write_site_file(file, Blueprint(root_trusted=False), ADDRESSES, SiteParts(tmp_path / "root.pem"))
    assert "trust" not in tomllib.loads(file.read_text(encoding="utf-8"))


def test_it_replaces_its_own_file_and_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    write_site_file(file, Blueprint(), {"chat.lab.example:443": "127.0.0.1:1"}, SiteParts(tmp_path / "root.pem"))
    write_site_file(file, Blueprint(), {"chat.lab.example:443": "127.0.0.1:2"}, SiteParts(tmp_path / "root.pem"))
    assert "127.0.0.1:2" in file.read_text(encoding="utf-8")
    file.write_text('product = "11"\n', encoding="utf-8")
    with pytest.raises(LabError, match="choose another folder"):
        write_site_file(file, Blueprint(), {"chat.lab.example:443": "127.0.0.1:3"}, SiteParts(tmp_path / "root.pem"))
    assert file.read_text(encoding="utf-8") == 'product = "11"\n'


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be written"):
        write_site_file(tmp_path / "missing" / "stdiag.toml", Blueprint(), ADDRESSES, SiteParts(tmp_path / "root.pem"))
