"""Faults of the messages to phones: of the push key, and of the way to the push service."""

from __future__ import annotations

from stdiag.lab.blueprint import PushManner
from stdiag.lab.faults.fault import LabFault, Shows

PUSH_FAULTS: tuple[LabFault, ...] = (
    LabFault(
        name="push-key-expired",
        injects="the push key's certificate has expired",
        first=("push-key-expired",),
        changes={"push": PushManner.KEY_EXPIRED},
        shows=Shows.IN_PUSH,
        story="It is valid for a year, and whoever renewed it last has left. iPhones get no messages any more.",
    ),
    LabFault(
        name="push-key-refused",
        injects="the push service refuses the push key",
        first=("push-key-refused",),
        changes={"push": PushManner.KEY_OF_STRANGER},
        shows=Shows.IN_PUSH,
        story="The key was revoked when a new one was made, and the old file is still the one on the server.",
    ),
    LabFault(
        name="push-key-passphrase",
        injects="the passphrase does not open the push key's file",
        first=("push-key-wrong-passphrase",),
        changes={"push": PushManner.KEY_STAYS_SHUT},
        shows=Shows.IN_PUSH,
        story="The new key came with a new passphrase, and the configuration kept the old one.",
    ),
    LabFault(
        name="push-key-topic",
        injects="the push key is for another app than the configured one",
        first=("push-key-topic",),
        changes={"push": PushManner.OTHER_TOPIC},
        shows=Shows.IN_PUSH,
        story="The company wraps its own build of the app, with an identifier that the key does not know.",
    ),
    LabFault(
        name="inspecting-firewall",
        injects="a firewall that inspects TLS stands before the push service",
        first=("push-intercepted",),
        changes={"push": PushManner.INSPECTED},
        shows=Shows.IN_PUSH,
        story="TLS inspection was switched on for the servers' network. It cannot pass a client certificate on.",
    ),
    LabFault(
        name="apns-unreachable",
        injects="both ports of the push service refuse connections",
        first=("push-all-blocked",),
        changes={"push": PushManner.NOBODY},
        shows=Shows.IN_PUSH,
        story="The firewall knows the old ports 2195 and 2196 only, and rejects today's.",
    ),
    LabFault(
        name="apns-no-answer",
        injects="both ports of the push service do not answer connections",
        first=("push-all-blocked",),
        changes={"push": PushManner.BACKLOG_FULL},
        shows=Shows.IN_PUSH,
        keeps_waiting=True,
        story="As before, but the firewall drops the packets: the server's log shows time-outs, hours later.",
    ),
)
