"""What the told history lacks: mail that somebody has to look at twice."""

from __future__ import annotations

import subprocess
import sys
from email.message import EmailMessage

from tests.browser.house import ROOT, BrowserHouse, a_mail
from tests.browser.scene import SUBJECTS

LAID_OUT = "Factura con formato y un archivo dudoso"
NESTED_TOO_DEEPLY = 200
MORE = (
    "¿Se puede pagar con tarjeta?",
    "La aplicación se cierra al imprimir",
    "Factura de septiembre con el NIT equivocado",
    "Quisiera una demostración para diez personas",
    "No puedo entrar desde ayer",
)
"""So that lists look like lists."""
SCENE_TIMEOUT_S = 120
SENDER = "tienda@cliente.example"


def seed(house: BrowserHouse) -> None:
    """A case in every state, a mail with a suspicious file, and one that ends in quarantine."""
    for number, subject in enumerate(MORE):
        sender = f"cliente{number}@otra.example"
        house.post(a_mail(subject, text="", sender=sender), sender=sender)
    for name, subject in SUBJECTS.items():
        sender = f"{name}@cliente.example"
        house.post(a_mail(subject, text="", sender=sender), sender=sender)
    house.case_by_mail(LAID_OUT, sender=SENDER, mail=_laid_out())
    house.post(_nested(), sender=SENDER)
    house.wait(
        lambda: house.rows("SELECT 1 FROM channels_inbounditem WHERE fate = 'quarantine'"),
        what="a mail in quarantine",
    )
    house.wait(lambda: all(house.folio_of(each) for each in SUBJECTS.values()), what="the cases")
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.scene"],
        cwd=ROOT,
        env=house.environment,
        capture_output=True,
        text=True,
        timeout=SCENE_TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def _laid_out() -> EmailMessage:
    message = a_mail(LAID_OUT, text="Adjunto la factura.\n", sender=SENDER)
    message.add_alternative(
        "<h1>Factura</h1><p style='color:red'>Adjunto la <b>factura</b>.</p>"
        "<img src='https://other.example/pixel.png'><script>alert(1)</script>"
        "<table><tr><td>Total</td><td>119.000</td></tr></table>",
        subtype="html",
    )
    message.add_attachment(
        b"MZ" + bytes(200), maintype="application", subtype="pdf", filename="factura.pdf.exe"
    )
    message.add_attachment(b"hola\n", maintype="text", subtype="plain", filename="nota.txt")
    return message


def _nested() -> bytes:
    """A mail inside itself, deeper than anybody writes."""
    lines = [f"From: {SENDER}", "Subject: Muñeca rusa", "MIME-Version: 1.0"]
    for number in range(NESTED_TOO_DEEPLY):
        lines += [f"Content-Type: multipart/mixed; boundary=b{number}", "", f"--b{number}"]
    return "\r\n".join([*lines, "Content-Type: text/plain", "", "fin", ""]).encode()
