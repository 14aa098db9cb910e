"""One random network against the oracles: its YAML through the whole of wengert's pipeline on one side, and read once more
(`tests.network_reading`), on numbers of mpmath, sympy and autograd, on the other."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import autograd.numpy as anp
from autograd import grad, make_jvp

import wengert
from tests.network_reading import NetworkReading
from tests.readings import mp
from tests.trust import by_sympy, quotients, tool
from tests.trust.compared_programs import AUTOGRAD, DIGITS, QUOTIENTS, SYMPY
from tests.trust.comparison import Tally
from tests.trust.libraries import IN_AUTOGRAD, IN_SYMPY, LARGEST, Both, Noisy, in_mpmath, in_noise
from tests.trust.quotients import Key
from tests.trust.reading import CHOICES
from wengert import pipeline

SECOND = 5  # names of the Hessian
KINKED = {*CHOICES, "absolute_error", "huber", "hinge"}


class Compared:
    def __init__(self, text: str, seed: int | str) -> None:
        self.reading = NetworkReading(text)
        self.where = f"network {seed}"
        rng = random.Random(f"directions {seed}")
        inputs = {self.reading.row_name(x, r): row[x] for r, row in enumerate(self.reading.data) for x in self.reading.inputs}
        self.parameters = list(self.reading.parameters)
        self.point = {**self.reading.parameters, **inputs}
        self.outputs = self.reading.outputs[:3]
        some = rng.sample(self.parameters, min(SECOND - 1, len(self.parameters)))
        self.names = [*some, rng.choice(list(inputs))]  # one of them an input
        self.direction = {x: f"{rng.choice((-1, 1)) * rng.randint(1, 9)}/4" for x in self.names}
        self.decimals = {x: str(int(c.split("/")[0]) / 4) for x, c in self.direction.items()}
        pairs = list(combinations_with_replacement(self.names, 2))
        self.first: list[Key] = [(of, *wrt) for of in self.outputs for wrt in [(), *((x,) for x in self.parameters)]]
        self.second: list[Key] = [(of, *wrt) for of in self.outputs for wrt in pairs]
        self.along: list[Key] = [(of, *wrt, "seed") for of in self.outputs for wrt in [(), *((x,) for x in self.names)]]
        self.keys = [*self.first, *self.second, *self.along]
        self.analytic = not self.reading.functions & KINKED
        self.exact = self._quotients(None, self.keys)

    def _quotients(self, noise: int | None, keys: list[Key]) -> dict[Key, Any]:
        def values(point: Mapping[str, Any]) -> Mapping[str, Any]:
            if noise is None:
                return self.reading.run(point, in_mpmath())
            rng = random.Random(noise)
            made = self.reading.run({x: Noisy(v, rng).made(v) for x, v in point.items()}, in_noise(rng))
            return {name: v.value for name, v in made.items()}

        return quotients.derivatives(values, self.point, keys, self.decimals, self.analytic)

    @lru_cache(None)  # noqa: B019
    def _noisy(self, key: Key, draw: int) -> Any:
        with mp.workdps(60):
            return abs(self._quotients(draw, [key])[key] - self.exact[key]) / mp.mpf(10) ** quotients.NOISE

    def noise(self, key: Key, draws: int) -> Any:
        return max(self._noisy(key, draw) for draw in range(draws))

    def by_sympy(self) -> tuple[dict[Key, Any], int]:
        """Values, the derivatives by SECOND names, and two of each second kind, of the outputs that are small enough; and how
        many of these figures are missing."""
        found: dict[Key, Any] = {}
        asked = [k for k in self.first if len(k) == 1 or k[1] in self.names]
        asked += [k for of in self.outputs for k in [x for x in self.second if x[0] == of][:2]]
        asked += [k for of in self.outputs for k in [x for x in self.along if x[0] == of][:2]]
        with mp.workdps(by_sympy.DIGITS), by_sympy.limited():
            names = {x: by_sympy.S.Symbol(f"s{i}", real=True) for i, x in enumerate(self.point)}
            made = self.reading.run({x: Both(mp.mpf(v), names[x]) for x, v in self.point.items()}, IN_SYMPY)
            known = {names[x]: mp.mpf(v) for x, v in self.point.items()}
            outputs = {of: made[of].expression for of in self.outputs}
            slopes: dict[Key, Any] = {}
            for key in asked:
                if outputs[key[0]] is not None and (len(key) < 3 or made[key[0]].size <= LARGEST / 5):
                    found[key] = by_sympy.evaluated(by_sympy.slope(outputs, names, key, self.decimals, slopes), known)
        return found, len(asked) - len(found)

    def by_autograd(self) -> dict[Key, float]:
        names = list(self.point)
        at = anp.array([float(v) for v in self.point.values()])
        along = anp.array([float(self.decimals.get(x, "0")) for x in names])
        found: dict[Key, float] = {}
        for of in self.outputs:
            def function(vector: Any, of: str = of) -> Any:
                made = self.reading.run({x: vector[i] for i, x in enumerate(names)}, IN_AUTOGRAD)
                return made[of] + 0 * anp.sum(vector**3)  # autograd warns of what depends on nothing

            slope = grad(function)
            found[(of,)] = function(at)
            found |= {(of, x): g for x, g in zip(names, slope(at), strict=True) if x in self.parameters}
            found[(of, "seed")] = make_jvp(function)(at)(along)[1]
            product = grad(lambda v: anp.dot(slope(v), along))(at)
            found |= {(of, x, "seed"): product[names.index(x)] for x in self.names}
            for x in self.names:
                row = grad(lambda v: slope(v)[names.index(x)])(at)
                found |= {(of, x, y): row[names.index(y)] for y in self.names if (of, x, y) in self.second}
        return {key: float(v) for key, v in found.items()}


def compare(text: str, seed: int | str, folder: Path, tally: Tally) -> None:
    """Values, gradients, Hessians, tangents and Hessian-vector products, in 40 digits and in doubles; the layer level too."""
    path = folder / "network.yaml"
    path.write_text(text, encoding="utf-8")
    c = Compared(text, seed)
    tally.add("compared")
    tally.add("compared by complex step" if c.analytic else "compared by central differences (not analytic)")
    model = wengert.load(path)
    every = {"of": c.outputs, "wrt": c.parameters}
    some = {"of": c.outputs, "wrt": c.names, "order": 2}
    ways = ([*c.first], every), (c.second, some), (c.along, {**some, "seed": c.direction, "mode": "both"})
    ours: dict[str, dict[Key, Any]] = {"digits": {}, "doubles": {}}
    for keys, options in ways:
        for numbers, more in (("digits", {"precision": DIGITS}), ("doubles", {})):
            found = tool.figures(tool.trace(model, **options, **more))
            ours[numbers] |= {key: found.get(key) for key in keys}
    tally.in_digits(QUOTIENTS, c.where, ours["digits"], c.exact, DIGITS)
    found, missing = c.by_sympy()
    tally.add("figures sympy was not asked for (written out too long) or did not find in its time", missing)
    tally.in_digits(SYMPY, c.where, ours["digits"], found, DIGITS)
    tally.in_doubles(f"{QUOTIENTS} (doubles)", c.where, ours["doubles"], c.exact, c.noise)
    theirs = {key: mp.mpf(v) for key, v in c.by_autograd().items()}
    tally.in_doubles(AUTOGRAD, c.where, ours["doubles"], theirs, lambda key, n: 4 * c.noise(key, n))
    _layers(c, path, tally)


def _layers(c: Compared, path: Path, tally: Tally) -> None:
    """The gradient of the matrix form."""
    layers = pipeline.trace(path, of=c.outputs, wrt=c.parameters, level="layer", verify=False).layers
    assert layers is not None
    keys: list[Key] = [key for key in c.first if len(key) == 2]
    ours = {(of, x): float(layers.derivative(of, x)) for of, x in keys}
    tally.in_doubles(f"{QUOTIENTS} (layer level)", c.where, ours, {key: c.exact[key] for key in keys}, c.noise)
