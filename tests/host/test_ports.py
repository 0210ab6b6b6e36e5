"""Why a port is refused, in words."""

from __future__ import annotations

import errno
import socket

import pytest

from ventanilla.host.ports import why_refused


def test_a_taken_port_is_told_in_spanish() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as other:
        with pytest.raises(OSError, match="in use") as refused:
            other.bind(taken.getsockname())
        assert why_refused(refused.value) == "ya lo usa otro programa"


def test_what_is_unusual_is_told_as_the_system_says_it() -> None:
    assert (
        why_refused(OSError(errno.ENOSPC, "No space left on device")) == "No space left on device"
    )
    assert why_refused(OSError("of its own")) == "of its own"
