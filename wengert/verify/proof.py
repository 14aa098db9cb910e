"""The witness of symbols: sympy's derivative of the source minus our formula, reduced to 0.

It changes when the way to build the source in sympy, or the branches to look at, changes; vanish.py does the reducing. Names
become sympy symbols without their text. Every abs, max, where … is replaced by one of its branches, chosen by an `Oracle`
that decides the signs it is asked for; all the sequences of decisions are gone through. Nothing is ever parsed by sympy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from wengert.lang.expr import NUMBER, Nodes
from wengert.verify.meanings import CONSTANT_NAMES, MEANINGS, Outside, TooLarge, literal
from wengert.verify.numeric import fold
from wengert.verify.vanish import TooMany, Vacuous, expand_small, sign_of_number, vanishes

MAX_BRANCHES = 64
MAX_IMPLIED = 12  # decisions up to which one is looked for that follows from two others
MAX_POWER = 10_000
MAX_DIGITS = 5_000
SOURCE_TERMS = 4_000
FORMULA_FACTOR = 5  # our formula may be so many times longer than its source
COUNTED = 10**12  # beyond it, nobody needs the number
MAX_DEPTH = 100  # functions within functions: sympy's derivative grows with the square of it
FLAT = {"identity", "neg", "add", "sub", "mul", "sum", "mean", "dot", "where", "gt", "ge", "lt", "le", "eq"}


@dataclass(frozen=True, slots=True)
class Proof:
    """`status` is "proved", "open" or "skipped"; never "wrong": that only numbers can say."""

    status: str
    reason: str | None = None
    branches: int = 1


class Oracle:
    """Decides signs, one branch at a time: the first decisions are given, any further one is + and is recorded.

    The symbols stand for real numbers. `decided` maps an expanded expression to the sign taken for it, `required` holds what
    must be positive for the source to be real.
    """

    def __init__(self, given: Sequence[int] = ()) -> None:
        self.S: Any = importlib.import_module("sympy")
        self.given = tuple(given)
        self.made: list[int] = []
        self.decided: dict[Any, int] = {}
        self.required: list[Any] = []

    def sign(self, u: Any) -> int:
        """1 or -1 for what is not a number (0 is a boundary, which other branches surround); the sign of a number."""
        u = expand_small(self.S, u)
        known = sign_of_number(self.S, u)
        if known is not None:
            return known
        content, u = u.as_content_primitive()
        flip = 1 if sign_of_number(self.S, content) != -1 else -1
        if u.could_extract_minus_sign():
            u, flip = expand_small(self.S, -u), -flip
        if u not in self.decided and expand_small(self.S, -u) in self.decided:
            return -flip * self.decided[expand_small(self.S, -u)]
        if u not in self.decided and (implied := self._implied(u)) is not None:
            return flip * implied
        if u not in self.decided:
            at = len(self.made)
            choice = self.given[at] if at < len(self.given) else 1
            self.made.append(choice)
            self.decided[u] = choice
        return flip * self.decided[u]

    def _implied(self, u: Any) -> int | None:
        """The sign that two earlier decisions leave to u: x > y and y > z leave x > z."""
        if len(self.decided) > MAX_IMPLIED:
            return None
        positive = [sign * e for e, sign in self.decided.items()]
        for i, a in enumerate(positive):
            for b in positive[i + 1 :]:
                total = expand_small(self.S, a + b)
                if total == u:
                    return 1
                if expand_small(self.S, total + u) == 0:
                    return -1
        return None

    def require(self, u: Any) -> None:
        """On every branch that is real, u is positive."""
        self.required.append(u)

    def power(self, base: Any, exponent: Any) -> Any:
        """base**exponent: a rational exponent stays, any other becomes exp(exponent·log(base))."""
        S = self.S
        if exponent.is_Rational:
            if abs(exponent) > MAX_POWER:
                raise TooLarge(f"a power above {MAX_POWER}")
            if base.is_Rational and exponent.is_Integer:
                digits = abs(int(exponent)) * max(int(base.p).bit_length(), int(base.q).bit_length()) * 0.302
                if digits > MAX_DIGITS:
                    raise TooLarge(f"a number of more than {MAX_DIGITS} digits")
            if base == 0 and exponent < 0:
                raise Outside("0 to a negative power")
            return base**exponent
        if base == 0:
            return S.Integer(0)
        self.require(base)
        return S.exp(exponent * S.log(base))


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
            return f"{size if size < COUNTED else 'more than 10^12'} terms when written out; the limit is {terms}"
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
                return Proof("open", "the difference did not reduce to 0", branches)
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


def possible(oracle: Oracle) -> bool:
    """False only where no real number has the signs decided: told by isolating roots, where all is in one symbol."""
    S = oracle.S
    signs: list[tuple[Any, int]] = [*oracle.decided.items(), *((u, 1) for u in oracle.required)]
    polynomials = []
    symbols: set[Any] = set()
    for u, sign in signs:
        top, bottom = S.fraction(S.together(u))
        u = S.expand(top * bottom)
        symbols |= u.free_symbols
        if len(symbols) > 1 or (u.free_symbols and not u.is_polynomial(*u.free_symbols)):
            return True
        polynomials.append((u, sign))
    if not symbols:
        return True
    x = symbols.pop()
    try:
        polys = [(S.Poly(u, x, domain=S.QQ), sign) for u, sign in polynomials]
    except S.CoercionFailed:
        return True
    roots: Any = S.Poly(1, x, domain=S.QQ)
    for poly, _ in polys:
        if poly.degree() > 20:
            return True
        if poly.degree() > 0:
            roots = roots * poly
    if roots.degree() <= 0:
        return True
    ends = sorted(end for (low, high), _ in roots.sqf_part().intervals() for end in (low, high))
    points = [ends[0] - 1, *((a + b) / 2 for a, b in pairwise(ends)), ends[-1] + 1, *ends] if ends else [0]
    return any(all(poly.eval(p) * sign > 0 for poly, sign in polys) for p in points)


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

    With `seed` (name -> root of a constant expression) it is the derivative along that direction, and `wrt` is not read.
    """
    if seed is not None:
        wrt = list(seed)
    nodes, root = formula
    strange = [n for n in nodes.names_in([root]) if not source.knows(n)]
    if strange:
        return Proof("skipped", f"the name {strange[0]} is not of the model")
    if of not in source.roots:
        return Proof("skipped", f"{of} is not a definition")
    excess = source.excess(source.nodes, source.roots[of], terms)
    if excess is not None:
        return Proof("open", f"too large: {excess}")
    excess = source.excess(nodes, root, FORMULA_FACTOR * terms)
    if excess is not None:
        return Proof("open", f"too large: our formula has {excess}")
    unknown = [n for n in wrt if n not in source.symbols and n not in source.roots]
    if unknown:
        return Proof("skipped", f"the name {unknown[0]} is not of the model")
    if of in wrt:
        return Proof("skipped", f"{of} with respect to itself")
    free = [n for n in dict.fromkeys(wrt) if n in source.roots]
    held = {n: source.symbol(n) for n in free}

    def make(oracle: Oracle) -> tuple[Any, Any]:
        cache: dict[Any, Any] = {}
        theirs = source.build(source.nodes, source.roots[of], oracle, free, cache)
        if seed is not None:
            theirs = source.S.Add(*(
                source.S.diff(theirs, source.symbols[name]) * source.build(source.nodes, amount, oracle, free, cache)
                for name, amount in seed.items()
            ))  # fmt: skip
        else:
            for name in wrt:
                theirs = source.S.diff(theirs, source.symbols[name])
        mine: dict[Any, Any] = {k: v for k, v in cache.items() if k[0]}
        ours = source.build(nodes, root, oracle, free, mine)
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


def prove_rule(nodes: Nodes, params: Sequence[str], argument: int, source: int, partial: int) -> Proof:
    """Whether ∂source/∂params[argument] is the partial, on every branch."""
    rule = Source(nodes, params, [])
    excess = rule.excess(nodes, source, SOURCE_TERMS) or rule.excess(nodes, partial, FORMULA_FACTOR * SOURCE_TERMS)
    if excess is not None:
        return Proof("open", f"too large: {excess}")

    def make(oracle: Oracle) -> tuple[Any, Any]:
        cache: dict[Any, Any] = {}
        theirs = rule.S.diff(rule.build(nodes, source, oracle, (), cache), rule.symbols[params[argument]])
        return theirs, rule.build(nodes, partial, oracle, (), cache)

    return prove(make)


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
