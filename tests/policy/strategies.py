"""Random places: opening hours, days off, zones with every sort of clock change, and pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from ventanilla.policy import BusinessCalendar, Closure, Interval, Opening, SpecialDay

# A zone and a date near which its clocks change, or do something else that is unusual.
PLACES = (
    ("America/Bogota", date(2026, 12, 8)),
    ("America/Mexico_City", date(2022, 10, 30)),
    ("America/Tijuana", date(2026, 3, 8)),
    ("America/Tijuana", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # skips 00:00
    ("America/Sao_Paulo", date(2019, 2, 17)),  # repeats 23:00
    ("Asia/Beirut", date(2026, 3, 29)),  # skips 00:00
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # changes by half an hour
    ("America/St_Johns", date(2006, 10, 29)),  # repeats 23:01, across midnight
    ("Asia/Kathmandu", date(2026, 1, 1)),  # +05:45
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that never was
    ("Africa/Casablanca", date(2026, 3, 22)),
)


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> tuple[Opening, ...]:
    marks = draw(st.lists(st.integers(0, 96), unique=True, max_size=4).map(sorted))
    minutes = [mark * 15 for mark in marks]
    pairs = zip(minutes[::2], minutes[1::2], strict=False)
    return tuple(Opening(start * 60, end * 60) for start, end in pairs)


@st.composite
def places(draw: st.DrawFn) -> tuple[BusinessCalendar, date]:
    zone, near = draw(st.sampled_from(PLACES))
    weekly = {day: draw(hours_of_a_day()) for day in range(7)}
    if not any(weekly.values()):
        weekly[draw(st.integers(0, 6))] = (Opening.parse("0:00-24:00"),)
    offsets = st.integers(-4, 8)
    days = draw(st.lists(offsets, unique=True, max_size=4))
    dates = [near + timedelta(days=day) for day in days]
    specials = [SpecialDay(day, draw(hours_of_a_day()), "especial") for day in dates[:2]]
    closures = [Closure(day, day, "cierre") for day in dates[2:3]]
    calendar = BusinessCalendar(
        zone, weekly, holidays=dates[3:], closures=closures, special_days=specials
    )
    return calendar, near


@st.composite
def arrivals(draw: st.DrawFn, near: date) -> datetime:
    noon = datetime(near.year, near.month, near.day, 12, tzinfo=UTC)
    return noon + timedelta(minutes=draw(st.integers(-3 * 1440, 2 * 1440)))


@st.composite
def pauses(draw: st.DrawFn, received: datetime) -> list[Interval]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start = received + timedelta(minutes=draw(st.integers(-600, 5 * 1440)))
        found.append(Interval(start, start + timedelta(minutes=draw(st.integers(0, 2 * 1440)))))
    return found
