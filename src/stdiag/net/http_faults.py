"""What requests and the libraries below it raise, as closed reasons."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator

import requests
import urllib3

from stdiag.model import Fault, FaultReason
from stdiag.net.faults import fault_of

# All that may come out of the libraries for what a peer does.
FOREIGN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)

# What the libraries raise, in the order in which it decides. A ValueError comes from a number that is none, and is
# then dressed as an early end; what has no entry is HTTP that they could not read.
_REASONS: tuple[tuple[tuple[type[BaseException], ...], FaultReason], ...] = (
    ((ssl.SSLError,), FaultReason.TLS_PROTOCOL),
    ((ValueError,), FaultReason.MALFORMED),
    ((http.client.RemoteDisconnected, http.client.IncompleteRead), FaultReason.CLOSED),
    ((TimeoutError, urllib3.exceptions.TimeoutError, requests.Timeout), FaultReason.SILENT),
)


def fault_of_failure(error: BaseException) -> Fault:
    """The closed reason for what requests, urllib3, http.client, ssl or the system raised, which wrap one another."""
    layers = list(_layers(error))
    words = str(layers[-1])[:200]
    for kinds, reason in _REASONS:
        if any(isinstance(layer, kinds) for layer in layers):
            return Fault(reason, words)
    for layer in layers:
        if isinstance(layer, OSError) and layer.errno is not None:
            return fault_of(layer)
    return Fault(FaultReason.MALFORMED, words)


def _layers(error: BaseException) -> Iterator[BaseException]:
    """`error` and all that it was made of, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        layer = waiting.pop(0)
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        yield layer
        inner = [layer.__cause__, layer.__context__, getattr(layer, "reason", None), *layer.args]
        waiting.extend(one for one in inner if isinstance(one, BaseException))
