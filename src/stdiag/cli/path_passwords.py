"""The passwords of a community's paths, read before the run from where the site says that they are."""

from __future__ import annotations

from collections.abc import Mapping

from stdiag.cli.proxies import secret_of
from stdiag.formats.via import via_of
from stdiag.model import CommunitySite, Proxy
from stdiag.net.credentials import Credentials, Secret

KEY = "[[community.path]] password = "


def community_credentials(community: CommunitySite, typed: Mapping[Proxy, Secret] | None = None) -> Credentials:
    """`typed`: passwords that stood in URLs on the command line. Raises click.UsageError, which never holds one."""
    secrets = dict(typed or {})
    asked: dict[tuple[str, int, str | None, str], Secret] = {}
    for path in community.path:
        proxy = via_of(path).proxy
        if proxy is None or proxy.password_ref is None or proxy in secrets:
            continue
        # One question for one place: the same proxy may be named for several kinds of look-up.
        place = (proxy.host, proxy.port, proxy.user, proxy.password_ref)
        if place not in asked:
            asked[place] = secret_of(proxy, str(proxy), KEY)
        secrets[proxy] = asked[place]
    return Credentials(secrets)
