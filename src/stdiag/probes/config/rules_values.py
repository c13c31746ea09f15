"""Values that arrive otherwise than they were meant, and passwords that everybody knows. Pure."""

from __future__ import annotations

from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.environment_slips import EnvironmentSlip
from stdiag.model import Finding, Severity, Site
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import distinct, slips_of

_SYNTAX = {
    EnvironmentSlip.NOT_A_SETTING: "no NAME=VALUE",
    EnvironmentSlip.QUOTE_OPEN: "a quote that is not closed",
    EnvironmentSlip.TEXT_AFTER_QUOTE: "text behind the closing quote",
}
_INI_SYNTAX = frozenset({ConfigKind.SAMETIME_INI, ConfigKind.PLUGIN_CUSTOMIZATION})


def syntax(document: ConfigDocument, _: Site) -> list[Finding]:
    """Lines that are no settings."""
    slips = slips_of(document, *_SYNTAX)
    if not slips:
        return []
    problems = [f"line {slip.place.line}: {_SYNTAX[EnvironmentSlip(slip.kind)]}" for slip in slips]
    of_client = document.kind in _INI_SYNTAX
    return [
        at(
            document,
            "config-syntax",
            [slip.place for slip in slips],
            severity=Severity.WARNING if of_client else None,
            problems=distinct(problems),
            reader="nobody reads them" if of_client else "docker compose refuses the file",
        )
    ]


def kept(document: ConfigDocument, _: Site) -> list[Finding]:
    """Blanks and quotes that stay in a value."""
    slips = slips_of(document, EnvironmentSlip.KEPT, EnvironmentSlip.TYPOGRAPHIC_QUOTES)
    if not slips:
        return []
    return [
        at(
            document,
            "config-value-kept",
            [slip.place for slip in slips],
            names=distinct(slip.name for slip in slips),
            what=distinct(slip.detail or "typographic quotes" for slip in slips),
        )
    ]


def left_over(document: ConfigDocument, _: Site) -> list[Finding]:
    """Values that were pasted from a page and never filled in."""
    marks = [
        (slip.name, slip.place)
        for slip in slips_of(document, EnvironmentSlip.ESCAPED_VALUE, EnvironmentSlip.PLACEHOLDER)
    ]
    marks += [(one.name, one.place) for one in document.settings if _is_placeholder(one.value)]
    if not marks:
        return []
    names = distinct(name.rpartition("/")[2] or name for name, _ in marks)
    return [at(document, "config-value-placeholder", [place for _, place in marks], names=names)]


def _is_placeholder(value: str) -> bool:
    inside = value.strip()
    return inside.startswith("<") and inside.endswith(">") and inside.count("<") == 1 and len(inside) < 60


def changed_secret(document: ConfigDocument, _: Site) -> list[Finding]:
    """Passwords in which docker compose puts a variable in for $NAME, or which # cuts short."""
    slips = slips_of(document, EnvironmentSlip.DOLLAR, EnvironmentSlip.CUT_AT_HASH)
    if not slips:
        return []
    problems = {
        EnvironmentSlip.DOLLAR: "a $ for which docker compose puts a variable in",
        EnvironmentSlip.CUT_AT_HASH: "a # with which a comment may begin",
    }
    return [
        at(
            document,
            "config-secret-changed",
            [slip.place for slip in slips],
            names=distinct(slip.name for slip in slips),
            problems=distinct(problems[EnvironmentSlip(slip.kind)] for slip in slips),
        )
    ]


def default_password(document: ConfigDocument, _: Site) -> list[Finding]:
    """Passwords that stand in HCL's pages, or that the installer proposes."""
    slips = slips_of(document, EnvironmentSlip.DEFAULT_PASSWORD)
    if not slips:
        return []
    return [
        at(
            document,
            "config-default-password",
            [slip.place for slip in slips],
            names=distinct(slip.name.rpartition("/")[2] or slip.name for slip in slips),
            whose=distinct(slip.detail for slip in slips),
        )
    ]


def encoding(document: ConfigDocument, _: Site) -> list[Finding]:
    """A byte order mark, or an encoding that the reading program does not expect."""
    slips = slips_of(document, EnvironmentSlip.BYTE_ORDER_MARK, EnvironmentSlip.ENCODING)
    if not slips:
        return []
    what = slips[0].detail or "a byte order mark"
    match document.kind:
        case ConfigKind.PLUGIN_CUSTOMIZATION if what == "Windows-1252":
            return []  # Java reads ISO 8859-1, which is the same for letters
        case ConfigKind.PLUGIN_CUSTOMIZATION if what == "UTF-16":
            severity, effect = Severity.WARNING, "the client reads ISO 8859-1 and finds no setting in it"
        case ConfigKind.PLUGIN_CUSTOMIZATION:
            severity, effect = Severity.WARNING, "the client takes the mark for a part of the first line's name"
        case ConfigKind.SAMETIME_INI if what == "Windows-1252":
            return []
        case ConfigKind.SAMETIME_INI:
            severity, effect = Severity.WARNING, "whether the server reads that is documented nowhere"
        case ConfigKind.ENVIRONMENT:
            severity, effect = Severity.INFO, "docker compose skips it; older ones and shells do not"
        case _:
            return []  # YAML allows it
    places = [slip.place for slip in slips]
    return [at(document, "config-encoding", places, severity=severity, what=what, effect=effect)]


RULES = (syntax, kept, left_over, changed_secret, default_password, encoding)
