"""The link by which a colleague chooses a password: signed, for one use, for a few days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.models import Staff
from ventanilla.core.actors import Actor
from ventanilla.core.numbers import number_in
from ventanilla.core.refusals import Refusal

LONGEST = 200


class InvitationVoid(Refusal):
    """El enlace ya se usó, venció o no está completo. Pida otro a quien administra el sistema."""


class PasswordUnfit(Refusal):
    """{reasons}"""


class _Tokens(PasswordResetTokenGenerator):
    """Void once the password changes or the account is signed in to; see Django's own."""

    key_salt = "ventanilla.accounts.invitations"


_TOKENS = _Tokens()


def valid_for() -> timedelta:
    """How long a link opens the page."""
    return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def marks_of(staff: Staff) -> tuple[str, str]:
    """The two parts of the link of an account as it stands now."""
    return urlsafe_base64_encode(str(staff.pk).encode()), _TOKENS.make_token(staff)


def invited(uid: str, token: str) -> Staff:
    """Whose link it is. Raises InvitationVoid."""
    try:
        number = urlsafe_base64_decode(uid[:LONGEST]).decode("ascii")
    except ValueError:
        raise InvitationVoid from None
    staff = Staff.objects.filter(pk=number_in(number), is_active=True).first()
    if staff is None or not _TOKENS.check_token(staff, token[:LONGEST]):
        raise InvitationVoid
    return staff


def choose_password(*, uid: str, token: str, password: str, as_of: datetime) -> Staff:
    """Set the password of whose link it is; the link is void from then on, and so is every session.

    Raises InvitationVoid, PasswordUnfit.
    """
    with transaction.atomic():
        found = invited(uid, token)
        staff = Staff.objects.select_for_update().get(pk=found.pk)
        invited(uid, token)  # the other of two clicks may have used it meanwhile
        try:
            validate_password(password, staff)
        except ValidationError as error:
            raise PasswordUnfit(reasons=" ".join(error.messages)) from error
        staff.set_password(password)
        staff.save(update_fields=["password"])
        actor = Actor.staff(staff.pk)
        record(Act.PASSWORD_CHOSEN, {}, about=staff, acting_user=actor, as_of=as_of)
    return staff
