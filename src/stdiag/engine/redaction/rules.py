"""Which field of a report is what. A field that is not listed is free text: all that is known is replaced in it."""

from __future__ import annotations

import enum


class Rule(enum.StrEnum):
    """How a text is treated."""

    KEEP = "keep"  # a closed word, a time, a pointer
    TEXT = "text"  # names and addresses in it are replaced
    PLACE = "place"  # a host or an address, with or without port or URL
    USER = "user"
    CARD = "card"  # a network card: people give them names
    FILE = "file"
    REFERENCE = "reference"  # where a secret comes from: env:NAME, file:PATH
    DISTINGUISHED_NAME = "distinguished-name"  # RFC 4514
    COMMON_NAME = "common-name"  # what people call a certificate
    CERTIFICATE = "certificate"  # its fingerprint, as identity: becomes a number
    PEM = "pem"  # goes
    QUOTATION = "quotation"  # what somebody else wrote: goes, since it may say anything
    SETTING = "setting"  # the name of one, in the words of its file
    DAY = "day"  # a time whose seconds would find the certificate in public logs


_KEEP = (
    "schema_version id started probe code stage offer protocol cipher alpn group alerts_received evidence findings "
    "folded not_judgeable ended_at resolved_by asked spoken spoke form service_of step versions_accepted "
    "versions_refused role setting server_version verified_with algorithms opens_with environments apns_reason maker "
    "stopped_by last content_type peer_time local_time date date_seen alert seen outcomes problem context "
    "question fingerprint becomes generation"
)
_PLACES = (
    "host address peer server_name via proxy target_address local_address seen_address redirect_to url "
    "provisioning_url final_url location alternatives apns legacy google devices targets oidc_issuer idp_url script "
    "proxies"
)
_BY_NAME: dict[str, Rule] = {
    **dict.fromkeys(_KEEP.split(), Rule.KEEP),
    **dict.fromkeys(_PLACES.split(), Rule.PLACE),
    **dict.fromkeys(("user", "users"), Rule.USER),
    **dict.fromkeys(("file", "ca_files", "key", "trust_store", "expected_roots"), Rule.FILE),
    **dict.fromkeys(("password", "passphrase", "trust_store_passphrase"), Rule.REFERENCE),
    **dict.fromkeys(("peer_subject", "peer_issuer", "anchor", "root", "missing_issuer"), Rule.DISTINGUISHED_NAME),
    **dict.fromkeys(("sha256",), Rule.CERTIFICATE),
    **dict.fromkeys(("pem", "anchors"), Rule.PEM),
    **dict.fromkeys(
        ("received", "first_bytes", "headers", "title", "challenge", "debug", "note", "said", "realm"), Rule.QUOTATION
    ),
    **dict.fromkeys(("not_before", "not_after"), Rule.DAY),
}
_BY_FIELD: dict[str, Rule] = {
    **dict.fromkeys(("Tool.name", "Tool.version", "Tool.python", "Tool.openssl"), Rule.KEEP),
    "TlsSite.name": Rule.PLACE,
    "TrustStoreRecord.name": Rule.KEEP,
    "TrustStoreRecord.problem": Rule.TEXT,
    "StoreVerdict.reason": Rule.KEEP,
    "SentCertificate.subject": Rule.DISTINGUISHED_NAME,
    "SentCertificate.issuer": Rule.DISTINGUISHED_NAME,
    "SentCertificate.problem": Rule.TEXT,
    "SametimeReply.problem": Rule.TEXT,
    "CertificateFacts.name": Rule.COMMON_NAME,
    "ChainAnalysis.path": Rule.CERTIFICATE,
    "HttpReply.body": Rule.QUOTATION,
    "Exchange.body": Rule.KEEP,
    "Exchange.reason": Rule.KEEP,
    "LogClaim.said": Rule.QUOTATION,
    "LogClaim.place": Rule.PLACE,
    "NamesSite.hosts": Rule.PLACE,
    "HostsEntry.file": Rule.KEEP,
    **dict.fromkeys(("NameObservation.system", "NameObservation.dns_management"), Rule.PLACE),
    **dict.fromkeys(("NameObservation.default_sources", "NamedAddress.source", "NamedAddress.reverse"), Rule.PLACE),
    **dict.fromkeys(("DnsAnswer.addresses", "DnsAnswer.aliases", "DnsAnswer.searched_as"), Rule.PLACE),
    "DnsAnswer.servers": Rule.PLACE,
    **dict.fromkeys(("NamedAddress.interface", "NamedAddress.source_interface", "OwnAddress.interface"), Rule.CARD),
    "PushSite.topic": Rule.TEXT,
    **dict.fromkeys(("PhotoSite.urls", "PhotoSite.stproxy_urls", "PhotoAnswer.passed"), Rule.PLACE),
    **dict.fromkeys(("PhotoSite.ltpa_token", "PhotoSite.ltpa_token2"), Rule.REFERENCE),
    "PhotoObservation.file_name": Rule.FILE,
    **dict.fromkeys(("PhotoAnswer.shown", "PhotoPicture.shown", "PhotoAddressAnalysis.outcome"), Rule.KEEP),
    "ConfigSite.paths": Rule.FILE,
    "ConfigDocument.sha256": Rule.PEM,
    "Setting.name": Rule.SETTING,
    "Slip.name": Rule.SETTING,
    "Unread.problem": Rule.TEXT,
}
_PARAMS: dict[str, Rule] = {
    "card": Rule.CARD,
    **dict.fromkeys(("user", "users"), Rule.USER),
    **dict.fromkeys(("said", "title", "realm", "first_bytes"), Rule.QUOTATION),
    **dict.fromkeys(("file_name", "name_found", "name_missing"), Rule.FILE),
    **dict.fromkeys(("not_before", "not_after"), Rule.DAY),
    **dict.fromkeys(("leaf", "missing", "root", "certificate", "subject_shown", "issuer"), Rule.COMMON_NAME),
}


def rule_of(struct: str, field: str) -> Rule:
    """How the texts of a field are treated."""
    return _BY_FIELD.get(f"{struct}.{field}") or _BY_NAME.get(field, Rule.TEXT)


def rule_of_param(name: str) -> Rule:
    """How a finding's parameter is treated."""
    return _PARAMS.get(name, Rule.TEXT)
