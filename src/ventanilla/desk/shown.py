"""What the page of a writer showed of an answer, held against what would leave.

Files, steps of a macro and cited articles stand in the draft on the server and not in the form, and
another tab may have changed them. Only what its writer has seen may go to the person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ventanilla.core.refusals import Refusal
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft

MARK_LENGTH = 16


class AnswerChanged(Refusal):
    """Mientras usted escribía, en otra pestaña u otro equipo cambió lo que sale con esta respuesta:
    {what}. Aquí está como queda ahora: revíselo y, si es lo que quiere, envíela de nuevo."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The ``version`` of the draft a page was drawn from, and what it showed beside the text.

    ``files`` are ids, ``articles`` those of article versions, ``deeds`` is ``mark_of`` them.
    """

    revision: int = 0
    files: frozenset[int] = frozenset()
    articles: frozenset[int] = frozenset()
    deeds: str = ""


def mark_of(deeds: Sequence[Mapping[str, Any]]) -> str:
    """A short digest of the steps of a macro, for a form to bring back; empty for none."""
    if not deeds:
        return ""
    told = json.dumps(list(deeds), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_LENGTH]


def require_shown(draft: Draft, shown: Shown, *, text: str) -> None:
    """That a locked draft holds what its writer saw, and no other text that would be lost.

    Raises DraftGone, DraftMoved, AnswerChanged.
    """
    drafting.require_unmoved(draft, text=text, revision=shown.revision)
    changed = [*_files(draft, shown)]
    if mark_of(draft.deeds) != shown.deeds:
        changed.append(_("cambiaron los pasos que se hacen al salir"))
    if set(draft.article_versions) != shown.articles:
        changed.append(_("cambiaron los artículos que cita"))
    if changed:
        raise AnswerChanged(what="; ".join(changed))


def _files(draft: Draft, shown: Shown) -> list[str]:
    names = dict(draft.files.order_by("id").values_list("id", "filename"))
    added = [f"«{name}»" for key, name in names.items() if key not in shown.files]
    gone = len(shown.files - names.keys())
    told = []
    if added:
        words = ngettext(
            "se añadió el archivo %(names)s", "se añadieron los archivos %(names)s", len(added)
        )
        told.append(words % {"names": ", ".join(added)})
    if gone:
        words = ngettext("se quitó un archivo", "se quitaron %(n)s archivos", gone)
        told.append(words % {"n": gone} if gone > 1 else words)
    return told
