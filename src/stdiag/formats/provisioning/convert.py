"""Moves a provisioning URL from the old generation to the new one, and says what does not come along."""

from __future__ import annotations

import msgspec

from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.build import UrlOptions, build_url
from stdiag.formats.provisioning.defects import printable
from stdiag.formats.provisioning.encoding import PLACEHOLDER, decoded, looks_encoded_twice
from stdiag.formats.provisioning.parameters import RULES, meant
from stdiag.formats.provisioning.phone import saves_passwords
from stdiag.formats.provisioning.url import DefectKind, Generation, ProvisioningUrl, UrlContext

HTTPS_PORT = 443


class ConvertedUrl(msgspec.Struct, frozen=True):
    """The new URL, and one sentence for everything that is lost or means something else now."""

    url: str
    changes: list[str]


def convert_url(old: ProvisioningUrl, port: int | None = None) -> ConvertedUrl:
    """The hclsametime:// URL for what `old`, a sametime:// one, says. `port`: where the new server speaks TLS, when
    that is neither the old port nor 443.

    The new URL is clean whatever is wrong with the old one: what nobody can know is left out, and said. Raises
    FormatError when `old` is of the new generation, has no usable host, or is an OIDC redirect.
    """
    _refuse(old)
    changes: list[str] = []
    options = UrlOptions(
        generation=Generation.NEW,
        host=old.host,
        port=_port(old, port, changes),
        user=_user(old, changes),
        context=old.context,
        community_name=_community_name(old, changes),
        save_password=_save_password(old, changes),
        auth_proxy=_auth_proxy(old, changes),
        auth_proxy_reuse=_reuse(old, changes),
    )
    changes += _dropped(old)
    changes.append(
        "A client looks for the same server, port and user name now, no longer for the same community name: users who"
        " have the community already may get a second one beside it."
    )
    changes.append("It takes Android 6 or iOS 13 and the client of Sametime 11 or 12; older clients do not open it.")
    return ConvertedUrl(build_url(options).url, changes)


def _refuse(old: ProvisioningUrl) -> None:
    if old.generation is Generation.NEW:
        raise FormatError(f"{old.scheme}:// is the new generation already", suggestion="there is nothing to convert")
    if old.host == "oauth2redirect":
        raise FormatError("this is the address to which an OIDC login returns, not a provisioning URL")
    if any(one.kind is DefectKind.HOST_INVALID for one in old.defects):
        raise FormatError("the URL names no usable host", suggestion="mend the host first")


def _port(old: ProvisioningUrl, wanted: int | None, changes: list[str]) -> int | None:
    if old.uses_tls is not True:
        was = "was not encrypted" if old.uses_tls is False else "may not have been encrypted"
        changes.append(
            f"The connection {was}{f' on port {old.port}' if old.port else ''}; the new one always is, on port"
            f" {wanted or HTTPS_PORT}: the server must speak TLS there."
        )
        return wanted
    if wanted is not None:
        if wanted != old.port:
            changes.append(f"The port is {wanted} now{f' and was {old.port}' if old.port else ''}.")
        return None if wanted == HTTPS_PORT else wanted
    if old.port is None:
        changes.append(f"The old URL named no port; the new one means {HTTPS_PORT}, the default.")
    return None if old.port == HTTPS_PORT else old.port


def _user(old: ProvisioningUrl, changes: list[str]) -> str | None:
    if old.has_password:
        changes.append("The password is left out: everybody could read it in the URL.")
    if old.user is None:
        return None
    if PLACEHOLDER in old.user and old.context is UrlContext.HANDED_OUT:
        changes.append(
            "The user name is left out: only the server's own configuration puts the user's name for %s. Say that this"
            " URL is for there, and it is kept."
        )
        return None
    return _clean(old.user, "user name", changes)


def _community_name(old: ProvisioningUrl, changes: list[str]) -> str | None:
    names = old.values("communityName")
    if len(set(names)) > 1:
        changes.append("The old URL gave several community names; the first is kept.")
    return _clean(names[0], "community name", changes) or None if names else None


def _clean(text: str, what: str, changes: list[str]) -> str | None:
    """`text` without what no URL can say."""
    original = text
    text = _printing(text, what)
    while looks_encoded_twice(text):
        text = _printing(decoded(text), what)
    if text != original:
        changes.append(f'The {what} was "{printable(original)}", and is "{text}" now.')
    return text or (None if original else "")


def _printing(text: str, what: str) -> str:
    kept = "".join(c for c in text if c.isprintable() and c != "�").strip()
    return kept.replace(":", "") if what == "user name" else kept


def _save_password(old: ProvisioningUrl, changes: list[str]) -> bool | None:
    said = set(old.values("savePassword"))
    saves = saves_passwords(old)
    if not said:
        changes.append(
            "Passwords were remembered by default, and are not by default now: savePassword=true is added. The policy"
            " im.mobile.disablePasswordSave can forbid it."
        )
    elif len(said) > 1 or saves is None:
        changes.append(
            "What the old URL says about savePassword is unclear: it is left out, so that nothing is remembered."
        )
        return None
    return saves


def _auth_proxy(old: ProvisioningUrl, changes: list[str]) -> bool | None:
    said = set(old.values("authProxyEnabled"))
    if not said:
        return None
    if len(said) > 1 or not said <= {"true", "false"}:
        changes.append("What the old URL says about authProxyEnabled is unclear: it is left out.")
        return None
    return said == {"true"}


def _reuse(old: ProvisioningUrl, changes: list[str]) -> bool:
    said = set(old.values("authProxyReuseCredentials"))
    if said == {"true"} and "false" in old.values("authProxyEnabled"):
        changes.append("authProxyReuseCredentials is left out: authProxyEnabled=false contradicts it.")
        return False
    if said and said != {"true"}:
        changes.append("authProxyReuseCredentials is left out: it may say true only.")
    return said == {"true"}


def _dropped(old: ProvisioningUrl) -> list[str]:
    changes: list[str] = []
    if any(port.strip("0") for port in old.values("photoPort")):
        changes.append(f"photoPort is lost: {RULES['photoPort'].instead}.")
    for name in dict.fromkeys(one.name for one in old.parameters):
        rule = RULES.get(name)
        right = None if rule else meant(name)
        if rule is None and right != "action":
            hint = f"; it was probably meant to be {right}" if right else ""
            changes.append(f'The parameter "{printable(name)}", which no client knows, is left out{hint}.')
        elif rule and old.generation not in rule.generations:
            changes.append(f"{name} is left out: the old clients did not know it, so it never held.")
    return changes
