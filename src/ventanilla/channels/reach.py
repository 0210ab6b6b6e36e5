"""Which mail somebody may see: that of their desks. Every page, count and repair asks here."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from ventanilla.channels.models import InboundItem, OutboundMessage

# The same rules for statements that count among the ``latest`` rows of a table.
INBOUND_OF = """%(desks)s::text[] IS NULL OR coalesce(
    (SELECT c.desk FROM register_case AS c WHERE c.id = latest.case_id), latest.desk
    ) = ANY(%(desks)s::text[])"""
OUTBOUND_OF = """%(desks)s::text[] IS NULL OR EXISTS (
    SELECT 1 FROM register_case AS c
     WHERE c.id = latest.case_id AND c.desk = ANY(%(desks)s::text[]))"""


def inbound_of(desks: Sequence[str] | None) -> QuerySet[InboundItem]:
    """What arrived for these desks, None for all, without its bytes.

    Mail of a case belongs to the desk where the case is now, other mail to the one it was
    addressed to. What names no desk of ours and could not be read only those see who see all.
    """
    items = InboundItem.objects.defer("raw")
    if desks is None:
        return items
    return items.filter(Q(case__desk__in=desks) | Q(case=None, desk__in=desks))


def outbound_of(desks: Sequence[str] | None) -> QuerySet[OutboundMessage]:
    """What goes out in cases of these desks, None for all.

    Mail of no case (accounts, tests of channels, warnings) only those see who see all.
    """
    rows = OutboundMessage.objects.all()
    return rows if desks is None else rows.filter(case__desk__in=desks)
