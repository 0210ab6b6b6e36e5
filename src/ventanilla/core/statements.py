"""Statements that every mail sends, at the price of carrying them out.

Django writes the parameters into the text of a statement, so PostgreSQL parses and plans each one
anew, and the ORM composes that text anew as well: for an INSERT both cost more than the INSERT. What
is sent here has one text for ever, its parameters travel beside it, and the server keeps the plan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper, ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    GeneratedField,
    JSONField,
    Model,
    TextField,
)
from psycopg import sql

Parameters = Sequence[Any] | Mapping[str, Any]
UNCHANGED = (BooleanField, CharField, DateTimeField, TextField)
"""Fields whose values the driver takes as they are; the others make something of them."""

INSERT = "INSERT INTO {table} ({columns}) VALUES ({values})"
INSERT_ASKING = "INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING {key}"
LOCK = "SELECT {columns} FROM {table} WHERE {key} = %s FOR UPDATE"

Row = TypeVar("Row", bound=Model)


def execute(statement: str, parameters: Parameters = ()) -> CursorWrapper:
    """Send a statement whose plan the server keeps; the cursor with its rows.

    The text must not change from call to call. Where PostgreSQL cannot tell the type of a
    parameter from its place, the statement says it (``%(task)s::text``).
    """
    cursor = _cursor(_connection())
    cursor.execute(statement, parameters)
    return cursor


def read(model: type[Row], statement: str, parameters: Parameters = ()) -> list[Row]:
    """Rows of a statement as instances, like ``Model.objects.raw``.

    ``a.*`` in it stands for the columns that this program knows: a plan that the server keeps may not
    change when a newer program adds one. Columns that the model does not have become attributes of
    the same name; those of the model that are not read are read when somebody asks for them.
    """
    cursor = execute(_spelt_out(model, statement), parameters)
    shape = _shape(model, tuple(column.name for column in cursor.description))
    return [_instance(model, shape, values) for values in cursor.fetchall()]


@cache
def _spelt_out(model: type[Model], statement: str) -> str:
    names = [str(each.column) for each in _fields(model, with_id=True)]
    return re.sub(
        r"\b(\w+)\.\*", lambda found: ", ".join(f"{found[1]}.{n}" for n in names), statement
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where the fields of a model stand in a row, in the order of the model, and what else does."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    texts_of_json: tuple[int, ...]
    others: tuple[tuple[str, int], ...]


@cache
def _shape(model: type[Model], columns: tuple[str, ...]) -> _Shape:
    place = {name: at for at, name in reversed(list(enumerate(columns)))}
    fields = [each for each in _fields(model, with_id=True) if each.column in place]
    known = {each.column for each in fields}
    return _Shape(
        tuple(each.attname for each in fields),
        tuple(place[str(each.column)] for each in fields),
        tuple(place[str(each.column)] for each in fields if isinstance(each, JSONField)),
        tuple((name, at) for name, at in place.items() if name not in known),
    )


def _instance(model: type[Row], shape: _Shape, row: Sequence[Any]) -> Row:
    values = list(row)
    for at in shape.texts_of_json:
        if isinstance(values[at], str):
            values[at] = json.loads(values[at])
    made = model.from_db(DEFAULT_DB_ALIAS, shape.names, [values[at] for at in shape.places])
    for name, at in shape.others:
        setattr(made, name, values[at])
    return made


def lift_time_limits() -> None:
    """Let statements of this connection take as long as they need.

    For commands that are processes of their own and go through everything.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = 0")


def _connection() -> DatabaseWrapper:
    """The connection of this thread itself: Django's ``connection`` looks it up for every attribute."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    return cast(DatabaseWrapper, connection)


def _cursor(connection: DatabaseWrapper) -> CursorWrapper:
    if connection.queries_logged:  # a prepared statement would stand in the log without its text
        return connection.cursor()
    bound = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # the stub hides psycopg's
    return connection.make_cursor(cast(CursorWrapper, bound))


def insert(*rows: Model) -> None:
    """Insert new rows, each like ``save(force_insert=True)`` of a model without signals.

    One that has its id already keeps it, and nothing is asked back.
    """
    sent = [(row, row.pk is None, _send(row)) for row in rows]
    for row, asked, cursor in sent:
        if asked:
            (row.pk,) = cursor.fetchone()
        row._state.adding = False  # noqa: SLF001 - Django's documented name
        row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001 - Django's documented name


def _send(row: Model) -> CursorWrapper:
    with_id = row.pk is not None
    values = _values(row, _fields(type(row), with_id=with_id))
    template = INSERT if with_id else INSERT_ASKING
    return execute(_composed(template, type(row), with_id=with_id), values)


def _values(row: Model, fields: Iterable[Field[Any, Any]]) -> list[Any]:
    connection = _connection()
    return [
        getattr(row, field.attname)
        if isinstance(field, UNCHANGED)
        else field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in fields
    ]


def locked(model: type[Row], pk: int) -> Row:
    """A row, locked until the transaction ends. Raises the model's DoesNotExist."""
    found = execute(_composed(LOCK, model, with_id=True), [pk]).fetchone()
    if found is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]  # every model class has its own
    fields, connection = _fields(model, with_id=True), _connection()
    values = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, found, strict=True)
    ]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


@contextmanager
def unawaited() -> Iterator[None]:
    """Send the statements of the block one after the other without waiting for each to be done.

    Reading a row waits for all before it. Whatever the database refuses is raised at the latest
    when the block ends. Counts of touched rows are not known inside.
    """
    connection = _connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


@cache
def _fields(model: type[Model], *, with_id: bool) -> tuple[Field[Any, Any], ...]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's documented name
    kept = (each for each in fields if not isinstance(each, GeneratedField))
    return tuple(each for each in kept if with_id or not each.primary_key)


@cache
def _names(model: type[Model], *, with_id: bool) -> dict[str, sql.Composable]:
    """Table, key and columns, quoted."""
    columns = [sql.Identifier(str(each.column)) for each in _fields(model, with_id=with_id)]
    options = model._meta  # noqa: SLF001 - Django's documented name
    return {
        "table": sql.Identifier(options.db_table),
        "key": sql.Identifier(str(options.pk.column)),
        "columns": sql.SQL(", ").join(columns),
        "values": sql.SQL(", ").join(sql.Placeholder() * len(columns)),
    }


@cache
def _composed(template: str, model: type[Model], *, with_id: bool) -> str:
    return sql.SQL(template).format(**_names(model, with_id=with_id)).as_string(None)
