"""Configuration files written for a test, read, and judged by all rules."""

from __future__ import annotations

from stdiag.formats.config.document import ConfigDocument
from stdiag.formats.config.environment_reader import read_environment
from stdiag.formats.config.ini_reader import read_plugin_customization, read_sametime_ini
from stdiag.formats.config.yaml_reader import read_compose, read_helm
from stdiag.model import Finding, Site
from stdiag.probes.config.judge import RULES, RULES_TOGETHER

_READERS = {
    ".env": read_environment,
    "docker-compose.yml": read_compose,
    "values.yaml": read_helm,
    "plugin_customization.ini": read_plugin_customization,
    "sametime.ini": read_sametime_ini,
}
COMMUNITY = "com.ibm.collaboration.realtime.community"


def document(name: str, text: str, folder: str = "sametime") -> ConfigDocument:
    reader = next(reader for ending, reader in _READERS.items() if name.endswith(ending))
    return reader(text.encode(), f"{folder}/{name}")


def found(*documents: ConfigDocument, site: Site | None = None) -> list[Finding]:
    alone = [finding for one in documents for rule in RULES for finding in rule(one, site or Site())]
    return alone + [finding for rule in RULES_TOGETHER for finding in rule(documents, site or Site())]


def codes(*documents: ConfigDocument, site: Site | None = None) -> list[str]:
    return [finding.code for finding in found(*documents, site=site)]


def preferences(*lines: str) -> ConfigDocument:
    return document("plugin_customization.ini", "\n".join(f"{COMMUNITY}/{line}" for line in lines))
