"""The branches of abs, max, where … : signs decided one sequence at a time, and whether a sequence is possible at all.

It changes when the way to decide a sign changes; proof.py goes through the sequences.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from wengert.verify.meanings import Outside, TooLarge
from wengert.verify.vanish import expand_small, sign_of_number

MAX_IMPLIED = 12  # decisions up to which one is looked for that follows from two others
MAX_DEGREE = 20  # of a polynomial whose roots are isolated
SEPARATIONS = (1, 10, 40, 160)  # digits to which roots are told apart
MAX_POWER = 10_000
MAX_DIGITS = 5_000


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


def possible(oracle: Oracle) -> bool:
    """False only where no real number has the signs decided: told by isolating roots, where all is in one symbol."""
    signs: list[tuple[Any, int]] = []
    symbols: set[Any] = set()
    for u, sign in [*oracle.decided.items(), *((u, 1) for u in oracle.required)]:
        u = _as_product(oracle.S, u)
        symbols |= u.free_symbols
        if len(symbols) > 1 or (u.free_symbols and not u.is_polynomial(*u.free_symbols)):
            return True
        signs.append((u, sign))
    try:
        return not symbols or inner(oracle.S, symbols.pop(), signs) is not None
    except TooLarge:
        return True


def places(oracle: Oracle) -> dict[Any, Any]:
    """For each symbol a number at which the signs hold that were decided of polynomials in it alone, where there is one: a
    point inside the branch, as far as such signs tell."""
    S = oracle.S
    signs: dict[Any, list[tuple[Any, int]]] = {}
    for u, sign in [*oracle.decided.items(), *((u, 1) for u in oracle.required)]:
        u = _as_product(S, u)
        if len(u.free_symbols) == 1 and u.is_polynomial(*u.free_symbols):
            signs.setdefault(next(iter(u.free_symbols)), []).append((u, sign))
    known: dict[Any, Any] = {}
    for x, wanted in signs.items():
        try:
            point = inner(S, x, wanted)
        except TooLarge:
            continue
        if point is not None:
            known[x] = point
    return known


def inner(S: Any, x: Any, signs: Sequence[tuple[Any, int]]) -> Any:
    """A rational at which each polynomial in x has its sign, between two roots where that can be; None where there is none.
    Raises TooLarge for a large degree, and for coefficients that are not rational."""
    try:
        polys = [(S.Poly(u, x, domain=S.QQ), sign) for u, sign in signs]
    except S.CoercionFailed as problem:
        raise TooLarge("a coefficient that is not rational") from problem
    roots: Any = S.Poly(1, x, domain=S.QQ)
    for poly, _ in polys:
        if poly.degree() > MAX_DEGREE:
            raise TooLarge(f"a polynomial of degree {poly.degree()}")
        if poly.degree() > 0:
            roots = roots * poly
    if roots.degree() <= 0:
        return S.Integer(0)
    return next((p for p in _between_roots(S, roots.sqf_part()) if all(poly.eval(p) * sign > 0 for poly, sign in polys)), None)


def _between_roots(S: Any, poly: Any) -> list[Any]:
    """A rational between each two neighbouring roots, and one on either side of all. Raises TooLarge for roots that are closer
    than is looked."""
    for exponent in SEPARATIONS:
        intervals = sorted((low, high) for (low, high), _ in poly.intervals(eps=S.Rational(1, 10**exponent)))
        if not intervals:
            return [S.Integer(0)]
        if all(a[1] < b[0] for a, b in pairwise(intervals)):
            inside = [(a[1] + b[0]) / 2 for a, b in pairwise(intervals)]
            return [*inside, intervals[0][0] - 1, intervals[-1][1] + 1]
    raise TooLarge("roots that are very close")


def _as_product(S: Any, u: Any) -> Any:
    """What has the sign of u, without a denominator."""
    top, bottom = S.fraction(S.together(u))
    return S.expand(top * bottom)
