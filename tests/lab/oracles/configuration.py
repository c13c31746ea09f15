"""How a shell and Python's own parsers see what is wrong in the lab's configuration files."""

from __future__ import annotations

import subprocess
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.lab.oracles.programs import Oracle, Oracles

from stdiag.lab.deployment import Lab

SHIPPED = "sametime"
"""MongoDB's password as HCL's installation guide proposes it."""


def config_file(lab: Lab, name: str) -> Path:
    """One of the files that the site file names."""
    paths = tomllib.loads(lab.site_file.read_text(encoding="utf-8"))["config"]["paths"]
    return next(Path(path) for path in paths if Path(path).name == name)


def variables(lab: Lab, name: str) -> dict[str, str]:
    """NAME=VALUE of an environment file."""
    lines = config_file(lab, name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def backslashes(lab: Lab, _oracles: Oracles) -> None:
    """A shell takes such a line for a command, and sets no variable."""
    script = f'. "{config_file(lab, "custom.env")}"; echo "[$STCONF_PUSH_PROXY_SERVER]"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=10, check=False)
    assert "not found" in done.stderr
    assert done.stdout == "[]\n"


def single_underscores(lab: Lab, _oracles: Oracles) -> None:
    names = variables(lab, "custom.env")
    assert [name.split("__") for name in names if name.startswith("STI")] == [["STI_Config_ST_TLS_SECURITY_LEVEL"]]


def broken_url(lab: Lab, _oracles: Oracles) -> None:
    assert variables(lab, ".env")["MOBILE_CONFIGURL"].startswith("hclsametime:%s@")


def default_password(lab: Lab, _oracles: Oracles) -> None:
    credentials = variables(lab, "custom.env")["MONGO_URL"].split("//")[1].split("@")[0]
    assert credentials.split(":")[1] == SHIPPED


def other_port(lab: Lab, _oracles: Oracles) -> None:
    preferences = variables(lab, "plugin_customization.ini")
    port = preferences["com.ibm.collaboration.realtime.community/port"]
    assert port != variables(lab, "mux.env")["STI__Debug__VPMX_PORT"]
    assert f'"{port}:' not in config_file(lab, "docker-compose.yml").read_text(encoding="utf-8")


def apple_port(lab: Lab, _oracles: Oracles) -> None:
    document = ET.parse(config_file(lab, "stproxyconfig.xml"))  # noqa: S314 - the lab's own
    assert document.findtext("appleNotificationPort") == "2196"


ORACLES: dict[str, Oracle] = {
    "env-backslashes": backslashes,
    "env-single-underscores": single_underscores,
    "configured-url-broken": broken_url,
    "default-password": default_password,
    "clients-other-port": other_port,
    "apple-port-2196": apple_port,
}
