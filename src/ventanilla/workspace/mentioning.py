"""Calling a colleague by name in a note: «@Berta Nieto, ¿lo ves?»."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from ventanilla.accounts.models import Staff
from ventanilla.policy.classify import plain
from ventanilla.register.models import Message
from ventanilla.workspace.models import Mention

_CALL = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"[\w'’-]+")
LONGEST_NAME = 120


def called_in(text: str, colleagues: Iterable[Staff]) -> list[Staff]:
    """Who is called in a text: by the whole name, or by a first name that only one of them has.

    Compared without accents or case. The longest name that fits wins, so «@Ana María» does not
    call an Ana.
    """
    meant = (bearers for _said, bearers in calls_in(text, colleagues) if len(bearers) == 1)
    return list({each.pk: each for (each,) in meant}.values())


def calls_in(text: str, colleagues: Iterable[Staff]) -> list[tuple[str, list[Staff]]]:
    """Each name that is called in a text, as far as it can be told, and who bears it.

    Of a name that nobody bears the first word is given, without the @.
    """
    names: dict[str, list[Staff]] = {}
    for each in colleagues:
        whole = plain(str(each))
        for name in {whole, whole.partition(" ")[0]}:
            names.setdefault(name, []).append(each)
    found: list[tuple[str, list[Staff]]] = []
    for match in _CALL.finditer(text):
        rest = text[match.end() : match.end() + LONGEST_NAME]
        said = plain(rest)
        fitting = [name for name in names if said == name or said.startswith(f"{name} ")]
        best = max(fitting, key=len, default="")
        words = _WORD.findall(rest)[: best.count(" ") + 1]
        found.append((" ".join(words), names.get(best, [])))
    return found


def note_mentions(
    *, message: Message, called: Sequence[Staff], by_id: int, as_of: datetime
) -> list[Staff]:
    """Write down who was called in a note, each once; who was not called in it before."""
    known = set(Mention.objects.filter(message=message).values_list("staff_id", flat=True))
    fresh = [each for each in called if each.pk not in known and each.pk != by_id]
    Mention.objects.bulk_create(
        [
            Mention(staff=each, by_id=by_id, case_id=message.case_id, message=message, at=as_of)
            for each in fresh
        ],
        ignore_conflicts=True,
    )
    return fresh
