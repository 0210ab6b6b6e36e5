"""Which operating-system account the database runs under.

PostgreSQL refuses to run as root. As an ordinary user nothing is needed; as root the server
gets an unprivileged account. That account may be unable to enter the folders that lead to the
program or the data (a checkout below a closed home, for instance). We do not open those folders:
we try how little is enough, in this order, and keep the first that works:

1. the bare account;
2. the account with the capability to *read and search* any folder (``dac_read_search``);
3. the account with ``dac_override``, which containers grant where they withhold the former.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ventanilla.host.errors import HostError

SYSTEM_ACCOUNT = "ventanilla"
LAST_RESORT_ACCOUNT = "nobody"
CAPABILITIES = ("dac_read_search", "dac_override")
PROBE = 'cd "$1" && test -w . && exec "$2" --version'


class NoAccountForDatabase(HostError):
    """La base de datos no puede funcionar como root y la cuenta «{account}» no alcanza {folder}.
    Ejecute ventanilla con un usuario corriente, o ponga el programa y VENTANILLA_DATA en una
    carpeta a la que esa cuenta pueda entrar (por ejemplo /srv/ventanilla)."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who owns the cluster and how its programs are started."""

    uid: int
    gid: int
    name: str
    capability: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is simply the account that is running now."""
        return self.uid == os.geteuid()

    def command(self, arguments: list[str], *, death_signal: str | None = None) -> list[str]:
        """``arguments``, wrapped in what turns root into this account.

        ``death_signal`` (such as ``INT``) is set after the change of account, because the kernel
        forgets it when credentials change.
        """
        if self.is_own:
            return arguments
        wrapper = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if self.capability:
            wrapper += [f"--inh-caps=+{self.capability}", f"--ambient-caps=+{self.capability}"]
        if death_signal:
            wrapper += ["--pdeathsig", death_signal]
        return [*wrapper, *arguments]

    def give(self, path: Path) -> None:
        """Hand a file or folder to this account."""
        if not self.is_own:
            os.chown(path, self.uid, self.gid)


def account_for(cluster: Path, *, program: Path) -> Account:
    """The account that owns ``cluster`` (made, if root has none yet) and can run ``program``.

    Raises NoAccountForDatabase when root finds no way.
    """
    base = (_owner_of(cluster) or _system_account()) if os.geteuid() == 0 else None
    cluster.mkdir(mode=0o700, exist_ok=True)
    if base is None:
        return Account(os.geteuid(), os.getegid(), str(os.geteuid()))
    base.give(cluster)
    for capability in (None, *CAPABILITIES):
        candidate = Account(base.uid, base.gid, base.name, capability)
        if _reaches(candidate, cluster, program):
            return candidate
    raise NoAccountForDatabase(account=base.name, folder=cluster)


def _owner_of(cluster: Path) -> Account | None:
    """Whoever has the files already keeps them, be it an ordinary user of an earlier run."""
    if not cluster.exists() or (found := cluster.stat()).st_uid == 0:
        return None
    return Account(found.st_uid, found.st_gid, str(found.st_uid))


def _system_account() -> Account:
    for name in (SYSTEM_ACCOUNT, LAST_RESORT_ACCOUNT):
        if name == SYSTEM_ACCOUNT:
            _create_system_account()
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise NoAccountForDatabase(account=LAST_RESORT_ACCOUNT, folder="/")


def _create_system_account() -> None:
    """Make the account unless it exists; on a read-only system there is the last resort."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    try:
        pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        if useradd:
            options = [
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
            ]
            subprocess.run(
                [useradd, *options, SYSTEM_ACCOUNT], capture_output=True, timeout=30, check=False
            )


def _reaches(account: Account, cluster: Path, program: Path) -> bool:
    """Whether the account can in truth enter, write and run; asked by doing it."""
    command = account.command(["/bin/sh", "-c", PROBE, "sh", str(cluster), str(program)])
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, timeout=30, check=False)
    except FileNotFoundError:  # no setpriv on this system
        return False
    return done.returncode == 0
