"""Wrong matrices: in the layer level's sweeps one thing is put wrong, and a run at that level fails.

Each contribution to an adjoint is lost, doubled, negated, transposed, given to another matrix, or takes the place of what was
there; each statement's value is put wrong in the ways that a person does. What judges is the operation level.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Count
from wengert import pipeline
from wengert.lang.model import Model
from wengert.lang.spec import read_source
from wengert.sweep.layer_losses import NamedLoss
from wengert.sweep.layer_statements import Activate, Adjoints, Affine, Normalise, Skip, Softmax
from wengert.sweep.layers import LayerSweep
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
FEW = 4  # of so many contributions one is put wrong in the short run
NETWORKS = ("mazur-2-2-2", "batchnorm", "residual", "softmax-classifier", "two-two-one")
_SQUARE = """
inputs: [x1, x2]
data: [{x1: 0.5, x2: -1, t1: 1, t2: 0}, {x1: 2, x2: 0.3, t1: 0, t2: 1}, {x1: 0.1, x2: 0.9, t1: 1, t2: 0}]
layers:
  - {units: 2, init: {scheme: xavier, random_seed: 1}, activation: [tanh, "x*sigmoid(k*x)"], name: one}
  - {units: 2, init: {scheme: xavier, random_seed: 2}, activation: sigmoid, skip: one}
  - {units: 2, init: {scheme: xavier, random_seed: 3}, activation: softmax}
parameters: {k: 1.5}
targets: [t1, t2]
loss: squared_error
"""


def networks() -> dict[str, Model]:
    found = {name: pipeline.load(SAMPLES / f"{name}.yaml") for name in NETWORKS}
    return {**found, "square": read_source(_SQUARE, "square.yaml", VOCABULARY)}


def swept(model: Model) -> tuple[LayerSweep, str | None]:
    made = pipeline.trace(model, verify=False, level="layer")
    assert made.layers is not None
    return made.layers, made.verdict


def same(a: LayerSweep, b: LayerSweep) -> bool:
    """Whether all matrices, and all adjoints of what has a name, are the same numbers."""

    def numbers(sweep: LayerSweep) -> dict[Any, Any]:
        found: dict[Any, Any] = {s: m.tolist() for s, m in sweep.matrices.of.items()}
        for of, bar in sweep.adjoints.items():
            for s in sweep.plan.tables:
                whole = bar.of(s)
                found[of, s] = (sweep.matrices.zeros(sweep.matrices[s]) if whole is None else whole).tolist()
            found[of, ""] = dict(bar.names)
        return found

    return numbers(a) == numbers(b)


Wrong = Callable[[Adjoints, str, Any, Callable[[str, Any], None]], None]


def _transposed(bar: Adjoints, symbol: str, term: Any, add: Callable[[str, Any], None]) -> None:
    square = term.value.shape[0] == term.value.shape[1]
    add(symbol, replace(term, value=term.value.T) if square else term)


def _replaces(bar: Adjoints, symbol: str, term: Any, add: Callable[[str, Any], None]) -> None:
    bar.terms.pop(symbol, None)
    add(symbol, term)


def _misplaced(bar: Adjoints, symbol: str, term: Any, add: Callable[[str, Any], None]) -> None:
    alike = [s for s, terms in bar.terms.items() if terms[0].value.shape == term.value.shape and s != symbol]
    add(alike[0] if alike else symbol, term)


def _first_row(bar: Adjoints, symbol: str, term: Any, add: Callable[[str, Any], None]) -> None:
    value = term.value * 1
    value[1:, :] = value[:1, :] if len(value) > 1 else value[1:, :]
    add(symbol, replace(term, value=value))


AT_ONE: dict[str, Wrong] = {
    "lost": lambda bar, s, t, add: None,
    "doubled": lambda bar, s, t, add: add(s, replace(t, value=t.value * 2)),
    "off by 1e-9 of itself": lambda bar, s, t, add: add(s, replace(t, value=t.value * (1 + 1e-9))),
    "negated": lambda bar, s, t, add: add(s, replace(t, value=-t.value)),
    "transposed": _transposed, "= for +=": _replaces, "to another matrix": _misplaced, "the first row for all": _first_row,
}  # fmt: skip


def _planted(kind: Wrong, at: int, patch: pytest.MonkeyPatch) -> dict[int, int]:
    """Makes the contribution numbered `at` (from 1) of each sweep wrong; the result tells how many each had."""
    right = Adjoints.add
    made: dict[int, int] = {}
    sweeps: list[Adjoints] = []  # kept, so that no two have the same identity

    def add(self: Adjoints, symbol: str, term: Any) -> None:
        if id(self) not in made:
            sweeps.append(self)
        made[id(self)] = made.get(id(self), 0) + 1
        if made[id(self)] == at:
            kind(self, symbol, term, lambda s, t: right(self, s, t))
        else:
            right(self, symbol, term)

    patch.setattr(Adjoints, "add", add)
    return made


def _check(name: str, what: str, right: LayerSweep, model: Model, count: Count) -> None:
    try:
        wrong, verdict = swept(model)
    except (KeyError, ValueError, IndexError) as crash:  # numpy's shapes and names that are missing: nothing is printed
        pytest.fail(f"{name}: {what} ends with {crash!r}")
    changes = not same(right, wrong)
    count("planted faults, layers: planted", 1)
    count("planted faults, layers: of these change nothing", not changes)
    count("planted faults, layers: caught", changes and verdict == "failed")
    assert (verdict == "failed") == changes, (name, what, verdict)


@pytest.mark.parametrize("kind", AT_ONE)
def test_a_wrong_contribution_fails(kind: str, count: Count) -> None:
    _check_each(kind, FEW, count)


@pytest.mark.long
@pytest.mark.parametrize("kind", AT_ONE)
def test_every_wrong_contribution_fails(kind: str, count: Count) -> None:
    _check_each(kind, 1, count)


def _check_each(kind: str, every: int, count: Count) -> None:
    for number, (name, model) in enumerate(networks().items()):
        with pytest.MonkeyPatch.context() as patch:
            made = _planted(AT_ONE[kind], 0, patch)
            right, verdict = swept(model)
        assert verdict is None
        for at in range(1 + (number + zlib.crc32(kind.encode())) % every, max(made.values()) + 1, every):
            with pytest.MonkeyPatch.context() as patch:
                _planted(AT_ONE[kind], at, patch)
                _check(name, f"{kind} {at}", right, model, count)


def _then(right: Callable[..., Any], more: Callable[..., None]) -> Callable[..., None]:
    def value(self: Any, m: Any) -> None:
        right(self, m)
        more(self, m)

    return value


def _put(at: str, new: Callable[[Any, Any], Any]) -> Callable[..., None]:
    """A statement whose result, in its field `at`, is another one."""

    def more(self: Any, m: Any) -> None:
        m.of[getattr(self, at)] = new(self, m)

    return more


# what is wrong, the statement, what it does besides
VALUES: list[tuple[str, type, Callable[..., None]]] = [
    ("the bias is dropped", Affine, _put("z", lambda s, m: m[s.w] @ m[s.a])),
    ("the bias is added twice", Affine, _put("z", lambda s, m: m[s.z] if s.b is None else m[s.z] + m[s.b])),
    ("the weights are transposed", Affine,
     _put("z", lambda s, m: m[s.w].T @ m[s.a] if m[s.w].shape[0] == m[s.w].shape[1] else m[s.z])),
    ("the first neuron's weights for all", Affine, _put("z", lambda s, m: m[s.z] * 0 + m[s.z][:1, :])),
    ("the sample variance", Normalise, _put("v", lambda s, m: m[s.v] * m[s.u].shape[1] / (m[s.u].shape[1] - 1))),
    ("no γ", Normalise, _put("y", lambda s, m: m[s.n] * 1.5 + m[s.beta])),
    ("no mean", Normalise, _put("n", lambda s, m: m[s.u] / m.root(m[s.v] + s.epsilon))),
    ("no ε", Normalise, _put("n", lambda s, m: (m[s.u] - m[s.mu]) / m.root(m[s.v]))),
    ("the activation of the neuron before", Activate, _put("out", lambda s, m: m[s.out][::-1, :] * 1)),
    ("the skip is added twice", Skip, _put("out", lambda s, m: m[s.out] + m[s.s])),
    ("the skip is lost", Skip, _put("out", lambda s, m: m[s.f] * 1)),
    ("the shares of the rows are swapped", Softmax, _put("out", lambda s, m: m[s.out][::-1, :] * 1)),
    ("the loss is halved", NamedLoss, _put("out", lambda s, m: m[s.out] / 2)),
    ("the sum for the mean", NamedLoss, _put("out", lambda s, m: m[s.out] * 4)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "statement", "more"), VALUES, ids=[what for what, _, _ in VALUES])
def test_a_wrong_matrix_fails(
    what: str, statement: type, more: Callable[..., None], monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    right = {name: swept(model)[0] for name, model in networks().items()}
    monkeypatch.setattr(statement, "value", _then(statement.value, more))  # type: ignore[attr-defined]
    for name, model in networks().items():
        if any(isinstance(s, statement) for s in right[name].plan.statements):
            _check(name, what, right[name], model, count)


def test_a_wrong_slope_or_jacobian_fails(count: Count) -> None:
    right = {name: swept(model)[0] for name, model in networks().items()}

    def slopes(self: Any, m: Any) -> None:
        m.slopes[self.out] = m.slopes[self.out][::-1, :] * 1

    def jacobians(self: Any, m: Any) -> None:
        m.jacobians[self.out] = [j * (1 + 1e-9) for j in m.jacobians[self.out]]

    def inner(self: Any, m: Any) -> None:
        m.inner[self.out] = {name: 2 * x for name, x in m.inner[self.out].items()}

    for what, statement, more in (
        ("slopes of another neuron", Activate, slopes), ("softmax's Jacobian", Softmax, jacobians),
        ("a formula's own parameter", Activate, inner),
    ):  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(statement, "value", _then(statement.value, more))
            for name, model in networks().items():
                _check(name, what, right[name], model, count)
