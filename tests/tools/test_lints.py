"""Every house lint finds what it forbids, passes what it allows, and accepts a written reason."""

from pathlib import Path

import pytest

from tools.lints.base import Lint, parse
from tools.lints.run import LINTS, modules, offences

LAWS = {lint.name: lint for lint in LINTS}

FORBIDDEN = [
    ("no-queries-in-faces", "web/views.py", "Case.objects.all()"),
    ("no-queries-in-faces", "web/views.py", "drafting.of_staff(1).filter(pk=2)"),
    ("no-queries-in-faces", "gateways/run.py", "Inbound._default_manager.count()"),
    ("no-clock-below-faces", "register/rules.py", "timezone.now()"),
    ("no-clock-below-faces", "policy/clock/zone.py", "datetime.now(tz=UTC)"),
    ("no-clock-below-faces", "desk/jobs.py", "time.time()"),
    ("no-clock-below-faces", "crm/models.py", "models.DateTimeField(auto_now_add=True)"),
    ("no-clock-below-faces", "crm/models.py", "models.DateTimeField(default=timezone.now)"),
    ("no-meta-ordering", "crm/models.py", "class Meta:\n    ordering = ['id']"),
    ("no-meta-ordering", "crm/models.py", "class Meta:\n    ordering: list[str] = ['id']"),
    ("no-save-override", "crm/models.py", "class A:\n    def save(self): ..."),
    ("no-save-override", "crm/models/a.py", "class A:\n    def delete(self): ..."),
    ("no-locking-indexes", "crm/migrations/0002_a.py", "migrations.AddIndex('case', index)"),
    ("no-locking-indexes", "crm/migrations/0002_a.py", "migrations.RemoveIndex('case', 'name')"),
    ("no-signals", "crm/apps.py", "@receiver(post_save)\ndef f(): ..."),
    ("no-signals", "crm/apps.py", "signals.post_save.connect(f)"),
    ("no-assembled-sql", "crm/queries.py", "cursor.execute(f'SELECT {x}')"),
    ("no-assembled-sql", "crm/queries.py", "cursor.execute('SELECT %s' % x)"),
    ("no-assembled-sql", "crm/queries.py", "cursor.execute('SELECT ' + x)"),
    ("no-assembled-sql", "crm/queries.py", "Case.objects.raw('SELECT {}'.format(x))"),
    ("no-assembled-sql", "crm/queries.py", "sql.SQL(f'SELECT {x}')"),
    ("network-needs-timeout", "channels/relay.py", "smtplib.SMTP(host, 25)"),
    ("network-needs-timeout", "channels/relay.py", "IMAPClient(host)"),
    ("network-needs-timeout", "channels/relay.py", "subprocess.run(['ls'])"),
    ("writes-are-accountable", "register/operations/cases.py", "def close(*, as_of): ..."),
    ("writes-are-accountable", "crm/operations.py", "def close(case, *, acting_user, as_of): ..."),
    ("writes-are-accountable", "channels/operations.py", "def enqueue(*, case): ..."),
    ("short-files", "crm/models.py", "x = 1\n" * 401),
    ("short-functions", "crm/models.py", "def f():\n" + "    x = 1\n" * 60),
    ("readable-lines", "crm/models.py", f'"""{"x" * 108}"""'),
]
ALLOWED = [
    ("no-queries-in-faces", "crm/queries.py", "Case.objects.all()"),
    ("no-queries-in-faces", "web/templatetags/a.py", "register.filter(words)"),
    ("no-queries-in-faces", "web/views.py", "filter(None, found)"),
    ("no-clock-below-faces", "web/views.py", "timezone.now()"),
    ("no-clock-below-faces", "register/rules.py", "as_of.astimezone(zone)"),
    ("no-clock-below-faces", "crm/migrations/0001.py", "F(default=timezone.now)"),
    ("no-meta-ordering", "crm/queries.py", "cases.order_by('due_at', 'id')"),
    ("no-locking-indexes", "crm/migrations/0001_initial.py", "migrations.AddIndex('case', index)"),
    ("no-locking-indexes", "crm/migrations/0002_a.py", "AddIndexUnlocked('case', index)"),
    ("no-save-override", "crm/operations.py", "def save(): ..."),
    ("no-save-override", "register/recording.py", "class Record:\n    def save(self): ..."),
    ("no-signals", "host/run.py", "signal.signal(SIGTERM, f)"),
    ("no-assembled-sql", "crm/queries.py", "cursor.execute('SELECT %s', [x])"),
    ("network-needs-timeout", "channels/relay.py", "smtplib.SMTP(host, 25, timeout=20)"),
    ("network-needs-timeout", "channels/relay.py", "socket.create_connection(address, 5)"),
    ("writes-are-accountable", "crm/operations.py", "def close(*, acting_user, as_of): ..."),
    ("writes-are-accountable", "crm/operations.py", "def _helper(case): ..."),
    ("writes-are-accountable", "channels/operations.py", "def enqueue(*, as_of): ..."),
    ("writes-are-accountable", "crm/queries.py", "def find(case): ..."),
    ("short-functions", "crm/models.py", "def f():\n" + "    x = 1\n" * 59),
    ("readable-lines", "crm/models.py", f"x = 1  # noqa: A001 - {'x' * 108}"),
    ("readable-lines", "crm/migrations/0001.py", "x" * 120),
]


def found(lint: Lint, path: str, text: str) -> int:
    return len(offences(lint, [parse(Path(path), text)]))


@pytest.mark.parametrize(("law", "path", "text"), FORBIDDEN)
def test_finds_what_it_forbids(law: str, path: str, text: str) -> None:
    assert found(LAWS[law], path, text) == 1


@pytest.mark.parametrize(("law", "path", "text"), ALLOWED)
def test_passes_what_it_allows(law: str, path: str, text: str) -> None:
    assert found(LAWS[law], path, text) == 0


def test_every_law_is_tested_both_ways_and_teaches() -> None:
    assert {law for law, _, _ in FORBIDDEN} == set(LAWS)
    assert set(LAWS) - {law for law, _, _ in ALLOWED} <= {"short-files"}
    assert all(len(lint.teaching.split()) > 5 for lint in LINTS)


def test_an_excuse_needs_the_law_and_a_reason() -> None:
    law = LAWS["no-clock-below-faces"]
    line = "timezone.now()  # house: no-clock-below-faces"
    assert found(law, "crm/rules.py", line + " - the age of a file on disk") == 0
    assert found(law, "crm/rules.py", line) == 1
    assert (
        found(law, "crm/rules.py", "timezone.now()  # house: short-files - it is a long one") == 1
    )


def test_the_product_is_what_is_read() -> None:
    assert Path("host/postgres.py") in {module.path for module in modules()}
