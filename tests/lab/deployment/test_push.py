"""The lab's push service: healthy when asked for, absent otherwise."""

from __future__ import annotations

import tomllib

import pytest
from tests.lab.oracles.push import curl
from tests.lab.proving import stdiag_all

from stdiag.lab.blueprint import PUSH_HOST, PushManner
from stdiag.lab.deployment import Lab


@pytest.mark.peer("curl")
def test_where_nothing_is_wrong_with_the_pushes_nothing_is_found() -> None:
    with Lab(push=True) as lab:
        assert curl(lab).stdout == '{"reason": "BadDeviceToken"}'
        report = stdiag_all(lab)
        passphrase = lab.folder.joinpath("lab-push-passphrase.txt").read_text(encoding="ascii").strip()
    assert (report.decision, report.exit_code) == ("go", 0)
    assert report.found == set()
    pushes = [check for check in report.document["checks"] if check["probe"] == "push"]
    assert [check["outcome"] for check in pushes] == ["pass"] * 3
    assert passphrase not in str(report.document)


def test_a_lab_that_is_not_asked_for_them_has_none() -> None:
    with Lab() as lab:
        assert all(end.host != PUSH_HOST for end in lab.endpoints)
        assert "push" not in tomllib.loads(lab.site_file.read_text(encoding="utf-8"))
        assert not list(lab.folder.glob("lab-push-*"))


def test_a_fault_of_pushes_brings_them_along() -> None:
    lab = Lab(["inspecting-firewall"], push=True)
    assert lab.blueprint.push is PushManner.INSPECTED
