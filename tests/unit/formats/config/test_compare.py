"""Two versions of a configuration file, by their meaning."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from stdiag.formats.config.compare import Change, Difference, compare
from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.overwritten import Danger
from stdiag.formats.config.xml_reader import read_xml

GOOD = (Path(__file__).parent / "samples" / "stproxy" / "good.xml").read_text(encoding="utf-8")


def read(content: str, kind: ConfigKind = ConfigKind.STPROXY_XML) -> ConfigDocument:
    return read_xml(content.encode(), "f.xml", kind)


def differences(old: str, new: str) -> list[Difference]:
    return compare(read(f"<configuration>{old}</configuration>"), read(f"<configuration>{new}</configuration>"))


def only(old: str, new: str) -> Difference:
    (found,) = differences(old, new)
    return found


def communities(old: str, new: str) -> list[Difference]:
    kind = ConfigKind.MANAGED_COMMUNITIES
    wrapped = [read(f"<managed-communities>{one}</managed-communities>", kind) for one in (old, new)]
    return compare(*wrapped)


def summary(found: list[Difference]) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.change.value, one.name, one.old, one.new) for one in found]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<a>1</a><b>2</b>", "<b>2</b><a>1</a>"),
        ("<a>1</a>", "<!-- x -->\n  <a>\n 1 </a>\n"),
        ("<a b='1' c='2'/>", '<a c="2" b="1"></a>'),
        ("<a>x &amp; y</a>", "<a><![CDATA[x & y]]></a>"),
        ("<l>1</l><l>2</l><l>3</l>", "<l>3</l><l>1</l><l>2</l>"),
        ("<a>1  2\n3</a>", "<a>1 2 3</a>"),
        ("<password>one</password>", "<password>one</password>"),
        ("", ""),
    ],
)
def test_what_means_the_same_is_no_difference(old: str, new: str) -> None:
    assert differences(old, new) == []


def test_removed_added_and_changed_settings_have_their_places() -> None:
    found = differences("<a>1</a>\n<b>2</b>", "<b>3</b>\n\n <c>4</c>")
    assert summary(found) == [
        ("removed", "a", "1", None),
        ("changed", "b", "2", "3"),
        ("added", "c", None, "4"),
    ]
    removed, changed, added = found
    assert (removed.old_place.line if removed.old_place else 0, removed.new_place) == (1, None)
    assert changed.old_place is not None
    assert changed.new_place is not None
    assert (changed.old_place.line, changed.new_place.line) == (2, 1)
    assert (added.old_place, added.new_place.line if added.new_place else 0) == (None, 3)


def test_a_setting_that_went_into_a_second_element_is_moved() -> None:
    found = only(
        "<mobile><configUrl>x</configUrl><a>1</a></mobile>",
        "<mobile><a>1</a></mobile><mobile><configUrl>x</configUrl></mobile>",
    )
    assert (found.change, found.danger) == (Change.MOVED, Danger.STOPS)
    assert (found.old_name, found.name) == ("mobile/configUrl", "mobile[2]/configUrl")
    assert "not documented" in found.note


def test_a_setting_that_went_elsewhere_is_moved_and_a_common_value_is_not() -> None:
    moved = only("<mobile><configUrl>hclsametime://x</configUrl></mobile>", "<configUrl>hclsametime://x</configUrl>")
    assert (moved.change, moved.old_name, moved.name) == (Change.MOVED, "mobile/configUrl", "configUrl")
    apart = differences("<a><on>true</on></a>", "<b><on>true</on></b>")
    assert [one.change for one in apart] == [Change.REMOVED, Change.ADDED]


def test_a_second_element_is_dangerous_although_it_is_new() -> None:
    found = only("<mobile><a>1</a></mobile>", "<mobile><a>1</a></mobile><mobile><b>2</b></mobile>")
    assert (found.change, found.danger) == (Change.ADDED, Danger.STOPS)


def test_the_most_dangerous_comes_first() -> None:
    found = differences(
        "<x>1</x><tokenDomain>.a.b</tokenDomain><y>1</y>", "<z>1</z><x>2</x><tokenDomain>.c.d</tokenDomain>"
    )
    assert [one.name for one in found] == ["tokenDomain", "y", "x", "z"]
    assert [one.danger for one in found] == [Danger.STOPS, Danger.CUSTOM, Danger.CUSTOM, Danger.NEW]


def test_the_known_defect_is_told() -> None:
    found = only(
        "<appleNotificationPort>2195</appleNotificationPort>", "<appleNotificationPort>2196</appleNotificationPort>"
    )
    assert found.danger is Danger.STOPS
    assert "LO69429" in found.note
    assert "31 March 2021" in found.note
    unknown = only("<x/>", "<x/><appleNotificationPort>2196</appleNotificationPort>")
    assert (unknown.change, unknown.danger) == (Change.ADDED, Danger.STOPS)
    assert "LO69429" in unknown.note
    back = only(
        "<appleNotificationPort>2196</appleNotificationPort>", "<appleNotificationPort>2195</appleNotificationPort>"
    )
    assert "LO69429" not in back.note


def test_what_an_update_is_known_to_overwrite_is_told() -> None:
    new = GOOD.replace("https://meet.example.com/stmeetings", "http://localhost/stmeetings")
    (found,) = compare(read(GOOD), read(new))
    assert (found.name, found.danger) == ("meetingServer", Danger.STOPS)
    assert "reset the URL of the meeting server" in found.note
    gone = only("<own>x</own>", "")
    assert gone.danger is Danger.CUSTOM
    assert "was seen to overwrite this file" in gone.note


def test_a_changed_secret_is_told_and_stays_one() -> None:
    found = differences(
        "<p><password>hidden1</password><u>https://a:hidden2@h</u><t>x</t></p>",
        "<p><password>hidden3</password><u>https://a:hidden4@h</u><t>x</t></p>",
    )
    assert summary(found) == [
        ("changed", "p/password", "***", "***"),
        ("changed", "p/u", "https://a:***@h", "https://a:***@h"),
    ]
    told = msgspec.json.encode(found) + repr(found).encode()
    assert b"hidden" not in told


def test_of_stored_documents_nothing_is_said_about_secrets() -> None:
    def stored(password: str) -> ConfigDocument:
        document = read(f"<configuration><password>{password}</password></configuration>")
        return msgspec.json.decode(msgspec.json.encode(document), type=ConfigDocument)

    assert compare(stored("one"), stored("two")) == []
    assert compare(stored("one"), read("<configuration><password>two</password></configuration>")) == []


def test_communities_are_known_by_their_ids() -> None:
    a = '<managed-community id="a" host="a" port="1"><connection connectionType="direct"/></managed-community>'
    b = '<managed-community id="b" host="b" port="2"><connection connectionType="tls-direct"/></managed-community>'
    assert communities(a + b, b + a) == []
    swapped = (b + a).replace("tls-direct", "x").replace('"direct"', '"tls-direct"').replace('"x"', '"direct"')
    found = communities(a + b, swapped)
    assert {(one.name, one.old, one.new) for one in found} == {
        ("managed-community/connection/@connectionType", "tls-direct", "direct"),
        ("managed-community[2]/connection/@connectionType", "direct", "tls-direct"),
    }
    assert all(one.note == "" for one in found)


def test_long_values_are_cut_and_told_in_one_line() -> None:
    found = only("<a/>", f"<a>{'b' * 500}\n\nc</a>")
    assert found.new is not None
    assert len(found.new) == 200
    assert found.new.endswith("…")
    assert found.old == ""
