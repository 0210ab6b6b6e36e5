"""Who takes part, and when."""

from collections.abc import Callable
from datetime import UTC, datetime

from ventanilla.channels.models import OutboundMessage

NOW = datetime(2026, 12, 4, 15, tzinfo=UTC)
ANA = "ana@cliente.example"
LUIS = "luis@cliente.example"

Enqueue = Callable[..., OutboundMessage]
