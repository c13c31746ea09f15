"""The matrix of an endpoint: verdicts, whom findings hit, what is named must get through, the better chain."""

from __future__ import annotations

import msgspec
import pytest
from tests.minting import NOW, Authority
from tests.unit.probes.tls.observations import (
    HOST,
    ONE,
    OTHER,
    at,
    context,
    endpoint,
    failed,
    fetched,
    for_clients,
    judged,
    pki,
    records,
    refused_version,
    shaken,
    store,
    tls12,
    unconnected,
)

from stdiag.model import Check, FaultReason, Finding, Outcome, Severity, Subject, SubjectKind, Table, Text, to_raw
from stdiag.probes.tls.analysis import TlsAnalysis
from stdiag.probes.tls.judge import judge
from stdiag.probes.tls.observation import TlsObservation
from stdiag.probes.tls.present import present

ROOT, ISSUING, LEAF = pki().root, pki().issuing, pki().leaf
PUBLIC = store("mozilla", ROOT)
ALONE = records(LEAF)
NEWEST = ["android=17", "ios=26", "openjdk=17", "openssl=3", "chrome", "firefox"]


def answers(analysis: TlsAnalysis) -> dict[str, tuple[bool | None, str | None]]:
    return {one.client: (one.accepts, one.reason.value if one.reason else None) for one in analysis.clients}


def finding(findings: list[Finding], code: str) -> Finding:
    (found,) = [one for one in findings if one.code == code]
    return found


def test_no_client_is_asked_for_without_a_word() -> None:
    analysis, _ = judged(endpoint(at(ONE, shaken())))
    assert (analysis.clients, analysis.clients_in_words, analysis.recommended) == ([], [], [])
    assert analysis.client_roots_as_of is None


def test_a_missing_intermediate_hits_those_who_do_not_fetch() -> None:
    observation = for_clients(NEWEST, shaken(chain=ALONE), shaken(chain=ALONE), tls12("tls1.2", chain=ALONE))
    observation.fetched = [fetched(ISSUING)]
    analysis, findings = judged(observation)
    assert answers(analysis) == {
        "android 17": (False, "missing-intermediate"),
        "ios 26": (None, "unknown-by-luck"),
        "openjdk 17": (False, "missing-intermediate"),
        "openssl 3": (False, "missing-intermediate"),
        "chrome": (True, None),
        "firefox": (True, None),
    }
    incomplete = finding(findings, "tls-chain-incomplete")
    assert incomplete.affects == "Android 17, OpenJDK 17, OpenSSL 3"
    assert incomplete.spares == "Chrome, Edge, Firefox; iOS 26 by luck"


def test_the_repaired_chain_is_recommended_with_whom_it_gains_and_loses() -> None:
    observation = for_clients(
        ["android=2.3", "android=6", "android=17", "ios=26"], shaken(chain=ALONE), shaken(chain=ALONE)
    )
    observation.fetched = [fetched(ISSUING)]
    (best,) = judged(observation)[0].recommended
    assert [one.sha256 for one in best.certificates] == [one.sha256 for one in records(LEAF, ISSUING)]
    assert best.gained == ["android 6.0", "ios 26"]
    assert best.lost == ["android 2.3"]
    assert [one.accepts for one in best.clients] == [False, True, None, True]


def test_a_cross_signed_root_is_recommended_where_it_gains_clients() -> None:
    """Sent: the chain to a new root that only Mozilla's store has. Fetched: the same root, signed by an old one."""
    old, new = Authority("Old Root"), Authority("New Root")
    cross = Authority("New Root", old, key=new.key)
    issuing = Authority("New Issuing CA", new)
    leaf = issuing.issue(HOST)
    chain = records(leaf, issuing)
    observation = for_clients(["android=6", "chrome", "ios=17"], shaken(chain=chain), shaken(chain=chain))
    observation.fetched = [fetched(cross, new)]
    analysis, findings = judged(observation, store("mozilla", new), store("ca-files", old))
    assert answers(analysis) == {
        "android 6.0": (False, "root-not-in-store"),
        "ios 17": (False, "root-not-in-store"),
        "chrome": (True, None),
    }
    (best,) = analysis.recommended
    assert [one.sha256 for one in best.certificates] == [one.sha256 for one in records(leaf, issuing, cross)]
    assert best.gained == ["android 6.0", "ios 17"]
    assert best.lost == []
    lacking = finding(findings, "tls-client-lacks-root")
    assert lacking.params["clients"] == "Android 6.0, iOS 17"
    assert lacking.params["gained"] == "Android 6.0, iOS 17"
    assert lacking.params["lost"] == ""
    assert lacking.severity is Severity.ERROR


def test_what_is_sent_stays_where_nothing_is_gained() -> None:
    observation = for_clients(["android=6", "chrome"], shaken(), shaken())
    observation.fetched = [fetched(ROOT), fetched(Authority("Example Root", Authority("Other"), key=ROOT.key))]
    assert judged(observation)[0].recommended == []


def test_a_repair_with_an_expired_issuer_is_not_recommended() -> None:
    late = Authority("Example Issuing CA R46", ROOT, key=ISSUING.key, not_after=NOW)
    observation = for_clients(["android=6"], shaken(chain=ALONE), shaken(chain=ALONE))
    observation.fetched = [fetched(late)]
    moment = msgspec.structs.replace(context(), started=NOW.replace(hour=NOW.hour + 1))
    analysis, _ = judge(observation, moment)
    assert analysis.recommended == []


@pytest.mark.parametrize(
    ("clients", "severity"),
    [(["all"], Severity.INFO), (["android>=4.4"], Severity.ERROR), (["android=4.4"], Severity.ERROR)],
)
def test_only_what_the_site_names_must_get_through(clients: list[str], severity: Severity) -> None:
    made = for_clients(clients, shaken(), shaken(), tls12("tls1.2"))
    for one in made.addresses[0].clients:
        if one.handshake.offer.endswith("TLSv1"):
            one.handshake = msgspec.structs.replace(refused_version("x"), offer=one.handshake.offer)
    analysis, findings = judged(made, PUBLIC)
    assert answers(analysis)["android 4.4"] == (False, "no-common-tls-version")
    assert finding(findings, "tls-client-no-common-tls").severity is severity


def test_a_warning_becomes_an_error_for_a_client_that_is_named() -> None:
    made = for_clients(["android=9"], refused_version("x"), shaken(), refused_version("tls1.2"))
    found = finding(judged(made, PUBLIC)[1], "tls-version-new-only")
    assert (found.severity, found.affects) == (Severity.ERROR, "Android 9")
    everybody = msgspec.structs.replace(made, clients=["all"])
    assert finding(judged(everybody, PUBLIC)[1], "tls-version-new-only").severity is Severity.WARNING


def test_a_root_that_updates_may_have_brought_is_a_warning_at_most() -> None:
    for client, severity in (("android=13", Severity.ERROR), ("android=14", Severity.WARNING)):
        found = finding(judged(for_clients([client], shaken(), shaken()), PUBLIC)[1], "tls-client-lacks-root")
        assert found.severity is severity
        assert bool(found.params["doubt"]) is (severity is Severity.WARNING)


def test_the_worse_of_two_addresses_counts_and_a_dead_one_does_not() -> None:
    good = for_clients(["android=6"], shaken(), shaken()).addresses[0]
    bad = for_clients(["android=6"], shaken(chain=ALONE), shaken(chain=ALONE)).addresses[0]
    bad.address = OTHER
    for addresses in ([good, bad], [bad, good]):
        analysis, _ = judged(endpoint(*addresses, clients=["android=6"]))
        assert answers(analysis) == {"android 6.0": (False, "missing-intermediate")}
    analysis, _ = judged(endpoint(good, unconnected(OTHER, FaultReason.TIMEOUT), clients=["android=6"]))
    assert answers(analysis) == {"android 6.0": (True, None)}


def test_nothing_reached_nothing_known() -> None:
    for addresses in ([], [unconnected(ONE, FaultReason.REFUSED)], [at(ONE, failed(reason=FaultReason.SILENT))]):
        analysis, _ = judged(endpoint(*addresses, clients=["android=6"]))
        assert answers(analysis) == {"android 6.0": (None, "unknown-not-reached")}


def test_a_chain_that_was_kept_once_is_found_again() -> None:
    """The observation keeps a chain only where it is new."""
    made = for_clients(["android=6"], shaken(chain=[]), shaken(chain=records(LEAF, ISSUING)))
    made.addresses[0].clients[0].chain_as = "default"
    assert answers(judged(made)[0]) == {"android 6.0": (True, None)}


def test_a_file_is_judged_by_its_chain_alone() -> None:
    observation = TlsObservation(
        host=HOST, file="chain.pem", server_name=HOST, file_certificates=ALONE, clients=["android=6", "chrome"]
    )
    analysis, findings = judged(observation)
    assert answers(analysis) == {
        "android 6.0": (False, "missing-intermediate"),
        "chrome": (None, "unknown-not-fetched"),
    }
    assert finding(findings, "tls-chain-incomplete").affects == "Android 6.0"


def test_a_stored_report_may_name_clients_that_this_version_does_not_know() -> None:
    observation = endpoint(at(ONE, shaken()), clients=["android=6", "newton>=2", "android>=99", "\x1b["])
    analysis, _ = judged(observation)
    assert list(answers(analysis)) == ["android 6.0"]
    assert len(analysis.undecided) == 3
    nobody, _ = judged(endpoint(at(ONE, shaken()), clients=["newton"]))
    assert (nobody.clients, nobody.recommended) == ([], [])


def test_the_verdicts_point_at_their_rows() -> None:
    analysis, findings = judged(for_clients(["android"], shaken(), shaken()), PUBLIC)
    found = finding(findings, "tls-client-lacks-root")
    assert found.evidence[0] == "/analysis/clients/0"
    assert len(found.evidence) == sum(one.accepts is False for one in analysis.clients)


def blocks_of(observation: TlsObservation) -> list[object]:
    analysis, findings = judged(observation)
    subject = Subject(kind=SubjectKind.ENDPOINT, host=HOST, port=443)
    check = Check(probe="tls", subject=subject, outcome=Outcome.FAIL, findings=findings)
    check.observation, check.analysis = to_raw(observation), to_raw(analysis)
    return list(present(check))


def test_the_matrix_is_shown_in_ranges_and_again_with_the_better_chain() -> None:
    observation = for_clients(["android>=4.4", "ios"], shaken(chain=ALONE), shaken(chain=ALONE))
    observation.fetched = [fetched(ISSUING)]
    blocks = blocks_of(observation)
    now, then = [block for block in blocks if isinstance(block, Table)]
    assert "roots as of 20" in now.title
    assert now.rows == [
        ["Android 4.4 and later", "REJECTS", "issuer Example Issuing CA R46 not sent"],
        ["iOS 12 and later", "unknown", "issuer Example Issuing CA R46 not sent; it may fetch it, by luck"],
    ]
    assert [row[:2] for row in then.rows] == [
        ["Android 4.4–6.0", "accepts"],
        ["Android 7.0 and later", "unknown"],
        ["iOS 12 and later", "accepts"],
    ]
    texts = [block.text for block in blocks if isinstance(block, Text)]
    assert texts == ["Most clients accept this chain (built and verified): chat.example.com → Example Issuing CA R46"]


def test_without_clients_no_matrix_is_shown() -> None:
    assert not [block for block in blocks_of(endpoint(at(ONE, shaken()))) if isinstance(block, Table)]
