"""What a mobile user sees after a tap on a provisioning URL, in sentences."""

from __future__ import annotations

from stdiag.formats.provisioning.defects import printable
from stdiag.formats.provisioning.encoding import PLACEHOLDER
from stdiag.formats.provisioning.url import Generation, ProvisioningUrl, Scheme, UrlContext


def what_the_phone_shows(url: ProvisioningUrl) -> list[str]:
    """Sentences about the community, the connection, the credentials asked for, and the question about an update.

    Source: the two documents named in `parameters`.
    """
    return [
        _community(url),
        _connection(url),
        *_credentials(url),
        _saving(url),
        _update(url),
        *_photos(url),
        _needs(url),
    ]


def saves_passwords(url: ProvisioningUrl) -> bool | None:
    """Are passwords remembered? The default changed with the generation; None when the value is neither."""
    match url.value("savePassword"):
        case None:
            return url.generation is Generation.OLD
        case "true":
            return True
        case "false":
            return False
        case _:
            return None


def _community(url: ProvisioningUrl) -> str:
    if name := url.value("communityName"):
        return f'The new community is called "{printable(name)}".'
    return f"The new community is named by the client, after the host {printable(url.host)}: the URL gives no name."


def _connection(url: ProvisioningUrl) -> str:
    host = printable(url.host)
    where = (
        f"{host}, port {url.effective_port}" if url.effective_port else f"{host}, on a port that the URL does not say"
    )
    match url.uses_tls:
        case True if url.scheme is Scheme.HCLSAMETIME:
            return f"The client connects to {where}, with TLS as always."
        case True:
            return f"The client connects to {where}, with TLS{'' if url.values('ssl') else ' (the default)'}."
        case False:
            return f"The client connects to {where}, without encryption: passwords can be read on the way."
        case None:
            return f"The client connects to {where}; whether with TLS, the URL does not say clearly."


def _credentials(url: ProvisioningUrl) -> list[str]:
    return [_sametime_login(url), *_proxy_login(url)]


def _sametime_login(url: ProvisioningUrl) -> str:
    if url.user and PLACEHOLDER in url.user:
        if url.context is UrlContext.SERVER:
            return "The name of the user who is logged in to the web client is filled in; the password is asked for."
        return f'The user name that is filled in is "{printable(url.user)}", with %s in it as it stands.'
    if url.user:
        password = "comes from the URL" if url.has_password else "is asked for"
        return f'The user name "{printable(url.user)}" is filled in; the password {password}.'
    return "The user name and the password are asked for."


def _proxy_login(url: ProvisioningUrl) -> list[str]:
    if url.value("authProxyEnabled") == "false":
        return ["No credentials are sent to a reverse proxy."]
    proxy_user = url.value("authProxyUser") if url.generation is Generation.NEW else None
    if proxy_user:
        return [f'For a reverse proxy the user name "{printable(proxy_user)}" is filled in; its password is asked for.']
    if url.value("authProxyReuseCredentials") == "true":
        return ["A reverse proxy gets the same user name and password."]
    if url.value("authProxyEnabled") == "true":
        return ["A user name and a password for a reverse proxy are asked for too."]
    return []


def _saving(url: ProvisioningUrl) -> str:
    by_default = "" if url.values("savePassword") else f" (the default of {url.scheme}://)"
    match saves_passwords(url):
        case True:
            return f"Passwords are remembered{by_default}."
        case False:
            return f"Passwords are not remembered{by_default}: they are asked for at each login."
        case None:
            return "Whether passwords are remembered, the URL does not say clearly."


def _update(url: ProvisioningUrl) -> str:
    match url.generation:
        case Generation.OLD:
            same = "name"
        case Generation.NEW:
            same = "server, port and user name"
    return f"A user who has a community with the same {same} is asked whether to update it; else it is added."


def _photos(url: ProvisioningUrl) -> list[str]:
    port = url.value("photoPort") if url.generation is Generation.OLD else None
    return [f"Photos are fetched through port {printable(port)}."] if port and port.strip("0") else []


def _needs(url: ProvisioningUrl) -> str:
    match url.generation:
        case Generation.OLD:
            return "It takes Android 2.0.1 or iOS 4.2 at least, with the client of Sametime 8.5.2 to 10."
        case Generation.NEW:
            return "It takes Android 6 or iOS 13 at least, with the client of Sametime 11 or 12."
