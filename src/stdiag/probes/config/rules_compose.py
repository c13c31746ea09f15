"""What docker-compose.yml says about environment files, and what HCL's pages make of YAML. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Setting
from stdiag.formats.config.environment_slips import EnvironmentSlip
from stdiag.model import Finding, Site
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import beside, distinct, short, slips_of

_OF_SERVICE = re.compile(r"services/([^/]+)/([^/]+)(?:/path)?")
_SIMPLE = re.compile(r"(?:\./)?([\w.-]*\.env)")
"""A file in the folder of the compose file itself, called as environment files are."""
_MEANT = frozenset({"env_file", "env_files", "envfile", "envfiles", "environment_file", "environment_files"})


def _env_files(document: ConfigDocument) -> list[tuple[str, Setting]]:
    """(key as written, setting) of everything that is or was meant to be `env_file` of a service."""
    listed = []
    for setting in document.settings:
        inside = _OF_SERVICE.fullmatch(setting.name)
        if inside and re.sub(r"[ -]", "_", inside[2]).lower() in _MEANT:
            listed.append((inside[2], setting))
    return listed


def key(document: ConfigDocument, _: Site) -> list[Finding]:
    """`env file:` where `env_file:` is meant."""
    if document.kind is not ConfigKind.COMPOSE:
        return []
    wrong = [(written, setting) for written, setting in _env_files(document) if written != "env_file"]
    if not wrong:
        return []
    places = [setting.place for _, setting in wrong]
    return [at(document, "config-env-file-key", places, names=distinct(written for written, _ in wrong))]


def file_list(document: ConfigDocument, _: Site) -> list[Finding]:
    """`-mux.env` without a blank, and several names on one line."""
    if document.kind is not ConfigKind.COMPOSE:
        return []
    on_one_line = slips_of(document, EnvironmentSlip.LIST_ON_ONE_LINE)
    without_blank = [setting for _, setting in _env_files(document) if setting.value.startswith("-")]
    if not on_one_line and not without_blank:
        return []
    files = [name for slip in on_one_line for name in slip.detail.split(", ")]
    files += [name.lstrip("-") for setting in without_blank for name in setting.value.split()]
    return [
        at(
            document,
            "config-env-file-list",
            [
                *(slip.place for slip in on_one_line),
                *(setting.value_place or setting.place for setting in without_blank),
            ],
            files=distinct(files),
        )
    ]


def equals(document: ConfigDocument, _: Site) -> list[Finding]:
    """NAME=VALUE where YAML wants NAME: "VALUE"."""
    slips = slips_of(document, EnvironmentSlip.EQUALS_IN_YAML)
    if not slips:
        return []
    names = distinct(slip.name for slip in slips)
    return [at(document, "config-equals-in-yaml", [slip.place for slip in slips], names=names)]


def missing_file(documents: Sequence[ConfigDocument], _: Site) -> list[Finding]:
    """A compose file names an environment file that was not read, though others of its folder were.

    Whether the file exists is not known here: it may just not have been named."""
    findings = []
    for document in documents:
        if document.kind is not ConfigKind.COMPOSE:
            continue
        read = {short(one) for one in beside(document, documents) if one.kind is ConfigKind.ENVIRONMENT}
        absent = [
            (setting, name)
            for _, setting in _env_files(document)
            for name in _names(setting)
            if read and name not in read
        ]
        if absent:
            places = [setting.place for setting, _ in absent]
            findings.append(at(document, "config-env-file-unread", places, files=distinct(name for _, name in absent)))
    return findings


def unused_file(documents: Sequence[ConfigDocument], _: Site) -> list[Finding]:
    """An environment file beside a compose file that no service names. `.env` is read without being named."""
    findings = []
    for document in documents:
        if document.kind is not ConfigKind.ENVIRONMENT or short(document) == ".env" or not document.settings:
            continue
        composes = [one for one in beside(document, documents) if one.kind is ConfigKind.COMPOSE]
        listed = [setting for one in composes for _, setting in _env_files(one)]
        if not listed or any(_may_name(setting, short(document)) for setting in listed):
            continue
        findings.append(
            at(
                document,
                "config-env-file-unused",
                [document.settings[0].place],
                compose=", ".join(distinct(short(one) for one in composes)),
            )
        )
    return findings


def _names(setting: Setting) -> list[str]:
    """The files in the same folder that a setting names."""
    return [
        inside[1] for name in (one.lstrip("-") for one in setting.value.split()) if (inside := _SIMPLE.fullmatch(name))
    ]


def _may_name(setting: Setting, file: str) -> bool:
    return "$" in setting.value or any(PurePosixPath(one.lstrip("-")).name == file for one in setting.value.split())


RULES = (key, file_list, equals)
RULES_TOGETHER = (missing_file, unused_file)
