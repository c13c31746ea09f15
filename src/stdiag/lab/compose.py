"""From names of faults to one blueprint, or to a sentence why these faults do not go together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from stdiag.lab.blueprint import (
    HOST,
    PROVISIONING_URL,
    TLS_LISTENERS,
    Aia,
    Blueprint,
    ClientCertificate,
    ConfigSlip,
    Front,
    FurtherAddress,
    Key,
    Listener,
    MuxManner,
    Part,
    Signer,
)
from stdiag.lab.error import FaultConflictError, UnknownFaultError
from stdiag.lab.faults import FAULTS, LabFault, Shows

# What each field decides, in words for the person who combined two faults.
_DECIDES = {
    "leaf_key": "the leaf's key",
    "leaf_validity": "the leaf's term",
    "leaf_names": "the leaf's names",
    "issuer_profile": "what the issuing CA may do",
    "sent": "which chain is sent",
    "aia": "what the issuer's address answers",
    "versions": "which TLS versions are accepted",
    "key_exchange": "the key exchange",
    "without_sni": "what a client without SNI gets",
    "listener": "how the port answers",
    "front": "what answers HTTP requests",
    "product": "the release of Sametime",
    "provisioning_url": "the provisioning URL",
    "further_port": "the port that the provisioning URL names",
    "mux": "how the community server answers",
    "mux_further_address": "the further address of the community server",
    "http_proxy": "what the HTTP proxy does",
    "socks_proxy": "what the SOCKS proxy does",
    "push": "what is wrong with the pushes",
    "photo": "what is wrong with the photos",
}

# Tuples to which several faults may each add theirs.
_GROWING = frozenset({"appended", "config_slips", "further_parameters"})

# A self-signed leaf has no issuer: what is wrong with the issuers cannot be seen on it.
_SEEN_ONLY_WITH_ISSUER = frozenset(
    {
        "issuer_profile",
        "issuer_key",
        "issuer_validity",
        "root_validity",
        "root_trusted",
        "aia",
        "policy_level",
        "sent",
        "leaf_digest",
        "second_address_sent",
        "rsa_sent",
        "appended",
    }
)

# Where the issuer's certificate is neither sent nor to be had, nobody knows what is wrong with it and above it.
_NO_ISSUER_FROM = frozenset({Aia.GONE, Aia.REDIRECT_LOOP, Aia.SILENT, Aia.NOT_NAMED})
_UNREACHED = (MuxManner.NOBODY, MuxManner.BACKLOG_FULL)
_SEEN_WITH_ISSUERS_CERTIFICATE = frozenset({"issuer_profile", "issuer_validity", "root_validity", "root_trusted"})


def find_fault(name: str) -> LabFault:
    """The fault of that name. Raises UnknownFaultError, which names the nearest."""
    by_name = {fault.name: fault for fault in FAULTS}
    if name in by_name:
        return by_name[name]
    import difflib

    near = difflib.get_close_matches(name.lower(), by_name, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else "`stdiag lab faults` lists them."
    raise UnknownFaultError(f"There is no fault named {name!r}; {hint}")


def compose(names: Iterable[str]) -> Blueprint:
    """The blueprint with all faults in it; their order does not matter, and naming one twice is naming it once.

    Raises UnknownFaultError, and FaultConflictError when one fault would hide or undo another.
    """
    faults = [find_fault(name) for name in dict.fromkeys(names)]
    changes: dict[str, Any] = {}
    decided_by: dict[str, LabFault] = {}
    for fault in faults:
        for field, value in fault.changes.items():
            if field in _GROWING:
                changes[field] = changes.get(field, ()) + value
            elif field in changes and changes[field] != value:
                raise FaultConflictError(
                    f"{decided_by[field].name} and {fault.name} cannot be injected together: "
                    f"both decide {_DECIDES[field]}."
                )
            else:
                changes[field] = value
                decided_by[field] = fault
    for fault in faults:
        _refuse_same_parameter(faults, fault)
        for other in faults:
            if other is not fault and hides(fault, other):
                raise FaultConflictError(
                    f"{fault.name} and {other.name} cannot be injected together: "
                    f"with {fault.name}, nothing of {other.name} could be seen."
                )
    if "appended" in changes:
        changes["appended"] = tuple(part for part in Part if part in changes["appended"])
    if "config_slips" in changes:
        changes["config_slips"] = tuple(slip for slip in ConfigSlip if slip in changes["config_slips"])
    if "further_parameters" in changes:
        changes["further_parameters"] = tuple(sorted(changes["further_parameters"]))
    return dataclasses.replace(Blueprint(), **changes)


def _refuse_same_parameter(faults: list[LabFault], fault: LabFault) -> None:
    """Two faults that both add a parameter would make a third one: that it stands there twice."""
    own = _names_added(fault)
    for other in faults:
        if other is not fault and (shared := own & _names_added(other)):
            raise FaultConflictError(
                f"{fault.name} and {other.name} cannot be injected together: "
                f"both put {', '.join(sorted(shared))} into the provisioning URL."
            )


def _names_added(fault: LabFault) -> set[str]:
    return {parameter.partition("=")[0] for parameter in fault.changes.get("further_parameters", ())}


def hides(fault: LabFault, other: LabFault) -> bool:
    """Whether `fault` leaves nothing to see of `other`."""
    if {Shows.IN_PUSH, Shows.IN_PHOTO} & {fault.shows, other.shows} or fault.shows is Shows.IN_PHOTO_COPY:
        return False
    if other.shows is Shows.IN_PHOTO_COPY:
        return _hides_copies(fault)
    if other.shows is Shows.IN_CONFIG:
        return _has_other_files(fault, other)
    if fault.shows is Shows.IN_CONFIG:
        return other.shows is Shows.IN_TEXT and _speaks_otherwise(fault, other)
    if Shows.ON_PATH in (fault.shows, other.shows):
        if other.changes.get("mux_further_address") is FurtherAddress.RETIRED:
            return fault.changes.get("mux") in _UNREACHED  # a dead address is the wrong one only beside a living one
        # Inside TLS the mux is reached but through the HTTP proxy: that shows where the proxy lets requests through.
        return "http_proxy" in fault.changes and other.changes.get("mux") is MuxManner.TLS_ONLY
    if other.shows is Shows.IN_TEXT:
        return _speaks_otherwise(fault, other)
    if fault.changes.get("listener", Listener.TLS) not in TLS_LISTENERS:
        return True
    if other.shows is Shows.IN_ANSWER and _hides_answer(fault, other):
        return True
    return _hides_in_chain(fault, other)


def _hides_in_chain(fault: LabFault, other: LabFault) -> bool:
    if fault.changes.get("leaf_signer") is Signer.ITSELF:
        return bool(_SEEN_ONLY_WITH_ISSUER & other.changes.keys())
    sent = fault.changes.get("sent", (Part.ISSUER,))
    if Part.ISSUER not in sent:
        if Part.STRANGER in other.changes.get("appended", ()):
            return True  # then it is not one too many, but one in place of the right one
        if fault.changes.get("aia") in _NO_ISSUER_FROM and _SEEN_WITH_ISSUERS_CERTIFICATE & other.changes.keys():
            return True
    if "rsa_sent" in other.changes and fault.changes.get("leaf_key", Key.EC_P256) is not Key.EC_P256:
        return True  # the second certificate is of the same kind, and takes the first one's place
    # Two addresses, or two certificates, which send the same chain do not differ.
    elsewhere = other.changes.get("second_address_sent", other.changes.get("rsa_sent"))
    return elsewhere is not None and elsewhere == fault.changes.get("sent")


def _hides_answer(fault: LabFault, other: LabFault) -> bool:
    if fault.changes.get("client_certificate") is ClientCertificate.REQUIRED:
        return True  # without a certificate no answer comes
    if "clock_offset" in other.changes:
        return False  # every answer has its date
    if "plain_port" in other.changes:
        return fault.changes.get("front") is Front.HANGS  # whoever hangs at 443 is not asked on
    # Whether credentials are asked for shows only where nothing else answers in STProxy's place.
    return "front" in fault.changes or not _leads_to_stproxy(fault.changes.get("provisioning_url", PROVISIONING_URL))


def _hides_copies(fault: LabFault) -> bool:
    """Whether STProxy is not there to hand its copies of photos out."""
    asks = fault.changes.get("client_certificate") is ClientCertificate.REQUIRED
    return asks or "front" in fault.changes or fault.changes.get("listener", Listener.TLS) not in TLS_LISTENERS


def _leads_to_stproxy(url: str) -> bool:
    """Whether clients that follow `url` come to the port that the site's own URL names, and speak TLS there."""
    if url.startswith("sametime:"):
        return f"{HOST}:443/" in url and "ssl=false" not in url
    return f"{HOST}/" in url


def _has_other_files(fault: LabFault, other: LabFault) -> bool:
    """Each release has its own configuration files: what is wrong in one of them is not in another's."""
    return "product" in fault.changes and fault.changes["product"] != other.changes.get("product")


def _speaks_otherwise(fault: LabFault, other: LabFault) -> bool:
    # A parameter that is wrong in the new generation's URL may be right, or unknown, in the old one's.
    return "further_parameters" in other.changes and fault.changes.get("provisioning_url", "").startswith("sametime:")
