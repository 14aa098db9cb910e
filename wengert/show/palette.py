"""The colours of every picture, each under the name of its purpose, and their grey values.

The strong colours are those of Okabe & Ito, Color universal design, 2008, chosen so that every kind of colour-blindness tells
them apart. In grey they are told apart where their lightness L* differs (0 black, 100 white): it stands beside each; no picture
may rest on colour alone, so that a line also has its dashes, a vertex its outline. Writing is darker than a line of the same
colour: at least 4.5 to 1 on the paper and on every tint, as WCAG 2 asks of small text. Pictures bring their own light paper
along, and so look the same on a dark page, in a browser, in resvg and in print.
"""

from __future__ import annotations

# Okabe & Ito, with L*.
BLACK = "#000000"  # 0
BLUE = "#0072B2"  # 46
VERMILLION = "#D55E00"  # 54
GREEN = "#009E73"  # 58
PURPLE = "#CC79A7"  # 61
SKY = "#56B4E9"  # 70
ORANGE = "#E69F00"  # 71
YELLOW = "#F0E442"  # 89

# What everything stands on, and what is written.
PAPER = "#FFFFFF"  # 100: the background of a picture
INK = "#1A1A1A"  # 9: text and outlines
MUTED = "#595959"  # 38: what is said beside: legends, axes, headings; 7.0 to 1 on paper
FAINT = "#BFBFBF"  # 77: grids, and lines that carry no number; never text

# The two directions of a sweep. Lines, and the same in a tone for writing.
FORWARD = BLUE  # 46: values, and what goes forward
FORWARD_TEXT = "#005A8C"  # 36: 7.4 to 1 on paper
BACKWARD = VERMILLION  # 54: adjoints, gradients, and what goes back
BACKWARD_TEXT = "#A34700"  # 42: 6.1 to 1 on paper

# What a vertex is filled with: tints, all of L* 93 to 97 and alike in grey; its outline says what it is.
INPUT_FILL = "#E3F0F9"  # 94, blue
PARAMETER_FILL = "#FCF8DC"  # 97, yellow
TARGET_FILL = "#DDF2EA"  # 94, green
LOSS_FILL = "#FBE9DC"  # 93, vermillion
OPERATION_FILL = PAPER  # 100
SUMMARY_FILL = "#F2F2F2"  # 95, grey: a vertex that stands for many

# The curves of a plot in their order, each with its dashes (SVG's stroke-dasharray; "" is a full line).
SERIES = (
    (BLUE, ""), (VERMILLION, "7 3"), (GREEN, "2 3"), (PURPLE, "8 3 2 3"), (ORANGE, "12 3"), (BLACK, "1 2"),
)  # fmt: skip
