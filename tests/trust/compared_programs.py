"""One random program against every oracle: the whole of wengert's pipeline on one side, four independent readings on the
other."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import Any

import wengert
from tests.programs import Program
from tests.readings import mp
from tests.trust import by_autograd, by_sympy, fractions_oracle, quotients, tool
from tests.trust.comparison import Tally
from tests.trust.quotients import Key
from tests.trust.reading import Reading

DIGITS = 40
DEEPEST = 90  # brackets at once; Python's grammar ends at 200, and a recursion goes with them
QUOTIENTS, SYMPY, AUTOGRAD, FRACTIONS = "quotients", "sympy", "autograd", "fractions"


class Compared:
    """A program with its point, a direction, and every key that is compared: values, gradients, Hessians, and along the
    direction tangents and Hessian-vector products."""

    def __init__(self, program: Program, seed: int | str) -> None:
        self.text, self.where, self.outputs = program.text, f"program {seed}", program.outputs
        self.reading = Reading.of(program.text)
        self.names = self.reading.free
        self.point = {x: program.point[x] for x in self.names}
        rng = random.Random(f"direction {seed}")
        self.direction = {x: str(Fraction(rng.randint(1, 9) * rng.choice((-1, 1)), 4)) for x in self.names}
        self.decimals = {x: str(float(Fraction(c))) for x, c in self.direction.items()}
        self.inner = rng.choice(list(self.reading.names))
        pairs = list(combinations_with_replacement(self.names, 2))
        self.plain: list[Key] = [(of, *wrt) for of in self.outputs for wrt in [(), *((x,) for x in self.names), *pairs]]
        self.along: list[Key] = [(of, *wrt, "seed") for of in self.outputs for wrt in [(), *((x,) for x in self.names)]]
        self.analytic = quotients.is_analytic(self.reading)
        self.values = quotients.values_of(self.reading)
        self.exact = self._quotients(self.values, [*self.plain, *self.along])

    def options(self, **more: Any) -> dict[str, Any]:
        return {"at": self.point, "wrt": self.names, "of": self.outputs} | more

    def _quotients(self, values: quotients.Values, keys: list[Key]) -> dict[Key, Any]:
        return quotients.derivatives(values, self.point, keys, self.decimals, self.analytic)

    @lru_cache(None)  # noqa: B019
    def _noisy(self, key: Key, draw: int) -> Any:
        values = quotients.noisy_values_of(self.reading, self.point, draw)
        with mp.workdps(60):
            return abs(self._quotients(values, [key])[key] - self.exact[key]) / mp.mpf(10) ** quotients.NOISE

    def noise(self, key: Key, draws: int) -> Any:
        return max(self._noisy(key, draw) for draw in range(draws))

    def part(self, keys: list[Key]) -> dict[Key, Any]:
        return {key: self.exact[key] for key in keys}


def compare(program: Program, seed: int, tally: Tally) -> None:
    """Everything but formulas, exact numbers and documents, which cost more."""
    c = Compared(program, seed)
    tally.add("compared")
    tally.add("compared by complex step" if c.analytic else "compared by central differences (not analytic)")
    theirs, unasked = by_sympy.derivatives(c.reading, c.point, [*c.plain, *c.along], c.decimals)
    tally.add("figures sympy was not asked for: written out too long", unasked)
    tally.add("figures sympy did not find in its time", len(c.plain) + len(c.along) - unasked - len(theirs))
    model = wengert.load(c.text, c.point)
    _in_digits(c, model, theirs, tally)
    _in_doubles(c, model, tally)


def _in_digits(c: Compared, model: Any, theirs: Mapping[Key, Any], tally: Tally) -> None:
    """40 digits, by reverse mode and both modes, against quotients and sympy."""
    ours: dict[Key, Any] = {}
    for keys, options in ((c.plain, {}), (c.along, {"seed": c.direction, "mode": "both"})):
        made = tool.trace(model, precision=DIGITS, order=2, **c.options(**options))
        found = tool.figures(made)
        ours |= {key: found.get(key) for key in keys}
    tally.in_digits(QUOTIENTS, c.where, ours, c.exact, DIGITS)
    tally.in_digits(SYMPY, c.where, ours, theirs, DIGITS)
    _by_a_statement(c, model, tally)


def _by_a_statement(c: Compared, model: Any, tally: Tally) -> None:
    """The derivatives with respect to one named statement, as if it were free."""
    with mp.workdps(170):
        start = {x: mp.mpf(v) for x, v in c.point.items()}
        point = {**c.point, c.inner: mp.nstr(c.values(start)[c.inner], 165)}
    keys: list[Key] = [(of, c.inner) for of in c.outputs]
    theirs = quotients.derivatives(c.values, point, keys, {}, c.analytic)
    ours = tool.figures(tool.trace(model, precision=DIGITS, **c.options(wrt=[c.inner])))
    tally.in_digits(f"{QUOTIENTS} (by a statement)", c.where, ours, theirs, DIGITS)


def _in_doubles(c: Compared, model: Any, tally: Tally) -> None:
    """Doubles, by every mode, against quotients and autograd."""
    first: list[Key] = [key for key in c.plain if len(key) == 2]
    forward = tool.figures(tool.trace(model, mode="forward", **c.options()))
    tally.in_doubles(f"{QUOTIENTS} (forward mode)", c.where, forward, c.part(first), c.noise)
    ours = tool.figures(tool.trace(model, order=2, **c.options()))
    ours |= tool.figures(tool.trace(model, order=2, seed=c.direction, **c.options()))
    tally.in_doubles(f"{QUOTIENTS} (doubles)", c.where, ours, c.exact, c.noise)
    theirs = by_autograd.derivatives(c.reading, c.point, [*c.plain, *c.along], c.decimals)
    with mp.workdps(60):
        tally.in_doubles(AUTOGRAD, c.where, ours, {k: mp.mpf(v) for k, v in theirs.items()}, lambda k, n: 4 * c.noise(k, n))


def compare_formulas(program: Program, seed: int, order: int, tally: Tally) -> None:
    """The formulas that `diff` prints, read by Python's grammar and worked out in mpmath, against quotients."""
    c = Compared(program, seed)
    record = tool.document(wengert.diff(c.text, wrt=c.names, of=c.outputs, order=order, verify=False))
    for key, formula in tool.formulas(record).items():
        if formula is None:
            tally.add("formulas that diff does not write out")
            continue
        if _depth(formula) > DEEPEST:
            tally.add("formulas nested too deep for Python's grammar")
            continue
        with mp.workdps(80):
            at = {x: mp.mpf(v) for x, v in c.point.items()}
            value = Reading.of(formula).run(mp.mpf, quotients.REAL, at)["f"]
            text = mp.nstr(value, 60, strip_zeros=False)
        reference = c.exact[key] if key in c.exact else c.exact[(key[0], *key[:0:-1])]
        tally.in_digits(f"{QUOTIENTS} (formulas of diff)", c.where, {key: text}, {key: reference}, DIGITS)


def _depth(formula: str) -> int:
    """How many brackets are open at once."""
    depth = most = 0
    for c in formula:
        depth += (c == "(") - (c == ")")
        most = max(most, depth)
    return most


def compare_exact(program: Program, seed: int, tally: Tally) -> None:
    """--numbers exact on a rational program, against fractions: equal."""
    c = Compared(program, f"{seed}, rational")
    tally.add("compared by fractions")
    made = tool.trace(c.text, numbers="exact", order=2, **c.options())
    texts = tool.printed(tool.document(made), exact=True)
    ours = {key: None if text is None else fractions_oracle.number_of(text) for key, text in texts.items()}
    tally.equal(FRACTIONS, c.where, ours, fractions_oracle.derivatives(c.reading, c.point, c.plain))


def compare_documents(program: Program, seed: int, tally: Tally) -> None:
    """What is printed: the JSON has the figures of the sweeps, the text has them rounded."""
    c = Compared(program, seed)
    made = tool.trace(c.text, order=2, **c.options())
    record = tool.printed(tool.document(made))
    for key, value in tool.figures(made).items():
        tally.add("figures read from JSON")
        if record[key] != value:
            tally.faults.append(f"{c.where}: JSON has {record[key]} for {key}, the sweep {value}")
    shown = tool.shown(tool.trace(c.text, **c.options()))
    for key in c.plain:
        if len(key) != 2:
            continue
        tally.add("figures read from text")
        sign, text = shown.get(key, ("", "nan"))
        slack = mp.mpf(2) ** -47 * max(1, abs(c.exact[key]), c.noise(key, 4))  # of the double that was rounded
        if not tool.is_rounded(text, sign, c.exact[key], slack):
            tally.faults.append(f"{c.where}: the text has {sign} {text} for {key}, not {mp.nstr(c.exact[key], 20)}")
