"""Exact numbers: rationals, roots, π, e, and functions of such that stay what they are.

`arithmetic.py` is the way in; `surds.py` holds the normal form of sums and products with roots, `radicals.py` powers of
rationals, `special.py` the values of angles, `functions.py` all other functions, `normal.py` finds zeros that hide, and
`text.py` writes a number in the formula language.
"""

from wengert.sweep.exact.arithmetic import Exact as Exact
