"""What is never shown again once it was sent: the code that opens a case to its person.

It stands in the link of our mails. Whoever reads it on a page of the staff could write to us in the
person's name, so every text that is shown passes here.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"(/seguimiento/[^/\s]+/)[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", re.IGNORECASE)
_MASK = r"\1····-····-····"
# The links of mails to colleagues with which a password is chosen.
_RESET = re.compile(r"(/cuenta/clave/olvidada/|/invitacion/)[0-9A-Za-z]+[-/]\S+")


def masked(text: str) -> str:
    """The text with every access code in it made unreadable."""
    return _RESET.sub(r"\1····", _LINK.sub(_MASK, text))
