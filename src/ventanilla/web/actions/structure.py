"""Cases joined and parted."""

from __future__ import annotations

from typing import Any

from ventanilla.accounts.permissions import Permission
from ventanilla.desk import structure
from ventanilla.register.models import Case
from ventanilla.web.forms import case as forms

from .base import Action, Steady, in_work


def _merge(steady: Steady, asked: dict[str, Any]) -> object:
    return structure.merge(into=asked["into"], **steady)


def _unmerge(steady: Steady, _: dict[str, Any]) -> object:
    return structure.unmerge(**steady)


def _split(steady: Steady, asked: dict[str, Any]) -> object:
    return structure.split(
        message_ids=[int(each) for each in asked["messages"]],
        subject=asked["subject"],
        category=asked["category"],
        **steady,
    )


def _is_merged(case: Case) -> bool:
    return case.merged_into_id is not None


MERGE = Action(
    noun="union",
    title="Unir a otro caso",
    verb="Unir",
    icon="link",
    permission=Permission.MERGE_CASES,
    form=forms.Merging,
    fits=in_work,
    do=_merge,
    done="Caso unido.",
    danger=True,
    consequences=(
        "Lo que llegue a este caso pasará al otro; la dirección de este sigue funcionando.",
        "Los compromisos de este caso dejan de correr; los del otro siguen.",
        "Se puede deshacer.",
    ),
)
UNMERGE = Action(
    noun="desunion",
    title="Deshacer la unión",
    verb="Deshacer la unión",
    icon="link-slash",
    permission=Permission.UNMERGE_CASES,
    fits=_is_merged,
    do=_unmerge,
    done="Unión deshecha.",
    consequences=("El caso vuelve a estar solo, con sus compromisos.",),
)
SPLIT = Action(
    noun="division",
    title="Dividir",
    verb="Abrir el caso nuevo",
    icon="scissors",
    permission=Permission.SPLIT_CASE,
    form=forms.Splitting,
    fits=in_work,
    do=_split,
    done="Se abrió un caso nuevo con esos mensajes.",
    intro="Cuando una persona pide dos cosas a la vez, cada una merece su número y sus plazos.",
)
STRUCTURE = (SPLIT, MERGE, UNMERGE)
