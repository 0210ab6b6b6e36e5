"""A real IMAP server (pymap) in a process of its own."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from ventanilla.core.mailboxes import ImapMailbox

USER, PASSWORD, FOLDER = "atencion", "clave", "Entrada"


@dataclass(frozen=True)
class MailServer:
    """Where it listens, and what a person could do to the mailbox."""

    port: int

    @property
    def mailbox(self) -> ImapMailbox:
        return ImapMailbox("127.0.0.1", self.port, is_tls=False, user=USER, password=PASSWORD,
                           folder=FOLDER)  # fmt: skip

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        client.login(USER, PASSWORD)
        yield client
        client.logout()

    def append(self, *mails: bytes) -> None:
        with self.client() as client:
            for mail in mails:
                client.append(FOLDER, mail)

    def renumber(self, *mails: bytes) -> None:
        """Make the folder anew, with these mails in it: another UIDVALIDITY."""
        with self.client() as client:
            if client.folder_exists(FOLDER):
                client.delete_folder(FOLDER)
            client.create_folder(FOLDER)
        self.append(*mails)

    def flags(self) -> list[tuple[bytes, ...]]:
        with self.client() as client:
            client.select_folder(FOLDER, readonly=True)
            found = client.fetch(client.search(), ["FLAGS"])
            return [found[uid][b"FLAGS"] for uid in sorted(found)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(port: int | None = None) -> Iterator[MailServer]:
    """Run the server; its mailbox is empty and gone afterwards."""
    server = MailServer(port or free_port())
    arguments = f"--host 127.0.0.1 --port {server.port} --no-tls dict --demo-user {USER}"
    command = [
        str(Path(sys.executable).with_name("pymap")),
        *arguments.split(),
        "--demo-password",
        PASSWORD,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_ready(server: MailServer) -> None:
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(OSError), server.client() as client:
            client.create_folder(FOLDER)
            return
        assert time.monotonic() < deadline
        time.sleep(0.1)
