"""Every page there is: one entry or more for each named address, or the reason why there is none.

``test_axe`` visits them all; a new address without an entry fails ``test_every_address_is_listed``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.browser.browsing import Visitor
from tests.browser.house import BrowserHouse
from tests.browser.scene import SUBJECTS

NAME = re.compile(r"\{(\w+)\}")
BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
FORMS = (
    "archivos",
    "asignacion",
    "avance",
    "categoria",
    "cierre",
    "complejidad",
    "desistimiento",
    "desunion",
    "division",
    "espera",
    "evaluacion",
    "fecha-comprometida",
    "prioridad",
    "reanudacion",
    "reapertura",
    "relacion",
    "resolucion",
    "separacion",
    "trabajo",
    "union",
)
"""The actions on a case with a page of their own; the others are written on the page of the case."""


def _with_subject(name: str) -> str:
    return f"SELECT folio FROM register_case WHERE subject = '{SUBJECTS[name]}'"


FACTS = {
    "folio": _with_subject("in_work"),
    "fresh": _with_subject("fresh"),
    "waiting": _with_subject("waiting"),
    "resolved": _with_subject("resolved"),
    "merged": _with_subject("merged"),
    "promise": f"""
        SELECT key FROM register_commitment WHERE case_id =
        (SELECT id FROM register_case WHERE subject = '{SUBJECTS["in_work"]}')
        ORDER BY id LIMIT 1""",
    "outbound": "SELECT id FROM channels_outboundmessage ORDER BY id DESC LIMIT 1",
    "article": """
        SELECT a.slug FROM intranet_article a JOIN intranet_articleversion v ON v.article_id = a.id
        ORDER BY a.id LIMIT 1""",
    "public_article": """
        SELECT a.slug FROM intranet_article a JOIN intranet_articleversion v ON v.article_id = a.id
        WHERE v.audience = 'public' ORDER BY a.id LIMIT 1""",
    "lucia": "SELECT id FROM accounts_staff WHERE email LIKE 'lucia@%'",
    "quarantined": "SELECT id FROM channels_inbounditem WHERE fate = 'quarantine' LIMIT 1",
    "laid_out": """
        SELECT c.folio FROM register_message m JOIN register_case c ON c.id = m.case_id
        WHERE m.html LIKE '%Factura%' LIMIT 1""",
    "suspect": "SELECT id FROM evidence_evidenceitem WHERE suspicion <> '' LIMIT 1",
}
"""What stands in the address of a page, found in the house that is visited."""


@dataclass(frozen=True)
class Page:
    """``who``: a mailbox of the demonstration, ``customer`` for who follows a case, or nobody.

    ``is_fresh``: the page asks for the password again when signing in was long ago. ``picture``:
    the name of its pictures under ``docs/pantallas/``, where the address does not give a good one.
    """

    path: str
    who: str | None = "ana"
    status: int = 200
    is_fresh: bool = False
    picture: str = ""

    @property
    def pictured_as(self) -> str:
        """The name of its pictures."""
        return self.picture or BETWEEN_WORDS.sub("-", self.path.lower()).strip("-")

    def path_in(self, house: BrowserHouse) -> str:
        """The address with the facts of this house."""
        return NAME.sub(lambda found: house.one(FACTS[found[1]]), self.path)


PAGES = (
    Page("/cola/mia/", "diego", picture="mi-cola"),
    Page("/cola/todos/", picture="cola"),
    Page("/cola/vencidos/"),
    Page("/mesas/soporte/"),
    Page("/cola/sin-asignar/", "lucia", picture="sin-asignar"),
    Page("/cola/todos/filtros/", picture="filtros"),
    Page("/mesas/soporte/filtros/"),
    Page("/vistas/"),
    Page("/vistas/nueva/", picture="vista-nueva"),
    Page("/lotes/"),
    Page("/borradores/", "lucia"),
    Page("/plantillas/"),
    Page("/plantillas/nueva/", picture="plantilla-nueva"),
    Page("/equipo/", picture="equipo"),
    Page("/equipo/promesas/", picture="promesas-de-hoy"),
    Page("/equipo/personas/{lucia}/", picture="repartir"),
    Page("/administracion/personal/", "marcela", picture="personal"),
    Page("/administracion/personal/nueva/", "marcela"),
    Page("/administracion/personal/{lucia}/", "marcela", picture="cuenta-de-un-colega"),
    Page("/administracion/personal/{lucia}/baja/", "marcela"),
    Page("/administracion/funciones/", "marcela", picture="funciones"),
    Page("/administracion/mesas/", "marcela"),
    Page("/administracion/mesas/soporte/", "marcela"),
    Page("/administracion/ausencias/", "marcela"),
    Page("/administracion/ausencias/nueva/", "marcela", picture="ausencia"),
    Page("/administracion/politica/", "marcela"),
    Page("/administracion/politica/publicar/", "marcela", picture="publicar-politica"),
    Page("/administracion/politica/comparar/?de=1&a=1", "marcela"),
    Page("/administracion/politica/1/", "marcela"),
    Page("/administracion/plantillas/", "marcela"),
    Page("/administracion/canales/", "marcela", picture="canales"),
    Page("/entrada/repeticiones/", "marcela"),
    Page("/administracion/politica/1/regreso/", "marcela"),
    Page("/administracion/trabajos/", "marcela", picture="trabajos"),
    Page("/administracion/salud/", "marcela", picture="salud"),
    Page("/administracion/registro/", "marcela"),
    Page("/conocimiento/", picture="conocimiento"),
    Page("/conocimiento/nuevo/"),
    Page("/conocimiento/{article}/"),
    Page("/conocimiento/{article}/edicion/", picture="articulo-edicion"),
    Page("/conocimiento/{article}/retiro/"),
    Page("/conocimiento/{article}/versiones/1/"),
    Page("/conocimiento/{article}/comparacion/?de=1&a=1"),
    Page("/casos/{folio}/plantillas/", "lucia"),
    Page("/buscar/", picture="busqueda"),
    Page("/buscar/?q=factura", picture="buscar"),
    Page("/buscar/?q=zzzznada", picture="busqueda-vacia"),
    Page("/casos/{folio}/", picture="caso"),
    Page("/casos/{fresh}/", "lucia", picture="cola-y-caso"),
    Page("/casos/{waiting}/"),
    Page("/casos/{resolved}/"),
    Page("/casos/{merged}/"),
    Page("/casos/{laid_out}/", picture="caso-con-archivos"),
    Page("/casos/{folio}/", "auditoria"),
    Page("/casos/{folio}/registro/", picture="registro"),
    Page("/casos/{folio}/persona/"),
    Page("/casos/{folio}/compromisos/{promise}/", picture="por-que-esta-hora"),
    Page("/casos/{laid_out}/evidencias/{suspect}/"),
    Page("/salida/", picture="salida"),
    Page("/salida/{outbound}/"),
    Page("/entrada/"),
    Page("/entrada/{quarantined}/", picture="entrada-en-cuarentena"),
    Page("/politica/", picture="politica"),
    Page("/ayuda/", None, picture="ayuda"),
    Page("/ayuda/buscar/?q=factura", None),
    Page("/ayuda/{public_article}/", None, picture="ayuda-articulo"),
    Page("/preguntar/", None, picture="preguntar"),
    Page("/preguntar/billing_query/", None, picture="preguntar-formulario"),
    Page("/seguimiento/enlace/", None),
    Page("/seguimiento/{folio}/retiro/", "customer"),
    Page("/seguimiento/{resolved}/reapertura/", "customer"),
    Page("/seguimiento/", None, picture="seguimiento-puerta"),
    Page("/seguimiento/{folio}/", "customer", picture="seguimiento"),
    Page("/seguimiento/{resolved}/", "customer"),
    Page("/cuenta/login/", None, picture="entrar"),
    Page("/cuenta/logout/"),
    Page("/cuenta/inactive/", None),
    Page("/cuenta/signup/", None, status=403),
    Page("/cuenta/oidc/", None, status=403),
    Page("/cuenta/", picture="mi-cuenta"),
    Page("/cuenta/clave/", is_fresh=True),
    Page("/cuenta/clave/olvidada/", None),
    Page("/cuenta/clave/olvidada/enviada/", None),
    Page("/cuenta/clave/olvidada/lista/", None),
    Page("/cuenta/clave/olvidada/1-nada/", None),
    Page("/cuenta/confirmacion/", is_fresh=True),
    Page("/cuenta/oidc/error/", None, status=401),
    Page("/cuenta/oidc/cancelado/", None),
    Page("/casos/NO-2026-000000-X/", status=404),
)
"""What is looked at, besides the ``FORMS``."""


def where_it_fits(visitor: Visitor, house: BrowserHouse, noun: str) -> str:
    """The form of an action on a case that it makes sense for."""
    for subject in SUBJECTS.values():
        path = f"/casos/{house.folio_of(subject)}/{noun}/"
        if visitor.context.request.get(house.url + path, max_redirects=0).status == 200:
            return path
    raise AssertionError(f"no case of the house fits «{noun}»")


EXEMPT = {
    "home": "sends on to the queue",
    "home-queue": "sends on to the queue",
    "administration": "sends on to the first room one may enter",
    "health": "a word for machines",
    "inbound-raw": "a download",
    "message-html": "words of others as they laid them out, in a sandbox where no script runs",
    "inbound-replay": "answers POST only",
    "portal-message": "answers POST only",
    "portal-exit": "answers POST only",
    "portal-enter": "a link of a mail, sends on at once",
    "live": "a stream of events",
    "case-presence": "answers POST only",
    "case-watch": "answers POST only",
    "draft": "answers POST only",
    "draft-files": "answers POST only",
    "draft-preview": "answers POST only",
    "bulk": "answers POST only",
    "bulk-undo": "answers POST only",
    "ask-upload": "answers POST only",
    "commands": "a part of the palette",
    "case-news": "a part of the page of the case",
    "case-articles": "a part of the page of the case",
    "job-retry": "answers POST only",
    "job-cancel": "answers POST only",
    "knowledge-publish": "answers POST only",
    "knowledge-preview": "answers POST only",
    "case-others": "a list for the search of another case",
    "merge-foreseen": "a part of the form of merging",
    "draft-file": "answers POST only",
    "leaving-list": "a part of the page of the case",
    "colleagues": "words for scripts",
    "leaving": "open only while an answer waits; looked at in test_agent",
    "template": "the very form of new-template",
    "saved-view": "the very page of queue; looked at in test_queue",
    "change-view": "the very form of new-view",
    "drop-view": "asks once more; looked at in test_queue",
    "views-menu": "a part of the menu",
    "bulk-deed": "what came of a deed; looked at in test_queue",
    "ask-promise": "a part of the page of asking",
    "ask-offers": "a part of the page of asking",
    "ask-received": "open only after asking; looked at in test_customer",
    "portal-file": "a download",
    "staff-back": "answers POST only",
    "staff-link": "answers POST only",
    "absence": "the form of absence-new",
    "absence-end": "answers POST only",
    "channel-test-out": "answers POST only",
    "channel-test-in": "answers POST only",
    "outbound-retry": "answers POST only",
    "outbox-retry-all": "answers POST only",
    "invitation": "a link of a mail; looked at in test_administrator",
    "choose-language": "answers POST only",
    "end-session": "answers POST only",
    "usersessions_list": "answers POST, sends on to account",
    "account_set_password": "sends on to account",
    "mfa_index": "sends on to account",
    "mfa_list_webauthn": "sends on to account",
    "mfa_login_webauthn": "a word for the script of passkeys",
    "mfa_authenticate": "only between two steps; looked at by test_passkeys",
    "mfa_reauthenticate": "only with a second factor; looked at by test_passkeys",
    "mfa_reauthenticate_webauthn": "only with a second factor; looked at by test_passkeys",
    "mfa_activate_totp": "asks for the password first; looked at by test_passkeys",
    "mfa_deactivate_totp": "only with a second factor; looked at by test_passkeys",
    "mfa_view_recovery_codes": "only with a second factor; looked at by test_passkeys",
    "mfa_generate_recovery_codes": "only with a second factor; looked at by test_passkeys",
    "mfa_add_webauthn": "asks for the password first; looked at by test_passkeys",
    "mfa_edit_webauthn": "only with a second factor; looked at by test_passkeys",
    "mfa_remove_webauthn": "only with a second factor; looked at by test_passkeys",
    "openid_connect_login": "only with a provider; see tests/web/test_sign_in_oidc.py",
    "openid_connect_callback": "the provider's answer; see tests/web/test_sign_in_oidc.py",
    "socialaccount_connections": "the very page of account_signup",
}
"""Addresses that show no page of their own."""


def names_of(patterns: Sequence[object], prefix: str = "") -> Iterator[str]:
    """Every name of a table of addresses, with its namespace."""
    for each in patterns:
        nested = getattr(each, "url_patterns", None)
        if nested is not None:
            space = getattr(each, "namespace", None)
            yield from names_of(nested, f"{prefix}{space}:" if space else prefix)
        elif getattr(each, "name", None):
            yield f"{prefix}{each.name}"  # type: ignore[attr-defined]  # asked for just now
