"""Message-IDs and reply addresses that nobody can forge, and folios that people write."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventanilla.channels.email.folios import folios_in
from ventanilla.channels.email.tokens import (
    AddressInvalid,
    CaseReferenceTooLong,
    MessageIds,
    ReplyTokens,
)

IDS = MessageIds(b"secreto" * 5, "correo.generasoft.example")
TOKENS = ReplyTokens(b"secreto" * 5)
CASE = "GS-2026-000123-K"
BASE = "atencion@generasoft.example"
REFS = st.text(alphabet=string.ascii_uppercase + string.digits + "-", min_size=1, max_size=18)


@settings(max_examples=100, deadline=None)
@given(
    case_ref=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    key=st.text(st.characters(exclude_categories=["Cs"])),
)
def test_message_id_leads_back_to_its_case(case_ref: str, key: str) -> None:
    minted = IDS.mint(case_ref=case_ref, delivery_key=key)
    assert IDS.read(minted) == case_ref
    assert minted == IDS.mint(case_ref=case_ref, delivery_key=key)
    assert minted.isascii()
    assert minted == minted.strip()


def test_another_delivery_is_another_message_id() -> None:
    assert IDS.mint(case_ref=CASE, delivery_key="1") != IDS.mint(case_ref=CASE, delivery_key="2")
    assert MessageIds(b"otro", IDS.domain).read(IDS.mint(case_ref=CASE, delivery_key="1")) is None
    assert (
        MessageIds(IDS.secret, "otro.example").read(IDS.mint(case_ref=CASE, delivery_key="1"))
        is None
    )
    assert b"secreto" not in repr(IDS).encode()
    assert b"secreto" not in repr(TOKENS).encode()


def changed(text: str) -> list[str]:
    """Every way to change, drop or double one character."""
    out = []
    for at, char in enumerate(text):
        out += [
            text[:at] + other + text[at + 1 :]
            for other in string.ascii_lowercase + string.digits + ".-"
            if other != char
        ]
        out += [text[:at] + text[at + 1 :], text[:at] + char + text[at:]]
    return [one for one in out if one != text]


def test_any_changed_character_of_a_message_id_is_refused() -> None:
    local = IDS.mint(case_ref=CASE, delivery_key="1").strip("<>").partition("@")[0]
    assert IDS.read(f"<{local}@{IDS.domain}>") == CASE
    for forged in changed(local):
        assert IDS.read(f"<{forged}@{IDS.domain}>") is None


def test_any_changed_character_of_a_token_is_refused() -> None:
    local = TOKENS.address(base_address=BASE, case_ref=CASE).partition("@")[0]
    token = local.partition("+r.")[2]
    for forged in changed(token):
        assert TOKENS.read(f"atencion+r.{forged}@generasoft.example") is None


@settings(max_examples=100, deadline=None)
@given(REFS)
def test_reply_address_survives_case_folding(case_ref: str) -> None:
    address = TOKENS.address(base_address=BASE, case_ref=case_ref)
    assert TOKENS.read(address) == TOKENS.read(address.upper()) == case_ref
    assert len(address.partition("@")[0]) <= 64
    assert address == address.lower()


def test_reply_address_that_does_not_fit_is_refused() -> None:
    with pytest.raises(CaseReferenceTooLong, match="no cabe"):
        TOKENS.address(base_address=BASE, case_ref="x" * 40)
    for base in ("atencion", "@x.example", "a+b@x.example"):
        with pytest.raises(AddressInvalid):
            TOKENS.address(base_address=base, case_ref=CASE)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        BASE,
        "atencion+r.@x.example",
        "atencion+r.abc@x.example",
        "a+r." + "ñ" * 20 + "@x.example",
    ],
)
def test_what_is_no_reply_address(address: str | None) -> None:
    assert TOKENS.read(address) is None
    assert IDS.read(address) is None


PATTERN = r"GS-\d{4}-\d{6}-[0-9A-Z]"


def known(folio: str) -> str | None:
    return folio.upper() if folio.upper().endswith("K") else None


FOLIOS = {
    "in a subject": ("RE: Su caso GS-2026-000123-K", (CASE,)),
    "in brackets": ("[GS-2026-000123-K] ayuda", (CASE,)),
    "small letters": ("re: gs-2026-000123-k", (CASE,)),
    "twice": ("GS-2026-000123-K y GS-2026-000123-K", (CASE,)),
    "two": ("GS-2026-000123-K, GS-2026-000999-K.", (CASE, "GS-2026-000999-K")),
    "inside a longer word": ("XGS-2026-000123-K GS-2026-000123-KX", ()),
    "wrong check character": ("GS-2026-000123-J", ()),
    "none": ("hola", ()),
}


@pytest.mark.parametrize(("text", "wanted"), FOLIOS.values(), ids=FOLIOS)
def test_folios(text: str, wanted: tuple[str, ...]) -> None:
    assert folios_in(text, pattern=PATTERN, check=known) == wanted


def test_folios_without_check_and_in_bulk() -> None:
    assert folios_in("gs-2026-000123-j", pattern=PATTERN) == ("GS-2026-000123-J",)
    many = " ".join(f"GS-2026-{n:06}-K" for n in range(500))
    assert len(folios_in(many, pattern=PATTERN, check=known)) == 20
