"""What proxies know by name, without a name server: libnss_wrapper answers their look-ups from a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

WRAPPER = "libnss_wrapper.so"
"""Of Debian's package libnss-wrapper. The loader finds it by its name."""


def write_hosts(folder: Path, hosts: Mapping[str, str]) -> Path:
    """A hosts file: name → address."""
    file = folder / "hosts"
    file.write_text("".join(f"{address} {name}\n" for name, address in hosts.items()), encoding="ascii")
    file.chmod(0o644)
    return file


def environment(folder: Path, hosts: Mapping[str, str], accounts: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment in which a program resolves `hosts` and no other name: no question leaves the machine.

    `accounts` (name → hash of the password, as crypt(3) makes it) are added to the system's own, in copies.
    """
    env = {**os.environ, "LD_PRELOAD": WRAPPER, "NSS_WRAPPER_HOSTS": str(write_hosts(folder, hosts))}
    if accounts is not None:
        passwd, group, shadow = folder / "passwd", folder / "group", folder / "shadow"
        own = Path("/etc/passwd").read_text(encoding="utf-8")
        passwd.write_text(own + "".join(f"{name}:x:64999:65534::/:/bin/false\n" for name in accounts), encoding="utf-8")
        group.write_text(Path("/etc/group").read_text(encoding="utf-8"), encoding="utf-8")
        shadow.write_text(
            "".join(f"{name}:{secret}:19000::::::\n" for name, secret in accounts.items()), encoding="utf-8"
        )
        for file in (passwd, group, shadow):
            file.chmod(0o644)
        env |= {
            "NSS_WRAPPER_PASSWD": str(passwd),
            "NSS_WRAPPER_GROUP": str(group),
            "NSS_WRAPPER_SHADOW": str(shadow),
        }
    return env
