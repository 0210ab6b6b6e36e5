"""What nobody should send, and what everybody may: by the kind and the name of a field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.desk import people
from tests.web.cast import BIDI, MARKUP
from tests.web.doors import PASSWORD
from tests.web.forms_found import Control, FoundForm

FREE = frozenset({"textarea", "text", "search", ""})
"""Kinds of fields that take any words."""
VALUES = {
    "empty": "",
    "blank": " \n\t ",
    "markup": MARKUP,
    "reversed": f"factura{BIDI}fdp.exe",
    "invisible": "\u200b\u200d\ufeff\u2060",
    "null": "antes\x00después",
    "control": "\x01\x02\x1b[31m\x7f",
    "number": "99999999999999999999999999",
    "long": "palabra " * 30_000,
}
NARROW = ("empty", "markup", "null", "number", "over")
"""For fields that take no words but a date, a number, an address: one wrong is like another."""
TAMPERED = ("empty", "markup", "number")
"""For what nobody types."""
LONGEST_IF_NOT_SAID = 20_000
CHOSEN_LATER = "%Y-%m-%dT10:00"
NEW_PASSWORD = "caballo grapa batería 9"
BY_NAME = {
    "sitio": "",  # left empty by people, filled in by programs
    "email": "persona@cliente.example",
    "again": NEW_PASSWORD,
    "password1": NEW_PASSWORD,
    "password2": NEW_PASSWORD,
    "oldpassword": PASSWORD,
    "password": PASSWORD,
}
Known = Mapping[tuple[str, str], str]
BY_VIEW: Known = {
    ("absence-new", "covered_by"): "",  # nobody: the first that is offered may be who is away
    ("case-action/respuesta", "then"): "",  # every status allows it
    ("invitation", "password"): NEW_PASSWORD,
    ("ask", "dato_amount"): "185000",
}
BY_KIND = {
    "email": "persona@cliente.example",
    "number": "3",
    "tel": "3000000000",
    "url": "https://cliente.example/",
    "time": "10:00",
}


def kinds_for(control: Control) -> list[str]:
    """With what a field is spoilt; a password costs much and is shown again nowhere."""
    if control.kind in FREE:
        return [*VALUES, "over"]
    return ["empty", "null", "long"] if control.kind == "password" else list(NARROW)


def spoilt(kind: str, control: Control) -> str:
    """What is put into a field; «over» is one more than its page says it takes."""
    if kind != "over":
        return VALUES[kind]
    return "x" * ((control.longest or LONGEST_IF_NOT_SAID) + 1)


def valid(control: Control, view: str, known: Known) -> str:
    """What its page takes, different in each field; what stands there already is left."""
    place = (view, control.name)
    given = known.get(place, BY_VIEW.get(place, BY_NAME.get(control.name)))
    if given is not None:
        return given
    if control.value and control.kind not in FREE:
        return control.value
    ahead = timezone.now() + timedelta(days=9)
    if control.kind == "date":
        return f"{ahead:%Y-%m-%d}"
    if control.kind == "datetime-local":
        return ahead.strftime(CHOSEN_LATER)
    words = f"Una frase para {control.name}"
    return BY_KIND.get(control.kind, words[: control.longest or None])


def policy_with(*, first_response: int) -> dict[str, Any]:
    """The policy with another promise about bills; in hours."""
    changed = people.pack().to_document()
    billing = next(each for each in changed["categories"] if each["key"] == "billing_query")
    first = next(each for each in billing["commitments"] if each["key"] == "first_response")
    first["target"]["amount"] = first_response
    return changed


def a_file(view: str) -> SimpleUploadedFile:
    """With a name that wants to go up a folder, and contents that a mail must not carry."""
    if view == "policy-publish":
        changed = policy_with(first_response=8)
        return SimpleUploadedFile("politica.yaml", json.dumps(changed).encode())
    return SimpleUploadedFile("../<x>.exe", b"MZ" + bytes(40))


def filled_in(form: FoundForm, view: str, known: Known) -> dict[str, str]:
    """The form as somebody fills it in who means well."""
    picked = {name: BY_VIEW.get((view, name), value) for name, value in form.chosen.items()}
    chosen = {name: value for name, value in picked.items() if value}
    typed = {name: valid(control, view, known) for name, control in form.typed.items()}
    return form.fixed | chosen | typed
