"""A register of a million cases, grown in the database from a thousand that came through the door.

The base cases are real: mail in, assessed, answered, resolved. The copies differ in id, folio,
person, dates and words. Their ledger digests are those of the originals, so ``verify`` is not run
on the copies; pages and searches read them as they read any case.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from psycopg import Connection, sql
from psycopg.rows import TupleRow

OPEN_SHARE = 50
"""One of so many copies is still open."""
WORDS = 30_000
STOP_WORDS = 200
WORDS_PER_MESSAGE = 40
TEXTS = 20_000
HALF = "(SELECT text FROM bench_texts WHERE n = ({place}) %% {texts})"
SYLLABLES = [
    "ba",
    "ca",
    "da",
    "fa",
    "ga",
    "la",
    "ma",
    "na",
    "pa",
    "ra",
    "sa",
    "ta",
    "be",
    "ce",
    "de",
    "le",
    "me",
    "ne",
    "pe",
    "re",
    "se",
    "te",
    "bi",
    "ci",
    "di",
    "li",
    "mi",
    "ni",
    "ri",
    "si",
    "ti",
    "bo",
    "co",
    "do",
    "lo",
    "mo",
    "no",
    "po",
    "ro",
    "so",
    "to",
    "bu",
    "cu",
    "du",
    "lu",
    "mu",
    "nu",
    "pu",
    "ru",
    "su",
    "tu",
    "tra",
    "pre",
    "pro",
    "con",
    "des",
    "ción",
    "mente",
]

GIVEN_NAMES = (
    "Ana Andrés Beatriz Camilo Carmen Clara Daniel Diana Diego Elena Esteban Felipe Gloria Inés "
    "Iván Javier Jorge José Juan Julián Laura Lucía Luis Luz Manuel Margarita María Marta Mateo "
    "Natalia Nicolás Olga Óscar Paula Pedro Rocío Rosa Sandra Sofía Tomás"
)
SURNAMES = (
    "Acosta Aguilar Álvarez Amaya Andrade Arias Ávila Barrera Benítez Bernal Cáceres Camacho "
    "Cárdenas Castaño Castro Cifuentes Contreras Cortés Cruz Delgado Díaz Durán Escobar Espinosa "
    "Estrada Fajardo Fernández Flores Franco Fuentes Gaitán Galindo García Gil Gómez González "
    "Guerrero Gutiérrez Guzmán Hernández Herrera Hoyos Ibáñez Jaramillo Jiménez León Londoño López "
    "Lozano Lugo Marín Martínez Medina Mejía Méndez Mendoza Molina Montoya Mora Morales Moreno "
    "Muñoz Navarro Nieto Núñez Ochoa Ortiz Ospina Pabón Pacheco Páez Parra Peña Pérez Pineda Prada "
    "Quintero Ramírez Ramos Restrepo Reyes Ríos Rivera Rodríguez Rojas Romero Ruiz Salazar Sánchez "
    "Sierra Silva Soto Suárez Torres Uribe Vargas Vásquez Vega Vélez Zapata"
)

COPY_ROWS = """
INSERT INTO {table} ({columns})
SELECT {values}
  FROM {table} AS base CROSS JOIN generate_series(%(first)s::bigint, %(last)s) AS k
 WHERE base.id <= %({table})s
"""


def grow(connection: Connection[TupleRow], *, copies: int, say: Callable[[str], None]) -> None:
    """Add ``copies`` copies of every base case with its commitments, ledger and messages."""
    _make_texts(connection)
    indexes = _drop_slow_indexes(connection)
    strides = {table: _last_id(connection, table) for table in CHANGES}
    step = 50
    for first in range(1, copies + 1, step):
        limits = strides | {"first": first, "last": min(first + step - 1, copies)}
        for table, changes in CHANGES.items():
            _copy(connection, table, changes, limits)
        connection.commit()
        say(f"{limits['last']} of {copies} copies")
    for table in CHANGES:
        _continue_ids(connection, table)
    for statement in indexes:
        say("building the text index")
        connection.execute(b"SET maintenance_work_mem = '1GB'")
        connection.execute(statement.encode())
    connection.commit()
    connection.autocommit = True
    connection.execute(b"VACUUM ANALYZE")
    connection.autocommit = False


def _half(by_message: int, by_copy: int) -> str:
    """One of the prepared texts, chosen by message and copy: 400 million different pairs."""
    return HALF.format(place=f"base.id * {by_message} + k * {by_copy}", texts=TEXTS)


def _one_of(words: str, by_person: int, by_copy: int) -> str:
    listed = words.split()
    place = f"1 + (base.id * {by_person} + k * {by_copy}) %% {len(listed)}"
    return f"('{{{','.join(listed)}}}'::text[])[{place}]"


def _name() -> str:
    """A given name and two surnames: as many of one name as in a town of a million."""
    parts = (_one_of(GIVEN_NAMES, 31, 7), _one_of(SURNAMES, 17, 13), _one_of(SURNAMES, 59, 101))
    return " || ' ' || ".join(parts)


_SHIFT = "- make_interval(mins => (k * 7)::int)"
_OWN_ID = "base.id + %({table})s * k"
_MOVED_CASE = "base.case_id + %(register_case)s * k"
_OPEN = f"(k %% {OPEN_SHARE} = 0)"
CHANGES: dict[str, dict[str, str]] = {
    "crm_person": {"id": _OWN_ID, "name": _name()},
    "crm_contactpoint": {
        "id": _OWN_ID,
        "person_id": "base.person_id + %(crm_person)s * k",
        "value": "'c' || k || '.' || base.value",
    },
    "register_case": {
        "id": _OWN_ID,
        "folio": "base.folio || '-' || k",
        "person_id": "base.person_id + %(crm_person)s * k",
        "status": f"CASE WHEN {_OPEN} THEN base.status ELSE 'closed' END",
        "closed_at": f"CASE WHEN {_OPEN} THEN base.closed_at ELSE base.opened_at {_SHIFT} END",
        "next_due_at": f"CASE WHEN {_OPEN} THEN base.next_due_at {_SHIFT} END",
        "opened_at": f"base.opened_at {_SHIFT}",
        "received_at": f"base.received_at {_SHIFT}",
        "last_activity_at": f"base.last_activity_at {_SHIFT}",
    },
    "register_commitment": {
        "id": _OWN_ID,
        "case_id": _MOVED_CASE,
        "next_alert_at": "NULL",
    },
    "register_ledgerentry": {"id": _OWN_ID, "case_id": _MOVED_CASE},
    "register_caseparticipant": {"id": _OWN_ID, "case_id": _MOVED_CASE},
    "register_message": {
        "id": _OWN_ID,
        "case_id": _MOVED_CASE,
        "author_person_id": "base.author_person_id + %(crm_person)s * k",
        "message_id": "CASE WHEN base.message_id = '' THEN '' ELSE base.message_id || k END",
        "at": f"base.at {_SHIFT}",
        "inbound_item_id": "NULL",
        "text": f"{_half(7919, 104729)} || ' ' || {_half(15485863, 32452843)}",
    },
}
GENERATED = {"register_message": {"search"}}


def _copy(
    connection: Connection[TupleRow], table: str, changes: dict[str, str], limits: dict[str, int]
) -> None:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        [table],
    ).fetchall()
    columns = [str(row[0]) for row in rows if row[0] not in GENERATED.get(table, set())]
    values = [
        changes.get(column, f'base."{column}"').replace("{table}", table) for column in columns
    ]
    statement = COPY_ROWS.format(
        table=table,
        columns=", ".join(f'"{column}"' for column in columns),
        values=", ".join(values),
    )
    connection.execute(statement.encode(), limits)


def _last_id(connection: Connection[TupleRow], table: str) -> int:
    """The distance between the ids of a row and of its copies: ids stay dense, as in real life."""
    last = sql.SQL("SELECT max(id) FROM {}").format(sql.Identifier(table))
    row = connection.execute(last).fetchone()
    assert row is not None
    return int(row[0])


def _continue_ids(connection: Connection[TupleRow], table: str) -> None:
    """New rows come after the copies, which brought their own ids."""
    statement = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
    connection.execute(statement.format(sql.Literal(table), sql.Identifier(table)))


def _make_texts(connection: Connection[TupleRow]) -> None:
    """Half messages whose words fall off with their rank, as in any language."""
    chance = random.Random(7)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(WORDS)]
    # The commonest words of a language are its stop words, which no index keeps: ours begin after.
    ranks = range(STOP_WORDS + 1, STOP_WORDS + WORDS + 1)
    weights = list(itertools.accumulate(1 / rank for rank in ranks))
    connection.execute(b"CREATE TABLE bench_texts (n int PRIMARY KEY, text text)")
    with connection.cursor().copy("COPY bench_texts FROM STDIN") as copy:
        for n in range(TEXTS):
            text = chance.choices(words, cum_weights=weights, k=WORDS_PER_MESSAGE // 2)
            copy.write_row((n, " ".join(text)))
    connection.execute(b"ANALYZE bench_texts")
    connection.commit()


def _drop_slow_indexes(connection: Connection[TupleRow]) -> list[str]:
    """The text index is built once at the end, not entry by entry."""
    rows = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = 'message_search'"
    ).fetchall()
    for name, _ in rows:
        connection.execute(f'DROP INDEX "{name}"'.encode())
    return [str(definition) for _, definition in rows]


def valid_folios(chosen: Sequence[int]) -> list[str]:
    """Give some copies folios with a fitting check character, as the pages ask for one."""
    from ventanilla.policy import load
    from ventanilla.register.models import Case
    from ventanilla.register.rules import folios

    pack, given = load("generasoft"), []
    for number, pk in enumerate(chosen, start=500_001):
        case = Case.objects.get(pk=pk)
        folio = folios.write(pack.folio, number, case.opened_at, ZoneInfo(pack.zone))
        Case.objects.filter(pk=pk).update(folio=folio)
        given.append(folio)
    return given
