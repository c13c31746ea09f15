"""What the address in a setting is for: by the setting's name."""

from __future__ import annotations

import re

from stdiag.formats.config.address import Role
from stdiag.formats.config.document import ConfigKind
from stdiag.formats.config.settings_of import Found

WEB_HOSTS = ("proxyserverurl", "react_app_chat_server_hostname", "extrachathostname")
"""The public address of STProxy, in lower case: `photoCache/proxyServerURL` up to 11, and the host of the web chat in
12 (HCL, "Configuring alternate host name for Web Chat")."""

_EXACT = {
    **dict.fromkeys(WEB_HOSTS, Role.WEB),
    "react_app_meeting_server_hostname": Role.MEETINGS,
    "mobile_configurl": Role.PROVISIONING,
    "configurl": Role.PROVISIONING,
    "stconf_push_proxy_server": Role.PUSH_PROXY,
    "pushproxyserver": Role.PUSH_PROXY,
    "docker_host_address": Role.MEDIA,
    "authserverurl": Role.LOGIN,
    "samltrustedsites": Role.LOGIN,
}
_BY_FORM: tuple[tuple[Role, str], ...] = (
    (Role.DATABASE, r"(.*_)?mongo.*(url|uri|host|hosts|server)"),
    (Role.DIRECTORY, r".*ldap.*(url|uri|host|hostname|server|servers|address)"),
    (Role.LOGIN, r"(.*[_.])?(idp|oidc|saml|sso).*(url|uri|idp)|.*\.idp"),
    (Role.MEDIA, r"(.*_)?(turn_?host|jvb_?stun_?servers)"),
    (Role.PHOTOS, r".*photo.*(url|host|server)"),
)
_A_HOST = re.compile(
    r"(.*[_.-])?(host|hosts|hostname|host_name|server|servername|server_name)|.*(Host|Hostname|Server)"
)
_SCHEMES = {
    "mongodb": Role.DATABASE,
    "mongodb+srv": Role.DATABASE,
    "ldap": Role.DIRECTORY,
    "ldaps": Role.DIRECTORY,
    "stun": Role.MEDIA,
    "turn": Role.MEDIA,
    "http": Role.OTHER,
    "https": Role.OTHER,
}
# Addresses in these are not of the deployment: who may use it, where its parts were downloaded from.
_NOT_OURS = re.compile(r".*(cors|allowed_?origins|security_?policy|registry|repository|image|no_?proxy|schema).*")
_PART_OF_CONNECTION = re.compile(r"com\.(ibm|hcl)\.collaboration\.realtime\.community/(altCommunityConfig\..*)?\w+")


def role_of(setting: Found) -> Role | None:
    """What the address in `setting` is for; None for a setting without one, and for those of desktop clients'
    connections, which belong together."""
    name = setting.name.lower()
    if _NOT_OURS.fullmatch(setting.full_name.lower()):
        return None
    if name in _EXACT:
        return _EXACT[name]
    if _is_of_connection(setting):
        return None
    for role, form in _BY_FORM:
        if re.fullmatch(form, name):
            return role
    scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+]{1,15})://", setting.value)
    if scheme:
        return _SCHEMES.get(scheme[1].lower())
    return Role.OTHER if _A_HOST.fullmatch(setting.name) and not _is_word(setting.value) else None


def _is_of_connection(setting: Found) -> bool:
    if setting.kind is ConfigKind.MANAGED_COMMUNITIES:
        return True
    return (
        setting.kind is ConfigKind.PLUGIN_CUSTOMIZATION and _PART_OF_CONNECTION.fullmatch(setting.full_name) is not None
    )


def _is_word(value: str) -> bool:
    """No host: a number, true and false, or a word without any dot, which may be anything."""
    return re.fullmatch(r"\s*([0-9]*|[A-Za-z]+)\s*", value) is not None
