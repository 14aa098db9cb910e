"""Derivatives of higher order: the derivative as a further Wengert list, which is differentiated again.

`recorder.py` is the arithmetic whose numbers are operands of a growing list, `longer.py` the growing list, `derivatives.py`
knows which sweeps are recorded and gives their values, `written.py` their formulas, `named.py` those in names of quantities.
"""

from wengert.sweep.higher.derivatives import Higher as Higher
from wengert.sweep.higher.derivatives import column as column
from wengert.sweep.higher.derivatives import evaluate as evaluate
from wengert.sweep.higher.derivatives import higher as higher
from wengert.sweep.higher.named import named_formulas as named_formulas
from wengert.sweep.higher.written import higher_formulas as higher_formulas
