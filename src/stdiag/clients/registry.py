"""All clients, and those that a selector means."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from stdiag.clients import android, browsers, ios, java, openssl
from stdiag.clients.profile import NAMES, Profile
from stdiag.formats.client_selector import ClientSelector, Platform, parse_client_selector
from stdiag.formats.errors import FormatError, shown


@functools.cache
def all_profiles() -> tuple[Profile, ...]:
    """Every client, platform by platform, the oldest release first."""
    every = (*android.profiles(), *ios.profiles(), *java.profiles(), *openssl.profiles(), *browsers.profiles())
    order = list(Platform)
    return tuple(sorted(every, key=lambda profile: (order.index(profile.platform), profile.version)))


def parse_clients(texts: Iterable[str]) -> tuple[Profile, ...]:
    """The clients that `texts` name, each once; none named: all. Raises FormatError: one sentence, with the remedy."""
    selectors = [parse_client_selector(text) for text in texts]
    for selector in selectors:
        if not selected([selector]):
            raise _nobody(selector)
    return selected(selectors) if selectors else all_profiles()


def selected(selectors: Iterable[ClientSelector]) -> tuple[Profile, ...]:
    """The clients that any of `selectors` means."""
    wanted = tuple(selectors)
    return tuple(
        profile for profile in all_profiles() if any(one.takes(profile.platform, profile.version) for one in wanted)
    )


def _nobody(selector: ClientSelector) -> FormatError:
    known = [profile for profile in all_profiles() if profile.platform is selector.platform]
    versions = [profile.version_text for profile in known if profile.version]
    if not versions:
        name = NAMES[known[0].platform]
        return FormatError(
            f"{shown(str(selector))}: of {name} only today's version is known",
            suggestion=f'write "{selector.platform}"',
        )
    return FormatError(
        f"{shown(str(selector))} is no client that is known", expected=f"one from {versions[0]} to {versions[-1]}"
    )
