"""The JSON Schema of the report, made from the types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from stdiag.model import SCHEMA_VERSION, Report

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A name, not an address: nothing has to be fetched to validate a report.
ID = f"urn:stdiag:report:{SCHEMA_VERSION}"

_TEMPLATE = "#/$defs/{name}"


def report_schema(probes: Mapping[str, tuple[type[Any], type[Any]]]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a report.

    `probes`: a probe's name → the types of its observation and analysis. A check of that probe has to hold them (or
    null, when it never ran); checks of other probes may hold anything. Unknown fields are allowed everywhere, because
    a later minor version may add some.
    """
    types = [Report, *(kind for pair in probes.values() for kind in pair)]
    references, components = msgspec.json.schema_components(types, ref_template=_TEMPLATE)
    components = {name: _open(component) for name, component in sorted(components.items())}
    rules = []
    for number, probe in enumerate(probes):
        observation, analysis = references[1 + 2 * number], references[2 + 2 * number]
        rules.append(
            {
                "if": {"properties": {"probe": {"const": probe}}},
                "then": {"properties": {"observation": _or_null(observation), "analysis": _or_null(analysis)}},
            }
        )
    if rules:
        components["Check"]["allOf"] = rules
    return {
        "$schema": DIALECT,
        "$id": ID,
        "title": f"stdiag report, schema {SCHEMA_VERSION}",
        **references[0],
        "$defs": components,
    }


def schema_text(probes: Mapping[str, tuple[type[Any], type[Any]]]) -> str:
    """`report_schema` as indented JSON, as `stdiag schema` prints it. The same types give the same bytes."""
    return json.dumps(report_schema(probes), indent=2, ensure_ascii=False) + "\n"


def _or_null(reference: Any) -> dict[str, Any]:
    return {"anyOf": [reference, {"type": "null"}]}


def _open(schema: Any) -> Any:
    """`schema` that allows unknown fields, where a strict type forbids them."""
    if isinstance(schema, list):
        return [_open(item) for item in schema]
    if isinstance(schema, dict):
        return {
            key: _open(item) for key, item in schema.items() if not (key == "additionalProperties" and item is False)
        }
    return schema
