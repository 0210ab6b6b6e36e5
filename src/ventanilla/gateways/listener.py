"""The mail listener: SMTP from anywhere, or LMTP from a mail server in front of us.

A message is answered with 250 only after it is committed. Until then it is the sender's: every
trouble of ours is a 4xx, so that it comes again.
"""

import asyncio
import hashlib
import logging
import ssl
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ventanilla.gateways import replies
from ventanilla.gateways.content import Fault, Incoming
from ventanilla.gateways.limits import KIBIBYTE, MEBIBYTE, Admission, Limits
from ventanilla.gateways.recipients import OwnAddresses
from ventanilla.gateways.smtp import Conversation, LocalConversation
from ventanilla.gateways.storing import Accept, Arrival, Stored, store

log = logging.getLogger(__name__)

GRACE_S = 15
"""For messages that are being stored when the listener is told to stop."""


class Listener:
    """The listening port with all that its connections share. Create and use it on one loop."""

    def __init__(
        self,
        *,
        own: OwnAddresses,
        accept: Accept,
        limits: Limits,
        hostname: str,
        gateway: str = "smtp",
        tls: ssl.SSLContext | None = None,
        tls_required: bool = False,
    ) -> None:
        self.own = own
        self.limits = limits
        self.hostname = hostname
        self.gateway = gateway
        self.address = ""
        self.admission = Admission(limits)
        self.counts: Counter[str] = Counter()
        self._accept = accept
        self._options = {"tls_context": tls, "require_starttls": tls_required}
        self._threads = ThreadPoolExecutor(limits.storing_at_once, thread_name_prefix="store")
        self._conversations: set[Conversation] = set()
        self._storing: set[asyncio.Future[Stored]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which is a free one for 0. Raises OSError when it is taken."""
        kind = LocalConversation if self.gateway == "lmtp" else Conversation
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: kind(self, loop=loop, **self._options), host, port
        )
        bound: int = self._server.sockets[0].getsockname()[1]
        self.address = f"{host}:{bound}"
        return bound

    async def stop(self) -> None:
        """Take nothing new, finish what is being stored, say good-bye to everybody."""
        if self._server is not None:
            self._server.close()
        if self._storing:
            await asyncio.wait(set(self._storing), timeout=GRACE_S)
            await asyncio.sleep(0)  # let the conversations push their answers
        for each in tuple(self._conversations):
            each.say(replies.CLOSING)
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    def enters(self, conversation: Conversation, remote: str) -> bool:
        """Admit a connection, if there is room for it."""
        if not self.admission.admits(remote):
            self.counts["turned_away"] += 1
            return False
        self._conversations.add(conversation)
        return True

    def leaves(self, conversation: Conversation, remote: str) -> None:
        """Forget a connection."""
        self.admission.leaves(remote)
        self._conversations.discard(conversation)

    async def judge(self, incoming: Incoming, arrival: Callable[[bytes], Arrival]) -> str:
        """The answer to a message: why it was not read, or how storing it went."""
        if incoming.fault is not None:
            self.counts[incoming.fault.value] += 1
            return self._refusal(incoming.fault)
        item = arrival(incoming.content())
        how = await self._store(item)
        self.counts[how.value] += 1
        if how is Stored.YES:
            return replies.STORED.format(digest=hashlib.sha256(item.raw).hexdigest()[:16])
        return replies.NO_ROOM if how is Stored.NO_ROOM else replies.TRY_AGAIN

    def _refusal(self, fault: Fault) -> str:
        if fault is Fault.HEADER_TOO_LARGE:
            return replies.HEADER_TOO_LARGE.format(limit=self.limits.header_bytes // KIBIBYTE)
        return self.too_large() if fault is Fault.TOO_LARGE else replies.NO_ROOM

    def too_large(self) -> str:
        """The answer to a message beyond the limit, announced or not."""
        return replies.TOO_LARGE.format(limit=self.limits.message_bytes // MEBIBYTE)

    async def _store(self, arrival: Arrival) -> Stored:
        """Store in a thread. A database that hangs is not waited for longer than the limit.

        One still waiting for a thread is dropped. A thread cannot be called back: should it
        succeed later, the sender's second copy is recognised by its content.
        """
        loop = asyncio.get_running_loop()
        storing = loop.run_in_executor(self._threads, store, arrival, self._accept)
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(storing), self.limits.store_s)
        except TimeoutError:
            storing.cancel()
            log.warning("mail not stored within %s s", self.limits.store_s)
            return Stored.NOT_NOW
