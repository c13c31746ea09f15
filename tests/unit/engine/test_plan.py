"""Which checks a run makes, and whom they would contact."""

from __future__ import annotations

import pytest
from tests.unit.engine.fakes import HOST, endpoint, fake_probe

from stdiag.engine.plan import UnknownProbeError, contacts, plan, select
from stdiag.model import NotChecked, Site
from stdiag.probes.contract import Contact

TLS = fake_probe("tls", subjects=[endpoint(), endpoint(port=8443)])
PUSH = fake_probe("push", not_applicable=[NotChecked(what="push", reason="the site has no [push]")])
TABLE = (TLS, PUSH)


def test_everything_that_applies_is_planned_and_the_rest_is_named() -> None:
    made = plan(Site(), TABLE)
    assert [str(check.subject) for check in made.checks] == [f"{HOST}:443", f"{HOST}:8443"]
    assert [entry.what for entry in made.not_applicable] == ["push"]
    assert made.not_selected == ()


def test_only_and_skip_leave_the_table_order() -> None:
    assert select(TABLE, only=["push", "tls"]) == [TLS, PUSH]
    assert select(TABLE, skip=["tls"]) == [PUSH]
    assert select(TABLE, only=["tls"], skip=["tls"]) == []


def test_what_was_left_out_is_told() -> None:
    made = plan(Site(), TABLE, skip=["tls"])
    assert made.checks == ()
    assert [(entry.what, "--skip" in entry.reason) for entry in made.not_selected] == [("tls", True)]


@pytest.mark.parametrize(("typed", "hint"), [("tsl", "'tls'"), ("pushh", "'push'"), ("zzz", "there are: tls, push")])
def test_an_unknown_name_costs_a_sentence_with_the_nearest(typed: str, hint: str) -> None:
    for arguments in ({"only": [typed]}, {"skip": [typed]}):
        with pytest.raises(UnknownProbeError) as caught:
            plan(Site(), TABLE, **arguments)
        assert typed in str(caught.value)
        assert hint in str(caught.value)


def test_contacts_come_without_repeats_in_order() -> None:
    dns = Contact(source="here", destination="DNS", port="53", protocol="UDP", reason="names")
    host = Contact(source="here", destination=HOST, port="443", protocol="TCP", reason="TLS")
    probe = fake_probe(subjects=[endpoint(), endpoint(port=8443)], contacts=[host, dns])
    assert contacts(plan(Site(), [probe]), Site(), [probe]) == [host, dns]
