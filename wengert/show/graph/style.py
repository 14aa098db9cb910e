"""How a graph is painted, in every format that has colours: fills, lines, colours of text. Never by colour alone: outlines,
dashes and the signs of the figures (v̄, ∂, ←) say the same."""

from __future__ import annotations

from wengert.show import palette
from wengert.show.graph.model import Flow, Kind, Shape

FILLS: dict[Shape, str] = {
    "input": palette.INPUT_FILL, "parameter": palette.PARAMETER_FILL, "target": palette.TARGET_FILL,
    "operation": palette.OPERATION_FILL, "neuron": palette.OPERATION_FILL, "layer": palette.OPERATION_FILL,
    "loss": palette.LOSS_FILL, "summary": palette.SUMMARY_FILL,
}  # fmt: skip
DASHES: dict[Shape, str] = {"target": "5 3", "summary": "2 3"}  # of outlines
COLOURS: dict[Flow, str] = {"": palette.INK, "forward": palette.FORWARD_TEXT, "backward": palette.BACKWARD_TEXT}
LINES: dict[Kind, tuple[str, float, str]] = {  # colour, width, dashes
    "use": (palette.INK, 1.1, ""), "weight": (palette.INK, 1.1, ""), "skip": (palette.GREEN, 1.8, "9 3"),
    "still": (palette.MUTED, 1.1, "4 4"), "summary": (palette.FAINT, 1.6, "1.5 3"),
}  # fmt: skip
