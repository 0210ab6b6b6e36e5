"""What is said: replies, notes, progress."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import Permission
from ventanilla.core.words import screen
from ventanilla.desk import progress, replies, sending
from ventanilla.desk.enclosing import UNKNOWN_TYPE, Upload
from ventanilla.desk.shown import Shown
from ventanilla.register.models import Case
from ventanilla.web.forms import case as forms
from ventanilla.web.packs import pack_for
from ventanilla.web.presenters.drafts import later_moments
from ventanilla.workspace.models import Draft

from .base import Action, Steady, always, in_work


def _upload(file: UploadedFile[bytes]) -> Upload:
    return Upload(
        filename=file.name or "archivo",
        content=file.read(),
        declared_type=file.content_type or UNKNOWN_TYPE,
    )


def _reply(steady: Steady, asked: dict[str, Any]) -> object:
    case, as_of = steady["case"], steady["as_of"]
    when = later_moments(pack_for(case), as_of) | {"": None, "at": asked.get("when_at")}
    reply = sending.Reply(
        text=asked["text"],
        then=asked["then"],
        uploads=[_upload(each) for each in asked["attachments"]],
        send_at=when.get(asked["when"]),
        aware_of=asked["aware_of"],
        excuse=asked["excuse"],
        shown=Shown(
            revision=asked["revision"],
            files=asked["files_shown"],
            articles=asked["articles_shown"],
            deeds=asked["deeds_shown"],
        ),
    )
    return sending.hand_over(reply=reply, request_key=UUID(hex=asked["request_key"]), **steady)


def _said_of_reply(done: object) -> str:
    if isinstance(done, Draft) and done.scheduled:
        return _("Respuesta programada. Hasta que salga se puede cambiar o detener.")
    if isinstance(done, Draft):
        return _("Respuesta registrada; sale en segundos y hasta entonces se puede deshacer.")
    return _("Esa respuesta ya había salido.")


def _note(steady: Steady, asked: dict[str, Any]) -> object:
    return replies.note(
        text=asked["text"],
        revision=asked["revision"],
        request_key=asked["request_key"],
        **steady,
    )


def _progress(steady: Steady, asked: dict[str, Any]) -> object:
    return progress.send_progress_notice(text=asked["text"], revision=asked["revision"], **steady)


def _is_complex(case: Case) -> bool:
    return in_work(case) and case.complex_since is not None


REPLY = Action(
    noun="respuesta",
    title=screen("Responder"),
    verb=screen("Enviar respuesta"),
    icon="paper-airplane",
    permission=Permission.REPLY_TO_PERSON,
    form=forms.Reply,
    do=_reply,
    done=screen("Respuesta registrada; sale por correo."),
    say=_said_of_reply,
    draft=True,
)
NOTE = Action(
    noun="nota",
    title=screen("Nota interna"),
    verb=screen("Guardar nota"),
    icon="pencil-square",
    permission=Permission.ADD_NOTE,
    form=forms.Note,
    do=_note,
    fits=always,
    done=screen("Nota guardada."),
    draft=True,
)
PROGRESS = Action(
    noun="avance",
    title=screen("Aviso de avance"),
    verb=screen("Enviar aviso"),
    icon="megaphone",
    permission=Permission.SEND_PROGRESS_NOTICE,
    form=forms.ProgressNotice,
    do=_progress,
    fits=_is_complex,
    done=screen("Aviso de avance registrado; sale por correo."),
    intro=screen("El caso es complejo: la política promete contar cómo va hasta que se resuelva."),
    draft=True,
)
ANSWERING = (REPLY, NOTE, PROGRESS)
