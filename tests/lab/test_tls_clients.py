"""The clients' handshakes, really made: what they offer, how many there are, what they cost, and what a user sees."""

from __future__ import annotations

import json
import ssl
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.lab.peers_faulty import peer, watched_peer
from tests.lab.test_tls_probe import HOST, INTERMEDIATE, LEAF, ROOT, tools
from tests.lab.tls_servers import PAGE, names_seen, only, server_context, tls
from tests.peers.identity import leaf, rsa_key, write_key_files
from tests.unit.cli.invoke import stdiag

from stdiag.formats.target import parse_target
from stdiag.lab.blueprint import HOST as LAB_HOST
from stdiag.lab.deployment import Lab
from stdiag.model import Site
from stdiag.pki.trust import TrustStore, load_files_store, store_of
from stdiag.probes.contract import Context
from stdiag.probes.tls import PROBE
from stdiag.probes.tls.analysis import TlsAnalysis
from stdiag.probes.tls.observation import TlsObservation
from stdiag.probes.tls.plan import planned

PUBLIC = store_of("mozilla", "by hand", [ROOT.pem.encode()])


@pytest.fixture
def server(tmp_path: Path) -> ssl.SSLContext:
    return server_context(tmp_path, LEAF, INTERMEDIATE.certificate)


@pytest.fixture
def private(tmp_path: Path) -> TrustStore:
    file = tmp_path / "root.pem"
    file.write_text(ROOT.pem, encoding="ascii")
    return load_files_store([file])


def observed(port: int, *clients: str) -> TlsObservation:
    found = PROBE.observe(planned(parse_target(HOST), clients=clients), tools(f"127.0.0.1:{port}"))
    assert isinstance(found, TlsObservation)
    return found


def analysed(observation: TlsObservation, *stores: TrustStore) -> TlsAnalysis:
    analysis, _ = PROBE.judge(observation, Context(started=datetime.now(UTC), site=Site(), trust=stores))
    assert isinstance(analysis, TlsAnalysis)
    return analysis


def answers(analysis: TlsAnalysis) -> dict[str, tuple[bool | None, str | None]]:
    return {one.client: (one.accepts, one.reason.value if one.reason else None) for one in analysis.clients}


def test_no_client_asked_for_no_handshake_of_theirs(server: ssl.SSLContext) -> None:
    with watched_peer(tls(server, PAGE)) as log:
        assert observed(log.port).addresses[0].clients == []
        without = log.accepted
        made = observed(log.port, "all").addresses[0].clients
        assert log.accepted - without >= len(made)  # beside its own, which depend on how fast this machine is
    assert len({one.handshake.offer for one in made}) == len(made) >= 10


def test_a_small_hello_with_the_name_for_all_but_the_oldest(server: ssl.SSLContext) -> None:
    names = names_seen(server)
    with peer(tls(server, PAGE)) as port:
        made = observed(port, "android", "ios").addresses[0].clients
    assert all(0 < one.handshake.hello_bytes < 512 for one in made)
    assert [one.handshake.offer for one in made if one.handshake.server_name is None] == [
        "client android-2.3 TLSv1 no-sni"
    ]
    assert set(names) == {HOST, None}


def test_a_chain_is_kept_once(server: ssl.SSLContext) -> None:
    with peer(tls(server, PAGE)) as port:
        observation = observed(port, "android>=5")
    made = [one for one in observation.addresses[0].clients if one.handshake.completed]
    assert len(made) >= 6
    assert all(one.handshake.chain_sent == [] and one.chain_as == "default" for one in made)


@pytest.mark.parametrize(
    ("version", "accepting"),
    [
        (ssl.TLSVersion.TLSv1, {"android 4.4", "android 5.0", "android 9", "android 10"}),
        (ssl.TLSVersion.TLSv1_1, {"android 5.0", "android 9", "android 10"}),
        (ssl.TLSVersion.TLSv1_2, {"android 5.0", "android 9", "android 10", "android 16", "openjdk 17"}),
        (ssl.TLSVersion.TLSv1_3, {"android 10", "android 16", "openjdk 17"}),
    ],
)
def test_versions(server: ssl.SSLContext, private: TrustStore, version: ssl.TLSVersion, accepting: set[str]) -> None:
    asked = ["android 4.4", "android 5.0", "android 9", "android 10", "android 16", "openjdk 17"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = only(server, version)
    with peer(tls(context, PAGE)) as port:
        observation = observed(port, *(name.replace(" ", "=") for name in asked))
    # From 7.0 on a private root is the app's question: who comes as far as that has come through the handshake.
    got = answers(analysed(observation, private))
    through = {name for name in asked if got[name] in ((True, None), (None, "unknown-user-root"))}
    assert through == accepting
    assert {got[name] for name in set(asked) - accepting} <= {(False, "no-common-tls-version")}


VERSION, CIPHER, PERHAPS = "no-common-tls-version", "no-common-cipher", "unknown-cipher"


@pytest.mark.parametrize(
    ("ciphers", "expected"),
    [
        # What TLS 1.2 brought has no older version: who has none is refused for that.
        ("ECDHE-ECDSA-AES128-GCM-SHA256", {"android 4.4": VERSION, "android 5.0": None, "android 8.1": None}),
        ("ECDHE-ECDSA-AES128-SHA", {"android 4.4": None, "android 5.0": None, "android 8.1": None}),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", {"android 5.0": PERHAPS, "android 7.0": None, "android 8.1": None}),
        ("ECDHE-ECDSA-CAMELLIA128-SHA256", {"android 5.0": PERHAPS, "android 8.1": CIPHER}),
    ],
)
def test_ciphers(server: ssl.SSLContext, ciphers: str, expected: dict[str, str | None]) -> None:
    server.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        server.minimum_version = ssl.TLSVersion.TLSv1
    server.maximum_version = ssl.TLSVersion.TLSv1_2
    with peer(tls(server, PAGE)) as port:
        observation = observed(port, *(name.replace(" ", "=") for name in expected))
    got = answers(analysed(observation, PUBLIC))
    # Nobody but Mozilla's clients has the root: who comes as far as that has come through the handshake.
    through = {name: None if reason == "root-not-in-store" else reason for name, (_, reason) in got.items()}
    assert through == expected


def test_one_curve_alone_stops_who_offers_another(tmp_path: Path, private: TrustStore) -> None:
    """Android 7.0 offers P-256 alone, by common account; a key on P-384 is for the others."""
    identity = leaf(HOST, INTERMEDIATE, key=ec.generate_private_key(ec.SECP384R1()))
    context = server_context(tmp_path / "p384", identity, INTERMEDIATE.certificate)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with peer(tls(context, PAGE)) as port:
        got = answers(analysed(observed(port, "android=6", "android=7", "android=12"), private))
    assert got["android 7.0"] == (None, "unknown-cipher")
    assert got["android 6.0"] == (True, None)
    assert got["android 7.1.1"] == (None, "unknown-user-root")
    assert got["android 12"] == (None, "unknown-user-root")


def test_old_clients_are_sent_what_the_server_keeps_for_them(tmp_path: Path) -> None:
    """An RSA certificate without its intermediate beside a good ECDSA one: who has no ECDSA ciphers gets the former."""
    context = server_context(tmp_path / "ec", LEAF, INTERMEDIATE.certificate)
    files = write_key_files(tmp_path / "rsa", leaf(HOST, INTERMEDIATE, key=rsa_key()))
    context.load_cert_chain(files.leaf, files.key)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    with peer(tls(context, PAGE)) as port:
        observation = observed(port, "android=2.3", "android=6")
    sent = {one.handshake.offer: one.chain_as for one in observation.addresses[0].clients}
    assert sent["client android-6 TLSv1-TLSv1.2"] == "default"
    assert sent["client android-2.3 TLSv1"] != "default"


def test_all_clients_cost_at_most_half_a_second(server: ssl.SSLContext) -> None:
    def lasting(port: int, *clients: str) -> float:
        began = time.perf_counter()
        analysed(observed(port, *clients), PUBLIC)
        return time.perf_counter() - began

    with peer(tls(server, PAGE)) as port:
        lasting(port, "all")
        added = min(lasting(port, "all") for _ in range(3)) - min(lasting(port) for _ in range(3))
    assert added < 0.5


# What a user sees


@pytest.fixture
def lab_with(request: pytest.FixtureRequest) -> Iterator[Lab]:
    with Lab(request.param) as lab:
        yield lab


def of_lab(lab: Lab, *more: str | Path) -> list[str | Path]:
    there = ["--resolve", f"{LAB_HOST}:443={lab.stproxy}", "--ca-file", str(lab.root_file)]
    return ["tls", LAB_HOST, *there, *more]


@pytest.mark.parametrize("lab_with", [("missing-intermediate",)], indirect=True)
def test_the_matrix_on_the_screen_and_the_bundle(lab_with: Lab, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    run = stdiag(*of_lab(lab_with, "--client", "android>=5", "--client", "ios", "--fix-bundle", bundle))
    assert run.exit_code == 1
    text = " ".join(run.stdout.split())
    assert "Affects Android 5.0 and later Spares iOS 12 and later by luck" in text
    assert "Android 5.0 and later REJECTS issuer Lab Issuing CA R46 not sent" in text
    assert "Most clients accept this chain (built and verified)" in text
    assert bundle.read_text(encoding="ascii").count("BEGIN CERTIFICATE") == 2


@pytest.mark.parametrize("lab_with", [()], indirect=True)
def test_the_json_holds_the_matrix(lab_with: Lab) -> None:
    run = stdiag(*of_lab(lab_with, "--clients", "-f", "json"))
    report = json.loads(run.stdout)
    analysis = report["checks"][0]["analysis"]
    by_client = {one["client"]: one for one in analysis["clients"]}
    assert by_client["android 4.4"]["accepts"] is False
    assert by_client["android 4.4"]["reason"] == "no-common-tls-version"
    assert by_client["android 6.0"]["accepts"] is True
    assert by_client["android 6.0"].get("reason") is None
    assert by_client["android 10"]["accepts"] is None
    assert analysis["clients_in_words"][0].startswith("Android 2.3–4.4 reject (offers TLS 1.0; ")
    assert report["site"]["clients"] == ["all"]
    assert report["verdict"]["decision"] == "go"


@pytest.mark.parametrize("lab_with", [()], indirect=True)
def test_clients_of_a_site_file_are_asked_for_by_all(lab_with: Lab, tmp_path: Path) -> None:
    site = tmp_path / "stdiag.toml"
    text = 'clients = ["android>=4.4"]\n' + lab_with.site_file.read_text(encoding="utf-8")
    site.write_text(text, encoding="utf-8")
    report = json.loads(stdiag("all", site, "--only", "tls", "-f", "json").stdout)
    assert report["verdict"]["decision"] == "no-go"
    assert report["verdict"]["causes"][0]["code"] == "tls-client-no-common-tls"
    site.write_text(text.replace("4.4", "99"), encoding="utf-8")
    run = stdiag("all", site)
    assert run.exit_code == 2
    assert "'android>=99' is no client that is known; expected one from 2.3 to 17." in run.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--clients", "--quick"), "--quick makes one handshake"),
        (("--client", "andriod"), "there is no platform 'andriod'; did you mean android?"),
        (("--client", "ios>=x"), "'x' is not a version"),
        (("--client", "openjdk>99"), "expected one from 11 to 17"),
    ],
)
def test_mistakes_end_before_the_run(arguments: tuple[str, ...], says: str) -> None:
    run = stdiag("tls", "127.0.0.1:1", *arguments)
    assert run.exit_code == 2
    assert says in run.stderr


def test_a_file_for_clients(tmp_path: Path) -> None:
    chain = tmp_path / "chain.pem"
    chain.write_text(LEAF.pem, encoding="ascii")
    root = tmp_path / "root.pem"
    root.write_text(ROOT.pem, encoding="ascii")
    run = stdiag("tls", "--file", chain, "--name", HOST, "--ca-file", root, "--offline", "--clients", "-f", "json")
    analysis = json.loads(run.stdout)["checks"][0]["analysis"]
    got = {one["client"]: one["reason"] for one in analysis["clients"]}
    assert got["android 12"] == "missing-intermediate"
