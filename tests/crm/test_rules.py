"""How addresses and names are read."""

import pytest

from ventanilla.crm.rules import (
    AddressNotUnderstood,
    better_name,
    normalise_email,
    normalise_phone,
    shorten,
    tidy_name,
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ana@cliente.example", "ana@cliente.example"),
        ("  Ana.Perez@Cliente.EXAMPLE ", "ana.perez@cliente.example"),
        ("Ana Pérez <Ana@Cliente.example>", "ana@cliente.example"),
        ('"Pérez, Ana" <ana@cliente.example>', "ana@cliente.example"),
        ("<ana@cliente.example>", "ana@cliente.example"),
        ("mailto:ana@cliente.example", "ana@cliente.example"),
        ("'ana@cliente.example'", "ana@cliente.example"),
        ("ana@cliente.example;", "ana@cliente.example"),
        ("ana@cliente.example.", "ana@cliente.example"),
        ('"ana"@cliente.example', "ana@cliente.example"),
        ("ana\u200b@cliente.example", "ana@cliente.example"),
        ("ana@café.example", "ana@xn--caf-dma.example"),
        ("ana@XN--CAF-DMA.example", "ana@xn--caf-dma.example"),
        ("MUÑOZ@cliente.example", "muñoz@cliente.example"),
        ("mun\u0303oz@cliente.example", "muñoz@cliente.example"),
        # What a provider makes of dots and tags is not ours to guess.
        ("a.n.a+compras@cliente.example", "a.n.a+compras@cliente.example"),
    ],
)
def test_an_address_has_one_spelling(written: str, kept: str) -> None:
    assert normalise_email(written) == kept
    assert normalise_email(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ana",
        "ana@",
        "@cliente.example",
        "ana@cliente@",
        "ana pérez@cliente.example",
        "ana@-cliente.example",
        "ana@cli_ente..example",
        "a" * 320 + "@cliente.example",
        "undisclosed-recipients:;",
        "ana@" + "é" * 70 + ".example",
    ],
)
def test_what_is_no_address_is_refused_in_words(written: str) -> None:
    with pytest.raises(AddressNotUnderstood, match="no es una dirección"):
        normalise_email(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+57 (601) 555-0100", "+576015550100"),
        ("0052 55 5555 0100", "+525555550100"),
        ("+52 1 55 5555 0100", "+525555550100"),
        ("tel:+52-55-5555-0100", "+525555550100"),
    ],
)
def test_a_number_has_one_spelling(written: str, kept: str) -> None:
    assert normalise_phone(written) == kept


@pytest.mark.parametrize("written", ["", "555 0100", "+57", "+57 x601 555 0100", "+0123456789"])
def test_a_number_without_country_is_refused(written: str) -> None:
    with pytest.raises(AddressNotUnderstood):
        normalise_phone(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ana  Pérez", "Ana Pérez"),
        ('"Ana Pérez"', "Ana Pérez"),
        ("ana@cliente.example", ""),
        ("ana.perez", ""),
        ("Ana Perez", "Ana Perez"),
        ("\u202eAna\u202c Gil", "Ana Gil"),
        ("12345", ""),
        ("", ""),
    ],
)
def test_a_name_is_tidied(written: str, kept: str) -> None:
    assert tidy_name(written, "ana.perez@cliente.example") == kept


def test_a_first_name_is_kept_although_the_address_begins_with_it() -> None:
    assert tidy_name("Clara", "clara@cliente.example") == "Clara"
    assert tidy_name("clara", "clara@cliente.example") == ""


@pytest.mark.parametrize(
    ("known", "offered", "kept"),
    [
        ("", "Ana", "Ana"),
        ("Ana", "", "Ana"),
        ("Ana", "Ana Pérez", "Ana Pérez"),
        ("Ana Pérez", "Ana", "Ana Pérez"),
        ("Ana Pérez", "Luis Gil", "Ana Pérez"),
        ("Ana", "Luis Gil", "Ana"),
        ("ANA PEREZ", "Ana Pérez", "Ana Pérez"),
        ("Ana Pérez", "ANA PEREZ", "Ana Pérez"),
        ("ana pérez", "ANA PÉREZ", "ana pérez"),
        ("PÉREZ ANA", "Ana Pérez", "Ana Pérez"),
    ],
)
def test_the_better_name_is_kept(known: str, offered: str, kept: str) -> None:
    assert better_name(known, offered) == kept


def test_a_summary_is_one_line_that_shows_it_was_cut() -> None:
    assert shorten("uno\n  dos\ttres") == "uno dos tres"
    cut = shorten("palabra " * 100)
    assert len(cut) <= 300
    assert cut.endswith("…")
