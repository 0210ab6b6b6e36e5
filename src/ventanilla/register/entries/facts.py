"""Facts that other rooms write down: nothing about the case changes, but it is on the record.

Fields are ids, digests and technical words; an address or a name does not fit into them.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ventanilla.register.entries.base import NOTHING, Digest, Entry, Telling, Trace, Word


def _plain(value: object) -> object:
    return NOT_TECHNICAL.sub("_", value)[:100] if isinstance(value, str) else value


NOT_TECHNICAL = re.compile(r"[^A-Za-z0-9_.:+/-]")
ForeignWord = Annotated[Word, BeforeValidator(_plain)]
"""A technical word that comes from outside, such as a media type: made to fit, never refused."""
WordList = Annotated[tuple[Word, ...], Field(max_length=50)]


class Fact(Entry):
    """A kind that ``note_fact`` writes. ``meets`` names the event it is for the promises, if any.

    In ``words``, ``{folio}`` stands for what the country of the pack calls it.
    """

    meets: ClassVar[str] = ""
    words: ClassVar[str] = ""

    def sentence(self, telling: Telling) -> str:
        """The words of the kind."""
        return _(self.words).format(folio=telling.pack.vocabulary.folio)

    def scrub(self) -> frozenset[Trace]:
        """Ids and digests only."""
        return NOTHING


class AcknowledgementQueued(Fact):
    """The acknowledgement with its printed due moment is in the outbox, which does not lose it."""

    kind: ClassVar[str] = "acknowledgement_queued"
    meets: ClassVar[str] = "acknowledged"
    words: ClassVar[str] = gettext_noop("Se preparó el acuse de recibo.")

    outbound_id: int | None = None
    template: Word = ""
    due_at: datetime | None = None


class DeliverySucceeded(Fact):
    """The relay took a message of ours."""

    kind: ClassVar[str] = "delivery_succeeded"
    words: ClassVar[str] = gettext_noop("El servidor de correo aceptó un envío.")

    outbound_id: int
    code: int | None = None


class DeliveryFailed(Fact):
    """A message of ours could not be delivered."""

    kind: ClassVar[str] = "delivery_failed"
    words: ClassVar[str] = gettext_noop("No se pudo entregar un envío.")

    outbound_id: int | None = None
    code: int | None = None
    reason: Word = ""


class SendingSuppressed(Fact):
    """A message of ours was not sent, on purpose, with the reason."""

    kind: ClassVar[str] = "sending_suppressed"
    words: ClassVar[str] = gettext_noop("No se envió un mensaje automático.")

    outbound_id: int | None = None
    reason: Word = ""


class CapReached(Fact):
    """An automatic message was not sent because too many went out already."""

    kind: ClassVar[str] = "cap_reached"
    words: ClassVar[str] = gettext_noop(
        "No se envió otro mensaje automático: se alcanzó el límite."
    )

    cap: Word
    outbound_id: int | None = None


class BounceReceived(Fact):
    """A message of ours came back."""

    kind: ClassVar[str] = "bounce_received"
    words: ClassVar[str] = gettext_noop("Un mensaje nuestro fue devuelto: la dirección no recibe.")

    inbound_item_id: int | None = None
    hard: bool
    address_digest: Digest = ""


class FolioMentioned(Fact):
    """The first message of the case mentions another folio, which its author is not part of."""

    kind: ClassVar[str] = "folio_mentioned"
    words: ClassVar[str] = gettext_noop("El mensaje menciona otro {folio}; no se unió a ese caso.")

    folio: Word
    inbound_item_id: int | None = None


class AlertSent(Fact):
    """A warning about a promise was sent to these members of the team, and to who is on call.

    Entries of earlier versions do not say to whom.
    """

    kind: ClassVar[str] = "alert_sent"

    key: Word = ""
    step: Word = ""
    audience: WordList = ()
    outbound_ids: tuple[int, ...] = ()
    staff_ids: tuple[int, ...] = ()
    on_call: bool = False

    def sentence(self, telling: Telling) -> str:
        """To whom, about what."""
        told = [telling.staff(each) for each in self.staff_ids]
        told += [_("la guardia")] if self.on_call else []
        facts = {"promise": telling.promise(self.key), "who": ", ".join(told)}
        if told:
            return _("Se avisó a %(who)s: %(promise)s.") % facts
        if "outbound_ids" in self.model_fields_set and not self.outbound_ids:
            return _("No hubo a quién avisar: %(promise)s.") % facts
        return _("Se avisó al equipo: %(promise)s.") % facts


class OnCallNotified(Fact):
    """Whoever is on call was told of an emergency outside opening hours (G5)."""

    kind: ClassVar[str] = "on_call_notified"
    words: ClassVar[str] = gettext_noop("Se avisó a la guardia de una emergencia fuera de horario.")

    outbound_ids: tuple[int, ...] = ()


class ArticleUsed(BaseModel):
    """One version of an article: where it is, which it is, and what it said, as digests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Word
    version: int
    digest: Digest
    title_digest: Digest


class ArticlesUsed(Fact):
    """An answer was written with these versions of articles of the knowledge base (S3)."""

    kind: ClassVar[str] = "articles_used"
    words: ClassVar[str] = gettext_noop("La respuesta se apoyó en la base de conocimiento.")

    version_ids: tuple[int, ...]
    articles: Annotated[tuple[ArticleUsed, ...], Field(max_length=50)] = ()


class GuidelinesExcused(Fact):
    """An answer went out that does not meet a guideline the policy requires; why is a remark (S5)."""

    kind: ClassVar[str] = "guidelines_excused"
    words: ClassVar[str] = gettext_noop(
        "Se envió una respuesta que no cumple una pauta obligatoria."
    )

    keys: WordList
    reason_digest: Digest = ""

    def scrub(self) -> frozenset[Trace]:
        """The reason is a remark."""
        return frozenset({Trace.REMARK})


class EvidenceAdded(Fact):
    """A file is kept in the evidence store under this folio (S4)."""

    kind: ClassVar[str] = "evidence_added"
    words: ClassVar[str] = gettext_noop("Se guardó un archivo como evidencia.")

    sha256: Digest
    size: int
    media_type: ForeignWord = ""
    evidence_id: int | None = None
    suspicion: ForeignWord = ""


class EvidenceRefused(Fact):
    """A file was not kept, with the reason; the raw mail still has it."""

    kind: ClassVar[str] = "evidence_refused"
    words: ClassVar[str] = gettext_noop("No se guardó un archivo adjunto.")

    sha256: Digest = ""
    size: int | None = None
    reason: Word


class ParticipantAdded(Fact):
    """Another address may write into the case."""

    kind: ClassVar[str] = "participant_added"
    words: ClassVar[str] = gettext_noop("Se añadió una persona a la conversación.")

    address_digest: Digest
    role: Word
