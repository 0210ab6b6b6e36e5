"""``ventanilla user``: accounts of the staff."""

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.actors import SYSTEM
from ventanilla.core.config import config
from ventanilla.policy import load

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
@click.option("--password", prompt="Clave", hide_input=True, confirmation_prompt=True)
def create(email: str, name: str, role: str, desks: tuple[str, ...], password: str) -> None:
    """Crea una cuenta; pide lo que no se da.

    Quien puede ejecutar este comando tiene la máquina entera: actúa como el sistema.
    """
    _require_known_desks(desks)
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


def _require_known_desks(desks: tuple[str, ...]) -> None:
    known = {desk.key: desk.name for desk in load(config().pack).desks} if desks else {}
    for desk in desks:
        if desk not in known:
            among = ", ".join(f"{key} ({name})" for key, name in known.items())
            message = f"No hay una mesa «{desk}» en la política. Mesas: {among}."
            raise click.BadParameter(message, param_hint="--desk")
