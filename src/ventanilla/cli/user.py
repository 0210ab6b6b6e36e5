"""``ventanilla user``: accounts of the staff."""

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.config import config


@click.group()
def user() -> None:
    """Cuentas del personal."""


@user.command()
@click.option("--email", prompt="Correo", help="Dirección con la que entra.")
@click.option("--name", prompt="Nombre y apellido", help="Como la ven los demás.")
@click.option("--role", default="administrator", show_default=True, help="Función en la casa.")
@click.option("--desk", "desks", multiple=True, help="Mesa que atiende; se puede repetir.")
@click.option("--password", prompt="Clave", hide_input=True, confirmation_prompt=True)
def create(email: str, name: str, role: str, desks: tuple[str, ...], password: str) -> None:
    """Crea una cuenta; pide la clave si no se da."""
    with database_running(config()):
        set_up_django()
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError

        from ventanilla.accounts.models import Role, Staff

        if role not in Role.values:
            message = f"«{role}» no es una función. Opciones: {', '.join(Role.values)}."
            raise click.BadParameter(message, param_hint="--role")
        staff = Staff(email=email.strip().lower(), full_name=name, role=role, desks=list(desks))
        staff.set_password(password)
        try:
            validate_password(password, staff)
            staff.full_clean()
        except ValidationError as error:
            raise click.ClickException(" ".join(error.messages)) from error
        staff.save()
    click.echo(f"Cuenta creada: {staff.email} ({staff.get_role_display()}).")
