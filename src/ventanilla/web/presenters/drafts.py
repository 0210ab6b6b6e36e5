"""What is being written and what is about to leave, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from ventanilla.policy.clock import PolicyError
from ventanilla.policy.guidelines import Verdict
from ventanilla.policy.schema import Pack
from ventanilla.register.time_words import format_time
from ventanilla.web.addresses import address
from ventanilla.workspace.models import Draft, DraftFile

from .moments import Moment, moment, size, unbroken

EXCERPT = 140
HEAVY = 20 * 1024 * 1024
"""Bytes beyond which many mail servers refuse a message."""
MONDAY = 0


@dataclass(frozen=True, slots=True)
class DraftFileView:
    """A file on a draft, with the address that takes it off."""

    id: int
    name: str
    size: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """An answer on its way, scheduled or held; one of a colleague has no ``url``."""

    id: int
    url: str
    state: str
    who: str
    excerpt: str
    at: Moment | None
    epoch_ms: int
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """A moment that is offered for sending."""

    key: str
    name: str
    at: Moment


@dataclass(frozen=True, slots=True)
class GuidelineView:
    """One guideline of the checklist: ``tone`` is kept, near, broken or plain."""

    words: str
    tone: str
    icon: str
    sign: str
    clause: str
    found: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The guidelines of an answer; ``summary`` says how it stands in one line."""

    lines: tuple[GuidelineView, ...]
    summary: str
    blocks: bool


def file_views(folio: str, files: Iterable[DraftFile]) -> tuple[DraftFileView, ...]:
    """The files of a draft in their order."""
    return tuple(
        DraftFileView(
            each.pk, each.filename, size(each.size), address("draft-file", folio, each.pk)
        )
        for each in files
    )


def is_heavy(files: Iterable[DraftFile]) -> bool:
    """Whether the files together are more than many mail servers take."""
    return sum(each.size for each in files) > HEAVY


def leaving_view(
    draft: Draft, *, folio: str, zone: tzinfo, staff_id: int | None, as_of: datetime
) -> Leaving:
    """A draft that is no longer being written."""
    mine = draft.staff_id == staff_id
    waiting = "scheduled" if draft.scheduled else "leaving"
    return Leaving(
        id=draft.pk,
        url=address("leaving", folio, draft.pk) if mine else "",
        state="held" if draft.state == Draft.State.HELD else waiting,
        who="" if mine else str(draft.staff),
        excerpt=excerpt(draft.text) if mine else "",
        at=moment(draft.send_at, zone, as_of) if draft.send_at else None,
        epoch_ms=int(draft.send_at.timestamp() * 1000) if draft.send_at else 0,
        reason=draft.held_reason,
    )


def excerpt(text: str) -> str:
    """The first words of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def saved_words(at: datetime, zone: tzinfo) -> str:
    """«Guardado 10:32 a. m.»."""
    return _("Guardado %(time)s") % {"time": unbroken(format_time(at.astimezone(zone)))}


def later_moments(pack: Pack, as_of: datetime) -> dict[str, datetime]:
    """The moments offered for sending, by key: in an hour, tomorrow and on Monday at opening."""
    calendar = pack.calendar
    local = as_of.astimezone(calendar.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    to_monday = (MONDAY - local.weekday()) % 7 or 7
    found = {"1h": as_of + timedelta(hours=1)}
    for key, days in (("tomorrow", 1), ("monday", to_monday)):
        try:
            found[key] = calendar.next_opening(midnight + timedelta(days=days))
        except PolicyError:  # a place that never opens again
            continue
    return found


def later_choices(pack: Pack, as_of: datetime) -> tuple[Later, ...]:
    """The same with their names; a moment that two of them share is offered once."""
    names = {
        "1h": _("Dentro de 1 hora"),
        "tomorrow": _("Mañana al abrir"),
        "monday": _("El lunes al abrir"),
    }
    zone, seen = pack.calendar.zone, set[datetime]()
    found = []
    for key, at in later_moments(pack, as_of).items():
        days = (at.astimezone(zone).date() - as_of.astimezone(zone).date()).days
        if key == "tomorrow" and days != 1:
            names[key] = _("El próximo día hábil al abrir")
        if at not in seen:
            found.append(Later(key, names[key], moment(at, zone, as_of)))
            seen.add(at)
    return tuple(found)


def checklist(verdicts: Sequence[Verdict], reminders: Sequence[str] = ()) -> Checklist | None:
    """The guidelines as a list with signs and words; None without any."""
    # What stops the answer stands first; the others keep their place while one writes.
    lines = [_line(each) for each in sorted(verdicts, key=lambda each: not each.blocks)]
    lines += [_reminder(each) for each in reminders]
    if not lines:
        return None
    asked = [each for each in verdicts if each.met is not None]
    missing = [each for each in asked if not each.met]
    words = _("%(met)s de %(all)s pautas") % {"met": len(asked) - len(missing), "all": len(asked)}
    if not missing:
        words = _("Cumple las pautas")
    return Checklist(tuple(lines), words, blocks=any(each.blocks for each in verdicts))


def _line(verdict: Verdict) -> GuidelineView:
    guideline = verdict.guideline
    if verdict.met is None:
        tone, icon, sign = "plain", "light-bulb", _("Recuerde")
    elif verdict.met:
        tone, icon, sign = "kept", "check", _("Cumple")
    elif verdict.blocks:
        tone, icon, sign = "broken", "exclamation-triangle", _("Obligatoria")
    else:
        tone, icon, sign = "near", "minus-circle", _("Falta")
    found = ", ".join(f"«{each}»" for each in verdict.found)
    return GuidelineView(guideline.words, tone, icon, sign, guideline.clause, found)


def _reminder(words: str) -> GuidelineView:
    return GuidelineView(words, "plain", "light-bulb", _("Recuerde"), "", "")
