"""Rendering very many pages of one template: what is the same for everybody is rendered once per language.

The page's frame (head, header, footer) is rendered once, and so is every phrase inside that no value enters. A part
that is included with `only` depends on what it is given by name and on nothing else, so the picture of 3 points of 12
is drawn once. What is left is rendered for each person. A test compares the outcome with the template rendered plainly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from django.template import Context, Template, engines
from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable
from django.template.defaulttags import IfNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.templatetags.i18n import TranslateNode
from django.utils import translation

from scoring.publication.dating import UNDATED

TEMPLATE = "scoring/scorecard.html"
PERSONAL = ("title", "main")  # the blocks that tell of the person; the rest may know nothing but the address
REMEMBERED_MAX = 2_000
ADDRESS = "/s/-address-of-the-page-"


def rendered(context: Mapping[str, object], address: str) -> str:
    """Return the page for a context, at an address, in the language that is active; as the template would be."""
    frame = _frame(translation.get_language() or "")
    return frame.filled(context, address)


def outside(address: str) -> dict[str, object]:
    """What a page may know besides the person: its address, and that last night's work is done for its date.

    Where it is not, no published page is sent.
    """
    return {"request": {"get_full_path": address}, "freshness": {"is_stale": False, "as_of": UNDATED}}


@cache
def _frame(_language: str) -> _Frame:
    return _Frame()


class _Frame:
    """The page of nobody in the language that is active, with gaps for the blocks that tell of somebody."""

    def __init__(self) -> None:
        self._template = _fresh(TEMPLATE)
        blocks = _extends(self._template).blocks
        self._inner = {name: NodeList(blocks[name].nodelist) for name in PERSONAL}
        for name in PERSONAL:
            blocks[name].nodelist = NodeList([TextNode(_gap(name))])
        whole = self._template.render(Context(outside(ADDRESS)))
        self._parts = list(_split(whole, [ADDRESS, *map(_gap, PERSONAL)]))
        for nodes in self._inner.values():
            _fold(nodes)

    def filled(self, context: Mapping[str, object], address: str) -> str:
        """Return the page with its gaps filled."""
        bound = Context(dict(context))
        texts = {ADDRESS: address}
        with bound.render_context.push_state(self._template), bound.bind_template(self._template):
            for name, nodes in self._inner.items():
                texts[_gap(name)] = nodes.render(bound)
        return "".join(texts.get(part, part) for part in self._parts)


def _gap(block: str) -> str:
    return f"\x00{block}\x00"


def _split(text: str, gaps: list[str]) -> Iterator[str]:
    """Yield the text in pieces, each gap a piece of its own."""
    if not gaps:
        yield text
        return
    first, *others = gaps
    pieces = text.split(first)
    for place, piece in enumerate(pieces):
        if place:
            yield first
        yield from _split(piece, others)


def _fresh(name: str) -> Template:
    """Compile a template anew, past the loader's cache: this copy is taken apart."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    known = engine.get_template(name)
    return Template(known.source, origin=known.origin, name=known.name, engine=engine)


def _extends(template: Template) -> ExtendsNode:
    return next(node for node in template.nodelist if isinstance(node, ExtendsNode))


def _fold(nodes: NodeList) -> None:
    """Replace phrases that no value enters by their words, and join texts that stand beside each other."""
    folded: list[Node] = []
    for node in nodes:
        if isinstance(node, TranslateNode) and _is_constant(node):
            node = TextNode(str(node.render(Context())))
        if isinstance(node, IncludeNode) and node.isolated_context:
            node = _Remembered(node)
        for inner in _inside(node):
            _fold(inner)
        if isinstance(node, TextNode) and folded and isinstance(folded[-1], TextNode):
            folded[-1] = TextNode(folded[-1].s + node.s)
        else:
            folded.append(node)
    nodes[:] = folded


class _Remembered(Node):
    """A part included with `only`, rendered once for the same values."""

    def __init__(self, node: IncludeNode) -> None:
        self._node = node
        self._known: dict[tuple[object, ...], str] = {}

    def render(self, context: Context) -> str:
        """Return the part for what it is given in this context."""
        key = tuple(value.resolve(context) for value in self._node.extra_context.values())
        text = self._known.get(key)
        if text is None:
            if len(self._known) >= REMEMBERED_MAX:
                self._known.clear()
            text = self._known[key] = str(self._node.render(context))
        return text


def _is_constant(node: TranslateNode) -> bool:
    """Say whether a phrase is written in the template itself, and is shown where it stands."""
    phrase: FilterExpression = node.filter_expression
    is_literal = (isinstance(phrase.var, Variable) and phrase.var.literal is not None) or isinstance(phrase.var, str)
    return is_literal and not phrase.filters and node.asvar is None and node.message_context is None


def _inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
    elif not isinstance(node, BlockNode):
        yield from (value for value in vars(node).values() if isinstance(value, NodeList))
