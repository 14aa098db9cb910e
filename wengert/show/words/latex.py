"""What a LaTeX file says to who opens it."""

from __future__ import annotations

PART = "A part of a document, for \\input. It needs these lines in the preamble:"
WHOLE = "A whole document, for pdflatex."
HEADINGS = "Before \\input, \\newcommand{\\wengertheading}[1]{...} and \\wengerttitle choose other headings."
