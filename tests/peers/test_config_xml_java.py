"""Is what stdiag reads as XML the same that a server in Java reads? Java's own parser is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stdiag.formats.config.document import ConfigKind
from stdiag.formats.config.xml_reader import read_xml
from stdiag.formats.config.xml_slips import RAW_AMPERSAND
from stdiag.formats.errors import FormatError

pytestmark = pytest.mark.peer("java")

SOURCE = Path(__file__).parent / "xml" / "Parse.java"
SAMPLES = Path(__file__).parents[1] / "unit" / "formats" / "config" / "samples"
TEXT = "<?xml version='1.0' encoding='{}'?><configuration><a>Gr\u00fc\u00dfe &amp; 1</a></configuration>"
ENCODED = {
    "utf-8": TEXT.format("UTF-8").encode(),
    "utf-8-with-mark": TEXT.format("UTF-8").encode("utf-8-sig"),
    "utf-16": TEXT.format("UTF-16").encode("utf-16"),
    "latin-1": TEXT.format("ISO-8859-1").encode("latin-1"),
    "windows": TEXT.format("windows-1252").encode("cp1252"),
    "utf-16-declared-as-utf-8": TEXT.format("UTF-8").encode("utf-16"),
    "utf-8-declared-as-utf-16": TEXT.format("UTF-16").encode(),
    "latin-1-declared-as-utf-8": TEXT.format("UTF-8").encode("latin-1"),
    "unknown": TEXT.format("rot13").encode(),
    "cdata": b"<configuration><a><![CDATA[ 1 & 2 ]]></a><b>&#228;&#xE4;</b></configuration>",
    "lone-reference": b"<configuration><a>&x</a></configuration>",
    "ampersand-in-comment": b"<configuration><!-- a & b --><a>1</a></configuration>",
}


def test_javas_parser_reads_the_same_files_and_the_same_values(tmp_path: Path) -> None:
    files = sorted(SAMPLES.glob("*/*.xml"))
    # A document type is well-formed XML: that it is refused is stdiag's own decision.
    files = [file for file in files if file.stem != "unreadable-doctype"]
    for name, content in ENCODED.items():
        files.append(tmp_path / f"{name}.xml")
        files[-1].write_bytes(content)
    command = ["java", "-Dstdout.encoding=UTF-8", "-Dfile.encoding=UTF-8", str(SOURCE), *map(str, files)]
    answered = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode("utf-8")
    verdicts = dict(zip(files, answered.splitlines(), strict=True))
    assert {file.name: masked(verdict) for file, verdict in verdicts.items()} == {
        file.name: ours(file) for file in files
    }
    refused = sum(verdict == "no" for verdict in verdicts.values())
    assert refused >= 12
    assert len(files) - refused >= 50


def masked(verdict: str) -> str:
    """The secrets of the samples, which stdiag does not show."""
    return verdict.replace("not-for-your-eyes", "***").replace("hunter2", "***")


def ours(file: Path) -> str:
    """What stdiag says, in the form of Parse.java."""
    kind = ConfigKind.MANAGED_COMMUNITIES if file.parent.name == "communities" else ConfigKind.STPROXY_XML
    try:
        document = read_xml(file.read_bytes(), "f", kind)
    except FormatError:
        return "no"
    if any(slip.kind == RAW_AMPERSAND for slip in document.slips):
        return "no"
    texts = [setting.value for setting in document.settings if "@" not in setting.name.rpartition("/")[2]]
    return "\t".join(["ok", *texts])
