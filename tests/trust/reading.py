"""Formula text read by Python's own grammar, for oracles that share nothing with wengert's parser.

What wengert writes in JSON and what the tests' generators write are Python's operators and calls (`x**2`, `sin(x)`). `ast`
parses it, nothing is executed; a `Reading` is a list of operations, which any set of functions can work out: on mpmath's
numbers, sympy's expressions, autograd's boxes, fractions.

>>> Reading.of("a = x*y\\nf = a + 1/2").run(lambda text: float(text), {"mul": lambda x, y: x * y, "add": lambda x, y: x + y,
...     "div": lambda x, y: x / y}, {"x": 2.0, "y": 3.0})["f"]
6.5
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OPERATORS: dict[type, str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "power", ast.Gt: "gt", ast.GtE: "ge",
    ast.Lt: "lt", ast.LtE: "le", ast.Eq: "eq",
}  # fmt: skip
ALIASES = {"log": "ln"}  # of one argument
CONSTANTS = ("pi", "e")
Functions = Mapping[str, Callable[..., Any]]


@dataclass
class Reading:
    """`operations[i]` is "number" or "name" with a text, or an operation with the places of its arguments."""

    operations: list[str] = field(default_factory=list)
    arguments: list[tuple[Any, ...]] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)  # of each statement, in order

    @classmethod
    def of(cls, text: str, last: str = "f") -> Reading:
        """Statements `name = …`, or one expression, which is called `last`."""
        made = cls()
        for statement in ast.parse(text).body:
            if isinstance(statement, ast.Assign):
                (target,) = statement.targets
                assert isinstance(target, ast.Name)
                made.names[target.id] = made._add(statement.value, text.splitlines())
            else:
                assert isinstance(statement, ast.Expr)
                made.names[last] = made._add(statement.value, text.splitlines())
        return made

    @property
    def free(self) -> list[str]:
        """The names that are not computed, in the order in which they stand."""
        leaves = [a[0] for o, a in zip(self.operations, self.arguments, strict=True) if o == "name"]
        return list(dict.fromkeys(n for n in leaves if n not in self.names))

    @property
    def used(self) -> set[str]:
        return set(self.operations) - {"number", "name"}

    def size(self, of: str) -> int:
        """The number of operations if everything were written out."""
        sizes: list[int] = []
        for o, a in zip(self.operations, self.arguments, strict=True):
            if o == "name":
                sizes.append(sizes[self.names[a[0]]] if a[0] in self.names else 0)
            else:
                sizes.append(0 if o == "number" else 1 + sum(sizes[i] for i in a))
        return sizes[self.names[of]]

    def constants(self) -> list[bool]:
        """Of each operation whether no name stands below it."""
        made: list[bool] = []
        for o, a in zip(self.operations, self.arguments, strict=True):
            made.append(o == "number" or (o != "name" and all(made[i] for i in a)))
        return made

    def run(
        self, number: Callable[[str], Any], functions: Functions, point: Mapping[str, Any],
        decided: Sequence[Any] | None = None, every: list[Any] | None = None,
        touch: Callable[[int, Any], Any] | None = None, use: Callable[[int, int, Any], Any] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The value of each statement. A name of `point` that a statement defines is taken from `point`.

        Of a `where` only the branch that is taken is worked out. `decided` are values found before (the `every` of that run),
        which decide what the numbers at hand cannot. `touch` may change each result, as rounding would, and `use` each argument
        of an operation (its place, which argument, the value).
        """
        values: list[Any] = [None] * len(self.operations) if every is None else every
        made = [False] * len(self.operations)

        def value(i: int) -> Any:
            if made[i]:
                return values[i]
            operation, a = self.operations[i], self.arguments[i]
            if operation == "number":
                result = number(a[0])
            elif operation == "name":
                result = point[a[0]] if a[0] in point else value(self.names[a[0]]) if a[0] in self.names else functions[a[0]]()
            elif operation == "where":
                test = value(a[0]) if decided is None else decided[a[0]]
                result = value(a[1] if test else a[2])
            elif operation in COMPARISONS and decided is not None:
                result = decided[i]
            elif decided is not None and operation in CHOICES:
                result = functions[operation]([decided[j] for j in a], *map(value, a))
            elif use is not None and operation not in COMPARISONS:
                result = functions[operation](*(use(i, j, value(k)) for j, k in enumerate(a)))
            else:
                result = functions[operation](*map(value, a))
            if touch is not None and operation not in COMPARISONS:
                result = touch(i, result)
            values[i], made[i] = result, True
            return result

        return {name: point[name] if name in point else value(i) for name, i in self.names.items()}

    def _add(self, node: ast.expr, lines: Sequence[str]) -> int:
        if isinstance(node, ast.Constant):
            assert node.end_col_offset is not None
            return self._put("number", lines[node.lineno - 1][node.col_offset : node.end_col_offset])
        if isinstance(node, ast.Name):
            return self._put("name", node.id)
        if isinstance(node, ast.UnaryOp):
            assert isinstance(node.op, ast.USub)
            return self._put("neg", self._add(node.operand, lines))
        if isinstance(node, ast.BinOp):
            return self._put(OPERATORS[type(node.op)], self._add(node.left, lines), self._add(node.right, lines))
        if isinstance(node, ast.Compare):
            return self._put(OPERATORS[type(node.ops[0])], self._add(node.left, lines), self._add(node.comparators[0], lines))
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name), ast.dump(node)
        name = node.func.id
        arguments = [self._add(a, lines) for a in node.args]
        return self._put(ALIASES.get(name, name) if len(arguments) == 1 else name, *arguments)

    def _put(self, operation: str, *arguments: Any) -> int:
        self.operations.append(operation)
        self.arguments.append(arguments)
        return len(self.operations) - 1


COMPARISONS = ("gt", "ge", "lt", "le", "eq")
# What depends on which side of a kink the point stands; with `decided` these get the arguments' values first.
CHOICES = ("abs", "sign", "floor", "ceil", "clip", "relu", "leaky_relu", "elu", "selu", "cbrt", "max", "min")
