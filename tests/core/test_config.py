"""Settings: read, refused, and the document that lists them."""

from pathlib import Path

import pytest

from ventanilla.core.config import Config, ConfigInvalid, read_config, variable_of
from ventanilla.core.mailboxes import AddressInvalid, ImapMailbox, Relay

DOCUMENT = Path("docs/settings.md")
COMPUTED = {"data_folder": "`.data`", "public_url": "`http://localhost:` and the port"}

MISTAKES = [
    ("VENTANILLA_PORT", "abc", "«abc» no es un número entero"),
    ("VENTANILLA_SMTP_PORT", "70000", "el máximo es 65535"),
    ("VENTANILLA_MAIL_MAX_BYTES", "10", "el mínimo es 65536"),
    ("VENTANILLA_DEBUG", "quizás", "no es sí ni no"),
    ("VENTANILLA_SECOND_FACTOR_ROLES", "agent, jefe", "no es una opción"),
    ("VENTANILLA_OIDC_ISSUER", "identidad", "no es una dirección web"),
    ("VENTANILLA_LOG_FORMAT", "xml", "Opciones: 'console', 'json'"),
    ("VENTANILLA_PUBLIC_URL", "ayuda", "no es una dirección web"),
    ("VENTANILLA_RELAY_URL", "correo.example", "no es una dirección de servidor de correo"),
    ("VENTANILLA_IMAP_URL", "imaps://correo.example", "falta usuario o clave"),
    ("VENTANILLA_SMTP_TLS_KEY", "/no/such/file", "no existe o no se puede leer"),
    ("VENTANILLA_SECRET_KEY", "corta", "al menos 32 caracteres"),
    ("DATABASE_URL", "mysql://host/name", "debe empezar por postgresql://"),
    ("VENTANILLA_SMPT_PORT", "25", "¿Quiso decir VENTANILLA_SMTP_PORT?"),
]


@pytest.fixture(autouse=True)
def _without_database_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.mark.parametrize(("variable", "value", "told"), MISTAKES)
def test_a_mistake_names_its_variable_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigInvalid) as refused:
        read_config()
    (problem,) = refused.value.problems
    assert problem.startswith(f"{variable}: ")
    assert told in problem


def test_all_mistakes_are_told_at_once_and_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_PORT", "abc")
    monkeypatch.setenv("VENTANILLA_RELAY_URL", "smtp://user:secreta@")
    with pytest.raises(ConfigInvalid) as refused:
        read_config()
    assert len(refused.value.problems) == 2
    assert "secreta" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_certificate_and_key_go_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = tmp_path / "chain.pem"
    certificate.touch()
    monkeypatch.setenv("VENTANILLA_SMTP_TLS_CERTIFICATE", str(certificate))
    with pytest.raises(ConfigInvalid, match="van juntas"):
        read_config()


def test_the_three_settings_of_a_provider_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_OIDC_CLIENT_ID", "ventanilla")
    with pytest.raises(ConfigInvalid, match="falta alguna de las tres"):
        read_config()
    monkeypatch.setenv("VENTANILLA_OIDC_ISSUER", "https://identidad.example")
    monkeypatch.setenv("VENTANILLA_OIDC_CLIENT_SECRET", "muy secreto")
    assert read_config().oidc_issuer == "https://identidad.example"
    assert "muy secreto" not in repr(read_config())


def test_values_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_IMAP_URL", "imaps://a%40b:c@d.example/X, imap://e:f@g.example")
    monkeypatch.setenv("VENTANILLA_PUBLIC_URL", "https://ayuda.empresa.example/")
    monkeypatch.setenv("VENTANILLA_ALLOWED_HOSTS", "uno.example dos.example")
    config = read_config()
    assert config.imap_mailboxes == (
        ImapMailbox("d.example", 993, True, "a@b", "c", "X"),
        ImapMailbox("g.example", 143, False, "e", "f", "INBOX"),
    )
    assert config.is_secure
    assert config.hosts[:3] == ["ayuda.empresa.example", "uno.example", "dos.example"]
    assert config.relay is None
    assert config.data_folder.is_absolute()


def test_the_public_address_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_PORT", "8123")
    assert read_config().public_url == "http://localhost:8123"


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://h.example", Relay("h.example", 25, "none")),
        ("smtp://h.example:2525?starttls=1", Relay("h.example", 2525, "starttls")),
        ("smtp://u:p@h.example:587", Relay("h.example", 587, "starttls", "u", "p")),
        ("smtp://h.example:587?starttls=0", Relay("h.example", 587, "none")),
        ("smtps://u:p%2F@h.example", Relay("h.example", 465, "tls", "u", "p/")),
    ],
)
def test_relays(url: str, relay: Relay) -> None:
    assert Relay.parse(url) == relay


@pytest.mark.parametrize("url", ["http://h.example", "smtp://", "smtp://h.example:x", "h"])
def test_what_is_no_relay(url: str) -> None:
    with pytest.raises(AddressInvalid):
        Relay.parse(url)


def test_secrets_do_not_show_when_printed() -> None:
    shown = repr(Config(relay_url="smtp://u:secreta@h.example", secret_key="s" * 40))
    assert "secreta" not in shown
    assert "ssss" not in shown
    assert "clave" not in repr(ImapMailbox.parse("imaps://u:clave@h.example"))


def rows_of_the_document() -> dict[str, tuple[str, str]]:
    rows = [line.strip("| \n").split(" | ") for line in DOCUMENT.read_text().splitlines()]
    return {
        row[0].strip("`"): (row[1], row[2]) for row in rows if len(row) == 3 and row[0][0] == "`"
    }


def test_the_document_lists_every_setting_with_its_default_and_description() -> None:
    expected = {
        variable_of(name): (shown_default(name, field.default), field.description)
        for name, field in Config.model_fields.items()
    }
    assert rows_of_the_document() == expected


def shown_default(name: str, value: object) -> str:
    if name in COMPUTED:
        return COMPUTED[name]
    if value is None or value == ():
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
