"""Logging: one format for our lines and for those of the libraries."""

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import ventanilla.project.plain_structlog  # isort: skip  # noqa: F401 - before structlog itself

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from ventanilla.core.config import Config

QUIET = {
    "procrastinate": "WARNING",
    "asyncio": "WARNING",
    "mail.log": "WARNING",
    # Every try to reach a database that is away; whoever needed it says so.
    "psycopg": "ERROR",
}

ACCESS_CODE = re.compile(r"(/seguimiento/[^/\s]+/)(?!mensajes|salida)[^/\s]+")


def hide_access_codes(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave the access code out of the addresses that a failed request is logged with."""
    event["event"] = ACCESS_CODE.sub(r"\1…", str(event["event"]))
    return event


OUT_OF_REACH = frozenset({"08", "57"})
"""Classes of SQLSTATE: no connection, and a server that stops or starts."""


def tell_outages_briefly(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Say in one line that the database is away, whoever noticed: a page of trace adds nothing.

    A processor of structlog. The traces of all other errors are left as they are.
    """
    exc_info = event.get("exc_info")
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException) and (outage := _outage_in(error)):
        event["event"] = " ".join(str(event["event"]).split())
        event["database"] = outage
        del event["exc_info"]
    return event


def _outage_in(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, PoolTimeout) or (
            isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
            and (error.sqlstate or "08")[:2] in OUT_OF_REACH
        ):
            return str(error).strip().partition("\n")[0] or type(error).__name__
        error = error.__cause__ or error.__context__
    return ""


def logging_for(config: Config) -> None:
    """Configure structlog and the standard library to print to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        tell_outages_briefly,
        hide_access_codes,
    ]
    if config.log_format == "json":
        final += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        # The default traceback walks every local value: it shows passwords and personal data, and
        # took minutes where a connection pool was among them, in the middle of a shutdown.
        plain = structlog.dev.plain_traceback
        final += [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": final,
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": config.log_level},
            "loggers": {name: {"level": level} for name, level in QUIET.items()},
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
