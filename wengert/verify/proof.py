"""The witness of symbols: sympy's derivative of the source minus our formula, reduced to 0.

It changes when the way to build the source in sympy, or the branches to look at, changes; vanish.py does the reducing. Names
become sympy symbols without their text. Every abs, max, where … is replaced by one of its branches, chosen by an `Oracle`
that decides the signs it is asked for; all the sequences of decisions are gone through. Nothing is ever parsed by sympy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from wengert.lang.expr import NUMBER, Nodes
from wengert.verify.branches import MAX_DIGITS, Oracle, places, possible
from wengert.verify.meanings import CONSTANT_NAMES, MEANINGS, Outside, TooLarge, literal
from wengert.verify.plan import fold
from wengert.verify.vanish import TooMany, Vacuous, postorder, vanishes

MAX_BRANCHES = 64
SOURCE_TERMS = 4_000
FORMULA_FACTOR = 5  # our formula may be so many times longer than its source
COUNTED = 10**12  # beyond it, nobody needs the number
DERIVATIVE_TERMS = 1_500  # of a derivative that is to be differentiated once more
HIGHER_TERMS = 4_500  # of a difference of higher derivatives, and of our formula in it
ALL_TERMS = 20_000  # of such differences on all branches together
MAX_DEPTH = 100  # functions within functions: sympy's derivative grows with the square of it
FLAT = {"identity", "neg", "add", "sub", "mul", "sum", "mean", "dot", "where", "gt", "ge", "lt", "le", "eq"}


@dataclass(frozen=True, slots=True)
class Proof:
    """`status` is "proved", "open" or "skipped"; never "wrong": that only numbers can say. `places` (by symbol) is a point to
    look at, inside the branch on which the difference was left open."""

    status: str
    reason: str | None = None
    branches: int = 1
    places: Mapping[Any, Any] = field(default_factory=dict)


class Source:
    """The model as sympy sees it: definitions are expanded, except those that are moved as if they were free."""

    def __init__(self, nodes: Nodes, inputs: Iterable[str], definitions: Sequence[tuple[str, int]]) -> None:
        self.S: Any = importlib.import_module("sympy")
        self.nodes = nodes
        self.roots = dict(definitions)
        self.symbols: dict[str, Any] = {name: self.S.Dummy("s") for name in inputs}
        self._sizes: dict[int, tuple[int, int]] = {}
        self._own_sizes: dict[str, tuple[int, int]] = {}
        self._exact: dict[int, Fraction | None] = {}
        for name, root in definitions:
            self._own_sizes[name] = self.size(nodes, root)

    def knows(self, name: str) -> bool:
        return name in self.symbols or name in self.roots or name in CONSTANT_NAMES

    def symbol(self, name: str) -> Any:
        """The symbol of an input, or of a definition that is moved as if it were free."""
        return self.symbols.setdefault(name, self.S.Dummy("s"))

    def size(self, nodes: Nodes, root: int) -> tuple[int, int]:
        """The number of terms, and of functions within functions, when everything is written out (definitions too).

        Counted, never built.
        """
        sizes = self._sizes if nodes is self.nodes else {}
        for node in _walk(nodes, root, sizes):
            if nodes.is_leaf(node):
                known = self._own_sizes.get(nodes.text(node)) if nodes.op[node] != NUMBER else None
                sizes[node] = known or (1, 0)
            else:
                below = [sizes[a] for a in nodes.arguments(node)]
                depth = max((d for _, d in below), default=0) + (nodes.operation(node) not in FLAT)
                sizes[node] = min(1 + sum(n for n, _ in below), COUNTED), depth
        return sizes[root]

    def excess(self, nodes: Nodes, root: int, terms: int) -> str | None:
        """Why the expression is too large to be written out; None where it is not."""
        size, depth = self.size(nodes, root)
        if size > terms:
            return f"{f'{size:,}' if size < COUNTED else 'more than 10^12'} terms when written out; the limit is {terms:,}"
        if depth > MAX_DEPTH:
            return f"{depth} functions within one another; the limit is {MAX_DEPTH}"
        return None

    def build(self, nodes: Nodes, root: int, oracle: Oracle, free: Sequence[str], cache: dict[Any, Any]) -> Any:
        """The expression in sympy on the oracle's branch. `cache` is shared between what is built on one branch.

        Raises TooLarge and Outside.
        """
        own = nodes is self.nodes
        stack: list[tuple[Nodes, int]] = [(nodes, root)]
        while stack:
            where, node = stack[-1]
            key = (own if where is nodes else True, node)
            if key in cache:
                stack.pop()
                continue
            if where.is_leaf(node):
                name = where.text(node)
                if where.op[node] != NUMBER and name in self.roots and name not in free:
                    inner = self.roots[name]
                    if (True, inner) not in cache:
                        stack.append((self.nodes, inner))
                        continue
                    cache[key] = cache[(True, inner)]
                else:
                    cache[key] = self._leaf(where, node)
                stack.pop()
                continue
            side = key[0]
            missing = [a for a in where.arguments(node) if (side, a) not in cache]
            if missing:
                stack.extend((where, a) for a in reversed(missing))
                continue
            cache[key] = self._call(where, node, [cache[(side, a)] for a in where.arguments(node)], oracle)
            stack.pop()
        result = cache[(own, root)]
        if isinstance(result, Exception):
            raise result
        return result

    def _leaf(self, nodes: Nodes, node: int) -> Any:
        text = nodes.text(node)
        if nodes.op[node] == NUMBER:
            try:
                value = literal(text)
            except (TooLarge, ValueError) as problem:
                return problem
            if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_DIGITS * 3:
                return TooLarge(f"a number of more than {MAX_DIGITS} digits")
            return self.S.Rational(value.numerator, value.denominator)
        if text in self.symbols:
            return self.symbols[text]
        if text in CONSTANT_NAMES:
            return self.S.E if text == "e" else self.S.pi
        return Outside(f"the name {text} is not of the model")

    def _call(self, nodes: Nodes, node: int, a: list[Any], oracle: Oracle) -> Any:
        name = nodes.operation(node)
        meaning = MEANINGS.get(name)
        if meaning is None or not meaning.takes(len(a)):
            return Outside(f"the judge does not know {name} of {len(a)} arguments")
        used = a
        if name == "where" and not isinstance(a[0], Exception):
            used = [a[0], a[1] if a[0] else a[2]]  # the other branch may have no meaning here
        broken = next((x for x in used if isinstance(x, Exception)), None)
        if broken is not None:
            return broken
        if name == "div" and a[1] == 0:
            return Outside("division by 0")
        if name in ("add", "sub", "mul", "neg") and all(x.is_Rational for x in a):
            value = fold(name, [Fraction(int(x.p), int(x.q)) for x in a])
            if value is None:
                return TooLarge("a constant of many digits")
        try:
            built = meaning.symbol(self.S, a, oracle)
        except (Outside, TooLarge) as problem:
            return problem
        S = self.S
        if built is S.zoo or built is S.nan or built is S.oo or built is -S.oo:
            return Outside(f"{name} has no value here")
        return built


def prove(make: Callable[[Oracle], tuple[Any, Any]]) -> Proof:
    """Whether two expressions are equal on every branch; `make(oracle)` builds both (sympy's derivative, and ours)."""
    stack: list[tuple[int, ...]] = [()]
    branches = tried = 0
    while stack:
        oracle = Oracle(stack.pop())
        tried += 1
        if tried > MAX_BRANCHES:
            return Proof("open", f"more than {MAX_BRANCHES} branches", branches)
        try:
            theirs, ours = make(oracle)
            difference = theirs - ours
            if vanishes(difference, oracle):
                branches += 1
            elif possible(oracle):
                return Proof("open", "the difference did not reduce to 0", branches, places(oracle))
        except Vacuous:
            pass
        except (TooLarge, TooMany) as problem:
            return Proof("open", f"too large: {problem}", branches)
        except Outside as problem:
            if possible(oracle):
                return Proof("open", f"no meaning on a branch: {problem}", branches)
        except RecursionError:
            return Proof("open", "nested too deeply for sympy", branches)
        made = oracle.made
        stack.extend((*made[:i], -made[i]) for i in range(len(oracle.given), len(made)))
    if branches == 0:
        return Proof("open", "no branch is real", 0)
    return Proof("proved", None, branches)


def prove_formula(
    source: Source,
    of: str,
    wrt: Sequence[str],
    formula: tuple[Nodes, int],
    *,
    seed: Mapping[str, int] | None = None,
    terms: int = SOURCE_TERMS,
) -> Proof:
    """Whether the formula is d of / d wrt (one name, or several for a higher order) of the model.

    With `seed` (name -> root of a constant expression) it is the derivative along that direction of the derivative by `wrt`,
    which may then be empty.
    """
    moved = [*wrt, *(seed or ())]
    nodes, root = formula
    strange = [n for n in nodes.names_in([root]) if not source.knows(n)]
    if strange:
        return Proof("skipped", f"the name {strange[0]} is not of the model")
    if of not in source.roots:
        return Proof("skipped", f"{of} is not a definition")
    excess = source.excess(source.nodes, source.roots[of], terms)
    if excess is not None:
        return Proof("open", f"too large: {excess}")
    higher = len(wrt) + (seed is not None) > 1
    excess = source.excess(nodes, root, min(HIGHER_TERMS, terms) if higher else FORMULA_FACTOR * terms)
    if excess is not None:
        return Proof("open", f"too large: our formula has {excess}")
    unknown = [n for n in moved if n not in source.symbols and n not in source.roots]
    if unknown:
        return Proof("skipped", f"the name {unknown[0]} is not of the model")
    if of in moved:
        return Proof("skipped", f"{of} with respect to itself")
    free = [n for n in dict.fromkeys(moved) if n in source.roots]
    held = {n: source.symbol(n) for n in free}

    spent = 0

    def make(oracle: Oracle) -> tuple[Any, Any]:
        nonlocal spent
        cache: dict[Any, Any] = {}
        theirs = source.build(source.nodes, source.roots[of], oracle, free, cache)
        for order, name in enumerate(wrt):
            theirs = derivative(source.S, theirs, source.symbols[name], order)
        if seed is not None:
            theirs = source.S.Add(*(
                derivative(source.S, theirs, source.symbols[name], len(wrt))
                * source.build(source.nodes, amount, oracle, free, cache)
                for name, amount in seed.items()
            ))  # fmt: skip
        mine: dict[Any, Any] = {k: v for k, v in cache.items() if k[0]}
        ours = source.build(nodes, root, oracle, free, mine)
        if higher:
            size = terms_of(theirs - ours)
            spent += size
            if size > HIGHER_TERMS or spent > ALL_TERMS:
                raise TooLarge(f"a difference of {size:,} terms; the limit is {HIGHER_TERMS:,}, of all branches {ALL_TERMS:,}")
        return theirs, ours

    try:
        proof = prove(make)
        if proof.status != "proved" and free:
            # Our formula may have the moved definition written out in places: put it back on both sides.
            def put_back(oracle: Oracle) -> tuple[Any, Any]:
                theirs, ours = make(oracle)
                for name in sorted(free, key=list(source.roots).index, reverse=True):
                    before = [f for f in free if list(source.roots).index(f) < list(source.roots).index(name)]
                    inner = source.build(source.nodes, source.roots[name], oracle, before, {})
                    theirs, ours = theirs.xreplace({held[name]: inner}), ours.xreplace({held[name]: inner})
                return theirs, ours

            proof = prove(put_back)
        return proof
    finally:
        for name in free:
            source.symbols.pop(name, None)


def derivative(S: Any, expression: Any, symbol: Any, order: int) -> Any:
    """sympy's derivative; of a higher order only of what is small. Raises TooLarge."""
    if order:
        size = terms_of(expression)
        if size > DERIVATIVE_TERMS:
            raise TooLarge(f"the derivative of order {order} has {size:,} terms; the limit is {DERIVATIVE_TERMS:,}")
    return S.diff(expression, symbol)


def terms_of(expression: Any) -> int:
    """The number of terms when everything is written out; counted, never built."""
    sizes: dict[Any, int] = {}
    for e in postorder(expression):
        sizes[e] = min(1 + sum(sizes[a] for a in e.args), COUNTED)
    return sizes[expression]


def prove_rule(nodes: Nodes, params: Sequence[str], argument: int, source: int, partial: int) -> Proof:
    """Whether ∂source/∂params[argument] is the partial, on every branch; its `places` are by name."""
    rule = Source(nodes, params, [])
    excess = rule.excess(nodes, source, SOURCE_TERMS) or rule.excess(nodes, partial, FORMULA_FACTOR * SOURCE_TERMS)
    if excess is not None:
        return Proof("open", f"too large: {excess}")

    def make(oracle: Oracle) -> tuple[Any, Any]:
        cache: dict[Any, Any] = {}
        theirs = rule.S.diff(rule.build(nodes, source, oracle, (), cache), rule.symbols[params[argument]])
        return theirs, rule.build(nodes, partial, oracle, (), cache)

    proof = prove(make)
    found = {name: proof.places[x] for name, x in rule.symbols.items() if x in proof.places}
    return replace(proof, places={name: Fraction(int(q.p), int(q.q)) for name, q in found.items()})


def _walk(nodes: Nodes, root: int, known: Mapping[int, object]) -> list[int]:
    """The nodes below a root that are not known yet, arguments first."""
    fresh: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in known and node not in fresh:
            fresh.add(node)
            stack.extend(nodes.arguments(node))
    return sorted(fresh)
