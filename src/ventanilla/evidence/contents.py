"""The contents behind the rows: opening them, holding them while a transaction needs them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import connection

from ventanilla.core.refusals import Refusal
from ventanilla.evidence.rules import name_of

ALIAS = "evidence"


class EvidenceMissing(Refusal):
    """El archivo {sha256} no está en el almacén de evidencias. Avise a quien
    administra el sistema: «ventanilla doctor» dice qué más falta."""


class EvidenceDamaged(Refusal):
    """El archivo {sha256} del almacén de evidencias no tiene el contenido que tenía al guardarse,
    así que no se entrega. Avise a quien administra el sistema."""


def load(sha256: str) -> bytes:
    """The whole content, checked against its name. Raises EvidenceMissing, EvidenceDamaged."""
    with open_file(sha256) as file:
        content: bytes = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EvidenceDamaged(sha256=sha256)
    return content


def open_file(sha256: str) -> File[Any]:
    """The content as an open file, for streaming; the caller closes it. Raises EvidenceMissing."""
    try:
        return store().open(name_of(sha256), "rb")
    except FileNotFoundError as error:
        raise EvidenceMissing(sha256=sha256) from error


def store() -> Storage:
    """The configured store: a folder, or any other of Django's storages."""
    return storages[ALIAS]


def hold_content(sha256: str, *, shared: bool) -> bool:
    """Hold a content until the transaction ends, so that nobody clears away what another keeps.

    Keepers share it; the one who clears needs it alone, and gets False instead of waiting.
    """
    key = int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True)
    statement = "SELECT pg_advisory_xact_lock_shared(%s)"
    if not shared:
        statement = "SELECT pg_try_advisory_xact_lock(%s)"
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        (taken,) = cursor.fetchone()
    return shared or bool(taken)
