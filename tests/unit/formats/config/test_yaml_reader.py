"""docker-compose.yml and values.yaml: settings with places, within bounds, and never an object."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from unittest import mock

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.formats.config import yaml_nodes
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place
from stdiag.formats.config.environment_slips import EnvironmentSlip as Slip
from stdiag.formats.config.yaml_reader import read_compose, read_helm
from stdiag.formats.errors import FormatError

COMPOSE = """\
x-common: &common
  restart: always
  TZ: UTC
services:
  mux:
    <<: *common
    TZ: Europe/Vienna
    env_file:
      - mux.env
      - path: more.env
    environment:
      - A=b=c
      - ALONE
  proxy:
    environment: {MOBILE: "on"}
    ports: ["443:443", 8443]
    nothing:
"""


LOADERS = [name for name in ("CSafeLoader", "SafeLoader") if hasattr(yaml, name)]
"""With libyaml, where PyYAML was built with it, and without."""


@pytest.fixture(params=LOADERS)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both must say the same."""
    name = str(request.param)
    monkeypatch.setattr(yaml_nodes, "_LOADER", getattr(yaml, name))
    return name


@pytest.mark.usefixtures("loader")
def test_names_are_paths_and_places_are_those_of_the_file() -> None:
    document = read_compose(COMPOSE.encode(), "docker-compose.yml")
    assert document.kind is ConfigKind.COMPOSE
    assert [(one.name, one.value, (one.place.line, one.place.column)) for one in document.settings] == [
        ("x-common/restart", "always", (2, 3)),
        ("x-common/TZ", "UTC", (3, 3)),
        ("services/mux/restart", "always", (2, 3)),
        ("services/mux/TZ", "Europe/Vienna", (7, 5)),
        ("services/mux/env_file", "mux.env", (9, 9)),
        ("services/mux/env_file/path", "more.env", (10, 9)),
        ("services/mux/environment/A", "b=c", (12, 9)),
        ("services/mux/environment/ALONE", "${ALONE}", (13, 9)),
        ("services/proxy/environment/MOBILE", "on", (15, 19)),
        ("services/proxy/ports", "443:443", (16, 13)),
        ("services/proxy/ports", "8443", (16, 24)),
        ("services/proxy/nothing", "", (17, 5)),
    ]
    assert document.settings[5].value_place == Place(line=10, column=15)
    assert document.slips == []


@pytest.mark.usefixtures("loader")
def test_variables_as_kubernetes_lists_them() -> None:
    document = read_helm(b"proxy:\n  env:\n    - name: A_B\n      value: c\n    - name: x y\n      value: d\n", "v")
    assert [(one.name, one.value) for one in document.settings] == [
        ("proxy/env/A_B", "c"),
        ("proxy/env/name", "x y"),
        ("proxy/env/value", "d"),
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n# x\n...\n", "null"])
def test_an_empty_file_has_no_settings(text: str) -> None:
    if text == "null":
        with pytest.raises(FormatError):
            read_helm(text.encode(), "v")
    else:
        assert read_helm(text.encode(), "v").settings == []


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("env_file: - custom.env - debug.env", ["custom.env", "debug.env"]),
        ("env_file: - custom.env", ["custom.env"]),
        ("env file: - custom.env - mux.env  # both", ["custom.env", "mux.env"]),
    ],
)
def test_a_list_on_one_line_is_read_as_it_is_meant(line: str, files: list[str]) -> None:
    document = read_compose(f"services:\n  community:\n    {line}\n    image: x\n".encode(), "c")
    assert [one.value for one in document.settings if one.name.startswith("services/community/env")] == files
    (slip,) = document.slips
    assert (slip.kind, slip.detail) == (Slip.LIST_ON_ONE_LINE, ", ".join(files))
    assert slip.place == Place(line=3, column=5)


def test_equals_below_sametime_ini_is_read_as_it_is_meant() -> None:
    text = 'sametimeIni:\n    STI__Config__A=1\n    STI__Config__B: "2"\n    STI__Config__C="3"\n'
    document = read_helm(text.encode(), "v")
    assert [(one.name, one.value) for one in document.settings] == [
        ("sametimeIni/STI__Config__A", "1"),
        ("sametimeIni/STI__Config__B", "2"),
        ("sametimeIni/STI__Config__C", "3"),
    ]
    assert [(slip.kind, slip.place.line) for slip in document.slips] == [
        (Slip.EQUALS_IN_YAML, 2),
        (Slip.EQUALS_IN_YAML, 4),
    ]


def test_the_same_name_twice() -> None:
    document = read_helm(b"a: 1\na: 1\nb: {c: 1, c: 2}\n", "v")
    assert [(slip.name, slip.detail) for slip in document.slips] == [
        ("a", "the same value"),
        ("b/c", "different values"),
    ]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a:\n\tb: 1\n", "v line 2, column 1: a tab stands where YAML allows blanks only; replace it by blanks."),
        ("a: b: c\n", "v line 1, column 5: a colon stands where no name can be"),
        ("a: 'b\nc: d\n", "v line 1, column 4: a quote is not closed; close it."),
        ("a: @b\n", "v line 1, column 4: a value begins with a character that YAML keeps for itself"),
        ("a: `b`\n", "v line 1, column 4: a value begins with a character that YAML keeps for itself"),
        ("a: b\n  c: d\n", "v line 2, column 4: a colon stands where no name can be"),
        ("a:\n  b: 1\n c: 2\n", "v line 3, column 2: the indentation does not fit the lines before"),
        ("a: *b\n", "v line 1, column 4: the alias *b stands for nothing."),
        ("a: &b [*b]\n", "v line 1, column 8: the alias *b stands inside of what it stands for."),
        ("- a\n", "v line 1, column 1: names with values are expected here; is it the right file?"),
        ("text\n", "v line 1, column 1: names with values are expected here; is it the right file?"),
        ("[a]: b\n", "v line 1, column 1: a list or a mapping stands where a name belongs."),
        ("a: 1\n---\nb: 2\n", "v line 2, column 1: a second document begins here; put it into a file of its own."),
    ],
)
def test_what_is_no_yaml_costs_one_sentence_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as error:
        read_helm(text.encode(), "v")
    assert str(error.value).startswith(sentence)


def _laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


_MERGES = "\n".join(["m0: &m0 {x: 1}", *(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}" for n in range(1, 40))])


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (_laughs(12), "its aliases stand for more than 20000 values."),
        (_MERGES, "its aliases stand for more than"),
        ("\n".join(["a0: &a0 x", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))]), "more than 50 levels."),
        ("a: " + "[" * 60_000, "more than 50 levels stand inside each other."),
        ("- " * 30_000, "more than 50 levels stand inside each other."),
        ("a: " + "{a: " * 10_000, "more than 50 levels stand inside each other."),
        ("a: [" + "x," * 30_000 + "]", "it has more than 20000 values; is it the right file?"),
        ("? " * 30_000, "a list or a mapping stands where a name belongs."),
    ],
    ids=["laughs", "merges", "chain", "brackets", "dashes", "braces", "many", "questions"],
)
def test_bombs_are_refused_in_no_time(text: str, sentence: str) -> None:
    started = time.perf_counter()
    with pytest.raises(FormatError) as error:
        read_compose(text.encode(), "v")
    assert sentence in str(error.value)
    assert time.perf_counter() - started < 2


def test_large_files_are_refused_unread() -> None:
    data = b"a: b\n" * (20 * 1024 * 1024)
    started = time.perf_counter()
    with pytest.raises(FormatError, match="larger than 1024 KiB"):
        read_helm(data, "v")
    assert time.perf_counter() - started < 0.1


@pytest.mark.usefixtures("loader")
def test_no_tag_makes_an_object() -> None:
    text = "a: !!python/object/apply:os.system ['echo x > /nowhere']\nb: !!python/name:os.system x\nc: !reset [1]\n"
    document = read_compose(text.encode(), "c")
    assert [(one.name, one.value) for one in document.settings] == [
        ("a", "echo x > /nowhere"),
        ("b", "x"),
        ("c", "1"),
    ]


@pytest.mark.parametrize("data", ["a: ä".encode("cp1252"), "a: b".encode("utf-16"), b"a: \x00", b"a: \x07"])
def test_other_encodings_cost_one_sentence(data: bytes) -> None:
    with pytest.raises(FormatError):
        read_helm(data, "v")


_WORDS = """
a [ ] { } &x *x <<: ' " | !t # % @ env_file: - STI__A=b services: mux: environment: \\ud800 "\\ud800" X_PASSWORD=a >- =
"""
_MORE = ("b: ", "- ", "\n", "\n  ", "\n    ", ", ", "? ", ": ", "---\n", "...\n", "\t", "\ufeff", "\u2028", "\x85")
_PIECES = st.lists(st.sampled_from((*_WORDS.split(), *_MORE)), max_size=40)


def read_or_refused(reader: Callable[[bytes, str], ConfigDocument], data: bytes) -> ConfigDocument:
    """What is refused is an empty document here; any other exception fails the test."""
    sentence = ""
    try:
        return reader(data, "v")
    except FormatError as error:
        sentence = str(error)
    assert sentence.isprintable()
    return ConfigDocument(file="v", kind=ConfigKind.COMPOSE)


@settings(deadline=None)
@given(_PIECES)
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    for reader, loader_name in itertools.product((read_compose, read_helm), LOADERS):
        with mock.patch.object(yaml_nodes, "_LOADER", getattr(yaml, loader_name)):
            document = read_or_refused(reader, "".join(pieces).encode())
        msgspec.json.encode(document)
        assert len(document.settings) <= 20_000
        assert all(one.place.line > 0 and one.place.column > 0 for one in document.settings)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for reader, loader_name in itertools.product((read_compose, read_helm), LOADERS):
        with mock.patch.object(yaml_nodes, "_LOADER", getattr(yaml, loader_name)):
            msgspec.json.encode(read_or_refused(reader, data))
