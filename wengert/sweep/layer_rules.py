"""What a layer does number by number: activations, shares of a loss, formulas; values and slopes come from the rule table.

Everything here is written as a formula (of one name, or of several), lowered to a small list of its own, and swept with the
compiled rules, in the arithmetic of `rules`: the table's σ′ is the only one there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wengert.lang.activation import SOFTMAX
from wengert.lang.expr import Nodes
from wengert.lang.loss_terms import BINARY, CROSS
from wengert.lang.model import CONSTANTS, Definition, Input, Model
from wengert.lang.shape import Activation
from wengert.sweep import sweeps
from wengert.sweep.arithmetics import FAULTS, Float, Unknown
from wengert.sweep.columns import extended
from wengert.sweep.compiled import Compiled
from wengert.sweep.functions import Doubt
from wengert.sweep.rules import OWN, Rules
from wengert.tape.lower import lower

OFTEN = 100  # points, from which on compiling a formula takes less time than it saves
ARGUMENT, RESULT = "z", "a"  # what a function of one number is written in


class Written:
    """A formula as a list of its own. `names` are what it is a function of, in order."""

    def __init__(self, nodes: Nodes, root: int, names: Sequence[str], rules: Rules, result: str) -> None:
        self.names = tuple(names)
        model = Model(nodes, tuple(map(Input, names)), (Definition(result, root),), (result,), self.names)
        self.list = lower(model)
        self.active = self.list.depends_on(range(len(names)))
        self._rules, self._fallback = rules, extended(rules)
        self._compiled: Compiled | None = None
        plain = type(rules.arithmetic) is Float and rules.stable and rules.convention == OWN
        self._left = OFTEN if plain else -1  # points until compiling is worth it, −1: never
        self._blank = [0.0] * len(self.list.opcode)

    def at(self, point: Sequence[Any]) -> tuple[Any, list[Any]]:
        """The value and the derivative with respect to every name."""
        if self._left > 0:
            self._left -= 1
        elif self._left == 0:
            swiftly = self._swiftly(point)
            if swiftly is not None:
                return swiftly
        wl, arithmetic = self.list, self._rules.arithmetic
        values = sweeps.primal(wl, point, self._rules, strict=False)
        partials = sweeps.local_partials(wl, values, self._rules, self.active, self._fallback)
        found = sweeps.adjoints(wl, partials, len(wl) - 1, arithmetic)[: wl.inputs]
        return values[-1], [arithmetic.zero if x is None else x for x in found]

    def _swiftly(self, point: Sequence[Any]) -> tuple[Any, list[Any]] | None:
        """The same by compiled sweeps in doubles; None where a 0 comes up, whose sign they do not look at, or a doubt."""
        try:
            if self._compiled is None:
                self._compiled = Compiled(self.list, self.active, len(self.list) - 1)
            values = [*point, *self._blank]
            bars = [0.0] * len(values)
            self._compiled.values(values)
            if 0.0 in values:
                return None
            self._compiled.adjoints(values, bars)
        except (Doubt, sweeps.ConstantFault):
            return None
        return values[-1], bars[: len(point)]


class Elementwise:
    """The activation of one neuron, a = f(z). `written` is None for the identity; `parameters` are the names that a formula
    mentions besides."""

    def __init__(self, activation: Activation, nodes: Nodes, rules: Rules) -> None:
        self.activation = activation
        self.parameters: tuple[str, ...] = ()
        self.written: Written | None = None
        self._one = rules.arithmetic.one
        if activation.operation == "identity":
            return
        variable = ARGUMENT
        if activation.operation is not None:
            nodes = Nodes()
            root = nodes.call(activation.operation, [nodes.name(ARGUMENT)])
        else:
            assert activation.root is not None
            root, variable = activation.root, activation.variable
            self.parameters = tuple(n for n in nodes.names_in([root]) if n != variable and n not in CONSTANTS)
        names = (variable, *self.parameters)
        self.written = Written(nodes, root, names, rules, next(n for n in (RESULT, "f", "out", "y_") if n not in names))

    @property
    def is_identity(self) -> bool:
        return self.written is None

    def at(self, z: Any, given: Mapping[str, Any]) -> tuple[Any, Any, list[Any]]:
        """f(z), f′(z), and the derivatives with respect to the parameters."""
        if self.written is None:
            return z, self._one, []
        value, (slope, *others) = self.written.at([z, *(given[p] for p in self.parameters)])
        return value, slope, others


def softmax(z: Sequence[Any], rules: Rules) -> tuple[list[Any], list[list[Any]]]:
    """The softmax of a column and its Jacobian, row k: ∂a_k/∂z_1, ∂a_k/∂z_2, …"""
    values, jacobian = [], []
    for k in range(1, len(z) + 1):
        arguments = [rules.arithmetic.number(str(k)), *z]
        values.append(rules.value(SOFTMAX)(arguments, None, 0))
        jacobian.append([rules.partial(SOFTMAX, j)(arguments, values[-1], j) for j in range(1, len(z) + 1)])
    return values, jacobian


Share = Callable[[Any, Any], tuple[Any, Any]]  # (a, t) → the share of one output, and its slope with respect to a


def share_of(kind: str, rules: Rules, delta: Any = None) -> Share:
    """One output's share of a named loss that is a sum over the outputs, and its slope by hand from the rules of abs, ln and
    max: r = a − t, (r²)′ = 2·r."""
    number = rules.arithmetic.number
    one, two = number("1"), number("2")

    def called(name: str, arguments: list[Any], j: int = 0) -> tuple[Any, Any]:
        value = rules.value(name)(arguments, None, 0)
        try:
            return value, rules.partial(name, j)(arguments, value, j)
        except (Unknown, *FAULTS):
            fallback = extended(rules) or rules
            return value, fallback.partial(name, j)(arguments, value, j)

    def square(a: Any, t: Any) -> tuple[Any, Any]:
        return (a - t) * (a - t), two * (a - t)

    def half(a: Any, t: Any) -> tuple[Any, Any]:
        return (a - t) * (a - t) / two, a - t

    def absolute(a: Any, t: Any) -> tuple[Any, Any]:
        return called("abs", [a - t])

    def huber(a: Any, t: Any) -> tuple[Any, Any]:
        size, sign = called("abs", [a - t])
        return half(a, t) if size <= delta else (delta * (size - delta / two), delta * sign)

    def hinge(a: Any, t: Any) -> tuple[Any, Any]:
        value, slope = called("max", [number("0"), one - t * a], 1)
        return value, -t * slope

    def cross(a: Any, t: Any) -> tuple[Any, Any]:
        value, slope = called("ln", [a])
        return -t * value, -t * slope

    def binary(a: Any, t: Any) -> tuple[Any, Any]:
        (hit, up), (miss, down) = called("ln", [a]), called("ln", [one - a])
        return -(t * hit + (one - t) * miss), -(t * up - (one - t) * down)

    named: dict[str, Share] = {
        "squared_error": square, "mse": square, "half_squared_error": half, "absolute_error": absolute, "huber": huber,
        "hinge": hinge, CROSS: cross, BINARY: binary,
    }  # fmt: skip
    return named[kind]


def stable_binary(rules: Rules) -> Share:
    """softplus(z) − t·z and σ(z) − t."""

    def share(z: Any, t: Any) -> tuple[Any, Any]:
        value = rules.value("softplus")([z], None, 0)
        return value - t * z, rules.partial("softplus", 0)([z], value, 0) - t

    return share


def logsumexp(z: Sequence[Any], rules: Rules) -> tuple[Any, list[Any]]:
    """ln Σ e^z of a column, and its gradient, which is softmax(z)."""
    column = list(z)
    value = rules.value("logsumexp")(column, None, 0)
    return value, [rules.partial("logsumexp", j)(column, value, j) for j in range(len(column))]
