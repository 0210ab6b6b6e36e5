"""``ventanilla user``: accounts of the staff."""

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.actors import SYSTEM
from ventanilla.core.config import config


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
    help="Función: agent, lead, director, administrator o auditor.",
)
@click.option("--desk", "desks", multiple=True, help="Mesa que atiende; se puede repetir.")
@click.option("--password", prompt="Clave", hide_input=True, confirmation_prompt=True)
def create(email: str, name: str, role: str, desks: tuple[str, ...], password: str) -> None:
    """Crea una cuenta; pide lo que no se da.

    Quien puede ejecutar este comando tiene la máquina entera: actúa como el sistema.
    """
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
