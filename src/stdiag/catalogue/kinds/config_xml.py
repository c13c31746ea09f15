"""What is found in the form of an XML configuration file, whichever it is."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_SOME_SETTINGS = "whoever relies on the setting that is not read as it was meant"

CONFIG_XML_AMPERSAND = FindingKind(
    code="config-xml-ampersand",
    severity=Severity.ERROR,
    summary="An & stands in {name} as it is: no XML parser reads the file, and so none of its settings holds.",
    params=("place", "name"),
    evidence="{place}: write &amp; for the &",
    affects="all who depend on this file",
    reach=1,
    remedy="config-xml",
    page="config-xml",
)
"""Params: place, name."""

CONFIG_XML_ROOT = FindingKind(
    code="config-xml-root",
    severity=Severity.WARNING,
    summary="The outermost element is <{name}>, and in such a file it is <{right}>.",
    params=("place", "name", "right"),
    evidence="{place}",
    affects="all who depend on this file, when it is meant to be one of these",
    reach=2,
    remedy="config-xml",
    page="config-xml",
)
"""Params: place, name, right."""

CONFIG_XML_SECOND_ELEMENT = FindingKind(
    code="config-xml-second-element",
    severity=Severity.WARNING,
    summary="A second <{name}> stands in the file: which of the two the server reads is not documented.",
    params=("place", "name", "first"),
    evidence="{place}; the first one is in line {first}",
    affects=_SOME_SETTINGS,
    reach=2,
    remedy="config-xml",
    page="config-xml",
)
"""Params: place, name, first (a line)."""

CONFIG_XML_MISPLACED = FindingKind(
    code="config-xml-misplaced",
    severity=Severity.WARNING,
    summary="The element {name} stands where it is not documented: it belongs to {right}.",
    params=("place", "name", "right"),
    evidence="{place}",
    affects=_SOME_SETTINGS,
    reach=2,
    remedy="config-xml",
    page="config-xml",
)
"""Params: place, name (its path), right (the documented path)."""

CONFIG_XML_VALUE = FindingKind(
    code="config-xml-value",
    severity=Severity.WARNING,
    summary="The value of {name} is not {expected}.",
    params=("place", "name", "value", "expected"),
    evidence="{place}: {name} = {value}",
    affects=_SOME_SETTINGS,
    reach=2,
    remedy="config-xml",
    page="config-xml",
)
"""Params: place, name, value, expected (words)."""

CONFIG_XML_UNKNOWN = FindingKind(
    code="config-xml-unknown",
    severity=Severity.INFO,
    summary="The name {name} is not documented, and nearly the same as {near}.",
    params=("place", "name", "near"),
    evidence="{place}; not every name is documented, so it may still be right",
    affects="nobody, when it is meant so",
    reach=4,
    remedy="config-xml",
    page="config-xml",
)
"""Params: place, name, near."""

CONFIG_XML_STRAY_TEXT = FindingKind(
    code="config-xml-stray-text",
    severity=Severity.INFO,
    summary="Text stands in <{name}> beside its elements, where nobody reads it.",
    params=("place", "name"),
    evidence="{place}",
    affects="nobody, when it was meant as a remark",
    reach=4,
    remedy="config-xml",
    page="config-xml",
)
"""Params: place, name."""

KINDS = (
    CONFIG_XML_AMPERSAND,
    CONFIG_XML_ROOT,
    CONFIG_XML_SECOND_ELEMENT,
    CONFIG_XML_MISPLACED,
    CONFIG_XML_VALUE,
    CONFIG_XML_UNKNOWN,
    CONFIG_XML_STRAY_TEXT,
)
