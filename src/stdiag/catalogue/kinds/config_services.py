"""What is found in the settings for other services of Sametime 12: provisioning, directory, database, pushes, login."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_MOBILE_LOGIN = "mobile users, when they log in"
_PUSHES = "all mobile users whose app is in the background"

CONFIG_PROVISIONING_SLASHES = FindingKind(
    code="config-provisioning-slashes",
    severity=Severity.ERROR,
    summary="The provisioning URL in {name} begins with {scheme}: and not with {scheme}://.",
    params=("name", "scheme", "place"),
    evidence="{place}",
    affects="all mobile users who scan the code of the web client",
    spares="clients that have the community already",
    reach=1,
    remedy="provisioning-url",
    page="config-provisioning",
)
"""Params: name (of the setting), scheme, place."""

CONFIG_PROVISIONING_URL = FindingKind(
    code="config-provisioning-url",
    severity=Severity.WARNING,
    summary="The provisioning URL in {name} is not as clients need it.",
    params=("name", "problems", "place"),
    evidence="{place}: {problems}",
    affects="mobile users who scan the code of the web client",
    spares="clients that have the community already",
    reach=2,
    follows=("config-provisioning-slashes",),
    remedy="provisioning-url",
    page="config-provisioning",
)
"""Params: name, problems (list of sentences, as `stdiag provisioning check` says them), place. Severity: the worst."""

CONFIG_LDAP_PORT = FindingKind(
    code="config-ldap-port",
    severity=Severity.WARNING,
    summary="The directory is asked at port 1516, which is the community server's own port: {names}.",
    params=("names", "place"),
    evidence="{place}",
    affects="everybody: without the directory nobody logs in",
    spares="everybody, when the directory really listens there",
    reach=2,
    remedy="config-directory",
    page="config-directory",
)
"""Params: names, place."""

CONFIG_LDAP_PLACEHOLDER = FindingKind(
    code="config-ldap-placeholder",
    severity=Severity.INFO,
    summary="The directory's port 1389 is what the installer writes for secure LDAP, and TLS {tls}: {names}.",
    params=("names", "tls", "place"),
    evidence="{place}",
    affects="nobody, as long as the secure port is used",
    reach=4,
    remedy="config-directory",
    page="config-directory",
)
"""Params: names, tls (a clause: is switched on, off, or not mentioned), place."""

CONFIG_DEFAULT_PASSWORD = FindingKind(
    code="config-default-password",
    severity=Severity.WARNING,
    summary="Passwords are {whose}: {names}.",
    params=("names", "whose", "place"),
    evidence="{place}",
    affects="nobody is stopped; anybody who can reach the service can guess them",
    reach=3,
    remedy="config-password",
    page="config-database",
)
"""Params: names (of the settings; the passwords are recorded nowhere), whose (list), place."""

CONFIG_DATABASE_URL = FindingKind(
    code="config-database-url",
    severity=Severity.ERROR,
    summary="No driver takes the connection string of MongoDB in {names}: {problems}.",
    params=("names", "problems", "place"),
    evidence="{place}",
    affects="everybody: chat, meetings and mobile clients need the database",
    reach=0,
    remedy="config-database",
    page="config-database",
)
"""Params: names, problems (list of clauses), place. Nothing of user or password is recorded."""

CONFIG_DATABASE_TWO_NAMES = FindingKind(
    code="config-database-two-names",
    severity=Severity.INFO,
    summary="Both names for MongoDB's connection string are set, and which one counts is documented nowhere.",
    params=("names", "place"),
    evidence="{place}: {names}",
    affects="nobody, when both say the same",
    reach=4,
    remedy="config-database",
    page="config-database",
)
"""Params: names, place."""

CONFIG_DATABASE_CERTIFICATES = FindingKind(
    code="config-database-certificates",
    severity=Severity.WARNING,
    summary="Any certificate is taken for MongoDB at {hosts}: {names}.",
    params=("names", "hosts", "place"),
    evidence="{place}",
    affects="nobody is stopped; anybody on the way can read the chats",
    spares="a database on the same host as Sametime, for which HCL allows it",
    reach=3,
    remedy="config-database",
    page="config-database",
)
"""Params: names, hosts, place."""

CONFIG_PUSH_PROXY = FindingKind(
    code="config-push-proxy",
    severity=Severity.ERROR,
    summary="The proxy for pushes cannot be used as it is configured: {problems}.",
    params=("problems", "place"),
    evidence="{place}",
    affects=_PUSHES,
    spares="everybody, when the server reaches Apple and Google without the proxy",
    reach=1,
    remedy="push-proxy",
    page="config-push-proxy",
)
"""Params: problems (list of clauses), place."""

CONFIG_BASE64 = FindingKind(
    code="config-base64",
    severity=Severity.WARNING,
    summary="A value that must be base64 is not what it should be, {names}: {problems}.",
    params=("names", "problems", "place"),
    evidence="{place}",
    affects=_PUSHES,
    spares="everybody, when the proxy asks for no password",
    reach=2,
    remedy="config-helm",
    page="config-push-proxy",
)
"""Params: names, problems (list of clauses), place. The value is recorded nowhere."""

CONFIG_HTTPS_PORT = FindingKind(
    code="config-https-port",
    severity=Severity.WARNING,
    summary="HTTPS_PORT is {value}, and HCL supports 443 only.",
    params=("value", "place"),
    evidence="{place}",
    affects="clients that come to 443, and whoever needs HCL's support",
    reach=2,
    remedy="config-environment",
    page="config-generation",
)
"""Params: value, place."""

CONFIG_SECRET_NAME = FindingKind(
    code="config-secret-name",
    severity=Severity.ERROR,
    summary="Kubernetes takes no such name of a secret, {names}: {values}.",
    params=("names", "values", "place"),
    evidence="{place}",
    affects="everybody whom the pods that need the secret serve",
    reach=2,
    remedy="config-helm",
    page="config-compose",
    proof="kubectl get secrets",
)
"""Params: names (of the settings), values, place."""

CONFIG_SAML_PHONES = FindingKind(
    code="config-saml-phones",
    severity=Severity.WARNING,
    summary="IDP_URL is set, and .env has no STCONF_IDPURL, from which phones learn where to log in.",
    params=("place",),
    evidence="{place}",
    affects=_MOBILE_LOGIN,
    spares="the web client",
    reach=2,
    remedy="config-login",
    page="config-login",
    proof="docker compose exec proxy env",
)
"""Params: place."""

CONFIG_SAML_AND_OIDC = FindingKind(
    code="config-saml-and-oidc",
    severity=Severity.WARNING,
    summary="SAML and OIDC are both configured: {saml} and {oidc}.",
    params=("saml", "oidc", "place"),
    evidence="{place}",
    affects=_MOBILE_LOGIN,
    spares="the web client, as has been reported of 12.0.4",
    reach=2,
    remedy="config-login",
    page="config-login",
)
"""Params: saml (the setting), oidc (the setting with its place), place."""

CONFIG_LTPA_PATH = FindingKind(
    code="config-ltpa-path",
    severity=Severity.WARNING,
    summary="LTPA_KEYS_FILE_PATH is not absolute: {path}.",
    params=("path", "place"),
    evidence="{place}",
    affects="users who come from Domino, Verse or Connections without logging in again",
    spares="everybody, as long as docker compose runs in that folder",
    reach=2,
    remedy="config-login",
    page="config-login",
)
"""Params: path, place."""

CONFIG_LTPA_TOKEN = FindingKind(
    code="config-ltpa-token",
    severity=Severity.WARNING,
    summary="LTPA is switched on, and the community server accepts {tokens} only.",
    params=("tokens", "where", "place"),
    evidence="{place}; STI__ST_BB_NAMES__ST_AUTH_TOKEN: {where}",
    affects="users who come from Domino, Verse or Connections without logging in again",
    reach=2,
    remedy="config-login",
    page="config-login",
)
"""Params: tokens (the value), where (file and line), place."""

KINDS = (
    CONFIG_PROVISIONING_SLASHES,
    CONFIG_PROVISIONING_URL,
    CONFIG_LDAP_PORT,
    CONFIG_LDAP_PLACEHOLDER,
    CONFIG_DEFAULT_PASSWORD,
    CONFIG_DATABASE_URL,
    CONFIG_DATABASE_TWO_NAMES,
    CONFIG_DATABASE_CERTIFICATES,
    CONFIG_PUSH_PROXY,
    CONFIG_BASE64,
    CONFIG_HTTPS_PORT,
    CONFIG_SECRET_NAME,
    CONFIG_SAML_PHONES,
    CONFIG_SAML_AND_OIDC,
    CONFIG_LTPA_PATH,
    CONFIG_LTPA_TOKEN,
)
