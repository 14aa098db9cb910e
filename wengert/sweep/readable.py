"""A derivative as a person would leave it: common factors out, brackets multiplied out where that is shorter.

Two rewrites, both bounded, and the shortest result is taken: common powers (also denominators) before a bracket whose
inside is multiplied out and collected, and the whole multiplied out. A tie goes to the form that the chain rule gave.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from wengert.sweep.algebra import BIG, Algebra, Expr

MAX_TERMS = 24  # of a sum that is looked at
MAX_MONOMIALS = 60  # of a bracket multiplied out
MAX_POWER = 6
MAX_DEPTH = 12

Monomials = dict[tuple[tuple[Expr, Expr], ...], Fraction]


def readable(algebra: Algebra, e: Expr) -> Expr:
    """An equal expression, at most as large. BIG stays BIG."""
    if e == BIG:
        return BIG
    best = _shortest(algebra, [e, *_candidates(algebra, e)])
    return arranged(algebra, best)


def _candidates(algebra: Algebra, e: Expr) -> list[Expr]:
    found = []
    if algebra.kind[e] == "prod":
        inner = _product_of_shorter(algebra, e)
        if inner is not None:
            found.append(inner)
    if algebra.kind[e] == "sum":
        factored = _factored(algebra, e)
        if factored is not None:
            found.append(factored)
    expanded = _expanded(algebra, e)
    if expanded is not None:
        found.append(expanded)
    merged = _merged_choice(algebra, e)
    if merged is not None:
        found.append(merged)
    return found


def _merged_choice(algebra: Algebra, e: Expr) -> Expr | None:
    """2·x·where(c, 1, 0) + 3·where(c, 0, 1) = where(c, 2·x, 3), where every term has the one choice as a factor."""
    yes, no = algebra.ZERO, algebra.ZERO
    condition: tuple[object, ...] | None = None
    for coefficient, t in algebra.terms(e):
        choices = [b for b, x in algebra.factors(t) if x == algebra.ONE and algebra.kind[b] == "fn"
                   and algebra.data[b][0].startswith("where_")]  # fmt: skip
        if len(choices) != 1:
            return None
        operation, (a, b, p, q) = algebra.data[choices[0]]
        if condition not in (None, (operation, a, b)):
            return None
        condition = (operation, a, b)
        rest = algebra.product(coefficient, {f: x for f, x in algebra.factors(t) if f != choices[0]})
        yes, no = algebra.add(yes, algebra.mul(rest, p)), algebra.add(no, algebra.mul(rest, q))
    if condition is None or BIG in (yes, no):
        return None
    if yes == no:
        return yes
    return algebra.fn(str(condition[0]), *condition[1:], arranged(algebra, yes), arranged(algebra, no))  # type: ignore[arg-type]


def _shortest(algebra: Algebra, candidates: list[Expr]) -> Expr:
    """The shortest; the first one, the chain rule's own form, unless another is shorter by a fifth."""
    known = [c for c in candidates if c != BIG]
    if not known:
        return BIG
    best = min(known, key=lambda c: algebra.size[c])
    return best if 5 * algebra.size[best] <= 4 * algebra.size[known[0]] else known[0]


def _product_of_shorter(algebra: Algebra, e: Expr) -> Expr | None:
    """A product whose brackets are each made shorter."""
    coefficient, factors = algebra.data[e]
    result = algebra.num(coefficient)
    for base, exponent in factors:
        better = base
        if algebra.kind[base] == "sum" and algebra.kind[exponent] == "num":
            options = [base]
            for option in (_factored(algebra, base), _expanded(algebra, base)):
                if option is not None:
                    options.append(option)
            better = _shortest(algebra, options)
            if better not in (base, BIG):
                better = arranged(algebra, better)
        result = algebra.mul(result, algebra.power(better, exponent))
    return None if result == BIG else result


def _factored(algebra: Algebra, e: Expr) -> Expr | None:
    """Common powers in front of a bracket; a denominator of any term is a denominator of all."""
    terms = algebra.terms(e)
    if len(terms) > MAX_TERMS:
        return None
    powers: list[dict[Expr, Expr]] = [dict(algebra.factors(t)) for _, t in terms]
    common: dict[Expr, Expr] = {}
    for base in dict.fromkeys(b for p in powers for b in p):
        exponents = [p.get(base, algebra.ZERO) for p in powers]
        if all(x == exponents[0] for x in exponents):
            common[base] = exponents[0]
        elif all(algebra.kind[x] == "num" for x in exponents):
            lowest = min(algebra.data[x] for x in exponents)
            if lowest != 0 and all((algebra.data[x] - lowest).denominator == 1 for x in exponents):
                common[base] = algebra.num(lowest)
    content = _content([c for c, _ in terms])
    if not common and content == 1:
        return None
    front = algebra.product(content, common)
    back = algebra.div(algebra.ONE, front)
    if BIG in (front, back):
        return None
    rest = algebra.ZERO
    for c, t in terms:
        rest = algebra.add(rest, algebra.mul(algebra.term(c, t), back))
    if rest == BIG:
        return None
    options = [rest]
    expanded = _expanded(algebra, rest)
    if expanded is not None:
        options.append(expanded)
    inner = arranged(algebra, _shortest(algebra, options))
    if algebra.kind[inner] == "sum":  # what the bracket itself has in common
        inner_content = _content([c for c, _ in algebra.terms(inner)])
        if inner_content != 1:
            inner = algebra.mul(
                algebra.num(inner_content), algebra.total({t: c / inner_content for c, t in algebra.terms(inner)})
            )
    result = algebra.mul(front, inner)
    return None if result == BIG else result


def _content(coefficients: list[Fraction]) -> Fraction:
    """The common factor of the coefficients: positive unless all are negative."""
    numerator = gcd(*(c.numerator for c in coefficients))
    denominator = coefficients[0].denominator
    if any(c.denominator != denominator for c in coefficients):
        return Fraction(1)
    sign = -1 if all(c < 0 for c in coefficients) else 1
    return Fraction(sign * numerator, denominator) if numerator else Fraction(1)


def _expanded(algebra: Algebra, e: Expr) -> Expr | None:
    monomials = _multiplied_out(algebra, e, MAX_DEPTH)
    if monomials is None:
        return None
    terms: dict[Expr, Fraction] = {}
    for key, coefficient in monomials.items():
        core = algebra.product(Fraction(1), dict(key))
        if core == BIG:
            return None
        c, core = algebra.split(core)
        terms[core] = terms.get(core, Fraction(0)) + coefficient * c
    return algebra.total(terms)


def _multiplied_out(algebra: Algebra, e: Expr, depth: int) -> Monomials | None:
    """Products of sums multiplied out; None where that is too much."""
    total: Monomials = {}
    terms = algebra.terms(e)
    if len(terms) > MAX_TERMS or depth == 0:
        return None
    for coefficient, t in terms:
        part: Monomials | None = {(): coefficient}
        for base, exponent in algebra.factors(t):
            n = algebra.data[exponent] if algebra.kind[exponent] == "num" else None
            if algebra.kind[base] == "sum" and n is not None and n.denominator == 1 and 1 <= n <= MAX_POWER:
                inner = _multiplied_out(algebra, base, depth - 1)
                if inner is None:
                    return None
                for _ in range(int(n)):
                    part = _times(algebra, part, inner)
            else:
                part = _times(algebra, part, {((base, exponent),): Fraction(1)})
            if part is None:
                return None
        assert part is not None
        for key, c in part.items():
            total[key] = total.get(key, Fraction(0)) + c
        if len(total) > MAX_MONOMIALS:
            return None
    return {key: c for key, c in total.items() if c != 0}


def _times(algebra: Algebra, a: Monomials | None, b: Monomials | None) -> Monomials | None:
    if a is None or b is None or len(a) * len(b) > 4 * MAX_MONOMIALS:
        return None
    algebra.spend(len(a) * len(b))
    result: Monomials = {}
    for key_a, ca in a.items():
        for key_b, cb in b.items():
            powers = dict(key_a)
            for base, exponent in key_b:
                known = powers.get(base)
                powers[base] = exponent if known is None else algebra.add(known, exponent)
            key = tuple(sorted((x, y) for x, y in powers.items() if y != algebra.ZERO))
            result[key] = result.get(key, Fraction(0)) + ca * cb
    return result


def arranged(algebra: Algebra, e: Expr) -> Expr:
    """The terms of a sum in reading order: powers of names by falling degree, then what holds functions; no minus in front
    where a plus can stand there."""
    if e == BIG or algebra.kind[e] != "sum":
        return e
    terms = sorted(algebra.terms(e), key=lambda pair: _rank(algebra, pair[1]))
    if terms[0][0] < 0:
        positive = next((i for i, (c, _) in enumerate(terms) if c > 0), None)
        if positive is not None:
            terms.insert(0, terms.pop(positive))
    return algebra._make("sum", tuple(terms), algebra.size[e])


def _rank(algebra: Algebra, t: Expr) -> tuple[int, Fraction]:
    degree = Fraction(0)
    plain = True
    for base, exponent in algebra.factors(t):
        if algebra.kind[base] == "sym" and algebra.kind[exponent] == "num":
            degree += algebra.data[exponent]
        else:
            plain = False
    return (0 if plain and degree >= 0 else 1, -degree if plain else Fraction(0))
