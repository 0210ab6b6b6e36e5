"""The catalogue is whole, and the tool that says so finds what it has to find."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog

from tools import catalogue
from ventanilla.core.refusals import Refusal


class ShelfFull(Refusal):
    """No cabe nada más en
    {shelf}."""


def test_nothing_is_missing_stale_or_unfit() -> None:
    assert catalogue.problems() == []


def test_sentences_are_found_in_modules_and_templates(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'from x import screen\nA = screen("Uno " "dos")\n'
        'def f():\n    return _("Tres"), ngettext("%(n)s día", "%(n)s días", 2), _(variable)\n'
    )
    found = {said for said, _, _ in catalogue.in_python(module)}
    assert found == {"Uno dos", "Tres", ("%(n)s día", "%(n)s días")}
    template = tmp_path / "page.html"
    template.write_text(
        '{% load i18n %}\n  <p title="{% translate \'Título\' %}">{% translate "Cuatro" %}</p>\n'
        "      {% blocktranslate trimmed count n=many %}\n {{ n }} caso\n {% plural %}\n {{ n }} casos\n"
        "  {% endblocktranslate %}\n"
    )
    found = {said for said, _, _ in catalogue.in_template(template)}
    assert found == {"Título", "Cuatro", ("%(n)s caso", "%(n)s casos")}


def test_refusals_are_told_by_their_docstring() -> None:
    said = {each for each, _, _ in catalogue.in_refusals()}
    assert "Este mensaje no espera otro intento: está «{state}»." in said
    assert ShelfFull(shelf="A").message == "No cabe nada más en A."


def test_other_facts_and_missing_words_are_told() -> None:
    found = Catalog(locale="en")
    found.add("Quedan %(n)s de {all}", "%(n)s of {all} left")
    found.add("Faltan %(n)s", "%(m)s missing")
    found.add("Sin inglés")
    found.add(("%(n)s caso", "%(n)s casos"), ("1 case", "%(n)s cases"))
    assert catalogue.unfit(found) == ["Faltan %(n)s"]
    assert catalogue.missing(found) == ["Sin inglés"]


def test_making_it_twice_makes_the_same_file() -> None:
    known = catalogue.catalogue()
    assert catalogue._compiled(known) == catalogue._compiled(known) == catalogue.MO.read_bytes()
