from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from tests.unit.render.reports import HOSTILE, classic, healthy, incomplete, spoilt_report, sweep

from stdiag.model import Analysis, to_raw
from stdiag.probes.tls.observation import TlsObservation
from stdiag.render.json import to_json
from stdiag.render.schema import report_schema, schema_text

SCHEMA = report_schema({"tls": (TlsObservation, Analysis)})
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def document(made: Any) -> Any:
    for check in made.checks:
        check.observation, check.analysis = to_raw(TlsObservation(host="x")), to_raw(Analysis())
    return json.loads(to_json(made))


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "made", [classic, healthy, incomplete, sweep, *(lambda t=t: spoilt_report(t) for t in HOSTILE)]
)
def test_reports_are_valid(made: Any) -> None:
    VALIDATOR.validate(document(made()))


def test_a_check_that_never_ran_is_valid() -> None:
    made = json.loads(to_json(incomplete()))
    assert made["checks"][0]["observation"] is None
    VALIDATOR.validate(made)


def test_observations_are_held_to_their_types() -> None:
    made = document(classic())
    made["checks"][0]["observation"]["addresses"] = "none"
    assert not VALIDATOR.is_valid(made)
    made["checks"][0]["probe"] = "of-a-newer-version"
    made["checks"][0]["observation"] = 5
    VALIDATOR.validate(made)


def test_wrong_values_are_invalid_and_unknown_fields_are_not() -> None:
    made = document(classic())
    made["site"]["later"] = {}
    made["later"] = 1
    VALIDATOR.validate(made)
    made["verdict"]["decision"] = "maybe"
    assert not VALIDATOR.is_valid(made)


def test_the_text_is_stable_and_names_itself() -> None:
    types = {"tls": (TlsObservation, Analysis)}
    assert schema_text(types) == schema_text(types)
    assert json.loads(schema_text(types)) == SCHEMA
    assert SCHEMA["$schema"].endswith("2020-12/schema")
    assert SCHEMA["$id"] == "urn:stdiag:report:1.0"
    assert list(SCHEMA["$defs"]) == sorted(SCHEMA["$defs"])
