"""What was said. The words are in the message row; the entry holds their digest."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext as _

from ventanilla.core.words import screen
from ventanilla.register.entries.base import Digest, Entry, Telling, Trace, Word
from ventanilla.register.rules.chain import Stamp
from ventanilla.register.rules.state import CaseState, with_status
from ventanilla.register.rules.statuses import Status

CHANNEL_WORDS = {
    "email": screen("por correo"),
    "web": screen("por la web"),
    "phone": screen("por teléfono"),
    "whatsapp": screen("por WhatsApp"),
    "system": screen("por el sistema"),
}


class MessageEntry(Entry):
    """What all kinds of messages have in common."""

    channel: Word
    digest: Digest
    automatic: bool = False
    substantive: bool = True

    def scrub(self) -> frozenset[Trace]:
        """The message itself."""
        return frozenset({Trace.MESSAGE})

    @property
    def way(self) -> str:
        """Over which channel, in words."""
        return CHANNEL_WORDS.get(self.channel, self.channel)


class MessageReceived(MessageEntry):
    """Something arrived from the person, or from an outsider."""

    kind: ClassVar[str] = "message_received"

    outsider: bool = False
    inbound_item_id: int | None = None
    ends_wait: bool = False

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """An answer we waited for puts the case back to work."""
        return with_status(state, Status.IN_PROGRESS, stamp.at) if self.ends_wait else state

    def sentence(self, telling: Telling) -> str:
        """What arrived, and how."""
        if self.automatic:
            words = _("Llegó una respuesta automática %(way)s.")
        elif self.outsider:
            words = _("Llegó un mensaje de una persona ajena al caso %(way)s.")
        else:
            words = _("Escribió %(way)s.")
        return words % {"way": self.way}


class MessageSent(MessageEntry):
    """We wrote to the person."""

    kind: ClassVar[str] = "message_sent"

    def sentence(self, telling: Telling) -> str:
        """What went out, and how."""
        automatic = _("Se envió un aviso automático %(way)s.")
        words = automatic if self.automatic else _("Se respondió %(way)s.")
        return words % {"way": self.way}


class NoteAdded(MessageEntry):
    """Somebody of the team wrote an internal note."""

    kind: ClassVar[str] = "note_added"

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _("Se añadió una nota interna.")


class MessageTakenOver(MessageEntry):
    """A message that arrived under another folio belongs to this case since a split."""

    kind: ClassVar[str] = "message_taken_over"

    from_case_id: int
    direction: Word

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _("Se trajo un mensaje del caso original.")
