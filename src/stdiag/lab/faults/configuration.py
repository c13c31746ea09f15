"""Faults of the configuration files alone: what is on the network is as it should be, until somebody restarts."""

from __future__ import annotations

from stdiag.lab.blueprint import HOST, ConfigSlip
from stdiag.lab.faults.fault import LabFault, Shows

CONFIGURATION_FAULTS: tuple[LabFault, ...] = (
    LabFault(
        name="env-backslashes",
        injects="two names in custom.env are written with backslashes",
        first=("config-name-escaped",),
        changes={"config_slips": (ConfigSlip.BACKSLASHES,)},
        shows=Shows.IN_CONFIG,
        story="Copied from a page that shows STCONF\\_PUSH\\_PROXY\\_SERVER. There is no such variable: pushes leave "
        "as if there were no proxy.",
    ),
    LabFault(
        name="env-single-underscores",
        injects="a setting for sametime.ini is written with single underscores",
        first=("config-sti-underscores",),
        changes={"config_slips": (ConfigSlip.SINGLE_UNDERSCORES,)},
        shows=Shows.IN_CONFIG,
        story="One page of the documentation writes it so. Nothing complains: the container passes over it.",
    ),
    LabFault(
        name="configured-url-broken",
        injects="MOBILE_CONFIGURL lacks its //",
        first=("config-provisioning-slashes",),
        changes={"config_slips": (ConfigSlip.URL_WITHOUT_SLASHES,)},
        shows=Shows.IN_CONFIG,
        story="An example in the documentation lacks them too. Users scan the QR code, and the app does not open.",
    ),
    LabFault(
        name="default-password",
        injects="the password of the database is the one that the installer proposes",
        first=("config-default-password",),
        changes={"config_slips": (ConfigSlip.DEFAULT_DATABASE_PASSWORD,)},
        shows=Shows.IN_CONFIG,
        story="It was for the test system, which became the production system.",
    ),
    LabFault(
        name="clients-other-port",
        injects="desktop clients are told port 1534, where the server does not listen",
        first=("config-client-port",),
        changes={"config_slips": (ConfigSlip.OTHER_COMMUNITY_PORT,)},
        shows=Shows.IN_CONFIG,
        story="A second multiplexer was planned on it. Clients that are installed anew cannot connect; all others know "
        "the right port.",
    ),
    LabFault(
        name="apple-port-2196",
        injects="stproxyconfig.xml names port 2196 of Apple's retired interface",
        first=("config-apple-port-retired",),
        changes={
            "product": "10",
            "provisioning_url": f"sametime://{HOST}:443/?action=AddCommunity",
            "config_slips": (ConfigSlip.APPLE_PORT,),
        },
        shows=Shows.IN_CONFIG,
        story="Saved in the System Console, as APAR LO69429 tells. It was wrong then, and since 2021 no port of that "
        "interface answers.",
    ),
)
