"""Reads of what arrived and what goes out."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from ventanilla.channels.models import Delivery, Fate, InboundItem, MailboxCursor, OutboundMessage
from ventanilla.channels.rules import CAP_WINDOW_OF_ADDRESS, Caps

PAGE = 50


@dataclass(frozen=True, slots=True)
class AutomaticMail:
    """How much automatic mail went to an address in a day and in a case within its window."""

    to_address: int
    in_case: int


def inbound(
    *, fate: Fate | None = None, after: int | None = None, limit: int = PAGE
) -> list[InboundItem]:
    """Items without their bytes, newest first; ``after`` is the last id of the page before."""
    items = InboundItem.objects.defer("raw").select_related("case").order_by("-id")
    if fate is not None:
        items = items.filter(fate=fate)
    if after is not None:
        items = items.filter(id__lt=after)
    return list(items[:limit])


def fates() -> dict[Fate, int]:
    """How many items have each fate: what the ledger of fates is reconciled with."""
    rows = InboundItem.objects.order_by().values_list("fate").annotate(Count("id"))
    return {Fate(fate): count for fate, count in rows}


def pending_inbound(*, received_before: datetime, limit: int) -> list[int]:
    """Ids of items that nobody has processed though they came before that moment, oldest first."""
    items = InboundItem.objects.filter(fate=Fate.PENDING, received_at__lt=received_before)
    return list(items.order_by("received_at", "id").values_list("id", flat=True)[:limit])


def mailbox_troubles() -> list[tuple[str, str]]:
    """The mailboxes that could not be read the last time, each with what went wrong."""
    failing = MailboxCursor.objects.exclude(last_error="").order_by("mailbox")
    return list(failing.values_list("mailbox", "last_error"))


def outbox(
    *, state: Delivery | None = None, after: int | None = None, limit: int = PAGE
) -> list[OutboundMessage]:
    """Messages, newest first; ``after`` is the last id of the page before."""
    rows = OutboundMessage.objects.select_related("case").order_by("-id")
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
