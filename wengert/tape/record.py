"""What one record of the rule table holds (design, section 3), and nothing of what is made from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison in the formula language, and the sentence that goes with it."""

    test: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Kink(Condition):
    """A point at which a slope is chosen, is infinite, or does not exist.

    `sentence` names what is taken and the slopes it is taken from; `slopes` are these alone, for tables: an interval, ∞, or
    "none". `moves` names the parameters whose movement meets the kink (none named: every one): leaky_relu has no kink in its
    slope. `jax` and `torch` are the local partials that those systems have here, one a parameter: a formula, "undefined" (their
    nan), or "" for the record's own partial; None where it is not known for certain.
    """

    slopes: str
    moves: tuple[str, ...] = ()
    jax: tuple[str, ...] | None = None
    torch: tuple[str, ...] | None = None

    def taken_by(self, convention: str) -> tuple[str, ...] | None:
        """The partials that the system (a key of CONVENTIONS) has here."""
        return {"jax": self.jax, "torch": self.torch}[convention]

    def told(self, convention: str) -> str:
        """The sentence where another system's convention was asked for: what it takes, or that nobody here knows."""
        system = CONVENTIONS[convention]
        taken = self.taken_by(convention)
        if taken is None:
            return f"{self.sentence}; what {system} takes is not known here, and wengert's own convention is used"
        other = next((text for text in taken if text), None)
        if other is None:
            return f"{self.sentence}; {system} does the same"
        return f"{self.sentence}; {system} has {'nan' if other == UNDEFINED else other}, which is used"


CONVENTIONS = {"jax": "JAX", "torch": "PyTorch"}  # whose partials at kinks may be asked for, and how they are called
UNDEFINED = "undefined"  # in a formula of a kink: no value, and none for what it enters


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

    def partial_of(self, argument: int) -> str:
        return self.partials[self.param_of(argument)]

    def kinks_for(self, argument: int) -> tuple[Kink, ...]:
        """The kinks that a movement of the argument (from 0) may meet."""
        param = self.params[self.param_of(argument)]
        return tuple(k for k in self.kinks if not k.moves or param in k.moves)

    def stable_partial_of(self, argument: int) -> str | None:
        at = self.param_of(argument)
        return self.stable_partials[at] if at < len(self.stable_partials) else None
