"""Logging: one format for our lines and for those of the libraries."""

import logging.config
from typing import Any

import structlog

from ventanilla.core.config import Config

QUIET = {"procrastinate": "WARNING", "asyncio": "WARNING", "mail.log": "WARNING"}


def logging_for(config: Config) -> None:
    """Configure structlog and the standard library to print to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
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
