"""``ventanilla user``: accounts of the staff."""

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.actors import SYSTEM
from ventanilla.core.config import config
from ventanilla.policy import load

NO_WAY_IN = (
    "Aviso: la cuenta no tiene clave y aquí no se entra con la cuenta de la empresa (VENTANILLA_OIDC_*). "
    "Quien administra puede enviarle un enlace para escogerla, en Administración, Personal."
)
ROLES = ("agent", "lead", "director", "administrator", "auditor")


@click.group()
def user() -> None:
    """Cuentas del personal."""


@user.command()
@click.option("--email", prompt="Correo", help="Dirección con la que entra.")
@click.option("--name", prompt="Nombre y apellido", help="Como la ven los demás.")
@click.option(
    "--role",
    default="director",
    show_default=True,
    type=click.Choice(ROLES),
    help="Función en el equipo.",
)
@click.option("--desk", "desks", multiple=True, help="Mesa que atiende; se puede repetir.")
@click.option("--password", help="Clave; sin esta opción se pregunta sin mostrarla.")
@click.option(
    "--no-password",
    is_flag=True,
    help="Sin clave: entra solo con la cuenta de la empresa (OIDC) o con un enlace por correo.",
)
def create(
    *, email: str, name: str, role: str, desks: tuple[str, ...], password: str | None,
    no_password: bool,
) -> None:  # fmt: skip
    """Crea una cuenta; pide lo que no se da.

    Quien puede ejecutar este comando tiene la máquina entera: actúa como el sistema.
    """
    _require_known_desks(desks)
    password = _asked_password(password, no_password=no_password)
    with database_running(config()):
        set_up_django()
        from django.utils import timezone

        from ventanilla.accounts.operations import create_staff

        staff = create_staff(
            email=email,
            full_name=name,
            role=role,
            desks=desks,
            password=password,
            acting_user=SYSTEM,
            as_of=timezone.now(),
        )
    click.echo(f"Cuenta creada: {staff.email} ({staff.get_role_display()}).")
    if password is None and config().oidc_issuer is None:
        click.echo(NO_WAY_IN, err=True)


def _asked_password(given: str | None, *, no_password: bool) -> str | None:
    """What was given or typed twice; None for an account without one."""
    if no_password and given:
        message = "Diga --password o --no-password, no ambas."
        raise click.BadParameter(message, param_hint="--no-password")
    if no_password or given:
        return given
    return str(click.prompt("Clave", hide_input=True, confirmation_prompt=True))


def _require_known_desks(desks: tuple[str, ...]) -> None:
    known = {desk.key: desk.name for desk in load(config().pack).desks} if desks else {}
    for desk in desks:
        if desk not in known:
            among = ", ".join(f"{key} ({name})" for key, name in known.items())
            message = f"No hay una mesa «{desk}» en la política. Mesas: {among}."
            raise click.BadParameter(message, param_hint="--desk")
