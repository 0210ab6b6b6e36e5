"""Where a composed mail is handed over: a relay, nowhere for now, or a list that is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ventanilla.channels.models import DeliveryAttempt

Outcome = DeliveryAttempt.Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """A mail as the relay sees it. ``sender`` is where bounces go."""

    sender: str
    recipients: Sequence[str]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """How the hand-over ended for one recipient. ``code`` is the SMTP reply code, if one came."""

    outcome: Outcome
    code: int | None
    text: str

    @property
    def is_final(self) -> bool:
        """Whether trying again can change nothing: taken, or refused for good."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.PERMANENT)

    @property
    def is_accepted(self) -> bool:
        """Whether the relay answers for the mail from here on."""
        return self.outcome == Outcome.ACCEPTED


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The reply for each recipient."""

    replies: Mapping[str, Reply]


@dataclass(frozen=True, slots=True)
class NotTried:
    """Nothing was sent, and why."""

    reason: str


class Port(Protocol):
    """Something that takes a mail. It reports every failure as a value and raises none."""

    def hand_over(self, envelope: Envelope) -> HandedOver | NotTried:
        """Try once to hand the mail over to all its recipients."""
        ...


class HeldPort:
    """No relay is configured: the outbox keeps everything, visible and unsent."""

    REASON = "No hay servidor de salida configurado (VENTANILLA_RELAY_URL)."

    def hand_over(self, envelope: Envelope) -> NotTried:  # noqa: ARG002 - the port's shape
        """Send nothing."""
        return NotTried(self.REASON)


@dataclass(slots=True)
class RecordingPort:
    """Takes everything and keeps it in memory, for a demonstration or a test."""

    taken: list[Envelope] = field(default_factory=list)

    def hand_over(self, envelope: Envelope) -> HandedOver:
        """Keep the mail."""
        self.taken.append(envelope)
        accepted = Reply(Outcome.ACCEPTED, 250, "2.0.0 recorded")
        return HandedOver(dict.fromkeys(envelope.recipients, accepted))
