"""What a provisioning URL is, once read: a value without its password."""

from __future__ import annotations

import enum

import msgspec

from stdiag.model import Param, Severity


class Scheme(enum.StrEnum):
    """The two schemes; each stands for a generation of the mobile clients."""

    SAMETIME = "sametime"
    HCLSAMETIME = "hclsametime"


class Generation(enum.StrEnum):
    """Product versions that share one set of parameters and defaults."""

    OLD = "8.5-10"
    NEW = "11-12"

    @property
    def scheme(self) -> Scheme:
        """How this generation's URLs begin."""
        return Scheme.SAMETIME if self is Generation.OLD else Scheme.HCLSAMETIME


class UrlContext(enum.StrEnum):
    """Where a URL stands, which decides about `%s` and `&amp;`."""

    HANDED_OUT = "handed-out"  # a link or a QR code that users get as it is
    SERVER = "server"  # configUrl or MOBILE_CONFIGURL: the server puts the user's name for %s


class DefectKind(enum.StrEnum):
    """What can be wrong with a provisioning URL by itself. The values are the catalogue's codes."""

    HOST_INVALID = "prov-host-invalid"
    PORT_INVALID = "prov-port-invalid"
    PORT_MISSING = "prov-port-missing"
    PORT_USUALLY_PLAIN = "prov-port-usually-plain"
    SSL_CONTRADICTION = "prov-ssl-contradiction"
    ACTION_MISSING = "prov-action-missing"
    PARAMETER_UNKNOWN = "prov-parameter-unknown"
    PARAMETER_MISSPELT = "prov-parameter-misspelt"
    PARAMETER_DUPLICATE = "prov-parameter-duplicate"
    PARAMETER_OTHER_GENERATION = "prov-parameter-other-generation"
    VALUE_INVALID = "prov-value-invalid"
    SEPARATOR = "prov-separator"
    URL_FORM = "prov-url-form"
    ENCODING = "prov-encoding"
    USER_ENCODING = "prov-user-encoding"
    PASSWORD_IN_URL = "prov-password-in-url"  # noqa: S105 - a code, not a password
    PLACEHOLDER = "prov-placeholder"
    AUTH_PROXY_CONTRADICTION = "prov-auth-proxy-contradiction"
    AUTH_PROXY_TWO_USERS = "prov-auth-proxy-two-users"
    UNTRUSTED_SSL = "prov-untrusted-ssl"
    COMMUNITY_NAME_LONG = "prov-community-name-long"
    OIDC_REDIRECT = "prov-oidc-redirect"


class UrlDefect(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with a URL. `params` are exactly those that the catalogue's kind of this code declares; they
    hold no secret, and control characters in them are escaped."""

    kind: DefectKind
    severity: Severity
    params: dict[str, Param] = {}


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One `name=value` of the URL."""

    name: str
    """Decoded."""
    raw: str
    """The value as typed. What looks like a secret (`password=…`) is *** here and below."""
    value: str
    """Decoded: + stays +, since the clients do not agree on it."""


class ProvisioningUrl(msgspec.Struct, frozen=True, kw_only=True):
    """A provisioning URL, read tolerantly. Holds no password, whatever was typed."""

    scheme: Scheme
    generation: Generation
    context: UrlContext = UrlContext.HANDED_OUT
    user: str | None
    """Decoded; None without an @, empty for `sametime://@host`; may hold the placeholder %s."""
    has_password: bool
    """A password stood in the URL. It was dropped at once."""
    host: str
    """Canonical (lower case, A-labels, an IPv6 address without brackets) where it can be used, else as typed."""
    port: int | None
    """As written; None when it is missing or unusable."""
    parameters: list[Parameter] = []
    """In the order in which they stand."""
    masked: str
    """The URL as typed, with *** for a password and escapes for characters that do not print."""
    defects: list[UrlDefect] = []
    """What reading it showed. `check_url` returns these too."""

    @property
    def effective_port(self) -> int | None:
        """The port that a client connects to: 443 by default for hclsametime://, none documented for sametime://."""
        return self.port or (443 if self.scheme is Scheme.HCLSAMETIME and not self._port_unusable else None)

    @property
    def _port_unusable(self) -> bool:
        return any(defect.kind is DefectKind.PORT_INVALID for defect in self.defects)

    @property
    def uses_tls(self) -> bool | None:
        """Does the client speak TLS? None when the URL says neither true nor false, or both."""
        if self.scheme is Scheme.HCLSAMETIME:
            return True
        said = {value.lower() for value in self.values("ssl")}
        match said:
            case _ if not said:
                return True
            case _ if said == {"true"}:
                return True
            case _ if said == {"false"}:
                return False
            case _:
                return None

    def values(self, name: str) -> list[str]:
        """Decoded values of every parameter called exactly `name`."""
        return [parameter.value for parameter in self.parameters if parameter.name == name]

    def value(self, name: str) -> str | None:
        """The first of them, or None."""
        return next(iter(self.values(name)), None)
