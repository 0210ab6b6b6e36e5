"""How the official record behaves: folio, statuses, closing, reopening, complexity."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from .base import Key, Part, TermText, Words
from .promise import CaseStatus, Commitment

CHECK_ALGORITHMS = ("iso7064.mod_37_36", "iso7064.mod_37_2", "iso7064.mod_97_10", "luhn")
_FOLIO_FIELD = re.compile(r"\{([a-z]+)(?::(0\d{1,2}))?\}")


def _folio_pattern(pattern: str) -> str:
    names = [match[1] for match in _FOLIO_FIELD.finditer(pattern)]
    rest = _FOLIO_FIELD.sub("", pattern)
    if "{" in rest or "}" in rest or set(names) - {"year", "number", "check"}:
        raise ValueError("El patrón del folio solo admite {year}, {number:06} y {check}.")
    if names.count("number") != 1 or names.count("check") != 1 or names.count("year") > 1:
        raise ValueError("El patrón del folio necesita una vez {number} y una vez {check}.")
    return pattern


def _known_algorithm(name: str) -> str:
    if name not in CHECK_ALGORITHMS:
        raise ValueError(f"Algoritmos del dígito de control: {', '.join(CHECK_ALGORITHMS)}.")
    return name


class Folio(Part):
    """The visible number: ``GS-{year}-{number:06}-{check}``.

    ``series`` names the gapless counter, one a year when ``restarts_yearly``; ``check`` is a
    module of python-stdnum.
    """

    pattern: Annotated[str, AfterValidator(_folio_pattern)]
    series: Key
    restarts_yearly: bool = True
    check: Annotated[str, AfterValidator(_known_algorithm)] = "iso7064.mod_37_36"

    @model_validator(mode="after")
    def _year_where_it_restarts(self) -> Self:
        if self.restarts_yearly and "{year" not in self.pattern:
            raise ValueError("Una serie que reinicia cada año necesita {year} en el patrón.")
        return self


class Statuses(Part):
    """How each status is called in front of people."""

    registered: Words
    assessed: Words
    in_progress: Words
    waiting_customer: Words
    waiting_area: Words
    waiting_authorization: Words
    resolved: Words
    closed: Words
    withdrawn: Words

    def label(self, status: CaseStatus | str) -> str:
        """The label of a status. Raises ValueError for an unknown one."""
        return str(getattr(self, CaseStatus(status).value))


class Closing(Part):
    """How a resolved case closes by itself after a quiet period."""

    quiet_period: TermText


class Reopening(Part):
    """Within the window a reply reopens the case; after it a linked case opens."""

    window: TermText
    courtesy_words: tuple[Words, ...] = ()


class Complexity(Part):
    """What follows from marking a case complex, with a reason: recurring progress notices."""

    progress_notice: Commitment


class Assessment(Part):
    """What somebody confirms on reading a new request."""

    confirms: tuple[Words, ...] = Field(min_length=1)
