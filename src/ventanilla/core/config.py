"""The settings of an installation: read from the environment, checked once, explained in Spanish."""

import difflib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ventanilla.core.mailboxes import ImapMailbox, Relay

PREFIX = "VENTANILLA_"
MEBIBYTE = 1024 * 1024
MOST_BODIES = 64
"""Requests whose bodies one web process reads at the same moment; each costs a thread that waits."""

REMEDIES = {
    "int_parsing": "«{input}» no es un número entero.",
    "float_parsing": "«{input}» no es un número.",
    "bool_parsing": "«{input}» no es sí ni no. Escriba true o false.",
    "greater_than_equal": "«{input}» es demasiado pequeño: el mínimo es {ge}.",
    "less_than_equal": "«{input}» es demasiado grande: el máximo es {le}.",
    "literal_error": "«{input}» no es una opción. Opciones: {expected}.",
    "string_too_short": "es demasiado corto: al menos {min_length} caracteres.",
    "value_error": "{error}",
}


# A default that could not be computed because another value is wrong: that one is told.
CONSEQUENCE = "default_factory_not_called"


class ConfigInvalid(Exception):
    """La configuración tiene errores y no se ha iniciado nada:"""

    def __init__(self, problems: list[str]) -> None:
        """Join the problems, one a line, each naming its variable and the remedy."""
        self.problems = problems
        super().__init__("\n".join([self.__doc__ or "", *(f"  - {each}" for each in problems)]))


def _split(value: object) -> object:
    """Lists are written with commas or spaces: what a person types in an environment file."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Role = Literal["agent", "lead", "director", "administrator", "auditor"]
Roles = Annotated[tuple[Role, ...], NoDecode, BeforeValidator(_split)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Config(BaseSettings):
    """Every setting. The variable is ``VENTANILLA_`` and the name, unless an alias is given."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    data_folder: Path = Field(
        Path(".data"),
        validation_alias=f"{PREFIX}DATA",
        description="Folder of everything that must survive: database, evidence, secret, logs.",
    )
    database_url: str | None = Field(
        None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="A PostgreSQL 16+ server of your own (postgresql://user:password@host/name). "
        "Without it the embedded database in the data folder is used.",
    )
    secret_key: str | None = Field(
        None,
        min_length=32,
        repr=False,
        description="Key of all signatures. Without it one is made once in the data folder; set it "
        "when several machines serve the same installation.",
    )
    pack: str = Field(
        "generasoft",
        min_length=1,
        description="Policy pack: the name of one that comes with the product, or a path.",
    )
    allowed_hosts: Words = Field(
        (),
        description="Further host names the pages answer to, with commas. The one of the public "
        "URL, localhost and 127.0.0.1 are always allowed.",
    )
    behind_proxy: bool = Field(
        False,
        description="A proxy in front sets X-Forwarded-Proto. Turn on only then: a client could "
        "otherwise claim HTTPS.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address the web server binds to.")
    port: Port = Field(8000, description="Port of the web server.")
    public_url: str = Field(
        default_factory=lambda earlier: f"http://localhost:{earlier.get('port', 8000)}",
        description="Address under which people reach the pages; it stands in links of e-mails.",
    )
    web_workers: int = Field(1, ge=1, le=64, description="Processes of the web server.")
    web_threads: int = Field(
        4, ge=1, le=64, description="Requests one web process serves at the same moment."
    )
    live_streams: int = Field(
        200,
        ge=0,
        le=2000,
        description="Browsers that one web process keeps up to date at the same moment; each costs "
        "a thread that waits.",
    )
    smtp_enabled: bool = Field(True, description="Whether to listen for incoming mail.")
    smtp_host: str = Field(
        "127.0.0.1", min_length=1, description="Address the mail listener binds to."
    )
    smtp_port: Port = Field(2525, description="Port of the mail listener.")
    smtp_protocol: Literal["smtp", "lmtp"] = Field(
        "smtp", description="smtp, or lmtp behind a mail server such as Postfix."
    )
    smtp_tls_certificate: Path | None = Field(
        None, description="Certificate chain (PEM) to offer STARTTLS with."
    )
    smtp_tls_key: Path | None = Field(None, description="Private key (PEM) of that certificate.")
    smtp_tls_required: bool = Field(
        False, description="Refuse incoming mail from servers that do not use STARTTLS."
    )
    mail_max_bytes: int = Field(
        25 * MEBIBYTE, ge=64 * 1024, description="Largest incoming message, in bytes."
    )
    mail_domain: str = Field(
        "ventanilla.example",
        min_length=3,
        description="Domain of our Message-IDs and reply addresses; also our name in HELO.",
    )
    imap_url: Words = Field(
        (),
        repr=False,
        description="Mailboxes to fetch, with commas or spaces: imaps://user:password@host/INBOX. "
        "Characters such as @ inside user or password are written %40.",
    )
    imap_poll_seconds: int = Field(
        60, ge=5, le=3600, description="Pause between looks into a mailbox that offers no IDLE."
    )
    relay_url: str | None = Field(
        None,
        repr=False,
        description="Server for outgoing mail: smtp://user:password@host:587?starttls=1 or "
        "smtps://host. Without it deliveries stay in the outbox as held, visible and unsent.",
    )
    oidc_issuer: str | None = Field(
        None,
        description="Sign-in through an identity provider of yours (OpenID Connect): its address, "
        "the one before /.well-known/. Password and passkeys keep working beside it.",
    )
    oidc_client_id: str | None = Field(None, description="How that provider knows us.")
    oidc_client_secret: str | None = Field(
        None, repr=False, description="The secret that provider gave us."
    )
    oidc_name: str = Field(
        "la cuenta de la empresa",
        min_length=1,
        max_length=40,
        description="What the sign-in page calls that provider, after «Entrar con».",
    )
    second_factor_roles: Roles = Field(
        (),
        description="Roles that must have a second factor, with commas: agent, lead, director, "
        "administrator, auditor. Who has none is asked to set one up before anything else.",
    )
    evidence_max_file_bytes: int = Field(
        50 * MEBIBYTE, ge=1024, description="Largest evidence file, in bytes."
    )
    evidence_max_case_bytes: int = Field(
        1024 * MEBIBYTE, ge=1024, description="All evidence of one case together, in bytes."
    )
    evidence_max_held_bytes: int = Field(
        512 * MEBIBYTE,
        ge=1024,
        description="Files that people without an account uploaded and have not sent yet, all "
        "together, in bytes; one network may take a fifth. As much again stays free for what "
        "arrives.",
    )
    evidence_min_free_bytes: int = Field(
        512 * MEBIBYTE,
        ge=0,
        description="Free disk space, in bytes, below which evidence is refused rather than the "
        "database endangered.",
    )
    worker_concurrency: int = Field(
        2, ge=1, le=64, description="Jobs one worker process carries out at the same moment."
    )
    debug: bool = Field(False, description="Developer mode: error pages show code and values.")
    log_format: Literal["console", "json"] = Field(
        "console", description="console for people, json for a log collector."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least important kind of line that is logged."
    )

    @field_validator("data_folder")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """A relative folder is fixed now: a child with another working folder must find the same."""
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in ("postgres", "postgresql"):
            message = "debe empezar por postgresql://. Otras bases de datos no sirven."
            raise ValueError(message)
        return value

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            message = f"«{value}» no es una dirección web. Ejemplo: https://ayuda.empresa.example"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("smtp_tls_certificate", "smtp_tls_key")
    @classmethod
    def _is_readable_file(cls, value: Path | None) -> Path | None:
        if value is not None and not os.access(value, os.R_OK):
            message = f"el archivo {value} no existe o no se puede leer."
            raise ValueError(message)
        return value

    @field_validator("relay_url")
    @classmethod
    def _is_relay(cls, value: str | None) -> str | None:
        if value is not None:
            Relay.parse(value)
        return value

    @field_validator("imap_url")
    @classmethod
    def _are_mailboxes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            ImapMailbox.parse(url)
        return value

    @property
    def relay(self) -> Relay | None:
        """The server for outgoing mail, or None: deliveries are held."""
        return Relay.parse(self.relay_url) if self.relay_url else None

    @property
    def imap_mailboxes(self) -> tuple[ImapMailbox, ...]:
        """The mailboxes to fetch."""
        return tuple(ImapMailbox.parse(url) for url in self.imap_url)

    @property
    def listeners(self) -> tuple[tuple[int, str, str], ...]:
        """Port, address and variable of everything that listens."""
        pages = (self.port, self.host, variable_of("port"))
        mail = (self.smtp_port, self.smtp_host, variable_of("smtp_port"))
        return (pages, mail) if self.smtp_enabled else (pages,)

    @property
    def is_secure(self) -> bool:
        """Whether people reach us over HTTPS; cookies and headers follow it."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Every host name the pages answer to."""
        own = urlsplit(self.public_url).hostname or ""
        return list(dict.fromkeys([own, *self.allowed_hosts, "localhost", "127.0.0.1", "[::1]"]))


def variable_of(field_name: str) -> str:
    """The environment variable of a field."""
    alias = Config.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{field_name.upper()}"


def read_config() -> Config:
    """Read and check the environment afresh. Raises ConfigInvalid with all problems at once."""
    problems = list(_unknown_variables())
    try:
        config = Config()
    except ValidationError as error:
        # Context only inside the message: a chained pydantic trace may show a password.
        problems += [_explain(each) for each in error.errors() if each["type"] != CONSEQUENCE]
        raise ConfigInvalid(problems) from None
    if (config.smtp_tls_certificate is None) != (config.smtp_tls_key is None):
        problems.append(
            f"{PREFIX}SMTP_TLS_CERTIFICATE y {PREFIX}SMTP_TLS_KEY van juntas: falta una de las dos."
        )
    sign_in = (config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret)
    if any(sign_in) and not all(sign_in):
        problems.append(
            f"{PREFIX}OIDC_ISSUER, {PREFIX}OIDC_CLIENT_ID y {PREFIX}OIDC_CLIENT_SECRET van juntas: "
            "falta alguna de las tres."
        )
    if problems:
        raise ConfigInvalid(problems)
    return config


@lru_cache(maxsize=1)
def config() -> Config:
    """The configuration of this process, read once."""
    return read_config()


def _explain(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0])
    variable = variable_of(name) if name in Config.model_fields else name
    template = REMEDIES.get(problem["type"], problem["msg"])
    facts = {"input": problem.get("input"), **problem.get("ctx", {})}
    if "expected" in facts:
        facts["expected"] = str(facts["expected"]).replace(" or ", ", ")
    return f"{variable}: {template.format(**facts)}"


def _unknown_variables() -> Iterator[str]:
    """A misspelled variable would silently leave the default in force."""
    known = {variable_of(name) for name in Config.model_fields}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = (
                f" ¿Quiso decir {near[0]}?" if near else " Las que hay están en docs/settings.md."
            )
            yield f"{name}: no existe una variable con ese nombre.{hint}"
