"""Whether an expression of sympy is 0: one fixed chain of rewrites, never `simplify`.

It changes when a further identity is to be recognised. Functions become the generators of a ring (exp(u) a letter E, sin(u) and
cos(u) letters S and C with S² = 1 - C², a root of u a letter R with R^q = u), so that the rest is a rational function:
`together`, expand the numerator, replace what the relations say. Three attempts, each on what the one before left open: as it
stands; exp(a + b) split into exp(a)·exp(b); radicands factored, with the signs of their factors decided by the oracle.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, lcm
from typing import Any

MAX_NODES = 60_000
MAX_TERMS = 20_000
SMALL_TERMS = 200
ROUNDS = 40
MAX_LETTERS = 150


class TooMany(Exception):
    """An expansion that would have too many terms; refused before it is made."""


class Vacuous(Exception):
    """No real number is on this branch."""


def expand_small(S: Any, u: Any) -> Any:
    """Expanded where that is small, else as it is."""
    return S.expand(u) if terms_when_expanded(u) <= SMALL_TERMS else u


def sign_of_number(S: Any, u: Any) -> int | None:
    """1, 0 or -1 for a number, None for anything else."""
    if u.is_Rational:
        return int(bool(u > 0)) - int(bool(u < 0))
    if u.free_symbols or not (u.is_number and u.is_extended_real):
        return None
    figure = u.evalf(30, maxn=60)
    if not figure.is_Float or figure._prec == 1:
        return None
    return int(bool(figure > 0)) - int(bool(figure < 0))


def terms_when_expanded(expression: Any) -> int:
    """An upper bound for the number of terms after expand, counted and not built."""
    sizes: dict[Any, int] = {}
    for e in postorder(expression):
        if e.is_Add:
            sizes[e] = min(10**9, sum(sizes[a] for a in e.args))
        elif e.is_Mul:
            total = 1
            for a in e.args:
                total = min(10**9, total * sizes[a])
            sizes[e] = total
        elif e.is_Pow and e.exp.is_Rational and abs(e.exp) > 1 and sizes[e.base] > 1:
            n, k = abs(int(e.exp)), sizes[e.base]
            sizes[e] = 10**9 if min(n, k) > 60 else min(10**9, comb(n + k - 1, k - 1))
        else:
            sizes[e] = 1
    return sizes[expression]


def postorder(expression: Any) -> Iterator[Any]:
    """Every different subexpression once, arguments first; no recursion. Raises TooMany beyond MAX_NODES."""
    seen: set[Any] = set()
    stack: list[tuple[Any, bool]] = [(expression, False)]
    while stack:
        e, ready = stack.pop()
        if ready:
            yield e
        elif e not in seen:
            seen.add(e)
            if len(seen) > MAX_NODES:
                raise TooMany(f"more than {MAX_NODES} subexpressions")
            stack.append((e, True))
            stack.extend((a, False) for a in e.args)


def vanishes(difference: Any, oracle: Any) -> bool:
    """Whether the difference reduces to 0 on the oracle's branch. Raises TooMany, Vacuous."""
    if difference == 0:
        return True
    large: TooMany | None = None
    for split, factor in ((False, False), (True, False), (True, True)):
        try:
            if _attempt(difference, oracle, split, factor):
                return True
        except TooMany as problem:
            large = problem
    if large is not None:
        raise large
    return False


def _attempt(difference: Any, oracle: Any, split: bool, factor: bool) -> bool:
    denominators: dict[Any, int] = {}
    letters: dict[Any, Any] = {}
    for _ in range(6):
        ring = Ring(oracle, split, factor, denominators, letters)
        rational = ring.convert(difference)
        if not ring.finer:
            return ring.is_zero(rational)
    return False


class Ring:
    """Generators for the functions in an expression. `denominators` says for each exp and root how finely it is divided: E
    stands for exp(u/q); `finer` tells that a finer division turned up, and that the conversion must be done again. `pool`
    holds the letters of the conversions before: the root of sin(u) + 1 must be the same root in the next."""

    def __init__(
        self, oracle: Any, split: bool, factor: bool, denominators: dict[Any, int], pool: dict[Any, Any]
    ) -> None:
        self.S = oracle.S
        self.oracle = oracle
        self.split = split
        self.factor = factor
        self.denominators = denominators
        self.finer = False
        self.letters: dict[Any, Any] = {}
        self.pool = pool
        self.relations: list[tuple[Any, int, Any]] = []  # letter ** power = value
        self.logs: dict[Any, Any] = {}
        self.positive: set[Any] = set()
        self._memo: dict[Any, Any] = {}
        self._order: list[Any] = []

    def convert(self, expression: Any) -> Any:
        """The expression as a rational function of the symbols and the letters."""
        memo = self._memo
        for e in postorder(expression):
            if e not in memo:
                memo[e] = self._node(e, [memo[a] for a in e.args])
        return memo[expression]

    def is_zero(self, rational: Any) -> bool:
        S = self.S
        if len(self.letters) > MAX_LETTERS:
            raise TooMany(f"more than {MAX_LETTERS} different functions")
        for _ in range(ROUNDS):
            top = S.fraction(S.together(rational))[0]
            if terms_when_expanded(top) > MAX_TERMS:
                raise TooMany(f"a numerator of more than {MAX_TERMS:,} terms")
            top = S.expand(top)
            if top == 0:
                return True
            reduced = self._reduce(top)
            if reduced is None:
                return False
            rational = reduced
        return False

    def _reduce(self, top: Any) -> Any:
        """The polynomial after one relation was used, the latest letter first; None where none applies."""
        S = self.S
        free = top.free_symbols
        for letter, power, value in reversed(self.relations):
            if letter not in free:
                continue
            poly = S.Poly(top, letter)
            if poly.degree() < power:
                continue
            return S.Add(*(c * letter ** (k % power) * value ** (k // power) for (k,), c in poly.terms()))
        return None

    def _node(self, e: Any, args: list[Any]) -> Any:
        S = self.S
        if e.is_Rational or e.is_Symbol:
            return e
        if e.is_Add or e.is_Mul:
            return e.func(*args)
        if isinstance(e, S.exp):
            return self._exp(args[0])
        if e.is_Pow:
            return self._pow(e, args)
        if e is S.I:
            return self._root(S.Integer(-1), S.Rational(1, 2))
        if not e.args:
            if e is S.E:
                return self._exp(S.Integer(1))
            return self._letter(("constant", e))
        canonical = tuple(self._canonical(a) for a in args)
        if isinstance(e, S.sin | S.cos):
            return self._trig(e, canonical[0])
        if isinstance(e, S.log):
            if canonical[0] == 1:
                return S.Integer(0)
            letter = self._letter(("log", canonical[0]))
            self.logs[letter] = canonical[0]
            return letter
        return self._letter((e.func, *canonical))

    def _letter(self, key: Any) -> Any:
        found = self.letters.get(key)
        if found is None:
            found = self.letters[key] = self.pool.setdefault(key, self.S.Dummy("g"))
        return found

    def _canonical(self, u: Any) -> Any:
        return expand_small(self.S, u)

    def _trig(self, e: Any, u: Any) -> Any:
        S = self.S
        sign = 1
        if u.could_extract_minus_sign():
            u, sign = -u, -1
        new = ("cos", u) not in self.letters
        cosine, sine = self._letter(("cos", u)), self._letter(("sin", u))
        if new:
            self.relations.append((sine, 2, 1 - cosine**2))
        return sign * sine if isinstance(e, S.sin) else cosine

    def _pow(self, e: Any, args: list[Any]) -> Any:
        S = self.S
        base, exponent = args
        if e.exp.is_Integer:
            return base**exponent
        if e.base is S.E:
            return self._exp(exponent)
        if e.exp.is_Rational:
            if isinstance(e.base, S.exp):
                return self._exp(self._memo[e.base.args[0]] * exponent)
            return self._factored_root(base, exponent) if self.factor else self._root(base, exponent)
        log = self._node(S.log(e.base), [base]) if not isinstance(S.log(e.base), S.log) else self._log(base)
        return self._exp(exponent * log)

    def _log(self, base: Any) -> Any:
        u = self._canonical(base)
        letter = self._letter(("log", u))
        self.logs[letter] = u
        return letter

    def _exp(self, u: Any) -> Any:
        S = self.S
        u = self._canonical(u)
        parts = S.Add.make_args(u) if self.split else (u,)
        result = S.Integer(1)
        for part in parts:
            result = result * self._exp_part(part)
        return result

    def _exp_part(self, part: Any) -> Any:
        S = self.S
        content, rest = part.as_content_primitive()
        if rest.is_Rational:
            content, rest = content * rest, S.Integer(1)
        elif rest.could_extract_minus_sign():
            content, rest = -content, self._canonical(-rest)
        if content == 0:
            return S.Integer(1)
        if not content.is_Rational:
            content, rest = S.Integer(1), part
        if rest in self.logs:  # exp(c·log(v)) = v^c
            value = self.logs[rest]
            if content.is_Integer:
                return value**content
            return self._factored_root(value, content) if self.factor else self._root(value, content)
        fine = self._fine(("exp", rest), int(content.q))
        letter = self._letter(("exp", rest))
        self.positive.add(letter)
        return letter ** (content * fine)

    def _fine(self, key: Any, q: int) -> int:
        known = self.denominators.get(key, 1)
        if known % q:
            known = self.denominators[key] = lcm(known, q)
            self.finer = True
        return known

    def _root(self, base: Any, exponent: Any) -> Any:
        """base**exponent by a letter R = base**(1/q)."""
        u = self._canonical(base)
        key = ("root", u)
        fine = self._fine(key, int(exponent.q))
        new = key not in self.letters
        letter = self._letter(key)
        if new:
            self.relations.append((letter, fine, u))
        return letter ** (exponent * fine)

    def _factored_root(self, base: Any, exponent: Any) -> Any:
        """base**exponent as a product over the factors of base, each made positive by its sign on this branch."""
        S = self.S
        top, bottom = S.fraction(S.together(base))
        if terms_when_expanded(top) > SMALL_TERMS or terms_when_expanded(bottom) > SMALL_TERMS:
            return self._root(base, exponent)
        sign = 1
        result = S.Integer(1)
        for poly, direction in ((top, 1), (bottom, -1)):
            number, factors = S.factor_list(poly) if poly.free_symbols else (poly, [])
            if not number.is_Rational:
                return self._root(base, exponent)
            sign *= 1 if number > 0 else -1
            factors = [*factors, *((S.Integer(p), k) for p, k in _primes(S, abs(number)))]
            for factor, k in factors:
                s = 1 if factor in self.positive or factor.is_Integer else self.oracle.sign(self._back(factor))
                sign *= s**k
                result = result * self._root(S.expand(s * factor), direction * k * exponent)
        if sign < 0:
            raise Vacuous("the root of a negative number")
        return result

    def _back(self, u: Any) -> Any:
        """Letters stay letters in what the oracle is asked: the same letter means the same function on one branch only."""
        names = {letter: key for key, letter in self.letters.items()}
        return u.xreplace({x: self._original(names[x]) for x in u.free_symbols if x in names})

    def _original(self, key: Any) -> Any:
        S = self.S
        head, *rest = key
        rest = [self._back(r) for r in rest]
        fine = self.denominators.get(key, 1)
        if head == "constant":
            return key[1]
        if head == "exp":
            return S.exp(rest[0] / fine)
        if head == "root":
            return rest[0] ** S.Rational(1, fine)
        if isinstance(head, str):
            return getattr(S, head)(*rest)
        return head(*rest)


def _primes(S: Any, number: Any) -> list[tuple[int, int]]:
    """The prime factors of a positive rational; the number itself where it is too large to factor."""
    found: list[tuple[int, int]] = []
    for part, direction in ((int(number.p), 1), (int(number.q), -1)):
        if part > 10**15:
            found.append((part, direction))
        else:
            found.extend((int(p), direction * int(k)) for p, k in S.factorint(part).items())
    return found
