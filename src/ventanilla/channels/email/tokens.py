"""Signed marks with which an answer finds its case: in the Message-ID and in the reply address.

Both are HMAC-SHA256 over their own text, so nobody without the secret can make one for another
case. They are compared as text, in constant time: any changed character is refused.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field

#: Octets that RFC 5321 allows before the @.
LOCAL_PART_OCTETS = 64
_MESSAGE_MAC_CHARS = 26
_REPLY_MAC_CHARS = 16
_KEY_CHARS = 16
_MARK = "+r."
_VERSION = "v1"


class CaseReferenceTooLong(ValueError):
    """La dirección de respuesta no cabe: la referencia del caso es demasiado larga."""


class AddressInvalid(ValueError):
    """La dirección de correo no es válida."""


@dataclass(frozen=True)
class MessageIds:
    """Mints and reads the Message-IDs of our mails under `domain` (lower case, ours alone)."""

    secret: bytes = field(repr=False)
    domain: str

    def mint(self, *, case_ref: str, delivery_key: str) -> str:
        """The Message-ID of one delivery. The same key gives the same id, so a retry is provably
        the same mail."""
        key = _base32(hashlib.sha256(delivery_key.encode()).digest())[:_KEY_CHARS]
        body = f"{_VERSION}.{_base32(case_ref.encode())}.{key}"
        mac = _mac(self.secret, f"message-id\0{self.domain}\0{body}", _MESSAGE_MAC_CHARS)
        return f"<{body}.{mac}@{self.domain}>"

    def read(self, message_id: str | None) -> str | None:
        """The case of one of our Message-IDs; None when it is not ours or was altered."""
        body, dot, mac = _local(message_id or "", self.domain).rpartition(".")
        pieces = body.split(".")
        if not dot or len(pieces) != 3 or pieces[0] != _VERSION:
            return None
        wanted = _mac(self.secret, f"message-id\0{self.domain}\0{body}", _MESSAGE_MAC_CHARS)
        if not hmac.compare_digest(wanted.encode(), mac.encode()):
            return None
        return _unbase32(pieces[1])


@dataclass(frozen=True)
class ReplyTokens:
    """Makes and reads reply addresses: `atencion+r.<token>@generasoft.example`."""

    secret: bytes = field(repr=False)

    def address(self, *, base_address: str, case_ref: str) -> str:
        """The address that leads an answer to the case. Lower case only, since mailers fold it.

        Raises `CaseReferenceTooLong` when it would pass 64 octets before the @, and
        `AddressInvalid` when the base is no address.
        """
        local, at, domain = base_address.lower().rpartition("@")
        if not at or not local or "+" in local:
            raise AddressInvalid(AddressInvalid.__doc__)
        case = _base32(case_ref.encode())
        token = f"{local}{_MARK}{case}{self._mac(case)}"
        if len(token.encode()) > LOCAL_PART_OCTETS:
            raise CaseReferenceTooLong(CaseReferenceTooLong.__doc__)
        return f"{token}@{domain}"

    def read(self, address: str | None) -> str | None:
        """The case of a reply address, in whatever case it comes; None when it is not one."""
        local = (address or "").strip().lower().rpartition("@")[0]
        _base, mark, token = local.partition(_MARK)
        case, mac = token[:-_REPLY_MAC_CHARS], token[-_REPLY_MAC_CHARS:]
        if not mark or not case:
            return None
        if not hmac.compare_digest(self._mac(case).encode(), mac.encode()):
            return None
        return _unbase32(case)

    def _mac(self, case: str) -> str:
        return _mac(self.secret, f"reply\0{case}", _REPLY_MAC_CHARS)


def _local(message_id: str, domain: str) -> str:
    local, _at, given = message_id.strip().removeprefix("<").removesuffix(">").rpartition("@")
    return local if given.lower() == domain else ""


def _mac(secret: bytes, text: str, chars: int) -> str:
    return _base32(hmac.new(secret, text.encode(), hashlib.sha256).digest())[:chars]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


def _unbase32(text: str) -> str | None:
    padded = text.upper() + "=" * (-len(text) % 8)
    try:
        return base64.b32decode(padded).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
