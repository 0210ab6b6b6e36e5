"""A Merkle tree in the manner of RFC 9162, built while leaves stream by."""

from __future__ import annotations

import hashlib


def leaf_of_case(case_id: int, seq: int, head: bytes) -> bytes:
    """The leaf of one case: its id, the number of its last entry and that entry's digest."""
    data = case_id.to_bytes(8, "big") + seq.to_bytes(8, "big") + head
    return hashlib.sha256(b"\x00" + data).digest()


class MerkleRoot:
    """Takes leaf hashes in order and gives the root of RFC 9162, section 2.1.1, at any time.

    Keeps one hash for each complete subtree, so memory grows with the logarithm of the leaves.
    """

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Take the next leaf."""
        self.size += 1
        self._subtrees.append(leaf)
        pairs = self.size
        while pairs % 2 == 0:
            right, left = self._subtrees.pop(), self._subtrees.pop()
            self._subtrees.append(_node(left, right))
            pairs //= 2

    @property
    def root(self) -> bytes:
        """The root over all leaves so far; of none it is the hash of nothing."""
        if not self._subtrees:
            return hashlib.sha256(b"").digest()
        root = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            root = _node(left, root)
        return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
