"""Folded templates say what unfolded ones say, in every language."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Engine
from django.utils import translation

from ventanilla.web.folding import Still

LIBRARIES = {"ventanilla_web": "ventanilla.web.templatetags.ventanilla_web"}
BUILTINS = ["django.templatetags.i18n", "django.templatetags.static"]
TEMPLATES = {
    "frame.html": "<b>{% translate 'Buscar' %}</b>{% block inner %}{% endblock %}{% include 'part.html' %}",
    "page.html": (
        "{% extends 'frame.html' %}{% load ventanilla_web %}{% block inner %}{% icon 'check' %} "
        "{% translate 'Cerrar' %} {{ name }} {% if more %}{% translate 'Buscar' %}!{% else %}"
        "{% url 'search' %}{% endif %}{% for each in many %}{{ each }}{% translate 'Buscar' %}"
        "{% endfor %}{% include 'named.html' %}[{{ found }}]{% include 'given.html' with x=name %}"
        "{% blocktranslate trimmed %}Buscar {{ name }}{% endblocktranslate %}{% endblock %}"
    ),
    "part.html": "<i>{% translate 'Cerrar' %}</i>{{ name }}",
    "named.html": "{% url 'search' as found %}{{ found }}",
    "given.html": "{{ x }}{% translate x %}",
    "language.html": "{% get_current_language as found %}{{ found }}",
    "after.html": "{% include 'language.html' %}[{{ found }}]",
    "striped.html": "{% cycle 'odd' 'even' as stripe %}{{ stripe }}{% ifchanged each %}!{% endifchanged %}",
    "zebra.html": (
        "{% for each in many %}{% include 'striped.html' %}{% endfor %}[{{ stripe }}]"
        "{% for each in many %}{% include 'striped.html' %}{% endfor %}"
    ),
    "again.html": "{{ left.0 }}{% if left %}{% with left=left.1 %}{% include 'again.html' %}{% endwith %}{% endif %}",
}
PLAIN = "django.template.loaders.cached.Loader"
FOLDED = "ventanilla.web.folding.Loader"


def _engine(loader: str) -> Engine:
    within = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    return Engine(loaders=[(loader, within)], libraries=LIBRARIES, builtins=BUILTINS)


def _drawn(engine: Engine, name: str, values: dict[str, Any]) -> str:
    return str(engine.get_template(name).render(Context(values)))


@pytest.mark.parametrize("more", [True, False])
def test_a_folded_page_says_the_same_in_each_language_and_for_each_reader(*, more: bool) -> None:
    plain, folded = _engine(PLAIN), _engine(FOLDED)
    seen = set()
    for language in ("es", "en", "es", "en"):
        for name in ("Ana", "<Luis>"):
            values = {"name": name, "more": more, "many": [1, 2]}
            with translation.override(language):
                expected = _drawn(plain, "page.html", values)
                assert _drawn(folded, "page.html", values) == expected
            seen.add(expected)
    assert len(seen) == 4


@pytest.mark.parametrize("name", ["after.html", "zebra.html"])
def test_a_part_that_names_or_keeps_something_is_not_put_in_place(name: str) -> None:
    values = {"many": [1, 1, 2]}
    expected = _drawn(_engine(PLAIN), name, values)
    assert "[]" in expected
    assert _drawn(_engine(FOLDED), name, values) == expected


def test_a_part_may_include_itself() -> None:
    values = {"left": (1, (2, (3, ())))}
    assert _drawn(_engine(FOLDED), "again.html", values) == "123"


def test_what_stays_is_one_node() -> None:
    template = _engine(FOLDED).get_template("part.html")
    assert [type(node) is Still for node in template.nodelist] == [True, False]
