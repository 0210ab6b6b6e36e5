"""The mailbox poller: reads by UID, changes nothing in the mailbox.

A mail that is "unread" says what a person or a program did with it, not whether we have it.
We go by the number that the server gave it (UID) within one numbering (UIDVALIDITY). When the
numbering changes everything is read again; the desk knows a mail it has by its content.
"""

import contextlib
import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from ventanilla.channels.models import MailboxCursor
from ventanilla.channels.operations import (
    advance_cursor,
    cursor_within,
    note_poll,
    quarantine_unfetched,
)
from ventanilla.core.mailboxes import ImapMailbox
from ventanilla.gateways.storing import Accept, with_connection
from ventanilla.gateways.waking import Alarm

log = logging.getLogger(__name__)

GATEWAY = "imap"
TIMEOUT_S = 60
"""For every single answer of the server."""
LONGEST_IDLE_S = 9 * 60
"""Routers forget a silent connection after ten minutes."""
BACKOFF_S = (1, 2, 5, 15, 60, 300)
"""Pause after the first, second… failure in a row; the last one repeats."""
SIZES_AT_ONCE = 100
TRIES_PER_MAIL = 3
HEADERS_KEPT = 256 * 1024
"""Bytes of the header that are kept of a mail beyond the limit."""


class MailboxUnreadable(Exception):
    """The server does not do what RFC 3501 says it does."""


Failure = (
    OSError, IMAPClientError, DatabaseError, InterfaceError, ssl.SSLError, MailboxUnreadable,
)  # fmt: skip


@dataclass(slots=True)
class _Stumble:
    """The mail that could not be fetched last, and how often."""

    uid: int = 0
    times: int = 0

    def is_hopeless(self, uid: int) -> bool:
        self.times = self.times + 1 if uid == self.uid else 1
        self.uid = uid
        return self.times >= TRIES_PER_MAIL


class MailboxPoller:
    """Fetches one mailbox until told to stop; run it in a thread of its own."""

    def __init__(
        self,
        mailbox: ImapMailbox,
        *,
        accept: Accept,
        max_bytes: int,
        poll_s: float,
        alarm: Alarm,
    ) -> None:
        self.name = f"{mailbox.user}@{mailbox.host}:{mailbox.port}/{mailbox.folder}"
        self.stored = 0
        self.last_error = ""
        self._mailbox = mailbox
        self._accept = accept
        self._max_bytes = max_bytes
        self._poll_s = poll_s
        self._alarm = alarm
        self._failures = 0
        self._stumble = _Stumble()

    def run(self) -> None:
        """Connect, fetch, wait for more; after a failure connect again, ever more slowly."""
        while not self._alarm.has_rung:
            try:
                self._session()
            except Failure as error:
                self._alarm.wait(self._failed(error))
            except Exception as error:  # a defect of ours must not end the fetching for good
                log.exception("mailbox %s", self.name)
                self._alarm.wait(self._failed(error))

    def _session(self) -> None:
        with self._connection() as client:
            while not self._alarm.has_rung:
                self._fetch_new(client)
                self._failures = 0
                if not self._alarm.has_rung:
                    self._wait(client)

    def _failed(self, error: Exception) -> float:
        """Write the failure where people see it; the pause before the next try, in seconds."""
        self._failures += 1
        self.last_error = str(error).strip() or type(error).__name__
        pause = BACKOFF_S[min(self._failures, len(BACKOFF_S)) - 1]
        log.warning("mailbox %s: %s; next try in %s s", self.name, self.last_error, pause)
        with contextlib.suppress(DatabaseError, InterfaceError):  # it may be what failed
            self._note(self.last_error)
        return pause

    def _note(self, error: str) -> None:
        now = timezone.now()
        with_connection(lambda: note_poll(mailbox=self.name, error=error, as_of=now))

    @contextlib.contextmanager
    def _connection(self) -> Iterator[IMAPClient]:
        context = ssl.create_default_context() if self._mailbox.is_tls else None
        client = IMAPClient(
            self._mailbox.host,
            self._mailbox.port,
            ssl=self._mailbox.is_tls,
            ssl_context=context,
            timeout=TIMEOUT_S,
        )
        try:
            client.login(self._mailbox.user, self._mailbox.password)
            yield client
        finally:
            with contextlib.suppress(OSError, IMAPClientError):
                client.logout()

    def _fetch_new(self, client: IMAPClient) -> None:
        """Take every mail beyond the cursor, oldest first."""
        cursor = self._cursor(self._examine(client))
        for uids in _portions(_new_uids(client, cursor.last_uid)):
            sizes = client.fetch(uids, ["RFC822.SIZE"])
            for uid in uids:
                if self._alarm.has_rung:
                    return
                if uid in sizes:  # otherwise it was deleted a moment ago
                    self._take(client, cursor.uidvalidity, uid, int(sizes[uid][b"RFC822.SIZE"]))
                self._advance(cursor, uid)
        self._note("")
        self.last_error = ""

    def _examine(self, client: IMAPClient) -> int:
        """Open the folder read-only; its UIDVALIDITY. Asked anew each time: it may change."""
        facts = client.select_folder(self._mailbox.folder, readonly=True)
        validity = facts.get(b"UIDVALIDITY")
        if not validity:
            raise MailboxUnreadable("The server tells no UIDVALIDITY.")
        return int(validity)

    def _cursor(self, uidvalidity: int) -> MailboxCursor:
        now = timezone.now()
        return with_connection(
            lambda: cursor_within(mailbox=self.name, uidvalidity=uidvalidity, as_of=now)
        )

    def _advance(self, cursor: MailboxCursor, uid: int) -> None:
        """After the mail is committed. A crash in between costs one look: ``source_key`` holds."""
        now = timezone.now()
        with_connection(lambda: advance_cursor(cursor=cursor, last_uid=uid, as_of=now))

    def _take(self, client: IMAPClient, uidvalidity: int, uid: int, size: int) -> None:
        key = f"{self.name};{uidvalidity};{uid}"
        if size > self._max_bytes:
            self._quarantine(client, key, uid, size)
            return
        raw = self._fetch(client, key, uid)
        if raw is None:
            return
        with_connection(
            lambda: self._accept(
                raw=raw,
                gateway=GATEWAY,
                envelope_from="",
                recipients=(),
                remote=self._mailbox.host,
                source_key=key,
                as_of=timezone.now(),
            )
        )
        self.stored += 1

    def _fetch(self, client: IMAPClient, key: str, uid: int) -> bytes | None:
        """The bytes, without marking the mail as read; None when it is gone or hopeless.

        A mail that the server cannot deliver three times in a row is noted in quarantine and
        passed by: one broken mail must not stop all that come after it.
        """
        try:
            return _body_in(client.fetch([uid], ["BODY.PEEK[]"]), uid)
        except IMAPClientAbortError:  # the connection is to blame, not the mail
            raise
        except (IMAPClientError, MailboxUnreadable) as error:
            if not self._stumble.is_hopeless(uid):
                raise
            self._store_unfetched(key, b"", "unfetchable", str(error))
            return None

    def _quarantine(self, client: IMAPClient, key: str, uid: int, size: int) -> None:
        part = f"BODY.PEEK[HEADER]<0.{HEADERS_KEPT}>"
        answer: dict[bytes, Any] = client.fetch([uid], [part]).get(uid, {})
        headers = next((value for name, value in answer.items() if b"HEADER" in name), b"")
        detail = (
            f"El correo ocupa {size} bytes y el máximo es {self._max_bytes}. "
            "Se guardó su encabezado; el correo sigue en el buzón."
        )
        self._store_unfetched(key, headers, "too_large", detail)

    def _store_unfetched(self, key: str, headers: bytes, reason: str, detail: str) -> None:
        with_connection(
            lambda: quarantine_unfetched(
                gateway=GATEWAY,
                headers=headers,
                remote=self._mailbox.host,
                source_key=key,
                reason=reason,
                detail=detail,
                as_of=timezone.now(),
            )
        )

    def _wait(self, client: IMAPClient) -> None:
        """Until the server speaks (IDLE), the time is over or it is time to stop.

        Also with IDLE we look again after the pause: what the server says while IDLE begins may
        sit in a buffer that no poll sees.
        """
        if not client.has_capability("IDLE"):
            self._alarm.wait(self._poll_s)
            client.noop()
            return
        client.idle()
        try:
            if self._alarm.wait(min(self._poll_s, LONGEST_IDLE_S), client.socket().fileno()):
                client.idle_check(timeout=0)
        finally:
            client.idle_done()


def _body_in(answer: dict[int, dict[bytes, Any]], uid: int) -> bytes | None:
    """The bytes of a mail; None when it was deleted a moment ago.

    Raises MailboxUnreadable when the mail is there and its content was not sent: taken for
    deleted, it would be lost without a trace.
    """
    if uid not in answer:
        return None
    raw = answer[uid].get(b"BODY[]")
    if not isinstance(raw, bytes):
        raise MailboxUnreadable("The server sent the mail without its content.")
    return raw


def _new_uids(client: IMAPClient, last_uid: int) -> list[int]:
    """UIDs beyond the last one; ``n:*`` always names at least the newest mail, so it is checked."""
    found = client.search(["UID", f"{last_uid + 1}:*"])
    return sorted(uid for uid in map(int, found) if uid > last_uid)


def _portions(uids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), SIZES_AT_ONCE):
        yield uids[start : start + SIZES_AT_ONCE]
