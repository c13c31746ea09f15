"""A machine of its own: network cards, routes, hosts file and name server as a test wants them, in namespaces of Linux.

The name server is dnsmasq. Nothing of the real machine's network or settings is seen or changed in it, and all of it
ends with the commands that were run.
"""

from __future__ import annotations

import functools
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import missing
from tests.peers.command import Run

LIMIT = 60.0
_SEARCH_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
_DNSMASQ = ("no-resolv", "no-hosts", "bind-interfaces", "listen-address=127.0.0.1", "local=/#/")
_LISTEN = """\
import pathlib, socket, sys, threading
def serve(place):
    address, port = place.rsplit(":", 1)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = socket.create_server((address, int(port)), family=family)
    def loop():
        while True:
            server.accept()[0].close()
    threading.Thread(target=loop, daemon=True).start()
for place in sys.argv[2:]:
    serve(place)
pathlib.Path(sys.argv[1]).touch()
threading.Event().wait()
"""


@dataclass
class Machine:
    """What the machine is like."""

    folder: Path
    cards: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"front": ["10.20.1.77/24"]})
    """Network card → its addresses, with the length of their network."""
    routes: Sequence[str] = ()
    """Further ones, as `ip route add` takes them."""
    records: Sequence[str] = ()
    """What the DNS knows: lines of dnsmasq.conf."""
    hosts: str = ""
    """Further lines of the hosts file."""
    search: str = ""
    """Search domains."""
    listening: Sequence[str] = ()
    """ADDRESS:PORT at which connections are accepted."""
    dns_is_dead: bool = False
    """True: questions to the name server go nowhere."""

    def run(self, *commands: Sequence[str | Path]) -> list[subprocess.CompletedProcess[str]]:
        """Runs the commands on it, one after the other."""
        _check_namespaces()
        self.folder.mkdir(exist_ok=True)
        self._write_files()
        script = self._script([[str(word) for word in command] for command in commands])
        done = subprocess.run(
            [*_UNSHARE[os.getuid() == 0], "sh", "-euc", script],
            cwd=self.folder,
            env={**{k: v for k, v in os.environ.items() if "proxy" not in k.lower()}, "PATH": _SEARCH_PATH},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [
            subprocess.CompletedProcess(
                list(map(str, command)), int(self._said(number, "code")), self._said(number, "out")
            )
            for number, command in enumerate(commands)
        ]

    def names(self, *arguments: str, asked: str) -> tuple[Run, list[str]]:
        """`stdiag names` on it, and what the C library says there of `asked`: its addresses, in its order."""
        stdiag = [sys.executable, "-m", "stdiag", "names", *arguments, "-f", "json", "-q"]
        ours, theirs = self.run(stdiag, ["getent", "ahosts", asked])
        assert ours.stdout, ours
        report: dict[str, Any] = json.loads(ours.stdout)
        addresses = dict.fromkeys(line.split()[0] for line in theirs.stdout.splitlines() if " STREAM" in line)
        return Run(exit_code=ours.returncode, report=report, stderr=""), list(addresses)

    def _said(self, number: int, what: str) -> str:
        return (self.folder / f"{what}{number}").read_text(encoding="utf-8")

    def _write_files(self) -> None:
        search = f"search {self.search}\n" if self.search else ""
        texts = {
            "resolv.conf": f"nameserver 127.0.0.1\n{search}options timeout:1 attempts:1\n",
            "hosts": f"127.0.0.1 localhost\n{self.hosts}\n",
            "nsswitch.conf": "hosts: files dns\n",
            "listen.py": _LISTEN,
            "dnsmasq.conf": "\n".join([*_DNSMASQ, *self.records]) + "\n",
        }
        for name, text in texts.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def _script(self, commands: Sequence[Sequence[str]]) -> str:
        lines = ["rm -f dns.log ready", "touch dns.log", "ip link set lo up"]
        for card, addresses in self.cards.items():
            lines.append(f"ip link add name {card} type veth peer name {card}_end")
            lines += [f"ip addr add {address} dev {card}{_NO_WAIT[':' in address]}" for address in addresses]
            lines += [f"ip link set {name} up" for name in (card, f"{card}_end")]
        lines += [f"ip route add {route}" for route in self.routes]
        lines += [f'mount --bind "$PWD/{name}" /etc/{name}' for name in ("resolv.conf", "hosts", "nsswitch.conf")]
        if self.dns_is_dead:
            # A socket that is never read from: questions arrive, and answers do not come.
            deaf = "import socket,time;s=socket.socket(2,2);s.bind(('127.0.0.1',53));print('started');time.sleep(60)"
            lines.append(f"{shlex.quote(sys.executable)} -u -c {shlex.quote(deaf)} > dns.log &")
        else:
            lines.append("dnsmasq -d -C dnsmasq.conf --pid-file= --log-facility=- 2> dns.log &")
        lines.append(_wait("grep -q started dns.log"))
        if self.listening:
            places = " ".join(self.listening)
            lines += [f"{shlex.quote(sys.executable)} listen.py ready {places} &", _wait("test -e ready")]
        for number, command in enumerate(commands):
            lines.append(f"code=0; {shlex.join(command)} > out{number} || code=$?; echo $code > code{number}")
        return "\n".join(lines)


_UNSHARE = {
    True: ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"),
    False: ("unshare", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child"),
}
"""Whether it is run as root → the command."""
_NO_WAIT = {True: " nodad", False: ""}
"""An IPv6 address is usable at once only without looking for duplicates."""


def _wait(condition: str) -> str:
    return f"for i in $(seq 500); do if {condition}; then break; fi; sleep 0.01; done; {condition}"


@functools.cache
def _refused() -> str:
    """Why there can be no such machine here; empty when there can."""
    tried = ("ip link set lo up", "ip link add name card type veth peer name end", "mount --bind /etc/hosts /etc/hosts")
    done = subprocess.run(
        [*_UNSHARE[os.getuid() == 0], "sh", "-c", " && ".join(tried)],
        env={**os.environ, "PATH": _SEARCH_PATH},
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )
    return done.stderr.strip() if done.returncode else ""


def _check_namespaces() -> None:
    if why := _refused():
        missing("network and mount namespaces", f"not allowed here ({why})")
