"""The sentences and headings of the documents: one place, so that another language is one file more."""

from __future__ import annotations

FORWARD = "Forward"
REVERSE = "Reverse, from the output back"
GRADIENT = "Gradient"
DERIVATIVE = "Derivative"
ALONG_SEED = "Derivative along the seed"
JACOBIAN = "Jacobian"
JACOBIAN_MATRIX = "The Jacobian as a matrix: a row an output, a column a name"
HESSIAN = "Second derivatives"
HESSIAN_SEED = "Hessian times the seed: how each derivative changes along it"
SYMMETRIC = "The Hessian is symmetric, ∂²f/∂x∂y = ∂²f/∂y∂x: each mixed derivative is worked out once."
LIST = "The list, with its local partials"
CHAIN = "Chain rule, from the output back"
PATHS = "Path by path"

# Headings of columns.
STATEMENT = "statement"
NUMBERS = "numbers"
VALUE = "value"
TANGENT = "tangent"
FROM = "from"
TO = "to"
CONTRIBUTION = "contribution"
SO_FAR = "adjoint so far"
LOCAL_PARTIALS = "local partials"
DERIVATIVE_COLUMN = "derivative"
CHAIN_RULE = "chain rule"
IN_NAMES = "in the list's names"
PUT_BACK = "names put back"
PATH = "path"
PRODUCT = "product"
FORMULA = "formula"
VERDICT = "verdict"
FULL = "full precision"
DRIFT = "drift"

# Words in cells and lines.
SEED = "seed"
AT = "      at "
NOT_MOVED = "not moved"
SUM_OF_PATHS = "sum of the paths"
SUM_OF_ALL = "sum of all paths"
UNDEFINED = "undefined"
TOO_LARGE = "… (too large to write out)"

IN_NAMES_OF_STATEMENTS = " is written in the names of statements: in the inputs alone it would take more than 2,000 nodes."
NOT_WRITTEN_OF = "The formula of "
NOT_WRITTEN = " is too large to be written, even in the names of statements; --at gives its value."
MORE_CARRIED = "… and further nodes alike."
EXACT = "Numbers are exact, their decimals beside; one too long for the table stands by its decimals alone (-f json has it)."
NO_PRODUCT = (
    "∞·0 has no value: the product of the local partials does not tell the slope here; the slopes of the whole output do."
)
KINK_JUMPS = "kink: it jumps here and has no slope"
# The cost.
COST = "Cost in elementary operations"
WHAT = "what"
OPERATIONS = "operations"
PRIMAL_SWEEP = "the values (primal sweep)"
WRITTEN_OUT = "the derivatives' formulas written out"
NOT_COUNTED = "not counted"
HOW_COUNTED = "Local partials are counted in; signs and factors that are always 1 are free; a sum of n terms counts n − 1."

# Lost digits.
AND = " and "
NEARLY_CANCEL = " nearly cancel; "
CONTRIBUTIONS = ": contributions of "
ABSORBED = " is too small to be seen beside "
SATURATED = " it has come to its limit in double precision; "
UNDERFLOWS = " is too small for a double; "
OVERFLOWS = " is too large for a double; "
CONDITIONED = " it magnifies the rounding error of its argument; "
LOCAL = ", local partial of "
DOUBLE_HAS = " and double precision has "

DIRECT = "direct"
NOTHING = "There is nothing to differentiate: no name is free."
NOT_VERIFIED = "Not verified (--no-verify)."


def assumed(sentence: str) -> str:
    return f"Assumed: {sentence}"


def agrees(witnesses: list[str]) -> str:
    return f"agrees: {'; '.join(witnesses)}."


def argument(number: int) -> str:
    return f"argument {number + 1}"


def tangents(name: str, seed: bool) -> str:
    return "Tangents along the seed" if seed else f"Tangents along {name}"


def reverse(output: str, several: bool) -> str:
    return f"Reverse, from {output} back" if several else REVERSE


def checked(proved: int, total: int, worst: str) -> str:
    if proved == total:
        return f"Checked by sympy: {proved} of {total} derivative{'s' if total != 1 else ''} proved."
    return f"Checked: {proved} of {total} derivative{'s' if total != 1 else ''} proved by sympy; verdict of the whole: {worst}."


def kink(left: str | None, right: str | None) -> str:
    if left is None and right is None:
        return "no derivative on either side"
    sides = [f"{side} from the {name}" for side, name in ((left, "left"), (right, "right")) if side is not None]
    missing = [name for side, name in ((left, "left"), (right, "right")) if side is None]
    return "kink: " + ", ".join(sides) + "".join(f", none from the {name}" for name in missing)


def imprecise(right: str) -> str:
    return f"imprecise; right is {right}"


def many_terms(count: int) -> str:
    return f"… ({count} terms)"


def long_formula(name: str) -> str:
    return f"{name} = … (a formula of more than 2,000 nodes, read as the list below)"


def rules_proved(proved: int, asked: int) -> str:
    return f"Rules used: {proved} of {asked} local partials proved by sympy, on each branch."


def convention(statement: str, sentence: str) -> str:
    return f"At {statement}: {sentence}."


def paths(count: int, shown: int, of: str, wrt: str) -> str:
    return f"{count} paths lead from {wrt} to {of}; the first {shown} are shown."


def long_path(length: int) -> str:
    return f"a path of {length} steps, not written out"


def orders(order: int) -> str:
    return "Derivatives of order 1 and 2" if order == 2 else f"Derivatives of order 1 to {order}"


def of_order(order: int) -> str:
    return f"Derivatives of order {order}"


def hessian_matrix(of: str, several: bool) -> str:
    return f"The Hessian of {of}" if several else "The Hessian"


def whose(system: str) -> str:
    return f"At kinks the slopes are those of {system} (--kink)."


def rounded(decimals: int) -> str:
    return f"to {decimals} decimals"


def rounding(decimals: int, network: bool) -> str:
    what = "every z, a and loss" if network else "every statement"
    return f"Rounded as on paper: {what} to {decimals} decimals, half away from zero, before it is used."


def carried(name: str, here: str, right: str, operands: str, worked_out: str, full: str) -> str:
    return (
        f"{name} is {here} here, where full precision rounds to {right}: "
        f"from {operands} it is {worked_out}, from the unrounded values {full}."
    )


def forward_cost(names: int) -> str:
    return "forward mode, one sweep" if names == 1 else f"forward mode, all {names} names ({names} sweeps)"


def reverse_cost(names: int, outputs: int) -> str:
    sweeps = "one sweep" if outputs == 1 else f"{outputs} sweeps"
    return f"reverse mode, {sweeps}" if names == 1 else f"reverse mode, all {names} names ({sweeps})"


def paths_left(count: int) -> str:
    return f"The paths of {count} further derivatives are not listed."


def long_paths(count: int, wrt: str, of: str, length: int) -> str:
    return f"{count} paths lead from {wrt} to {of}, each of more than {length} steps: none is written out."


def too_wide(names: int, most: int) -> str:
    return f"A matrix of {names} columns is not drawn (more than {most}); its entries are in the list above."


def does_not_depend(of: str, names: str) -> str:
    return f"{of} does not depend on {names}."
