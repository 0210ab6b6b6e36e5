"""A live listener on a free port, on its own event loop in a thread."""

import asyncio
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from ventanilla.gateways.limits import Limits
from ventanilla.gateways.listener import Listener
from ventanilla.gateways.recipients import OwnAddresses
from ventanilla.gateways.storing import Accept

OWN = OwnAddresses(["atencion@generasoft.example", "soporte@generasoft.example"])
DESK = "soporte@generasoft.example"
MIB = 1024 * 1024


@dataclass
class Kept:
    """What was handed over."""

    raw: bytes
    gateway: str
    envelope_from: str
    recipients: Sequence[str]
    remote: str
    as_of: datetime
    source_key: str | None = None


@dataclass
class Shelf:
    """Takes what a gateway hands over and remembers it: the protocol needs no database."""

    kept: list[Kept] = field(default_factory=list)
    error: Exception | None = None

    def accept(self, **facts: object) -> None:
        if self.error is not None:
            raise self.error
        self.kept.append(Kept(**facts))  # type: ignore[arg-type]  # the keywords of the port


@contextmanager
def listening(
    accept: Accept,
    *,
    limits: Limits | None = None,
    gateway: str = "smtp",
    tls: ssl.SSLContext | None = None,
    tls_required: bool = False,
) -> Iterator[tuple[int, Listener]]:
    """The port and the listener; stopped and joined at the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> tuple[int, Listener]:
        listener = Listener(
            own=OWN,
            accept=accept,
            limits=limits or Limits(message_bytes=MIB),
            hostname="mx.generasoft.example",
            gateway=gateway,
            tls=tls,
            tls_required=tls_required,
        )
        return await listener.start("127.0.0.1", 0), listener

    port, listener = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield port, listener
    finally:
        asyncio.run_coroutine_threadsafe(listener.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
