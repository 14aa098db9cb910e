"""What the web page says beside the document: its controls, and what a screen reader is told."""

from __future__ import annotations

UNTITLED = "wengert"
GENERATED = "Made by wengert, which shows its working."
TABLE = "Table"  # the caption of a table under no heading

# The graph and the steps beside the tables.
GRAPH = "The computational graph"
PICTURE = "Picture"
STEPS = "Step by step"
CURRENT = "The current step"
LOCAL_PARTIAL = "local partial"
FIRST = "First step"
BACK = "One step back"
FORWARD = "One step forward"
LAST = "Last step"
WHOLE = "Show all"
SLIDER = "Step"
HOW = (
    "Go through the working with the buttons, the slider or the keys ← and → (Home and End: first and last, Esc: show all). "
    "A click on a row goes to its step."
)
HOW_GRAPH = "A click in the graph goes to the next step there; figures that a step has not reached yet are hidden."

# The script puts numbers for the words in braces.
PROGRESS = "Step {step} of {steps}"
ALL_STEPS = "All {steps} steps"


def rows(heading: str, first: int, last: int) -> str:
    """The caption of a part of a long table."""
    return f"{heading}, rows {first:,} to {last:,}"
