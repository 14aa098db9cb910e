"""What one record of the rule table holds (design, section 3), and nothing of what is made from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison in the formula language, and the sentence that goes with it."""

    test: str
    sentence: str


Value = Callable[[str], float]  # a formula of a record → its value at a statement's arguments
CONVENTIONS = {"jax": "JAX", "torch": "PyTorch"}  # whose partials at kinks may be asked for, and how they are called
UNDEFINED = "undefined"  # in a formula of a kink: no value, and none for what it enters
INFINITE, NONE = "infinite", "none"  # slopes of a kink that none is chosen from


@dataclass(frozen=True, slots=True)
class Kink(Condition):
    """A point at which a slope is chosen, is infinite, or does not exist.

    `sentence` says what is there ("abs at 0"), `taken` the partial that is used ("0"; empty where none is chosen), `here` the
    same at a statement, with its numbers put in for `{formula}`. `slopes` are those it is taken from: the two ends of an
    interval, as formulas; words; INFINITE, or NONE where there is no slope at all. `moves` names the parameters whose movement
    meets the kink (none named: every one): leaky_relu has no kink in its slope. `jax` and `torch` are the local partials that
    those systems have here, one a parameter: a formula, "undefined" (their nan), or "" for the record's own partial; None
    where it is not known for certain.
    """

    taken: str = ""
    slopes: str | tuple[str, str] = ""
    moves: tuple[str, ...] = ()
    jax: tuple[str, ...] | None = None
    torch: tuple[str, ...] | None = None
    here: str = ""

    def taken_by(self, convention: str) -> tuple[str, ...] | None:
        """The partials that the system (a key of CONVENTIONS) has here."""
        return {"jax": self.jax, "torch": self.torch}[convention]

    def convention(self, value: Value | None = None) -> str:
        """What is taken, in words; with a statement's numbers where `value` gives them."""
        if value is None or not self.here:
            return self.taken
        return re.sub(r"[{](.*?)[}]", lambda found: shown(value(found[1])), self.here)

    def interval(self, value: Value | None = None, joint: str = ", ") -> str:
        """The slopes that one is taken from: `[0, 1]` (with another joint `0 to 1`), or words; empty where there are none."""
        if isinstance(self.slopes, str):
            return "" if self.slopes in (INFINITE, NONE) else self.slopes
        ends = self.slopes if value is None else tuple(map(shown, sorted(map(value, self.slopes))))
        return f"[{', '.join(ends)}]" if joint == ", " else joint.join(ends)

    def told(self, value: Value | None = None) -> str:
        """The kink in a sentence: what is taken, of which slopes."""
        if not self.taken:
            return self.sentence
        return f"{self.sentence}{self._joint} {self.convention(value)} is taken{self._of_slopes(value)}"

    def told_of(self, convention: str, param: int, value: Value | None = None) -> str:
        """The sentence where the partials of another system were asked for: what it takes when that parameter moves, or that
        nobody here knows."""
        system, takes = CONVENTIONS[convention], self.taken_by(convention)
        if takes is None:
            return f"{self.told(value)}; what {system} takes is not known here, and wengert's own convention is used"
        other = takes[param]
        if self.taken:
            if not other:
                usual = f"{system} takes {self.convention(value).removesuffix(',')}, as the usual convention does"
                return f"{self.sentence}{self._joint} {usual}"
            has = f"has {NAN}" if other == UNDEFINED else f"takes {other if value is None else shown(value(other))}"
            usual = f"the usual convention is {self.convention(value).removesuffix(',')}"
            if other == UNDEFINED:
                return f"{self.sentence}{self._joint} {system} {has}; {usual}{self._of_slopes(value)}"
            return f"{self.sentence}{self._joint} {system} {has}{self._of_slopes(value)}; {usual}"
        if other:
            return f"{self.sentence}; {system} has {NAN if other == UNDEFINED else other}"
        return f"{self.sentence}, in {system} too" if self.slopes == INFINITE else f"{self.sentence}; {system} has {NAN}"

    @property
    def _joint(self) -> str:
        return ";" if self.slopes == NONE else ":"

    def _of_slopes(self, value: Value | None) -> str:
        interval = self.interval(value)
        if not interval:
            return ""
        return f", of the slopes in {interval}" if isinstance(self.slopes, tuple) else f", of {interval}"


NAN = "nan (undefined)"


def shown(value: float) -> str:
    """A number in a sentence."""
    return f"{value + 0.0:.6g}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Primitive:
    """An elementary operation and its rule. Formulas are texts in wengert's own language.

    `params` are the names that formulas use for the arguments; a last one that ends in `…` stands for any number of them.
    `partials` has one formula a parameter. Where the arguments are many, the last one is over `arg` (the argument asked
    for), `index` (its number, from 1), `args` (all of them; elementwise inside sum, max …), `partner` (dot: the factor that
    goes with it), `n`, `rival` (the operation over the other arguments), `ties` (how many are equal to `arg`) and, for
    softmax, `pick` (the k-th argument). `out` is the value. A partial of "" is never asked for: the argument decides a
    choice, and no change flows through it.

    `definition` is None for an operation that every arithmetic brings itself (`exp`, `add`). `stable` and
    `stable_partials` are further formulas for the same functions, for the float arithmetic: where the textbook form
    overflows or cancels. They are proved like the others.

    `kinks` are the points at which a slope is chosen, is infinite, or does not exist; `elsewhere` are smooth points at which
    other systems have another partial than the right one.
    """

    name: str
    params: tuple[str, ...]
    partials: tuple[str, ...]
    definition: str | None = None
    stable: str | None = None
    stable_partials: tuple[str | None, ...] = ()
    written: str | None = None  # the partial over `arg` as it is written out in symbols, where comparing with `out` says little
    defaults: tuple[tuple[str, str], ...] = ()
    domain: tuple[Condition, ...] = ()
    kinks: tuple[Kink, ...] = ()
    elsewhere: tuple[Kink, ...] = ()
    flat: str = ""  # of an operation whose derivative is 0 wherever it exists: a sentence that says so
    samples: tuple[tuple[float, ...], ...] = ()
    text: str | None = None  # the shown name, where it is not `name`
    latex: str | None = None
    aliases: tuple[str, ...] = ()
    sentence: str = ""
    literal: bool = False  # the first argument is a whole number that stands in the formula
    paired: bool = False  # the arguments are two lists of equal length
    comparison: str | None = None  # of a `where`: gt, ge, lt, le, eq
    noun: str = ""  # what a message calls the operation, where its name is no word: the quotient
    shown: str = ""  # the primitive's name in documents: `where` for all five of its records

    @property
    def many(self) -> bool:
        """Whether the last parameter stands for any number of arguments."""
        return self.params[-1].endswith("…")

    @property
    def label(self) -> str:
        return self.shown or self.name

    @property
    def least(self) -> int:
        """The fewest arguments that a call may write."""
        return len(self.params) - len(self.defaults)

    def param_of(self, argument: int) -> int:
        """The parameter that the argument (from 0) belongs to."""
        return min(argument, len(self.params) - 1)

    @property
    def selects(self) -> bool:
        """Whether its partials ask which argument the value is (max, min): of a value that was rounded, none may be."""
        return any("== out" in partial for partial in self.partials)

    def partial_of(self, argument: int) -> str:
        return self.partials[self.param_of(argument)]

    def kinks_for(self, argument: int) -> tuple[Kink, ...]:
        """The kinks that a movement of the argument (from 0) may meet."""
        param = self.params[self.param_of(argument)]
        return tuple(k for k in self.kinks if not k.moves or param in k.moves)

    def stable_partial_of(self, argument: int) -> str | None:
        at = self.param_of(argument)
        return self.stable_partials[at] if at < len(self.stable_partials) else None
