"""Going through many rows so that one that cannot be handled does not stand in the way of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog

from ventanilla.desk.patience import is_temporary

log = structlog.get_logger(__name__)


class SomeFailed(ExceptionGroup[Exception]):
    """The rows that failed, after all others were handled: the job shows as failed, not as done."""


def one_by_one(
    rows: Iterable[tuple[Any, ...]], carry_out: Callable[..., int], *, limit: int
) -> int:
    """Carry out each row on its own until ``limit`` things were done; how many.

    A temporary error (the database is gone) ends it at once. Any other is logged with its row and
    raised at the end, as SomeFailed.
    """
    done, failures = 0, list[Exception]()
    for row in rows:
        try:
            done += carry_out(*row)
        except Exception as error:
            if is_temporary(error):
                raise
            log.error("row_failed", carrying_out=carry_out.__qualname__, row=row, exc_info=error)
            failures.append(error)
        if done >= limit:
            break
    if failures:
        raise SomeFailed(f"{len(failures)} rows failed", failures)
    return done
