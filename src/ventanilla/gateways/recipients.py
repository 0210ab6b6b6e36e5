"""Which addresses are ours. Nothing is relayed: a recipient is one of a desk's, or refused."""

from collections.abc import Iterable


class OwnAddresses:
    """The addresses of the desks, with or without a reply token: ``soporte+TOKEN@…``.

    Whether the token is genuine is decided by the desk, after the mail is stored: a forged one is
    no reason to lose a mail.
    """

    def __init__(self, addresses: Iterable[str]) -> None:
        self._known = frozenset(map(_bare, addresses))

    def __contains__(self, address: str) -> bool:
        return _bare(address) in self._known


def _bare(address: str) -> str:
    """Lower case and without the tag: what ``Pack.desk_for_address`` compares as well."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
