"""Chains as Java's trust manager and OpenSSL judge them, and as the profiles of these clients do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.minting import Authority, Knobs, Minted

from stdiag.clients.accept import ChainCase, accepts
from stdiag.clients.profile import Profile
from stdiag.clients.registry import all_profiles
from stdiag.clients.stores import anchor_from
from stdiag.clients.table import Anchor
from stdiag.pki.certificate import parse_certificate
from stdiag.pki.distinguished_name import same_name

pytestmark = pytest.mark.peer("java", "javac", "openssl")

HOST = "chat.example.test"
JUDGE = Path(__file__).parent / "jsse" / "TrustJudge.java"
NOW = datetime.now(UTC)
GOOD: Knobs = {"not_before": NOW - timedelta(days=30), "not_after": NOW + timedelta(days=300)}
OVER: Knobs = {"not_before": NOW - timedelta(days=400), "not_after": NOW - timedelta(days=3)}


class Trial(NamedTuple):
    """A chain, and the anchors of the client."""

    roots: Sequence[Minted]
    chain: Sequence[Minted]


def ca(name: str, parent: Minted | None = None, **more: Any) -> Authority:
    return Authority(name, parent, **{**GOOD, **more})


def issue(issuer: Authority, **more: Any) -> Minted:
    return issuer.issue(HOST, **{**GOOD, **more})


def trials() -> dict[str, Trial]:
    root = ca("Root")
    issuing = ca("Issuing", root)
    leaf = issue(issuing)
    lower = ca("Lower", issuing)
    low_leaf = issue(lower)
    over = ca("Issuing", root, key=issuing.key, **OVER)
    old, new = ca("Old Root"), ca("New Root")
    cross = ca("New Root", old, key=new.key)
    under_new = ca("Under New", new)
    crossed = issue(under_new)
    dead_root = ca("Dead Root", **OVER)
    rsa = ca("RSA Root", key_kind="rsa2048")
    reissued = ca("Root", key=root.key)
    return {
        "complete": Trial([root], [leaf, issuing]),
        "leaf alone": Trial([root], [leaf]),
        "with the root": Trial([root], [leaf, issuing, root]),
        "wrong order": Trial([root], [low_leaf, root, issuing, lower]),
        "twice": Trial([root], [leaf, issuing, issuing, leaf]),
        "top missing": Trial([root], [low_leaf, lower]),
        "middle missing": Trial([root], [low_leaf, issuing]),
        "sibling of the same name": Trial([root], [leaf, ca("Issuing", root)]),
        "sibling of another name": Trial([root], [leaf, ca("Issuing R6", root)]),
        "stranger beside": Trial([root], [leaf, ca("Stranger"), issuing]),
        "unknown root": Trial([ca("Other")], [leaf, issuing, root]),
        "re-issued root": Trial([reissued], [leaf, issuing, root]),
        "expired issuer": Trial([root], [leaf, over]),
        "expired issuer first": Trial([root], [leaf, over, issuing]),
        "expired issuer last": Trial([root], [leaf, issuing, over]),
        "expired leaf": Trial([root], [issue(issuing, **OVER), issuing]),
        "expired root": Trial([dead_root], [issue(dead_root)]),
        "cross-signed, old store": Trial([old], [crossed, under_new, cross]),
        "cross-signed, new store": Trial([new], [crossed, under_new, cross]),
        "cross missing, old store": Trial([old], [crossed, under_new]),
        "no CA": Trial([root], [issue(no_ca := ca("No", root, ca=False)), no_ca]),
        "path too long": Trial([root], [issue(below := ca("B", short := ca("A", root, path_length=0))), below, short]),
        "for clients": Trial([root], [issue(issuing, purposes=[ExtendedKeyUsageOID.CLIENT_AUTH]), issuing]),
        "RSA 1024": Trial([rsa], [issue(rsa, key_kind="rsa1024")]),
        "SHA-1": Trial([rsa], [issue(rsa, key_kind="rsa2048", old_hash="sha1")]),
        "MD5": Trial([rsa], [issue(rsa, key_kind="rsa2048", old_hash="md5")]),
    }


TRIALS = trials()


class Anchors:
    """A trial's roots, as a client's store."""

    def __init__(self, roots: Sequence[Minted]) -> None:
        self._anchors = [anchor_from(parse_certificate(root.der)) for root in roots]

    def anchors_named(self, subject_der: bytes) -> tuple[Anchor, ...]:
        return tuple(anchor for anchor in self._anchors if same_name(anchor.subject_der, subject_der))


def by_profile(profile: Profile, trial: Trial) -> bool | None:
    """The verdict for roots that were given to the client."""
    roots = Anchors(trial.roots)
    sent = tuple(parse_certificate(one.der) for one in trial.chain)
    case = ChainCase(sent=sent, name=HOST, at=datetime.now(UTC), private=roots, known=roots)
    return accepts(case, profile, Anchors([])).accepts


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """What Java says of a trial; all in one run of it."""
    folder = tmp_path_factory.mktemp("java")
    places = []
    for number, trial in enumerate(TRIALS.values()):
        place = folder / str(number)
        place.mkdir()
        place.joinpath("roots.pem").write_text("".join(root.pem for root in trial.roots), encoding="ascii")
        place.joinpath("chain.pem").write_text("".join(one.pem for one in trial.chain), encoding="ascii")
        places.append(str(place))
    done = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", JUDGE],
        input="\n".join(places) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    said = dict(zip(TRIALS, done.stdout.splitlines(), strict=True))
    return said.__getitem__


@cache
def version_of_java() -> int:
    said = subprocess.run(["java", "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True)
    line = next(line for line in said.stderr.splitlines() if "java.specification.version =" in line)
    return int(line.rpartition("=")[2].strip().removeprefix("1."))


@pytest.mark.parametrize("name", TRIALS)
def test_as_java_says(name: str, java: Callable[[str], str]) -> None:
    version = min(max(version_of_java(), 11), 17)
    profile = next(one for one in all_profiles() if one.client == f"openjdk {version}")
    assert by_profile(profile, TRIALS[name]) is (java(name) == "OK"), java(name)


@pytest.mark.parametrize("name", TRIALS)
def test_as_openssl_says(name: str, tmp_path: Path) -> None:
    trial = TRIALS[name]
    files = {"roots": trial.roots, "leaf": trial.chain[:1], "issuers": trial.chain[1:] or trial.chain[:1]}
    for file, certificates in files.items():
        tmp_path.joinpath(file).write_text("".join(one.pem for one in certificates), encoding="ascii")
    done = subprocess.run(
        [
            *("openssl", "verify", "-no-CAfile", "-no-CApath", "-no-CAstore", "-auth_level", "1"),
            *("-purpose", "sslserver", "-verify_hostname", HOST, "-CAfile", tmp_path / "roots"),
            *("-untrusted", tmp_path / "issuers", tmp_path / "leaf"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    profile = next(one for one in all_profiles() if one.client == "openssl 3")
    assert by_profile(profile, trial) is (done.returncode == 0), done.stderr
