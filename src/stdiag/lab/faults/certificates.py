"""Faults of the certificates: chain, trust, term, names, strength, and the way to the issuer."""

from __future__ import annotations

from stdiag.lab.blueprint import Aia, Digest, IssuerProfile, Key, Part, Signer, Validity
from stdiag.lab.faults.fault import LabFault

CERTIFICATE_FAULTS: tuple[LabFault, ...] = (
    # The chain
    LabFault(
        name="missing-intermediate",
        injects="the leaf is sent without the CA that issued it",
        first=("tls-chain-incomplete",),
        changes={"sent": (Part.LEAF,)},
        story="The new certificate was imported, the intermediate that came with it was not. Browsers fetch it "
        "and show a padlock; Android and Java do not, and cannot log in.",
        mended_by_bundle=True,
    ),
    LabFault(
        name="wrong-intermediate",
        injects="the intermediate sent is R6; the leaf was issued by R46",
        first=("tls-chain-wrong-issuer",),
        changes={"sent": (Part.LEAF, Part.SIBLING)},
        story="The CA changed its intermediate with the renewal. The old file, of almost the same name, "
        "stayed in place.",
        mended_by_bundle=True,
    ),
    LabFault(
        name="wrong-order",
        injects="two intermediates are sent in reverse order",
        first=("tls-chain-wrong-order",),
        changes={"policy_level": True, "sent": (Part.LEAF, Part.POLICY, Part.ISSUER)},
        story="Somebody put the files together by hand, upper CA first. Many clients sort it out; strict ones do not.",
        mended_by_bundle=True,
    ),
    LabFault(
        name="superfluous-certificate",
        injects="a certificate of another CA is sent as well",
        first=("tls-chain-superfluous",),
        changes={"appended": (Part.STRANGER,)},
        story="The bundle of the former CA was never cleared out. It costs every client some bytes, and "
        "confuses people.",
        mended_by_bundle=True,
    ),
    LabFault(
        name="root-sent",
        injects="the root is sent as well",
        first=("tls-chain-superfluous",),
        changes={"appended": (Part.ROOT,)},
        story="The whole path was exported from a browser. A client that trusts the root has it already.",
        mended_by_bundle=True,
    ),
    LabFault(
        name="issuer-not-a-ca",
        injects="the issuing certificate is not allowed to issue",
        first=("tls-chain-invalid",),
        changes={"issuer_profile": IssuerProfile.NOT_A_CA},
        story="A home-made CA was made with the settings of a server certificate (basicConstraints CA:FALSE).",
    ),
    LabFault(
        name="name-constraints",
        injects="the issuing CA may only issue for another domain",
        first=("tls-chain-invalid",),
        changes={"issuer_profile": IssuerProfile.OTHER_NAMES_ONLY},
        story="A department's CA, limited to the department's own domain, has issued the certificate of the "
        "chat server.",
    ),
    LabFault(
        name="unreadable-certificate",
        injects="a certificate of version 8, which does not exist, is sent last",
        first=("tls-certificate-unreadable",),
        changes={"unreadable_sent": True},
        story="A file of an old home-made CA stayed in the bundle. OpenSSL passes over it, Java ends the handshake.",
        mended_by_bundle=True,
    ),
    # Trust
    LabFault(
        name="self-signed",
        injects="the leaf is signed by its own key",
        first=("tls-self-signed",),
        changes={"leaf_signer": Signer.ITSELF, "sent": (Part.LEAF,)},
        story="The certificate that the installation made for itself was never replaced.",
    ),
    LabFault(
        name="private-ca",
        injects="the site file does not name the root that the chain ends in",
        first=("tls-root-untrusted",),
        changes={"root_trusted": False},
        story="The chain is whole, but it ends in the company's own root, which no phone knows unless it was "
        "given to it.",
    ),
    LabFault(
        name="expired-root",
        injects="the root has expired yesterday",
        first=("tls-root-expired",),
        changes={"root_validity": Validity(-3650, -1)},
        story="Twenty years ago twenty years seemed long. Android and Java do not look at a root's dates, "
        "OpenSSL does.",
    ),
    # Validity
    LabFault(
        name="expired-leaf",
        injects="the leaf has expired two days ago",
        first=("tls-cert-expired",),
        changes={"leaf_validity": Validity(-92, -2)},
        story="The reminder went to a mailbox that nobody reads.",
    ),
    LabFault(
        name="not-yet-valid",
        injects="the leaf becomes valid in two days",
        first=("tls-cert-not-yet-valid",),
        changes={"leaf_validity": Validity(2, 92)},
        story="The certificate was installed early, or the clock of the machine that issued it is ahead.",
    ),
    LabFault(
        name="expires-soon",
        injects="the leaf expires in ten days",
        first=("tls-cert-expires-soon",),
        changes={"leaf_validity": Validity(-80, 10)},
        story="Everything works, until the weekend after next.",
    ),
    LabFault(
        name="expired-issuer",
        injects="the issuing CA has expired three days ago",
        first=("tls-issuer-expired",),
        changes={"issuer_validity": Validity(-1800, -3)},
        story="The leaf is fresh, but the chain file still holds the intermediate's former issue.",
    ),
    LabFault(
        name="malformed-extension",
        injects="the leaf's certificate policies are not valid DER",
        first=("tls-extension-malformed",),
        changes={"leaf_malformed": True},
        story="A home-made CA with a hand-written extension. OpenSSL passes over it, strict libraries refuse it.",
    ),
    # Names
    LabFault(
        name="name-mismatch",
        injects="the leaf is for meet.lab.example",
        first=("tls-name-mismatch",),
        changes={"leaf_common_name": "meet.lab.example", "leaf_names": ("meet.lab.example",)},
        story="The certificate of the meeting server was installed on the chat server.",
    ),
    LabFault(
        name="cn-only",
        injects="the leaf names its host in the common name only",
        first=("tls-name-cn-only",),
        changes={"leaf_names": ()},
        story="The request was made without subjectAltName, as old instructions have it. Java 8 is content, "
        "phones are not.",
    ),
    # Strength
    LabFault(
        name="weak-key",
        injects="the leaf has an RSA key of 1024 bits",
        first=("tls-weak-key",),
        changes={"leaf_key": Key.RSA_1024},
        story="The key store was made in 2009, and each renewal used the same request.",
    ),
    LabFault(
        name="weak-signature",
        injects="the leaf is signed with SHA-1",
        first=("tls-weak-signature",),
        changes={"leaf_digest": Digest.SHA1, "issuer_key": Key.RSA_2048},
        story="The company's CA still signs as it was set up to. Java trusts it, Android since 9 and iOS "
        "since 11 do not.",
    ),
    # The way to the issuer: each with the intermediate missing, or nobody would ask
    LabFault(
        name="aia-unreachable",
        injects="the intermediate is missing, and its download address answers 404",
        first=("tls-chain-incomplete",),
        also=("tls-aia-unreachable",),
        changes={"sent": (Part.LEAF,), "aia": Aia.GONE},
        story="The CA has moved its files. Not even browsers can mend the chain now.",
    ),
    LabFault(
        name="aia-redirect-loop",
        injects="the intermediate is missing, and its address redirects for ever",
        first=("tls-chain-incomplete",),
        also=("tls-aia-unreachable",),
        changes={"sent": (Part.LEAF,), "aia": Aia.REDIRECT_LOOP},
        story="The CA's web site was moved behind a portal that nobody gets through.",
    ),
    LabFault(
        name="aia-silent",
        injects="the intermediate is missing, and its address never answers",
        first=("tls-chain-incomplete",),
        also=("tls-aia-unreachable",),
        changes={"sent": (Part.LEAF,), "aia": Aia.SILENT},
        story="The way to the CA's web server goes through a firewall that swallows it.",
        keeps_waiting=True,
    ),
    LabFault(
        name="aia-not-named",
        injects="the intermediate is missing, and the leaf names no address for it",
        first=("tls-chain-incomplete",),
        changes={"sent": (Part.LEAF,), "aia": Aia.NOT_NAMED},
        story="A private CA that publishes nothing: only its administrator can say where the intermediate is.",
    ),
    LabFault(
        name="aia-pem",
        injects="the intermediate is missing, and its address serves PEM",
        first=("tls-chain-incomplete",),
        changes={"sent": (Part.LEAF,), "aia": Aia.PEM},
        story="Against the standard, and common: some clients that fetch issuers read DER only.",
        mended_by_bundle=True,
    ),
    LabFault(
        name="aia-pkcs7",
        injects="the intermediate is missing, and its address serves PKCS#7",
        first=("tls-chain-incomplete",),
        changes={"sent": (Part.LEAF,), "aia": Aia.PKCS7},
        story="A .p7c file with all issuers: allowed by the standard, read by few.",
        mended_by_bundle=True,
    ),
)
