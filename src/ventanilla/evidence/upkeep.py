"""Looking after the store: is every content what it was, and is there one that belongs to nobody?"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from ventanilla.evidence.contents import EvidenceMissing, hold_content, open_file, store
from ventanilla.evidence.models import Blob, HeldContent
from ventanilla.evidence.rules import name_of
from ventanilla.evidence.storage import TEMPORARY_PREFIX

ORPHAN_AGE = timedelta(days=1)
"""A file without a row may belong to a transaction that still runs; after a day it does not."""
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of the store found. ``missing`` and ``altered`` are SHA-256s."""

    checked: int
    missing: tuple[str, ...]
    altered: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether every content is there and unaltered."""
        return not self.missing and not self.altered


def check(progress: Callable[[int], None] | None = None) -> Report:
    """Read every content and compare it with its SHA-256. ``progress`` hears the count so far."""
    checked, missing, altered = 0, [], []
    for sha256 in Blob.objects.order_by("sha256").values_list("sha256", flat=True).iterator():
        try:
            if _digest(sha256) != sha256:
                altered.append(sha256)
        except EvidenceMissing:
            missing.append(sha256)
        checked += 1
        if progress is not None:
            progress(checked)
    return Report(checked, tuple(missing), tuple(altered))


def remove_orphans(*, as_of: datetime) -> int:
    """Delete files without a row that are older than a day; how many. Each in its own transaction."""
    return sum(_remove_if_orphan(name, older_than=as_of - ORPHAN_AGE) for name in _names())


def forget_unused(*, held: Collection[QuerySet[Any, str]], as_of: datetime) -> int:
    """Drop the rows of contents that nothing uses; their files go as orphans. How many.

    ``held`` are the SHA-256s that others keep without an evidence item, such as files of drafts.
    A content is used at least for a day: its keeper may not have written its own row yet.
    """
    idle = Blob.objects.filter(stored_at__lt=as_of - ORPHAN_AGE, items=None)
    for each in held:
        idle = idle.exclude(sha256__in=each)
    names = idle.values_list("sha256", flat=True)
    return sum(_forget(each, held, older_than=as_of - ORPHAN_AGE) for each in names)


def let_held_go(*, held: Collection[QuerySet[Any, str]], as_of: datetime) -> int:
    """Clear away what was uploaded a day ago and never sent, and give its room back. How many.

    ``held`` as for ``forget_unused``. Looks at nothing but what strangers uploaded, so it may run
    often.
    """
    older_than = as_of - ORPHAN_AGE
    rows = HeldContent.objects.filter(held_at__lt=older_than).order_by("held_at", "id")
    return sum(_let_go(row, held, older_than) for row in rows.iterator())


def _let_go(row: HeldContent, held: Collection[QuerySet[Any, str]], older_than: datetime) -> bool:
    is_gone = _forget(row.sha256, held, older_than=older_than)
    is_gone |= _remove_if_orphan(name_of(row.sha256), older_than=older_than)
    # A content that stays has another keeper: a case, a draft, or somebody who sent it anew.
    row.delete()
    return is_gone


def _forget(sha256: str, held: Collection[QuerySet[Any, str]], *, older_than: datetime) -> bool:
    """Look again alone with the content: a keeper may have come since."""
    with transaction.atomic(durable=True):
        if not hold_content(sha256, shared=False):
            return False
        row = Blob.objects.filter(sha256=sha256, items=None, stored_at__lt=older_than)
        for each in held:
            row = row.exclude(sha256__in=each)
        try:
            return row.delete()[0] > 0
        except ProtectedError:  # another table refers to it
            return False


def _remove_if_orphan(name: str, *, older_than: datetime) -> bool:
    basename = posixpath.basename(name)
    try:
        if store().get_modified_time(name) > older_than:
            return False
    except FileNotFoundError:
        return False
    if basename.startswith(TEMPORARY_PREFIX):
        store().delete(name)
        return True
    if not _is_content_name(name):
        return False
    with transaction.atomic(durable=True):
        # Alone with this content: a keeper that found the file there has its row by now, or waits.
        if not hold_content(basename, shared=False) or Blob.objects.filter(pk=basename).exists():
            return False
        store().delete(name)
    return True


def _is_content_name(name: str) -> bool:
    try:
        return name_of(posixpath.basename(name)) == name
    except ValueError:
        return False


def _names() -> Iterator[str]:
    """Every file of the store, two levels of folders deep."""
    for first in _listed("")[0]:
        for second in _listed(first)[0]:
            folder = f"{first}/{second}"
            yield from (f"{folder}/{name}" for name in _listed(folder)[1])


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return store().listdir(folder)
    except FileNotFoundError:
        return [], []


def _digest(sha256: str) -> str:
    digest = hashlib.sha256()
    with open_file(sha256) as file:
        for chunk in file.chunks(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
