"""The lab's photo host, which lets through who is logged in or in a meeting, and STProxy's copies of its photos."""

from __future__ import annotations

import base64
import datetime as dt
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from stdiag.lab.authority import pem
from stdiag.lab.blueprint import HOST, PHOTO_HOST, Blueprint, PhotoManner, WithoutSni
from stdiag.lab.error import LabError
from stdiag.lab.fronts import MOVED_ADDRESS, WebServer
from stdiag.lab.fronts import SERVER as STPROXY_SERVER
from stdiag.lab.http import Reply, Request
from stdiag.lab.listener import Handler
from stdiag.lab.picture import grey_jpeg
from stdiag.lab.private_ca import PrivateCa
from stdiag.lab.tls_context import server_context
from stdiag.lab.tls_service import Contexts, TlsService

FILE_NAME = "joe.bloggs@lab.example.jpg"
WITH_CAPITALS = "Joe.Bloggs@lab.example.jpg"
COPIES = "/photos"
"""Where the lab's STProxy has its copies: a path of the lab's own."""

SERVER = "IBM_HTTP_Server"
LTPA_TOKEN, LTPA_TOKEN2 = "LtpaToken", "LtpaToken2"
_MEETING = ("STPluginActivePage", "stMeetingroom")

_TODAYS, _OLDER = grey_jpeg(40), grey_jpeg(56)
_PAGE = b"<!DOCTYPE html>\n<html><head><title>Staff directory</title></head><body>People</body></html>\n"
_SENT_AWAY = Reply(302, location=MOVED_ADDRESS)
_NOT_FOUND = Reply(404, b"Not found\n", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class PhotoTable:
    """What a site file says of the photos."""

    url: str
    stproxy_url: str
    token_files: dict[str, Path]
    """Name of a login's cookie → the file that holds its value."""
    root_file: Path | None
    """The photo host's own root; None: the site does not name it."""
    root: x509.Certificate | None = None
    """The same certificate."""


class PhotoPart:
    """Everything of one lab's photos."""

    def __init__(self, manner: PhotoManner, now: dt.datetime) -> None:
        """Mints its certificates; `now` (UTC) is the moment from which terms count."""
        self._manner = manner
        self._ca = PrivateCa("Lab Photo", now)
        self._file = WITH_CAPITALS if manner is PhotoManner.CAPITALS else FILE_NAME
        self._tokens = {
            name: base64.b64encode(secrets.token_bytes(60)).decode("ascii") for name in (LTPA_TOKEN, LTPA_TOKEN2)
        }

    def handler(self) -> Handler:
        """The handler of the photo host's connections."""
        identity = self._ca.issue(PHOTO_HOST, with_issuer=self._manner is not PhotoManner.LEAF_ONLY)
        contexts = Contexts(server_context(Blueprint(), [identity]), None, WithoutSni.SAME)
        return TlsService(contexts, WebServer(SERVER, self._respond))

    def with_copies(self, web: WebServer) -> WebServer:
        """`web` with STProxy's copy of the photo, where it is STProxy itself and has no other answer."""
        respond, path = web.respond, f"{COPIES}/{self._file}"
        if respond is None or web.name != STPROXY_SERVER:
            return web
        copy = Reply(200, _OLDER if self._manner is PhotoManner.OLD_COPY else _TODAYS, "image/jpeg")

        def with_copy(request: Request) -> Reply:
            reply = respond(request)
            return copy if request.path == path and reply.status == _NOT_FOUND.status else reply

        return WebServer(web.name, with_copy)

    def write(self, folder: Path) -> PhotoTable:
        """Writes the tokens of a login, and the root, into `folder`. Raises LabError."""
        files = {name: folder / f"lab-{name.lower()}.txt" for name in self._tokens}
        named = self._manner is not PhotoManner.OWN_ROOT
        root_file = folder / "lab-photo-root.pem"
        try:
            for name, file in files.items():
                file.write_text(self._tokens[name] + "\n", encoding="ascii")
            root_file.write_text(pem((self._ca.root,)), encoding="ascii")
        except OSError as problem:
            raise LabError(f"{folder} cannot be written to: {problem.strerror or problem}.") from problem
        return PhotoTable(
            url=f"https://{PHOTO_HOST}/{self._file}",
            stproxy_url=f"https://{HOST}{COPIES}/{self._file}",
            token_files=files,
            root_file=root_file if named else None,
            root=self._ca.root if named else None,
        )

    def _respond(self, request: Request) -> Reply:
        if not self._lets_through(request.cookie):
            return _SENT_AWAY
        if request.path != f"/{self._file}":
            return _NOT_FOUND
        return Reply(200, _PAGE) if self._manner is PhotoManner.PAGE else Reply(200, _TODAYS, "image/jpeg")

    def _lets_through(self, cookie: str) -> bool:
        match self._manner:
            case PhotoManner.OPEN:
                return True
            case PhotoManner.NO_COOKIE:
                return False
            case PhotoManner.BY_NAME:  # as IBM HTTP Server's rewrite rules look at it
                return re.search(r"(?i)ltpatoken2=|ltpatoken=|stpluginactivepage=stmeetingroom", cookie) is not None
        shown = dict(pair.strip().partition("=")[::2] for pair in cookie.split(";"))
        known = (LTPA_TOKEN2,) if self._manner is PhotoManner.LTPA2_ONLY else (LTPA_TOKEN, LTPA_TOKEN2)
        return shown.get(_MEETING[0]) == _MEETING[1] or any(shown.get(name) == self._tokens[name] for name in known)
