"""Apple's and Google's services: where they are, what proves them, and since when the old ones are gone."""

from __future__ import annotations

import enum

from stdiag.model import PushEnvironment


class PushQuestion(enum.StrEnum):
    """What one check asks."""

    KEY = "key"  # the key file, without a network
    APNS = "apns"  # Apple's push service over HTTP/2
    LEGACY = "legacy"  # Apple's retired binary interface
    GOOGLE = "google"  # a service of Google's that the server contacts
    DEVICE = "device"  # what phones connect to by themselves
    TRUST_STORE = "trust-store"  # a trust store file


APNS_HOSTS = {
    PushEnvironment.PRODUCTION: "api.push.apple.com",
    PushEnvironment.SANDBOX: "api.sandbox.push.apple.com",
}
APNS_PORTS = (443, 2197)

LEGACY_HOSTS = {
    PushEnvironment.PRODUCTION: ("gateway.push.apple.com", "feedback.push.apple.com"),
    PushEnvironment.SANDBOX: ("gateway.sandbox.push.apple.com", "feedback.sandbox.push.apple.com"),
}
GATEWAY_PORT = 2195
FEEDBACK_PORT = 2196
LEGACY_PORTS = (GATEWAY_PORT, FEEDBACK_PORT)
LEGACY_SHUT_DOWN = "31 March 2021"

GOOGLE_USES = {
    "fcm.googleapis.com": "sending messages (FCM HTTP v1)",
    "oauth2.googleapis.com": "the tokens that sending needs",
    "accounts.google.com": "authentication",
    "iid.googleapis.com": "topics and groups of devices",
}
GOOGLE_PORT = 443

DEVICE_USES = {
    "mtalk.google.com": "Android phones' connection to Google",
    "1-courier.push.apple.com": "iPhones' connection to Apple",
}
DEVICE_ENDPOINTS = (
    ("mtalk.google.com", 5228),
    ("mtalk.google.com", 5229),
    ("mtalk.google.com", 5230),
    ("1-courier.push.apple.com", 5223),
)

APPLE_ROOT = "USERTrust RSA Certification Authority"
"""The root of Apple's push service, since 20 January (sandbox) and 24 February 2025 (production)."""
APPLE_ROOT_NAME = f"CN={APPLE_ROOT},O=The USERTRUST Network,L=Jersey City,ST=New Jersey,C=US"
APPLE_ROOT_SPKI = "c784333d20bcd742b9fdc3236f4e509b8937070e73067e254dd3bf9c45bf4dde"
"""SHA-256 of that root's public key: a name can be given to any key."""

IMPOSSIBLE_TOKEN = "0" * 64
"""No device has this token: nothing can be delivered to it."""
REQUEST_BODY = b'{"aps":{}}'
"""No alert, no sound, no badge: a message that says nothing, to nobody."""


def is_apple(host: str) -> bool:
    """True for the hosts of Apple's push services."""
    return host.lower().rstrip(".").endswith(".push.apple.com")
