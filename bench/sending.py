"""What it costs to answer a person: handing the answer over, and the job that sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.measure import Figure, timed
from bench.pages import Browser
from tests.web.cast import form_of
from ventanilla.desk.sending import UNDO_WINDOW, send_due
from ventanilla.workspace.models import Draft

TEXT = (
    "Buen día. Revisamos el cobro, quedó corregido y verá el ajuste en la próxima factura. Gracias."
)


def hand_over(browser: Browser, folios: Sequence[str]) -> Figure:
    """«Enviar» on the page of each case: the time until the browser may go on."""
    return Figure.of([_handed_over(browser, f"/casos/{folio}/") for folio in folios])


def send() -> Figure:
    """What the job does with each answer that was handed over, from asking for it to the commit."""
    late = datetime.now(UTC) + UNDO_WINDOW + timedelta(seconds=1)
    waiting = list(Draft.objects.filter(state=Draft.State.SENDING).values_list("pk", flat=True))
    return Figure.of([timed(partial(_send, each, late)) for each in waiting])


def _handed_over(browser: Browser, path: str) -> float:
    url = f"{path}respuesta/"
    fields = form_of(browser.page(path), url) | {"text": TEXT, "then": ""}
    return timed(lambda: browser.post(url, fields))


def _send(draft_id: int, as_of: datetime) -> None:
    if send_due(draft_id=draft_id, as_of=as_of) is None:
        raise AssertionError(f"draft {draft_id} was held")
