"""The rules by which a step moves a parameter, as formulas: what is computed and what is shown come from the same lines.

- sgd, plain gradient descent: w ← w − η g (Cauchy 1847; with the gradient over one batch, Robbins & Monro 1951).
- momentum: v ← μ v − η g, w ← w + v (Polyak 1964, as written by Sutskever, Martens, Dahl & Hinton, On the importance of
  initialization and momentum in deep learning, ICML 2013, equations 1 and 2).
- adam: Kingma & Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1, with its constants
  β1 = 0.9, β2 = 0.999, ε = 1e−8.

g is the derivative of the output with respect to w, η the rate, t the number of the step, from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wengert.sweep.functions import Functions

PARAMETER, GRADIENT, RATE, STEP = "w", "g", "η", "t"


@dataclass(frozen=True)
class Optimizer:
    """`lines` are (name, formula) in order; the last one is the new w. `state` are the names that are kept for the next step,
    0 before the first; `constants` the numbers that the formulas mention besides the rate."""

    name: str
    lines: tuple[tuple[str, str], ...]
    state: tuple[str, ...] = ()
    constants: Mapping[str, float] = field(default_factory=dict)
    source: str = ""


OPTIMIZERS: dict[str, Optimizer] = {
    o.name: o
    for o in (
        Optimizer("sgd", (("w", "w - η*g"),)),
        Optimizer("momentum", (("v", "μ*v - η*g"), ("w", "w + v")), ("v",), {"μ": 0.9},
                  "Polyak 1964, as in Sutskever et al. 2013"),
        Optimizer(
            "adam",
            (("m", "β1*m + (1 - β1)*g"), ("v", "β2*v + (1 - β2)*g**2"), ("m_hat", "m/(1 - β1**t)"), ("v_hat", "v/(1 - β2**t)"),
             ("w", "w - η*m_hat/(sqrt(v_hat) + ε)")),
            ("m", "v"), {"β1": 0.9, "β2": 0.999, "ε": 1e-8}, "Kingma & Ba 2015, algorithm 1",
        ),
    )
}  # fmt: skip

# w, g and each state (a list a name, an entry a parameter), the step's number → the lines' values, by name.
Update = Callable[[list[float], list[float], dict[str, list[float]], float], dict[str, list[float]]]


def update(optimizer: Optimizer, rate: float) -> Update:
    """The optimizer's lines as one function over all parameters; nothing is changed in place. It raises one of FAULTS where a
    line has no value."""
    functions = Functions()
    names = {PARAMETER: "w[i]", GRADIENT: "g[i]", STEP: "t"}
    for n, (name, value) in enumerate({RATE: rate, **optimizer.constants}.items()):
        names[name] = f"c{n}"
        functions.space[f"c{n}"] = value
    for n, name in enumerate(optimizer.state):
        names[name] = f"s{n}[i]"
    head = [f"s{n} = z[{functions.bind(name, ('key', name))}]" for n, name in enumerate(optimizer.state)]
    body, ends = [], []
    for n, (name, text) in enumerate(optimizer.lines):
        body.append(f"x{n} = {functions.formula(text, names)}")
        body.append(f"y{n}.append(x{n})")
        head.append(f"y{n} = []")
        ends.append(f"{functions.bind(name, ('key', name))}: y{n}")
        names[name] = f"x{n}"
    source = "def moved(w, g, z, t):\n"
    source += "".join(f"    {line}\n" for line in head)
    source += "    for i in range(len(w)):\n" + "".join(f"        {line}\n" for line in body)
    source += f"    return {{{', '.join(ends)}}}\n"
    made: Update = functions.define(source, "moved")
    return made
