"""Training that is wrong: in the optimizers' rules, in the steps and in the compiled sweeps, one thing is put wrong, and the
command ends with exit 1.

A fault in a compiled sweep that changes no gradient at the first and no number at the last step is none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Count
from tests.programs import model, random_program
from wengert import pipeline
from wengert.cli.run import run
from wengert.errors import ValueProblem
from wengert.lang.model import Model, Role
from wengert.sweep import training as room
from wengert.sweep.compiled import Compiled
from wengert.sweep.optimizers import OPTIMIZERS, Optimizer
from wengert.sweep.training import Training, train
from wengert.tape.lower import lower
from wengert.verify.steps import fault

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
STEPS = 10  # enough for compiled sweeps


def networks() -> dict[str, Model]:
    return {name: pipeline.load(SAMPLES / f"{name}.yaml") for name in ("mazur-2-2-2", "xor", "batchnorm")}


def trained(m: Model, optimizer: Optimizer, rate: float = 0.1, steps: int = STEPS) -> Training:
    moved = [x.name for x in m.inputs if x.role is not Role.TARGET and x.name in m.wrt]
    return train(lower(m), m.outputs[0], moved, optimizer, rate, steps)


def _with(name: str, **lines: str) -> Optimizer:
    right = OPTIMIZERS[name]
    assert set(lines) <= {n for n, _ in right.lines}
    return replace(right, lines=tuple((n, lines.get(n, text)) for n, text in right.lines))


# what is wrong, and the optimizer that is
WRONG: list[tuple[str, Optimizer]] = [
    ("uphill", _with("sgd", w="w + η*g")), ("the rate doubled", _with("sgd", w="w - 2*η*g")),
    ("no rate", _with("sgd", w="w - g")), ("the rate off by 1e-9", _with("sgd", w="w - 1.000000001*η*g")),
    ("the gradient squared", _with("sgd", w="w - η*g*g")), ("decay", _with("sgd", w="0.999999*w - η*g")),
    ("momentum lost", _with("momentum", v="-η*g")), ("momentum's sign", _with("momentum", v="-μ*v - η*g")),
    ("uphill with momentum", _with("momentum", v="μ*v + η*g")), ("another momentum", _with("momentum", v="(1 - μ)*v - η*g")),
    ("the velocity subtracted", _with("momentum", w="w - v")), ("Nesterov's look ahead", _with("momentum", w="w + μ*v - η*g")),
    ("no correction of the mean", _with("adam", m_hat="m")), ("no correction of the square", _with("adam", v_hat="v")),
    ("the other β in a correction", _with("adam", m_hat="m/(1 - β2**t)")),
    ("t begins with 0", _with("adam", m_hat="m/(1 - β1**(t + 1))")),
    ("no square", _with("adam", v="β2*v + (1 - β2)*g")), ("no root", _with("adam", w="w - η*m_hat/(v_hat + ε)")),
    ("ε in the root", _with("adam", w="w - η*m_hat/sqrt(v_hat + ε)")), ("no ε", _with("adam", w="w - η*m_hat/sqrt(v_hat)")),
    ("the weight of the new lost", _with("adam", m="β1*m + g")), ("the state lost", _with("adam", m="(1 - β1)*g")),
    ("the square's state lost", _with("adam", v="(1 - β2)*g**2")),
    ("uphill with adam", _with("adam", w="w + η*m_hat/(sqrt(v_hat) + ε)")),
]  # fmt: skip


def _counted(count: Count, changes: bool, caught: bool) -> None:
    count("planted faults, training: planted", 1)
    count("planted faults, training: of these change nothing", not changes)
    count("planted faults, training: caught", changes and caught)


@pytest.mark.parametrize(("what", "optimizer"), WRONG, ids=[what for what, _ in WRONG])
def test_a_wrong_rule_of_a_step_fails(what: str, optimizer: Optimizer, count: Count) -> None:
    for name, m in networks().items():
        try:
            said = fault(trained(m, optimizer))
        except ValueProblem:
            said = "refused"
        _counted(count, True, said is not None)
        assert said is not None, (name, what)


def test_the_command_fails_and_says_which_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    net = "inputs: {x: 2}\nparameters: {w: 0.5}\nlayers:\n  - {weights: [[w]]}\ntargets: [0]\nloss: half_squared_error\n"
    path = tmp_path / "net.yaml"
    path.write_text(net, encoding="utf-8")
    arguments = ["train", str(path), "--rate", "0.25", "--format", "json", "--budget", "60"]
    assert run(arguments) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] in ("proved", "agrees")
    monkeypatch.setitem(OPTIMIZERS, "sgd", WRONG[1][1])
    assert run(arguments) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["verdict"] == "failed"
    assert "step 1 of sgd: w of w is 0, the step has -0.5" in err


# -- the steps around the rules


def _state_lost(step: Callable[..., Any]) -> Callable[..., Any]:
    return lambda w, g, z, t: step(w, g, {name: [0.0] * len(w) for name in z}, t)


def _late(step: Callable[..., Any]) -> Callable[..., Any]:
    return lambda w, g, z, t: step(w, g, z, t + 1)


def _swapped(step: Callable[..., Any]) -> Callable[..., Any]:
    return lambda w, g, z, t: step(w, [*g[1:], *g[:1]], z, t)


def _after_the_third(step: Callable[..., Any]) -> Callable[..., Any]:
    return lambda w, g, z, t: step(w, [2 * x for x in g] if t > 3 else g, z, t)


AROUND = {"the state is lost": _state_lost, "t is one more": _late, "another parameter's gradient": _swapped,
          "from the fourth step on": _after_the_third}  # fmt: skip


@pytest.mark.parametrize("what", AROUND)
def test_a_wrong_step_fails(what: str, monkeypatch: pytest.MonkeyPatch, count: Count) -> None:
    right = room.update
    monkeypatch.setattr(room, "update", lambda optimizer, rate: AROUND[what](right(optimizer, rate)))
    for name, m in networks().items():
        said = fault(trained(m, OPTIMIZERS["adam"]))
        _counted(count, True, said is not None)
        assert said is not None, (name, what)


def test_parameters_that_are_not_moved_fail(monkeypatch: pytest.MonkeyPatch, count: Count) -> None:
    right = room._Sweep.move

    def first_alone(self: Any, w: Any) -> None:
        right(self, [w[0], *(self.v[slot] for slot in self.slots[1:])])

    monkeypatch.setattr(room._Sweep, "move", first_alone)
    for m in networks().values():
        said = fault(trained(m, OPTIMIZERS["sgd"]))
        _counted(count, True, said is not None)
        assert said is not None


# -- the compiled sweeps

Lines = list[str]
REVERSE: dict[str, Callable[[Lines], Lines]] = {
    "lost": lambda lines: lines[:-1],
    "doubled": lambda lines: [*lines[:-1], f"{lines[-1]}*2"],
    "= for +=": lambda lines: [line.replace("+=", "=") for line in lines],
    "+= for =": lambda lines: [line.replace("] = ", "] += ") for line in lines],
    "without the adjoint": lambda lines: ["b = 1.0", *lines[1:]],
    "off by 1e-9 of itself": lambda lines: [*lines[:-1], f"{lines[-1]}*1.000000001"],
}
PRIMAL: dict[str, Callable[[Lines], Lines]] = {
    "off by 1e-9 of itself": lambda lines: [*lines[:-1], lines[-1].replace("= ", "= 1.000000001*", 1)],
    "negated": lambda lines: [*lines[:-1], lines[-1].replace("= ", "= -", 1)],
}


@pytest.mark.parametrize(
    ("sweep", "what"), [*(("_reverse", k) for k in REVERSE), *(("_primal", k) for k in PRIMAL)]
)  # fmt: skip
def test_a_wrong_compiled_sweep_fails(sweep: str, what: str, count: Count) -> None:
    right, faults = getattr(Compiled, sweep), PRIMAL if sweep == "_primal" else REVERSE
    for name, m in networks().items():
        good = trained(m, OPTIMIZERS["sgd"])
        assert fault(good) is None
        for slot in list(good.list.statements())[:: max(1, len(good.list) // 8)]:

            def wrong(self: Compiled, at: int, *a: Any, slot: int = slot) -> Lines:
                lines: Lines = right(self, at, *a)
                return faults[what](lines) if at == slot else lines

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Compiled, sweep, wrong)
                try:
                    bad = trained(m, OPTIMIZERS["sgd"])
                    changes = (bad.history, bad.values) != (good.history, good.values)
                    said = fault(bad)
                except ValueProblem:
                    changes, said = True, "refused"
            _counted(count, changes, said is not None)
            assert (said is not None) == changes, (name, what, slot, said)


def test_right_training_is_never_called_wrong(count: Count) -> None:
    for seed in range(100):
        program = random_program(seed, outputs=1)
        for optimizer in OPTIMIZERS.values():
            try:
                made = trained(model(program.text, program.point, of=program.outputs), optimizer, 1e-3)
            except ValueProblem:  # a step leaves a domain
                continue
            assert fault(made) is None, (program, optimizer.name)
            count("training that is right: random programs and optimizers", 1)
