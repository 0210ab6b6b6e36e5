"""Asks the database what the streams need to know: one thread a process.

It keeps the rows of presence of all open pages fresh with one statement, finds out who is on a case
when that changed, and looks again whether each visitor still may see what they see. The streams
themselves never touch the database.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest
from psycopg_pool import PoolTimeout

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import visible_desks
from ventanilla.register.queries.placing import Place, places_of
from ventanilla.web.live.hub import Hub
from ventanilla.web.live.stream import Stream, Visitor
from ventanilla.workspace import presence
from ventanilla.workspace.presence import OpenPage, Present

KEEP_EVERY_S = 15.0
CHECK_EVERY_S = 30.0
TRY_AGAIN_S = 2.0
AWAY = (DatabaseError, InterfaceError, PoolTimeout)

logger = logging.getLogger(__name__)


class Clerk:
    """Serves the streams of one hub until told to stop."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self._work = threading.Condition()
        self._looks: dict[int, float] = {}
        self._closed: list[UUID] = []
        self._looks_at_all = False
        self._keep_at = 0.0
        self._is_stopped = False
        self.failures = 0
        """Turns that ended in an error nobody foresaw, since the process began."""
        self._thread = threading.Thread(target=self._run, name="live-clerk", daemon=True)

    def start(self, hub: Hub) -> None:
        """Begin to serve, in a thread of its own."""
        self.hub = hub
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end soon."""
        with self._work:
            self._is_stopped = True
            self._work.notify()

    @property
    def is_alive(self) -> bool:
        """Whether the thread is at work."""
        return self._thread.is_alive()

    def look(self, case_id: int, *, in_s: float = 0.0) -> None:
        """Find out who is on a case and tell its pages; sooner wins over later."""
        with self._work:
            at = time.monotonic() + in_s
            self._looks[case_id] = min(at, self._looks.get(case_id, at))
            self._work.notify()

    def look_at_all(self) -> None:
        """Find out how every watched case stands: news may have been missed."""
        with self._work:
            self._looks_at_all = True
            self._keep_at = 0.0
            self._work.notify()

    def close_pages(self, connections: Sequence[UUID]) -> None:
        """Note that these pages are closed."""
        with self._work:
            self._closed.extend(connections)
            self._work.notify()

    def _run(self) -> None:
        while not self._is_stopped:
            try:
                self._serve()
            except AWAY as error:
                logger.info("live updates wait for the database: %s", str(error).strip()[:200])
                time.sleep(TRY_AGAIN_S)
            except Exception:  # one page must not silence the pages of everybody else
                self.failures += 1
                logger.exception("live updates: a turn of the clerk failed")
                time.sleep(TRY_AGAIN_S)
            finally:
                connection.close()  # back to the pool of the pages

    def _serve(self) -> None:
        """Everything that is due, after waiting for something to be."""
        assert self.hub is not None
        self._wait()
        streams = self.hub.streams()
        self._drop_stuck(streams)
        self._leave()
        if streams and time.monotonic() >= self._keep_at:
            presence.keep(pages=list(pages_of(streams)), as_of=datetime.now(UTC))
            self._keep_at = time.monotonic() + KEEP_EVERY_S
        if self._looks_at_all:
            self._tell_all(streams)
        if cases := self._due_looks():
            self._tell_presence(cases, streams)
        for stream in streams:
            if stream.check_at <= time.monotonic():
                self._check(stream)
                stream.check_at = time.monotonic() + CHECK_EVERY_S

    def _check(self, stream: Stream) -> None:
        """End a stream of which it cannot be found out what its visitor may see."""
        try:
            check(stream)
        except AWAY:
            raise
        except Exception:
            self.failures += 1
            logger.exception("live updates: a visitor could not be checked")
            stream.end()

    def _wait(self) -> None:
        """Until there is something to do, at most a second."""
        with self._work:
            if self._is_stopped or self._closed or self._looks_at_all:
                return
            due = min(self._looks.values(), default=time.monotonic() + 1.0)
            self._work.wait(min(1.0, max(0.0, due - time.monotonic())))

    def _leave(self) -> None:
        with self._work:
            closed, self._closed = self._closed, []
        if closed:
            presence.leave(connections=closed)

    def _tell_all(self, streams: list[Stream]) -> None:
        self._looks_at_all = False
        folios = {each.folio for stream in streams for each in stream.watched.values()}
        places = places_of(sorted(folios))
        for stream in streams:
            for place in places:
                tell_place(stream, place)
        self._tell_presence([each.case_id for each in places], streams)

    def _due_looks(self) -> list[int]:
        with self._work:
            now = time.monotonic()
            cases = [case_id for case_id, at in self._looks.items() if at <= now]
            for case_id in cases:
                del self._looks[case_id]
            return cases

    def _tell_presence(self, cases: list[int], streams: list[Stream]) -> None:
        found = presence.who_is_here(cases, as_of=datetime.now(UTC))
        for stream in streams:
            for case_id in stream.watched.keys() & set(cases):
                tell_presence(stream, case_id, found)
        for case_id in {each.case_id for each in found if each.is_typing}:
            # Nobody announces that a person stopped hitting keys.
            self.look(case_id, in_s=presence.TYPING_FOR.total_seconds() + 0.5)

    def _drop_stuck(self, streams: Iterable[Stream]) -> None:
        assert self.hub is not None
        for stream in streams:
            if stream.is_stuck:
                self.hub.dismiss(stream)
                stream.end()


def pages_of(streams: Iterable[Stream]) -> Iterable[OpenPage]:
    """The open pages that stand behind these streams."""
    for stream in streams:
        for each in stream.watched.values():
            yield OpenPage(each.connection, each.case_id, stream.visitor.staff_id)


def tell_presence(stream: Stream, case_id: int, found: Iterable[Present]) -> None:
    """Leave the list of the others who are on a case."""
    watched = stream.watched.get(case_id)
    if watched is None:
        return
    others = [
        {"name": each.name, "typing": each.is_typing}
        for each in found
        if each.case_id == case_id and each.staff_id != stream.visitor.staff_id
    ]
    if stream.people.get(case_id) != others:
        stream.people[case_id] = others
        detail = {"folio": watched.folio, "people": others}
        stream.put("presence", detail, slot=f"presence {watched.folio}")


def tell_place(stream: Stream, place: Place) -> None:
    """Leave word of where a case stands, if a page of this stream shows it."""
    if place.case_id in stream.watched:
        stream.put("case", {"folio": place.folio, "seq": place.seq}, slot=place.folio)


def check(stream: Stream) -> None:
    """Look again what the visitor may see; end the stream of one who may see nothing any more."""
    staff = signed_in(stream.visitor.session_key)
    desks = visible_desks(staff) if staff is not None else []
    if staff is None or desks == []:
        stream.end("session")
        return
    seen = None if desks is None else frozenset(desks)
    stream.visitor = Visitor(staff.pk, stream.visitor.session_key, seen)
    folios = [each.folio for each in stream.watched.values()]
    for place in places_of(folios) if folios else ():
        if not stream.visitor.sees((place.desk,)):
            stream.forget(place.case_id)


def signed_in(session_key: str) -> Staff | None:
    """The active member of staff this session belongs to, exactly as a page would find them."""
    request = HttpRequest()
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(session_key)
    user = get_user(request)
    return user if isinstance(user, Staff) and user.is_active else None
