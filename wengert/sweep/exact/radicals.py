"""Powers of positive rationals with rational exponents, in a form that is unique while the numbers are small: roots up to the
sixth prime by prime, higher ones of a number that is no power itself.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt

from wengert.sweep.algebra import MAX_BITS

MAX_ROOT = 6  # roots up to this one are taken prime by prime: √12 = 2·√3
TRIAL = 2000  # primes up to here are found in a radicand


@lru_cache(maxsize=4096)
def factored(n: int) -> tuple[tuple[int, int], ...]:
    """Primes and exponents of a positive integer; what has no small prime in it may stay in one piece."""
    found: list[tuple[int, int]] = []
    p = 2
    while p <= TRIAL and p * p <= n:
        k = 0
        while n % p == 0:
            n //= p
            k += 1
        if k:
            found.append((p, k))
        p += 1 if p == 2 else 2
    if n > 1:
        root = isqrt(n)
        found.append((root, 2) if root * root == n else (n, 1))
    return tuple(found)


@lru_cache(maxsize=4096)
def perfect_power(r: Fraction) -> tuple[Fraction, int]:
    """(b, g) with r = b**g, b ≥ 1 and |g| as large as can be seen; r is positive."""
    if r == 1:
        return r, 1
    above, below = factored(r.numerator), factored(r.denominator)
    g = gcd(*(k for _, k in above + below))
    base = Fraction(1)
    for p, k in above:
        base *= p ** (k // g)
    for p, k in below:
        base /= p ** (k // g)
    return (base, g) if base > 1 else (1 / base, -g)


def bits(q: Fraction) -> int:
    return max(q.numerator.bit_length(), q.denominator.bit_length())


def count(numeric: dict[Fraction, Fraction], base: Fraction, exponent: Fraction) -> None:
    if base != 1:
        numeric[base] = numeric.get(base, Fraction(0)) + exponent


def gathered(coefficient: Fraction, numeric: dict[Fraction, Fraction]) -> tuple[Fraction, dict[Fraction, Fraction]]:
    """The product of powers of positive rationals: what is rational (and short), and the roots that remain."""
    roots: dict[Fraction, Fraction] = {}
    for base, n in numeric.items():
        if n.denominator > 1 and bits(base) <= MAX_BITS:
            root, g = perfect_power(base)
            if (n * g).denominator <= MAX_ROOT:
                for p, k in factored(base.numerator):
                    count(roots, Fraction(p), n * k)
                for p, k in factored(base.denominator):
                    count(roots, Fraction(p), -n * k)
                continue
            base, n = root, n * g
        count(roots, base, n)
    remaining: dict[Fraction, Fraction] = {}
    for base, n in roots.items():
        whole = n.numerator // n.denominator if n.denominator <= MAX_ROOT else 0
        if whole and abs(whole) * bits(base) <= MAX_BITS:
            coefficient *= base**whole
            n -= whole
        if n != 0:
            remaining[base] = n
    return coefficient, remaining
