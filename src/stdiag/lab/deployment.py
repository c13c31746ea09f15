"""The lab as one thing that is started and stopped."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from cryptography import x509

from stdiag.lab.authority import mint, pem
from stdiag.lab.blueprint import (
    COMMUNITY_HOST,
    PHOTO_HOST,
    PHOTO_PORT,
    PUSH_HOST,
    PUSH_PORTS,
    Blueprint,
    PushManner,
)
from stdiag.lab.compose import compose
from stdiag.lab.config_files import write_config_files
from stdiag.lab.endpoint import Endpoint, addresses_by_name
from stdiag.lab.error import LabError
from stdiag.lab.fronts import web_server
from stdiag.lab.issuer_server import IssuerServer
from stdiag.lab.photos import PhotoPart
from stdiag.lab.ports import Ports
from stdiag.lab.site_file import SiteParts, write_site_file
from stdiag.lab.stproxy import StproxyPart
from stdiag.lab.ways import further_addresses, listen_as_mux, listen_as_proxies, management_networks

__all__ = ["Endpoint", "Lab"]


class Lab:
    """A small Sametime deployment on loopback, with the named faults injected.

    `folder` is where stdiag.toml and the root's certificate are written and left; without it, a temporary folder that
    is removed at the end. `push`: with a push service and a key for it, which faults of pushes bring along too. Raises
    UnknownFaultError and FaultConflictError (both LabErrors) when it is made, LabError when this machine cannot run it.
    Private keys are in memory only, the push key excepted.
    """

    def __init__(self, faults: Iterable[str] = (), folder: Path | str | None = None, *, push: bool = False) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        self.blueprint: Blueprint = compose(self.faults)
        if push and self.blueprint.push is None:
            self.blueprint = dataclasses.replace(self.blueprint, push=PushManner.APNS)
        self._wanted_folder = Path(folder) if folder is not None else None
        self._running = contextlib.ExitStack()
        self._folder: Path | None = None
        self._endpoints: tuple[Endpoint, ...] = ()
        self._stproxy: StproxyPart | None = None

    @property
    def folder(self) -> Path:
        """Where the lab's files are. Only while it runs, or after it when the folder was given."""
        if self._folder is None:
            raise LabError("The lab has not been started.")
        return self._folder

    @property
    def site_file(self) -> Path:
        """The stdiag.toml that describes this lab."""
        return self.folder / "stdiag.toml"

    @property
    def root_file(self) -> Path:
        """The root's certificate, PEM, and behind it the photo host's: what `openssl s_client -CAfile` takes."""
        return self.folder / "lab-root.pem"

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every port: the STProxy's first, its second address next to it; mux; photo host; push service; proxies;
        issuer."""
        return self._endpoints

    @property
    def stproxy(self) -> Endpoint:
        """The STProxy's (first) port."""
        return self._endpoints[0]

    @property
    def mux(self) -> Endpoint:
        """The multiplexer's own port, 1533."""
        return self._at(COMMUNITY_HOST)

    @property
    def photo_host(self) -> Endpoint:
        """The web server that has the photos."""
        return self._at(PHOTO_HOST)

    @property
    def http_proxy(self) -> Endpoint:
        """The HTTP proxy on the way to the community."""
        return self._endpoints[-3]

    @property
    def socks_proxy(self) -> Endpoint:
        """The SOCKS proxy on the way to the community."""
        return self._endpoints[-2]

    @property
    def issuer_url(self) -> str:
        """Address of the issuer server, with a trailing slash."""
        return f"http://{self._endpoints[-1]}/"

    def start(self) -> Lab:
        """Mint, listen, write the site file. When this returns, everything answers."""
        try:
            self._start()
        except BaseException:
            self._running.close()
            raise
        return self

    def stop(self) -> None:
        """Close every port and connection, end every thread, remove what is temporary. May be called twice."""
        self._running.close()
        self._stproxy = None

    def __enter__(self) -> Lab:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def apply_bundle(self, pem_text: str) -> None:
        """Install a chain file (leaf first) on the running server, as an administrator would after the diagnosis.

        It goes to every address whose key the leaf belongs to; new connections get it. Raises LabError when the text
        holds no certificates or the leaf belongs to none of the server's keys.
        """
        try:
            chain = tuple(x509.load_pem_x509_certificates(pem_text.encode("utf-8")))
        except ValueError as problem:
            raise LabError(f"The bundle holds no certificates that can be read: {problem}.") from problem
        if self._stproxy is None:
            raise LabError("The lab does not run.")
        self._stproxy.apply_bundle(chain)

    def _at(self, host: str) -> Endpoint:
        return next(end for end in self._endpoints if end.host == host)

    def _start(self) -> None:
        plan, ports, now = self.blueprint, Ports(self._running), dt.datetime.now(dt.UTC)
        self._folder = self._make_folder()
        issuers = IssuerServer(plan.aia)
        issuer_end = ports.listen("issuer server", plan.aia, issuers)
        authority = mint(plan, f"http://{issuer_end}/", now)
        issuers.publish(authority)
        photos = PhotoPart(plan.photo, now)
        web = photos.with_copies(web_server(plan.front))
        second = photos.with_copies(web_server(plan.second_front)) if plan.second_front else None
        self._stproxy = StproxyPart(plan, authority, web, ports, second)
        web_ends = self._stproxy.listen()
        mux_ends = listen_as_mux(plan, authority, ports)
        photo_end = ports.listen("photo host", plan.photo, photos.handler(), PHOTO_PORT, PHOTO_HOST)
        further = further_addresses(plan, ports)
        proxies = listen_as_proxies(plan, (*further, *web_ends, *mux_ends), ports)
        parts = SiteParts(self.root_file, proxies=[f"http://{proxies[0]}", f"socks5h://{proxies[1]}"])
        parts.photo = photos.write(self._folder)
        push_ends = self._push(parts, ports, now)
        parts.management = management_networks(plan, further)
        self._endpoints = (*web_ends, *mux_ends, *further, photo_end, *push_ends, *proxies, issuer_end)
        self._write_files(authority.root, parts)

    def _make_folder(self) -> Path:
        if self._wanted_folder is None:
            temporary = tempfile.TemporaryDirectory(prefix="stdiag-lab-")
            return Path(self._running.enter_context(temporary))
        try:
            self._wanted_folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise LabError(f"{self._wanted_folder} cannot be made: {problem.strerror or problem}.") from problem
        return self._wanted_folder.resolve()

    def _push(self, parts: SiteParts, ports: Ports, now: dt.datetime) -> list[Endpoint]:
        manner = self.blueprint.push
        if manner is None:
            return []
        from stdiag.lab.push import PushPart  # HTTP/2 is loaded where it is played

        part = PushPart(manner, now)
        handler = part.handler()
        parts.push = part.write(self.folder)
        return [ports.listen("push service", manner, handler, port, PUSH_HOST) for port in PUSH_PORTS]

    def _write_files(self, root: x509.Certificate, parts: SiteParts) -> None:
        parts.config = write_config_files(self.folder, self.blueprint)
        write_site_file(self.site_file, self.blueprint, addresses_by_name(self._endpoints), parts)
        try:
            own = parts.photo.root if parts.photo is not None else None
            self.root_file.write_text(pem((root, own) if own is not None else (root,)), encoding="ascii")
        except OSError as problem:
            raise LabError(f"{self.root_file} cannot be written: {problem.strerror or problem}.") from problem
