"""Kinds about what WebSphere's logs say besides handshakes: keystores, single sign-on, downloads of Connections."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.log_shared import COMMON, SEEN
from stdiag.model import Severity

LOG_KEYSTORE = FindingKind(
    code="log-keystore",
    severity=Severity.ERROR,
    summary="The log says that a keystore could not be opened, for its password or in a form unknown to this Java.",
    params=COMMON,
    evidence=SEEN,
    affects="whoever needs this keystore: all TLS of the server, or its calls to LDAP, MongoDB and others",
    spares="servers that were started before the keystore was changed",
    reach=2,
    remedy="keystore-file",
    page="log-keystore",
)

LOG_LTPA_UNDEFINED = FindingKind(
    code="log-ltpa-undefined",
    severity=Severity.ERROR,
    summary='The log says that a browser sent the word "undefined" in place of its LtpaToken.',
    params=COMMON,
    evidence=SEEN,
    affects="audio and video in browsers and on phones, where a script hands the token on",
    spares="the thick client, which keeps the token itself; chat",
    reach=2,
    remedy="sso-token",
    page="log-sso",
)

LOG_LTPA_REFUSED = FindingKind(
    code="log-ltpa-refused",
    severity=Severity.WARNING,
    summary="The log says that WebSphere refused a login or a token of single sign-on.",
    params=COMMON,
    evidence=SEEN,
    affects="the user whose login it was; everybody when the directory or the keys are meant",
    reach=2,
    follows=("log-ldap-unreachable", "log-ldap-login"),
    remedy="sso-token",
    page="log-sso",
)

LOG_LTPA_EXPIRED = FindingKind(
    code="log-ltpa-expired",
    severity=Severity.INFO,
    summary="The log says that tokens of single sign-on had expired when they came.",
    params=COMMON,
    evidence=SEEN,
    affects="users who stay logged in for longer than a token lasts: they log in again",
    reach=4,
    remedy="sso-token",
    page="log-sso",
)

LOG_SERVER_HUNG = FindingKind(
    code="log-server-hung",
    severity=Severity.WARNING,
    summary="The log says that threads of WebSphere wait for so long that they may be hung.",
    params=COMMON,
    evidence=SEEN,
    affects="users whose requests wait with them; everybody, once no thread is free",
    reach=2,
    follows=("log-database", "log-database-standby", "log-ldap-unreachable"),
    remedy="stproxy-backend",
    page="log-server",
)

LOG_CCM_CACHE = FindingKind(
    code="log-ccm-cache",
    severity=Severity.ERROR,
    summary="The log says that the download cache of Connections Content Manager is on and not set up rightly.",
    params=COMMON,
    evidence=SEEN,
    affects="whoever downloads a file of more than 1 MB from a library",
    spares="smaller files, and the same file from the tab of its versions",
    reach=2,
    remedy="ccm-downloads",
    page="log-ccm",
)

LOG_CCM_PATH = FindingKind(
    code="log-ccm-path",
    severity=Severity.WARNING,
    summary="The log says that the path of the download cache of Connections is written with quotes or backslashes.",
    params=COMMON,
    evidence=SEEN,
    affects="whoever downloads a file of more than 1 MB from a library, where the path is not understood",
    spares="smaller files",
    reach=2,
    remedy="ccm-downloads",
    page="log-ccm",
)

LOG_CCM_START = FindingKind(
    code="log-ccm-start",
    severity=Severity.INFO,
    summary=(
        "The log shows a start of a server for Connections Content Manager without the lines that say that its "
        "download cache is on."
    ),
    params=COMMON,
    evidence=SEEN,
    affects="nobody where downloads through IHS were never set up; else files of more than 1 MB may fail",
    reach=4,
    remedy="ccm-downloads",
    page="log-ccm",
)

KINDS = (
    LOG_KEYSTORE,
    LOG_LTPA_UNDEFINED,
    LOG_LTPA_REFUSED,
    LOG_LTPA_EXPIRED,
    LOG_SERVER_HUNG,
    LOG_CCM_CACHE,
    LOG_CCM_PATH,
    LOG_CCM_START,
)
