"""The servers that settings name, taken into a site: web, meetings, provisioning URL, pushes, directory, database."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from stdiag.formats.config.address import Endpoint, Role, endpoints_in, is_placeholder, why_left_out
from stdiag.formats.config.roles import role_of
from stdiag.formats.config.settings_of import Found
from stdiag.formats.config.site_draft import Draft
from stdiag.formats.errors import FormatError
from stdiag.formats.web_url import parse_web_url
from stdiag.model import PushSite, StproxySite, bracketed

_FIRST = (Role.WEB, Role.MEETINGS, Role.PROVISIONING)
"""What the site is named after; whatever else stands in the files may be the same host."""
_TLS_SCHEMES = {"https": 443, "ldaps": 636}
_LDAPS_PORTS = (636, 3269)
_DATABASE_PORT = 27017
_PROXY_PORT = 3128
_HIGHEST_PORT = 65535
_HOST_WORD = r"(host_?name|host|server|address|url|uri)$"


def take_servers(draft: Draft, settings: Sequence[Found], services: Container[str]) -> None:
    """Takes every address in `settings` but those of desktop clients' connections. `services`: what containers call
    each other."""
    _Servers(draft, settings, services).take()


def port_of(text: str) -> int | None:
    """The port that `text` is; None for anything else."""
    bare = text.strip()
    return int(bare) if re.fullmatch(r"[0-9]{1,5}", bare) and 0 < int(bare) <= _HIGHEST_PORT else None


class _Servers:
    def __init__(self, draft: Draft, settings: Sequence[Found], services: Container[str]) -> None:
        self._draft = draft
        self._services = services
        self._settings = settings
        self._by_name: dict[str, str] = {}
        for setting in settings:
            self._by_name.setdefault(_plain(setting.full_name), setting.value)

    def take(self) -> None:
        pairs = [(role, setting) for setting in self._settings if (role := role_of(setting)) is not None]
        pairs.sort(key=lambda pair: pair[0] not in _FIRST)
        settled = False
        for role, setting in pairs:
            if role not in _FIRST and not settled:
                self._settle_web()
                settled = True
            if role is Role.PROVISIONING:
                self._provisioning(setting)
                continue
            for endpoint in endpoints_in(setting.value):
                self._endpoint(role, endpoint, setting)
        if not settled:
            self._settle_web()
        self._push_port()

    def _endpoint(self, role: Role, endpoint: Endpoint, setting: Found) -> None:
        reason = why_left_out(endpoint, self._services)
        if role is Role.MEDIA and not reason:
            reason = "media: UDP is not asked"
        if reason:
            self._draft.tell(role, endpoint.origin, setting.place, left_out=reason)
            return
        match role:
            case Role.WEB if endpoint.scheme != "http":
                self._draft.once(role, "stproxy.url", self._url(endpoint), setting.place)
            case Role.MEETINGS:
                self._meetings(self._url(endpoint), setting)
            case Role.PUSH_PROXY:
                self._push_proxy(endpoint, setting)
            case _:
                self._server(role, endpoint, setting)

    def _url(self, endpoint: Endpoint) -> str:
        port = endpoint.port
        if port is None and not endpoint.scheme:
            port = port_of(self._by_name.get("httpsport", ""))
        place = bracketed(endpoint.host) + ("" if port in (None, 443) else f":{port}")
        return f"https://{place}{endpoint.path.rstrip('/')}"

    def _meetings(self, text: str, setting: Found) -> None:
        try:
            url = str(parse_web_url(text))
        except FormatError as error:
            self._draft.tell(Role.MEETINGS, text, setting.place, left_out=error.problem)
        else:
            self._draft.once(Role.MEETINGS, "health.meetings_url", url, setting.place)

    def _server(self, role: Role, endpoint: Endpoint, setting: Found) -> None:
        port = self._tls_port(role, endpoint, setting)
        if port is None:
            self._draft.host(role, endpoint.host, endpoint.origin, setting.place)
        else:
            target = f"{bracketed(endpoint.host)}:{port}"
            self._draft.tls_target(role, target, endpoint.origin, setting.place)

    def _tls_port(self, role: Role, endpoint: Endpoint, setting: Found) -> int | None:
        """The port at which TLS is spoken from the first byte; None where that is not known."""
        if endpoint.scheme in _TLS_SCHEMES:
            return endpoint.port or _TLS_SCHEMES[endpoint.scheme]
        if role is Role.DATABASE:
            return (endpoint.port or _DATABASE_PORT) if re.search(r"[?&](tls|ssl)=true", setting.value) else None
        if role is Role.DIRECTORY and endpoint.scheme != "ldap":
            port = endpoint.port or port_of(self._beside(setting, "port"))
            return port if port in _LDAPS_PORTS else None
        return None

    def _beside(self, setting: Found, word: str) -> str:
        """What stands in the setting of the same name with another last word: LDAP_PORT beside LDAP_SERVER."""
        own = re.sub(_HOST_WORD, "", setting.full_name, flags=re.IGNORECASE)
        return self._by_name.get(_plain(own) + word, "").strip()

    def _provisioning(self, setting: Found) -> None:
        from stdiag.formats.provisioning.parse import parse_provisioning
        from stdiag.formats.provisioning.url import DefectKind, UrlContext

        # The server puts the user's name in for %s: without it the URL is everybody's.
        text = setting.value.strip().replace("%s@", "")
        if not text:
            return
        shown, reason = text, ""
        try:
            url = parse_provisioning(text, UrlContext.SERVER)
        except FormatError as error:
            reason = error.problem
        else:
            shown = url.masked
            reason = why_left_out(Endpoint(host=url.host, typed=url.host), self._services)
            if not reason and any(one.kind is DefectKind.HOST_INVALID for one in url.defects):
                reason = "no host name"
        if is_placeholder(text.replace("***", "")):
            reason = "a placeholder"
        if reason:
            self._draft.tell(Role.PROVISIONING, shown, setting.place, left_out=reason)
        else:
            self._draft.once(Role.PROVISIONING, "stproxy.provisioning_url", shown, setting.place)

    def _push_proxy(self, endpoint: Endpoint, setting: Found) -> None:
        port = self._beside(setting, "port")
        if port == "0":
            off = "its port is 0, which switches it off"
            self._draft.tell(Role.PUSH_PROXY, endpoint.origin, setting.place, left_out=off)
            return
        proxy = f"http://{bracketed(endpoint.host)}:{endpoint.port or port_of(port) or _PROXY_PORT}"
        if self._draft.once(Role.PUSH_PROXY, "push.via", proxy, setting.place):
            user = self._beside(setting, "user")
            push = self._draft.site.push
            if user and not is_placeholder(user) and push is not None:
                push.user = user
                self._draft.sources["push.user"] = setting.place

    def _push_port(self) -> None:
        draft = self._draft
        for setting in self._settings:
            port = port_of(setting.value) if setting.name == "appleNotificationPort" else None
            if port is None:
                continue
            push = draft.site.push = draft.site.push or PushSite()
            if push.notification_port is None:
                push.notification_port = port
                draft.sources["push.notification_port"] = setting.place
                draft.tell(Role.PUSH, f"Apple's port {port}", setting.place, becomes="push.notification_port")

    def _settle_web(self) -> None:
        """Chat and meetings have one name, unless two are named (HCL, "Configuring alternate host name")."""
        draft = self._draft
        health, stproxy = draft.site.health, draft.site.stproxy
        if health.meetings_url is None:
            return
        if stproxy is None or stproxy.url is None:
            stproxy = draft.site.stproxy = stproxy or StproxySite()
            stproxy.url = health.meetings_url.removesuffix("/")
            draft.sources["stproxy.url"] = draft.sources["health.meetings_url"]
        if health.meetings_url.rstrip("/") == stproxy.url.rstrip("/"):
            health.meetings_url = None
            draft.move("health.meetings_url", "stproxy.url")


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
