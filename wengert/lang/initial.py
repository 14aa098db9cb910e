"""Initial weights: `units: 3` with `init: {scheme: he, random_seed: 1}` to numbers that stand in the model as literals.

Variances as published: Glorot & Bengio 2010 (AISTATS 9), equation 16: uniform in ±sqrt(6/(fan_in + fan_out)), whose variance is
2/(fan_in + fan_out); He, Zhang, Ren & Sun 2015 (ICCV), equation 10: normal of variance 2/fan_in.

The generator is our own, so that a seed means the same weights everywhere: the floats of random.Random(1000003·seed + layer),
which Python keeps from version to version; a uniform number is low + (high − low)·u; a normal one comes from two floats by
Box and Muller, std·sqrt(−2 ln(1 − u))·cos(2π v). Each is rounded to six significant digits: what is shown is what is used.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from wengert.errors import Place, SpecError
from wengert.lang import keys
from wengert.lang.fields import check_keys, constant, did_you_mean, find, one_of, whole, wrong
from wengert.lang.reader import Mapping, Scalar, Tree, found
from wengert.lang.scope import Scope

DIGITS = 6
_NUMBER = re.compile(r"[-−]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?(?:/\d{1,40})?")
_PUBLISHED = {"xavier": "uniform", "he": "normal"}  # the distribution of the publication
_SAME = {"glorot": "xavier", "kaiming": "he"}
_OWN_KEYS = {"xavier": ("distribution",), "he": ("distribution",), "normal": ("std",), "uniform": ("low", "high"),
             "zeros": (), "constant": ("value",)}  # fmt: skip
_EXAMPLES = {"std": "0.1", "low": "-0.5", "high": "0.5", "value": "0.5"}


@dataclass(frozen=True, slots=True)
class Init:
    """A scheme with what it was given. Uniform numbers lie in [low, high], normal ones have the deviation `std`."""

    scheme: str
    seed: int
    distribution: str
    place: Place
    low: float = 0.0
    high: float = 0.0
    std: float = 0.0
    value: int | None = None  # root of a constant expression
    written: str = ""  # the numbers as they were typed

    def weights(self, layer: int, rows: int, columns: int) -> list[list[str]]:
        """The weights of a layer as texts, row by row: `rows` neurons of `columns` inputs each."""
        draw = self._source(layer, columns, rows)
        return [[_short(draw()) for _ in range(columns)] for _ in range(rows)]

    def sentence(self, inputs: int, outputs: int) -> str:
        """What was done, as published: it follows `weights of layer 2: `."""
        seed = f", random_seed {self.seed}"
        if self.scheme in ("zeros", "constant"):
            return "zeros" if self.scheme == "zeros" else f"each {self.written}"
        if self.scheme in ("normal", "uniform"):
            return self.written + seed
        whose, fans = (("Glorot & Bengio 2010", f"({inputs} + {outputs})") if self.scheme == "xavier"
                       else ("He et al. 2015", str(inputs)))  # fmt: skip
        how = f"normal with variance 2/{fans}" if self.distribution == "normal" else f"uniform in ±sqrt(6/{fans})"
        return f"{whose}, {how}{seed}"

    def _source(self, layer: int, fan_in: int, fan_out: int) -> Callable[[], float]:
        if self.scheme == "zeros":
            return lambda: 0.0
        uniform = random.Random(1_000_003 * self.seed + layer).random
        low, high, std = self.low, self.high, self.std
        if self.scheme in _PUBLISHED:
            variance = 2 / (fan_in + fan_out) if self.scheme == "xavier" else 2 / fan_in
            std = math.sqrt(variance)
            high = math.sqrt(3 * variance)  # the variance of a uniform number in ±h is h²/3
            low = -high
        if self.distribution == "uniform":
            return lambda: low + (high - low) * uniform()
        return lambda: std * math.sqrt(-2 * math.log(1 - uniform())) * math.cos(2 * math.pi * uniform())


def read_init(tree: Tree | None, scope: Scope, units: Tree) -> Init:
    """`xavier`, or {scheme: xavier, random_seed: 1}; nothing: xavier with random_seed 1. Raises SpecError."""
    if tree is None:
        return Init("xavier", 1, "uniform", units.place)
    if isinstance(tree, Mapping):
        entries = check_keys(tree, keys.names(keys.INIT_KEYS), "init")
        named = find(entries, "scheme")
        if named is None:
            raise SpecError("init has no scheme", tree.place, hint="for example init: {scheme: xavier, random_seed: 1}")
    else:
        entries, named = {}, tree
    if not isinstance(named, Scalar):
        raise wrong(named, "init", "a scheme", f"one of {', '.join(keys.SCHEMES)}")
    if named.text not in keys.SCHEMES:
        raise SpecError(
            f"there is no scheme {found(named)}", named.place, hint=did_you_mean(named.text, keys.SCHEMES, "the schemes are")
        )
    scheme = _SAME.get(named.text, named.text)
    own = _OWN_KEYS[scheme]
    for key in entries:
        if key not in ("scheme", "random_seed", *own):
            raise SpecError(
                f"{key} has no place in the scheme {named.text}", entries[key].place,
                hint=f"its keys are random_seed{''.join(', ' + k for k in own)}",
            )  # fmt: skip
    for key in own:
        if key != "distribution" and key not in entries:
            raise SpecError(
                f"the scheme {named.text} wants {key}", tree.place,
                hint=f"for example init: {{scheme: {scheme}, {', '.join(f'{k}: {_EXAMPLES[k]}' for k in own)}}}",
            )  # fmt: skip
    seed_tree, distribution_tree = find(entries, "random_seed"), find(entries, "distribution")
    seed = 1 if seed_tree is None else whole(seed_tree, "random_seed", 0, 10**9)
    place = tree.place
    if scheme in _PUBLISHED:
        distribution = _PUBLISHED[scheme]
        if distribution_tree is not None:
            distribution = one_of(distribution_tree, "distribution", ("normal", "uniform"))
        return Init(scheme, seed, distribution, place)
    if scheme == "constant":
        value = entries["value"]
        root = constant(value, scope.nodes, scope.vocabulary, "value")
        return Init(scheme, seed, "", place, value=root, written=found(value))
    if scheme == "normal":
        std = _positive(entries["std"], "std")
        return Init(scheme, seed, "normal", place, std=std, written=f"normal with standard deviation {found(entries['std'])}")
    if scheme == "uniform":
        low, high = _number(entries["low"], "low"), _number(entries["high"], "high")
        if not low < high:
            raise SpecError(f"low is {found(entries['low'])}, and high is {found(entries['high'])}", entries["high"].place,
                            hint="high must be greater than low")  # fmt: skip
        written = f"uniform in [{found(entries['low'])}, {found(entries['high'])}]"
        return Init(scheme, seed, "uniform", place, low, high, written=written)
    return Init(scheme, seed, "", place)


def _number(tree: Tree, what: str) -> float:
    """A number that must be known while the spec is read: decimal, or a fraction of two."""
    text = tree.text if isinstance(tree, Scalar) else ""
    if not _NUMBER.fullmatch(text):
        raise wrong(tree, what, "a decimal number or a fraction", "for example 0.1 or 1/3")
    over, _, under = text.replace("−", "-").partition("/")
    if under and not int(under):
        raise wrong(tree, what, "a number", "nothing can be divided by 0")
    try:
        return float(Fraction(Decimal(over)) / int(under or 1))
    except OverflowError:
        raise wrong(tree, what, "a number of less than 300 digits") from None


def _positive(tree: Tree, what: str) -> float:
    number = _number(tree, what)
    if number <= 0:
        raise SpecError(f"{what} is {found(tree)}", tree.place, hint="a number greater than 0")
    return number


def _short(value: float) -> str:
    return "0" if value == 0 else f"{value:.{DIGITS}g}"
