"""What the channel tests share."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.channels.cast import Enqueue
    from ventanilla.channels.models import OutboundMessage


@pytest.fixture
def queued(db: None) -> "Enqueue":
    """Queue a message; keywords replace the usual ones."""
    # Models may be imported only after the set-up, which comes after this file is read.
    from tests.channels.cast import ANA, NOW
    from ventanilla.channels.operations import enqueue

    def make(**changes: Any) -> "OutboundMessage":
        usual: dict[str, Any] = {
            "key": "reply:1",
            "kind": "reply",
            "case": None,
            "to": [ANA],
            "subject": "Su solicitud",
            "text": "Señora Ana:\n\nQuedó resuelto.\n",
            "automatic": False,
            "from_address": "soporte@generasoft.example",
            "from_name": "GeneraSoft",
            "reply_to": "soporte+ficha@generasoft.example",
            "message_id": f"<{changes.get('key', 'reply:1').replace(':', '.')}@ventanilla.example>",
            "as_of": NOW,
        }
        return enqueue(**(usual | changes))

    return make
