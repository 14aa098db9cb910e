"""What the judge costs: verified derivatives beside sympy's own.

A call of ours is timed as a person has it who waits for the verdict: reading the formula, the list, the derivatives' formulas,
the start of the judge's process with its import of sympy, its answers and the comparison with them. Beside the ratio stands
what the same call takes where the judge was started before (`judge_running`, seconds). sympy's side is given its expression,
built before the clock starts; its cache is emptied each time.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Measured, Row, Work, in_turn, seconds

BUDGET = 100.0  # seconds: nothing here may end by it
STACK = 512 << 20  # bytes, for sympy's recursion over what is nested
DEPTH = 80
FACTORS, THEIRS = 1000, 100
SIZES = (4, 8, 8, 1)


def chain() -> str:
    text = "x"
    for i in range(DEPTH):
        text = f"sin({text})" if i % 2 else f"exp(-({text})**2/4)"
    return text


def network() -> str:
    """The spec of a 4-8-8-1 network, tanh and sigmoid, half the squared error of one row: 121 parameters."""
    rng = random.Random(7)
    numbers = [f"{rng.uniform(-1, 1):.4f}" for _ in range(SIZES[0])]
    lines = [f"inputs: [{', '.join(numbers)}]", "targets: [0.3]", "loss: half_squared_error", "layers:"]
    for before, units, activation in zip(SIZES, SIZES[1:], ("tanh", "tanh", "sigmoid"), strict=False):
        rows = [[round(rng.uniform(-1, 1), 4) for _ in range(before)] for _ in range(units)]
        lines += [f"  - weights: {rows}", f"    bias: {[round(rng.uniform(-1, 1), 4) for _ in range(units)]}",
                  f"    activation: {activation}"]  # fmt: skip
    return "\n".join(lines) + "\n"


def _chain(runs: int) -> Measured:
    return _beside("diff", chain(), _by_sympy(_sympy_chain()), runs)


def _product(runs: int) -> Measured:
    return _beside("diff", "*".join(f"x{i + 1}" for i in range(FACTORS)), _by_sympy(_sympy_product()), runs)


def _network(runs: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.yaml"
        path.write_text(network(), encoding="utf-8")
        return _beside("trace", str(path), _by_sympy(_sympy_network()), runs)


def _beside(call: str, spec: str, theirs: Work, runs: int) -> Measured:
    """Both in turn, and what came of the checks. Raises where a derivative stayed unchecked or failed."""
    import wengert

    checks = getattr(wengert, call)(spec, budget=BUDGET).report.verification.checks.values()
    if not {check.verdict for check in checks} <= {"proved", "agrees"}:
        raise RuntimeError(f"not every derivative was checked: {Counter(check.verdict for check in checks)}")
    found = in_turn(lambda: getattr(wengert, call)(spec, budget=BUDGET).verdict, theirs, runs)
    checked = Counter(f"{check.verdict}: {check.witness}" for check in checks)
    running = [_running(call, spec) for _ in range(runs)]
    return Measured(found.ours, found.theirs, beside={"checked": dict(checked), "judge_running": running})


def _running(call: str, spec: str) -> float:
    """Seconds of the same work where the judge was started before and has answered once."""
    from wengert.pipeline import load
    from wengert.report import Settings, report
    from wengert.verify.judge import Judge

    with Judge() as judge:
        judge.start()
        judge.ask(report(load("x*y"), Settings(), False).request(), BUDGET)
        for _ in judge.answers(time.monotonic() + BUDGET):
            pass
        return seconds(lambda: report(load(spec), Settings(budget=BUDGET), call == "trace", judge).verdict)


def _by_sympy(derivatives: tuple[Any, Sequence[Any]]) -> Work:
    """sympy.diff of an expression by each symbol, in a thread with room to recurse."""
    from sympy.core.cache import clear_cache

    expression, symbols = derivatives

    def work() -> None:
        clear_cache()
        for x in symbols:
            expression.diff(x)

    def run() -> None:
        before = sys.getrecursionlimit(), threading.stack_size(STACK)
        sys.setrecursionlimit(50_000)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        sys.setrecursionlimit(before[0])
        threading.stack_size(before[1])

    return run


def _sympy_chain() -> tuple[Any, Sequence[Any]]:
    import sympy

    x = u = sympy.Symbol("x")
    for i in range(DEPTH):
        u = sympy.sin(u) if i % 2 else sympy.exp(-(u**2) / 4)
    return u, [x]


def _sympy_product() -> tuple[Any, Sequence[Any]]:
    import sympy

    symbols = sympy.symbols(f"x1:{THEIRS + 1}")
    return sympy.Mul(*symbols), symbols


def _sympy_network() -> tuple[Any, Sequence[Any]]:
    """The loss over symbols for inputs, target and parameters; sigmoid is 1/(1 + exp(-z))."""
    import sympy

    made, parameters = list(sympy.symbols(f"x1:{SIZES[0] + 1}")), []
    for layer, (before, units) in enumerate(pairwise(SIZES), 1):
        outs = []
        for unit in range(units):
            weights = sympy.symbols(f"w{layer}_{unit}_0:{before}")
            bias = sympy.Symbol(f"b{layer}_{unit}")
            parameters += [*weights, bias]
            z = sympy.Add(*(w * a for w, a in zip(weights, made, strict=True)), bias)
            outs.append(sympy.tanh(z) if units > 1 else 1 / (1 + sympy.exp(-z)))
        made = outs
    return (made[0] - sympy.Symbol("t")) ** 2 / 2, parameters


ROWS = [
    Row("chain", f"diff of {DEPTH} functions within one another, checked", "sympy.diff of it", 0.3, _chain),
    Row("product", f"diff of a product of {FACTORS:,} variables by each, checked", f"sympy.diff of {THEIRS} by each", 1.0,
        _product),
    Row("network-4-8-8-1", "trace of the network, its 121 derivatives checked", "sympy.diff by each", 0.5, _network),
]
