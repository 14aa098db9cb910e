"""The headings and sentences of `wengert flow`."""

from __future__ import annotations

from collections.abc import Sequence

from wengert.show.words.tables import every
from wengert.sweep.flow import BLOCKED, EXPLODED, EXPLODING, HEALTHY, NONE, SATURATED, VANISHED, VANISHING

TRAVEL = "The gradient on its way back, from the last layer to the first"
UNITS = "What reaches the weights, and what the units do"
SLOPES = "What σ′ alone leaves of it"
SIDE_BY_SIDE = "Side by side"
CHART = "Side by side: mean |δ|, from the last layer back"
DEPTH = "Depth: what is left of the gradient at layer 1 (first/last), by the number of layers"
VERDICT = "Verdict"

LAYER, ACTIVATION, FACTOR = "layer", "activation", "factor"
BY_W, BY_OTHER, BY_SLOPE, BY_NORM = "W", "other ways", "σ′", "batchnorm"
MEAN_DELTA, MOST_DELTA, MEAN_WEIGHT, MOST_WEIGHT = "mean |δ|", "max |δ|", "mean |W̄|", "max |W̄|"
MEAN_SLOPE, SATURATED_UNITS, DEAD_UNITS = "mean σ′", "saturated", "dead"
NETWORK, FIRST_WEIGHTS, RATIO, PER_LAYER, PRODUCT = "network", "W̄ layer 1", "first/last", "per layer", "Π σ′"
APART = 10  # a mean derivative of so many times another one moves its weights far
NOT_MEANT = "–"
AS_WRITTEN = "as written"
NO_VALUE = "no value"
NOTHING_ARRIVES = "0, nothing arrives"
TOO_SMALL = "below 1e−308"  # the least double with all its digits
SIGN = "█"
VERDICTS = {VANISHING: VANISHING, EXPLODING: EXPLODING, HEALTHY: HEALTHY, NONE: "no gradient"}

OUTPUT = "δ is the derivative of the loss by a layer's z (z = W a + b); W̄ is the derivative of the loss by its weights."
NO_LOSS = "δ is the derivative by a layer's z (z = W a + b), W̄ that by its weights."
NORM = "‖δ‖ is the root of the sum of squares over a layer's neurons{rows}."
FACTORS = "factor = ‖δ‖ of the layer / ‖δ‖ of the row above = "
DIGITS = "Figures are rounded to {n} significant digits; means are of absolute values{rows}."
SHARED = "A weight that several layers share has one derivative, the sum over them."


def _power(value: float) -> str:
    return f"{value:.0e}".replace("e-0", "e−").replace("e-", "e−").replace("e+0", "e").replace("e+", "e")


def bars(what: str, start: int, factor: float) -> str:
    """`start`: the power of ten at which bars begin; `factor`: what one sign more stands for."""
    shown = f"{factor:,.10g}" if factor < 1e6 else _power(factor)
    begins = f"1e{start}".replace("-", "−")
    return f"A bar shows {what} on a logarithmic scale: it begins at {begins}, and each {SIGN} is a factor of {shown}."


def beside(digits: int) -> str:
    return f"Figures beside bars have {digits} significant digit{'' if digits == 1 else 's'}."


def differentiated(outputs: Sequence[str]) -> str:
    if len(outputs) == 1:
        return f"What is differentiated: {outputs[0]}."
    named = ", ".join(outputs[:6]) + (", …" if len(outputs) > 6 else "")
    return f"What is differentiated: the sum of the outputs ({named}); the spec has no loss."


def made_of(other: bool, norm: bool) -> str:
    parts = ["W (of the row above)", *(["other ways (skip connections past that W)"] if other else [])]
    parts += ["σ′ (of its own activation)", *(["batchnorm"] if norm else [])]
    return " · ".join(parts) + "."


def over_rows(rows: int) -> str:
    return "" if rows == 1 else f" and all {rows} rows of data"


def averaged(layers: int, mean: str, parts: Sequence[tuple[str, str]]) -> str:
    """`parts`: what, and by how much."""
    split = ": " + ", ".join(f"{what} by {by}" for what, by in parts) if parts else ""
    return f"From layer {layers} to layer 1, each layer multiplies ‖δ‖ by {mean} (geometric mean){split}."


def stuck(layer: int) -> str:
    return f"Nothing arrives below layer {layer + 1}: δ is 0 from layer {layer} on."


def units(saturating: Sequence[str], dead: bool, rows: int) -> tuple[str, ...]:
    """What the words mean. `saturating`: activations with their steepest slope."""
    found = []
    if saturating:
        most = ", ".join(saturating)
        found.append(f"saturated: the share of units whose |σ′| is below {SATURATED:.0%} of its maximum ({most}).")
    if dead:
        where = "for this input" if rows == 1 else f"for every one of the {rows} rows"
        found.append(f"dead: the share of units whose σ′ is 0 {where} (relu: z ≤ 0): they pass nothing and learn nothing.")
    return tuple(found)


def at_most(activation: str, most: str, layers: int, power: str) -> str:
    """`power` is empty where it is too small for a double."""
    if most == "1":
        return f"σ′ of {activation} is at most 1, where z is 0: it can make a gradient smaller, never larger."
    if layers == 1:
        return f"σ′ of {activation} is at most {most}; one layer has it."
    bound = f"({most})^{layers} ≈ {power}" if power else f"({most})^{layers}, {TOO_SMALL},"
    return f"σ′ of {activation} is at most {most}: {layers} layers of it leave at most {bound} of a gradient."


def measured(layers: int, least: str, most: str, product: str, none: bool) -> str:
    """`product` is empty where it is 0: because one of them is (`none`), or because it is too small for a double."""
    if layers == 1:
        return f"Measured here: the mean σ′ is {least}."
    found = f"≈ {product}" if product else "0" if none else TOO_SMALL
    between = least if least == most else f"{least} to {most}"
    return f"Measured here: a layer's mean σ′ is {between}; the product of {every(layers)} is {found}."


def left_over(none: bool) -> str:
    """`none`: a layer's σ′ is 0."""
    if none:
        return "No weights can make up for a σ′ of 0: only ways past that layer could."
    return "Only weights, or ways past the layers, could make up for that."


def columns_of_side(layers: int) -> tuple[str, ...]:
    return (
        "W̄ layer 1: the mean derivative of its weights, in absolute value, which is all it learns from.",
        f"first/last: ‖δ‖ of layer 1 / ‖δ‖ of layer {layers}; per layer: the geometric mean of the factors between.",
        "Π σ′: the product of the layers' mean σ′.",
    )


KEPT = (
    "Only what a network's name says is changed, in its hidden layers; the last layer and the loss stay as they are.",
    "The weights stay too: the same numbers, or the same scheme with the same random_seed (relu likes larger ones: init: he).",
)


def changed(remedy: str, count: int, hidden: int) -> str:
    key = "skip: previous" if remedy == "skip" else f"{remedy}: true"
    return f"+ {remedy}: {key} in {'the' if hidden == 1 else count} of {hidden} hidden layers." if hidden != count else (
        f"+ {remedy}: {key} in {'the hidden layer' if hidden == 1 else f'{every(hidden)} hidden layers'}.")  # fmt: skip


def all_dead(label: str, layer: int) -> str:
    return f"{label}: all units of layer {layer} are dead (z ≤ 0, and so σ′ = 0), and nothing passes them."


def no_gradient(layer: int, entering: str | None) -> str:
    """`entering`: what σ′ of the last layer lets in, None where that is not it."""
    if entering is None:
        return f"δ of layer {layer} is 0 already, and there is nothing that could travel back."
    return f"σ′ of layer {layer}, the last one, lets only {entering} of the derivative in: its units are saturated or dead."


def bypassed(label: str, product: str, ratio: str) -> str:
    return f"{label}: σ′ alone would leave {product}, and yet {ratio} arrives: a skip connection is a way past σ′ and W."


def repeats(layer: int, fixed: int) -> str:
    beside = "" if not fixed else f"; {fixed} other {'layer stays as it is' if fixed == 1 else 'layers stay as they are'}"
    return f"Layer {layer} is repeated until there are so many layers{beside}."


def turns(label: str, runs: Sequence[tuple[str, int, int]]) -> str:
    """`runs`: verdicts with the depths from and to which they hold."""
    told = [f"{v} at {a}" if a == b else f"{v} from {a} to {b}" for v, a, b in runs]
    return f"{label}: {', '.join(told)} layers."


def verdict(kind: str, layers: int, ratio: str) -> str:
    if layers == 1:
        return "One layer: the gradient does not travel."
    how = {VANISHING: "The gradient vanishes", EXPLODING: "The gradient explodes", HEALTHY: "The gradient is healthy"}[kind]
    return f"{how}: ‖δ‖ of layer 1 is {ratio}{' times ‖δ‖ of layer ' + str(layers) if ratio != '0' else ''}."


def consequence(kind: str, means: Sequence[float], first: str, last: str, layers: int) -> str:
    """What a vanishing or exploding gradient does to the weights. `means`: the mean derivative of each layer's weights."""
    if not any(means):
        return "The derivative of every weight is 0: whatever the rate, all weights stand still."
    sizes = f"The weights of layer 1 have a mean derivative of {first}, those of layer {layers} of {last}"
    if kind == EXPLODING and min(means) > EXPLODED:
        return f"{sizes}: the weights of all layers are thrown far off."
    return f"{sizes}: with one rate for all, {_pace(kind, means[0], means[-1], layers)}."


def _pace(kind: str, first: float, last: float, layers: int) -> str:
    """How layer 1 moves beside the last one."""
    if kind == EXPLODING:
        if not first <= last * APART:  # nan is an overflow
            return "the first layers are thrown far off"
        return f"layer 1 moves {'farther than' if first > last else 'no farther than'} layer {layers}"
    if first == 0:
        return f"layers 1 and {layers} stand still" if last == 0 else "layer 1 stands still"
    if first * APART <= last:
        return "the first layers all but stand still"
    return f"layer 1 moves less than layer {layers}" if first < last else f"layer 1 moves no less than layer {layers}"


def from_depth(kind: str, per_layer: str, depth: int) -> str:
    does = "vanish" if kind == VANISHING else "explode"
    return f"Going on at {per_layer} a layer, it would {does} in a network of {depth} layers."


def rescued(labels: Sequence[str], total: int) -> str:
    if not labels:
        return f"Healthy among the {total} networks: none of them."
    return f"Healthy among the {total} networks: {', '.join(labels)}."


THRESHOLD = (
    f"Thresholds: vanishing where first/last is below {VANISHED:g}, exploding above {EXPLODED:g}, healthy between; "
    f"no gradient where the last layer lets less than {_power(BLOCKED)} in.",
    "They are wengert's own round figures. That a product over the layers decides: Hochreiter 1991; that a factor of about 1 a "
    "layer is wanted: Glorot & Bengio 2010, He et al. 2015.",
)
MOST_FAULTS = 4
NOT_CHECKED = "The derivatives are not verified (--no-verify)."


def derivatives(sentence: str) -> str:
    return f"Derivatives of the spec's network: {sentence[0].lower()}{sentence[1:]}"


def accumulation(right: int, total: int) -> str:
    which = f"{right} of {total} that were made from it"
    if right == total:
        which = "the one that was made from it" if total == 1 else f"{every(total)} that were made from it"
    return f"Networks beside it: forward and reverse sweep agree exactly, modulo a large prime, for {which}."


def figures(count: int, networks: int, faults: Sequence[str], reason: str) -> str:
    """What came of reckoning the figures again."""
    if faults:
        beyond = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        return f"Figures: failed: {'; '.join(faults[:MOST_FAULTS])}{beyond}."
    where = "" if networks == 1 else f" of {networks} networks"
    if reason and not count:
        return f"Figures: unchecked: {reason}."
    if reason:
        return f"Figures: {count}{where} agree with a second reckoning; some unchecked: {reason}."
    return f"Figures: all {count}{where} agree with a second reckoning from the matrices and difference quotients of σ."


def none_because(why: str) -> str:
    return f"No gradient: {why}"
