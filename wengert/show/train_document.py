"""The document of `wengert train`: the first steps in full, the loss by step as a table and a curve, where it all ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from wengert.lang.shape import Shape
from wengert.report import Report
from wengert.show.curve import curve
from wengert.show.document import (
    Cell,
    Column,
    Derivative,
    Document,
    Equation,
    Formula,
    Line,
    Math,
    Name,
    Number,
    Result,
    Row,
    Section,
    Words,
)  # fmt: skip
from wengert.show.gradient import closing_lines
from wengert.show.insertion import with_numbers
from wengert.show.numbers import Digits, shown_exactly
from wengert.show.opening import opening
from wengert.show.pieces import result
from wengert.show.plot.loss import loss_plot
from wengert.show.plot.svg import svg
from wengert.show.words import training as train_words
from wengert.sweep.optimizers import GRADIENT, PARAMETER, RATE, STEP
from wengert.sweep.rationals import UNKNOWN
from wengert.sweep.rules import parsed
from wengert.sweep.training import Step, Training
from wengert.sweep.training_exact import Unrounded, exact_line, unrounded

MOST_PARAMETERS = 20  # in a table
FEW_PARAMETERS = 10  # up to which three steps are shown in full, else one
MOST_OUTPUTS = 20  # rows of outputs beside their targets
EVERY_STEP = 12  # steps up to which each has its row
WIDTH, HEIGHT = 56, 8  # cells of the curve
LEAST_STEPS = 4  # that a curve is drawn of
ROUND_STEPS = 100  # steps up to which the table's rows are evenly spaced, and not powers


@dataclass(frozen=True)
class Trained:
    """A training with the report on its first gradient; `saved` is the file that the trained spec went to."""

    report: Report
    training: Training
    rate: Any = UNKNOWN  # the rate as a rational, where it is one
    left_alone: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    saved: str | None = None
    fault: str | None = None  # of the steps

    @property
    def verdict(self) -> str | None:
        """That of the first gradient; failed where a step is wrong, whatever the judge says."""
        return self.report.verdict if self.fault is None else "failed"

    def exact(self, name: str) -> Any:
        """A value before the first step without rounding, undefined where that is not known."""
        return self.unrounded.value(0, self.training.list.slots[name])

    def output(self, steps: int) -> Any:
        """The output after so many steps without rounding, undefined where that is not known."""
        return self.unrounded.value(steps, self.training.list.slots[self.training.of])

    @cached_property
    def unrounded(self) -> Unrounded:
        """The first steps without rounding, where that is known."""
        return unrounded(self.training, self.rate)

    def warnings(self, digits: Digits) -> list[str]:
        """That a step is wrong, that the output grew, or that nothing moved."""
        t = self.training
        wrong = [] if self.fault is None else [train_words.wrong(self.fault)]
        if t.still:
            return [*wrong, train_words.STILL]
        if not t.diverged:
            return wrong
        before, after = (digits.result(t.history[n]) for n in (0, -1))
        return [*wrong, train_words.diverged(t.of, before, after, t.rate, t.gentler)]


def train_document(trained: Trained, digits: Digits) -> Document:
    """What `train` shows."""
    training = trained.training
    sections = [_step(trained, step, digits) for step in _in_full(training)]
    if training.steps > 1:
        sections.append(_by_step(trained, digits))
        sections += _curve(training, digits)
    if training.steps > len(_in_full(training)):
        sections.append(_end(trained, digits))
    sections += _outputs(trained, digits)
    sections += _closing(trained, digits)
    lines = (*opening(trained.report, digits), *_how(trained, digits))
    return Document(trained.report.model.title, lines, tuple(sections), picture=partial(_picture, trained, digits))


def _picture(trained: Trained, digits: Digits) -> str:
    training = trained.training
    notes = [train_words.STILL.capitalize() + "."] if training.still else _grew(training, digits)
    return svg(loss_plot(training, trained.report.model.title, notes, digits))


def _in_full(training: Training) -> Sequence[Step]:
    return training.first if len(training.moved) <= FEW_PARAMETERS else training.first[:1]


# -- the opening


def _how(trained: Trained, digits: Digits) -> Iterator[Line]:
    """The optimizer's formulas with their constants, what is moved, and how often."""
    training = trained.training
    optimizer = training.optimizer
    pieces: list[Math] = [Words(f"{train_words.HEADINGS[optimizer.name]}: ")]
    for n, (name, text) in enumerate(optimizer.lines):
        pieces += [Words(train_words.AND)] if n else []
        pieces += [Name(name), Words(train_words.GETS), Formula(*parsed(text))]
    for n, (name, value) in enumerate({RATE: training.rate, **optimizer.constants}.items()):
        known = trained.rate if name == RATE else Fraction(repr(value))
        pieces += [Words(train_words.AND if n else train_words.WITH), *_constant(name, value, known, digits)]
    pieces += [Words(train_words.WHERE), Derivative(training.of, (PARAMETER,), True)]
    pieces.append(Words(f" ({optimizer.source})." if optimizer.source else "."))
    yield tuple(pieces)
    yield (Words(train_words.counted(training.steps)),)
    yield (Words(train_words.ONE_PASS),)
    if training.rate < 0:
        yield (Words(train_words.UPHILL),)
    if trained.left_alone:
        yield (Words(train_words.left_alone(trained.left_alone)),)
    if trained.computed:
        yield (Words(train_words.computed(trained.computed)),)


def _constant(name: str, value: float, exact: Any, digits: Digits) -> Line:
    """`η = 0.1`, `η ≈ 0.33333333`."""
    text = Digits(max(digits.significant, 8)).result(value)
    is_exact = shown_exactly(text, exact if isinstance(exact, Fraction) else None)
    return (Equation((Name(name), Number(text)), ("=" if is_exact else "≈",)),)


# -- a step in full


def _step(trained: Trained, step: Step, digits: Digits) -> Section:
    training = trained.training
    optimizer = training.optimizer
    wide = len(optimizer.lines) == 1
    if wide:
        headings = [Column(train_words.PARAMETER), Column(train_words.GRADIENT)]
        headings += [Column(f"{PARAMETER}{train_words.GETS}{_plain(optimizer.lines[-1][1])}", folds=2),
                     Column(train_words.NEW, equals=True)]  # fmt: skip
    else:
        headings = [Column(train_words.PARAMETER), Column(train_words.QUANTITY), Column(train_words.FORMULA, folds=1),
                    Column(train_words.VALUE)]  # fmt: skip
    before: list[Line] = []
    if len(training.moved) > MOST_PARAMETERS:
        before.append((Words(train_words.first_of(MOST_PARAMETERS, len(training.moved))),))
    rows = partial(_wide_rows if wide else _long_rows, trained, step, digits)
    return Section(
        train_words.in_full(step.number), tuple(headings), rows, tuple(before), partial(_after_step, trained, step, digits),
        len(training.moved),
    )  # fmt: skip


def _plain(text: str) -> str:
    return text.replace("-", "−").replace("*", "·")


def _wide_rows(trained: Trained, step: Step, digits: Digits) -> Iterator[Row]:
    """A row a parameter: its derivative, then each formula with numbers and its value."""
    training = trained.training
    for i, name in enumerate(training.moved[:MOST_PARAMETERS]):
        known, exact = _known(training, step, i), trained.unrounded.of_step(step.number, name)
        cells: list[Cell] = [Name(name), _result(step.gradient[i], digits, exact.get(GRADIENT, UNKNOWN))]
        for symbol, text in training.optimizer.lines:
            value = step.lines[symbol][i]
            shown = exact_line(text, exact)
            cells += [_put_in(text, known, value, digits), _result(value, digits, shown)]
            known[symbol], exact[symbol] = value, shown
        yield Row(tuple(cells))


def _long_rows(trained: Trained, step: Step, digits: Digits) -> Iterator[Row]:
    """A row a formula, the parameter before the first."""
    training = trained.training
    for i, name in enumerate(training.moved[:MOST_PARAMETERS]):
        known, exact = _known(training, step, i), trained.unrounded.of_step(step.number, name)
        yield Row((Name(name), Name(GRADIENT), None, _result(step.gradient[i], digits, exact.get(GRADIENT, UNKNOWN))))
        for symbol, text in training.optimizer.lines:
            value = step.lines[symbol][i]
            shown = exact_line(text, exact)
            yield Row((None, Name(symbol), _put_in(text, known, value, digits), _result(value, digits, shown)), opens=False)
            known[symbol], exact[symbol] = value, shown


def _known(training: Training, step: Step, i: int) -> dict[str, float]:
    """The values of the names in the optimizer's formulas, before the step."""
    return {
        PARAMETER: step.before[i], GRADIENT: step.gradient[i], RATE: training.rate, STEP: float(step.number),
        **training.optimizer.constants, **{name: column[i] for name, column in step.state.items()},
    }  # fmt: skip


def _put_in(text: str, known: dict[str, float], value: float, digits: Digits) -> Cell:
    """The formula with numbers, with so many digits that the line comes to the value as printed."""
    nodes, root = parsed(text)
    made = with_numbers(nodes, root, known.get, digits, False, value)
    return made if made is not None else with_numbers(nodes, root, known.get, Digits(15), False)


def _result(value: float, digits: Digits, exact: Any = UNKNOWN) -> Result | Words:
    return result(value, Fraction(0) if value == 0 else exact, digits)


def _after_step(trained: Trained, step: Step, digits: Digits) -> Iterator[Line]:
    """The output before and after; below the first step, what the judge said of its derivatives."""
    training = trained.training
    before, after = (training.history[n] for n in (step.number - 1, step.number))
    between, behind = train_words.moved_to(step.number)
    told = (trained.output(n) for n in (step.number - 1, step.number))
    shown = [_result(value, digits, exact) for value, exact in zip((before, after), told, strict=True)]
    yield (Name(training.of), Words(" "), shown[0], Words(between), shown[1], Words(behind))
    if step.number == 1:
        yield from closing_lines(trained.report, digits)


# -- the loss by step


def steps_told(steps: int) -> list[int]:
    """The steps that the table has a row for: each of a few, evenly spaced ones, or 1, 2, 5, 10, 20, …"""
    if steps <= EVERY_STEP:
        return list(range(steps + 1))
    if steps <= ROUND_STEPS:
        return sorted({round(steps * n / 10) for n in range(11)})
    factors = (1, 2, 5) if steps <= 10_000 else (1, 3)
    told = [0]
    power = 1
    while power < steps:
        told += [f * power for f in factors if f * power < steps]
        power *= 10
    return [*told, steps]


def _by_step(trained: Trained, digits: Digits) -> Section:
    training = trained.training
    columns = (Column(train_words.STEP, "right"), Column(training.of))

    def rows() -> Iterator[Row]:
        for n in steps_told(training.steps):
            yield Row((Number(str(n)), _result(training.history[n], digits, trained.output(n))))

    def after() -> Iterator[Line]:
        yield from ((Words(sentence),) for sentence in _grew(training, digits))

    return Section(train_words.by_step(training.of), columns, rows, after=after)


def _grew(training: Training, digits: Digits) -> list[str]:
    """That the output grew, in the end or on the way."""
    if training.rate > 0 and training.diverged:
        before, after = (digits.result(training.history[n]) for n in (0, -1))
        return [f"{train_words.diverged(training.of, before, after, training.rate, training.gentler)}."]
    if training.rate > 0 and training.uphill:
        return [train_words.wavered(training.of, training.uphill, training.steps)]
    return []


def _curve(training: Training, digits: Digits) -> list[Section]:
    """The curve beside its largest and its smallest value."""
    drawn = curve(training.history, WIDTH, HEIGHT) if training.steps >= LEAST_STEPS else None
    if drawn is None:
        return []

    def rows() -> Iterator[Row]:
        for n, line in enumerate(drawn.lines):
            edge = drawn.top if n == 0 else drawn.bottom if n == HEIGHT - 1 else None
            yield Row((None if edge is None else Number(digits.result(edge)), Words(line)), opens=n == 0)
        yield Row((Words(train_words.STEP), Words(train_words.steps_axis(training.steps, WIDTH))), opens=False)

    heading = train_words.curve_of(training.of, drawn.logarithmic)
    return [Section(heading, (Column("", "right"), Column("")), rows, kind="drawing")]


# -- the end


def _end(trained: Trained, digits: Digits) -> Section:
    """Every parameter before the first step and after the last."""
    training = trained.training
    columns = (Column(train_words.PARAMETER), Column(train_words.BEFORE), Column(train_words.AFTER))
    names = list(zip(training.moved, training.slots, strict=True))

    def rows() -> Iterator[Row]:
        for name, slot in names[:MOST_PARAMETERS]:
            yield Row((Name(name), _result(training.start[slot], digits, trained.exact(name)),
                       _result(training.values[slot], digits, trained.unrounded.value(training.steps, slot))))  # fmt: skip

    before: tuple[Line, ...] = ()
    if len(names) > MOST_PARAMETERS:
        before = ((Words(train_words.first_of(MOST_PARAMETERS, len(names))),),)
    return Section(train_words.after(training.steps), columns, rows, before)


def _outputs(trained: Trained, digits: Digits) -> list[Section]:
    """A network's outputs beside their targets, row by row of its data."""
    training, shape = trained.training, trained.report.model.network
    if shape is None or shape.loss is None:
        return []
    slots = training.list.slots
    pairs = [(r, k) for r in range(shape.rows) for k in range(len(shape.outputs[r]))]
    columns = [Column(train_words.OUTPUT), Column(train_words.BEFORE), Column(train_words.AFTER)]
    aimed = _targets(shape, training)
    if aimed is not None:
        columns.append(Column(train_words.TARGET))

    def rows() -> Iterator[Row]:
        for r, k in pairs[:MOST_OUTPUTS]:
            name = shape.outputs[r][k]
            slot = slots[name]
            cells: list[Cell] = [Name(name)]
            for n, value in ((0, training.start[slot]), (training.steps, training.values[slot])):
                cells.append(_result(value, digits, trained.unrounded.value(n, slot)))
            if aimed is not None:
                cells.append(Number(digits.result(aimed[r][k])))
            yield Row(tuple(cells))

    before: tuple[Line, ...] = ()
    if len(pairs) > MOST_OUTPUTS:
        before = ((Words(train_words.rows_more(MOST_OUTPUTS, len(pairs))),),)
    return [Section(train_words.outputs_after(training.steps), tuple(columns), rows, before)]


def _targets(shape: Shape, training: Training) -> list[list[float]] | None:
    """What each output should be; a class number says 1 for its own output. None where targets do not belong to outputs."""
    assert shape.loss is not None
    size = len(shape.outputs[0])
    if shape.loss.classes is not None:
        return [[float(k + 1 == c) for k in range(size)] for c in shape.loss.classes]
    if len(shape.targets[0]) != size:
        return None
    return [[training.values[training.list.slots[t]] for t in row] for row in shape.targets]


def _closing(trained: Trained, digits: Digits) -> list[Section]:
    lines: list[Line] = []
    if trained.fault is not None:
        lines.append((Words(f"{train_words.wrong(trained.fault)}."),))
    if trained.saved is not None:
        lines.append((Words(train_words.saved(trained.saved)),))
    return [Section("", before=tuple(lines))] if lines else []
