"""Files and folders that a user names: bounded, and what cannot be used is told."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from stdiag.formats.config import read
from stdiag.formats.config.document import ConfigKind
from stdiag.formats.config.read import read_config, read_path, read_paths
from stdiag.formats.errors import FormatError


def put(file: Path, content: str | bytes = "A=b\n") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def sentence(path: Path) -> str:
    with pytest.raises(FormatError) as caught:
        read_path(str(path))
    assert str(caught.value).startswith(str(path))
    return str(caught.value).removeprefix(str(path)).lstrip(": ")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("custom.env", "A=b\n", ConfigKind.ENVIRONMENT),
        ("stproxyconfig.xml.bak", "<configuration/>", ConfigKind.STPROXY_XML),
        ("what-i-got-by-mail", "<managed-communities/>", ConfigKind.MANAGED_COMMUNITIES),
        ("compose.yaml", "services: {}\n", ConfigKind.COMPOSE),
        ("values.yaml", "a: 1\n", ConfigKind.HELM_VALUES),
        ("plugin_customization.ini", "a/b=c\n", ConfigKind.PLUGIN_CUSTOMIZATION),
        ("sametime.ini", "[Debug]\nA=b\n", ConfigKind.SAMETIME_INI),
    ],
)
def test_every_kind_is_read(tmp_path: Path, name: str, content: str, kind: ConfigKind) -> None:
    document = read_config(put(tmp_path / name, content))
    assert (document.kind, document.file) == (kind, str(tmp_path / name))


def test_what_is_not_known_is_one_sentence_with_the_kinds(tmp_path: Path) -> None:
    assert sentence(put(tmp_path / "server.xml", "<Server/>")) == (
        "it is not known what this file is; expected one of stproxyconfig.xml, managed-community-configs.xml, "
        "plugin_customization.ini, sametime.ini, .env, custom.env and other *.env, docker-compose.yml, values.yaml."
    )
    assert "there is no such file" in sentence(tmp_path / "missing.env")


def test_a_hundred_megabytes_cost_some_of_them(tmp_path: Path) -> None:
    file = tmp_path / "custom.env"
    with file.open("wb") as out:
        out.seek(100 << 20)
        out.write(b"\n")
    tracemalloc.start()
    began = time.monotonic()
    assert sentence(file) == "it is larger than 4096 KiB; is it the right file?"
    assert time.monotonic() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


def test_of_a_folder_the_known_files_are_taken(tmp_path: Path) -> None:
    for name in (".env", "custom.env", "sub/values.yaml", "sub/notes.txt", "custom.env.bak", "sub/deep/mux.env"):
        put(tmp_path / name, "a: 1\n" if name.endswith("yaml") else "A=b\n")
    reading = read_path(str(tmp_path))
    below = [Path(one.file).relative_to(tmp_path).as_posix() for one in reading.documents]
    assert below == [".env", "custom.env", "sub/values.yaml", "sub/deep/mux.env"]
    assert reading.left_out == []


def test_a_folder_without_any_is_a_sentence(tmp_path: Path) -> None:
    put(tmp_path / "notes.txt")
    assert sentence(tmp_path).startswith("this is a folder, and no known file lies in it; expected one of ")


def test_one_bad_file_in_a_folder_is_a_note(tmp_path: Path) -> None:
    put(tmp_path / "a.env")
    put(tmp_path / "b.env", b"\xff\xfeA\0=\0b\0")
    put(tmp_path / "stproxyconfig.xml", "<configuration>")
    reading = read_path(str(tmp_path))
    assert [Path(one.file).name for one in reading.documents] == ["a.env"]
    assert [note.partition(":")[0].partition(" line")[0] for note in reading.left_out] == [
        str(tmp_path / "b.env"),
        str(tmp_path / "stproxyconfig.xml"),
    ]
    (tmp_path / "a.env").unlink()
    assert sentence(tmp_path).startswith("this is a folder, and nothing in it can be read: ")


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    file = put(tmp_path / "a.env")
    reading = read_paths([str(file), str(tmp_path), os.path.join(tmp_path, ".", "a.env")])  # noqa: PTH118 - keeps the .
    assert len(reading.documents) == 1


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="needs a right on Windows")
def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "a.env")
    folder = tmp_path / "folder"
    inside = put(folder / "b.env")
    (folder / "out.env").symlink_to(tmp_path / "elsewhere" / "a.env")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "circle").symlink_to(folder)
    (folder / "in.env").symlink_to(inside)
    (folder / "dangling.env").symlink_to(tmp_path / "nowhere")
    names = [Path(one.file).name for one in read_path(str(folder)).documents]
    assert names == ["b.env"]  # and by its other name it is the same


def test_folder_bombs_end_at_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "FILES_AT_MOST", 3)
    monkeypatch.setattr(read, "DEEPEST", 2)
    for number in range(5):
        put(tmp_path / f"{number}.env")
    reading = read_path(str(tmp_path))
    assert (len(reading.documents), reading.left_out) == (
        3,
        [f"{tmp_path}: there are more than 3 configuration files below it"],
    )
    deep = tmp_path / "x"
    put(deep / "a" / "b" / "c" / "d.env")
    put(deep / "a" / "b" / "e.env")
    reading = read_path(str(deep))
    assert [Path(one.file).name for one in reading.documents] == ["e.env"]
    assert reading.left_out == [f"{deep / 'a' / 'b' / 'c'}: it lies more than 2 folders deep"]
    monkeypatch.setattr(read, "ENTRIES_AT_MOST", 4)
    assert read_path(str(tmp_path)).left_out == [f"{tmp_path}: there are more than 4 names below it"]


def test_the_files_of_a_folder_are_bounded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "BYTES_AT_MOST", 10)
    for number in range(4):
        put(tmp_path / f"{number}.env", "A=b\n")
    reading = read_path(str(tmp_path))
    assert len(reading.documents) == 2
    assert len(reading.left_out) == 2
