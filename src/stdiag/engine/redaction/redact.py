"""A report that may be handed on: names are pseudonyms, certificates are gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from stdiag.engine.redaction.pseudonyms import Kind, Pseudonyms
from stdiag.engine.redaction.rules import Rule, rule_of, rule_of_param
from stdiag.engine.redaction.settings import rule_of_setting
from stdiag.engine.redaction.texts import REMOVED, Texts
from stdiag.engine.runner import judged
from stdiag.model import (
    Cause,
    Check,
    Finding,
    NotChecked,
    Outcome,
    Redaction,
    Report,
    Subject,
    TrustStoreRecord,
    fingerprint,
    to_raw,
)
from stdiag.pki.certificate import parse_certificate
from stdiag.pki.encoding import pem_blocks
from stdiag.pki.trust import TrustStore, restore_store
from stdiag.probes.config.known_variables import KNOWN
from stdiag.probes.contract import Context, Probe

ProbeOf = Callable[[str], Probe]

_CLOCK = re.compile(r"(?<=\d{4}-\d\d-\d\d[T ])\d\d:\d\d(:\d\d(\.\d+)?)?")
_ATTRIBUTE = re.compile(r"(?:^|[,+;])\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*((?:\\.|[^,+;\\])*)")
_NOT_TELLING = frozenset({"c", "countryname"})
"""Attributes of a name that stay: a country."""


class AlreadyRedactedError(Exception):
    """The report is redacted. Its text is one sentence."""


class Redacted(msgspec.Struct, frozen=True):
    """A redacted report, and what stays at home."""

    report: Report
    mapping: dict[str, dict[str, str]]
    """Kind → pseudonym → original."""


class _Facts(msgspec.Struct):
    """A check with its facts decoded; None where they are in a form that nobody here knows, and so must go."""

    check: Check
    probe: Probe | None
    observation: Any
    analysis: Any
    whole: bool


def redact(report: Report, probe_of: ProbeOf) -> Redacted:
    """`report` with pseudonyms. `probe_of` raises KeyError for a probe that this version does not have: of its checks
    only the findings stay. Raises AlreadyRedactedError."""
    if report.redacted is not None:
        raise AlreadyRedactedError("This report is redacted already.")
    texts = Texts(Pseudonyms())
    facts = [_decoded(check, probe_of) for check in report.checks]
    bare = msgspec.structs.replace(report, checks=[_without_facts(one.check) for one in facts])
    walk = _Walk(texts)
    for part in (bare, *((one.observation, one.analysis) for one in facts)):
        walk.value(part, Rule.TEXT)
    texts.learning = False
    redacted: Report = walk.value(bare, Rule.TEXT)
    lost: list[str] = []
    for number, one in enumerate(facts):
        observation = walk.value(one.observation, Rule.TEXT)
        fresh = redacted.checks[number]
        fresh.observation, fresh.analysis = to_raw(observation), to_raw(walk.value(one.analysis, Rule.TEXT))
        if not one.whole or not _says_the_same(one, observation, report, redacted):
            lost.append(f"/checks/{number}")
    redacted.redacted = Redaction(pseudonyms=texts.pseudonyms.counts(), not_judgeable=lost)
    if lost:
        probes = ", ".join(dict.fromkeys(redacted.checks[int(pointer.split("/")[2])].probe for pointer in lost))
        redacted.summary.not_checked = [
            *redacted.summary.not_checked,
            NotChecked(
                what=f"the redacted part ({probes}), for whoever reads this",
                reason="certificates and the words of servers were taken out: this part cannot be judged again",
            ),
        ]
    return Redacted(redacted, texts.pseudonyms.mapping())


def _decoded(check: Check, probe_of: ProbeOf) -> _Facts:
    empty = bytes(check.observation) == b"null" and bytes(check.analysis) == b"null"
    try:
        probe = probe_of(check.probe)
        observation = msgspec.json.decode(check.observation, type=probe.observation | None)
        analysis = msgspec.json.decode(check.analysis, type=probe.analysis | None)
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError):
        return _Facts(check, None, None, None, empty)
    return _Facts(check, probe, observation, analysis, whole=True)


def _without_facts(check: Check) -> Check:
    return msgspec.structs.replace(check, observation=to_raw(None), analysis=to_raw(None))


def _says_the_same(one: _Facts, observation: Any, report: Report, redacted: Report) -> bool:
    """True when the redacted facts lead to the same codes as the original ones: proven, not assumed."""
    if one.probe is None or one.observation is None:
        return True  # there is nothing to judge
    if b"-----BEGIN " in msgspec.json.encode(one.observation):
        return False  # what a certificate says is not there any more, whatever is found without it
    first = _codes(one.check, one.observation, one.probe, report)
    return first is not None and first == _codes(one.check, observation, one.probe, redacted)


def _codes(check: Check, observation: Any, probe: Probe, report: Report) -> list[tuple[str, str]] | None:
    try:
        started = datetime.fromisoformat(report.run.started)
        context = Context(started=started.astimezone(UTC), site=report.site, trust=_stores(report))
        fresh = Check(probe=check.probe, subject=check.subject, outcome=Outcome.UNDECIDED)
        found = judged(fresh, observation, probe, context).findings
    except Exception:  # whatever a rule breaks on: then it cannot be judged again
        return None
    return sorted((finding.code, finding.severity.value) for finding in found)


def _stores(report: Report) -> tuple[TrustStore, ...]:
    return tuple(map(restore_store, report.trust))


class _Walk:
    """Goes through a report by its types. Learning, it changes nothing that is kept; rewriting, it makes a new one."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def value(self, value: Any, rule: Rule) -> Any:
        match value:
            case str() if type(value) is str:
                return self._text(value, rule)
            case list() | tuple():
                return type(value)(self._items(value, rule))
            case dict():
                return {self._key(name, rule): self.value(item, rule) for name, item in value.items()}
            case msgspec.Struct():
                return self._struct(value)
            case _:
                return value

    def _items(self, values: list[Any] | tuple[Any, ...], rule: Rule) -> list[Any]:
        if rule is Rule.PEM and not self._texts.learning:
            return []
        return [self.value(item, rule) for item in values]

    def _struct(self, struct: Any) -> Any:
        name = type(struct).__name__
        fields: dict[str, Any] = {}
        for field in struct.__struct_fields__:
            content, rule = getattr(struct, field), rule_of(name, field)
            match name, field:
                case ("Finding" | "UrlDefect", "params"):
                    fields[field] = {key: self.value(item, rule_of_param(key)) for key, item in content.items()}
                case "Run", "provenance":
                    fields[field] = {self._provenance(key): self.value(item, rule) for key, item in content.items()}
                case "Setting", "value":
                    fields[field] = self._setting_value(struct.name, content)
                case "Site", "resolve":
                    pairs = [(self._text(key, Rule.PLACE), self._text(to, Rule.PLACE)) for key, to in content.items()]
                    fields[field] = dict(pairs)
                case ("HopReply" | "HttpReply" | "ProxyAnswer", "headers") if not self._texts.learning:
                    fields[field] = {}
                case "TrustStoreRecord", "source" | "sha256":
                    fields[field] = self._of_store(struct, field)
                case _:
                    fields[field] = self.value(content, rule)
        if isinstance(struct, Finding | Cause):
            # The old one is a hash of the old name: who guesses the name could prove it.
            subject: Subject = fields["subject"]
            fields["fingerprint"] = fingerprint(struct.code, subject)
        return type(struct)(**fields)

    def _of_store(self, record: TrustStoreRecord, field: str) -> str:
        """Mozilla's store is the same for all; the others may be the organisation's."""
        if record.name == "mozilla":
            return str(getattr(record, field))
        return "" if field == "sha256" else self._text(record.source, Rule.TEXT)

    def _key(self, name: Any, rule: Rule) -> Any:
        return name if rule is Rule.KEEP or not isinstance(name, str) else self._texts.text(name)

    def _provenance(self, key: str) -> str:
        """Keys of the site file stay; those of [resolve] hold names."""
        table, dot, rest = key.partition(".")
        if table != "resolve" or not dot:
            return key
        quote = '"' if rest.startswith('"') else ""
        return f"{table}.{quote}{self._text(rest.strip(chr(34)), Rule.PLACE)}{quote}"

    def _text(self, text: str, rule: Rule) -> str:
        match rule:
            case Rule.KEEP:
                return text
            case Rule.TEXT:
                return self._texts.text(text)
            case Rule.PLACE:
                return self._texts.place(text)
            case Rule.USER | Rule.FILE:
                return self._named(Kind.USER if rule is Rule.USER else Kind.FILE, text)
            case Rule.CARD:
                return self._named(Kind.CARD, text)
            case Rule.REFERENCE:
                return self._reference(text)
            case Rule.SETTING:
                return self._setting(text)
            case Rule.DAY:
                return _CLOCK.sub(lambda match: re.sub(r"\d", "0", match[0]), text)
            case Rule.QUOTATION:
                return self._quotation(text)
            case _:
                return self._of_certificate(text, rule)

    def _of_certificate(self, text: str, rule: Rule) -> str:
        match rule:
            case Rule.DISTINGUISHED_NAME:
                return self._distinguished(text)
            case Rule.COMMON_NAME:
                return self._common_name(text)
            case Rule.CERTIFICATE:
                return self._texts.named(Kind.CERTIFICATE, text) if text else text
            case _:
                if self._texts.learning:
                    self._learn_certificates(text)
                return ""

    def _named(self, kind: Kind, text: str) -> str:
        if not text.strip():
            return text
        if self._texts.learning:
            for part in {text, text.rpartition("\\")[2], text.partition("@")[0]} if kind is Kind.USER else {text}:
                self._texts.learn(kind, part)
        return self._texts.named(kind, text.strip())

    def _reference(self, text: str) -> str:
        scheme, colon, rest = text.partition(":")
        if scheme == "file" and colon:
            return f"file:{self._named(Kind.FILE, rest)}"
        return f"env:{REMOVED}" if colon else text

    def _setting(self, name: str) -> str:
        """Also by a word among underscores somebody may be known; not by the product's own names."""
        if name.rpartition("/")[2].replace("\\", "") in KNOWN:
            return name
        # Neither is a setting inside of another one a path.
        parts = self._texts.text(name.replace("_", " \0 ").replace("/", " \1 "))
        return parts.replace(" \0 ", "_").replace(" \1 ", "/")

    def _setting_value(self, name: str, value: str) -> str:
        rule = rule_of_setting(name, value)
        # That a path is absolute is worth knowing, and tells nothing.
        return f"/{self._text(value, rule)}" if rule is Rule.FILE else self._text(value, rule)

    def _distinguished(self, text: str) -> str:
        def one(match: re.Match[str]) -> str:
            name, value = match[1], re.sub(r"\\(.)", r"\1", match[2]).strip()
            if name.lower() in _NOT_TELLING or not value:
                return match[0]
            made = self._common_name(value) if name.upper() == "CN" else self._attribute(name, value)
            return match[0][: match.start(2) - match.start()] + made

        if not _ATTRIBUTE.search(text):
            return self._common_name(text)
        return _ATTRIBUTE.sub(one, text)

    def _attribute(self, name: str, value: str) -> str:
        if name.upper() == "DC":
            return self._texts.place(value)
        kind = Kind.USER if name.upper() in ("UID", "EMAILADDRESS", "E", "1.2.840.113549.1.9.1") else Kind.ORGANISATION
        return self._named(kind, value)

    def _common_name(self, text: str) -> str:
        """A host's name as such, a person's or an authority's as a numbered one."""
        if not text.strip():
            return text
        if re.fullmatch(r"(\*\.)?[\w-]+(\.[\w-]+)+\.?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+", text):
            return self._texts.place(text)
        return self._named(Kind.NAME, text)

    def _learn_certificates(self, pem: str) -> None:
        for _, body in pem_blocks(pem.encode("utf-8", "replace")):
            certificate = parse_certificate(body)
            if certificate.problem is not None:
                continue
            for name in (certificate.subject, certificate.issuer):
                self._distinguished(name)
            for place in (*certificate.dns_names, *certificate.ip_addresses, *certificate.ca_issuers):
                self._texts.place(place)

    def _quotation(self, text: str) -> str:
        if self._texts.learning:
            for words in (text, *re.findall(r'(?i)realm="?([^",]+)', text)):
                self._texts.learn_quotation(words)
            self._texts.text(text)
        return REMOVED if text else text
