"""YAML nodes to values: only those that JSON has, and dates; a failure names its line."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError

_CORE = "tag:yaml.org,2002:"
_KINDS = frozenset(
    _CORE + kind
    for kind in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")
)


class UnusableNode(MarkedYAMLError):
    """A node that stands for no plain value."""


class PlainConstructor(RoundTripConstructor):
    """Builds plain values and remembers where they stood; refuses tags."""

    def construct_object(
        self,
        node: Any,
        deep: bool = False,  # noqa: FBT001, FBT002 - the signature of the parser
    ) -> Any:
        """The value of a node. Raises UnusableNode with its mark."""
        if node.tag not in _KINDS:
            raise UnusableNode(problem=f"tag {node.tag}", problem_mark=node.start_mark)
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, TypeError, OverflowError):
            # An impossible date or a number of thousands of digits comes without its line.
            shown = str(node.value)[:60]
            raise UnusableNode(problem=f"value {shown}", problem_mark=node.start_mark) from None
