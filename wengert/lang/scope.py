"""What the parts of a network share while it is read: its nodes, the names that are taken, its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wengert.errors import Place, SpecError
from wengert.lang.expr import BYTES, MOST_STATEMENTS, Nodes
from wengert.lang.fields import Given, clash, constant, did_you_mean, is_name
from wengert.lang.model import CONSTANTS, Input, Role
from wengert.lang.reader import Scalar, Tree
from wengert.lang.vocabulary import Vocabulary

MOST_PRODUCTS = 1_000_000  # weights times rows: what is written out must fit into memory, where --limit says nothing else
NODES = 4  # that a product takes, with its sum


@dataclass(frozen=True, slots=True)
class Entry:
    """A weight, a bias, γ or β: the name that stands in the expression, and where it was written."""

    name: str
    place: Place


class Scope:
    """`rows` is R, `most` the number of statements that there may be. A name that belongs to a row is claimed as it is written,
    and with R > 1 with every suffix as well."""

    def __init__(self, vocabulary: Vocabulary, most: int = MOST_STATEMENTS) -> None:
        self.vocabulary = vocabulary
        more = max(1.0, most / MOST_STATEMENTS)
        self.nodes = Nodes(room=more)
        self.most_products = int(MOST_PRODUCTS * more)
        self.rows = 1
        self.claimed: dict[str, Place] = {}
        self.of_rows: dict[str, None] = {}  # the names that are renamed from row to row
        self.known_parameters: dict[str, Given] = {}
        self.numbers: list[Input] = []  # parameters that are written as numbers
        self.products = 0

    def claim(self, name: str, place: Place, hint: str | None = None) -> None:
        """Every name is given once. Raises SpecError with both places."""
        if name in self.claimed:
            error = clash(self.claimed[name], name, place)
            error.hint = hint
            raise error
        self.claimed[name] = place

    def claim_rows(self, name: str, place: Place, hint: str | None = None) -> None:
        """The same for a quantity that every row has."""
        self.claim(name, place, hint)
        self.of_rows[name] = None
        if self.rows > 1:
            for row in range(self.rows):
                self.claim(self.row_name(name, row), place, hint)

    def row_name(self, name: str, row: int) -> str:
        """The name in one row (from 0): `x1_s3`; with one row of data the name itself."""
        return name if self.rows == 1 else f"{name}_s{row + 1}"

    def per_row(self, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(self.row_name(n, row) for n in names) for row in range(self.rows))

    def renamed(self, row: int) -> Mapping[str, str]:
        """Names as a person writes them, to the names in one row."""
        return {name: self.row_name(name, row) for name in self.of_rows}

    def base_names(self) -> dict[str, Place]:
        """The names that a formula over one row may use."""
        if self.rows == 1:
            return self.claimed
        copies = {self.row_name(name, row) for name in self.of_rows for row in range(self.rows)}
        return {name: place for name, place in self.claimed.items() if name not in copies}

    def entry(self, tree: Tree, name: str, what: str) -> Entry:
        """A name from `parameters`, or a number, which becomes a parameter of its own."""
        if isinstance(tree, Scalar) and not tree.empty:
            text = tree.text
            if text in self.known_parameters:
                return Entry(text, tree.place)
            if text not in CONSTANTS and is_name(text):
                hint = did_you_mean(text, self.known_parameters, "there are") or "give it a value: parameters: {w1: 0.5}"
                raise SpecError(f"{what}: there is no parameter {text}", tree.place, hint=hint)
        root = constant(tree, self.nodes, self.vocabulary, what, self.claimed)
        return self.parameter(name, root, tree.place)

    def parameter(self, name: str, root: int, place: Place) -> Entry:
        """A parameter of the network's own."""
        self.claim(name, place, f"{name} is the name it gets by itself; give this number a name of its own in parameters:")
        self.numbers.append(Input(name, Role.PARAMETER, root))
        return Entry(name, place)

    def literals(self, names: Sequence[str], texts: Sequence[str], place: Place) -> list[Entry]:
        """Parameters whose values nobody typed: decimal numbers, made for the word at `place`."""
        roots = self.nodes.literals(texts)
        if any(name in self.claimed for name in names):
            return [self.parameter(name, root, place) for name, root in zip(names, roots, strict=True)]
        self.claimed.update(dict.fromkeys(names, place))
        self.numbers += [Input(name, Role.PARAMETER, root) for name, root in zip(names, roots, strict=True)]
        return [Entry(name, place) for name in names]

    def count_products(self, number: int, place: Place) -> None:
        """Raises SpecError before a network is written out that is too large."""
        self.products += number
        if self.products > self.most_products:
            size = 2 * self.products * BYTES / 1e9
            raise SpecError(
                f"written out, this network has more than {self.most_products:,} products of weights and inputs", place,
                hint="fewer neurons, layers or rows of data; or, of trace and diff, "
                f"--limit {4 * self.products} for the layers up to here, about {size:.0f} GB of memory",
            )  # fmt: skip
        self.nodes.foresee(NODES * number, place)


def count(number: int, what: str) -> str:
    """`1 entry`, `2 neurons`."""
    plural = "entries" if what == "entry" else what + "s"
    return f"{number} {what if number == 1 else plural}"
