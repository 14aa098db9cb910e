"""What a network is, layer by layer, in the names of its model: for matrices, batches, training and the flow of gradients.

The model's definitions say how every number is computed; this says which of them belong together. `rows` is R, the rows of
data; "per row" means a tuple with one entry for each of them, also where R is 1. Nothing here is computed or printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Names: TypeAlias = tuple[str, ...]
PerRow: TypeAlias = tuple[Names, ...]  # [row][neuron]


@dataclass(frozen=True, slots=True)
class Activation:
    """What one neuron does: a primitive's name, or (`operation` None) a formula, the node `root`, in which `variable` stands
    for the argument (other names in it are parameters and constants)."""

    operation: str | None
    root: int | None = None
    variable: str = "x"


@dataclass(frozen=True, slots=True)
class BatchNorm:
    """μ = (1/R) Σ u, var = (1/R) Σ (u − μ)², n = (u − μ)/sqrt(var + ε), y = γ·n + β, over the rows, for each neuron.

    u is the layer's `pre` (of a batchnorm layer: its `sources`). `scaled` are the names of y; where the activation is identity
    and nothing is added, y has no name of its own, and `scaled` is the layer's `post`.
    """

    gamma: Names
    beta: Names
    epsilon: int  # root of a constant expression
    epsilon_text: str
    mean: Names
    variance: Names
    normalised: PerRow
    scaled: PerRow


@dataclass(frozen=True, slots=True)
class Layer:
    """Z = W A + b, then A = f(Z), for each row; m neurons, k sources.

    `weights` is m rows of k parameter names (a name may stand several times: shared), `bias` m names or () where there is none;
    both are () in a layer of kind "batchnorm". `inner` are the names that the activation is applied to: `pre`, or y of a batch
    normalisation. Where z and a are one quantity (identity under one name), `pre` equals `post`. `skip` are the names that are
    added after the activation, () where nothing is: a = f(inner) + skip.
    """

    number: int  # from 1, counted over repetitions
    name: str | None
    kind: str  # dense | batchnorm
    weights: tuple[Names, ...]
    bias: Names
    activations: tuple[Activation, ...]  # one a neuron; all of operation "softmax" where `softmax`
    softmax: bool  # a_k = softmax(k, inner…), over the whole layer
    sources: PerRow
    pre: PerRow
    inner: PerRow
    post: PerRow
    skip: PerRow = ()
    skip_of: str | None = None  # as written: a layer's name, input or previous
    batchnorm: BatchNorm | None = None

    @property
    def size(self) -> int:
        """m, the number of neurons."""
        return len(self.post[0])


@dataclass(frozen=True, slots=True)
class Loss:
    """`kind` is a loss's name, or None for a formula; `form` "textbook" or "stable"; `reduction` (of the rows) "mean" or "sum".

    `rows` are the names of the rows' losses, of which `name` is the mean or the sum; for one row it is (name,). `parts` are the
    names of the outputs' shares, () where they have none. `classes` are the rows' class numbers, from 1, where the target is
    one (then `targets` of the shape are empty), `class_name` what the person called it, None for a number alone. `delta` is
    the root of huber's δ.
    """

    kind: str | None
    name: str
    form: str
    reduction: str
    rows: Names
    parts: PerRow
    classes: tuple[int, ...] | None = None
    delta: int | None = None
    delta_text: str | None = None
    class_name: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The whole network: R rows, the names of their inputs and targets, the layers in order, and the loss (None: none)."""

    rows: int
    inputs: PerRow
    targets: PerRow  # () per row where there are none
    layers: tuple[Layer, ...]
    loss: Loss | None

    @property
    def outputs(self) -> PerRow:
        """The activations of the last layer."""
        return self.layers[-1].post
