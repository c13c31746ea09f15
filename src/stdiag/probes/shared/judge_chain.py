"""Is the chain complete, in order, valid and trusted? Rules over one chain as one client would get it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from stdiag.catalogue.kinds import tls as kinds
from stdiag.model import Finding, Severity, Subject
from stdiag.pki.certificate import Certificate
from stdiag.pki.chain import ChainExamination, ChainProblemKind, examine
from stdiag.pki.trust import TrustStore
from stdiag.pki.verify import StoreTrust, TrustReason, trust_in
from stdiag.probes.contract import Context
from stdiag.probes.shared.chain_analysis import ChainAnalysis, StoreVerdict
from stdiag.probes.shared.handshake import Fetched, Handshake, SentCertificate
from stdiag.probes.shared.record import certificates_of, sent


class JudgedChain(msgspec.Struct, frozen=True, eq=False):
    """A chain, what the graph says of it, and what each trust store says."""

    certificates: tuple[Certificate, ...]
    examined: ChainExamination
    trust: dict[str, StoreTrust]
    trust_repaired: dict[str, StoreTrust]
    handshake: Handshake | None
    subject: Subject
    pointer: str
    fetched: list[Fetched] = []

    @property
    def verify(self) -> tuple[int | None, str | None]:
        """OpenSSL's code and words from the handshake; None, None where there was none."""
        return (self.handshake.verify_code, self.handshake.verify_text) if self.handshake else (None, None)


def judged_chain(
    records: Sequence[SentCertificate],
    handshake: Handshake | None,
    fetched: list[Fetched],
    context: Context,
    subject: Subject,
    pointer: str,
) -> JudgedChain:
    """The chain of `records` as it came in `handshake` (None: from a file), with what was fetched to complete it."""
    issuers = [
        certificate for one in fetched for certificate in certificates_of(one.certificates) if not certificate.problem
    ]
    certificates = certificates_of(records)
    examined, trust, repaired = _judged_once(certificates, issuers, context)
    return JudgedChain(
        certificates=certificates,
        examined=examined,
        trust=trust,
        trust_repaired=repaired,
        handshake=handshake,
        subject=subject,
        pointer=pointer,
        fetched=fetched,
    )


Graph = tuple[ChainExamination, dict[str, StoreTrust], dict[str, StoreTrust]]


def _judged_once(certificates: Sequence[Certificate], issuers: Sequence[Certificate], context: Context) -> Graph:
    """`judge_graph` for a chain that this run has not judged yet; what it said of it for one that it has."""
    key = ("graph", tuple(one.sha256 for one in certificates), tuple(one.sha256 for one in issuers))
    known: Graph | None = context.judged_before.get(key)
    if known is None:
        known = context.judged_before[key] = judge_graph(certificates, issuers, context.trust, context.started)
    return known


def judge_graph(
    certificates: Sequence[Certificate], issuers: Sequence[Certificate], stores: Sequence[TrustStore], at: datetime
) -> Graph:
    """The examination of a chain, what each store says of it as sent, and of the repaired one where it differs."""
    examined = examine(certificates, fetched=issuers, stores=stores, at=at)
    as_sent = {store.name: trust_in(examined.path, store, at) for store in stores} if examined.path else {}
    needs_repair = bool(examined.repaired) and examined.complete is not True
    repaired = {store.name: trust_in(examined.repaired, store, at) for store in stores} if needs_repair else {}
    return examined, as_sent, repaired


def chain_analysis(chain: JudgedChain, address: str | None) -> ChainAnalysis:
    """The JSON form."""
    examined = chain.examined
    return ChainAnalysis(
        address=address,
        server_name=chain.handshake.server_name if chain.handshake else None,
        offer=chain.handshake.offer if chain.handshake else "file",
        complete=examined.complete,
        missing_issuer=examined.missing_issuer,
        recoverable=examined.recoverable and examined.complete is not True,
        repaired=[sent(certificate) for certificate in examined.repaired],
        path=[certificate.sha256 for certificate in examined.path],
        root=examined.root.subject if examined.root else None,
        in_order=examined.in_order,
        duplicates=list(examined.duplicates),
        unrelated=list(examined.unrelated),
        lookalikes=list(examined.lookalikes),
        roots_sent=list(examined.roots_sent),
        trust={name: _store_verdict(trust) for name, trust in chain.trust.items()},
        trust_repaired={name: _store_verdict(trust) for name, trust in chain.trust_repaired.items()},
    )


def judge_chain(chain: JudgedChain, context: Context) -> list[Finding]:
    """All findings about one chain: its graph, its end, its certificates' dates and strength are others' rules."""
    findings = _unreadable(chain)
    if chain.examined.leaf is None:
        return findings
    findings += _wrong_issuer(chain)
    findings += _incomplete(chain)
    findings += _order(chain)
    findings += _superfluous(chain)
    findings += _invalid(chain)
    findings += _self_signed(chain) or _untrusted(chain, context)
    return findings


def called(certificate: Certificate) -> str:
    """How people call a certificate: its common name, else its whole subject."""
    return certificate.common_name or certificate.subject or "(no name)"


def _store_verdict(trust: StoreTrust) -> StoreVerdict:
    return StoreVerdict(
        trusted=trust.trusted, reason=trust.reason.value, anchor=trust.anchor.subject if trust.anchor else None
    )


def _unreadable(chain: JudgedChain) -> list[Finding]:
    return [
        kinds.TLS_CERTIFICATE_UNREADABLE.found(
            chain.subject,
            evidence=[f"{chain.pointer}/{index}"],
            severity=None if index else Severity.ERROR,  # without a leaf there is nothing that a client could accept
            position=index + 1,
            problem=certificate.problem,
        )
        for index, certificate in enumerate(chain.certificates)
        if certificate.problem
    ]


def _incomplete(chain: JudgedChain) -> list[Finding]:
    examined = chain.examined
    if examined.complete is not False or examined.missing_issuer is None or examined.leaf is None:
        return []
    code, text = chain.verify
    source = _source_of_missing(chain)
    return [
        kinds.TLS_CHAIN_INCOMPLETE.found(
            chain.subject,
            evidence=[chain.pointer],
            leaf=called(examined.leaf),
            missing=called(examined.missing[0]) if examined.missing else short_name(examined.missing_issuer),
            sent=len(chain.certificates),
            verify_code=code,
            verify_text=text,
            recovered_from=source,
            proven=("yes" if examined.recoverable else "no") if source else None,
            candidates=[] if examined.missing else ["an intermediate of a public CA", "the root of a private CA"],
        )
    ]


def _source_of_missing(chain: JudgedChain) -> str | None:
    if not chain.examined.missing:
        return None
    wanted = chain.examined.missing[0].sha256
    return next(
        (
            fetched.url
            for fetched in chain.fetched
            if any(certificate.sha256 == wanted for certificate in fetched.certificates)
        ),
        None,
    )


def _strangers(chain: JudgedChain) -> list[Certificate]:
    """CA certificates that were sent where the right issuer belongs.

    With the gap closed by what was fetched, whatever is not on the repaired way is a stranger. Without that, only a
    look-alike is: any other may belong above the gap.
    """
    examined = chain.examined
    if examined.complete is not False or examined.missing_issuer is None:
        return []
    indices = examined.unrelated if examined.recoverable else examined.lookalikes
    candidates = [chain.certificates[index] for index in indices]
    return [certificate for certificate in candidates if certificate.is_ca and certificate not in examined.repaired]


def _wrong_issuer(chain: JudgedChain) -> list[Finding]:
    """The chain breaks off, and CA certificates were sent that do not fit: somebody installed the wrong one."""
    examined = chain.examined
    strangers = _strangers(chain)
    broken_off = examined.path[-1] if examined.path else examined.leaf
    if not strangers or broken_off is None or examined.missing_issuer is None:
        return []
    if any(certificate.subject_der == broken_off.issuer_der for certificate in strangers):
        reason = "the name fits, the key does not"
    else:
        reason = "a similar name, another certificate" if examined.lookalikes else "another name"
    return [
        kinds.TLS_CHAIN_WRONG_ISSUER.found(
            chain.subject,
            evidence=[chain.pointer],
            certificate=called(broken_off),
            needed=short_name(examined.missing_issuer),
            sent_instead=[called(certificate) for certificate in strangers],
            reason=reason,
        )
    ]


def _order(chain: JudgedChain) -> list[Finding]:
    examined = chain.examined
    if examined.in_order:
        return []
    first = chain.certificates[0]
    issuer_first = examined.leaf != first and not first.problem
    return [
        kinds.TLS_CHAIN_WRONG_ORDER.found(
            chain.subject,
            evidence=[chain.pointer],
            # Only a file can be so; installed like this, the issuer is taken for the server itself (RFC 8446 §4.4.2).
            severity=Severity.ERROR if issuer_first else None,
            affects="all clients: the first certificate is taken for the server's own" if issuer_first else None,
            sent_order=[called(certificate) for certificate in chain.certificates],
            right_order=[called(certificate) for certificate in examined.path],
        )
    ]


def _superfluous(chain: JudgedChain) -> list[Finding]:
    examined = chain.examined
    why = dict.fromkeys(examined.duplicates, "sent twice")
    why |= {index: "root: clients have it or do not trust it" for index in examined.roots_sent if index}
    # Where the chain breaks off, what does not belong to it so far may belong above the gap.
    broken_off = examined.complete is False and not examined.recoverable
    wrong = _strangers(chain)
    strangers = [
        index
        for index in examined.unrelated
        if not broken_off and not _damaged(chain) and chain.certificates[index] not in (*wrong, *examined.repaired)
    ]
    why |= dict.fromkeys(strangers, "not part of this chain")
    if not why or examined.self_signed_leaf:
        return []
    return [
        kinds.TLS_CHAIN_SUPERFLUOUS.found(
            chain.subject,
            evidence=[f"{chain.pointer}/{index}" for index in sorted(why)],
            severity=Severity.WARNING if strangers else Severity.INFO,
            certificates=[f"{called(chain.certificates[index])} ({why[index]})" for index in sorted(why)],
        )
    ]


def _invalid(chain: JudgedChain) -> list[Finding]:
    code, text = chain.verify
    return [
        kinds.TLS_CHAIN_INVALID.found(
            chain.subject,
            evidence=[chain.pointer],
            certificate=short_name(problem.subject),
            problem=problem.detail,
            verify_code=code or None,
            verify_text=text if code else None,
        )
        for problem in chain.examined.problems
        if problem.kind is not ChainProblemKind.UNREADABLE  # a finding of its own
    ]


def _damaged(chain: JudgedChain) -> bool:
    """A signature that does not fit the very key it names: what is above it can no longer be told by the graph."""
    return any(problem.kind is ChainProblemKind.INVALID_SIGNATURE for problem in chain.examined.problems)


def _self_signed(chain: JudgedChain) -> list[Finding]:
    examined = chain.examined
    if not examined.self_signed_leaf or examined.leaf is None:
        return []
    if any(trust.trusted for trust in chain.trust.values()):
        return []
    code, text = chain.verify
    return [
        kinds.TLS_SELF_SIGNED.found(
            chain.subject,
            evidence=[chain.pointer],
            certificate=called(examined.leaf),
            verify_code=code,
            verify_text=text,
        )
    ]


def _untrusted(chain: JudgedChain, context: Context) -> list[Finding]:
    """Does the chain, repaired where that was possible, end where clients trust? Store by store, never as one union."""
    examined = chain.examined
    trust = chain.trust_repaired or chain.trust
    trust = {name: verdict for name, verdict in trust.items() if _usable(name, context)}
    if examined.self_signed_leaf or not trust or (examined.complete is False and not chain.trust_repaired):
        return []
    if _damaged(chain):
        return []
    knows = [name for name, verdict in trust.items() if verdict.reason is not TrustReason.NO_ANCHOR]
    lacks = [name for name, verdict in trust.items() if verdict.reason is TrustReason.NO_ANCHOR]
    if not lacks or "ca-files" in knows:
        # What the organisation's own roots vouch for is meant to be private.
        return []
    if knows and lacks == ["ca-files"]:
        return []
    top = examined.root.subject if examined.root else (examined.repaired or examined.path)[-1].issuer
    unsure = examined.root is None
    return [
        kinds.TLS_ROOT_UNTRUSTED.found(
            chain.subject,
            evidence=[chain.pointer],
            severity=Severity.WARNING if knows else Severity.ERROR,
            root=short_name(top),
            trusted_by=knows,
            not_trusted_by=lacks,
            candidates=["the root of a private CA", "a further missing intermediate"] if unsure else [],
        )
    ]


def _usable(name: str, context: Context) -> bool:
    """A store that could not be read, or is empty, distrusts nobody."""
    return any(store.name == name and store.count for store in context.trust)


def short_name(subject: str) -> str:
    """The common name in an RFC 4514 text, or the whole text."""
    found = re.search(r"(?:^|[,+])CN=((?:\\.|[^,+\\])*)", subject)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else subject
