"""Several waits at a time, in daemon threads that nobody joins without a deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from stdiag.net.deadline import Deadline

T = TypeVar("T")


def side_by_side(calls: Sequence[Callable[[], T]], deadline: Deadline, grace: float = 0.5) -> list[T | None]:
    """Results of `calls` in their order, all run at the same time; None for one that was not back in time.

    The calls bound their own waits; `grace` seconds beyond the deadline let them tell how they ended. A call that
    raises makes this raise the same, after the others have ended.
    """
    if not calls:
        return []
    results: list[T | None] = [None] * len(calls)
    errors: list[BaseException] = []

    def run(index: int) -> None:
        try:
            results[index] = calls[index]()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(1, len(calls))]
    for thread in threads:
        thread.start()
    run(0)
    for thread in threads:
        thread.join(deadline.remaining() + grace)
    if errors:
        raise errors[0]
    return results
