"""Reads of what arrived and what goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from ventanilla.channels.models import Delivery, Fate, InboundItem, MailboxCursor, OutboundMessage
from ventanilla.channels.reach import INBOUND_OF, OUTBOUND_OF, inbound_of, outbound_of
from ventanilla.channels.rules import CAP_WINDOW_OF_ADDRESS, Caps
from ventanilla.core.statements import execute

PAGE = 50
MOST_COUNTED = 1_000
# The counts look at the latest rows of each kind, so that no history makes them slow: at those of
# the house, where the mail of a case stands that came over from another desk, and at those that
# each desk was sent, so that a small one does not vanish behind the mail of the others.
LATEST = """
    ((SELECT id, fate_reason, case_id, desk FROM channels_inbounditem WHERE fate = {fate}
       ORDER BY id DESC LIMIT %(most)s::int)
      UNION
      SELECT own.* FROM unnest(%(desks)s::text[]) AS asked (desk), LATERAL (
             SELECT id, fate_reason, case_id, desk FROM channels_inbounditem
              WHERE fate = {fate} AND desk = asked.desk
              ORDER BY id DESC LIMIT %(most)s::int) AS own) AS latest
     WHERE {of_desks}
"""
COUNTED_FATES = """
    SELECT wanted.fate, (SELECT least(count(*), %(most)s::int) FROM {latest})
      FROM unnest(%(fates)s::text[]) AS wanted (fate)
"""
# Failed and held ones are mended and gone, and have an index of their own.
COUNTED_TROUBLES = """
    SELECT wanted.state, (SELECT count(*) FROM (
           SELECT case_id FROM channels_outboundmessage AS latest
            WHERE state = wanted.state AND state IN ('failed', 'held', 'suppressed')
              AND ({of_desks})
            ORDER BY id DESC LIMIT %(most)s::int) AS counted)
      FROM unnest(ARRAY['failed', 'held']) AS wanted (state)
"""
QUARANTINE_REASONS = """
    SELECT fate_reason, count(*) FROM {latest}
     GROUP BY fate_reason ORDER BY count(*) DESC, fate_reason
"""
_COUNTED_FATES = COUNTED_FATES.format(latest=LATEST.format(fate="wanted.fate", of_desks=INBOUND_OF))
_COUNTED_TROUBLES = COUNTED_TROUBLES.format(of_desks=OUTBOUND_OF)
_QUARANTINE_REASONS = QUARANTINE_REASONS.format(
    latest=LATEST.format(fate="'quarantine'", of_desks=INBOUND_OF)
)


@dataclass(frozen=True, slots=True)
class AutomaticMail:
    """How much automatic mail went to an address in a day and in a case within its window."""

    to_address: int
    in_case: int


def inbound(
    *,
    desks: Sequence[str] | None,
    fate: Fate | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> list[InboundItem]:
    """Items without their bytes, newest first; ``after`` is the last id of the page before."""
    items = inbound_of(desks).select_related("case").order_by("-id")
    if fate is not None:
        items = items.filter(fate=fate)
    if after is not None:
        items = items.filter(id__lt=after)
    return list(items[:limit])


def fates() -> dict[Fate, int]:
    """How many items have each fate: what the ledger of fates is reconciled with."""
    rows = InboundItem.objects.order_by().values_list("fate").annotate(Count("id"))
    return {Fate(fate): count for fate, count in rows}


def counted_fates(desks: Sequence[str] | None) -> dict[Fate, int]:
    """How many items of each fate, of the latest ones, at most MOST_COUNTED: for people, not for proof."""
    facts = {"fates": Fate.values, "most": MOST_COUNTED, "desks": desks}
    rows = execute(_COUNTED_FATES, facts).fetchall()
    return {Fate(fate): count for fate, count in rows}


def counted_troubles(desks: Sequence[str] | None) -> dict[Delivery, int]:
    """How many messages failed and how many are held, at most MOST_COUNTED of each."""
    rows = execute(_COUNTED_TROUBLES, {"most": MOST_COUNTED, "desks": desks}).fetchall()
    return {Delivery(state): count for state, count in rows}


def quarantine_reasons(desks: Sequence[str] | None) -> list[tuple[str, int]]:
    """Why mails are in quarantine and how many for each reason, of the latest ones."""
    rows = execute(_QUARANTINE_REASONS, {"most": MOST_COUNTED, "desks": desks}).fetchall()
    return [(reason, count) for reason, count in rows]


def quarantined(*, desks: Sequence[str] | None, reason: str, limit: int) -> list[int]:
    """Ids of items that are in quarantine for one reason, longest waiting first."""
    items = inbound_of(desks).filter(fate=Fate.QUARANTINE, fate_reason=reason)
    return list(items.order_by("id").values_list("id", flat=True)[:limit])


def latest_from(sender: str, *, after: int) -> InboundItem | None:
    """The item that this envelope sender sent in after the one with id ``after``."""
    items = InboundItem.objects.defer("raw").filter(pk__gt=after, envelope_from=sender)
    return items.order_by("id").first()


def last_inbound_id() -> int:
    """The id of what arrived last, 0 when nothing ever did."""
    return InboundItem.objects.order_by("-id").values_list("id", flat=True).first() or 0


def in_trouble(*, desks: Sequence[str] | None, state: Delivery, limit: int) -> list[int]:
    """Ids of messages that failed or are held, oldest first."""
    rows = outbound_of(desks).filter(state=state)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def pending_inbound(*, received_before: datetime, limit: int) -> list[int]:
    """Ids of items that nobody has processed though they came before that moment, oldest first."""
    items = InboundItem.objects.filter(fate=Fate.PENDING, received_at__lt=received_before)
    return list(items.order_by("received_at", "id").values_list("id", flat=True)[:limit])


def mailbox_troubles() -> list[tuple[str, str]]:
    """The mailboxes that could not be read the last time, each with what went wrong."""
    failing = MailboxCursor.objects.exclude(last_error="").order_by("mailbox")
    return list(failing.values_list("mailbox", "last_error"))


def outbox(
    *,
    desks: Sequence[str] | None,
    state: Delivery | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> list[OutboundMessage]:
    """Messages, newest first; ``after`` is the last id of the page before."""
    rows = outbound_of(desks).select_related("case").order_by("-id")
    if state is not None:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return list(rows[:limit])


def due_outbound(*, as_of: datetime, limit: int) -> list[int]:
    """Ids of messages whose next try is due, longest waiting first."""
    rows = OutboundMessage.objects.filter(state=Delivery.QUEUED, next_attempt_at__lte=as_of)
    return list(rows.order_by("next_attempt_at", "id").values_list("id", flat=True)[:limit])


def automatic_mail(
    *, address: str, case_id: int | None, caps: Caps, as_of: datetime
) -> AutomaticMail:
    """The counts that the caps of the policy are held against.

    Automatic mail goes to one address each, so the whole ``to`` is compared: an index scan.
    """
    sent = OutboundMessage.objects.filter(automatic=True).exclude(state=Delivery.SUPPRESSED)
    to_address = sent.filter(to=[address], created_at__gt=as_of - CAP_WINDOW_OF_ADDRESS)
    in_case: QuerySet[OutboundMessage] = sent.none()
    if case_id is not None:
        said = sent.filter(case_id=case_id, record_message__isnull=False)  # no notices to staff
        in_case = said.filter(created_at__gt=as_of - caps.case_window)
    return AutomaticMail(to_address=to_address.count(), in_case=in_case.count())


def notices(*, kind: str, address: str, case_id: int, caps: Caps, as_of: datetime) -> AutomaticMail:
    """The same counts for the notices of one kind to a colleague."""
    sent = OutboundMessage.objects.filter(kind=kind, automatic=True, to=[address])
    to_address = sent.filter(created_at__gt=as_of - CAP_WINDOW_OF_ADDRESS)
    in_case = sent.filter(case_id=case_id, created_at__gt=as_of - caps.case_window)
    return AutomaticMail(to_address=to_address.count(), in_case=in_case.count())
