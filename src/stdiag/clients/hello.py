"""The ClientHellos of the clients: equal ones are one, so that handshakes that tell the same are made once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from stdiag.clients.profile import CipherSet, Groups, Profile, Sni, Tls


class Hello(msgspec.Struct, frozen=True):
    """What one kind of client offers, as far as OpenSSL can offer it."""

    first: Tls
    last: Tls
    ciphers: CipherSet
    groups: Groups
    sends_name: bool

    @property
    def label(self) -> str:
        """`client android-4 TLSv1`: names it in an observation."""
        span = self.first.value if self.first is self.last else f"{self.first}-{self.last}"
        curve = " P-256" if self.groups is Groups.P256 else ""
        return f"client {self.ciphers.name} {span}{curve}{'' if self.sends_name else ' no-sni'}"


def hellos(profile: Profile) -> tuple[Hello, ...]:
    """Its ClientHellos: it gets through if one of them does.

    A client with TLS 1.3 is two. OpenSSL's own hello of today is large, where these clients' are small: so one is sent
    with P-256 alone and all versions; the other, with all curves and no TLS 1.3, is needed only where that one fails.
    """
    last = profile.tls[-1]
    if last is not Tls.V1_3:
        return (_hello(profile, last, profile.groups),)
    return (_hello(profile, last, Groups.P256), _hello(profile, profile.tls[-2], Groups.COMMON))


def without_name(hello: Hello) -> Hello:
    """The same from a client that does not name the host."""
    return msgspec.structs.replace(hello, sends_name=False)


def first_hellos(profiles: Iterable[Profile]) -> list[Hello]:
    """The first hello of each of `profiles`; for a client of which it is not known whether it names the host, both."""
    found: dict[Hello, None] = {}
    for profile in profiles:
        hello = hellos(profile)[0]
        found[hello] = None
        if profile.sni is Sni.UNSURE:
            found[without_name(hello)] = None
    return list(found)


def second_hellos(profiles: Iterable[Profile], failed: Collection[str]) -> list[Hello]:
    """The further hellos of those whose first one is among the labels in `failed`."""
    return list(dict.fromkeys(h for p in profiles if hellos(p)[0].label in failed for h in hellos(p)[1:]))


def _hello(profile: Profile, last: Tls, groups: Groups) -> Hello:
    return Hello(profile.tls[0], last, profile.ciphers, groups, sends_name=True)
