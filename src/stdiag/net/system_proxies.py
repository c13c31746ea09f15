"""What this machine's own settings say about proxies: the environment, or the operating system's preferences."""

from __future__ import annotations

import re
import sys

import msgspec

_SCRIPT_LIMIT = 300


class SystemProxies(msgspec.Struct, frozen=True, kw_only=True):
    """The settings as they stand. Nothing in them was contacted."""

    proxies: dict[str, str] = {}
    """Scheme (http, https, socks, all) → proxy."""
    bypassed: bool = False
    """True: the settings exclude the host from the proxy."""
    script: str | None = None
    """URL of a PAC file, or `found by the network (WPAD)`: which proxy it names, only evaluating it would tell."""


def system_proxies(host: str) -> SystemProxies:
    """What the settings say about a connection to `host`."""
    from urllib.request import getproxies, proxy_bypass

    found = {scheme: value for scheme, value in getproxies().items() if value}
    # `no` is the list of exceptions; what asks it is proxy_bypass.
    found.pop("no", None)
    bypassed = bool(found) and bool(proxy_bypass(host))
    return SystemProxies(proxies=found, bypassed=bypassed, script=_script())


def without_credentials(proxy: str) -> str:
    """A setting as it may be shown and kept."""
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", r"\1***@", proxy, flags=re.DOTALL)


def _script() -> str | None:
    if sys.platform == "win32":
        import winreg

        place = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
                value, _ = winreg.QueryValueEx(key, "AutoConfigURL")
        except OSError:
            return None
        return without_credentials(str(value)[:_SCRIPT_LIMIT]) or None
    if sys.platform == "darwin":
        return _mac_script()
    return None


def _mac_script() -> str | None:
    """`scutil --proxy` prints `ProxyAutoConfigEnable : 1` and `ProxyAutoConfigURLString : http://…`."""
    import subprocess

    try:
        done = subprocess.run(
            ["/usr/sbin/scutil", "--proxy"], capture_output=True, timeout=5, check=False, encoding="utf-8"
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return mac_script_in(done.stdout)


def mac_script_in(printed: str) -> str | None:
    """The PAC file that the output of `scutil --proxy` names, or how it is found."""
    values = dict(re.findall(r"^\s*(\w+) : (.+?)\s*$", printed, flags=re.MULTILINE))
    if values.get("ProxyAutoConfigEnable") == "1":
        return without_credentials(values.get("ProxyAutoConfigURLString", "a PAC file")[:_SCRIPT_LIMIT])
    if values.get("ProxyAutoDiscoveryEnable") == "1":
        return "found by the network (WPAD)"
    return None
