"""National holidays, computed by the ``holidays`` library; observances never count.

The library is imported only when a calendar names a country: it is large and many uses of the
clock never need it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from .values import PolicyError


class UnknownCountry(PolicyError):
    """No hay festivos para ese país o subdivisión: use códigos ISO 3166, p. ej. CO, MX o US/CA."""

    def __init__(self, country: str, subdivision: str | None) -> None:
        super().__init__(f"{type(self).__doc__} Se recibió {country!r}, {subdivision!r}.")


@cache
def national_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Date to name, in Spanish where the library has it. Raises UnknownCountry.

    Only the public holidays of the country (and subdivision) are taken, on the days on which
    the law moves them to; observances, school and bank days are other categories and stay out.
    """
    import holidays

    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known or (subdivision and subdivision not in known[country]):
        raise UnknownCountry(country, subdivision)
    year_of = holidays.country_holidays(country, subdiv=subdivision, years=year)
    if "es" in year_of.supported_languages:
        year_of = holidays.country_holidays(country, subdiv=subdivision, years=year, language="es")
    return {day: name for day, name in year_of.items() if day.year == year}


def check_country(country: str, subdivision: str | None) -> None:
    """Raises UnknownCountry unless holidays can be computed for it."""
    national_holidays(country, subdivision, 2026)
