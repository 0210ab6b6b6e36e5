"""Guidelines for answers: what each kind finds, what it leaves alone, and what old packs keep."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ventanilla.policy import Pack, available, load
from ventanilla.policy.guidelines import Situation, Verdict, blocking, check
from ventanilla.policy.schema.guidelines import Guideline, GuidelineKind, GuidelineSeverity

DUE = date(2026, 12, 1)
ANA = Situation(folio="SN-2026-000417-K", customer="Ana María Ríos", agent="Berta Nieto", due=DUE)
GOOD = """Buenas tardes, Ana:

Lamentamos la demora. Su folio es SN-2026-000417-K y le enviamos la pieza a más tardar el martes
1 de diciembre de 2026.

Quedo a sus órdenes,
Berta Nieto"""


def one(kind: str, text: str, *phrases: str, situation: Situation = ANA) -> Verdict:
    guideline = Guideline(
        key="it", words="Así.", kind=GuidelineKind(kind), clause="S5", phrases=phrases
    )
    (verdict,) = check([guideline], text, situation)
    return verdict


@pytest.mark.parametrize(
    ("kind", "phrases", "text", "met"),
    [
        ("greeting", ["buenos días"], "BUENOS DIAS, Ana:\n\nTexto.", True),
        ("greeting", ["buen día"], "Texto.\nMás.\nMás.\nMás.\nBuen día.", False),
        ("greeting", ["hola"], "Holanda queda lejos.", False),
        ("customer_name", [], "Buen día, Ríos:", True),
        ("customer_name", [], "Buen día, señora rios:", True),
        ("customer_name", [], "Buen día:", False),
        ("customer_name", [], "La banana es amarilla.", False),
        ("mentions", ["lamentamos"], "Mucho lo LAMENTAMOS.", True),
        ("mentions", ["lamentamos"], "", False),
        ("folio", [], "Su folio es sn 2026 000417 k.", True),
        ("folio", [], "Su folio es SN-2026-000418-K.", False),
        ("closing", ["saludos"], "Texto.\n\nSaludos,\nBerta", True),
        ("closing", ["saludos"], "Saludos, Ana", False),
        ("closing", ["saludos"], "Saludos\n1\n2\n3\n4\n5\n6", False),
        ("agent_name", [], "Texto.\n\nBerta", True),
        ("agent_name", [], "Texto.\n\nCarlos", False),
        ("forbidden", ["ya le dije"], "Como YA LE DIJÉ ayer.", False),
        ("forbidden", ["ya le dije"], "Ya le dijeron.", True),
        ("shouting", [], "NO SE PUEDE HACER NADA.", False),
        ("shouting", [], "Gracias!", False),
        ("shouting", [], "El RFC y el SAT lo piden por EDI.", True),
        ("shouting", [], "Enviamos el CFDI de la SA DE CV.", True),
        ("reminder", [], "Lo que sea.", None),
    ],
)
def test_each_kind_finds_what_it_looks_for(
    kind: str, phrases: list[str], text: str, met: bool | None
) -> None:
    assert one(kind, text, *phrases).met is met


@pytest.mark.parametrize(
    "text",
    ["el 1 de diciembre", "el martes 1", "el primero de diciembre", "1 dic", "el 1/12", "01/12/2026",
     "el 01-12-26", "2026-12-01", "EL 1° DE DICIEMBRE"],
)  # fmt: skip
def test_a_date_is_found_however_people_write_it(text: str) -> None:
    assert one("committed_date", f"Se lo damos {text}.").met is True, text


@pytest.mark.parametrize(
    "text", ["el 11 de diciembre", "el 1 de enero", "el lunes 1", "1", "21/12", "11/12", "1/1/26"]
)
def test_another_date_is_not_taken_for_it(text: str) -> None:
    assert one("committed_date", f"Se lo damos {text}.").met is False, text


def test_what_cannot_be_known_is_not_held_against_anybody() -> None:
    nobody = Situation()
    for kind in ("customer_name", "agent_name", "folio", "committed_date"):
        assert one(kind, "Texto.", situation=nobody).met is None


def test_what_offends_is_named() -> None:
    assert one("forbidden", "Es su culpa.", "es su culpa", "cálmese").found == ("es su culpa",)
    assert one("shouting", "YA NO ESCRIBA MÁS CORREOS!").found == (
        "!",
        "ESCRIBA MÁS CORREOS",
    )


@pytest.mark.parametrize("cites", [True, False, None])
def test_an_article_is_asked_for_where_it_is_known_whether_one_is_cited(cites: bool | None) -> None:
    about = Situation(cites=cites)
    assert one("article", "Lo que sea.", situation=about).met is cites


@pytest.mark.parametrize("name", available())
def test_the_included_packs_have_guidelines_that_a_good_answer_meets(name: str) -> None:
    pack = load(name)
    assert pack.knowledge is not None
    verdicts = check(pack.knowledge.reply_guidelines, GOOD, ANA)
    assert len(verdicts) >= 5
    assert [each.guideline.key for each in verdicts if each.met is False] == []


def test_only_what_is_required_stops_an_answer() -> None:
    pack = load("sion")
    assert pack.knowledge is not None
    verdicts = check(pack.knowledge.reply_guidelines, "No podemos hacer nada.", ANA)
    assert sum(each.met is False for each in verdicts) >= 5
    assert [each.guideline.key for each in blocking(verdicts)] == ["no_blame"]
    assert blocking(verdicts)[0].guideline.severity is GuidelineSeverity.REQUIRE


def test_a_published_document_with_sentences_loads_and_keeps_its_digest() -> None:
    document: dict[str, Any] = load("sion").to_document()
    document["knowledge"]["reply_guidelines"] = ["Salude por el nombre."]
    old = Pack.from_document(document)
    assert old.to_document() == document
    assert old.knowledge is not None
    assert old.knowledge.reply_guidelines == ("Salude por el nombre.",)
    assert check(old.knowledge.reply_guidelines, "x", ANA) == ()
    assert Pack.from_document(old.to_document()).sha256 == old.sha256
