"""report.md: the JSON report as a contract."""

from __future__ import annotations

import enum
from collections.abc import Container, Iterator

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.cli.docs.fields import fields_of, members_of, structs_below, summary_of, type_words
from stdiag.cli.docs.report_words import WORDS
from stdiag.model import SCHEMA_VERSION, Cause, Decision, Finding, Report, Severity, Subject, SubjectKind, Verdict
from stdiag.probes.registry import PROBES

_INTRODUCTION = f"""# The report

`-f json` prints it, `-o FILE.json` writes it: one JSON document (UTF-8) for one run, made whether the run was a GO or
not. Everything else that stdiag shows is a view of it. [report.schema.json](report.schema.json) is its JSON Schema
(2020-12); `stdiag schema` prints the same.

## What you may rely on

This page describes `schema_version` {SCHEMA_VERSION}.

- A new field, a new code, or a new value of an enumeration raises the minor number (1.0 → 1.1). Programs must accept
  fields and values that they do not know.
- A field that is renamed or removed, or that changes its type or its meaning, raises the major number (1.1 → 2.0).
- stdiag itself reads every report of its own major version. In one of a newer minor it ignores fields that it does not
  know, and reads a value that it does not know as the most careful one that it does: an outcome as `undecided`, a
  decision as `incomplete`, a severity as `warning`. `stdiag report show -f json` and a bundle hand on the document as
  it was read, so nothing of it is lost. A report of a newer major version is refused with one sentence.
- A report that is read and written again by the version that made it is the same, byte for byte.
- A field with a default may be left out where it holds the default.
- Codes of findings and fingerprints are stable: compare runs by `fingerprint`, never by words.
- Texts of libraries and systems (`words`, `verify_text`) are evidence for people and change with their versions.
- Times are UTC in ISO 8601; names that end in `_us` are microseconds, in `_s` seconds.
- No password, passphrase, token, cookie or private key is ever in it. Names, addresses, certificates, file paths, the
  command line (credentials masked) and this machine's name are: read it before you send it to somebody.
- Pointers (`evidence`, `findings`, `folded`) are JSON Pointers (RFC 6901). Those in a check's findings start at the
  check, all others at the report.

## The parts that most programs want

The verdict:
"""


def report_page() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield from _example("Verdict", _verdict())
    yield "\nA finding, which a pointer in `verdict.causes[].findings` leads to:\n"
    yield from _example("Finding", _finding())
    types = described_types()
    yield "\n## Types"
    yield "\nA report is one [Report](#report)."
    for one in types:
        yield from _section(one, types)


def described_types() -> list[type]:
    """Report, and every type below it; then what the probes record and conclude."""
    types = structs_below(Report)
    for probe in PROBES:
        types += [*structs_below(probe.observation), *structs_below(probe.analysis)]
    return list(dict.fromkeys(types))


def _section(one: type, linked: Container[type]) -> Iterator[str]:
    yield f"\n### {one.__name__}\n"
    yield summary_of(one)
    yield ""
    if issubclass(one, enum.StrEnum):
        for value, remark in members_of(one).items():
            yield f"- `{value}`" + (f": {remark}" if remark else "")
    elif issubclass(one, msgspec.Struct):
        yield "| Field | Type | | Meaning |"
        yield "|---|---|---|---|"
        for field in fields_of(one):
            needed = "always" if field.default is msgspec.NODEFAULT else ""
            meaning = field.words or meaning_of(one, field.name)
            yield f"| `{field.name}` | {_cell(type_words(field.type, linked))} | {needed} | {_cell(meaning)} |"


def meaning_of(struct: type, name: str) -> str:
    """The words for a field without a docstring; the class that declares it may be a base of `struct`.

    Raises LookupError when nobody has said what the field means.
    """
    for one in struct.__mro__:
        if words := WORDS.get(f"{one.__name__}.{name}"):
            return words
    raise LookupError(f"{struct.__name__}.{name} has neither a docstring nor words in {__name__}_words")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _example(type_name: str, value: msgspec.Struct) -> Iterator[str]:
    document = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    yield f"<!-- json: {type_name} -->\n\n```json\n{document}\n```"


def _finding() -> Finding:
    return kind("net-refused").found(
        Subject(kind=SubjectKind.ADDRESS, host="chat.example.com", port=443, address="192.0.2.10"),
        evidence=["/observation/addresses/0/connect_fault"],
        address="192.0.2.10",
    )


def _verdict() -> Verdict:
    finding = _finding()
    cause = Cause(
        code=finding.code,
        severity=Severity.ERROR,
        subject=finding.subject,
        fingerprint=finding.fingerprint,
        findings=["/checks/0/findings/0"],
    )
    return Verdict(decision=Decision.NO_GO, causes=[cause])
