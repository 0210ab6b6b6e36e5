"""Creating an account: what is mistyped is told before anything is touched."""

from click.testing import CliRunner

from ventanilla.cli.user import create

ANA = ["--email", "ana@empresa.example", "--name", "Ana Suárez", "--password", "una-clave-larga-7"]


def test_an_unknown_desk_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(create, [*ANA, "--role", "agent", "--desk", "atención"])
    assert result.exit_code == 2
    assert "«atención»" in result.output
    assert "atencion (Atención al Cliente)" in result.output


def test_an_unknown_role_is_refused() -> None:
    result = CliRunner().invoke(create, [*ANA, "--role", "jefe"])
    assert result.exit_code == 2
    assert "'jefe'" in result.output
