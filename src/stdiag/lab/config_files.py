"""The configuration files that an administrator of the lab's deployment would have, for its release."""

from __future__ import annotations

from pathlib import Path

from stdiag.lab.blueprint import COMMUNITY_HOST, COMMUNITY_PORTS, HOST, Blueprint, ConfigSlip
from stdiag.lab.error import LabError

FOLDER = "config"
"""Where they are, below the lab's folder."""

MARK = "Written by `stdiag lab`"
"""Stands in the first lines of each: by this the lab knows a file that it may replace."""

_MARKED_BEFORE = 200
"""Characters within which the mark stands."""

_MUX_PORT = COMMUNITY_PORTS[0]
_OTHER_PORT = 1534


def write_config_files(folder: Path, blueprint: Blueprint) -> list[Path]:
    """Writes them below `folder`, the lab's own, and returns them. Raises LabError when a file of somebody else's is in
    the way, or when one cannot be written."""
    contents = {**_of_server(blueprint), **_of_clients(blueprint)}
    target = folder / FOLDER
    written = []
    for name, content in contents.items():
        file = target / name
        try:
            target.mkdir(exist_ok=True)
            if file.exists() and MARK not in file.read_text(encoding="utf-8", errors="replace")[:_MARKED_BEFORE]:
                raise LabError(f"{file} exists and is not the lab's: choose another folder.")
            file.write_text(content, encoding="utf-8", newline="\n")
        except OSError as problem:
            raise LabError(f"{file} cannot be written: {problem.strerror or problem}.") from problem
        written.append(file)
    return written


def _of_server(blueprint: Blueprint) -> dict[str, str]:
    """Name of a file → its content, as the release has them."""
    if blueprint.product.startswith("12-"):
        return {
            ".env": _env(blueprint),
            "custom.env": _custom_env(blueprint),
            "mux.env": _mux_env(),
            "docker-compose.yml": _compose(),
        }
    return {"stproxyconfig.xml": _stproxyconfig(blueprint), "sametime.ini": _sametime_ini()}


def _env(blueprint: Blueprint) -> str:
    slashes = "" if ConfigSlip.URL_WITHOUT_SLASHES in blueprint.config_slips else "//"
    return "\n".join(
        [
            f"# {MARK}: what docker compose puts in for ${{NAME}}.",
            "HTTPS_PORT=443",
            f"MOBILE_CONFIGURL=hclsametime:{slashes}%s@{HOST}/?action=AddCommunity&communityName=Lab",
            "",
        ]
    )


def _custom_env(blueprint: Blueprint) -> str:
    slips = blueprint.config_slips
    # Nobody listens for MongoDB in the lab: the password is one that opens nothing.
    password = "sametime" if ConfigSlip.DEFAULT_DATABASE_PASSWORD in slips else "not-the-default"
    lines = [
        f"# {MARK}: what the containers are told.",
        f"REACT_APP_CHAT_SERVER_HOSTNAME={HOST}",
        f"MONGO_URL=mongodb://sametimeUser:{password}@mongo:27017/?authSource=admin",
    ]
    if ConfigSlip.BACKSLASHES in slips:
        lines += [
            f"STCONF\\_PUSH\\_PROXY\\_SERVER=push-proxy.{HOST.partition('.')[2]}",
            "STCONF\\_PUSH\\_PROXY\\_PORT=3128",
        ]
    if ConfigSlip.SINGLE_UNDERSCORES in slips:
        lines += ["STI_Config_ST_TLS_SECURITY_LEVEL=2"]
    return "\n".join([*lines, ""])


def _mux_env() -> str:
    return "\n".join(
        [
            f"# {MARK}: what the community multiplexer is told.",
            "STI__Debug__VPMX_DISABLE_CONFIGURATION_UPDATE=1",
            f"STI__Debug__VPMX_PORT={_MUX_PORT}",
            "",
        ]
    )


def _compose() -> str:
    return f"""\
# {MARK}: a small part of what Sametime 12 brings along.
services:
  web:
    ports:
      - "443:443"
  proxy:
    env_file:
      - custom.env
    environment:
      - MOBILE_CONFIGURL=${{MOBILE_CONFIGURL}}
  community:
    env_file:
      - custom.env
  mux:
    env_file:
      - mux.env
    ports:
      - "{_MUX_PORT}:{_MUX_PORT}"
  mongo:
    image: mongo
"""


def _stproxyconfig(blueprint: Blueprint) -> str:
    slip = ConfigSlip.APPLE_PORT in blueprint.config_slips
    port = "\n  <appleNotificationPort>2196</appleNotificationPort>" if slip else ""
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- {MARK}: a small part of what Sametime Proxy has. -->
<configuration>
  <photoCache>
    <enabled>true</enabled>
    <cacheExpiry>60</cacheExpiry>
    <storageLocation>/opt/IBM/phototemp</storageLocation>
    <proxyServerURL>https://{HOST}</proxyServerURL>
  </photoCache>
  <tokenDomain>.{HOST.partition(".")[2]}</tokenDomain>{port}
</configuration>
"""


def _sametime_ini() -> str:
    return "\n".join(
        [
            f"; {MARK}: a small part of what the Community Server has.",
            "[Connectivity]",
            "VPS_PORT=1516",
            "[Debug]",
            f"VPMX_PORT={_MUX_PORT}",
            "",
        ]
    )


def _of_clients(blueprint: Blueprint) -> dict[str, str]:
    port = _OTHER_PORT if ConfigSlip.OTHER_COMMUNITY_PORT in blueprint.config_slips else _MUX_PORT
    node = "com.ibm.collaboration.realtime.community"
    preferences = [
        f"# {MARK}: what a new desktop client starts with.",
        f"{node}/host={COMMUNITY_HOST}",
        f"{node}/port={port}",
        f"{node}/connectionType=direct",
        "",
    ]
    communities = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- {MARK}: what desktop clients are told when they log in. -->
<managed-communities>
  <managed-community id="{COMMUNITY_HOST}" host="{COMMUNITY_HOST}"/>
  <managed-community-action type="update" managed-community-id="{COMMUNITY_HOST}"/>
</managed-communities>
"""
    return {"plugin_customization.ini": "\n".join(preferences), "managed-community-configs.xml": communities}
