"""The process above the web processes: it starts them, and starts them again.

``serve web`` becomes this program once it has read the configuration, which this one never loads:
it lives as long as the house and would only hold the memory.
"""

import argparse
import logging

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

STOP_WITHIN_S = 10


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    given = _arguments()
    logging.getLogger("_granian").addFilter(_is_news)
    Granian(
        "ventanilla.project.served:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        workers=given.workers,
        blocking_threads=given.threads,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_S,
    ).serve()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("shown", nargs="*")  # so that the list of processes says «serve web»
    return parser.parse_args()


def _is_news(line: logging.LogRecord) -> bool:
    """Not that there are many threads: nearly all of them wait for something to tell."""
    return "Python threads" not in str(line.msg)


if __name__ == "__main__":
    main()
