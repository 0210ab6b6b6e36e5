"""What one remote host, one connection and one message may cost us."""

from collections import Counter
from dataclasses import dataclass, field

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The limits of a listener. Sizes in bytes, times in seconds."""

    message_bytes: int
    header_bytes: int = 256 * KIBIBYTE
    """Real mail stays under 64 KiB."""
    recipients: int = 100
    """RFC 5321 (4.5.3.1.8) asks for at least 100."""
    connections: int = 200
    connections_per_remote: int = 50
    """A mail server in front of us is one remote; Postfix opens 20 at most unless told."""
    idle_s: float = 120
    message_s: float = 1800
    """From DATA to its end, so that a drop now and then does not hold a connection for ever."""
    store_s: float = 60
    """For the database; the sender waits ten minutes, we answer long before."""
    held_bytes: int = 256 * MEBIBYTE
    """All messages in memory together; beyond it senders are asked to come back."""
    storing_at_once: int = 4


@dataclass(slots=True)
class Admission:
    """Who is connected and how much of their mail is in memory. Lives on the event loop only."""

    limits: Limits
    held_bytes: int = 0
    connected: Counter[str] = field(default_factory=Counter)

    def admits(self, remote: str) -> bool:
        """Whether one more connection from this host is taken; counts it when it is."""
        if self.connected.total() >= self.limits.connections:
            return False
        if self.connected[remote] >= self.limits.connections_per_remote:
            return False
        self.connected[remote] += 1
        return True

    def leaves(self, remote: str) -> None:
        """Forget a connection that had been admitted."""
        self.connected[remote] -= 1
        if self.connected[remote] <= 0:
            del self.connected[remote]

    def holds(self, size: int) -> bool:
        """Take memory for so many bytes, if there is room."""
        if self.held_bytes + size > self.limits.held_bytes:
            return False
        self.held_bytes += size
        return True

    def releases(self, size: int) -> None:
        """Give memory back."""
        self.held_bytes -= size
