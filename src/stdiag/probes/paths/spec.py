"""One path to be tried, as the plan hands it to the observation."""

from __future__ import annotations

import msgspec

from stdiag.formats.via import Via, ViaKind
from stdiag.model import Expected, Path, Proxy, ProxyKind

HTTP_KINDS = (ProxyKind.HTTP, ProxyKind.HTTPS)


class PathSpec(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One path to one port."""

    via: Via
    port: int
    """The server's; of a reverse proxy the proxy's own."""
    path: Path
    expected: Expected | None = None
    implied: bool = False
    system: bool = False

    @property
    def proxy(self) -> Proxy | None:
        """The first hop, where there is one."""
        return self.via.proxy


def paths_through(
    via: Via, port: int, expected: Expected | None, *, implied: bool = False, system: bool = False
) -> list[PathSpec]:
    """The paths that lead to `port` by this way: an HTTP proxy gives two, CONNECT and HTTP tunnelling, and so does the
    direct way, plain and HTTP. `system` is taken apart only when the machine's settings are read."""
    if via.kind is ViaKind.SYSTEM:
        return [PathSpec(via=via, port=port, path=Path(), expected=expected, system=True)]

    def spec(path: Path, *, beside: bool = False) -> PathSpec:
        wanted = Expected.OPTIONAL if beside and expected is not Expected.CLOSED else expected
        return PathSpec(via=via, port=port, path=path, expected=wanted, implied=implied or beside, system=system)

    proxy = via.proxy
    if proxy is None:
        plain = spec(Path())
        # What must be closed is closed for HTTP too: the plain path alone tells it.
        return [plain] if expected is Expected.CLOSED else [plain, spec(Path(method="cbr"), beside=True)]
    if via.kind is ViaKind.REVERSE:
        return [spec(Path(kind="proxy", proxy=str(via), resolves="proxy", method="cbr"))]
    if proxy.kind in HTTP_KINDS:
        return [
            spec(Path(kind="proxy", proxy=str(proxy), resolves="proxy", method="connect")),
            spec(Path(kind="proxy", proxy=str(proxy), resolves="proxy", method="cbr")),
        ]
    return [spec(Path(kind="proxy", proxy=str(proxy), resolves=proxy.resolves))]
