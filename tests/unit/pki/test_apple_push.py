"""Environments and topics come from Apple's extensions, never from the common name."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from tests.minting import Authority
from tests.push_keys import TOPIC, apple_extension, push_identity

from stdiag.model import PushEnvironment
from stdiag.pki.apple_push import push_certificate
from stdiag.pki.certificate import parse_certificate

ROOT = Authority("Example Push Root")


@pytest.mark.parametrize(
    ("numbers", "environments"),
    [
        ((1, 2), (PushEnvironment.PRODUCTION, PushEnvironment.SANDBOX)),
        ((2,), (PushEnvironment.PRODUCTION,)),
        ((1,), (PushEnvironment.SANDBOX,)),
        ((4,), ()),
    ],
)
def test_environments(numbers: tuple[int, ...], environments: tuple[PushEnvironment, ...]) -> None:
    name = "Apple Development IOS Push Services: com.example"  # a name that says the opposite
    found = push_certificate(parse_certificate(push_identity(ROOT, numbers, name=name).der))
    assert found.is_push
    assert found.environments == environments
    assert found.topics == (TOPIC, f"{TOPIC}.voip")


def test_a_name_alone_makes_no_push_certificate() -> None:
    minted = push_identity(ROOT, (), (), name="Apple Push Services: com.example")
    found = push_certificate(parse_certificate(minted.der))
    assert not found.is_push
    assert found.environments == ()
    assert found.topics == ()


def test_without_the_extension_the_user_id_is_the_topic() -> None:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.USER_ID, TOPIC), x509.NameAttribute(NameOID.COMMON_NAME, "Apple Push")]
    )
    minted = push_identity(ROOT, (2,), (), subject_name=subject)
    assert push_certificate(parse_certificate(minted.der)).topics == (TOPIC,)


@given(st.binary(max_size=60))
def test_any_value_of_the_topics_is_read(value: bytes) -> None:
    minted = push_identity(ROOT, (2,), (), extra=[apple_extension(2), apple_extension(6, value)])
    found = push_certificate(parse_certificate(minted.der))
    assert found.environments == (PushEnvironment.PRODUCTION,)


def test_what_is_no_certificate_says_nothing() -> None:
    assert not push_certificate(parse_certificate(b"garbage")).is_push
