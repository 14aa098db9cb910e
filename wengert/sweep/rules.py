"""The rule table, compiled: each formula of a record becomes a Python function over one arithmetic.

The source that is compiled here is made of the table's own formulas, of argument names and numbers: nothing that a person
typed reaches it. A formula is short, so that the walk over it may recurse.

A compiled function takes the arguments of the statement as one list `a`, then `out` and `j`, the number (from 0) of the
argument asked for.

At kinks the partials may be those of another system: then a record's rule is asked which kink it stands at, and has that
system's partial there, where the table knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

from wengert.errors import Source
from wengert.lang.expr import COMPARISONS, NAME, NUMBER, Nodes
from wengert.lang.parser import parse_expression
from wengert.sweep.arithmetics import Arithmetic
from wengert.tape.primitives import PRIMITIVES, VOCABULARY
from wengert.tape.record import CONVENTIONS, UNDEFINED, Kink, Primitive

Rule = Callable[[list[Any], Any, int], Any]

_SCOPE = {
    "arg": "a[j]", "index": "num(str(j + 1 - {fixed}))", "n": "num(str(len(a) - {fixed}))", "k": "a[0]",
    "pick": "a[int(number_of(a[0]))]", "partner": "a[(j + len(a) // 2) % len(a)]", "out": "out",
    "ties": "ties({args}, j - {fixed})", "rival": "rival({args}, j - {fixed})", "args": "{args}",
    UNDEFINED: "undefined",
}  # fmt: skip
OWN = "wengert"  # whose partials are taken at kinks


class Met(NamedTuple):
    """A statement at a kink: its record, its arguments' values, its own, and the first argument that meets it (from 0)."""

    record: Primitive
    kink: Kink
    arguments: list[Any]
    out: Any
    argument: int

    def undefined_by(self, convention: str) -> bool:
        """Whether another system (a key of CONVENTIONS) has nan here."""
        taken = self.kink.taken_by(convention) if convention in CONVENTIONS else None
        return taken is not None and taken[self.record.param_of(self.argument)] == UNDEFINED


_INFIX = {"add": "add", "sub": "sub", "mul": "mul", "div": "div"}


class Rules:
    """The table in one arithmetic: values, local partials and domain tests, each compiled when first needed.

    `convention` names the system whose partials are taken at kinks: OWN, or a key of CONVENTIONS. It bears on numbers: a
    formula in symbols stands at no point. Raises ValueError for any other name.
    """

    def __init__(self, arithmetic: Arithmetic, stable: bool = True, convention: str = OWN) -> None:
        self.arithmetic = arithmetic
        self.stable = stable
        if convention != OWN and convention not in CONVENTIONS:
            raise ValueError(f"no convention is called {convention}")
        self.convention = convention
        self._values: dict[str, Rule] = {}
        self._partials: dict[tuple[str, int], Rule] = {}
        self._tests: dict[str, Rule] = {}
        self._meets: dict[tuple[str, Kink], Rule] = {}

    def value(self, name: str) -> Rule:
        """The primitive's value: the arithmetic's own function, else the record's stable form, else its definition. Of an
        arithmetic that is not native, where the record has no definition, or no stable form and one is wanted."""
        rule = self._values.get(name)
        if rule is None:
            record = PRIMITIVES[name]
            own = record.definition is None or self.arithmetic.native or (self.stable and record.stable is None)
            if own and name in self.arithmetic.functions:
                function = self.arithmetic.functions[name]
                rule = lambda a, out, j: function(*a)  # noqa: E731
            else:
                text = record.stable if self.stable and record.stable else record.definition
                assert text is not None, f"{name} has no definition, and {self.arithmetic.name} does not bring it"
                rule = self._compile(record, text)
            self._values[name] = rule
        return rule

    def called(self, name: str, arguments: list[Any]) -> Any:
        """The value of a call as it is written: arguments that were left out have their defaults."""
        return self.value(name)(self.completed(name, arguments), None, 0)

    def completed(self, name: str, arguments: list[Any]) -> list[Any]:
        """The arguments of a call with the defaults of those that were left out."""
        record = PRIMITIVES[name]
        missing = record.defaults[len(arguments) - record.least :] if record.defaults else ()
        return [*arguments, *(self.arithmetic.number(text) for _, text in missing)]

    def partial(self, name: str, argument: int) -> Rule:
        """The local partial with respect to the argument (from 0)."""
        record = PRIMITIVES[name]
        key = (name, record.param_of(argument))
        rule = self._partials.get(key)
        if rule is None:
            rule = self._partials[key] = self._at_kinks(record, argument, self._compile(record, self._text(record, argument)))
        return rule

    def _text(self, record: Primitive, argument: int) -> str:
        if record.written is not None and not self.arithmetic.lazy:
            return record.written
        return (record.stable_partial_of(argument) if self.stable else None) or record.partial_of(argument)

    def mentioned(self, name: str, argument: int) -> frozenset[str]:
        """The names in the local partial with respect to the argument: parameters, `out` and the like."""
        return mentioned(self._text(PRIMITIVES[name], argument))

    def _at_kinks(self, record: Primitive, argument: int, plain: Rule) -> Rule:
        """The partial under the convention: at the first kink met whose partial is known, that one, else the plain rule."""
        if self.convention == OWN or not self.arithmetic.lazy:
            return plain
        choices: list[tuple[Rule, Rule]] = []
        for kink in (*record.kinks, *record.elsewhere):
            taken = kink.taken_by(self.convention)
            if taken is not None and taken[record.param_of(argument)]:
                choices.append((self.meets(record, kink), self._compile(record, taken[record.param_of(argument)])))
        if not choices:
            return plain

        def partial(a: list[Any], out: Any, j: int) -> Any:
            other = next((rule for met, rule in choices if met(a, out, j)), plain)
            return other(a, out, j)

        return partial

    def kinks_met(self, record: Primitive, arguments: list[Any], out: Any, moving: Iterable[int]) -> list[Met]:
        """The kinks at which a statement stands when the arguments numbered in `moving` (from 0) move; under another system's
        convention also the smooth points at which that system is elsewhere."""
        found = list(record.kinks)
        if self.convention != OWN:
            found += [k for k in record.elsewhere if any(k.taken_by(self.convention) or ())]
        numbers = list(moving)
        movers = [(k, next((j for j in numbers if self.meets(record, k)(arguments, out, j)), None)) for k in found]
        return [Met(record, kink, arguments, out, j) for kink, j in movers if j is not None]

    def told(self, met: Met) -> str:
        """The kink's sentence under the convention."""
        if self.convention == OWN:
            return met.kink.told(self.number_at(met))
        return met.kink.told_of(self.convention, met.record.param_of(met.argument), self.number_at(met))

    def number_at(self, met: Met) -> Callable[[str], float]:
        """The value of a formula of the record at the statement, for a sentence."""
        return lambda text: float(self._compile(met.record, text)(met.arguments, met.out, met.argument))

    def meets(self, record: Primitive, kink: Kink) -> Rule:
        """Whether the j-th argument, when it moves, meets the kink."""
        rule = self._meets.get((record.name, kink))
        if rule is None:
            test = rule = self._test(record, kink.test)
            if kink.moves:
                movers = frozenset(record.params.index(name) for name in kink.moves)
                rule = lambda a, out, j: record.param_of(j) in movers and test(a, out, j)  # noqa: E731
            self._meets[record.name, kink] = rule
        return rule

    def holds(self, record: Primitive, test: str) -> Rule:
        """Whether a condition of the record holds: its domain's, or a kink's when the j-th argument moves."""
        kink = next((k for k in record.kinks if k.test == test), None)
        return self._test(record, test) if kink is None else self.meets(record, kink)

    def _test(self, record: Primitive, test: str) -> Rule:
        key = f"{record.name}: {test}"
        rule = self._tests.get(key)
        if rule is None:
            rule = self._tests[key] = self._compile(record, f"where({test}, 1, 0)")
        return rule

    def _rival(self, name: str, args: list[Any], j: int) -> Any:
        """The operation over the arguments but the j-th; for a single argument something that it beats."""
        others = args[:j] + args[j + 1 :]
        arithmetic = self.arithmetic
        if not others:
            return arithmetic.functions["sub"](args[0], arithmetic.number("1" if name == "max" else "-1"))
        return others[0] if len(others) == 1 else arithmetic.functions[name](*others)

    def _compile(self, record: Primitive, text: str) -> Rule:
        nodes, root = parsed(text)
        arithmetic = self.arithmetic
        space: dict[str, Any] = {
            "num": arithmetic.number, "truth": arithmetic.truth, "number_of": arithmetic.as_int, "pi": arithmetic.pi,
            UNDEFINED: arithmetic.undefined,
            "decide": arithmetic.decide, "ties": arithmetic.ties, "rival": lambda args, j: self._rival(record.name, args, j),
        }  # fmt: skip
        body = _Writer(record, nodes, self, space).write(root, element=False)
        code = _code(body, f"<rule {record.name}: {text}>")
        rule: Rule = eval(code, space)  # the table's own formula, written by this module
        return rule


@lru_cache(maxsize=2048)
def _code(body: str, place: str) -> CodeType:
    """Compiled once for all arithmetics: what differs between them stands in the names that it is evaluated with."""
    return compile(f"lambda a, out, j: {body}", place, "eval")


@lru_cache(maxsize=512)
def parsed(text: str) -> tuple[Nodes, int]:
    """A formula of the table as an expression."""
    nodes = Nodes()
    return nodes, parse_expression(Source(text, "the rule table"), nodes, VOCABULARY)


@lru_cache(maxsize=512)
def mentioned(text: str) -> frozenset[str]:
    """The names in a formula of the table; none in the text "", which stands for no formula."""
    if not text:
        return frozenset()
    nodes, root = parsed(text)
    return frozenset(nodes.names_in([root]))


class _Writer:
    """One formula to the text of a Python expression. `space` collects what the text mentions."""

    def __init__(self, record: Primitive, nodes: Nodes, rules: Rules, space: dict[str, Any]) -> None:
        self.record = record
        self.nodes = nodes
        self.rules = rules
        self.space = space
        self.fixed = len(record.params) - 1 if record.many else 0

    def write(self, node: int, element: bool) -> str:
        """`element`: inside a reduction over `args`, where `args` is one of them."""
        nodes = self.nodes
        if nodes.op[node] == NUMBER:
            return self._bind(self.rules.arithmetic.number(nodes.text(node)))
        if nodes.op[node] == NAME:
            return self._name(nodes.text(node), element)
        operation = nodes.operation(node)
        arguments = nodes.arguments(node)
        if operation == "where":
            test, p, q = arguments
            a, b = nodes.arguments(test)
            word = nodes.operation(test)
            assert word in COMPARISONS
            yes, no = self.write(p, element), self.write(q, element)
            if word == "eq" and nodes.op[a] == NAME and nodes.text(a) == "n" and nodes.text(b).isdigit():  # a plain number
                return f"({yes} if len(a) - {self.fixed} == {int(nodes.text(b))} else {no})"
            if self.rules.arithmetic.lazy:
                return f"({yes} if truth('{word}', {self.write(a, element)}, {self.write(b, element)}) else {no})"
            return f"decide('{word}', {self.write(a, element)}, {self.write(b, element)}, {yes}, {no})"
        function = self._function(operation)
        if PRIMITIVES[operation].many and any(self._mentions_args(a) for a in arguments):
            parts = [
                f"*[{self.write(a, True)} for w in a[{self.fixed}:]]" if self._mentions_args(a) else self.write(a, element)
                for a in arguments
            ]
        else:
            parts = [self.write(a, element) for a in arguments]
        return f"{function}({', '.join(parts)})"

    def _name(self, text: str, element: bool) -> str:
        if text == "pi":
            return "pi"
        if text == "args" and element:
            return "w"
        if text in self.record.params:
            return f"a[{self.record.params.index(text)}]"
        return _SCOPE[text].format(fixed=self.fixed, args=f"a[{self.fixed}:]" if self.fixed else "a")

    def _mentions_args(self, node: int) -> bool:
        """Whether `args` stands in the formula outside a reduction of its own."""
        stack = [node]
        while stack:
            n = stack.pop()
            if self.nodes.op[n] == NAME and self.nodes.text(n) == "args":
                return True
            if not self.nodes.is_leaf(n) and not (
                self.nodes.operation(n) in PRIMITIVES and PRIMITIVES[self.nodes.operation(n)].many
            ):
                stack.extend(self.nodes.arguments(n))
        return False

    def _function(self, operation: str) -> str:
        """The operation as a name in `space`: the arithmetic's own function, or the record's definition, compiled."""
        name = f"f_{operation}"
        if name not in self.space:
            arithmetic = self.rules.arithmetic
            own = arithmetic.functions.get(operation)
            if own is not None:
                self.space[name] = own
            else:
                rule = self.rules.value(operation)
                self.space[name] = lambda *a: rule(list(a), None, 0)
        return name

    def _bind(self, value: Any) -> str:
        name = f"c{len(self.space)}"
        self.space[name] = value
        return name
