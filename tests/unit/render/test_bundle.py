from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.render import bundle
from stdiag.render.bundle import BundleError, is_archive, open_bundle, pack

FILES = {"report.json": b"{}", "chains/a.pem": b"x" * 5000, "README.txt": "grüß".encode()}


def rewritten(change: dict[str, bytes]) -> bytes:
    """The bundle with other contents and its old manifest."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as old, zipfile.ZipFile(buffer, "w") as new:
        contents = {name: old.read(name) for name in old.namelist()} | change
        for name, content in contents.items():
            new.writestr(name, content)
    return buffer.getvalue()


def test_the_same_files_give_the_same_bytes() -> None:
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


def test_it_has_a_manifest_and_opens_again() -> None:
    packed = pack(FILES)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry["name"]: entry["sha256"] for entry in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()
    }
    opened = open_bundle(packed)
    assert (opened.report, opened.altered) == (b"{}", [])
    assert is_archive(packed)
    assert not is_archive(b"{}")


@pytest.mark.parametrize(
    ("change", "altered"),
    [
        ({"report.json": b"{} "}, ["report.json"]),
        ({"more.txt": b""}, ["more.txt"]),
        ({"manifest.json": b"nothing"}, ["manifest.json"]),
    ],
)
def test_what_was_altered_is_named(change: dict[str, bytes], altered: list[str]) -> None:
    assert open_bundle(rewritten(change)).altered == altered


def test_what_is_no_bundle_costs_a_sentence() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(BundleError, match=r"no report\.json in it"):
        open_bundle(buffer.getvalue())
    with pytest.raises(BundleError, match="cannot be read"):
        open_bundle(pack(FILES)[:-30])


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "LARGEST", 1_000_000)
    with pytest.raises(BundleError, match="more than 1000000 bytes"):
        open_bundle(pack({"report.json": b"{}", "bomb": b"\0" * 3_000_000}))


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST", 3)
    with pytest.raises(BundleError, match="at most 3"):
        open_bundle(pack(FILES))


@settings(deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damage_raises_nothing_else(at: int, damage: bytes) -> None:
    packed = bytearray(pack(FILES))
    packed[at : at + len(damage)] = damage
    with contextlib.suppress(BundleError):
        open_bundle(bytes(packed))
