"""The words beside a promise, worked by hand on the calendar of the pack."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.desk import mails
from tests.desk.people import BOGOTA, pack
from ventanilla.policy.clock import Interval, Term
from ventanilla.register import folio
from ventanilla.web.addresses import address
from ventanilla.web.forms.fields import plain
from ventanilla.web.paging import read_key, write_key
from ventanilla.web.presenters.clock_line import clock_line
from ventanilla.web.presenters.masking import masked
from ventanilla.web.presenters.moments import moment, size
from ventanilla.web.presenters.policy import clause_rows
from ventanilla.web.presenters.signs import due_sign, met_sign

FRIDAY = datetime(2026, 12, 4, 15, 0, tzinfo=BOGOTA)
"""Open until 16:00; Tuesday 8 is a holiday."""


def said(as_of: datetime, term: str, received: datetime = FRIDAY) -> tuple[str, str]:
    calendar, wanted = pack().calendar, Term.parse(term)
    due_at = calendar.due(received, wanted)
    sign = due_sign(calendar, started_at=received, due_at=due_at, term=wanted, as_of=as_of)
    return sign.tone, sign.words


@pytest.mark.parametrize(
    ("term", "at", "expected"),
    [
        ("3 elapsed_hours", FRIDAY, ("ahead", "quedan 3 h")),
        ("3 elapsed_hours", FRIDAY + timedelta(hours=2, minutes=30), ("near", "quedan 30 min")),
        (
            "3 elapsed_hours",
            FRIDAY + timedelta(hours=3, minutes=20),
            ("broken", "venció hace 20 min"),
        ),
        ("3 elapsed_hours", FRIDAY + timedelta(days=9), ("broken", "venció hace 8 días")),
        # An hour is left by its own clock, but it is counted on Monday: the day is named.
        ("2 business_hours", FRIDAY + timedelta(hours=1), ("ahead", "lun 7 dic, 9:30 a. m.")),
        (
            "2 business_hours",
            datetime(2026, 12, 7, 8, 40, tzinfo=BOGOTA),
            ("ahead", "quedan 50 min hábiles"),
        ),
        ("12 business_day_hours", FRIDAY, ("ahead", "lun 7 dic, 3:00 a. m.")),
        ("5 business_days", FRIDAY, ("ahead", "lun 14 dic, 4:00 p. m.")),
    ],
)
def test_what_is_left_is_said_in_the_promise_s_own_clock(
    term: str, at: datetime, expected: tuple[str, str]
) -> None:
    assert said(at, term) == expected


def test_a_kept_promise_says_how_long_it_took_and_a_late_one_how_late() -> None:
    due_at = FRIDAY + timedelta(hours=3)
    kept = met_sign(started_at=FRIDAY, met_at=FRIDAY + timedelta(minutes=28), due_at=due_at)
    late = met_sign(started_at=FRIDAY, met_at=due_at + timedelta(minutes=5), due_at=due_at)
    assert (kept.tone, kept.words) == ("kept", "cumplida en 28 min")
    assert (late.tone, late.words) == ("broken", "cumplida con 5 min de retraso")


def test_the_line_draws_open_hours_only_and_stops_at_now() -> None:
    calendar, term = pack().calendar, Term.parse("2 business_hours")
    due_at = calendar.due(FRIDAY, term)
    line = clock_line(
        calendar, tone="ahead", basis=term.basis, started_at=FRIDAY, due_at=due_at,
        pauses=(Interval(FRIDAY, FRIDAY + timedelta(minutes=30)),), stopped_at=None,
        as_of=FRIDAY + timedelta(hours=30),
    )  # fmt: skip
    assert len(line.open) == 2  # Friday until 16:00, Monday from 8:30
    assert len(line.spent) == 1
    assert len(line.pauses) == 1
    assert 0 < float(line.now_x) < float(line.due_x) == 1000


def test_a_clock_that_waits_for_the_opening_is_hatched_until_then() -> None:
    calendar, term = pack().calendar, Term.parse("12 business_day_hours")
    saturday = FRIDAY + timedelta(days=1)
    due_at = calendar.due(saturday, term)
    line = clock_line(
        calendar, tone="ahead", basis=term.basis, started_at=saturday, due_at=due_at, pauses=(),
        stopped_at=None, as_of=saturday,
    )  # fmt: skip
    waited = datetime(2026, 12, 7, 8, 30, tzinfo=BOGOTA) - saturday
    assert float(line.open[0].x) == pytest.approx(1000 * (waited / (due_at - saturday)), abs=0.1)


def ends(started_at: datetime, hours: int, as_of: datetime) -> tuple[str, str]:
    term = Term.parse(f"{hours} elapsed_hours")
    line = clock_line(
        pack().calendar, tone="ahead", basis=term.basis, started_at=started_at,
        due_at=started_at + timedelta(hours=hours), pauses=(), stopped_at=None, as_of=as_of,
    )  # fmt: skip
    return line.start_words, line.end_words


def test_a_line_within_one_day_says_its_hours() -> None:
    later = FRIDAY + timedelta(days=4)
    hours = ("vie 4 dic, 3:00 p. m.", "vie 4 dic, 6:00 p. m.")
    start, end = ends(FRIDAY, 3, later)
    assert (plain_spaces(start), plain_spaces(end)) == hours
    assert ends(FRIDAY, 12, later) == ("vie 4 dic", "sáb 5 dic")


def plain_spaces(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ")


def test_a_sign_that_warns_says_why() -> None:
    term = Term.parse("4 elapsed_hours")
    signs = [
        due_sign(
            pack().calendar, started_at=FRIDAY, due_at=FRIDAY + timedelta(hours=4), term=term,
            as_of=FRIDAY + timedelta(hours=gone),
        )
        for gone in (2, 3)
    ]  # fmt: skip
    why = "queda la cuarta parte del plazo o menos"
    assert [each.tone for each in signs] == ["ahead", "near"]
    assert [why in each.html for each in signs] == [False, True]


def test_moments_are_told_from_where_the_reader_stands() -> None:
    assert moment(FRIDAY, BOGOTA, FRIDAY).short.replace("\N{NO-BREAK SPACE}", " ") == (
        "hoy, 3:00 p. m."
    )
    assert moment(FRIDAY, BOGOTA, FRIDAY + timedelta(days=400)).short.startswith("vie 4 dic 2026")
    assert [size(900), size(212_000), size(3_600_000)] == ["900 B", "207 KB", "3,4 MB"]


def test_deceptive_characters_are_refused_and_unseen_ones_dropped() -> None:
    assert plain(" fac\u200btura\u00ad ") == "factura"
    assert plain("👩‍💻") == "👩‍💻"
    with pytest.raises(ValidationError):
        plain("factura\u202efdp.exe")


def test_access_codes_are_masked_wherever_a_link_stands() -> None:
    text = "Vea https://x.example/seguimiento/GS-1-K/ABCD-EFGH-JKMN/ y responda."
    assert "ABCD" not in masked(text, None)
    assert masked(text, None).startswith("Vea https://x.example/seguimiento/GS-1-K/")


CODE = "K7QM-2XWP-9RTD"
LINK = "https://v.example/seguimiento/GS-2026-000123-K/"


@pytest.mark.parametrize(
    "text",
    [
        f"https://guard.example/?url=https%3A%2F%2Fv.example%2Fseguimiento%2FGS-1-K%2F{CODE}&x=5",
        f"x%252Fseguimiento%252FGS-2026-000123-K%252F{CODE.replace('-', '%252D')}%252F",
        "https-3A__v.example_seguimiento_GS-2D2026-2D000123-2DK_K7QM-2D2XWP-2D9RTD&d=",
        f"> {LINK}\n> {CODE}",
        f"{LINK}=\n{CODE}",
        f"{LINK}K7QM-2X\n> WP-9RTD",
        f"{LINK}K7QM-\r\n>> 2XWP-9RTD",
        f"{LINK}k7qm2xwp9rtd",
        f"Mi clave: {CODE}",
        f"mi clave es {CODE.lower()}, gracias",
        f"clave{CODE}Enviado desde mi celular",
        "<p>K7QM-<wbr>2XWP-9RTD</p>",
    ],
)
def test_an_access_code_is_masked_however_a_program_quoted_it(text: str) -> None:
    shown = masked(text, None)
    assert "····-····-····" in shown
    assert not any(piece in shown.upper() for piece in ("K7QM", "2X", "WP", "9RTD"))


@pytest.mark.parametrize(
    "text",
    [
        "Llame al 3456-7892-2345, de 8-12.",
        "Folio fiscal 4E2A5678-A726-4466-B7D2-446655443322.",
        "Para este caso prefiero el pre-pago.",
        "-" * 9_000 + "AAAA-" * 2,
    ],
)
def test_what_is_no_access_code_stays_readable(text: str) -> None:
    assert masked(text, None) == text


@pytest.mark.usefixtures("desk")
def test_the_code_of_its_case_is_masked_in_every_spelling_that_opens_it() -> None:
    case = mails.opened()
    code = folio.secret_of(case).replace("-", "")
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    cut = f"{code[:3]}\n>\n> {code[3:]}"
    spaced = f"{code[:6]}%20{code[6:]}"
    for spelling in (code, code.lower(), " ".join(code), wide, cut, spaced):
        shown = masked(f"Mi clave: {spelling}, gracias", case)
        assert shown == "Mi clave: ····-····-····, gracias"
        assert folio.matches_secret(case, spelling) or "%" in spelling
    assert masked("Sin ﬁn.", case) == "Sin ﬁn."
    in_markup = masked("</p>-".join(code), case)
    assert in_markup == f"····-····-····{'</p>' * 11}", "the elements stay"
    twice = f"ß {code}, {' '.join(code)} y otra vez"
    assert masked(twice, case) == "ß ····-····-····, ····-····-···· y otra vez"


@pytest.mark.usefixtures("desk")
def test_no_text_of_a_stranger_makes_the_search_for_the_code_slow() -> None:
    case = mails.opened()
    code = folio.secret_of(case)
    for between in ("</>", "<a", "&a;", "%2", "-" * 61):
        text = f"{code[:6]}{between * 4_000}z {code}"
        assert masked(text, case).endswith("····-····-····")
        assert code not in masked(text, case)


def test_keys_of_pages_survive_their_address_and_garbage_begins_anew() -> None:
    for key in ((FRIDAY, 7), (None, 9)):
        assert read_key(write_key(key)) == key
    for garbage in ("", "x", "~", "2026~1", f"{FRIDAY.isoformat()}~{2**70}", "-~-1"):
        assert read_key(garbage) is None


def test_every_clause_of_both_packs_is_carried_by_something() -> None:
    for key in ("generasoft", "sion"):
        assert [row.id for row in clause_rows(pack(key)) if not row.rules] == []


def test_addresses_are_those_of_the_table_of_addresses() -> None:
    asked: list[tuple[str, tuple[str | int, ...]]] = [
        ("home-queue", ()),
        ("case", ("GS-2026-000417-K",)),
        ("case-why", ("SI-1/2".replace("/", " "), "next_response:2")),
        ("evidence", ("GS-1-K", 7)),
        ("case-action", ("ñandú & %", "respuesta")),
    ]
    for name, parts in asked:
        assert address(name, *parts) == reverse(name, args=parts)
