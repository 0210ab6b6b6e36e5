"""Excerpts: the words are marked as the search found them, and nothing else becomes markup."""

from __future__ import annotations

import pytest

from ventanilla.web.presenters.excerpts import LENGTH, excerpt, marked


@pytest.mark.parametrize(
    ("text", "stems", "shown"),
    [
        ("La facturación falló", ["factur"], "La <mark>facturación</mark> falló"),
        ("FACTURAS y Fáctura", ["factur"], "<mark>FACTURAS</mark> y <mark>Fáctura</mark>"),
        ("refacturar", ["factur"], "refacturar"),
        ("año y ano", ["ano"], "<mark>año</mark> y <mark>ano</mark>"),
        ("", ["x"], ""),
        ("nada", [], "nada"),
        ("(a.b) c", ["a.b", ")"], "(<mark>a.b</mark>) c"),
    ],
)
def test_words_are_marked_whatever_their_accents_and_endings(
    text: str, stems: list[str], shown: str
) -> None:
    assert str(excerpt(text, stems)) == shown
    assert str(marked(text, stems)) == shown


def test_what_a_person_wrote_stays_words() -> None:
    hostile = '<img src=x onerror=alert(1)> {0} {} %s <script>cobro</script> &amp; "x"'
    shown = str(excerpt(hostile, ["cobr", "img", "script"]))
    assert shown.count("<mark>") == 4
    rest = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in rest and ">" not in rest and "&amp;amp;" in rest and "{0} {} %s" in rest


def test_a_long_text_shows_the_stretch_with_most_of_the_words() -> None:
    filling = "palabra " * 200
    shown = str(
        excerpt(
            f"{filling} cobro {filling} el cobro doble de la factura {filling}",
            ["cobr", "factur", "dobl"],
        )
    )
    assert all(f"<mark>{each}</mark>" in shown for each in ("cobro", "doble", "factura"))
    assert shown.startswith("…") and shown.endswith("…")
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert len(bare) <= LENGTH + 2
    assert "\n" not in shown


def test_a_text_without_spaces_is_cut_too() -> None:
    assert len(str(excerpt("x" * 5_000, ["y"]))) <= LENGTH + 1
    assert len(str(excerpt("x" * 5_000, ["x" * 4_999]))) <= LENGTH + 1


def test_many_places_cost_little() -> None:
    assert "<mark>" in str(excerpt("cobro " * 50_000, ["cobr"]))
