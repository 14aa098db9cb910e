"""The document: what is shown, as data, before any format.

A document is a title, opening lines and sections of tables. Cells hold mathematics (the classes below), not strings, so that
each renderer prints them in its own notation. Rows come from a function that makes an iterator, so that a list of a million
statements streams. Numbers inside a formula are literals whose text is already rounded: a renderer computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from wengert.lang.expr import Nodes

if TYPE_CHECKING:
    from wengert.show.graph.model import Graph
    from wengert.show.patterns import Quick

Align = Literal["left", "right", "point"]  # numbers with their points below one another
Kind = Literal["", "list", "forward", "tangent", "reverse", "gradient", "drawing"]  # of a section


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression: `3·v2²`. Its names are shown as they were typed, its literals as their text."""

    nodes: Nodes
    root: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name alone: an input, a statement, a node of a network."""

    name: str


@dataclass(frozen=True, slots=True)
class Adjoint:
    """v̄: the derivative of the output `of` with respect to the statement `name`. `several`: the document has several outputs,
    and a sign that does not name its own would not say whose adjoint this is."""

    of: str
    name: str
    many: bool = True
    output_shown: bool = False  # written as ∂of/∂name where the notation is bar
    several: bool = False


@dataclass(frozen=True, slots=True)
class Tangent:
    """v̇: the derivative of the statement `name` along a direction; `along` is a name, or "seed"."""

    name: str
    along: str
    many: bool = True
    direction_shown: bool = False  # several directions: the dot alone would not say which


@dataclass(frozen=True, slots=True)
class Derivative:
    """∂f/∂x, or df/dx where one name is free (`many` False). `note` tells a local partial from what the same
    sign stands for beside it: the direct part of a whole, or the argument meant; `ascii_only` where ∂ and d tell enough."""

    of: str
    wrt: tuple[str, ...]
    many: bool = True
    note: str = ""
    ascii_only: bool = False
    dotted: bool = False  # ∂ḟ/∂x: what is differentiated is itself a derivative along a direction


@dataclass(frozen=True, slots=True)
class Number:
    """A number put into a line, already rounded to text; in a product a negative one stands in brackets."""

    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """`= 5.5` where the text is the value itself, `≈ 0.693147` where it was rounded; `of` is the number written out without
    rounding: `= ln(2) ≈ 0.693147`."""

    text: str
    exact: bool
    of: Formula | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """Factors with a visible multiplication sign between: `v̄4 · cos(x2)`; a factor that is a sum stands in brackets."""

    factors: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms with + between (− before a term that begins with a minus)."""

    terms: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """`a = b = c`; `relations[i]` ("=" or "≈") stands before `sides[i + 1]`."""

    sides: tuple[Math, ...]
    relations: tuple[str, ...] = ()

    def relation(self, i: int) -> str:
        return self.relations[i] if i < len(self.relations) else "="


@dataclass(frozen=True, slots=True)
class Words:
    """Text in the document's language; never markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words with mathematics among them in one cell: the pieces side by side, no space added."""

    pieces: tuple[Math, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix, its entries row by row. Where a large one is elided, `after_row` and `after_column` are how many of its rows
    and columns stand before what is left out (⋮, …). A line that holds one is drawn in several lines of text, its other pieces
    beside it."""

    rows: tuple[tuple[Math, ...], ...]
    after_row: int | None = None
    after_column: int | None = None


Math: TypeAlias = (
    Formula | Name | Adjoint | Tangent | Derivative | Number | Result | Product | Sum | Equation | Words | Phrase | Matrix
)
Line: TypeAlias = tuple[Math, ...]  # pieces side by side, no space added
Cell: TypeAlias = Math | None


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    align: Align = "left"
    # A renderer short of room first lets cells of the columns with the highest number fold into further lines.
    folds: int = 0
    # A cell equals the one on its left: a renderer short of room may write both below one another, a sign before the second.
    equals: bool = False
    # A drawing that says what another column says in figures: a format for machines leaves it out.
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells, one a column. `opens` is False for a row that continues the one above (the next contribution of the
    same statement): a renderer may draw a line before rows that open. `mark` says how the row ended, for colour.

    `about` names the statement that the row computes and, in a reverse sweep, the one it contributes to: a page steps through
    such rows and shows them in the graph. A row that is no step of a sweep is about nothing. `partial` is the local partial of
    a contribution, which stands in its cells as a factor, by itself: `∂v4/∂x2 = cos(x2) = 0.28366219`.
    """

    cells: tuple[Cell, ...]
    opens: bool = True
    mark: Literal["", "good", "warn", "bad"] = ""
    about: tuple[str, ...] = ()
    partial: Math | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a table (no table where `columns` is empty), and lines below it. `rows` and `after` are called once, in that
    order, when the section is drawn; they may take their time (verification answers late). `count` is a hint: about how
    many rows there are. One that is `optional` is left out, heading and all, where it turns out to have no row.

    `kind` says which part of the working it is; a `drawing` is made of characters, and says what the document's
    picture says. `equations`: the mathematics of a row's cells is equal from left to right, so that a renderer with room for it
    may write the row as a chain of equations. `alone` are the lines below it where the sections before it are left out, if
    they are others than `after`. `told` say what the first `told_by` rows say, or with 0 the sections before it: lines above it
    where those are left out. `quick` gives the same rows as `rows`, those that are alike as patterns: for a renderer that knows
    them and has many rows to write.
    """

    heading: str
    columns: tuple[Column, ...] = ()
    rows: Callable[[], Iterator[Row]] = lambda: iter(())
    before: tuple[Line, ...] = ()
    after: Callable[[], Iterator[Line]] = lambda: iter(())
    count: int | None = None
    optional: bool = False
    kind: Kind = ""
    equations: bool = False
    alone: Callable[[], Iterator[Line]] | None = None
    told: tuple[Line, ...] = ()
    told_by: int = 0
    quick: Callable[[], Quick] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """`graph` makes the computational graph, None where the document has none; `picture` an SVG that says what the document
    says (a loss by step, an activation). Both are called when a renderer has room for them; the picture of a document without
    one of its own is its graph. `failed`: whether a row that was made failed, and the report knows
    nothing of it."""

    title: str | None
    opening: tuple[Line, ...]
    sections: tuple[Section, ...]
    graph: Callable[[], Graph] | None = None
    picture: Callable[[], str] | None = None
    failed: Callable[[], bool] = lambda: False
