"""Cases joined, parted and related, and files put into one."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from ventanilla.accounts.permissions import Permission
from ventanilla.core.words import screen
from ventanilla.desk import filing, structure
from ventanilla.desk.enclosing import UNKNOWN_TYPE, Upload
from ventanilla.register.models import Case
from ventanilla.web.forms import structure as forms

from .base import Action, Passing, Steady, always, in_work


def upload(file: UploadedFile[bytes]) -> Upload:
    """A file that came with a form, as the desk takes it."""
    return Upload(
        filename=file.name or "archivo",
        content=file.read(),
        declared_type=file.content_type or UNKNOWN_TYPE,
    )


def _merge(steady: Steady, asked: dict[str, Any]) -> object:
    structure.merge(into=asked["into"], **steady)
    return asked["into"]


def _split(steady: Steady, asked: dict[str, Any]) -> object:
    return structure.split(
        message_ids=[int(each) for each in asked["messages"]],
        subject=asked["subject"],
        category=asked["category"],
        **steady,
    )


def _link(steady: Steady, asked: dict[str, Any]) -> object:
    return structure.link(other=asked["into"], **steady)


def _file(steady: Steady, asked: dict[str, Any]) -> object:
    return filing.add_evidence(
        case=steady["case"],
        uploads=[upload(each) for each in asked["evidence"]],
        acting_user=steady["acting_user"],
        as_of=steady["as_of"],
    )


def _say_split(result: object) -> str:
    folio = result.folio if isinstance(result, Case) else ""
    return gettext("Este es el caso nuevo, %(folio)s; la persona recibe su acuse.") % {
        "folio": folio
    }


def _the_result(result: object) -> Case | None:
    return result if isinstance(result, Case) else None


def _is_merged(case: Case) -> bool:
    return case.merged_into_id is not None


def _is_linked(case: Case) -> bool:
    return always(case) and bool(case.linked_ids)


MERGE = Action(
    noun="union",
    title=screen("Unir a otro caso"),
    verb=screen("Unir"),
    icon="link",
    permission=Permission.MERGE_CASES,
    form=forms.Merging,
    fits=in_work,
    do=_merge,
    done=screen("El caso anterior se unió a este, que es el que sigue."),
    lands=_the_result,
    danger=True,
    consequences=(
        screen("Lo que llegue a este caso pasará al otro; la dirección de este sigue funcionando."),
        screen(
            "Los compromisos de este caso dejan de correr; nada vence más tarde de lo prometido."
        ),
        screen("La persona no recibe ningún aviso."),
    ),
)
UNMERGE = Action(
    noun="desunion",
    title=screen("Deshacer la unión"),
    verb=screen("Deshacer la unión"),
    icon="link-slash",
    permission=Permission.UNMERGE_CASES,
    fits=_is_merged,
    do=Passing(structure.unmerge),
    done=screen("Unión deshecha."),
    consequences=(
        screen("El caso vuelve a estar solo, con su estado y sus compromisos de antes."),
        screen("Lo que llegó al otro caso mientras estuvieron unidos se queda allá."),
    ),
)
SPLIT = Action(
    noun="division",
    title=screen("Dividir"),
    verb=screen("Abrir el caso nuevo"),
    icon="scissors",
    permission=Permission.SPLIT_CASE,
    form=forms.Splitting,
    fits=in_work,
    do=_split,
    done=screen("Se abrió un caso nuevo con esos mensajes."),
    say=_say_split,
    lands=_the_result,
    intro=screen(
        "Cuando una persona pide dos cosas a la vez, cada una merece su número y sus plazos."
    ),
    consequences=(
        screen(
            "Los mensajes elegidos pasan a un caso nuevo de la misma persona, con su propio número."
        ),
        screen("Sus plazos corren desde que llegó el primero de esos mensajes."),
        screen(
            "La persona recibe un acuse con el número nuevo. Los archivos quedan donde llegaron."
        ),
    ),
)
LINK = Action(
    noun="relacion",
    title=screen("Relacionar con otro caso"),
    short=screen("Relacionar"),
    verb=screen("Relacionar"),
    icon="arrows-right-left",
    permission=Permission.LINK_CASES,
    form=forms.Linking,
    fits=always,
    do=_link,
    done=screen("Los dos casos quedaron relacionados."),
    consequences=(
        screen("Cada caso muestra al otro, y los dos registros lo dicen."),
        screen("Nada más cambia: ni plazos, ni estado, ni quién lo atiende. Se puede quitar."),
    ),
)
UNLINK = Action(
    noun="separacion",
    title=screen("Quitar una relación"),
    verb=screen("Quitar la relación"),
    icon="x-mark",
    permission=Permission.LINK_CASES,
    form=forms.Unlinking,
    fits=_is_linked,
    do=Passing(structure.unlink, "other"),
    done=screen("Los dos casos ya no están relacionados."),
    consequences=(screen("Los registros conservan que lo estuvieron."),),
)
FILE = Action(
    noun="archivos",
    title=screen("Añadir evidencia"),
    verb=screen("Guardar archivos"),
    icon="paper-clip",
    permission=Permission.ADD_EVIDENCE,
    form=forms.Filing,
    fits=always,
    do=_file,
    done=screen("Archivos guardados."),
)
STRUCTURE = (FILE, SPLIT, LINK, UNLINK, MERGE, UNMERGE)
