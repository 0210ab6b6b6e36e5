"""``ventanilla policy publish``: from when on a changed policy is the one that promises."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.config import config

if TYPE_CHECKING:
    from ventanilla.policy import Pack


def publish_pack(pack: Pack, *, effective_from: datetime | None) -> None:
    """Publish; tell the version and from when it holds. The database may be down before."""
    with database_running(config()):
        set_up_django()
        from ventanilla.core.actors import SYSTEM
        from ventanilla.desk import policies

        now = datetime.now(UTC)
        start = effective_from or now
        version = policies.publish(pack=pack, effective_from=start, acting_user=SYSTEM, as_of=now)
    moment = pack.format_moment(version.effective_from)
    if version.published_at < now:
        click.echo(f"Ya estaba publicada como versión {version.number}, en vigor desde el {moment}")
    else:
        click.echo(
            f"Publicada la versión {version.number} de «{pack.key}». Los casos abiertos antes "
            f"conservan la suya. En vigor desde el {moment}"
        )
