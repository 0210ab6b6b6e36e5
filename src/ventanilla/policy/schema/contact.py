"""How the company speaks: mail identity, templates, sender caps and emergencies."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from ventanilla.policy.template import check_braces

from .base import Address, Key, Part, TermText, Whole, Words


class Template(Part):
    """A text with placeholders such as ``{nombre}``; see ``ventanilla.policy.template``."""

    key: Key
    subject: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(check_braces)]
    text: Annotated[Words, AfterValidator(check_braces)]


class MailIdentity(Part):
    """Who writes: the name beside the address of the desk, and the signature under every text."""

    from_name: Words
    signature: Words


class SenderCaps(Part):
    """How many automatic messages at most; what goes unsent is said in the record."""

    per_address_per_day: Whole = Field(ge=1, le=1000)
    per_case: Whole = Field(ge=1, le=1000)
    per_case_window: TermText


class Surcharge(Part):
    """A possible charge for an emergency, in whole units of the pack's currency.

    Nothing is charged before the customer accepts the quote.
    """

    key: Key
    name: Words
    per: Annotated[str, Field(pattern="^(hour|service)$")]
    amount: Whole = Field(ge=0)


class Emergency(Part):
    """What is served outside opening hours, how it is recognised and who is called."""

    priority: Key
    categories: tuple[Key, ...] = Field(min_length=1)
    words: tuple[Words, ...] = Field(min_length=1)
    on_call: tuple[Address, ...] = Field(min_length=1)
    quote_required: bool = True
    surcharges: tuple[Surcharge, ...] = ()
