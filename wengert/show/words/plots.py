"""The words in plots: axes, notes, what is marked."""

from __future__ import annotations

STEP = "step"
LOGARITHMIC = "logarithmic scale"
LAYER_BACK = "layer, from the last one back to the first"
LAYERS = "number of layers"
FIRST_TO_LAST = "‖δ‖ of layer 1 / ‖δ‖ of the last layer"
ARGUMENT = "x"
OPEN_DOTS = "An open dot is a limit that is not reached."
TAKEN = "A diamond is the value that is taken where there is no derivative."


def on_a_logarithmic_scale(what: str) -> str:
    return f"{what} ({LOGARITHMIC})"


def went(of: str, before: str, after: str, steps: int, optimizer: str, rate: str) -> str:
    return f"{optimizer}, η = {rate}: {of} goes from {before} to {after} in {steps:,} step{'' if steps == 1 else 's'}."


def at_step(step: int, value: str) -> str:
    return f"step {step:,}: {value}"


def at_layer(network: str, layer: int, value: str) -> str:
    return f"{network + ', ' if network else ''}layer {layer}: {value}"


def at_depth(network: str, layers: int, value: str) -> str:
    return f"{network + ', ' if network else ''}{layers} layers: {value}"


def nothing(names: str) -> str:
    """`names`: of the networks that have a 0 on a logarithmic axis, or less than it shows."""
    return f"An open mark on the lower edge is a 0, or too small to be drawn{f': {names}' if names else ''}."


def not_drawn(network: str, problem: str) -> str:
    return f"Not drawn: {network} ({problem})."


def beyond(names: str) -> str:
    return f"What is too large for a double is not drawn{f': {names}' if names else ''}."


def derivative(sign: str) -> str:
    return f"{sign}′"


def of(function: str, argument: str) -> str:
    return f"{function}({argument})"


def curves(function: str, derivative: str) -> str:
    return f"{function} and its derivative {derivative}."


def steepest(slope: str, value: str, exact: bool) -> str:
    return f"largest slope: {slope} {'=' if exact else '≈'} {value}"


def default(name: str, value: str) -> str:
    return f"{name} = {value}, its default"


def level(verdict: str, below: bool, at: float) -> str:
    return f"{verdict} {'below' if below else 'above'} {at:,.10g}"
