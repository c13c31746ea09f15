from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.render.reports import classic

from stdiag.probes.registry import PROBES
from stdiag.render.json import to_json
from stdiag.render.schema import report_schema
from stdiag.render.validate import MOST, mistakes_in

TYPES = {probe.name: (probe.observation, probe.analysis) for probe in PROBES}
SCHEMA = jsonschema.Draft202012Validator(report_schema(TYPES))


def document() -> Any:
    """A valid report: of its checks nothing was observed."""
    made = json.loads(to_json(classic()))
    made["checks"][0].update(observation=None, analysis=None)
    return made


def mistakes(changed: Any, *, newer: bool = False) -> dict[str, str]:
    return {mistake.pointer: mistake.sentence for mistake in mistakes_in(changed, TYPES, newer=newer)}


def place(value: Any, pointer: str) -> tuple[Any, Any]:
    """The container of what a pointer names, and its key there."""
    *above, last = pointer.split("/")[1:]
    for part in above:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value, int(last) if isinstance(value, list) else last


@pytest.mark.parametrize(
    ("pointer", "wrong", "words"),
    [
        ("/checks/1/outcome", "so-so", "'so-so' is not one of pass, warn"),
        ("/checks/0/steps/2/offset_us", "soon", "a whole number is expected, and this is a text"),
        ("/checks/0/findings/0/subject/port", [], "a whole number is expected, and this is a list"),
        ("/checks/0/findings/0/params", None, "an object is expected, and this is null"),
        ("/checks/0/path/kind", "magic", "'magic' is not one of direct, proxy"),
        ("/checks", {}, "a list is expected, and this is an object"),
        ("/site/tls", 5, "an object (TlsSite) is expected, and this is a number"),
        ("/run/interrupted", "no", "true or false is expected, and this is a text"),
        ("/verdict/causes/0/findings/0", "/checks/9/findings/0", "leads to no finding"),
        ("/checks/0/observation", {"host": "a", "addresses": [{"address": "a", "port": "x"}]}, ""),
        ("/checks/0/analysis", {"chains": {}}, ""),
    ],
)
def test_every_mistake_has_its_place(pointer: str, wrong: Any, words: str) -> None:
    changed = document()
    container, key = place(changed, pointer)
    container[key] = wrong
    found = mistakes(changed)
    if pointer == "/checks":  # then the verdict's pointers lead nowhere either
        found = {where: sentence for where, sentence in found.items() if where == pointer}
    assert len(found) == 1
    where, sentence = next(iter(found.items()))
    assert where.startswith(pointer)
    assert words in sentence
    if "leads to no" not in words:
        assert not SCHEMA.is_valid(changed)


def test_what_is_missing_is_named() -> None:
    changed = document()
    del changed["checks"][1]["probe"]
    assert mistakes(changed) == {"/checks/1": "probe is missing in this Check"}


def test_several_mistakes_are_all_named() -> None:
    changed = document()
    changed["run"]["host"] = 5
    changed["checks"][2]["subject"]["kind"] = "moon"
    assert list(mistakes(changed)) == ["/run/host", "/checks/2/subject/kind"]


def test_the_list_of_mistakes_is_bounded() -> None:
    changed = document()
    changed["run"]["arguments"] = [1] * 1000
    assert len(mistakes(changed)) == MOST


def test_a_newer_minor_may_have_values_and_fields_that_are_not_known() -> None:
    changed = document()
    changed["checks"][0]["outcome"] = "flaky"
    changed["later"] = 1
    assert mistakes(changed, newer=True) == {}
    assert list(mistakes(changed)) == ["/checks/0/outcome"]
    changed["checks"][0]["outcome"] = 7
    assert list(mistakes(changed, newer=True)) == ["/checks/0/outcome"]


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [{}], {"checks": [None, 3, {"probe": []}]}])
def test_whatever_json_holds_raises_nothing(value: Any) -> None:
    assert mistakes(value)


junk = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
POINTERS = [
    "/checks/0/steps/0",
    "/checks/0/findings/0",
    "/site",
    "/verdict",
    "/run/provenance",
    "/summary/renew_before",
]


@settings(deadline=None)
@given(st.sampled_from(POINTERS), junk)
def test_it_agrees_with_the_schema(pointer: str, value: Any) -> None:
    changed = document()
    container, key = place(changed, pointer)
    container[key] = value
    found = {where: words for where, words in mistakes(changed).items() if "leads to no finding" not in words}
    assert (not found) is SCHEMA.is_valid(changed)
