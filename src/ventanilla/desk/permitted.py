"""The door of what a person does to a case: first may they, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.register.models import Case


@contextmanager
def permitted(acting_user: Actor, permission: Permission, *cases: Case) -> Iterator[None]:
    """One durable transaction for whoever may do this on the desk of each case.

    Raises NotPermitted before anything is written, and RuntimeError inside another transaction:
    what is told to a person must not be taken back by somebody else's failure.
    """
    for case in cases:
        require(acting_user, permission, case.desk)
    with transaction.atomic(durable=True):
        yield
