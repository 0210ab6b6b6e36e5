from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.register import cast
from ventanilla.policy.schema.record import Folio as FolioRule
from ventanilla.register import folio
from ventanilla.register import operations as register
from ventanilla.register.folio import FolioMistyped
from ventanilla.register.rules import folios

RULE = FolioRule(pattern="GS-{year}-{number:06}-{check}", series="gs")
SION = FolioRule(pattern="SIÓN-{year}-{number:05}-{check}", series="sion")
BOGOTA = ZoneInfo("America/Bogota")
AT = datetime(2026, 12, 4, tzinfo=UTC)
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CONFUSED = [set("0OQ"), set("1IL")]


def written(number: int, rule: FolioRule = RULE) -> str:
    return folios.write(rule, number, AT, BOGOTA)


@pytest.mark.parametrize(
    "typed",
    [
        "{0}", " {0} ", "{lower}", "{spaces}", "{bare}", "{dashes}", "{letters}", "#{0}.",
    ],
)  # fmt: skip
def test_G6_a_folio_is_understood_however_it_is_typed(typed: str) -> None:
    exact = written(417)
    text = typed.format(
        exact, lower=exact.lower(), spaces=exact.replace("-", " "), bare=exact.replace("-", ""),
        dashes=exact.replace("-", "–"), letters=exact[:3] + exact[3:14].replace("0", "O"),
    ) if "letters" not in typed else "GS-2O26-OOO4I7-" + exact[-1]  # fmt: skip
    assert folios.read(RULE, text) == exact


def test_accents_of_a_prefix_do_not_matter() -> None:
    exact = written(7, SION)
    assert exact.startswith("SIÓN-")
    assert folios.read(SION, exact.replace("Ó", "o").lower()) == exact


@given(
    number=st.integers(1, 9_999_999), place=st.integers(0, 20), other=st.sampled_from(ALPHANUMERIC)
)
def test_one_wrong_character_never_leads_to_another_case(
    number: int, place: int, other: str
) -> None:
    exact = written(number)
    place %= len(exact)
    if exact[place] == "-" or exact[place] == other:
        return
    typed = exact[:place] + other + exact[place + 1 :]
    try:
        found = folios.read(RULE, typed)
    except FolioMistyped:
        return
    assert found in (None, exact)
    assert place < len(exact) - 1 or found is None
    if found == exact:
        assert any({exact[place], other} <= pair for pair in CONFUSED)


def test_nearly_every_swap_of_two_digits_is_noticed() -> None:
    """ISO 7064 MOD 37,36 finds every single wrong character, and all but one swap in a hundred."""
    noticed = swaps = 0
    for number in range(1, 20_000, 7):
        exact = written(number)
        for place in range(8, 13):
            if exact[place] != exact[place + 1]:
                swaps += 1
                swapped = exact[:place] + exact[place + 1] + exact[place] + exact[place + 2 :]
                try:
                    folios.read(RULE, swapped)
                except FolioMistyped:
                    noticed += 1
    assert noticed / swaps > 0.99


def test_the_message_says_what_is_wrong() -> None:
    with pytest.raises(FolioMistyped) as refused:
        folios.read(RULE, "GS-2026-000418-" + written(417)[-1])
    assert "carácter de control" in refused.value.message


@pytest.mark.parametrize("text", ["", "hola", "GS-2026", "XX-2026-000417-4", "GS-2026-417-4", "💥"])
def test_what_is_no_folio_is_none(text: str) -> None:
    assert folios.read(RULE, text) is None


def test_the_year_of_a_series_turns_in_the_zone_of_the_pack() -> None:
    eve = datetime(2027, 1, 1, 4, 59, tzinfo=UTC)
    assert folios.series_of(RULE, eve, BOGOTA) == "gs-2026"
    assert folios.series_of(RULE, datetime(2027, 1, 1, 5, tzinfo=UTC), BOGOTA) == "gs-2027"


def test_folios_are_found_inside_a_subject() -> None:
    pack = cast.pack("generasoft")
    exact = folios.write(pack.folio, 417, AT, BOGOTA)
    wrong = folios.write(pack.folio, 418, AT, BOGOTA)[:-1] + exact[-1]
    subject = f"Re: [{exact.lower()}] y {wrong} y {exact}: otra vez"
    assert folio.find_in(subject, pack) == [exact]


@pytest.mark.django_db
def test_the_folio_alone_opens_nothing_and_the_code_can_be_revoked() -> None:
    case, other = cast.opened(), cast.opened()
    code = folio.secret_of(case)
    assert folio.matches_secret(case, f" {code.lower().replace('-', ' ')} ")
    assert not folio.matches_secret(other, code)
    assert not folio.matches_secret(case, case.folio)
    assert not folio.matches_secret(case, "")
    renewed = register.renew_secret(
        case=case, acting_user=cast.acting(cast.berta()), as_of=cast.FRIDAY_3PM
    )
    assert not folio.matches_secret(renewed, code)
    assert folio.matches_secret(renewed, folio.secret_of(renewed))


def test_the_code_is_long_enough_and_unambiguous() -> None:
    import math

    assert math.log2(len(folio.ALPHABET)) * folio.SECRET_LENGTH >= 50
    assert not set(folio.ALPHABET) & set("01ILOU")


def test_who_mistypes_one_character_is_offered_what_may_be_meant() -> None:
    exact = written(417)
    check = exact[-1]
    assert folios.near(RULE, exact)[0] == exact
    typos = [f"GS-2026-000471-{check}", f"GS-2026-000419-{check}", f"GS-2062-000417-{check}",
             f"gs 2026 O00417{'A' if check != 'A' else 'B'}"]  # fmt: skip
    for typed in typos:
        near = folios.near(RULE, typed)
        assert exact in near, typed
        assert len(near) <= folios.MOST_NEAR
        assert all(folio.check(each, cast.pack("generasoft")) for each in near), typed
    assert folios.near(RULE, "hola") == []
    assert folios.near(RULE, "GS-2026-000417") == []


@given(
    st.integers(min_value=1, max_value=999_999), st.integers(0, 5), st.sampled_from("0123456789")
)
def test_any_single_wrong_digit_is_undone(number: int, place: int, digit: str) -> None:
    exact = written(number)
    at = len("GS-2026-") + place
    assert exact in folios.near(RULE, exact[:at] + digit + exact[at + 1 :])


def test_a_number_alone_is_the_folio_of_this_year_and_the_last_ones() -> None:
    pack = cast.pack("generasoft")
    given = folio.numbered("#417", pack, AT)
    assert given[0] == written(417)
    assert [each[3:7] for each in given] == ["2026", "2025", "2024", "2023", "2022"]
    bogota = ZoneInfo("America/Bogota")
    for day in (
        datetime(2026, 12, 31, 23, 30, tzinfo=bogota),
        datetime(2028, 2, 29, tzinfo=bogota),
    ):
        years = [each[3:7] for each in folio.numbered("417", pack, day.astimezone(UTC))]
        assert years == [str(day.year - back) for back in range(5)]
    for odd in ("", "abc", "4 17", "٤١٧", "1234567890", "-1"):
        assert folio.numbered(odd, pack, AT) == []
