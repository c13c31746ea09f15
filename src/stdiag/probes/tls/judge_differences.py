"""One name, several answers: addresses that differ, RSA and ECDSA chains that are not equally good."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import tls as kinds
from stdiag.model import Finding, Severity, Subject, bracketed
from stdiag.probes.shared.judge_chain import JudgedChain, called, short_name
from stdiag.probes.tls.analysis import ChainAnalysis
from stdiag.probes.tls.judge_protocol import SHOWN, versions
from stdiag.probes.tls.observation import AddressObservation


def judge_addresses(
    addresses: Sequence[AddressObservation], chains: Sequence[ChainAnalysis], subject: Subject
) -> list[Finding]:
    """Do all addresses answer alike? `addresses` are those that could be measured from here."""
    if len(addresses) < 2:
        return []
    answers = [_answer(observed, chains) for observed in addresses]
    if len(set(answers)) == 1:
        return []
    return [
        kinds.TLS_ADDRESSES_DIFFER.found(
            subject,
            evidence=["/observation/addresses"],
            differences=[f"{place}: {answer}" for place, answer in zip(_places(addresses), answers, strict=True)],
        )
    ]


def _places(addresses: Sequence[AddressObservation]) -> list[str]:
    """The addresses; with their ports where --resolve leads to several ports of one."""
    shown = [observed.address for observed in addresses]
    if len(set(shown)) == len(shown):
        return shown
    return [f"{bracketed(observed.address)}:{observed.port}" for observed in addresses]


def _answer(observed: AddressObservation, chains: Sequence[ChainAnalysis]) -> str:
    """What an address answers, in a line without times."""
    if observed.connect_fault:
        return observed.connect_fault.reason.value
    completed = next((record for record in observed.handshakes if record.completed and record.chain_sent), None)
    if completed is None:
        fault = next((record.fault for record in observed.handshakes if record.fault), None)
        return fault.reason.value if fault else "no certificate"
    chain = next((entry for entry in chains if entry.address == observed.address), None)
    state = {True: "complete chain", False: "incomplete chain", None: "chain of unknown end"}
    accepted, _ = versions(observed)
    leaf = completed.chain_sent[0]
    parts = [
        f"certificate {leaf.sha256[:8]} until {leaf.not_after[:10]}",
        state[chain.complete] if chain else "",
        ", ".join(SHOWN[version] for version in accepted),
    ]
    return ", ".join(part for part in parts if part)


def judge_without_sni(chains: Sequence[JudgedChain], subject: Subject) -> list[Finding]:
    """The same certificate with and without SNI, but only with it the chain that leads from it to a root."""
    shown = [chain for chain in chains if chain.handshake is not None and chain.examined.leaf is not None]
    with_name = next((chain for chain in shown if chain.handshake and chain.handshake.offer != "no-sni"), None)
    without = next((chain for chain in shown if chain.handshake and chain.handshake.offer == "no-sni"), None)
    if with_name is None or without is None or with_name.examined.leaf != without.examined.leaf:
        return []
    if not with_name.examined.complete or without.examined.complete is not False:
        return []
    missing = short_name(without.examined.missing_issuer or "")
    return [
        kinds.TLS_SNI_REQUIRED.found(
            subject,
            evidence=[without.pointer],
            without_sni=f"the same certificate, and its issuer {missing} is missing",
        )
    ]


def judge_key_types(chains: Sequence[JudgedChain], pointer: str, subject: Subject) -> list[Finding]:
    """The RSA and the ECDSA chain of one address, where it has both."""
    of_kind = {chain.examined.leaf.key_kind: chain for chain in reversed(chains) if chain.examined.leaf is not None}
    if not {"rsa", "ec"} <= of_kind.keys():
        return []
    rsa, ecdsa = _quality(of_kind["rsa"]), _quality(of_kind["ec"])
    if rsa == ecdsa:
        return []
    leaf_names = {kind: called(chain.examined.leaf) for kind, chain in of_kind.items() if chain.examined.leaf}
    broken = "incomplete" in (rsa, ecdsa)
    return [
        kinds.TLS_KEY_TYPES_DIFFER.found(
            subject,
            evidence=[f"{pointer}/handshakes"],
            severity=Severity.ERROR if broken else None,
            differences=[f"RSA ({leaf_names['rsa']}): {rsa}", f"ECDSA ({leaf_names['ec']}): {ecdsa}"],
        )
    ]


def _quality(chain: JudgedChain) -> str:
    if chain.examined.complete is False:
        return "incomplete"
    trusted = sorted(name for name, trust in chain.trust.items() if trust.trusted)
    return f"trusted by {', '.join(trusted)}" if trusted else "trusted by none"
