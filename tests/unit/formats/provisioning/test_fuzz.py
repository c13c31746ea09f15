"""Whatever stands in a URL: one sentence or one verdict, the same for equal URLs, and never a password."""

from __future__ import annotations

import random
import re
from urllib.parse import unquote

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.check import check_url
from stdiag.formats.provisioning.convert import convert_url
from stdiag.formats.provisioning.parameters import RULES
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.phone import what_the_phone_shows
from stdiag.formats.provisioning.url import UrlContext

SECRET = "hunter2"  # noqa: S105 - what must not be found again

_MARKS = [*"@:/?#&=%;+[]\\.,'\" <>|", "//", "://", "&amp;", "%26", "%25", "%s", "%zz", "%", "%ff", "\n", "�", "ü"]
_SCHEMES = st.sampled_from(["sametime", "hclsametime", "SameTime", "hclsamtime", "https", ""])
_HOSTS = st.sampled_from(["h.example", "[2001:db8::1]", "192.0.2.1", "ü.example", "oauth2redirect", "a..b", ""])
_PORTS = st.sampled_from(["", ":", ":443", ":9080", ":0", ":x", ":70000", ":80"])
_USERS = st.sampled_from(["", "@", "joe@", "joe%40acme.com@", "%s@", "joe@acme.com@", "100%25@", "a+b@"])
_PATHS = st.sampled_from(["/?", "?", "/", "", "/chat?", "/&", "/#"])
_NAMES = st.sampled_from([*RULES, "SSL", "comunityName", "colour", "acton", "%61ction", ""])
_VALUES = st.sampled_from(
    [
        "AddCommunity",
        "true",
        "false",
        "yes",
        "0",
        "81",
        "70000",
        "R%26D",
        "a b",
        "a+b",
        "a%2520b",
        "%fc",
        "100%",
        "%s",
        "",
    ]
)
_PAIRS = st.lists(st.tuples(_NAMES, _VALUES), max_size=6)
_NOISE = st.lists(st.sampled_from(_MARKS) | st.text(max_size=3), max_size=12).map("".join)


_PASSWORD_PARTS = st.text(st.sampled_from("ab19@:/?#=%;+[]\\. "), max_size=6)
_PASSWORDS = st.tuples(_PASSWORD_PARTS, _PASSWORD_PARTS).map(lambda parts: f":{parts[0]}{SECRET}{parts[1]}")


@st.composite
def broken_urls(draw: st.DrawFn) -> str:
    """Nearly a provisioning URL."""
    joint = draw(st.sampled_from(["&", "&", "&", "&amp;", "%26", ";"]))
    said = joint.join(f"{name}={value}" for name, value in draw(_PAIRS))
    url = f"{draw(_SCHEMES)}://{draw(_USERS)}{draw(_HOSTS)}{draw(_PORTS)}{draw(_PATHS)}{said}"
    place = draw(st.integers(0, len(url)))
    return url[:place] + draw(st.just("") | _NOISE) + url[place:]


@st.composite
def urls_with_password(draw: st.DrawFn) -> str:
    """A provisioning URL with a password, however badly that is encoded."""
    user = draw(st.sampled_from(["joe", "joe@acme.com", "", "%s", "joe%40acme.com"])) + draw(_PASSWORDS)
    place = draw(st.sampled_from(["h.example", "h.example:9080", "[2001:db8::1]:443", "192.0.2.1"]))
    said = "&".join(["action=AddCommunity", *(f"{name}={value}" for name, value in draw(_PAIRS))])
    return f"{draw(st.sampled_from(['sametime', 'hclsametime']))}://{user}@{place}/?{said}"


def everything(text: str, context: UrlContext = UrlContext.HANDED_OUT) -> str:
    """All that is ever said of a URL."""
    try:
        url = parse_provisioning(text, context)
    except FormatError as error:
        return str(error)
    defects = check_url(url)
    said = [msgspec.json.encode([url, defects]).decode(), repr(url), *what_the_phone_shows(url)]
    try:
        converted = convert_url(url)
    except FormatError as error:
        said.append(str(error))
    else:
        said += [converted.url, *converted.changes]
    for one in [url.masked, *(str(value) for defect in defects for value in defect.params.values())]:
        assert one.isprintable()
    return "\n".join(said)


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(url=broken_urls() | urls_with_password(), seed=st.integers(0, 2**32))
def test_one_verdict_or_one_sentence_for_equal_urls_and_no_password(url: str, seed: int) -> None:
    assert SECRET not in everything(url)
    assert verdict(url) == verdict(written_otherwise(url, random.Random(seed)))


@given(_NOISE | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert everything(text)


@settings(max_examples=500, deadline=None)
@given(data=st.data(), pairs=st.lists(st.tuples(_NAMES, _VALUES), max_size=6, unique_by=lambda pair: unquote(pair[0])))
def test_the_verdict_does_not_depend_on_the_order_of_parameters(
    data: st.DataObject, pairs: list[tuple[str, str]]
) -> None:
    turned = data.draw(st.permutations(pairs))
    one, other = (
        "sametime://joe@h.example:9080/?" + "&".join(f"{name}={value}" for name, value in order)
        for order in (pairs, turned)
    )
    assert verdict(one) == verdict(other)


def written_otherwise(url: str, chance: random.Random) -> str:
    """Another way to write the same URL (RFC 3986 §6.2.2)."""
    scheme, separator, rest = url.partition("://")
    if re.search(r"%[0-9A-Fa-f]?[ \t]*[\r\n]", rest):
        return url  # an encoded byte that a line break takes apart: it is whole again once the break is taken out
    pieces = re.findall("%[0-9A-Fa-f]{2}|.", rest, re.DOTALL)
    return f"{scheme}{separator}{''.join(_otherwise(piece, chance) for piece in pieces)}"


def _otherwise(piece: str, chance: random.Random) -> str:
    if len(piece) == 3:
        return chance.choice([piece.upper(), piece.lower()])
    if re.fullmatch("[A-Za-z0-9._~-]", piece):
        return chance.choice([piece, piece, piece, f"%{ord(piece):02x}", f"%{ord(piece):02X}"])
    return piece


def verdict(text: str) -> list[str] | str:
    """The codes with their severities and parameters, or the sentence."""
    try:
        url = parse_provisioning(text)
    except FormatError as error:
        return str(error)
    return [f"{one.kind} {one.severity} {sorted(one.params.items())}" for one in check_url(url)]
