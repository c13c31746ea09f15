"""Every fault of the lab with the program that sees it."""

from __future__ import annotations

from tests.lab.oracles import (
    certificates,
    community,
    configuration,
    connection,
    health,
    names,
    photo,
    provisioning,
    push,
)
from tests.lab.oracles.programs import Oracle

ORACLES: dict[str, Oracle] = {
    **certificates.ORACLES,
    **connection.ORACLES,
    **provisioning.ORACLES,
    **health.ORACLES,
    **community.ORACLES,
    **names.ORACLES,
    **push.ORACLES,
    **configuration.ORACLES,
    **photo.ORACLES,
}
