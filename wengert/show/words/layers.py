"""What the document of the layer level says."""

from __future__ import annotations

from collections.abc import Sequence

DATA = "Data"
SHARED = "Shared parameters"
CHECKED = "Both levels"
ENTRYWISE = "⊙ and divisions by a matrix go entry by entry; 1 is a column of ones."
SUMMARY = "The derivatives, entry by entry, are in the JSON (-f json) and at --level neuron."
OTHER_VERDICTS = "Derivatives that are neither proved nor agree"
SAME = "z and a are one quantity"
COPIES = "a sum copies the gradient to both of its terms"
TRANSPOSED, TIMES, HADAMARD, PLUS = "ᵀ", " · ", " ⊙ ", " + "
SEED = "1 for the output itself, 0 elsewhere"
OF_FORMULA = "the partials of the loss's formula"
EACH_COLUMN = ", each column with its own J"
NO_SUM = "the second is 0 but for rounding: what deviates from the mean adds up to 0 in each row"
JACOBIAN = "J = ∂a/∂z of a row of data (a row for each a, a column for each z):"
NOTHING_HERE = "No derivative was asked for that a path leads to."


def columns(x: str, z: str, a: str, w: str, bias: str | None, rows: int) -> str:
    """How data lies in the matrices."""
    data = "each row of data is a column" if rows > 1 else "the one row of data is a column"
    added = f"; {bias} is added to every column" if bias and rows > 1 else ""
    return f"In {x}, {z} and {a} {data}, each neuron a row; row i of {w} holds the weights of neuron i{added}."


def adjoints(of: str, a: str, z: str, several: bool) -> str:
    if several:
        return f"{a}\u0304 is the derivative of the output by {a}, of the shape of {a}, and so on; δ is that by {z}."
    return f"{a}\u0304 = ∂{of}/∂{a}, in the shape of {a}, and so for all others; δ = ∂{of}/∂{z}."


def layer(number: int, count: int, name: str | None, inputs: int, size: int, steps: Sequence[str]) -> str:
    called = f" ({name})" if name else ""
    shape = f"{_count(inputs, 'input')}, {_count(size, 'neuron')}"
    return f"Layer {number} of {count}{called}: " + ", ".join([shape, *steps])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def forward(heading: str) -> str:
    return f"Forward. {heading}"


def backward(heading: str, of: str, several: bool) -> str:
    return f"Backward from {of}. {heading}" if several else f"Backward. {heading}"


LOSS = "The loss"
OUTPUT = "The output"
NORMALISED = "batch normalisation"


def skip(of: str | None) -> str:
    return f"plus the activations of {of}" if of not in ("input", "previous") else f"plus the {SKIPS[of or '']}"


SKIPS = {"input": "inputs", "previous": "activations before it"}


def mixed(parts: Sequence[tuple[str, Sequence[int]]]) -> str:
    return ", ".join(f"{name} in neuron{'s' if len(at) > 1 else ''} {', '.join(map(str, at))}" for name, at in parts)


def elided(most_rows: int, most_columns: int) -> str:
    return f"Of a matrix of more than {most_rows} rows or {most_columns} columns the middle is left out."


def agreement(count: int, largest: str | None, fine: bool, left: int) -> str:
    differ = "no difference" if largest is None else f"largest difference {largest} (relative)"
    said = f"Checked against the operation level: {count:,} numbers, {differ}"
    if fine:
        said += "; that is rounding: in 50 digits the levels agree"
    if left:
        said += f"; {left:,} that are not finite were not compared"
    return said + "."


def disagreement(count: int, names: Sequence[str]) -> str:
    shown = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
    return f"Checked against the operation level: failed. {len(names):,} of {count:,} numbers differ: {shown}."


def shared(names: Sequence[str]) -> str:
    several = len(names) > 1
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    which = "stand" if several else "stands"
    return f"{listed} {which} in several places; the derivative is the sum over the places, each as in the matrices above."


def reduction(count: int, mean: bool) -> str:
    return f"(1/{count})·" if mean and count > 1 else ""


def gradient(kind: str, x: str, t: str, size: int, by_class: bool, stable: bool, factor: bool) -> str:
    """The loss's gradient with respect to its matrix `x` (A, in the stable forms Z), without the `factor` of the rows: in
    brackets where that stands before it."""
    made = _gradient(kind, x, t, size, by_class, stable)
    return f"({made})" if factor and " " in made and not made.startswith("sign") else made


def _gradient(kind: str, x: str, t: str, size: int, by_class: bool, stable: bool) -> str:
    if kind == "cross_entropy" and by_class:
        return f"softmax({x}) − the unit column of the class" if stable else f"−1/{x} for the target's class, 0 elsewhere"
    if stable:
        return f"σ({x}) − {t}" if kind == "binary_cross_entropy" else f"softmax({x})·(the sum of {t}) − {t}"
    return {
        "squared_error": f"2·({x} − {t})", "half_squared_error": f"{x} − {t}",
        "mse": f"2·({x} − {t})" if size == 1 else f"(2/{size})·({x} − {t})",
        "absolute_error": f"sign({x} − {t})", "huber": f"{x} − {t}, no entry beyond ±δ",
        "binary_cross_entropy": f"(1 − {t})/(1 − {x}) − {t}/{x}", "cross_entropy": f"−{t}/{x}",
        "hinge": f"−{t} where {t} ⊙ {x} < 1, 0 elsewhere",
    }[kind]  # fmt: skip


def others_alike(count: int) -> str:
    return f"… and the Jacobians of {_count(count, 'further row')} of data."


ROW_BY_ROW = ", row by row"
OF_EACH_COLUMN = ", of each column"
MEAN_OF_ROWS = "the mean of each row of "
VARIANCE_OF_ROWS = "the variance of each row of "
DIVIDED_BY_ROWS = " (divided by the number of rows of data)"
ROWS_LOSSES = ", the rows' losses"


def classes(name: str | None, rows: int) -> str:
    """What their numbers are; a target's `name` where it has one."""
    what = "the target's class" if rows == 1 else "the classes of the rows' targets"
    return f"{what[0].upper()}{what[1:]}" if name is None else f"{name}, {what}"


def reduced(name: str, reduction: str) -> str:
    return f"{name} = the {reduction} of "
