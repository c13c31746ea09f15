"""The table of anchors: its shape, and what was read off for the public CAs that matter."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key

from stdiag.clients import refresh, table
from stdiag.pki.distinguished_name import name_text

SHIPPED = Path(table.__file__).with_name("data") / "anchors.json"

COLUMNS = tuple("4.0 4.1 4.4 5.0 5.1 6.0 7.0 7.1.1 8.1 9 10 11 12.1 13 15 16 17".split())  # noqa: SIM905 - the heads of the columns below
# Which of these Android releases hold a root, as read from AOSP's history and the observatory's: SHA-256 prefix, a
# column each, and how the root is called. Let's Encrypt, Google, GlobalSign, Sectigo, DigiCert, Amazon, Entrust …
READ_OFF = """\
96bcec06 -------xxxxxxxxxx ISRG Root X1
06872603 xxxxxxxxxxxxxx--- DST Root CA X3
69729b8e --------------xxx ISRG Root X2
d947432a --------------xxx GTS Root R1
2a575471 ----------xxxx--- GTS Root R1 (old issue, same key)
71cca539 ----------xxxx--- GTS Root R4 (old issue, same key)
349dfa40 --------------xxx GTS Root R4
ebd41040 xxxxxxxxxxxxxxx-- GlobalSign Root CA (R1)
cbb522d7 xxxxxxxxxxxxxxxxx GlobalSign R3
2cabeafe ----------xxxxxxx GlobalSign R6
4fa3126d --------------xxx GlobalSign Root R46
e793c9b0 ----xxxxxxxxxxxxx USERTrust RSA
4ff460d5 ----xxxxxxxxxxxxx USERTrust ECC
d7a7a0fb xxxxxxxxxxxxxxx-- AAA Certificate Services
7bb647a6 --------------xxx Sectigo Public Server Auth Root R46
4348a0e9 xxxxxxxxxxxxxxxxx DigiCert Global Root CA (G1)
cb3ccbb7 ---xxxxxxxxxxxxxx DigiCert Global Root G2
31ad6648 ---xxxxxxxxxxxxxx DigiCert Global Root G3
371a00dc --------------xxx DigiCert TLS RSA4096 Root G5
7431e5f4 xxxxxxxxxxxxxxxxx DigiCert High Assurance EV
16af57a9 xxxxxxxxxxxxxxx-- Baltimore CyberTrust
8ecde688 --------xxxxxxxxx Amazon Root CA 1
568d6905 xxxxxxxxxxxxxxxxx Starfield Services G2
45140b32 xxxxxxxxxxxxxxxxx Go Daddy G2
43df5774 xxxxxxxxxxxxxxxx- Entrust G2
91e2f578 ---xxxxxxxxxxxxxx T-TeleSec GlobalRoot Class 2
49e7a442 --xxxxxxxxxxxxxxx D-TRUST Root Class 3 CA 2 2009
5c58468d xxxxxxxxxxxxxxxxx Certum Trusted Network CA
"""
COUNTS = {"4.0": 134, "4.4": 156, "5.0": 157, "5.1": 162, "7.0": 148, "7.1.1": 156, "8.1": 135, "9": 137, "10": 138}
COUNTS |= {"11": 138, "12.1": 129, "13": 129, "15": 145, "16": 143, "17": 145}


@pytest.mark.parametrize("line", READ_OFF.splitlines(), ids=lambda line: line[27:])
def test_the_releases_that_hold_a_root(line: str) -> None:
    prefix, columns = line.split(" ", 2)[:2]
    held = [any(root.startswith(prefix) for root in table.release_store("android", v).sha256) for v in COLUMNS]
    assert "".join("x" if holds else "-" for holds in held) == columns


@pytest.mark.parametrize(("version", "count"), COUNTS.items())
def test_as_many_roots_as_were_counted(version: str, count: int) -> None:
    assert table.release_store("android", version).count == count


def test_releases_of_the_platforms() -> None:
    assert [release.version for release in table.releases("ios")] == ["12", "13", "14", "15", "16", "17", "18", "26"]
    assert [release.version for release in table.releases("openjdk")] == [str(number) for number in range(11, 18)]
    assert table.releases("android")[0].version == "2.3"
    assert table.releases("android")[-1].version == "17"
    assert table.releases("windows") == ()


def test_every_row_is_what_it_claims() -> None:
    known = {platform: {r.version for r in table.releases(platform)} for platform in table.table().platforms}
    seen = set()
    for row in table.table().anchors:
        assert len(bytes.fromhex(row.sha256)) == 32
        assert row.sha256 not in seen
        seen.add(row.sha256)
        assert name_text(base64.b64decode(row.subject, validate=True))[0] != "#"
        key = load_der_public_key(base64.b64decode(row.spki, validate=True))
        kind, _, size = row.key.partition("-")
        assert kind in {"rsa", "ec"}
        if kind == "rsa":
            assert getattr(key, "key_size", None) == int(size)
        assert row.held
        for platform, spans in row.held.items():
            assert {end for span in spans for end in (span.first, span.last)} <= known[platform]
    assert table.table().as_of >= "2026-06-21"


def test_it_holds_facts_only_and_is_small() -> None:
    data = SHIPPED.read_bytes()
    assert len(data) < 1 << 20
    assert b"BEGIN CERTIFICATE" not in data
    for release in json.loads(data)["platforms"]["android"]:
        assert release["source"]
        assert release["revision"]
        assert release["state_of"]


def test_roots_are_found_by_name_however_it_is_written() -> None:
    row = next(row for row in table.table().anchors if row.name == "ISRG Root X1")
    subject = base64.b64decode(row.subject)
    (found,) = table.release_store("android", "10").anchors_named(subject.replace(b"ISRG Root X1", b"isrg ROOT x1"))
    assert found.name == "ISRG Root X1"
    assert table.release_store("android", "7.0").anchors_named(subject) == ()


# The script


def row(name: str) -> dict[str, str]:
    return next(
        {
            "sha256": one.sha256,
            "subject_der_b64": one.subject,
            "spki_der_b64": one.spki,
            "spki_sha256": hashlib.sha256(base64.b64decode(one.spki)).hexdigest(),
            "key": one.key,
            "not_after": one.not_after,
        }
        for one in table.table().anchors
        if one.name == name
    )


def folder(path: Path, rows: list[dict[str, str]], stores: dict[str, list[str]]) -> Path:
    head = list(rows[0])
    lines = [",".join(head), *(",".join(one[name] for name in head) for one in rows)]
    path.joinpath("roots.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    entries = {
        name: {
            "platform": name.partition("-")[0],
            "version": name.partition("-")[2],
            "last_change": "2026-01-02",
            "source": "a test",
            "revision": "1",
            "roots": roots,
        }
        for name, roots in stores.items()
    }
    path.joinpath("stores.json").write_text(json.dumps(entries), encoding="utf-8")
    return path


def test_a_root_that_left_and_came_back_has_two_spans(tmp_path: Path) -> None:
    one, other = row("ISRG Root X1"), row("DST Root CA X3")
    x1, x3 = one["sha256"], other["sha256"]
    made = refresh.made_from(
        folder(tmp_path, [one, other], {"phone-10": [x1], "phone-9": [x1, x3], "phone-2": [], "phone-11": [x1, x3]})
    )
    held = {anchor.name: [(span.first, span.last) for span in anchor.held["phone"]] for anchor in made.anchors}
    assert held == {"ISRG Root X1": [("9", "11")], "DST Root CA X3": [("9", "9"), ("11", "11")]}
    assert [release.version for release in made.platforms["phone"]] == ["2", "9", "10", "11"]
    assert made.as_of == "2026-01-02"
    assert msgspec.json.decode(refresh.encoded(made), type=table.AnchorTable) == made


def test_check_says_when_the_shipped_table_is_another(tmp_path: Path) -> None:
    one = row("ISRG Root X1")
    before = SHIPPED.read_bytes()
    with pytest.raises(refresh.StaleTableError):
        refresh.main([str(folder(tmp_path, [one], {"phone-1": [one["sha256"]]})), "--check"])
    assert SHIPPED.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"spki_sha256": "0" * 64}, "not that of its spki_sha256"),
        ({"sha256": "xyz"}, "is not a SHA-256"),
        ({"subject_der_b64": "AAAA"}, "no name"),
        ({"subject_der_b64": "!"}, "no usable subject"),
    ],
)
def test_a_row_that_lies_is_refused(tmp_path: Path, change: dict[str, str], says: str) -> None:
    with pytest.raises(refresh.RefreshError, match=says):
        refresh.made_from(folder(tmp_path, [row("ISRG Root X1") | change], {"phone-1": []}))


def test_a_store_with_an_unknown_root_is_refused(tmp_path: Path) -> None:
    with pytest.raises(refresh.RefreshError, match="lacks 1 roots"):
        refresh.made_from(folder(tmp_path, [row("ISRG Root X1")], {"phone-1": ["0" * 64]}))


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["/does/not/exist"]])
def test_no_folder_no_table(arguments: list[str]) -> None:
    with pytest.raises(refresh.RefreshError):
        refresh.main(arguments)


def test_the_table_is_read_out_of_a_zip_file(tmp_path: Path) -> None:
    """Packages need not be folders: importlib.resources is what reads it."""
    archive = tmp_path / "some.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(SHIPPED, f"stdiag/clients/{table.TABLE}")
    found = zipfile.Path(archive) / "stdiag" / "clients" / table.TABLE
    assert found.read_bytes() == SHIPPED.read_bytes()
