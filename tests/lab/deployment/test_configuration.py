"""The lab's configuration files: right where nothing is wrong, and enough to find the deployment by."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from tests.unit.cli.invoke import stdiag

from stdiag.lab.blueprint import COMMUNITY_HOST, HOST, Blueprint, ConfigSlip
from stdiag.lab.config_files import write_config_files
from stdiag.lab.deployment import Lab
from stdiag.lab.error import LabError


@pytest.mark.parametrize("product", ["9", "10", "11", "12-docker"])
def test_the_files_of_every_release_are_right(tmp_path: Path, product: str) -> None:
    files = write_config_files(tmp_path, Blueprint(product=product))
    result = stdiag("config", *files, "--product", product, "-f", "json")
    assert json.loads(result.stdout)["verdict"]["causes"] == []
    assert result.exit_code == 0


def test_slips_stand_where_they_should(tmp_path: Path) -> None:
    write_config_files(tmp_path, Blueprint(config_slips=tuple(ConfigSlip)))
    result = stdiag("config", tmp_path, "-f", "json")
    causes = json.loads(result.stdout)["verdict"]["causes"]
    assert {(cause["code"], Path(cause["subject"]["file"]).name) for cause in causes} == {
        ("config-name-escaped", "custom.env"),
        ("config-sti-underscores", "custom.env"),
        ("config-default-password", "custom.env"),
        ("config-provisioning-slashes", ".env"),
        ("config-client-port", "plugin_customization.ini"),
    }


def test_files_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    write_config_files(tmp_path, Blueprint())
    write_config_files(tmp_path, Blueprint())
    file = tmp_path / "config" / "custom.env"
    file.write_text("MINE=1\n", encoding="utf-8")
    with pytest.raises(LabError, match="choose another folder"):
        write_config_files(tmp_path, Blueprint())
    assert file.read_text(encoding="utf-8") == "MINE=1\n"


def test_from_its_files_alone_the_lab_is_a_go() -> None:
    with Lab() as lab:
        resolve = tomllib.loads(lab.site_file.read_text(encoding="utf-8"))["resolve"]
        arguments = [f"--resolve={place}={where}" for place, where in resolve.items()]
        arguments += ["--ca-file", str(lab.root_file), "--from", "inside", "-f", "json"]
        result = stdiag("all", "--from-config", lab.folder / "config", *arguments)
    report = json.loads(result.stdout)
    assert [cause["code"] for cause in report["verdict"]["causes"]] == []
    assert (result.exit_code, report["verdict"]["decision"]) == (0, "go")
    made = {(check["probe"], check["subject"].get("host", "")) for check in report["checks"]}
    assert {("tls", HOST), ("provisioning", HOST), ("paths", COMMUNITY_HOST), ("config", "")} <= made
