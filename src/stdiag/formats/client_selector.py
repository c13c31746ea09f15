"""Which clients are meant: `android>=6`, `ios>=15`, `android=4.4`, `java`, `all`."""

from __future__ import annotations

import enum
import re

import msgspec

from stdiag.formats.errors import FormatError, nearest, shown

_LONGEST = 64
_SELECTOR = re.compile(r"\s*([A-Za-z][A-Za-z0-9._-]*?)\s*(?:(>=|<=|==|=|>|<)\s*(.*?))?\s*")
_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,3}")


class Platform(enum.StrEnum):
    """Whose TLS it is: the platform's own, as an app on it uses it."""

    ANDROID = "android"
    IOS = "ios"
    OPENJDK = "openjdk"
    JAVA = "java"  # Java 8 of Oracle and of the OpenJDK builds
    IBM_JAVA = "ibm-java"  # the JRE of WebSphere 8.5 and 9
    OPENSSL = "openssl"
    CHROME = "chrome"
    FIREFOX = "firefox"
    SAFARI = "safari"


class Comparison(enum.StrEnum):
    """How a client's version stands to the one named."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EXACTLY = "="
    ABOVE = ">"
    BELOW = "<"


Version = tuple[int, ...]

EVERY_PLATFORM = "all"


class ClientSelector(msgspec.Struct, frozen=True):
    """One line of `clients`. `str()` is its canonical text."""

    platform: Platform | None
    """None: every platform."""
    comparison: Comparison | None = None
    version: Version = ()

    def __str__(self) -> str:
        name = self.platform.value if self.platform else EVERY_PLATFORM
        return f"{name}{self.comparison.value}{version_text(self.version)}" if self.comparison else name

    def takes(self, platform: Platform, version: Version) -> bool:
        """Whether a client is meant. A version names all that begin with it: `android=7` is 7.0 and 7.1.1."""
        if self.platform is not None and platform is not self.platform:
            return False
        wanted = self.version
        have = (*version, *(0,) * (len(wanted) - len(version)))[: len(wanted)]
        match self.comparison:
            case None:
                return True
            case Comparison.AT_LEAST:
                return have >= wanted
            case Comparison.AT_MOST:
                return have <= wanted
            case Comparison.EXACTLY:
                return have == wanted
            case Comparison.ABOVE:
                return have > wanted
            case Comparison.BELOW:
                return have < wanted


def parse_client_selector(text: str) -> ClientSelector:
    """`text` as a selector. Raises FormatError: one sentence with what to write instead."""
    example = 'such as "android>=6" or "ios"'
    found = _SELECTOR.fullmatch(text[: _LONGEST + 1])
    if len(text) > _LONGEST or found is None:
        raise FormatError(f"{shown(text)} does not name clients", expected=f"a platform and a version, {example}")
    name, comparison, version = found.groups()
    if name.lower() == EVERY_PLATFORM and comparison is None:
        return ClientSelector(None)
    platform = _platform(name)
    if comparison is None:
        return ClientSelector(platform)
    if not _VERSION.fullmatch(version):
        raise FormatError(
            f"{shown(version)} is not a version" if version else f"{shown(text)} names no version",
            expected=f"numbers and dots, {example}",
        )
    return ClientSelector(platform, Comparison("=" if comparison == "==" else comparison), parse_version(version))


def parse_version(text: str) -> Version:
    """`7.1.1` as (7, 1, 1)."""
    return tuple(map(int, text.split(".")))


def version_text(version: Version) -> str:
    """(7, 1, 1) as `7.1.1`."""
    return ".".join(map(str, version))


def _platform(name: str) -> Platform:
    names = [platform.value for platform in Platform]
    lowered = name.lower()
    if lowered in names:
        return Platform(lowered)
    near = nearest(name, names, cutoff=0.75)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join([EVERY_PLATFORM, *names])}"
    raise FormatError(f"there is no platform {shown(name)}", suggestion=hint)
