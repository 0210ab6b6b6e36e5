"""The signed marks of our mails: with them an answer finds its case."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from ventanilla.channels.email.tokens import MessageIds, ReplyTokens
from ventanilla.register.models import Case


@lru_cache(maxsize=1)
def _marks(secret: str, domain: str) -> tuple[MessageIds, ReplyTokens]:
    key = secret.encode()
    return MessageIds(secret=key, domain=domain.lower()), ReplyTokens(secret=key)


def message_ids() -> MessageIds:
    """Mints and reads our Message-IDs, under the domain of the settings."""
    return _marks(settings.SECRET_KEY, settings.VENTANILLA.mail_domain)[0]


def reply_tokens() -> ReplyTokens:
    """Makes and reads our reply addresses."""
    return _marks(settings.SECRET_KEY, settings.VENTANILLA.mail_domain)[1]


def reference_of(case: Case) -> str:
    """What a mark says: the row's number, which is short and tells an outsider nothing."""
    return str(case.pk)


def case_id_of(reference: str | None) -> int | None:
    """The row's number that a mark says, None when there is no mark."""
    return int(reference) if reference and reference.isdecimal() else None
