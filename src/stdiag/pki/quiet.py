"""cryptography announces what it will refuse one day. Clients of today accept it, so it is no news to the user."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# warnings.catch_warnings changes process-wide state: one thread at a time.
_one_at_a_time = threading.Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings from what runs inside."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
