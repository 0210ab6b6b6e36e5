"""The table of permissions in words. What it says is asked of the table that decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import Permission, why

WORDS = {
    Permission.ADD_EVIDENCE: gettext_lazy("Añadir archivos a un caso"),
    Permission.ADD_NOTE: gettext_lazy("Escribir notas internas"),
    Permission.ADOPT_POLICY: gettext_lazy("Pasar un caso a una política posterior"),
    Permission.ASSESS_CASE: gettext_lazy("Evaluar casos"),
    Permission.ASSIGN_CASE: gettext_lazy("Asignar casos"),
    Permission.CHANGE_CATEGORY: gettext_lazy("Cambiar la categoría"),
    Permission.CHANGE_COMMITTED_DATE: gettext_lazy("Comprometer o cambiar la fecha"),
    Permission.CHANGE_PRIORITY: gettext_lazy("Cambiar la prioridad"),
    Permission.CLOSE_CASE: gettext_lazy("Cerrar casos"),
    Permission.EXCUSE_COMMITMENT: gettext_lazy("Exceptuar un compromiso, con motivo"),
    Permission.EXPORT_RECORD: gettext_lazy("Exportar el registro"),
    Permission.LINK_CASES: gettext_lazy("Relacionar casos"),
    Permission.MANAGE_ABSENCES: gettext_lazy("Anotar ausencias"),
    Permission.MANAGE_ARTICLES: gettext_lazy("Escribir y publicar artículos"),
    Permission.MANAGE_JOBS: gettext_lazy("Repetir y cancelar trabajos"),
    Permission.MANAGE_STAFF: gettext_lazy("Crear y cambiar cuentas"),
    Permission.MANAGE_TEMPLATES: gettext_lazy("Cambiar las plantillas de respuesta"),
    Permission.MARK_COMPLEX: gettext_lazy("Marcar un caso como complejo"),
    Permission.MERGE_CASES: gettext_lazy("Unir casos"),
    Permission.PAUSE_CASE: gettext_lazy("Poner un caso en espera"),
    Permission.PUBLISH_POLICY: gettext_lazy("Publicar políticas"),
    Permission.REOPEN_CASE: gettext_lazy("Reabrir casos"),
    Permission.REPLAY_INBOUND: gettext_lazy("Procesar de nuevo lo que llegó"),
    Permission.REPLY_TO_PERSON: gettext_lazy("Responder a la persona"),
    Permission.RESOLVE_CASE: gettext_lazy("Resolver casos"),
    Permission.RETRY_DELIVERY: gettext_lazy("Reintentar envíos"),
    Permission.SEND_PROGRESS_NOTICE: gettext_lazy("Enviar avisos de avance"),
    Permission.SPLIT_CASE: gettext_lazy("Separar casos"),
    Permission.TEST_CHANNEL: gettext_lazy("Probar los canales"),
    Permission.UNMERGE_CASES: gettext_lazy("Deshacer la unión de casos"),
    Permission.VERIFY_RECORD: gettext_lazy("Verificar el registro"),
    Permission.VIEW_ADMINISTRATION: gettext_lazy("Ver la administración"),
    Permission.VIEW_CASES: gettext_lazy("Ver casos"),
    Permission.VIEW_INBOUND: gettext_lazy("Ver lo que llega"),
    Permission.VIEW_OUTBOX: gettext_lazy("Ver lo que sale"),
    Permission.VIEW_TEAM: gettext_lazy("Ver el equipo y su carga"),
    Permission.WITHDRAW_CASE: gettext_lazy("Registrar un desistimiento"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a role may, and why in words."""

    allowed: bool
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One permission for every role."""

    name: str
    code: str
    cells: tuple[Cell, ...]


def role_heads() -> list[str]:
    """The names of the roles, in the order of the columns."""
    return [str(each.label) for each in Role]


def permission_rows() -> list[PermissionRow]:
    """Every permission, in the order of its words."""
    rows = [
        PermissionRow(words_of(each), each.value, tuple(_cell(role, each) for role in Role))
        for each in Permission
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def words_of(permission: Permission) -> str:
    """What a permission allows; one that has no words yet shows its code."""
    known = WORDS.get(permission)
    return str(known) if known else permission.value.replace("_", " ")


def _cell(role: Role, permission: Permission) -> Cell:
    answer = why(Staff(role=role, is_active=True), permission)
    return Cell(answer.allowed, _("sí") if answer.allowed else _("no"), answer.reason)
