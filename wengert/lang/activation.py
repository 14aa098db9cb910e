"""What a neuron does with its pre-activation: a function's name, or a formula in x (and in parameters)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wengert.errors import Place, SpecError
from wengert.lang.expr import NAME, Nodes
from wengert.lang.fields import check_keys, did_you_mean, expression, is_name, wrong
from wengert.lang.model import CONSTANTS
from wengert.lang.reader import Mapping, Scalar, Tree
from wengert.lang.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Activation:
    """An operation of one argument, or (`operation` None) the formula `root`, in which x stands for z."""

    operation: str | None
    root: int | None
    place: Place

    def of(self, z: str, nodes: Nodes) -> int:
        """The activation of the quantity that is called z, as new nodes with the places of the activation."""
        nodes.begin(self.place.source)
        if self.operation is not None:
            start, end = self.place.start, self.place.end
            return nodes.call(self.operation, [nodes.name(z, start, end)], start, end)
        assert self.root is not None
        source = nodes.source(self.root)
        if source is not None:
            nodes.begin(source)
        copies: dict[int, int] = {}
        for node in nodes.reachable([self.root]):
            start, end = nodes.start[node], nodes.end[node]
            if nodes.op[node] == NAME:
                text = nodes.text(node)
                copies[node] = nodes.name(z if text == "x" else text, start, end)
            elif nodes.is_leaf(node):
                copies[node] = nodes.number(nodes.text(node), start, end)
            else:
                copies[node] = nodes.call(nodes.operation(node), [copies[a] for a in nodes.arguments(node)], start, end)
        return copies[self.root]


def read_activation(tree: Tree, nodes: Nodes, vocabulary: Vocabulary, parameters: Collection[str]) -> Activation:
    """The activation that stands there. Raises SpecError for an unknown one, FormulaError for what is no formula."""
    if isinstance(tree, Mapping):
        check_keys(tree, (), "activation")
    if not isinstance(tree, Scalar) or tree.empty:
        raise wrong(tree, "activation", "the name of a function, or a formula in x")
    if tree.text == "x":
        return Activation("identity", None, tree.place)
    if tree.text in vocabulary:
        return Activation(_operation(tree, vocabulary), None, tree.place)
    if is_name(tree.text) and tree.text not in CONSTANTS:
        known = [name for name, functions in vocabulary.items() if any(f.takes(1) for f in functions)]
        near = "did you mean identity?" if tree.text in ("linear", "none") else did_you_mean(tree.text, known, "there are")
        raise SpecError(f"there is no activation {tree.text}", tree.place, hint=near)
    root = expression(tree, nodes, vocabulary, "activation")
    for node in nodes.reachable([root]):
        name = nodes.text(node) if nodes.op[node] == NAME else "x"
        if name != "x" and name not in parameters and name not in CONSTANTS:
            raise SpecError(
                f"activation: {name} is unknown here", nodes.place(node),
                hint="an activation is a formula in x, which stands for z",
            )  # fmt: skip
    return Activation(None, root, tree.place)


def _operation(tree: Scalar, vocabulary: Vocabulary) -> str:
    function = next((f for f in vocabulary[tree.text] if f.takes(1)), None)
    if function is None:
        raise SpecError(
            f"{tree.text} takes more than one number, an activation takes one", tree.place,
            hint="write a formula in x, for example leaky_relu(x, 0.1)",
        )  # fmt: skip
    return function.operation
