"""G1, G3, G6: the form of the portal is a channel like the others; each category keeps its promise there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.desk.people import ANA_ADDRESS, BOGOTA
from tests.e2e.house import House, words
from ventanilla.channels.models import InboundItem
from ventanilla.register import folio as folios
from ventanilla.register.models import Case, Commitment
from ventanilla.web.presenters.asking import slug_of

CASES = [
    ("billing_query", "atencion", "lunes 7 de diciembre de 2026, 3:00 a. m.",
     datetime(2026, 12, 7, 3, 0, tzinfo=BOGOTA), {"dato_need": "Otra cosa"}),
    ("general_information", "atencion", "miércoles 9 de diciembre de 2026, 3:00 p. m.",
     datetime(2026, 12, 9, 15, 0, tzinfo=BOGOTA), {}),
    ("urgent_problem", "soporte", "viernes 4 de diciembre de 2026, 6:00 p. m.",
     datetime(2026, 12, 4, 18, 0, tzinfo=BOGOTA), {"dato_happens": "Error 12 al abrir."}),
    ("feature_question", "soporte", "lunes 14 de diciembre de 2026, 4:00 p. m.",
     datetime(2026, 12, 14, 16, 0, tzinfo=BOGOTA), {}),
]  # fmt: skip


@pytest.mark.parametrize(("category", "desk", "printed", "due", "answers"), CASES)
def test_g3_what_is_promised_before_sending_is_what_is_promised_and_mailed(
    generasoft: House,
    category: str,
    desk: str,
    printed: str,
    due: datetime,
    answers: dict[str, str],
) -> None:
    browser = Client()
    url = f"/preguntar/{slug_of(generasoft.pack.category(category))}/"
    page = browser.get(url).content.decode()
    assert printed in page
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', page)
    sent = browser.post(
        url,
        answers
        | {
            "formulario": waited(token), "name": "Ana Pérez", "email": ANA_ADDRESS,
            "subject": "Lo que necesito", "text": "Les cuento.",
        },
    )  # fmt: skip
    assert sent.status_code == 302, "a form that a person filled in is taken"

    case = Case.objects.get()
    assert (case.channel, case.category, case.desk) == ("web", category, desk)
    assert Commitment.objects.get(case=case, key="first_response").due_at == due
    shown = browser.get("/preguntar/recibida/").content.decode()
    assert printed in shown
    assert case.folio in shown
    assert folios.secret_of(case) in shown

    generasoft.work()
    (mail,) = generasoft.mails_to(ANA_ADDRESS)
    assert "Ana Pérez:" in words(mail)
    assert printed in " ".join(words(mail).split())
    assert case.folio in mail["Subject"]
    assert InboundItem.objects.get().gateway == "web"


def test_g1_an_answer_to_the_mail_of_a_web_case_comes_into_it(generasoft: House) -> None:
    browser = Client()
    url = f"/preguntar/{slug_of(generasoft.pack.category('general_query'))}/"
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', browser.get(url).content.decode())
    browser.post(
        url,
        {
            "formulario": waited(token), "name": "Ana Pérez", "email": ANA_ADDRESS,
            "subject": "Certificado", "text": "Necesito un certificado.",
        },
    )  # fmt: skip
    case = Case.objects.get()
    generasoft.work()
    from tests.desk.mails import answer_to
    from ventanilla.channels.models import OutboundMessage

    receipt = OutboundMessage.objects.get(case=case, kind="acknowledgement")
    generasoft.at(generasoft.now + timedelta(minutes=5))
    again = generasoft.arrives(answer_to(receipt, "Es para el banco."), to=receipt.reply_to)
    assert again == case
    assert [each.channel for each in case.messages.filter(direction="in").order_by("id")] == [
        "web",
        "email",
    ]


def waited(token: str) -> str:
    """The same form, drawn a minute earlier: a person takes their time."""
    import time

    from django.core import signing

    from ventanilla.web.form_tokens import SALT

    key, stamp, _ = token.rsplit(":", 2)
    earlier = signing.b62_encode(int(time.time()) - 60)
    assert stamp
    value = f"{key}:{earlier}"
    return f"{value}:{signing.TimestampSigner(salt=SALT).signature(value)}"
