"""S5: courteous treatment; the policy's guidelines stand beside the text while it is written."""

from __future__ import annotations

import re
from typing import Any

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, berta
from tests.e2e.house import House, words
from tests.web.cast import client_of, form_of, url_of
from ventanilla.desk import sending
from ventanilla.register.models import Case, LedgerEntry
from ventanilla.workspace.models import Draft

SERVICE = "servicio@sion.example"
RUDE = "Ya le dije que no podemos hacer nada."
GOOD = """Buenos días, Ana:

Gracias por escribirnos; lamentamos la demora. Su folio es {folio}.

Le enviamos:

- el **catálogo**
- la lista de precios

Quedo a sus órdenes,
Berta Nieto"""


def saved(browser: Any, case: Case, text: str, revision: int) -> dict[str, Any]:
    answer = browser.post(
        url_of(case, "borrador"),
        {"kind": "reply", "text": text, "revision": revision},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_s5_guided_while_writing_undone_once_and_sent_in_both_forms(sion: House) -> None:
    case = sion.arrives(mail("¿Tienen catálogo?", subject="Catálogo", to=SERVICE), to=SERVICE)
    browser, text = client_of(berta()), GOOD.format(folio=case.folio)

    rude = saved(browser, case, RUDE, 0)
    assert "Obligatoria" in rude["guidelines"]
    assert "«ya le dije»" in rude["guidelines"]
    kind = saved(browser, case, text, rude["revision"])
    assert "Obligatoria" not in kind["guidelines"]
    assert re.findall(r"Falta</span> <span>([^<]*)", kind["guidelines"]) == [
        "Diga la fecha comprometida.",
        "Apóyese en un artículo publicado y cítelo.",
    ]

    url = url_of(case, "respuesta")
    form = form_of(browser.get(url_of(case)).content.decode(), url)
    assert browser.post(url, form | {"text": text, "then": ""}).status_code == 302
    draft = Draft.objects.get()
    browser.post(url_of(case, "envio", str(draft.pk)), {"accion": "deshacer"})
    sion.at(sion.now + 2 * sending.UNDO_WINDOW)
    sending.sweep(as_of=sion.now)
    sion.work()
    assert len(sion.mails_to(ANA_ADDRESS)) == 1, "only the receipt"

    page = browser.get(url_of(case)).content.decode()
    assert f"{text}</textarea>" in page
    assert browser.post(url, form_of(page, url) | {"text": text, "then": ""}).status_code == 302
    sion.at(sion.now + sending.UNDO_WINDOW)
    assert sending.sweep(as_of=sion.now) == 1
    sion.work()
    sion.work()

    _receipt, answer = sion.mails_to(ANA_ADDRESS)
    assert words(answer).startswith(text)
    laid_out = answer.get_body(("html",))
    assert laid_out is not None
    html = laid_out.get_content()
    assert "<strong>catálogo</strong>" in html
    assert html.count("<li>") == 2
    assert "Servicio a Clientes SIÓN" in html
    assert answer.get_content_type() == "multipart/alternative"
    assert not Draft.objects.exists()
    assert not LedgerEntry.objects.filter(kind="guidelines_excused").exists()


def test_s5_what_the_policy_requires_is_confirmed_with_a_reason_in_the_record(sion: House) -> None:
    case = sion.arrives(mail("¿Tienen catálogo?", subject="Catálogo", to=SERVICE), to=SERVICE)
    browser, url = client_of(berta()), url_of(case, "respuesta")
    form = form_of(browser.get(url_of(case)).content.decode(), url)
    refused = browser.post(url, form | {"text": RUDE, "then": ""})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Sin frases que nieguen o culpen." in page
    assert 'name="excuse"' in page
    again = form_of(page, url) | {"text": RUDE, "then": "", "excuse": "Pidió esa constancia."}
    assert browser.post(url, again).status_code == 302
    sion.at(sion.now + sending.UNDO_WINDOW)
    sending.sweep(as_of=sion.now)
    sion.work()
    fact = LedgerEntry.objects.get(case=case, kind="guidelines_excused")
    assert fact.payload["keys"] == ["no_blame"]
    assert "no cumple una pauta" in browser.get(url_of(case)).content.decode()
