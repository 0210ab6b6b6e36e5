"""What stands in the navigation, in the words of the pack."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import Permission, may, visible_desks
from ventanilla.core.words import screen
from ventanilla.policy.schema.pack import Pack
from ventanilla.web.addresses import address

VIEWS = {
    "mine": ("mia", screen("Mi cola"), "user-circle", "m"),
    "my_desk": ("mi-mesa", screen("Mis mesas"), "inbox-stack", "e"),
    "unassigned": ("sin-asignar", screen("Sin asignar"), "inbox", "s"),
    "waiting": ("en-espera", screen("En espera"), "pause-circle", "p"),
    "overdue": ("vencidos", screen("Vencidos"), "exclamation-triangle", "v"),
    "watched": ("seguidos", screen("Seguidos"), "eye", "g"),
    "mentions": ("menciones", screen("Menciones"), "at-symbol", "n"),
    "all": ("todos", screen("Todos los abiertos"), "queue-list", "t"),
    "resolved": ("resueltos", screen("Resueltos"), "check-circle", "r"),
}
"""View of the queue → its place in the address, its name, its icon, its key after «g»."""
VIEW_AT = {parts[0]: view for view, parts in VIEWS.items()}


@dataclass(frozen=True, slots=True)
class Item:
    """One link."""

    name: str
    url: str
    icon: str
    current: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class ScreenWords:
    """The pack's words for what is on screen, as they stand in a sentence and as headings."""

    folio: str
    Folio: str
    Status: str
    register: str
    crm: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The navigation of one person."""

    words: ScreenWords
    views: tuple[Item, ...]
    desks: tuple[Item, ...]
    house: tuple[Item, ...]
    staff_id: int
    name: str
    role: str
    language: str
    """The drawn links are kept, and must not speak to one in the language of another."""


def screen_words(pack: Pack) -> ScreenWords:
    """The words of the country and the names of the systems."""
    folio, status = pack.vocabulary.folio, pack.vocabulary.status
    return ScreenWords(
        folio=folio.lower(),
        Folio=capitalised(folio),
        Status=capitalised(status),
        register=pack.modules.register_,
        crm=pack.modules.crm,
        evidence=pack.modules.evidence,
    )


def capitalised(words: str) -> str:
    """The first letter large, the others as they are."""
    return words[:1].upper() + words[1:]


def menu_for(staff: Staff, pack: Pack, path: str) -> Menu:
    """The links this person may follow; the one they are on is marked."""

    def item(name: str, url: str, icon: str, key: str = "") -> Item:
        return Item(str(name), url, icon, current=path == url, key=key)

    seen = visible_desks(staff)
    return Menu(
        words=screen_words(pack),
        views=tuple(
            item(name, address("queue", slug), icon, f"g {key}")
            for slug, name, icon, key in VIEWS.values()
        ),
        desks=tuple(
            item(desk.name, address("desk-queue", desk.key), "rectangle-stack")
            for desk in pack.desks
            if seen is None or desk.key in seen
        ),
        house=(
            item(pack.modules.intranet, address("knowledge"), "book-open"),
            *(
                item(name, address(where), icon)
                for name, where, icon, permission in HOUSE
                if may(staff, permission)
            ),
        ),
        staff_id=staff.pk,
        name=str(staff),
        role=str(Role(staff.role).label),
        language=get_language() or "",
    )


HOUSE = (
    (screen("Borradores"), "drafts", "pencil-square", Permission.ADD_NOTE),
    (screen("Plantillas"), "templates", "document-duplicate", Permission.MANAGE_TEMPLATES),
    (screen("Equipo"), "team", "user-group", Permission.VIEW_TEAM),
    (screen("Entrada"), "inbound", "inbox-arrow-down", Permission.VIEW_INBOUND),
    (screen("Salida"), "outbox", "paper-airplane", Permission.VIEW_OUTBOX),
    (screen("Política"), "policy", "document-text", Permission.VIEW_CASES),
    (screen("Administración"), "administration", "cog-6-tooth", Permission.VIEW_ADMINISTRATION),
)
