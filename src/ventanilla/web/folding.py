"""Templates with everything that never changes drawn once.

Half the nodes of a page are words to translate, icons, and addresses without parts: the same on every
page of a language. When a template is loaded, neighbours of that kind are put together into one node,
which draws itself once for each language; a part that is included by name stands where it is included.
What a template says, and how it is written, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import RLock
from typing import Any

from django.template import Context, Node, NodeList, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, TextNode, TokenType, Variable, VariableNode
from django.template.defaulttags import (
    CommentNode,
    CsrfTokenNode,
    ForNode,
    IfNode,
    LoadNode,
    URLNode,
)
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ventanilla.web import icons

SAME_FOR_ALL = frozenset({icons.icon, icons.large_icon})
"""Tags that give the same for the same words."""
NAMING = ("asvar", "target_var", "varname")
"""Where the nodes known here keep the name of what they leave behind for those after them."""


class Loader(cached.Loader):
    """Loads templates once, folded."""

    def __init__(self, engine: Any, loaders: Any) -> None:
        super().__init__(engine, loaders)
        self._folded: dict[int, Template] = {}  # kept, so that an identity means one template
        self._at_work: list[Template] = []
        self._one_at_a_time = RLock()

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The template. Raises TemplateDoesNotExist."""
        template = super().get_template(template_name, skip)
        if id(template) not in self._folded:
            with self._one_at_a_time:
                self._fold_once(template)
        return template

    def _fold_once(self, template: Template) -> None:
        if id(template) in self._folded or template in self._at_work:
            return
        self._at_work.append(template)
        self._fold(template.nodelist)
        self._at_work.remove(template)
        self._folded[id(template)] = template

    def _fold(self, nodes: NodeList) -> None:
        """Put together what stays, here and in everything inside."""
        nodes[:] = [inner for node in nodes for inner in self._in_place(node)]
        for node in nodes:
            for inside in _inside(node):
                self._fold(inside)
        nodes[:] = _put_together(nodes)

    def _in_place(self, node: Node) -> Iterable[Node]:
        """The nodes of a part where it is included, if it neither takes nor leaves anything."""
        name = _name_of_part(node)
        if not name:
            return [node]
        try:
            part = self.get_template(name)
        except TemplateDoesNotExist:
            return [node]  # told when it is drawn, as ever
        if part in self._at_work:  # it includes itself, and would never end
            return [node]
        return list(part.nodelist) if _stands_alone(part.nodelist) else [node]


class Still(Node):
    """Neighbours that are the same on every page of a language."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.token, self.origin = nodes[0].token, nodes[0].origin
        self._drawn: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """What was drawn the first time."""
        language = get_language()
        drawn = self._drawn.get(language)
        if drawn is None:
            parts = (str(node.render_annotated(context)) for node in self.nodes)
            drawn = self._drawn[language] = mark_safe("".join(parts))  # noqa: S308 - markup already
        return drawn


def _put_together(nodes: Iterable[Node]) -> Iterator[Node]:
    still: list[Node] = []
    for node in nodes:
        if isinstance(node, Still):
            still += node.nodes
        elif _stays(node):
            still.append(node)
        else:
            yield from _one(still)
            still = []
            yield node
    yield from _one(still)


def _one(nodes: list[Node]) -> list[Node]:
    is_plain = len(nodes) < 2 and all(isinstance(node, TextNode) for node in nodes)
    return nodes if is_plain else [Still(nodes)]


def _stays(node: Node) -> bool:
    """Whether a node draws the same on every page of a language."""
    if any(getattr(node, name, None) for name in NAMING):
        return False
    stays = STAYING.get(type(node))
    return stays is not None and stays(node)


def _always(_: Any) -> bool:
    return True


def _says_one_thing(node: Any) -> bool:
    return node.message_context is None and _is_fixed(node.filter_expression)


def _says_only_words(node: Any) -> bool:
    says_more = node.extra_context or node.countervar or node.plural or node.message_context
    return not says_more and all(each.token_type is TokenType.TEXT for each in node.singular)


def _leads_to_one_page(node: Any) -> bool:
    return all(map(_is_fixed, [node.view_name, *node.args, *node.kwargs.values()]))


def _names_one_file(node: Any) -> bool:
    return _is_fixed(node.path)


def _gives_one_thing(node: Any) -> bool:
    return node.func in SAME_FOR_ALL and all(map(_is_fixed, [*node.args, *node.kwargs.values()]))


STAYING: dict[type[Node], Callable[[Any], bool]] = {
    TextNode: _always,
    LoadNode: _always,
    CommentNode: _always,
    TranslateNode: _says_one_thing,
    BlockTranslateNode: _says_only_words,
    URLNode: _leads_to_one_page,
    StaticNode: _names_one_file,
    SimpleNode: _gives_one_thing,
}
"""The nodes that may stay, and when."""
HARMLESS = frozenset(STAYING) | {Still, VariableNode, IfNode, ForNode, CsrfTokenNode, IncludeNode}
"""The nodes, simple tags aside, of which a part may be made that stands where it is included."""


def _is_fixed(words: FilterExpression) -> bool:
    var = words.var
    return not words.filters and (not isinstance(var, Variable) or var.literal is not None)


def _inside(node: Node) -> Iterator[NodeList]:
    """The lists of nodes that a node draws."""
    if isinstance(node, IfNode):  # makes a list for whoever asks for one
        yield from (nodes for _, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            yield nodes


def _name_of_part(node: Node) -> str:
    if not isinstance(node, IncludeNode) or node.extra_context or node.isolated_context:
        return ""
    return str(node.template.var) if _is_fixed(node.template) else ""


def _stands_alone(nodes: NodeList) -> bool:
    """Whether it is made of nodes known to neither take, keep, nor leave anything.

    Others may: a cycle goes on where it is included again, a block is filled in from elsewhere, the
    language of the moment is given a name.
    """
    return all(map(_is_harmless, nodes.get_nodes_by_type(Node)))


def _is_harmless(node: Node) -> bool:
    if any(getattr(node, name, None) for name in NAMING):
        return False
    if isinstance(node, SimpleNode):
        return node.func in SAME_FOR_ALL
    return type(node) in HARMLESS
