"""XML configuration files, read with their places."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from stdiag.formats.config import xml_slips
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place
from stdiag.formats.config.xml_reader import read_xml
from stdiag.formats.errors import FormatError

SAMPLES = Path(__file__).parent / "samples"


def read(content: str | bytes, kind: ConfigKind = ConfigKind.STPROXY_XML) -> ConfigDocument:
    return read_xml(content if isinstance(content, bytes) else content.encode(), "stproxyconfig.xml", kind)


def configuration(inside: str) -> ConfigDocument:
    return read(f"<configuration>{inside}</configuration>")


def error(content: str | bytes) -> str:
    with pytest.raises(FormatError) as caught:
        read(content)
    return str(caught.value)


def values(document: ConfigDocument) -> dict[str, str]:
    return {setting.name: setting.value for setting in document.settings}


def test_elements_and_attributes_become_paths_below_the_outermost_element() -> None:
    document = read(
        '<configuration version="9">\n  <mobile kind="a">\n    <configUrl>x</configUrl>\n  </mobile>\n</configuration>'
    )
    assert values(document) == {"@version": "9", "mobile/@kind": "a", "mobile/configUrl": "x"}
    assert document.file == "stproxyconfig.xml"
    assert document.kind is ConfigKind.STPROXY_XML


def test_equally_named_elements_are_numbered_from_the_second_on() -> None:
    document = configuration("<mobile><a>1</a></mobile><mobile><a>2</a><a>3</a></mobile><mobile/>")
    assert values(document) == {"mobile/a": "1", "mobile[2]/a": "2", "mobile[2]/a[2]": "3", "mobile[3]": ""}


def test_places_are_of_names_and_of_values_in_characters() -> None:
    document = read(
        '<configuration>\r\n  <ä>ö</ä> <url  href = "x">\r\n\t https://a\n</url>\r<a><!-- - -->b</a></configuration>'
    )
    first, href, url, last = document.settings
    assert (first.place, first.value_place) == (Place(line=2, column=3), Place(line=2, column=6))
    assert (href.name, href.place) == ("url/@href", Place(line=2, column=18))
    assert (url.value, url.place, url.value_place) == (
        "https://a",
        Place(line=2, column=12),
        Place(line=3, column=3),
    )
    assert (last.value, last.place.line, last.value_place) == ("b", 5, None)


def test_what_xml_escapes_is_unescaped_and_a_cdata_section_is_text() -> None:
    document = configuration("<a>x&amp;y &lt; &#228;&#xE4;</a><b> <![CDATA[ 1 & <2> ]]> </b>")
    assert values(document) == {"a": "x&y < ää", "b": "1 & <2>"}
    assert document.slips == []


def test_the_hash_is_of_the_bytes() -> None:
    content = b"\xef\xbb\xbf<configuration/>"
    assert read(content).sha256 == hashlib.sha256(content).hexdigest()


def test_a_raw_ampersand_is_read_as_it_is_meant_and_told_with_its_place() -> None:
    document = read(
        '<configuration>\n<a>1&2&amp;3&4;&x</a>\n<b c="5&6"/><!-- 7&8 --><d><![CDATA[9&0]]></d></configuration>'
    )
    assert values(document) == {"a": "1&2&3&4;&x", "b/@c": "5&6", "b": "", "d": "9&0"}
    assert [(slip.name, slip.place.line, slip.place.column) for slip in document.slips] == [
        ("a", 2, 5),
        ("a", 2, 13),
        ("a", 2, 16),
        ("b/@c", 3, 8),
    ]
    assert {slip.kind for slip in document.slips} == {xml_slips.RAW_AMPERSAND}


def test_a_private_character_in_the_file_is_no_ampersand() -> None:
    document = configuration("<a>\ue000&b</a>")
    assert values(document) == {"a": "\ue000&b"}
    assert len(document.slips) == 1


def test_a_second_element_stray_text_and_another_root_are_slips() -> None:
    document = read("<config>\n<mobile>\n<a/></mobile>\n<mobile>words<b/></mobile></config>")
    slips = {slip.kind: slip for slip in document.slips}
    assert (slips[xml_slips.OTHER_ROOT].name, slips[xml_slips.OTHER_ROOT].detail) == ("config", "configuration")
    assert (slips[xml_slips.REPEATED_ELEMENT].name, slips[xml_slips.REPEATED_ELEMENT].detail) == ("mobile", "2")
    assert slips[xml_slips.REPEATED_ELEMENT].place == Place(line=4, column=1)
    assert slips[xml_slips.STRAY_TEXT].name == "mobile[2]"
    assert "words" not in str(document)


def test_managed_communities_are_many_by_their_nature() -> None:
    document = read(
        '<managed-communities><managed-community id="a"/><managed-community id="b"><connection port="1"/>'
        "</managed-community></managed-communities>",
        ConfigKind.MANAGED_COMMUNITIES,
    )
    assert values(document) == {
        "managed-community/@id": "a",
        "managed-community": "",
        "managed-community[2]/@id": "b",
        "managed-community[2]/connection/@port": "1",
        "managed-community[2]/connection": "",
    }
    assert document.slips == []


def test_namespaces_are_passed_over() -> None:
    assert values(read('<configuration xmlns="urn:x" xmlns:xsi="y" xsi:schemaLocation="z" a="1"/>')) == {"@a": "1"}


def test_what_was_read_is_encoded_as_any_document() -> None:
    document = configuration("<password>one</password>")
    encoded = msgspec.json.encode(document)
    assert msgspec.json.decode(encoded, type=ConfigDocument).settings == document.settings
    assert b"one" not in encoded


@pytest.mark.parametrize(
    ("name", "place", "words"),
    [
        ("closing-tag", "line 8, column 61", "ends in &gt; in place of >; write </proxyServerURL>."),
        ("capitals", "line 11, column 105", "</configURL> is to close <configUrl>, and capitals count; write </confi"),
        ("not-closed", "line 16, column 3", "but <mobile>, opened in line 10, is not closed; write </mobile> before"),
        ("less-than", "line 7, column 32", 'write attributes as name="value", names without a space, and &lt; for'),
        ("blank-line-first", "line 2, column 1", "the line <?xml …?> must be the very first"),
        ("cut-off", "line 14, column 1", "the file ends, and <configuration>, opened in line 2, is not closed"),
        ("html-entity", "line 11, column 96", "&nbsp; is of HTML and means nothing in XML"),
        ("two-roots", "line 18, column 1", "something stands behind the end of the outermost element"),
        ("doctype", "line 2", "it has a document type (<!DOCTYPE …>), which stdiag does not read"),
    ],
)  # fmt: skip
def test_what_no_parser_reads_is_one_sentence_with_place_and_remedy(name: str, place: str, words: str) -> None:
    said = error((SAMPLES / "stproxy" / f"unreadable-{name}.xml").read_bytes())
    assert said.startswith(f"stproxyconfig.xml {place}: ")
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<configuration><a>1 < 2</a></configuration>", "a < stands before this that begins no tag; write &lt;"),
        ("<configuration><a b=“c”/></configuration>", "a curly quotation mark stands where a straight one must be"),
        ("<configuration><a b=c/></configuration>", "the tag <a …> is not written right here"),
        ("<configuration><a b='1' b='2'/></configuration>", "an attribute stands twice in this element"),
        ("<configuration><a>\x01</a></configuration>", "the character U+0001 is not allowed in XML"),
        ("<configuration><a>&#0;</a></configuration>", "this stands for a character that XML does not allow"),
        ("<configuration><a>]]></a></configuration>", "]]> stands in a text; write ]]&gt;"),
        ("<configuration><a b\n</configuration>", "a tag begins before the tag <a …> has ended; write > at its end"),
        ("<configuration><!-- a</configuration>", "a comment begins here or before and never ends; close it with -->"),
        (
            "<configuration><![CDATA[ a</configuration>",
            "a CDATA section begins here or before and never ends; close it with ]]>",
        ),
        ("<configuration><proxy server>a</proxy server></configuration>", "names without a space"),
        ("appleNotificationPort=2195", "this is no XML; is it the right file?"),
        ("{}", "this is no XML"),
        ("<?xml version='1.0'?>", "there is no element in it"),
        ("", "it is empty"),
        (" \n", "it is empty"),
    ],
)
def test_other_mistakes_are_named_too(content: str, words: str) -> None:
    assert words in error(content)


def test_a_piece_of_a_password_is_not_quoted() -> None:
    said = error("<configuration><password>hun&ter2;x</password></configuration>")
    assert "ter2" not in said
    assert "write &amp; for an &" in said
    assert "hunter2" not in error("<configuration><password>hunter2<</password></configuration>")
