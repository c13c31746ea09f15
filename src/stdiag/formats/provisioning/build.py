"""A correct provisioning URL from what it is to say."""

from __future__ import annotations

import msgspec

from stdiag.formats.provisioning.url import Generation, UrlContext, UrlDefect


class UrlOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a URL is to say. None: say nothing, so that the client's default holds."""

    generation: Generation
    host: str
    port: int | None = None
    """Needed for 8.5 to 10, where no default is documented."""
    user: str | None = None
    """As it is, not encoded. `%s` in the server's configuration stands for the user who is logged in."""
    context: UrlContext = UrlContext.HANDED_OUT
    community_name: str | None = None
    ssl: bool | None = None
    """8.5 to 10 only."""
    save_password: bool | None = None
    photo_port: int | None = None
    """8.5 to 10 only; 0 to 65535."""
    auth_proxy: bool | None = None
    auth_proxy_reuse: bool = False
    auth_proxy_user: str | None = None
    """11 and 12 only."""
    allow_untrusted_ssl: bool | None = None
    """11 and 12 only."""


class BuiltUrl(msgspec.Struct, frozen=True):
    """A URL, and everything that `check_url` will say about it."""

    url: str
    notes: list[UrlDefect]
