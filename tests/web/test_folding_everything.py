"""Every template of the product says folded what it says unfolded, whatever it is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from django.template import Context, Engine, engines
from django.test import RequestFactory
from django.utils import translation

import ventanilla

PLAIN = "django.template.loaders.cached.Loader"
FOLDED = "ventanilla.web.folding.Loader"
WITHIN = ["django.template.loaders.app_directories.Loader"]
SOURCES = sorted(Path(ventanilla.__file__).parent.glob("*/templates/**/*.*"))
NAMES = [str(each).partition("/templates/")[2] for each in SOURCES]
NOTHING = ("None", "True", "False", "exception")


class Anything:
    """Has every attribute and every item, each of the same kind; ``long`` of them in a row."""

    do_not_call_in_templates = True
    text, long = "2", 2

    def __getattr__(self, name: str) -> Self:
        if name.startswith("_") or name in ("resolve_expression", "render"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _key: object) -> Self:
        return self

    def __call__(self, *_args: object, **_more: object) -> Self:
        return self

    def __iter__(self) -> Iterator[Self]:
        return iter([self] * self.long)

    def __len__(self) -> int:
        return self.long

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        return self.text

    def __format__(self, _how: str) -> str:
        return self.text


class Number(Anything, int):
    """For what is counted, and for addresses."""


class Triple(Number):
    """For what is taken apart into three."""

    long = 3


class Icon(Anything, int):
    """For what is counted beside an icon."""

    text = "check"


class Word(Anything, str):
    """For what is put together; the name of an icon as well."""

    text = "check"


class Lenient(Context):
    """Knows every name."""

    def __init__(self, given: Any) -> None:
        super().__init__({"request": RequestFactory().get("/")})
        self.given = given

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            return None if key in NOTHING else self.given

    def __contains__(self, key: Any) -> bool:
        return True


def _engine(loader: str) -> Engine:
    ours: Any = engines["django"]
    ours = ours.engine
    return Engine(loaders=[(loader, WITHIN)], libraries=ours.libraries, builtins=ours.builtins)


GIVEN = (Number(2), Triple(3), Icon(4), Word("check"))
"""All different: what draws an icon remembers it by what it was given."""


def _contexts() -> Iterator[Context]:
    yield Context({"request": RequestFactory().get("/")})
    yield from (Lenient(each) for each in GIVEN)


def _said(engine: Engine, name: str, context: Context) -> str | tuple[type, str]:
    """What it draws, or the trouble it has with what it was given."""
    try:
        return str(engine.get_template(name).render(context))
    except Exception as trouble:  # noqa: BLE001 - it is compared, whatever it is
        return type(trouble), str(trouble)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_template_says_the_same_folded(language: str) -> None:
    plain, folded = _engine(PLAIN), _engine(FOLDED)
    undrawn = []
    with translation.override(language):
        for name in NAMES:
            said = [_said(plain, name, each) for each in _contexts()]
            for _ in ("drawn", "drawn again"):
                assert [_said(folded, name, each) for each in _contexts()] == said, name
            if not any(isinstance(each, str) and each.strip() for each in said[1:]):
                undrawn.append((name, said[1:]))
    assert len(undrawn) < len(NAMES) / 10, undrawn
