"""`stdiag lab`: a small Sametime deployment on loopback, to learn and to demonstrate with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from stdiag.cli.lab_exam import command as exam

if TYPE_CHECKING:
    from stdiag.lab.deployment import Lab
    from stdiag.lab.faults import LabFault

_WIDTH = 100


class _LabUsageError(click.ClickException):
    """One sentence, without click's usage lines around it."""

    exit_code = 2


@click.group(name="lab")
def command() -> None:
    """A small Sametime deployment on this machine, healthy or with faults of your choice."""


command.add_command(exam)


@command.command()
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Inject this fault; may be given several times.")
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Where stdiag.toml and the root's certificate are written and left. Default: a temporary folder.",
)
@click.option("--push", is_flag=True, help="With a push service, and a key for it: messages to phones.")
@click.option(
    "--for", "seconds", metavar="SECONDS", type=click.FloatRange(min=0), help="End by itself after this time."
)
def run(faults: tuple[str, ...], folder: str | None, *, push: bool, seconds: float | None) -> None:
    """Start the lab, say where it listens, and keep it running until ^C."""
    from stdiag.lab.deployment import Lab
    from stdiag.lab.error import LabError

    try:
        with _terminable(), Lab(faults, folder, push=push) as lab:
            _announce(lab)
            _wait(seconds)
    except LabError as problem:
        raise _LabUsageError(str(problem)) from problem
    except KeyboardInterrupt:
        click.echo()
    click.echo("The lab has ended.")


@command.command(short_help="List the faults that can be injected, or tell about some.")
@click.argument("names", nargs=-1, metavar="[NAME]…")
def faults(names: tuple[str, ...]) -> None:
    """List the faults that can be injected, and what stdiag must find first.

    With names: how such a fault comes about in real deployments, and who notices.

    \b
    stdiag lab faults
    stdiag lab faults wrong-intermediate
    """
    from stdiag.lab.compose import find_fault
    from stdiag.lab.error import UnknownFaultError
    from stdiag.lab.faults import FAULTS

    try:
        named = [find_fault(name) for name in dict.fromkeys(names)]
    except UnknownFaultError as mistake:
        raise _LabUsageError(str(mistake)) from mistake
    if named:
        click.echo("\n\n".join(_told(fault) for fault in named))
    else:
        _list(FAULTS)


def _told(fault: LabFault) -> str:
    import textwrap

    also = ", ".join(code for code in fault.also if code not in fault.first)
    lines = [f"{fault.name}: {fault.injects}.", *textwrap.wrap(fault.story, _WIDTH), ""]
    lines.append(f"Must be found first: {' or '.join(fault.first)}" + (f"; and: {also}" if also else ""))
    if fault.mended_by_bundle:
        lines.append("Mended by a repaired chain: stdiag tls … --fix-bundle FILE")
    lines += [f"Play it:     stdiag lab run --fault {fault.name}", f"Read of it:  stdiag explain {fault.first[0]}"]
    return "\n".join(lines)


def _list(table: Sequence[LabFault]) -> None:
    import textwrap

    rows = [(fault.name, fault.injects, " or ".join(fault.first)) for fault in table]
    name_width = max(len(name) for name, _, _ in rows)
    code_width = max(len(code) for fault in table for code in fault.first)
    injects_width = _WIDTH - name_width - code_width - 4

    def line(name: str, injects: str, codes: str) -> None:
        left = textwrap.wrap(injects, injects_width)
        right = textwrap.wrap(codes, code_width, break_on_hyphens=False)
        for index in range(max(len(left), len(right))):
            cells = (
                name if index == 0 else "",
                left[index] if index < len(left) else "",
                right[index] if index < len(right) else "",
            )
            click.echo(f"{cells[0]:{name_width}}  {cells[1]:{injects_width}}  {cells[2]}".rstrip())

    line("FAULT", "WHAT IS INJECTED", "FIRST FINDING")
    for row in rows:
        line(*row)


def _announce(lab: Lab) -> None:
    from stdiag.lab.compose import find_fault

    for name in lab.faults:
        fault = find_fault(name)
        click.echo(f"Injected: {fault.name}: {fault.injects}.")
    if not lab.faults:
        click.echo("Injected: nothing, this deployment is healthy.")
    click.echo()
    roles = [f"{end.role} for {end.host}:{end.named_port}" if end.named_port else end.role for end in lab.endpoints]
    width = max(32, *map(len, roles))
    for role, end in zip(roles, lab.endpoints, strict=True):
        click.echo(f"{role:{width}}  {end}  ({end.speaks})")
    click.echo(f"{'site file':{width}}  {lab.site_file}")
    click.echo()
    click.echo("Try, in another terminal:")
    click.echo(f"  stdiag all {_quoted(str(lab.site_file))}")
    if lines := _lines_without_stdiag(lab):
        click.echo("and, to see it without stdiag:")
        for line in lines:
            click.echo(f"  {line}")
    click.echo()
    click.echo("^C ends the lab.")


def _lines_without_stdiag(lab: Lab) -> list[str]:
    """Commands that show the faults; none where all is in the provisioning URL, which stands in the site file."""
    from stdiag.lab.compose import find_fault
    from stdiag.lab.faults import Shows

    shows = {find_fault(name).shows for name in lab.faults} or {Shows.IN_CONNECTION}
    lines = _openssl_lines(lab) if Shows.IN_CONNECTION in shows else []
    lines += _curl_lines(lab) if Shows.IN_ANSWER in shows else []
    lines += _push_lines(lab) if Shows.IN_PUSH in shows else []
    lines += _photo_lines(lab) if {Shows.IN_PHOTO, Shows.IN_PHOTO_COPY} & shows else []
    return lines + (_path_lines(lab) if Shows.ON_PATH in shows else [])


def _photo_lines(lab: Lab) -> list[str]:
    """The photo as a stranger asks for it, as a guest of a meeting does, and as STProxy hands it out."""
    import os

    from stdiag.lab.blueprint import HOST, PHOTO_HOST, PhotoManner
    from stdiag.lab.photos import COPIES, FILE_NAME, WITH_CAPITALS

    name = WITH_CAPITALS if lab.blueprint.photo is PhotoManner.CAPITALS else FILE_NAME
    ask = f"curl -i -o photo.bin --connect-to {PHOTO_HOST}:443:{lab.photo_host}"
    trust = f"--cacert {_quoted(str(lab.folder / 'lab-photo-root.pem'))}"
    commands = [
        (ask, trust, f"https://{PHOTO_HOST}/{name}"),
        (ask, trust, f"-b STPluginActivePage=stMeetingroom https://{PHOTO_HOST}/{name}"),
        (f"curl -i -k -o copy.bin --connect-to {HOST}:443:{lab.stproxy}", f"https://{HOST}{COPIES}/{name}"),
    ]
    between = " " if os.name == "nt" else " \\\n  "
    return [line for parts in commands for line in between.join(parts).split("\n")]


def _push_lines(lab: Lab) -> list[str]:
    """A look into the key, and the handshake in which the push service says what it thinks of it."""
    from stdiag.lab.blueprint import PUSH_HOST

    end = next(end for end in lab.endpoints if end.host == PUSH_HOST)
    folder = _quoted(str(lab.folder))
    return [
        f"cd {folder}",
        "openssl pkcs12 -nokeys -in lab-push-key.p12 -passin file:lab-push-passphrase.txt",
        f"openssl s_client -connect {end} -servername {PUSH_HOST} -CAfile lab-push-root.pem",
    ]


def _path_lines(lab: Lab) -> list[str]:
    """The tunnel's address, asked for directly and through both proxies."""
    from stdiag.lab.blueprint import COMMUNITY_HOST

    address = f"http://{COMMUNITY_HOST}:{lab.mux.named_port}/CommunityCBR"
    return [
        f"curl -i --connect-to ::{lab.mux} {address}",
        f"curl -i -x http://{lab.http_proxy} {address}",
        f"curl -i -x socks5h://{lab.socks_proxy} {address}",
    ]


def _curl_lines(lab: Lab) -> list[str]:
    import os

    from stdiag.lab.blueprint import HOST

    ask = f"curl -i --connect-to {HOST}:443:{lab.stproxy}"
    trust = f"--cacert {_quoted(str(lab.root_file))}"
    address = f"https://{HOST}/stwebapi/proxyinfo"
    return [f"{ask} {trust} {address}"] if os.name == "nt" else [f"{ask} \\", f"  {trust} \\", f"  {address}"]


def _openssl_lines(lab: Lab) -> list[str]:
    import os

    from stdiag.lab.blueprint import HOST
    from stdiag.lab.stproxy import HTTP_ROLE

    ports = [end for end in lab.endpoints if end.named_port is not None and end.host == HOST and end.role != HTTP_ROLE]
    faulty = ports[-1]  # the first is what is healthy elsewhere
    connect = f"openssl s_client -connect {faulty} -servername {HOST}"
    trust = f"-CAfile {_quoted(str(lab.root_file))}"
    return [f"{connect} {trust}"] if os.name == "nt" else [f"{connect} \\", f"  {trust} </dev/null"]


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """A script's or a service manager's SIGTERM ends the lab as ^C does, so that nothing stays behind."""
    import signal

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait(seconds: float | None) -> None:
    import time

    end = None if seconds is None else time.monotonic() + seconds
    while (left := 0.5 if end is None else end - time.monotonic()) > 0:
        time.sleep(min(left, 0.5))  # in short pieces: on Windows ^C is seen between them


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
