"""Proof and trust, compared with what `openssl verify` says of the same files."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from tests.minting import NOW, Authority, Minted, mint

from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.trust import TrustStore
from stdiag.pki.verify import TrustReason, trust_in, verify_chain

PAST = NOW - timedelta(days=1)
FUTURE = NOW + timedelta(days=1)
ROOT = Authority("Root")
ISSUING = Authority("Issuing", ROOT)
LEAF = ISSUING.issue("chat.example.com")
SELF_SIGNED = mint("chat.example.com", dns=("chat.example.com",))
OLD_ROOT = Authority("Old Root", not_before=NOW - timedelta(days=90), not_after=PAST)
UNDER_OLD = OLD_ROOT.issue("chat.example.com")
EXPIRED = ISSUING.issue("chat.example.com", not_after=PAST)
EARLY = ISSUING.issue("chat.example.com", not_before=FUTURE)
EXPIRED_ISSUING = Authority("Issuing", ROOT, key=ISSUING.key, not_after=PAST)
TIGHT = Authority("Tight", ROOT, path_length=0)
BELOW = Authority("Below", TIGHT)
NO_CA = Authority("No CA", ROOT, ca=False, key_usage=None)
RENEWED = Authority("Issuing", ROOT, identifiers=False)


def certs(*minted: Minted) -> list[Certificate]:
    return [parse_certificate(m.der) for m in minted]


CASES = {
    "ok": ((LEAF, ISSUING), (ROOT,), TrustReason.OK),
    "no intermediate": ((LEAF,), (ROOT,), TrustReason.NO_ANCHOR),
    "no root": ((LEAF, ISSUING), (), TrustReason.NO_ANCHOR),
    "root sent but not trusted": ((LEAF, ISSUING, ROOT), (), TrustReason.NO_ANCHOR),
    "self-signed": ((SELF_SIGNED,), (), TrustReason.NO_ANCHOR),
    "self-signed and trusted": ((SELF_SIGNED,), (SELF_SIGNED,), TrustReason.OK),
    "leaf expired": ((EXPIRED, ISSUING), (ROOT,), TrustReason.EXPIRED),
    "leaf not yet valid": ((EARLY, ISSUING), (ROOT,), TrustReason.NOT_YET_VALID),
    "intermediate expired": ((LEAF, EXPIRED_ISSUING), (ROOT,), TrustReason.EXPIRED),
    "expired beside good": ((LEAF, EXPIRED_ISSUING, ISSUING), (ROOT,), TrustReason.OK),
    "root expired": ((UNDER_OLD,), (OLD_ROOT,), TrustReason.ANCHOR_EXPIRED),
    "path too long": ((BELOW.issue("a.example.com"), BELOW, TIGHT), (ROOT,), TrustReason.INVALID),
    "not a CA": ((NO_CA.issue("a.example.com"), NO_CA), (ROOT,), TrustReason.INVALID),
    "intermediate as anchor": ((LEAF,), (ISSUING,), TrustReason.PARTIAL_ANCHOR),
    "intermediate as anchor, sent too": ((LEAF, ISSUING), (ISSUING,), TrustReason.PARTIAL_ANCHOR),
}


def openssl_says(folder: Path, chain: tuple[Minted, ...], anchors: tuple[Minted, ...]) -> tuple[int, int]:
    """(code, depth) of the first complaint of `openssl verify`; (0, 0) for none."""
    (folder / "leaf.pem").write_text(chain[0].pem, encoding="utf-8")
    (folder / "untrusted.pem").write_text("".join(m.pem for m in chain[1:]), encoding="utf-8")
    (folder / "ca.pem").write_text("".join(m.pem for m in anchors), encoding="utf-8")
    trusted = ["-CAfile", "ca.pem"] if anchors else []
    untrusted = ["-untrusted", "untrusted.pem"] if chain[1:] else []
    done = subprocess.run(
        ["openssl", "verify", "-no-CApath", "-no-CAstore", "-attime", str(int(NOW.timestamp())), *trusted]
        + ([] if anchors else ["-no-CAfile"])
        + [*untrusted, "leaf.pem"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    complaint = re.search(r"error (\d+) at (\d+) depth", done.stdout + done.stderr)
    assert complaint or done.stdout.strip() == "leaf.pem: OK", done
    return (int(complaint[1]), int(complaint[2])) if complaint else (0, 0)


@pytest.mark.parametrize("name", CASES)
def test_codes_are_those_of_openssl_verify(name: str, tmp_path: Path) -> None:
    chain, anchors, _ = CASES[name]

    said = verify_chain(*_split(chain), certs(*anchors), NOW)

    assert (said.code, said.depth if said.code else 0) == openssl_says(tmp_path, chain, anchors)
    assert said.ok is (said.code == 0)
    assert said.text


def _split(chain: tuple[Minted, ...]) -> tuple[Certificate, list[Certificate]]:
    leaf, *rest = certs(*chain)
    return leaf, rest


@pytest.mark.parametrize("name", CASES)
def test_trust(name: str) -> None:
    chain, anchors, reason = CASES[name]
    store = TrustStore("ca-files", "minted", "", [m.der for m in anchors])

    found = trust_in(certs(*chain), store, NOW)

    assert found.reason is reason
    assert found.trusted is (reason in (TrustReason.OK, TrustReason.PARTIAL_ANCHOR))
    if found.trusted or reason is TrustReason.ANCHOR_EXPIRED:
        assert found.anchor in certs(*anchors)
    if reason is TrustReason.OK:
        assert found.code == 0


def test_trust_in_a_store_that_could_not_be_read() -> None:
    store = TrustStore("system", "", "", [], problem="no bundle")

    assert trust_in(certs(LEAF, ISSUING), store, NOW).reason is TrustReason.STORE_UNREADABLE


def test_trust_takes_the_first_root_that_works() -> None:
    """Two issues of one root, one of them expired: a client with both is fine."""
    old = Authority("Root", key=ROOT.key, not_after=PAST)
    store = TrustStore("system", "", "", [old.der, ROOT.der])

    assert trust_in(certs(LEAF, ISSUING), store, NOW).trusted


def test_nothing_is_trusted_of_nothing() -> None:
    store = TrustStore("system", "", "", [ROOT.der])

    assert not trust_in([], store, NOW).trusted
    assert not trust_in([parse_certificate(b"junk")], store, NOW).trusted


def test_dates_can_be_left_aside() -> None:
    leaf, issuing, root = certs(EXPIRED, ISSUING, ROOT)

    assert not verify_chain(leaf, [issuing], [root], NOW).ok
    assert verify_chain(leaf, [issuing], [root], NOW, check_time=False).ok


def test_the_moment_is_the_one_given_whatever_its_time_zone() -> None:
    from datetime import timezone

    leaf, issuing, root = certs(LEAF, ISSUING, ROOT)
    edge = leaf.not_after.astimezone(timezone(timedelta(hours=9)))

    assert verify_chain(leaf, [issuing], [root], edge).ok
    assert verify_chain(leaf, [issuing], [root], edge + timedelta(seconds=1)).code == 10


def test_what_openssl_cannot_load_is_not_ok() -> None:
    leaf, issuing = certs(LEAF, ISSUING)

    said = verify_chain(leaf, [issuing], [parse_certificate(b"junk")], NOW)

    assert not said.ok
    assert said.code == 1


def test_same_name_other_key_is_not_the_issuer() -> None:
    leaf, renewed, root = certs(LEAF, RENEWED, ROOT)

    assert not verify_chain(leaf, [renewed], [root], NOW).ok
