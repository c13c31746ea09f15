"""`stdiag push`, and `stdiag apns` for those who know IBM's apnstest: the key, and the way to Apple and Google."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, diagnosis_options

if TYPE_CHECKING:
    from stdiag.engine.plan import Plan
    from stdiag.model import Proxy, PushSite, Site
    from stdiag.net.credentials import Secret

_FILE_LIMIT = 1 << 20


@click.command(name="push")
@click.option("-k", "--key", metavar="FILE", help="The PKCS#12 file with which the server shows Apple who it is.")
@click.option("-s", "--server", metavar="HOST", help="Ask this host in place of Apple's and Google's.")
@click.option("-p", "--port", type=click.IntRange(1, 65535), help="Ask this port only; 2195 and 2196 are the old ones.")
@click.option(
    "--passphrase",
    metavar="SOURCE",
    help="Where the passphrase is: env:NAME, file:PATH (its first line) or prompt. Default: prompt.",
)
@click.option("--passphrase-file", metavar="FILE", help="The same as --passphrase file:FILE.")
@click.option("--topic", metavar="BUNDLE-ID", help="The app, where the key does not say it or is for several.")
@click.option("--sandbox", is_flag=True, help="Ask Apple's sandbox, whatever the key says.")
@click.option("--key-only", is_flag=True, help="Look at the key only: contact nobody.")
@click.option("--via", metavar="URL", help="The push proxy, http://[USER@]HOST:PORT: compared with the direct way.")
@click.option("--via-password", metavar="SOURCE", help="Where the proxy's password is: env:NAME, file:PATH or prompt.")
@click.option("--custom-env", metavar="FILE", help="Take the push proxy from this custom.env of Sametime 12.")
@click.option("--legacy", is_flag=True, help="Ask Apple's retired ports 2195 and 2196 too.")
@click.option("--no-google", is_flag=True, help="Leave Google's services for Android out.")
@click.option("--device-side", is_flag=True, help="Ask what phones connect to themselves: run it in their network.")
@click.option("--trust-store", metavar="FILE", help="The Sametime server's trust store: is Apple's root in it?")
@click.option("--trust-store-passphrase", metavar="SOURCE", help="Where its passphrase is, unless it is Java's own.")
@click.option(
    "--expected-root",
    "expected_roots",
    metavar="FILE",
    multiple=True,
    help="The root that the services must show, in place of Apple's and Google's: for rehearsals. Repeatable.",
)
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **given: Any,
) -> None:
    """Can this server, with this key, through this firewall, send pushes to Apple and Google?

    Asks for a device that cannot exist: Apple's answer to that proves key, topic and way, and nothing is ever
    delivered to anybody. Run it on the Sametime Proxy host: pushes leave from there.

    \b
    stdiag push -k apns-prod.pkcs12
    stdiag push -k apns-prod.pkcs12 --key-only
    stdiag push -k apns-prod.pkcs12 --via http://proxy.example.com:3128
    stdiag push                      the way alone, without a key
    """
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.cli.push_secrets import push_credentials
    from stdiag.model import Site
    from stdiag.probes.registry import probe_named

    own = {name: given.pop(name) for name in _OWN}
    typed: dict[Proxy, Secret] = {}
    site = Site(push=_push_site(own, typed, quiet=given["quiet"]))
    sources = {"push": "the command line"}
    apply_flags(site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    if not given["plan_only"]:
        given["credentials"] = push_credentials(site, sources, typed, ask=True)
    result = diagnose(_plan(site, own), site, sources, Request(**given), (probe_named("push"),))
    if result is not None:
        ctx.exit(result[1])


_OWN = (
    "key",
    "server",
    "port",
    "passphrase",
    "passphrase_file",
    "topic",
    "sandbox",
    "key_only",
    "via",
    "via_password",
    "custom_env",
    "legacy",
    "no_google",
    "device_side",
    "trust_store",
    "trust_store_passphrase",
    "expected_roots",
)


def _push_site(own: dict[str, Any], typed: dict[Proxy, Secret], *, quiet: bool) -> PushSite:
    """The options as the site file would say it. Raises click.UsageError."""
    from stdiag.model import PushEnvironment, PushSite

    if own["key_only"] and not own["key"]:
        raise click.UsageError("--key-only looks at a key: name it with -k FILE.")
    if own["via"] and own["custom_env"]:
        raise click.UsageError("--via and --custom-env both name the push proxy: leave one of them out.")
    if own["passphrase"] and own["passphrase_file"]:
        raise click.UsageError("--passphrase and --passphrase-file both name the passphrase: leave one of them out.")
    reference = f"file:{own['passphrase_file']}" if own["passphrase_file"] else own["passphrase"]
    push = PushSite(
        key=_existing(own["key"], "-k"),
        passphrase=_reference(reference, "--passphrase"),
        topic=own["topic"],
        environment=PushEnvironment.SANDBOX if own["sandbox"] else None,
        legacy=own["legacy"],
        google=not (own["no_google"] or own["server"] or own["port"]),
        device_side=own["device_side"],
        trust_store=_existing(own["trust_store"], "--trust-store"),
        trust_store_passphrase=_reference(own["trust_store_passphrase"], "--trust-store-passphrase"),
        expected_roots=[str(Path(file).absolute()) for file in own["expected_roots"]],
    )
    proxy, password = _proxy(own, quiet=quiet)
    if proxy is not None:
        push.via, push.user, push.password = str(proxy), proxy.user, proxy.password_ref
        if password is not None:
            typed[proxy] = password
    _name_endpoints(push, own["server"], own["port"])
    return push


def _plan(site: Site, own: dict[str, Any]) -> Plan:
    from stdiag.engine.plan import Plan
    from stdiag.probes.push.plan import file_checks, legacy_checks, plan

    assert site.push is not None  # noqa: S101 - made so above
    if own["key_only"]:
        return Plan(checks=tuple(file_checks(site.push)), not_applicable=(), not_selected=())
    if site.push.endpoints.legacy and own["port"]:
        checks = [*file_checks(site.push), *legacy_checks(site.push)]
        return Plan(checks=tuple(checks), not_applicable=(), not_selected=())
    checks, beside = plan(site)
    return Plan(checks=tuple(checks), not_applicable=tuple(beside), not_selected=())


def _name_endpoints(push: PushSite, server: str | None, port: int | None) -> None:
    """-s and -p as the old test took them: 2195 and 2196 are the old interface, everything else is today's."""
    from stdiag.formats.errors import FormatError
    from stdiag.formats.target import parse_target
    from stdiag.model import bracketed
    from stdiag.probes.push.plan import environment_of
    from stdiag.probes.push.services import APNS_HOSTS, APNS_PORTS, LEGACY_HOSTS, LEGACY_PORTS

    if server is None and port is None:
        return
    host, ports = None, (port,) if port else APNS_PORTS
    if server is not None:
        try:
            target = parse_target(server)
        except FormatError as error:
            raise click.UsageError(f"-s: {error}") from error
        host = target.host
        if port is None and server.strip().rpartition(":")[2] == str(target.port):
            ports = (target.port,)
    if len(ports) == 1 and ports[0] in LEGACY_PORTS:
        old = dict(zip(LEGACY_PORTS, LEGACY_HOSTS[environment_of(push)], strict=True))
        push.endpoints.legacy = [f"{bracketed(host or old[ports[0]])}:{ports[0]}"]
    else:
        push.endpoints.apns = [f"{bracketed(host or APNS_HOSTS[environment_of(push)])}:{one}" for one in ports]


def _proxy(own: dict[str, Any], *, quiet: bool) -> tuple[Proxy | None, Secret | None]:
    from stdiag.cli.proxies import read_proxy

    if own["custom_env"]:
        return _proxy_of_env(own["custom_env"])
    if own["via"]:
        return read_proxy(own["via"], own["via_password"], "--via", quiet=quiet)
    if own["via_password"]:
        raise click.UsageError("--via-password belongs to --via, which is missing.")
    return None, None


def _proxy_of_env(file: str) -> tuple[Proxy, Secret | None]:
    """The proxy that custom.env configures, and its password. Raises click.UsageError without a value of the file."""
    from stdiag.formats.errors import FormatError
    from stdiag.formats.host import canonical_host, port_number
    from stdiag.formats.push_env import parse_push_env
    from stdiag.formats.text_file import read_text_file
    from stdiag.model import Proxy, ProxyKind
    from stdiag.net.credentials import Secret

    try:
        env = parse_push_env(read_text_file(Path(file), _FILE_LIMIT), file)
        port = port_number(env.port or "3128", "STCONF_PUSH_PROXY_PORT")
        host = canonical_host(env.server or "")
    except FormatError as error:
        raise click.UsageError(f"--custom-env: {error}") from error
    has_password = env.user is not None and env.password is not None
    proxy = Proxy(ProxyKind.HTTP, host, port, env.user, f"file:{file}" if has_password else None)
    return proxy, Secret(env.password) if has_password and env.password else None


def _existing(file: str | None, option: str) -> str | None:
    """The absolute path of a file that the user named; a file that is not there ends before the run."""
    if file is None:
        return None
    path = Path(file)
    try:
        with path.open("rb"):
            return str(path.absolute())
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else "not a path"
        raise click.UsageError(f"{option} {file} cannot be read: {words}.") from error


def _reference(text: str | None, option: str) -> str | None:
    from stdiag.formats.errors import FormatError
    from stdiag.formats.proxy import parse_password_ref

    if text is None:
        return None
    try:
        return parse_password_ref(text)
    except FormatError as error:
        raise click.UsageError(f"{option}: {error}") from error
