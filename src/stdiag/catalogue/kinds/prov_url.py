"""Kinds about a provisioning URL by itself: what can be read without a network."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_ALL_WHO_GET_IT = "all mobile users who get this link or QR code"
_SOME_CLIENTS = "mobile users whose client reads it in another way than was meant"

PROV_HOST_INVALID = FindingKind(
    code="prov-host-invalid",
    severity=Severity.ERROR,
    summary="The URL names no usable host: {problem}.",
    params=("problem",),
    affects=_ALL_WHO_GET_IT,
    reach=1,
    remedy="provisioning-url",
    page="prov-url",
)
"""Params: problem (a clause)."""

PROV_PORT_INVALID = FindingKind(
    code="prov-port-invalid",
    severity=Severity.ERROR,
    summary='The port "{found}" is not a number from 1 to 65535.',
    params=("found",),
    affects=_ALL_WHO_GET_IT,
    reach=1,
    remedy="provisioning-url",
    page="prov-port",
)
"""Params: found."""

PROV_PORT_MISSING = FindingKind(
    code="prov-port-missing",
    severity=Severity.WARNING,
    summary="The URL names no port, and no default is documented for sametime://.",
    affects="mobile users whose client guesses another port than the Sametime Proxy's",
    reach=2,
    remedy="provisioning-url",
    page="prov-port",
)
"""No params."""

PROV_PORT_USUALLY_PLAIN = FindingKind(
    code="prov-port-usually-plain",
    severity=Severity.INFO,
    summary="Port {port} is plain HTTP in many deployments, but hclsametime:// is always encrypted.",
    params=("port",),
    affects="nobody, when the port does speak TLS",
    reach=4,
    remedy="provisioning-url",
    page="prov-port",
)
"""Params: port."""

PROV_SSL_CONTRADICTION = FindingKind(
    code="prov-ssl-contradiction",
    severity=Severity.WARNING,
    summary="The URL says {says}, but port {port} usually speaks {usual}.",
    params=("says", "port", "usual"),
    affects="all mobile users, when the port does what it usually does",
    reach=2,
    remedy="provisioning-url",
    page="prov-port",
)
"""Params: says (`ssl=false`, or `TLS (the default)`), port, usual (`TLS` or `plain HTTP`)."""

PROV_ACTION_MISSING = FindingKind(
    code="prov-action-missing",
    severity=Severity.ERROR,
    summary="The URL does not say action=AddCommunity, which makes it a provisioning URL.",
    params=("found",),
    evidence="[in its place stands {found}]",
    affects=_ALL_WHO_GET_IT,
    reach=1,
    follows=("prov-oidc-redirect",),
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: found (what stands there instead, or None)."""

PROV_PARAMETER_UNKNOWN = FindingKind(
    code="prov-parameter-unknown",
    severity=Severity.WARNING,
    summary='No client knows the parameter "{name}".',
    params=("name",),
    affects=_SOME_CLIENTS,
    spares="everybody, when the parameter was meant for something else",
    reach=2,
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: name."""

PROV_PARAMETER_MISSPELT = FindingKind(
    code="prov-parameter-misspelt",
    severity=Severity.WARNING,
    summary='The parameter "{name}" is probably meant to be {meant}.',
    params=("name", "meant"),
    affects="all mobile users: the client's default holds in its place",
    reach=2,
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: name, meant (the right name; it may differ in capitals only)."""

PROV_PARAMETER_DUPLICATE = FindingKind(
    code="prov-parameter-duplicate",
    severity=Severity.WARNING,
    summary="The parameter {name} stands in the URL {count} times, and which one counts is documented nowhere.",
    params=("name", "count", "values"),
    evidence="{values}",
    affects=_SOME_CLIENTS,
    reach=2,
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: name, count, values (list)."""

PROV_PARAMETER_OTHER_GENERATION = FindingKind(
    code="prov-parameter-other-generation",
    severity=Severity.WARNING,
    summary="The parameter {name} belongs to {other} and means nothing to {scheme}://.",
    params=("name", "scheme", "other", "instead"),
    evidence="what holds instead: {instead}",
    affects="all mobile users: the client's own behaviour holds in its place",
    reach=2,
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: name, scheme, other (`sametime:// (8.5 to 10)`), instead (a clause: what holds without it)."""

PROV_VALUE_INVALID = FindingKind(
    code="prov-value-invalid",
    severity=Severity.WARNING,
    summary='The value "{value}" of {name} is none of those that are documented: {expected}.',
    params=("name", "value", "expected"),
    affects=_SOME_CLIENTS,
    reach=2,
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: name, value, expected (a clause: `true or false`)."""

PROV_SEPARATOR = FindingKind(
    code="prov-separator",
    severity=Severity.ERROR,
    summary="The parameters are joined by {found} and not by &.",
    params=("found", "where"),
    evidence="{where}",
    affects=_ALL_WHO_GET_IT,
    reach=1,
    remedy="provisioning-url",
    page="prov-url",
)
"""Params: found (`%26`, `&amp;`, `;`, `?`), where (a clause: where it would be right, or what it does)."""

PROV_URL_FORM = FindingKind(
    code="prov-url-form",
    severity=Severity.WARNING,
    summary="The URL is not written as documented: {problem}.",
    params=("problem", "right"),
    evidence="[as documented: {right}]",
    affects=_SOME_CLIENTS,
    reach=2,
    remedy="provisioning-url",
    page="prov-url",
)
"""Params: problem (a clause), right (how it would be written, or None)."""

PROV_ENCODING = FindingKind(
    code="prov-encoding",
    severity=Severity.WARNING,
    summary="{where} is not encoded as URLs need it: {problem}.",
    params=("where", "problem", "right"),
    evidence="[write {right}]",
    affects=_SOME_CLIENTS,
    reach=2,
    remedy="provisioning-url",
    page="prov-url",
)
"""Params: where (`The value of communityName`, `The host`), problem (a clause), right (the right text, or None)."""

PROV_USER_ENCODING = FindingKind(
    code="prov-user-encoding",
    severity=Severity.ERROR,
    summary="The user name holds {characters}, which must be encoded.",
    params=("characters", "right"),
    evidence="[write {right}]",
    affects=_ALL_WHO_GET_IT,
    reach=1,
    remedy="provisioning-url",
    page="prov-url",
)
"""Params: characters (list), right (the user name as it must be written, or None where a password may be in it)."""

PROV_PASSWORD_IN_URL = FindingKind(
    code="prov-password-in-url",
    severity=Severity.WARNING,
    summary="A password stands in the URL, where everybody can read it who sees the link or the QR code.",
    affects="the user whose password it is",
    spares="logging in works",
    reach=3,
    remedy="provisioning-url",
    page="prov-credentials",
)
"""No params: the password is recorded nowhere."""

PROV_PLACEHOLDER = FindingKind(
    code="prov-placeholder",
    severity=Severity.ERROR,
    summary="{where} holds %s, and only the server's own configuration puts the user's name for that.",
    params=("where",),
    affects=_ALL_WHO_GET_IT,
    spares="users who scan the QR code that the web client shows, when the URL stands in the server's configuration",
    reach=1,
    remedy="provisioning-url",
    page="prov-url",
)
"""Params: where (`The user name`, `The value of communityName`)."""

PROV_AUTH_PROXY_CONTRADICTION = FindingKind(
    code="prov-auth-proxy-contradiction",
    severity=Severity.WARNING,
    summary="The URL says authProxyEnabled=false and yet gives {others} for the reverse proxy.",
    params=("others",),
    affects="mobile users behind a reverse proxy that asks for credentials",
    reach=2,
    remedy="provisioning-url",
    page="prov-credentials",
)
"""Params: others (list of parameter names)."""

PROV_AUTH_PROXY_TWO_USERS = FindingKind(
    code="prov-auth-proxy-two-users",
    severity=Severity.WARNING,
    summary="The URL reuses the Sametime user for the reverse proxy and names the user {user} for it too.",
    params=("user",),
    affects="mobile users behind a reverse proxy that asks for credentials",
    reach=2,
    remedy="provisioning-url",
    page="prov-credentials",
)
"""Params: user (authProxyUser)."""

PROV_UNTRUSTED_SSL = FindingKind(
    code="prov-untrusted-ssl",
    severity=Severity.WARNING,
    summary="The URL allows untrusted certificates, so that anybody on the way can pose as the server.",
    params=("policy",),
    evidence="the policy {policy} forbids it all the same, unless an administrator has switched it off",
    affects="mobile users: with the policy they cannot log in, without it they are not protected",
    spares="everybody, when the server's certificate is trusted",
    reach=3,
    remedy="provisioning-url",
    page="prov-credentials",
)
"""Params: policy (its name on the server)."""

PROV_COMMUNITY_NAME_LONG = FindingKind(
    code="prov-community-name-long",
    severity=Severity.INFO,
    summary="The community name has {length} characters, more than a phone shows in one line.",
    params=("length",),
    affects="nobody is stopped; the name is cut off on the screen",
    reach=4,
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: length."""

PROV_OIDC_REDIRECT = FindingKind(
    code="prov-oidc-redirect",
    severity=Severity.ERROR,
    summary="This is the address to which an OIDC login returns (sametime://oauth2redirect), not a provisioning URL.",
    affects=_ALL_WHO_GET_IT,
    reach=1,
    remedy="provisioning-url",
    page="prov-url",
)
"""No params."""

KINDS = (
    PROV_HOST_INVALID,
    PROV_PORT_INVALID,
    PROV_PORT_MISSING,
    PROV_PORT_USUALLY_PLAIN,
    PROV_SSL_CONTRADICTION,
    PROV_ACTION_MISSING,
    PROV_PARAMETER_UNKNOWN,
    PROV_PARAMETER_MISSPELT,
    PROV_PARAMETER_DUPLICATE,
    PROV_PARAMETER_OTHER_GENERATION,
    PROV_VALUE_INVALID,
    PROV_SEPARATOR,
    PROV_URL_FORM,
    PROV_ENCODING,
    PROV_USER_ENCODING,
    PROV_PASSWORD_IN_URL,
    PROV_PLACEHOLDER,
    PROV_AUTH_PROXY_CONTRADICTION,
    PROV_AUTH_PROXY_TWO_USERS,
    PROV_UNTRUSTED_SSL,
    PROV_COMMUNITY_NAME_LONG,
    PROV_OIDC_REDIRECT,
)
