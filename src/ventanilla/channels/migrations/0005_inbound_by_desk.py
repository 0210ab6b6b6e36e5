"""Mail that came before it was noted for which desk it is, and the index that finds it.

Nobody waits for either: the rows are written a thousand at a time, each thousand by itself.
"""

from email.parser import BytesHeaderParser
from email.utils import getaddresses

from django.db import migrations, models
from django.db.models.functions import Substr

from ventanilla.core.migrating import AddIndexUnlocked

BATCH = 1_000
HEADER_READ = 64 * 1024
WRITTEN_TO = ('delivered-to', 'x-original-to', 'envelope-to', 'to', 'cc')


def note_desks(apps, _schema_editor):
    """As the intake settles it: the first desk of the policy of then that the mail was sent to."""
    mail = apps.get_model('channels', 'InboundItem').objects
    items = mail.exclude(fate='pending').filter(desk='')
    packs = _packs(apps.get_model('register', 'PolicyVersion'))
    last = 0
    while packs:
        known = items.filter(pk__gt=last).order_by('pk')
        batch = list(known.only('recipients', 'received_at', 'subject', 'sender')[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        by_desk = {}
        for item in batch:
            by_desk.setdefault(_desk_of(item, mail, packs), []).append(item.pk)
        for desk, found in by_desk.items():
            if desk:
                items.filter(pk__in=found).update(desk=desk)


def _packs(versions):
    """Since when, and its desks with their mailboxes, newest first."""
    found = versions.objects.order_by('-effective_from', '-number')
    return [
        (since, [(each['key'], set(map(_mailbox, each['addresses']))) for each in desks])
        for since, desks in found.values_list('effective_from', 'document__desks')
    ]


def _desk_of(item, mail, packs):
    desks = next((desks for since, desks in packs if since <= item.received_at), packs[-1][1])
    named = _first(desks, item.recipients)
    if not named:
        beginning = Substr('raw', 1, HEADER_READ, output_field=models.BinaryField())
        raw = mail.values_list(beginning, flat=True).get(pk=item.pk)
        named = _first(desks, _written_to(bytes(raw)))
    was_read = item.subject or item.sender  # then it was taken for the first desk's
    return named or (desks[0][0] if was_read else '')


def _first(desks, addresses):
    wanted = set(map(_mailbox, addresses))
    return next((key for key, ours in desks if ours & wanted), '')


def _written_to(raw):
    header = BytesHeaderParser().parsebytes(raw)
    lines = [str(value) for name in WRITTEN_TO for value in header.get_all(name, ())]
    return [address for _, address in getaddresses(lines)]


def _mailbox(address):
    local, _, domain = address.strip().lower().rpartition('@')
    return f'{local.partition("+")[0]}@{domain}'


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('channels', '0004_inbound_desk'),
        ('register', '0005_search_by_bucket'),
    ]

    operations = [
        migrations.RunPython(note_desks, migrations.RunPython.noop, elidable=True),
        AddIndexUnlocked(
            model_name='inbounditem',
            index=models.Index(fields=['fate', 'desk', '-id'], name='inbound_by_desk'),
        ),
    ]
