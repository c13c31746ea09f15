"""Profiles: every fact has its source; selectors pick the clients that are meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.clients.hello import first_hellos, hellos, second_hellos
from stdiag.clients.profile import FACTS, Profile, StoreKind, Tls
from stdiag.clients.registry import all_profiles, parse_clients
from stdiag.clients.stores import public_store
from stdiag.formats.client_selector import ClientSelector, Platform, parse_client_selector
from stdiag.formats.errors import FormatError


@pytest.mark.parametrize("profile", all_profiles(), ids=lambda profile: profile.client)
def test_every_fact_has_a_source(profile: Profile) -> None:
    assert set(profile.sources) == set(FACTS)
    assert all(source.text for source in profile.sources.values())
    assert profile.tls
    assert not set(profile.tls) & set(profile.tls_perhaps)
    if profile.store in (StoreKind.RELEASE, StoreKind.APPLE):
        assert public_store(profile, ()) is not None


def test_every_platform_has_profiles_and_each_client_is_one() -> None:
    assert {profile.platform for profile in all_profiles()} == set(Platform)
    assert len({profile.client for profile in all_profiles()}) == len(all_profiles())


def test_the_first_and_last_release_that_are_known() -> None:
    names = [profile.client for profile in all_profiles()]
    assert names[0] == "android 2.3"
    assert {"android 4.4", "android 17", "ios 12", "ios 26", "openjdk 11", "openjdk 17", "java 8"} <= set(names)
    assert {"ibm-java 8.5", "ibm-java 9", "openssl 3", "chrome", "firefox", "safari"} <= set(names)


@pytest.mark.parametrize(
    ("client", "tls"),
    [
        ("android 4.4", "TLSv1"),
        ("android 5.0", "TLSv1 TLSv1.1 TLSv1.2"),
        ("android 9", "TLSv1 TLSv1.1 TLSv1.2"),
        ("android 10", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"),
        ("android 16", "TLSv1.2 TLSv1.3"),
        ("openjdk 16", "TLSv1.2 TLSv1.3"),
    ],
)
def test_versions_on_by_default(client: str, tls: str) -> None:
    (profile,) = [one for one in all_profiles() if one.client == client]
    assert list(profile.tls) == tls.split()


def test_hellos_that_tell_the_same_are_one() -> None:
    first = first_hellos(all_profiles())
    labels = {hello.label for hello in first}
    assert len(labels) == len(first) <= 18
    assert {hellos(profile)[0].label for profile in all_profiles()} <= labels
    assert second_hellos(all_profiles(), ()) == []
    everything = [*first, *second_hellos(all_profiles(), labels)]
    assert len({hello.label for hello in everything}) == len(set(everything))
    assert {hello for profile in all_profiles() for hello in hellos(profile)} <= set(everything)


def test_old_clients_offer_no_more_than_they_have() -> None:
    (old,) = [hello for profile in all_profiles() if profile.client == "android 4.4" for hello in hellos(profile)]
    assert (old.first, old.last) == (Tls.V1_0, Tls.V1_0)
    assert "GCM" not in old.ciphers.offered


@pytest.mark.parametrize(
    ("texts", "first", "last", "count"),
    [
        (["android>=6"], "android 6.0", "android 17", 15),
        (["Android >= 4.4", "ios>=15"], "android 4.4", "ios 26", 23),
        (["android=7"], "android 7.0", "android 7.1.1", 2),
        (["android==7.1.1"], "android 7.1.1", "android 7.1.1", 1),
        (["android<5"], "android 2.3", "android 4.4", 6),
        (["android<=4.4"], "android 2.3", "android 4.4", 6),
        (["ios>18"], "ios 26", "ios 26", 1),
        (["chrome"], "chrome", "chrome", 1),
        (["ios", "ios>=15"], "ios 12", "ios 26", 8),
        (["java"], "java 8", "java 8", 1),
    ],
)
def test_selectors(texts: list[str], first: str, last: str, count: int) -> None:
    found = [profile.client for profile in parse_clients(texts)]
    assert (found[0], found[-1], len(found)) == (first, last, count)


def test_none_and_all_are_every_client() -> None:
    assert parse_clients([]) == parse_clients(["all"]) == all_profiles()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("andriod>=6", "there is no platform 'andriod'; did you mean android?"),
        ("windows", "there is no platform 'windows'; there are: all, android,"),
        ("android>=99", "'android>=99' is no client that is known; expected one from 2.3 to 17."),
        ("android>=six", "'six' is not a version; expected numbers and dots"),
        ("android>=", "names no version"),
        ("firefox>=120", 'of Firefox only today\'s version is known; write "firefox".'),
        ("ios 15", "does not name clients; expected a platform and a version"),
        ("", "'' does not name clients"),
        ("a" * 1000, "does not name clients"),
    ],
)
def test_mistakes_cost_one_sentence(text: str, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_clients([text])
    assert says in str(caught.value)


@given(st.text() | st.from_regex(r"(android|ios|x)\s*[<>=]{0,2}\s*[0-9.]{0,8}", fullmatch=True))
def test_any_text_is_a_selector_or_one_sentence(text: str) -> None:
    told = _selector_or_sentence(text)
    if isinstance(told, str):
        assert "\n" not in told
    else:
        assert parse_client_selector(str(told)) == told


def _selector_or_sentence(text: str) -> ClientSelector | str:
    try:
        return parse_client_selector(text)
    except FormatError as error:
        return str(error)
