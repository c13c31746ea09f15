"""How a defect of a URL is made: its usual severity, and parameters fit for showing."""

from __future__ import annotations

from stdiag.formats.provisioning.url import DefectKind, UrlDefect
from stdiag.model import Param, Severity

_LONGEST = 200

_ERRORS = frozenset(
    {
        DefectKind.HOST_INVALID,
        DefectKind.PORT_INVALID,
        DefectKind.ACTION_MISSING,
        DefectKind.SEPARATOR,
        DefectKind.USER_ENCODING,
        DefectKind.PLACEHOLDER,
        DefectKind.OIDC_REDIRECT,
    }
)
_INFOS = frozenset({DefectKind.PORT_USUALLY_PLAIN, DefectKind.COMMUNITY_NAME_LONG})


def usual_severity(kind: DefectKind) -> Severity:
    """The severity that the catalogue gives this kind."""
    if kind in _ERRORS:
        return Severity.ERROR
    return Severity.INFO if kind in _INFOS else Severity.WARNING


def defect(kind: DefectKind, /, severity: Severity | None = None, **params: Param) -> UrlDefect:
    """A defect with the kind's usual severity, unless another is given."""
    shown = {name: _shown(value) for name, value in params.items()}
    return UrlDefect(kind=kind, severity=severity or usual_severity(kind), params=shown)


def printable(text: str) -> str:
    """`text` with everything escaped that does not print as itself, and cut where nobody reads on."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _shown(value: Param) -> Param:
    match value:
        case str():
            return printable(value)
        case list():
            return [printable(one) for one in value]
        case _:
            return value
