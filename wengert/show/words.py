"""The sentences and headings of the documents: one place, so that another language is one file more."""

from __future__ import annotations

FORWARD = "Forward"
REVERSE = "Reverse, from the output back"
GRADIENT = "Gradient"
DERIVATIVE = "Derivative"
ALONG_SEED = "Derivative along the seed"
JACOBIAN = "Jacobian"
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

# Words in cells and lines.
SEED = "seed"
AT = "      at "
NOT_MOVED = "not moved"
SUM_OF_PATHS = "sum of the paths"
UNDEFINED = "undefined"
TOO_LARGE = "… (too large to write out)"

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


def in_names(what: str) -> str:
    return f"{what} is written in the names of statements: in the inputs alone it would take more than 2,000 nodes."


def not_written(what: str) -> str:
    return f"The formula of {what} is too large to be written, even in the names of statements; --at gives its value."


def does_not_depend(of: str, names: str) -> str:
    return f"{of} does not depend on {names}."
