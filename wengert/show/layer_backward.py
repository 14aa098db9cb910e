"""The backward half of the layer document: for each adjoint the equation in symbols, with numbers, and the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from wengert.lang.expr import Nodes
from wengert.show.document import Formula, Line, Math, Name, Section
from wengert.show.layer_pieces import EQUALS, Pieces, symbols
from wengert.show.words import layers as words
from wengert.sweep.layer_losses import LossFormula, NamedLoss
from wengert.sweep.layer_rules import ARGUMENT, Elementwise
from wengert.sweep.layer_statements import (
    Activate,
    Affine,
    Normalise,
    Skip,
    Softmax,
    Statement,
    Term,
)  # fmt: skip
from wengert.sweep.layers import LayerPlan
from wengert.sweep.steps import Steps

MOST_JACOBIANS = 4  # rows of data whose Jacobian is shown

Said: TypeAlias = "Sequence[Math | str]"  # pieces of a line


def backward_sections(pieces: Pieces, of: str, heading: Callable[[LayerPlan, int], str]) -> list[Section]:
    """A section for the loss (or the output itself) and one for each layer that a path leads through, from the last back."""
    return _Backward(pieces, of).sections(heading)


class _Backward:
    def __init__(self, pieces: Pieces, of: str) -> None:
        self.pieces = pieces
        self.of = of
        self.layers = pieces.layers
        self.plan = pieces.layers.plan
        self.m = pieces.layers.matrices
        self.adjoints = pieces.layers.adjoints[of]
        self.several = len(pieces.report.outputs) > 1

    def sections(self, heading: Callable[[LayerPlan, int], str]) -> list[Section]:
        layers = self.plan.layers
        title = words.LOSS if self.plan.loss is not None else words.OUTPUT
        made = [Section(self._title(title), after=self._start, kind="reverse")]
        for layer in reversed(layers):
            if any(self._is_shown(s) for statement in layer.statements for s in _gives(statement)):
                lines = lambda p=layer: self._layer(p)  # noqa: E731
                made.append(Section(self._title(heading(layer, len(layers))), after=lines, kind="reverse"))
        return made

    def _title(self, text: str) -> str:
        return words.backward(text, self.of, self.several)

    def _is_shown(self, symbol: str) -> bool:
        """Whether the adjoint of the matrix has a value, and a derivative that was asked for is among its entries or depends
        on them."""
        table = self.plan.tables.get(symbol)
        if self.adjoints.of(symbol) is None:
            return False
        report = self.pieces.report
        return table is None or any(report.active[report.list.slots[name]] for row in table for name in row)

    # -- the beginning

    def _start(self) -> Iterator[Line]:
        """The adjoint that the layers begin with: of what the loss is made of, or of the output itself."""
        last = self.plan.layers[-1]
        begun = False
        for symbol in dict.fromkeys([last.out, *(s for layer in reversed(self.plan.layers) for s in _made(layer))]):
            terms = self.adjoints.terms.get(symbol, [])
            first = [t for t in terms if t.statement is self.plan.loss or t.statement is None]
            if first and len(first) == len(terms) and self._is_shown(symbol):
                yield from [()] if begun else []
                yield from self._adjoint(symbol)
                begun = True
        if not begun:
            yield symbols(words.NOTHING_HERE)

    # -- one layer

    def _layer(self, layer: LayerPlan) -> Iterator[Line]:
        begun = False
        for statement in reversed(layer.statements):
            for symbol in _gives(statement):
                if not self._is_shown(symbol) or not self._is_complete(symbol, statement):
                    continue
                yield from [()] if begun else []
                begun = True
                if isinstance(statement, Softmax):
                    yield from self._jacobians(statement)
                yield from self._adjoint(symbol)

    def _is_complete(self, symbol: str, statement: Statement) -> bool:
        """Whether the statement is the last (backward) to give a term to this adjoint."""
        return self.adjoints.terms[symbol][-1].statement is statement

    def _adjoint(self, symbol: str) -> Iterator[Line]:
        terms = self.adjoints.terms[symbol]
        said = [self._told(term, symbol) for term in terms]
        pieces: list[Math | str] = [self.pieces.bar(self.of, symbol), " = "]
        for n, (told, _) in enumerate(said):
            pieces += [words.PLUS] if n else []
            pieces += told
        yield symbols(*pieces)
        for term in terms:
            yield from self._notes(term, symbol)
        if len(terms) > 1:
            numbers: list[Math | str] = [EQUALS]
            for n, term in enumerate(terms):
                numbers += [words.PLUS] if n else []
                numbers.append(self.pieces.inserted(term.value))
            yield symbols(*numbers)
        elif said[0][1]:
            yield symbols(EQUALS, *said[0][1])
        yield symbols(*self.pieces.adjoint(self.of, symbol))

    def _notes(self, term: Term, symbol: str) -> Iterator[Line]:
        """What f′ is, and that a sum copies."""
        if isinstance(term.statement, Activate):
            for function in dict.fromkeys(term.statement.functions):
                slope = _slope(function)
                if slope is not None:
                    yield symbols("  ", *slope)
        if isinstance(term.statement, Normalise) and symbol == term.statement.mu and term.part == "variance":
            yield symbols(f"  {words.NO_SUM}")
        if isinstance(term.statement, Skip):
            yield symbols(f"  {words.COPIES}")

    # -- one term

    def _told(self, term: Term, symbol: str) -> tuple[Said, Said]:
        """The term in symbols, and with numbers (nothing where the result says it all)."""
        s, bar, m, inserted = term.statement, self._bar, self.m, self.pieces.inserted
        if isinstance(s, Affine):
            delta = bar(s.z)
            if symbol == s.w:
                numbers = (self._whole(s.z), words.TIMES, inserted(m[s.a], transposed=True))
                return (delta, "·", Name(s.a), words.TRANSPOSED), numbers
            if symbol == s.b:
                return (delta, "·1"), ()
            return (Name(s.w), words.TRANSPOSED, "·", delta), (inserted(m[s.w], True), words.TIMES, self._whole(s.z))
        if isinstance(s, Activate):
            if s.is_identity:
                return (bar(s.out),), ()
            kinds = {f.activation.operation for f in s.functions}
            single = next(iter(kinds)) if len(kinds) == 1 else None
            nodes = Nodes()
            slope = Formula(nodes, nodes.call(f"{single or 'f'}′", [nodes.name(s.y)]))
            return (bar(s.out), words.HADAMARD, slope), (self._whole(s.out), words.HADAMARD, inserted(m.slopes[s.out]))
        if isinstance(s, Softmax):
            found = m.jacobians[s.out]
            if len(found) > 1:
                return ("Jᵀ·", bar(s.out), words.EACH_COLUMN), ()
            return ("Jᵀ·", bar(s.out)), (inserted(found[0], True), words.TIMES, self._whole(s.out))
        if isinstance(s, Skip):
            return (bar(s.out),), ()
        if isinstance(s, Normalise):
            return self._normalised(s, symbol, term.part), ()
        if isinstance(s, NamedLoss):
            return (self._of_loss(s, symbol),), ()
        if isinstance(s, LossFormula):
            return (words.OF_FORMULA,), ()
        return (words.SEED,), ()

    def _bar(self, symbol: str) -> Math:
        return self.pieces.bar(self.of, symbol)

    def _whole(self, symbol: str) -> Math:
        return self.pieces.inserted(self.adjoints.of(symbol))

    def _of_loss(self, s: NamedLoss, symbol: str) -> str:
        loss, count = s.loss, self.m[s.x].shape[1]
        assert loss.kind is not None
        own = self.adjoints.terms.get(s.rows, [])
        if self.of != loss.name or len(own) > 1 or len(self.adjoints.terms.get(s.shares, [])) > 1:
            return words.OF_FORMULA
        factor, size = words.reduction(count, loss.reduction == "mean"), len(self.m[s.x])
        return factor + words.gradient(
            loss.kind, symbol, s.t, size, loss.classes is not None, loss.form == "stable", bool(factor)
        )

    def _normalised(self, s: Normalise, symbol: str, part: str) -> Said:
        bar, count = self._bar, self.m[s.u].shape[1]
        spread: Said = ("√(", Name(s.v), " + ε)")
        centred: Said = ("(", Name(s.u), " − ", Name(s.mu), ")")
        if symbol == s.gamma:
            return ("(", bar(s.y), words.HADAMARD, Name(s.n), ")·1")
        if symbol == s.beta:
            return (bar(s.y), "·1")
        if symbol == s.n:
            return (Name(s.gamma), words.HADAMARD, bar(s.y), words.ROW_BY_ROW)
        if symbol == s.v:
            return ("−½·(", bar(s.n), words.HADAMARD, *centred, ")·1/(", Name(s.v), " + ε)^(3/2)")
        if symbol == s.mu:
            if part == "variance":
                return (f"(−2/{count})·", bar(s.v), words.HADAMARD, *centred, "·1")
            return ("(−", bar(s.n), "·1)/", *spread)
        if part == "direct":
            return (bar(s.n), "/", *spread)
        if part == "variance":
            return (f"(2/{count})·", bar(s.v), words.HADAMARD, *centred)
        return (bar(s.mu), f"/{count}")

    # -- softmax

    def _jacobians(self, s: Softmax) -> Iterator[Line]:
        """J of every row of data, the first few."""
        found = self.m.jacobians[s.out]
        yield symbols(words.JACOBIAN)
        for r, jacobian in enumerate(found[:MOST_JACOBIANS], 1):
            name = "J" if len(found) == 1 else f"J_s{r}"
            relation, numbers = self.pieces.result(jacobian, None)
            yield symbols(Name(name), relation[1:], numbers)
        if len(found) > MOST_JACOBIANS:
            yield symbols(words.others_alike(len(found) - MOST_JACOBIANS))


def _gives(s: Statement) -> tuple[str, ...]:
    """The matrices whose adjoints the statement's pullback gives, in the order in which they are shown."""
    if isinstance(s, Affine):
        return (s.w, *(() if s.b is None else (s.b,)), s.a)
    if isinstance(s, (Activate, Softmax)):
        return (s.y,)
    if isinstance(s, Skip):
        return (s.f,)
    assert isinstance(s, Normalise)
    return (s.gamma, s.beta, s.n, s.v, s.mu, s.u)


def _made(layer: LayerPlan) -> Iterator[str]:
    """The matrices that the layer makes, from the last back."""
    for s in reversed(layer.statements):
        if isinstance(s, Affine):
            yield s.z
        elif isinstance(s, Normalise):
            yield from (s.y, s.n, s.v, s.mu)
        elif isinstance(s, (Activate, Softmax, Skip)):
            yield s.out


def _slope(function: Elementwise) -> Said | None:
    """f′(z) = a·(1 − a), from the rule table; None for the identity."""
    written = function.written
    if written is None:
        return None
    steps = Steps(written.list, written.active, "neuron")
    step = steps.at(len(written.list) - 1)
    link = next((k for k in step.links if k.source == 0), None)
    if link is None or link.partial is None:
        return None
    nodes = Nodes()
    name = function.activation.operation or "f"
    variable = written.names[0]
    result = written.list.model.outputs[0]
    sides = (Formula(nodes, nodes.call(f"{name}′", [nodes.name(variable)])), " = ", Formula(step.nodes, link.partial))
    where = ("" if variable != ARGUMENT or result not in step.nodes.names_in([link.partial])
             else (", ", Name(result), " = ", Formula(nodes, nodes.call(name, [nodes.name(variable)]))))  # fmt: skip
    return (*sides, *where)
