"""The chain as sent by real servers: complete, too short, wrong, out of order, too long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.peers.agreement import assert_agree
from tests.peers.command import NAME, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx
from tests.peers.identity import Identity, KeyFiles, authority, leaf
from tests.peers.oracle import s_client

pytestmark = pytest.mark.peer("nginx", "openssl")

StartServer = Callable[[KeyFiles], int]


@pytest.fixture(params=["nginx", "s_server"])
def server(request: pytest.FixtureRequest) -> StartServer:
    """The same case on two servers: they put their chains together differently."""
    start = request.getfixturevalue(request.param)
    if request.param == "nginx":
        return lambda keys: int(start(keys))
    # s_server accepts every version that its library can speak, which would be a finding of its own.
    return lambda keys: int(start(keys, "-no_tls1", "-no_tls1_1"))


def test_complete_chain_is_go_without_a_finding(server: StartServer, key_files: KeyFilesFor, pki: Pki) -> None:
    port = server(key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.chain()["complete"] is True
    assert run.chain()["trust"]["ca-files"]["trusted"] is True
    assert run.decision == "go"
    assert run.findings == []


def test_leaf_only_names_the_missing_issuer(server: StartServer, key_files: KeyFilesFor, pki: Pki) -> None:
    port = server(key_files(leaf(NAME, pki.intermediate)))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    chain = run.chain()
    assert chain["complete"] is False
    assert pki.intermediate.common_name in chain["missing_issuer"]
    assert chain["recoverable"] is False
    assert chain["repaired"] == []
    assert run.decision == "no-go"
    assert run.causes[0] == "tls-chain-incomplete"


def test_wrong_intermediate_of_a_similar_name(server: StartServer, key_files: KeyFilesFor, pki: Pki) -> None:
    port = server(key_files(leaf(NAME, pki.intermediate), pki.sibling.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert run.chain()["complete"] is False
    assert pki.intermediate.common_name in run.chain()["missing_issuer"]
    assert run.causes[0] == "tls-chain-wrong-issuer"


def test_wrong_intermediate_of_the_same_name(server: StartServer, key_files: KeyFilesFor, pki: Pki) -> None:
    """The name fits, the key does not: what re-keyed intermediates look like."""
    same_name = authority(pki.intermediate.common_name, pki.root)
    port = server(key_files(leaf(NAME, pki.intermediate), same_name.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert run.chain()["complete"] is False
    assert run.causes[0] == "tls-chain-wrong-issuer"


@pytest.fixture(scope="module")
def long_chain(pki: Pki) -> tuple[Identity, Identity, Identity]:
    """A leaf below two intermediates: leaf, issuing CA, policy CA."""
    policy = authority("Example Policy CA", pki.root)
    issuing = authority("Example Server CA", policy)
    return leaf(NAME, issuing), issuing, policy


def test_reversed_intermediates_are_a_warning(
    server: StartServer, key_files: KeyFilesFor, pki: Pki, long_chain: tuple[Identity, Identity, Identity]
) -> None:
    end, issuing, policy = long_chain
    port = server(key_files(end, policy.certificate, issuing.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.chain()["complete"] is True
    assert run.chain()["in_order"] is False
    assert run.severity("tls-chain-wrong-order") == "warning"
    assert run.decision == "go"
    assert [one["sha256"] for one in run.chain()["repaired"]] in (
        [],
        [end.sha256, issuing.sha256, policy.sha256],
    )


def test_top_intermediate_missing(
    server: StartServer, key_files: KeyFilesFor, pki: Pki, long_chain: tuple[Identity, Identity, Identity]
) -> None:
    end, issuing, policy = long_chain
    port = server(key_files(end, issuing.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=20)
    # No address to fetch the policy CA from: it could as well be a private root, and both are named.
    assert run.chain()["complete"] is not True
    finding = run.finding(run.causes[0])
    assert finding["code"] in ("tls-chain-incomplete", "tls-root-untrusted")
    assert policy.common_name in str(finding["params"])
    assert len(finding["params"]["candidates"]) >= 2
    assert run.decision == "no-go"


def test_root_sent_is_only_worth_a_note(server: StartServer, key_files: KeyFilesFor, pki: Pki) -> None:
    port = server(key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate, pki.root.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.chain()["roots_sent"] == [2]
    assert run.severity("tls-chain-superfluous") == "info"
    assert run.decision == "go"


def test_duplicate_is_superfluous(server: StartServer, key_files: KeyFilesFor, pki: Pki) -> None:
    twice = pki.intermediate.certificate
    port = server(key_files(leaf(NAME, pki.intermediate), twice, twice))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.chain()["complete"] is True
    assert run.chain()["duplicates"] == [2]
    assert "tls-chain-superfluous" in run.codes
    assert run.decision == "go"


def test_stranger_in_a_complete_chain_is_a_warning(server: StartServer, key_files: KeyFilesFor, pki: Pki) -> None:
    stranger = authority("Unrelated CA")
    port = server(key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate, stranger.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.chain()["complete"] is True
    assert run.chain()["unrelated"] == [2]
    assert run.severity("tls-chain-superfluous") == "warning"
    assert run.decision == "go"


def test_quick_gives_the_same_verdict_from_one_handshake(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate)))

    run = diagnose_tls(port, pki.root_file, "--quick")

    assert [len(address["handshakes"]) for address in run.addresses] == [1]
    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert run.causes[0] == "tls-chain-incomplete"
