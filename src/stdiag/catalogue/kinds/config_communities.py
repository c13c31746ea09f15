"""What is found in managed-community-configs.xml."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_WHO_GET_IT = "desktop users whose policy hands out this file"

CONFIG_MANAGED_CONNECTION_TYPE = FindingKind(
    code="config-managed-connection-type",
    severity=Severity.ERROR,
    summary='No client knows the connectionType "{value}"[: probably {near} is meant].',
    params=("place", "value", "near"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="config-managed-communities",
    page="config-managed-connection",
)
"""Params: place, value, near (or None)."""

CONFIG_CONNECTION_UNDOCUMENTED = FindingKind(
    code="config-connection-undocumented",
    severity=Severity.WARNING,
    summary="The connectionType {value} is documented for the client's own settings only, and does not encrypt.",
    params=("place", "value"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="config-managed-communities",
    page="config-managed-connection",
)
"""Params: place, value."""

CONFIG_CONNECTION_CONTEXT = FindingKind(
    code="config-connection-context",
    severity=Severity.INFO,
    summary='The connectionType is {value}, and useGlobalConnContext is not "true", as HCL\'s table asks for then.',
    params=("place", "value"),
    evidence='{place}; HCL\'s example has useGlobalConnSettings="false" in its place: try it with one client',
    affects="nobody, when clients take the new way",
    reach=4,
    remedy="config-managed-communities",
    page="config-managed-connection",
)
"""Params: place, value."""

CONFIG_AFFINITY_ID = FindingKind(
    code="config-affinity-id",
    severity=Severity.ERROR,
    summary="The reverse proxy's address {value} is not complete: {problem}.",
    params=("place", "value", "problem"),
    evidence="{place}: it must read http://HOST:PORT/AFFINITY-ID, or https://",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="config-managed-communities",
    page="config-managed-connection",
)
"""Params: place, value, problem (a clause)."""

CONFIG_PROXY_HOST = FindingKind(
    code="config-proxy-host",
    severity=Severity.WARNING,
    summary="The connectionType is {value}, and proxyHost, which says where the proxy is, is missing.",
    params=("place", "value"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="config-managed-communities",
    page="config-managed-connection",
)
"""Params: place, value."""

CONFIG_COMMUNITY_INCOMPLETE = FindingKind(
    code="config-community-incomplete",
    severity=Severity.ERROR,
    summary="An element <{element}> lacks the attribute {attribute}, which is required.",
    params=("place", "element", "attribute"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="config-managed-communities",
    page="config-managed-communities",
)
"""Params: place, element, attribute."""

CONFIG_COMMUNITY_ID = FindingKind(
    code="config-community-id",
    severity=Severity.WARNING,
    summary="A community's id is {value} and its host {expected}: both should be the same.",
    params=("place", "value", "expected"),
    evidence="{place}",
    affects="nobody yet, when its actions name it by this id",
    reach=3,
    remedy="config-managed-communities",
    page="config-managed-communities",
)
"""Params: place, value, expected."""

CONFIG_ACTION_TARGET = FindingKind(
    code="config-action-target",
    severity=Severity.ERROR,
    summary="An action is for the community {value}, which the file does not define[: probably {near} is meant].",
    params=("place", "value", "near"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="config-managed-communities",
    page="config-managed-communities",
)
"""Params: place, value, near (or None)."""

CONFIG_COMMUNITY_UNUSED = FindingKind(
    code="config-community-unused",
    severity=Severity.WARNING,
    summary="No action is for the community {value}, so that nothing is done with it.",
    params=("place", "value"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    follows=("config-action-target",),
    remedy="config-managed-communities",
    page="config-managed-communities",
)
"""Params: place, value."""

CONFIG_NEW_HOST_UNUSED = FindingKind(
    code="config-new-host-unused",
    severity=Severity.WARNING,
    summary="The newHost of {value} has no effect: it is for actions of type update only.",
    params=("place", "value"),
    evidence="{place}",
    affects="desktop users who are to move to the new host",
    reach=2,
    follows=("config-community-unused",),
    remedy="config-managed-communities",
    page="config-managed-communities",
)
"""Params: place, value."""

CONFIG_RESET_ALONE = FindingKind(
    code="config-reset-alone",
    severity=Severity.WARNING,
    summary="A reset stands beside other actions: clients carry out the reset and nothing else.",
    params=("place", "others"),
    evidence="{place}; other actions: {others}",
    affects="desktop users who need what the other actions do",
    reach=2,
    remedy="config-managed-communities",
    page="config-managed-communities",
)
"""Params: place, others (a number)."""

KINDS = (
    CONFIG_MANAGED_CONNECTION_TYPE,
    CONFIG_CONNECTION_UNDOCUMENTED,
    CONFIG_CONNECTION_CONTEXT,
    CONFIG_AFFINITY_ID,
    CONFIG_PROXY_HOST,
    CONFIG_COMMUNITY_INCOMPLETE,
    CONFIG_COMMUNITY_ID,
    CONFIG_ACTION_TARGET,
    CONFIG_COMMUNITY_UNUSED,
    CONFIG_NEW_HOST_UNUSED,
    CONFIG_RESET_ALONE,
)
