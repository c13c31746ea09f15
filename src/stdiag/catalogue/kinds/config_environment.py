"""What is found in environment files, docker-compose.yml and values.yaml."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_WHO_NEEDS_IT = "whoever needs these settings, from the next start of the containers on"
_NEXT_START = "everybody, from the next start of the containers on"
_CONFIG = "docker compose config --quiet"

CONFIG_NAME_ESCAPED = FindingKind(
    code="config-name-escaped",
    severity=Severity.ERROR,
    summary="Names of variables hold backslashes or backticks: {names}.",
    params=("names", "right", "place"),
    evidence="{place}; meant: {right}",
    affects=_WHO_NEEDS_IT,
    spares="what runs already: the file is read at the next start",
    reach=1,
    remedy="config-environment",
    page="config-names",
    proof=_CONFIG,
)
"""Params: names (as written), right (as meant), place."""

CONFIG_NAME_INVALID = FindingKind(
    code="config-name-invalid",
    severity=Severity.ERROR,
    summary="Names of variables are none that docker compose takes: {names}.",
    params=("names", "problems", "place"),
    evidence="{place}: {problems}",
    affects=_NEXT_START,
    reach=1,
    remedy="config-environment",
    page="config-names",
    proof=_CONFIG,
)
"""Params: names, problems (list of clauses), place."""

CONFIG_STI_UNDERSCORES = FindingKind(
    code="config-sti-underscores",
    severity=Severity.WARNING,
    summary="Settings for sametime.ini are not written STI__SECTION__KEY: {names}.",
    params=("names", "right", "place"),
    evidence="{place}[; by the rule: {right}]",
    affects="whoever needs these settings: by the documented rule the server does not get them",
    reach=2,
    remedy="config-environment",
    page="config-names",
    proof="docker compose exec community env",
)
"""Params: names, right (list, perhaps empty), place."""

CONFIG_STI_IN_INI = FindingKind(
    code="config-sti-in-ini",
    severity=Severity.WARNING,
    summary="The form of environment files stands in sametime.ini itself: {names}.",
    params=("names", "place"),
    evidence="{place}",
    affects="whoever needs these settings: the server looks for KEY below [SECTION]",
    reach=2,
    remedy="config-sametime-ini",
    page="config-names",
)
"""Params: names, place."""

CONFIG_NAME_MISSPELT = FindingKind(
    code="config-name-misspelt",
    severity=Severity.INFO,
    summary="Names that are nearly known ones: {names}.",
    params=("names", "meant", "place"),
    evidence="{place}; perhaps meant: {meant}",
    affects="nobody, if these are settings that HCL documents elsewhere",
    reach=4,
    remedy="config-environment",
    page="config-names",
)
"""Params: names, meant, place."""

CONFIG_DUPLICATE = FindingKind(
    code="config-duplicate",
    severity=Severity.WARNING,
    summary="Settings stand twice, and {counts}: {names}.",
    params=("names", "counts", "place"),
    evidence="{place}",
    affects="whoever needs the value that does not count",
    reach=2,
    remedy="config-file",
    page="config-names",
)
"""Params: names, counts (a clause: which one does), place."""

CONFIG_ENV_COLON = FindingKind(
    code="config-env-colon",
    severity=Severity.INFO,
    summary="Settings are written NAME: VALUE, the form of values.yaml: {names}.",
    params=("names", "place"),
    evidence="{place}",
    affects="nobody with docker compose; other programs skip such lines",
    reach=4,
    remedy="config-environment",
    page="config-syntax",
)
"""Params: names, place."""

CONFIG_SYNTAX = FindingKind(
    code="config-syntax",
    severity=Severity.ERROR,
    summary="Lines are no settings, and {reader}: {problems}.",
    params=("problems", "reader", "place"),
    evidence="{place}",
    affects=_NEXT_START,
    spares="what runs already: the file is read at the next start",
    reach=1,
    remedy="config-environment",
    page="config-syntax",
    proof=_CONFIG,
)
"""Params: problems (list, each with its line), reader (a clause: what becomes of them), place."""

CONFIG_VALUE_KEPT = FindingKind(
    code="config-value-kept",
    severity=Severity.WARNING,
    summary="What nobody means stays in values, {what}: {names}.",
    params=("names", "what", "place"),
    evidence="{place}",
    affects="whoever needs these settings",
    reach=2,
    remedy="config-environment",
    page="config-syntax",
)
"""Params: names, what (list: `a blank at its end`), place."""

CONFIG_VALUE_PLACEHOLDER = FindingKind(
    code="config-value-placeholder",
    severity=Severity.WARNING,
    summary="Values look pasted from a page and not filled in, with <…> or a backslash before _: {names}.",
    params=("names", "place"),
    evidence="{place}",
    affects="whoever needs these settings",
    reach=2,
    remedy="config-environment",
    page="config-syntax",
)
"""Params: names, place."""

CONFIG_SECRET_CHANGED = FindingKind(
    code="config-secret-changed",
    severity=Severity.WARNING,
    summary="Secrets may arrive changed, for they hold {problems}: {names}.",
    params=("names", "problems", "place"),
    evidence="{place}",
    affects="whoever needs the login that they are for",
    reach=2,
    remedy="config-environment",
    page="config-syntax",
)
"""Params: names, problems (list), place."""

CONFIG_ENCODING = FindingKind(
    code="config-encoding",
    severity=Severity.WARNING,
    summary="The file has {what}, and {effect}.",
    params=("what", "effect", "place"),
    evidence="{place}",
    affects="whoever needs its first setting, or all of them",
    reach=2,
    remedy="config-file",
    page="config-syntax",
    proof="file {file}",
)
"""Params: what (the encoding, or the mark), effect (a clause), place."""

CONFIG_ENV_FILE_KEY = FindingKind(
    code="config-env-file-key",
    severity=Severity.ERROR,
    summary='A service has the key "{names}" where env_file is meant.',
    params=("names", "place"),
    evidence="{place}",
    affects=_NEXT_START,
    reach=0,
    remedy="config-compose",
    page="config-compose",
    proof=_CONFIG,
)
"""Params: names (the keys as written), place."""

CONFIG_ENV_FILE_LIST = FindingKind(
    code="config-env-file-list",
    severity=Severity.ERROR,
    summary="The environment files are not listed one to a line after a dash and a blank: {files}.",
    params=("files", "place"),
    evidence="{place}",
    affects=_NEXT_START,
    reach=0,
    follows=("config-env-file-key",),
    remedy="config-compose",
    page="config-compose",
    proof=_CONFIG,
)
"""Params: files (as meant), place."""

CONFIG_ENV_FILE_UNREAD = FindingKind(
    code="config-env-file-unread",
    severity=Severity.INFO,
    summary="The file names environment files that are not among those that were read: {files}.",
    params=("files", "place"),
    evidence="{place}",
    affects="nobody, if the files are where docker compose looks; without them it does not start",
    reach=4,
    remedy="config-compose",
    page="config-compose",
    proof=_CONFIG,
)
"""Params: files, place."""

CONFIG_ENV_FILE_UNUSED = FindingKind(
    code="config-env-file-unused",
    severity=Severity.INFO,
    summary="No service of {compose} names this environment file.",
    params=("compose", "place"),
    evidence="{place}",
    affects="nobody, if it is meant to rest",
    reach=4,
    remedy="config-compose",
    page="config-compose",
)
"""Params: compose (the compose files beside it), place."""

CONFIG_EQUALS_IN_YAML = FindingKind(
    code="config-equals-in-yaml",
    severity=Severity.ERROR,
    summary='Settings are written NAME=VALUE where YAML wants NAME: "VALUE": {names}.',
    params=("names", "place"),
    evidence="{place}",
    affects="whoever needs these settings, and everybody when Helm refuses the file",
    reach=1,
    remedy="config-helm",
    page="config-compose",
    proof="helm lint .",
)
"""Params: names, place."""

CONFIG_GENERATION = FindingKind(
    code="config-generation",
    severity=Severity.WARNING,
    summary="A file of kind {kind} belongs to {belongs}, and the site's product is {product}.",
    params=("kind", "belongs", "product", "place"),
    evidence="{place}",
    affects="whoever relies on its settings: that product does not read them",
    reach=2,
    remedy="config-file",
    page="config-generation",
)
"""Params: kind, belongs (the product it is of), product (the site's), place."""

CONFIG_INI_IN_CONTAINER = FindingKind(
    code="config-ini-in-container",
    severity=Severity.INFO,
    summary="With {product} sametime.ini is made anew in the container, from variables STI__SECTION__KEY.",
    params=("product", "place"),
    evidence="{place}",
    affects="nobody, as long as the file is only read and not edited",
    reach=4,
    remedy="config-sametime-ini",
    page="config-generation",
)
"""Params: product, place."""

KINDS = (
    CONFIG_NAME_ESCAPED,
    CONFIG_NAME_INVALID,
    CONFIG_STI_UNDERSCORES,
    CONFIG_STI_IN_INI,
    CONFIG_NAME_MISSPELT,
    CONFIG_DUPLICATE,
    CONFIG_ENV_COLON,
    CONFIG_SYNTAX,
    CONFIG_VALUE_KEPT,
    CONFIG_VALUE_PLACEHOLDER,
    CONFIG_SECRET_CHANGED,
    CONFIG_ENCODING,
    CONFIG_ENV_FILE_KEY,
    CONFIG_ENV_FILE_LIST,
    CONFIG_ENV_FILE_UNREAD,
    CONFIG_ENV_FILE_UNUSED,
    CONFIG_EQUALS_IN_YAML,
    CONFIG_GENERATION,
    CONFIG_INI_IN_CONTAINER,
)
