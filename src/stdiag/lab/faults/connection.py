"""Faults of the connection: ciphers, versions, differing answers, the handshake, the port and the clock."""

from __future__ import annotations

import ssl

from stdiag.lab.blueprint import ClientCertificate, Key, KeyExchange, Listener, Part, WithoutSni
from stdiag.lab.faults.fault import LabFault, Shows

_V = ssl.TLSVersion

CONNECTION_FAULTS: tuple[LabFault, ...] = (
    # Ciphers and versions
    LabFault(
        name="weak-dh",
        injects="the key exchange uses a 1024-bit Diffie-Hellman group",
        first=("tls-weak-dh",),
        changes={
            "key_exchange": KeyExchange.DHE_1024,
            "versions": (_V.TLSv1_2, _V.TLSv1_2),
            "leaf_key": Key.RSA_2048,
        },
        story="An old reverse proxy offers nothing but DHE with the group that it was delivered with.",
    ),
    LabFault(
        name="no-forward-secrecy",
        injects="only cipher suites with RSA key exchange are offered",
        first=("tls-cipher-unusual",),
        changes={
            "key_exchange": KeyExchange.STATIC_RSA,
            "versions": (_V.TLSv1_2, _V.TLSv1_2),
            "leaf_key": Key.RSA_2048,
        },
        story="A list of allowed ciphers from 2014. Apple's rules for apps ask for ECDHE, so iPhones stay outside.",
    ),
    LabFault(
        name="tls-old-only",
        injects="only TLS 1.0 and 1.1 are accepted",
        first=("tls-version-old-only",),
        changes={"versions": (_V.TLSv1, _V.TLSv1_1)},
        story="WebSphere was never told to speak TLS 1.2. Every phone of this decade refuses.",
    ),
    LabFault(
        name="tls-new-only",
        injects="only TLS 1.3 is accepted",
        first=("tls-version-new-only",),
        changes={"versions": (_V.TLSv1_3, _V.TLSv1_3)},
        story="A hardening guide was followed to the letter. Phones before Android 10 are left out.",
    ),
    LabFault(
        name="tls-obsolete-accepted",
        injects="TLS 1.0 and 1.1 are accepted beside the current versions",
        first=("tls-version-obsolete-accepted",),
        changes={"versions": (_V.TLSv1, _V.TLSv1_3)},
        story="Left on for a client that nobody has any more. The next audit will find it.",
    ),
    # Different answers
    LabFault(
        name="sni-required",
        injects="a client without SNI gets an unrecognized_name alert",
        first=("tls-sni-required",),
        changes={"without_sni": WithoutSni.ALERT},
        story="A load balancer serves several names on one address. Very old clients do not say which one they want.",
    ),
    LabFault(
        name="sni-default-certificate",
        injects="a client without SNI gets another host's certificate",
        first=("tls-sni-required",),
        changes={"without_sni": WithoutSni.OTHER_CERTIFICATE},
        story="As before, but the balancer has a default certificate, so that old clients report a wrong name.",
    ),
    LabFault(
        name="addresses-differ",
        injects="a second address of the name sends the leaf alone",
        first=("tls-addresses-differ", "tls-chain-incomplete"),
        also=("tls-addresses-differ", "tls-chain-incomplete"),
        changes={"second_address_sent": (Part.LEAF,)},
        story="One of two STProxy nodes got the new chain file. Half of the log-ins fail, never the same half.",
        mended_by_bundle=True,
    ),
    LabFault(
        name="ecdsa-rsa-differ",
        injects="the RSA certificate's chain lacks the intermediate, the EC one's not",
        first=("tls-key-types-differ", "tls-chain-incomplete"),
        also=("tls-key-types-differ",),
        changes={"rsa_sent": (Part.LEAF,)},
        story="The server has two certificates. Every test tool asks for EC; the one old client that asks for "
        "RSA fails.",
    ),
    # The handshake
    LabFault(
        name="client-cert-required",
        injects="the server demands a certificate of its clients",
        first=("tls-client-cert-required",),
        changes={"client_certificate": ClientCertificate.REQUIRED},
        story="The host of the administration console and that of the chat share one TLS configuration.",
    ),
    LabFault(
        name="hello-too-large",
        injects="ClientHellos of more than 1400 bytes are swallowed",
        first=("tls-hello-too-large",),
        changes={"listener": Listener.SWALLOWS_LONG_HELLO},
        story="A middlebox reads the first packet only. New clients, whose post-quantum hello needs two, hang.",
        keeps_waiting=True,
    ),
    LabFault(
        name="alert",
        injects="every ClientHello is answered by a handshake_failure alert",
        first=("tls-handshake-refused",),
        changes={"listener": Listener.ALERTS},
        story="Client and server have no cipher in common, or the key store could not be opened.",
    ),
    LabFault(
        name="garbled",
        injects="every ClientHello is answered by a ServerHello that is not valid",
        first=("tls-handshake-failed",),
        changes={"listener": Listener.GARBLES},
        story="A middlebox that rewrites handshakes, and does not know the current version's.",
    ),
    LabFault(
        name="silent",
        injects="connections are accepted, nothing is ever answered",
        first=("tls-handshake-silent",),
        changes={"listener": Listener.SILENT},
        story="The load balancer accepts for a back end that hangs.",
        keeps_waiting=True,
    ),
    LabFault(
        name="slow",
        injects="the handshake comes one byte at a time",
        first=("tls-handshake-slow",),
        changes={"listener": Listener.DRIPS},
        story="A line or an inspecting middlebox with far too little capacity.",
        keeps_waiting=True,
    ),
    LabFault(
        name="closed",
        injects="the connection is closed after the ClientHello",
        first=("tls-handshake-closed",),
        changes={"listener": Listener.CLOSES},
        story="The front end is up and its back end is gone, or an access list is applied after the accept.",
    ),
    LabFault(
        name="reset",
        injects="the connection is reset after the ClientHello",
        first=("net-reset",),
        changes={"listener": Listener.RESETS},
        story="A firewall looks into the connection, does not like what it sees, and tears it down.",
    ),
    # The port
    LabFault(
        name="refused",
        injects="nobody listens on the port",
        first=("net-refused",),
        changes={"listener": Listener.NOBODY},
        story="STProxy is not running, or listens elsewhere.",
    ),
    LabFault(
        name="no-answer",
        injects="the port does not answer connections (its backlog is full)",
        first=("net-timeout",),
        changes={"listener": Listener.BACKLOG_FULL},
        story="A firewall drops the packets, or the server is overwhelmed.",
        keeps_waiting=True,
    ),
    LabFault(
        name="not-tls-http",
        injects="the port speaks plain HTTP",
        first=("tls-not-tls",),
        changes={"listener": Listener.HTTP},
        story="The port number of the plain listener was given, or TLS ends at another machine.",
    ),
    LabFault(
        name="not-tls-smtp",
        injects="the port speaks SMTP",
        first=("tls-not-tls",),
        changes={"listener": Listener.SMTP},
        story="The name leads to the mail server.",
    ),
    LabFault(
        name="not-tls-sametime",
        injects="the port speaks the Sametime community protocol",
        first=("tls-not-tls",),
        changes={"listener": Listener.SAMETIME},
        story="The community multiplexer's port was given where the STProxy's belongs.",
    ),
    # The clock
    LabFault(
        name="clock-skew",
        injects="the server's clock is an hour ahead",
        first=("clock-skew",),
        changes={"clock_offset": 3600},
        shows=Shows.IN_ANSWER,
        story="A virtual machine without time synchronisation. Log-in tokens expire before they arrive.",
    ),
)
