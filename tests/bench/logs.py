"""Logs to read: an ordinary one of a client that fails now and then, one of failures only, one without repeats."""

from __future__ import annotations

import random
from pathlib import Path

MB = 1_000_000

_ATTEMPT = """\
{time}.891    340    FINE    CommonHttpClient.checkServerTrusted:928    Trust anchor for certification path not found.
{time}.895    340    FINE    HTTPComm.BadCertificateNotifier:579    Enter HTTPComm.BadCertificateNotifier()
    at org.apache.harmony.xnet.provider.jsse.TrustManagerImpl.checkTrusted(TrustManagerImpl.java:1)
    at org.apache.harmony.xnet.provider.jsse.TrustManagerImpl.checkServerTrusted(TrustManagerImpl.java:1)
    at org.apache.harmony.xnet.provider.jsse.OpenSSLSocketImpl.verifyCertificateChain(OpenSSLSocketImpl.java:1)
    at org.apache.harmony.xnet.provider.jsse.NativeCrypto.SSL_do_handshake(Native Method)
    at org.apache.harmony.xnet.provider.jsse.OpenSSLSocketImpl.startHandshake(OpenSSLSocketImpl.java:1)
    at org.apache.http.impl.SocketHttpClientConnection.bind(SocketHttpClientConnection.java:2)
    at org.apache.http.impl.client.AbstractHttpClient.execute(AbstractHttpClient.java:3)
{time}.901    340    FINE    STProxy.retryComm:1773    retryComm - command = 1 retries = 20
{time}.901    340    INFO    HTTPComm.sendURLRequest:501    _sendurlrequest: Connection rejected. req = POST, cmd = 1
"""
_TEXTS = (
    "ENTRY: poll, sequence = {number}",
    "presence of user{number}@example.com is AVAILABLE",
    "response code 200 in {number} ms",
    "saved message {number:x}",
    "queue length {number}",
)
_CLASSES = ("HTTPComm.poll", "STProxy.handlePresence", "RosterModel.update", "MessageStore.save", "UIThread.redraw")


def ordinary(path: Path, size: int) -> None:
    """`size` bytes, in which one line of two hundred begins an attempt that fails."""
    chance = random.Random(1)
    lines = []
    for number in range(60_000):
        time = f"2013/06/21 {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
        text = chance.choice(_TEXTS).format(number=chance.randrange(10**6))
        thread, at = chance.randrange(300, 350), chance.randrange(2000)
        lines.append(f"{time}.{number % 1000:03}    {thread}    FINE    {chance.choice(_CLASSES)}:{at}    {text}\n")
        if number % 200 == 0:
            lines.append(_ATTEMPT.format(time=time))
    _fill(path, "".join(lines).encode(), size)


def failing(path: Path, size: int) -> None:
    """`size` bytes of nothing but failed attempts."""
    times = (f"2013/06/21 {number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}" for number in range(80_000))
    _fill(path, "".join(_ATTEMPT.format(time=time) for time in times).encode(), size)


def unique(path: Path, size: int) -> None:
    """`size` bytes of lines that are never alike, digits or not."""
    chance = random.Random(2)
    letters = b"abcdefghijklmnopqrstuvwxyz     "
    table = bytes(letters[byte % len(letters)] for byte in range(256))
    with path.open("wb") as file:
        written = 0
        while written < size:
            noise = chance.randbytes(600_000).translate(table)
            lines = (noise[at : at + 60] for at in range(0, len(noise), 60))
            head = b"2013/06/21 16:28:15.891    340    FINE    A.b:1    "
            written += file.write(b"".join(head + line + b"\n" for line in lines))


def _fill(path: Path, content: bytes, size: int) -> None:
    with path.open("wb") as file:
        for _ in range(-(-size // len(content))):
            file.write(content)
