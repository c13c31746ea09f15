"""stdiag.toml: good ones are read, and every mistake costs one sentence with file, line and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.site_file import EXAMPLES, SIZE_LIMIT, TABLE_LISTS, parse_site, read_site
from stdiag.model import Product, Site, StproxySite, TlsSite, TrustSite, Vantage

BAD_SITES = Path(__file__).parent / "bad_sites"

# One line for each bad file, and one bad file for each mistake: its name, and what its sentence says behind its path.
SENTENCES = dict(
    line.split(": ", maxsplit=1) for line in (BAD_SITES / "sentences.txt").read_text(encoding="utf-8").splitlines()
)

GOOD = """\
product = "12-docker"
vantage = 'inside'

[stproxy]   # web and mobile clients come here
url = "https://admin:hunter2@chat.example.com/?token=hunter2"

[tls]
targets = [
    "mux.example.com:1516",  # ] not the end
    "[2001:db8::1]:443",
]
name = "Bücher.example"

[trust]
ca_files = ["corporate-root.pem", 'sub/other.pem']

[resolve]
"Chat.example.com:443" = "192.0.2.10:8443, 2001:db8::10"
"""


@pytest.mark.parametrize("file", sorted(BAD_SITES.glob("*.toml")), ids=lambda file: file.stem)
def test_bad_file(file: Path) -> None:
    with pytest.raises(FormatError) as caught:
        read_site(file)
    assert str(caught.value).removeprefix(str(file)).lstrip(": ") == SENTENCES[file.stem]
    assert "hunter2" not in str(caught.value)


def test_every_sentence_has_its_file() -> None:
    assert {file.stem for file in BAD_SITES.glob("*.toml")} == set(SENTENCES)


def test_good_file(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    file.write_text(GOOD, encoding="utf-8-sig")
    site, provenance = read_site(file)
    assert site == Site(
        product=Product.V12_DOCKER,
        vantage=Vantage.INSIDE,
        stproxy=StproxySite(url="https://chat.example.com"),
        tls=TlsSite(targets=["mux.example.com:1516", "[2001:db8::1]:443"], name="xn--bcher-kva.example"),
        trust=TrustSite(ca_files=[str(tmp_path / "corporate-root.pem"), str(tmp_path / "sub" / "other.pem")]),
        resolve={"chat.example.com:443": "192.0.2.10:8443,[2001:db8::10]"},
    )
    assert provenance == {
        "product": "stdiag.toml line 1",
        "vantage": "stdiag.toml line 2",
        "stproxy.url": "stdiag.toml line 5, without its credentials or query",
        "tls.targets": "stdiag.toml line 8",
        "tls.name": "stdiag.toml line 12",
        "trust.ca_files": "stdiag.toml line 15",
        'resolve."Chat.example.com:443"': "stdiag.toml line 18",
    }


def test_no_credentials_in_a_site() -> None:
    site = parse_site(
        '[tls]\ntargets = ["https://u:hunter2@a.example/", "sametime://u:hunter2@b.example:9443/?x=y"]', "s"
    )
    assert site.tls.targets == ["a.example:443", "b.example:9443"]


def test_a_provisioning_url_alone_is_a_site_and_loses_its_password(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    file.write_text(
        '[stproxy]\nprovisioning_url = "sametime://joe:hunter2@chat.example.com:9443/?action=AddCommunity"', "utf-8"
    )
    site, provenance = read_site(file)
    masked = "sametime://joe:***@chat.example.com:9443/?action=AddCommunity"
    assert site.stproxy == StproxySite(provisioning_url=masked)
    assert provenance == {"stproxy.provisioning_url": "stdiag.toml line 2, without its password"}


def test_a_provisioning_url_with_mistakes_is_kept_for_the_check_to_judge() -> None:
    url = "hclsametime://chat.example.com/?acton=AddCommunity"
    assert parse_site(f'[stproxy]\nprovisioning_url = "{url}"', "s").stproxy == StproxySite(provisioning_url=url)


def test_an_empty_file_is_an_empty_site() -> None:
    assert parse_site("# nothing yet\n", "stdiag.toml") == Site()


def test_ca_files_keep_their_text_without_a_folder_and_absolute_ones_always() -> None:
    absolute = str(Path("certs").absolute() / "root.pem")
    text = f"[trust]\nca_files = ['root.pem', '{absolute}']"
    assert parse_site(text, "s").trust.ca_files == ["root.pem", absolute]
    assert parse_site(text, "s", Path("/srv")).trust.ca_files == [str(Path("/srv/root.pem").absolute()), absolute]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"stdiag\.toml: there is no such file; check the path\.$"):
        read_site(tmp_path / "stdiag.toml")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="this is a folder; name a file"):
        read_site(tmp_path)


def test_impossible_path() -> None:
    with pytest.raises(FormatError, match="it cannot be read"):
        read_site(Path("a\0b"))


def test_size_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    file.write_bytes(b"#" * SIZE_LIMIT)
    read_site(file)
    file.write_bytes(b"#" * (SIZE_LIMIT + 1))
    with pytest.raises(FormatError, match="larger than 1024 KiB"):
        read_site(file)


def test_every_key_has_an_example_that_is_right() -> None:
    assert set(EXAMPLES) == set(_leaves(Site, ""))
    # In their tables: some keys need others beside them.
    tables: dict[str, str] = {}
    for key, value in EXAMPLES.items():
        table, _, name = key.rpartition(".")
        tables[table] = tables.get(table, "") + f"{name} = {value}\n"
    for table, lines in tables.items():
        if table in TABLE_LISTS:
            above = table.rpartition(".")[0]
            parse_site(f"[{above}]\n{tables[above]}[[{table}]]\n{lines}", "stdiag.toml")
        else:
            parse_site(f"[{table}]\n{lines}" if table else lines, "stdiag.toml")


def _leaves(struct: type[msgspec.Struct], inside: str) -> list[str]:
    leaves: list[str] = []
    for field in msgspec.structs.fields(struct):
        tables = [kind for kind in (field.type, *get_args(field.type)) if _is_struct(kind)]
        leaves += _leaves(tables[0], f"{inside}{field.name}.") if tables else [f"{inside}{field.name}"]
    return leaves


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


_MARKS = st.sampled_from("=[]{},.#'\"\\\n ")
_WORDS = st.sampled_from(
    ["[stproxy]\n", "[[tls]]", "url", "targets", "resolve", "product", '"11"', "'https://a.example'"]
)
_OTHERS = st.sampled_from(["'''", '"""', "1979-05-27 07:32:00", "9" * 5000, "true", "-1"])
_FRAGMENTS = _MARKS | _WORDS | _OTHERS


@given(st.text() | st.lists(_FRAGMENTS | st.text(max_size=5), max_size=30).map("".join))
@example(".".join(["a"] * 300_000) + " = 1")
@example("a" * 500_000)
@example("a = " + "{ a = " * 100 + "1" + " }" * 100)
@example('resolve = { "a.example" = "::1", b = """::2""" }')
@example('tls = { targets = [ """a.example""", "b" ], renew_before_days = 1 }')
@example("[tls]\ntargets = [{ x = 1979-05-27 07:32:00, y = [1] }]")
def test_any_text_is_a_site_or_one_sentence(text: str) -> None:
    result = _site_or_sentence(text)
    if isinstance(result, str):
        assert result.startswith("stdiag.toml")
        assert "\n" not in result
        assert len(result) < 1500


def _site_or_sentence(text: str) -> Site | str:
    try:
        return parse_site(text, "stdiag.toml")
    except FormatError as error:
        return str(error)


def test_configuration_files_lie_beside_the_site_file(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    file.write_text('[config]\npaths = ["custom.env", "../old", "/opt/st/.env"]\n', encoding="utf-8")
    site, provenance = read_site(file)
    assert site.config.paths == [
        str(tmp_path / "custom.env"),
        str((tmp_path / ".." / "old").absolute()),
        str(Path("/opt/st/.env").absolute()),
    ]
    assert provenance == {"config.paths": "stdiag.toml line 2"}
