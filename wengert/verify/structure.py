"""What a slot cannot depend on: why a higher derivative is 0 without a figure.

It changes when an operation turns out to be linear, or a product, in its arguments. A derivative of order n in x is 0 where the
slot is a polynomial of smaller degree in x (away from kinks max, relu, … are linear in what they choose), and a mixed one is 0
where x and y never meet in a product or a function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wengert.verify.plan import COPY, OPERATION, RATIONAL, Plan

ENDLESS = 10**6  # the degree of what is no polynomial
LINEAR = {"identity", "neg", "add", "sub", "sum", "mean", "relu", "abs", "max", "min", "where"}
LINEAR_IN_FIRST = {"div", "leaky_relu", "clip"}  # where the others are constant


@dataclass(frozen=True, slots=True)
class Shape:
    """The degree in each label, in all together, and the pairs of labels that meet (i·width + j for i < j)."""

    degrees: tuple[int, ...]
    total: int
    pairs: frozenset[int]


def zeros(plan: Plan, moved: Mapping[str, Iterable[int]], steps: Sequence[int], key: Sequence[str]) -> set[int]:
    """Those of the steps whose derivative by `key` (labels of `moved`, the slots that each of them moves) must be 0."""
    counts = Counter(key)
    labels = list(counts)
    width = len(labels)
    shapes: dict[int, Shape] = {}
    for i, label in enumerate(labels):
        for slot in moved[label]:
            before = shapes.get(slot, Shape((0,) * width, 0, frozenset()))
            shapes[slot] = Shape(tuple(max(d, j == i) for j, d in enumerate(before.degrees)), 1, frozenset())
    for slot in steps:
        shapes[slot] = _shape(plan, slot, shapes, width)
    wanted = [counts[label] for label in labels]
    every = {i * width + j for j in range(width) for i in range(j)}
    return {
        slot for slot, shape in shapes.items()
        if shape.total < len(key) or any(d < n for d, n in zip(shape.degrees, wanted, strict=True)) or every - shape.pairs
    }  # fmt: skip


def _shape(plan: Plan, slot: int, shapes: Mapping[int, Shape], width: int) -> Shape:
    constant = Shape((0,) * width, 0, frozenset())
    args = plan.args[slot]
    below = [shapes.get(a, constant) for a in args]
    if plan.kind[slot] == COPY:
        return below[0]
    if plan.kind[slot] != OPERATION:
        return constant
    name = plan.data[slot].name
    if name == "where":
        return _sum(below[1:])
    if name in ("gt", "ge", "lt", "le", "eq"):
        return constant
    if name in LINEAR or (name in LINEAR_IN_FIRST and not any(b.total for b in below[1:])):
        return _sum(below)
    if name == "mul":
        return _product(below[0], below[1], width)
    if name == "dot":
        half = len(below) // 2
        return _sum([_product(x, y, width) for x, y in zip(below[:half], below[half:], strict=True)])
    if name == "power" and plan.kind[args[1]] == RATIONAL:
        n = plan.data[args[1]]
        if n.denominator == 1 and 0 <= n < ENDLESS:
            shape = _product(below[0], below[0], width)
            return Shape(tuple(_few(d * int(n)) for d in below[0].degrees), _few(below[0].total * int(n)), shape.pairs)
    together = _sum(below)
    if together.total == 0:
        return constant
    endless = tuple(ENDLESS * (d > 0) for d in together.degrees)
    return Shape(endless, ENDLESS, _product(together, together, width).pairs)


def _sum(shapes: Sequence[Shape]) -> Shape:
    if len(shapes) == 1:
        return shapes[0]
    degrees = tuple(map(max, *(s.degrees for s in shapes)))
    return Shape(degrees, max(s.total for s in shapes), frozenset().union(*(s.pairs for s in shapes)))


def _product(x: Shape, y: Shape, width: int) -> Shape:
    pairs = set(x.pairs | y.pairs)
    for i, a in enumerate(x.degrees):
        for j, b in enumerate(y.degrees):
            if a and b and i != j:
                pairs.add(min(i, j) * width + max(i, j))
    degrees = tuple(_few(a + b) for a, b in zip(x.degrees, y.degrees, strict=True))
    return Shape(degrees, _few(x.total + y.total), frozenset(pairs))


def _few(degree: int) -> int:
    return min(degree, ENDLESS)
