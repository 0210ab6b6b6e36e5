"""What is said: replies, notes, progress."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from ventanilla.accounts.permissions import Permission
from ventanilla.desk import progress, replies
from ventanilla.desk.enclosing import UNKNOWN_TYPE, Upload
from ventanilla.register.models import Case
from ventanilla.web.forms import case as forms

from .base import Action, Steady, always, in_work


def _upload(file: UploadedFile[bytes]) -> Upload:
    return Upload(
        filename=file.name or "archivo",
        content=file.read(),
        declared_type=file.content_type or UNKNOWN_TYPE,
    )


def _reply(steady: Steady, asked: dict[str, Any]) -> object:
    return replies.reply(
        text=asked["text"],
        attachments=[_upload(each) for each in asked["attachments"]],
        then=asked["then"] or None,
        request_key=asked["request_key"],
        **steady,
    )


def _note(steady: Steady, asked: dict[str, Any]) -> object:
    return replies.note(text=asked["text"], request_key=asked["request_key"], **steady)


def _progress(steady: Steady, asked: dict[str, Any]) -> object:
    return progress.send_progress_notice(text=asked["text"], **steady)


def _is_complex(case: Case) -> bool:
    return in_work(case) and case.complex_since is not None


REPLY = Action(
    noun="respuesta",
    title="Responder",
    verb="Enviar respuesta",
    icon="paper-airplane",
    permission=Permission.REPLY_TO_PERSON,
    form=forms.Reply,
    do=_reply,
    done="Respuesta registrada; sale por correo.",
    draft=True,
)
NOTE = Action(
    noun="nota",
    title="Nota interna",
    verb="Guardar nota",
    icon="pencil-square",
    permission=Permission.ADD_NOTE,
    form=forms.Note,
    do=_note,
    fits=always,
    done="Nota guardada.",
    draft=True,
)
PROGRESS = Action(
    noun="avance",
    title="Aviso de avance",
    verb="Enviar aviso",
    icon="megaphone",
    permission=Permission.SEND_PROGRESS_NOTICE,
    form=forms.ProgressNotice,
    do=_progress,
    fits=_is_complex,
    done="Aviso de avance registrado; sale por correo.",
    intro="El caso es complejo: la política promete contar cómo va hasta que se resuelva.",
    draft=True,
)
ANSWERING = (REPLY, NOTE, PROGRESS)
