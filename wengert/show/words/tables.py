"""The headings and sentences of `trace` and `diff`, and what several kinds of document share."""

from __future__ import annotations

from collections.abc import Sequence

FORWARD = "Forward"
REVERSE = "Reverse, from the output back"
GRADIENT = "Gradient"
DERIVATIVE = "Derivative"
ALONG_SEED = "Derivative along the seed"
AND_ALONG_SEED = " and derivative along the seed"
DERIVATIVE_AND_ALONG_SEED = "Derivative, and the one along the seed"
THE_SEED = "The seed: "
JACOBIAN = "Jacobian"
JACOBIAN_MATRIX = "Jacobian matrix (a row for each output, a column for each name)"
HESSIAN = "Second derivatives"
HESSIAN_SEED = "Hessian times the seed: how each derivative changes along it"
WORKED_OUT_ONCE = "Each mixed derivative is worked out once, in the order of the names."  # at a kink
ANY_ORDER = "The order of differentiation does not matter: each mixed derivative is worked out once."
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
FROM_ROUNDED = "from rounded nodes"
DRIFT = "drift"

# Words in cells and lines.
SEED = "seed"
AT = "      at "
PLACE = "At "
OF = " of "
SUM_OF_PATHS = "sum of the paths"
SUM_OF_ALL = "sum of all paths"
UNDEFINED = "undefined"
NOT_TAKEN = "not taken"
MOST_NAMED = 8  # names in a sentence
SEE_LIST = "… (in the list above)"
TOO_LARGE = "… (too large to write out)"
NOT_PUT_IN = "…"
LOCAL_PARTIAL = "local partial"

IN_NAMES_OF_STATEMENTS = " is written in the names of statements: in the inputs alone it would take more than 2,000 nodes."
NOT_WRITTEN_OF = "The formula of "
NOT_WRITTEN = " is too large to be written, even in the names of statements; --at gives its value."
NOT_WRITTEN_AT = " is too large to be written, even in the names of statements."
MORE_CARRIED = "… and further nodes alike."
EXACT = "Numbers are exact, their decimals beside; where one is too long, its name or its decimals stand (-f json has it)."
NO_PRODUCT = "∞·0 or ∞ − ∞, which has no value, comes up on the way back"
KINK_JUMPS = "kink: it jumps here and has no slope"
# The cost.
COST = "Cost in elementary operations"
COST_OF_FIRST = "Cost in elementary operations (first derivatives)"
WHAT = "what"
SECTION = "section"  # the first column of CSV
OPERATIONS = "operations"
PRIMAL_SWEEP = "the values (primal sweep)"
SEED_SWEEP = "forward sweep along the seed"
NOT_COUNTED = "not counted"
HOW_COUNTED = (
    "Local partials are counted in; signs and factors that are always 1 are free.",
    "A sum of n terms counts n − 1.",
)

DIRECT = "direct"
NOTHING = "There is nothing to differentiate: no name is free."
NOT_VERIFIED = "Not verified (--no-verify)."
ONE_SIDED = "At a kink the one-sided derivatives were worked out from the formula alone, with 50 digits."


def assumed(sentence: str) -> str:
    return f"Assumed: {sentence}"


def agrees(witnesses: Sequence[str]) -> str:
    """What an agreement is: between our list and the judge, who knows the formula alone."""
    methods = [w.removeprefix("50 digits, ") for w in witnesses]
    named = [f"at {m}" if m == "random points" else f"along {m}" if m == "random directions" else m for m in methods]
    if methods != named:
        return f"agrees: the list in 50 digits equals the judge's derivatives {' and '.join(named)}."
    return f"agrees: the list in 50 digits equals the judge's {' and '.join(named)}."


def no_proof(missed: int, total: int, why: str) -> str:
    """Of derivatives that agree: why sympy has not proved them."""
    return f"No proof{'' if missed == total else f' of {missed:,} of them'}: {why}."


def many_not_written(number: int) -> str:
    return (
        f"{number:,} formulas are not written: too large, even in the names of statements, or too many to write in all "
        "(--wrt asks for fewer)."
    )


def argument(number: int) -> str:
    return f"argument {number + 1}"


def tangents(name: str, seed: bool) -> str:
    return "Tangents along the seed" if seed else f"Tangents along {name}"


def reverse(output: str, several: bool) -> str:
    return f"Reverse, from {output} back" if several else REVERSE


def checked(verdicts: Sequence[str], worst: str) -> str:
    """How many rows have which verdict; `worst` is that of the whole, which a row may not have: that of a value."""
    total = len(verdicts)
    whole = "" if worst in (*verdicts, "agrees") else f"; verdict of the whole: {worst}"
    if set(verdicts) == {"proved"}:
        return f"Checked by sympy: {total} of {total} derivative{'s' if total != 1 else ''} proved{whole}."
    found = {verdict: verdicts.count(verdict) for verdict in ("proved", "agrees", *verdicts) if verdict in verdicts}
    how = {verdict: " (50 digits)" if verdict == "agrees" else "" for verdict in found}
    if total == 1:
        return f"Checked: {verdicts[0]}{how[verdicts[0]]}{whole}."
    plural = {"agrees": "agree", "kink": "kinks"}
    many = [f"{n} {v if n == 1 else plural.get(v, v)}{how[v]}" for v, n in found.items()]
    return f"Checked: {', '.join(many)}{whole}."


def kink_alike(side: str) -> str:
    """Of a higher order, where the derivative below it does not exist: on both sides alike, and none at the point."""
    return f"kink: {side} on either side, none here"


def kink(left: str | None, right: str | None, settled: bool = True) -> str:
    """`settled`: a side without a slope has no value; else its slopes come to no limit."""
    if left is None and right is None:
        return "kink: no derivative on either side"
    sides = [f"{side} from the {name}" for side, name in ((left, "left"), (right, "right")) if side is not None]
    missing = [name for side, name in ((left, "left"), (right, "right")) if side is None]
    what = "value" if settled else "slope"
    return "kink: " + ", ".join(sides) + "".join(f", no {what} on the {name}" for name in missing)


def imprecise(right: str) -> str:
    return f"imprecise; right is {right}"


def many_terms(count: int) -> str:
    return f"… ({count} terms)"


def long_formula(name: str) -> str:
    return f"{name} = … (a formula of more than 2,000 nodes, read as the list of its statements)"


def rules_proved(proved: int, asked: int) -> str:
    if proved < asked:
        return f"The rules used: {proved} of {asked} local partials are proved by sympy."
    if asked == 1:
        return "The rule used: its local partial is proved by sympy, on each branch."
    return f"The rules used: {every(asked)} local partials are proved by sympy, on each branch."


def no_product(system: str | None) -> str:
    """`system`: whose slopes are taken, and who has nan for it."""
    return " is ∞·0, which has no value" + (f" ({system}: nan)" if system else "")


def judged_as_a_whole(outputs: list[str]) -> str:
    return f"; the verdict looks at {' and '.join(outputs[:2]) if len(outputs) < 3 else 'each output'} as a whole."


def convention(statement: str, sentence: str) -> str:
    return f"At {statement}: {sentence}."


def further_conventions(count: int) -> str:
    return f"… and at {count:,} further statement{'' if count == 1 else 's'}."


def paths(count: int, shown: int, of: str, wrt: str, more: int) -> str:
    """`more`: how many of them --paths shows."""
    leads = f"{count:,} paths lead from {wrt} to {of}; the first {shown:,} are shown"
    if shown >= more:
        return f"{leads}."
    return f"{leads}; --paths shows {'all' if count <= more else f'the first {more:,}'}."


def long_path(length: int) -> str:
    return f"a path of {length} steps, not written out"


def orders(order: int) -> str:
    return "Derivatives of order 1 and 2" if order == 2 else f"Derivatives of order 1 to {order}"


def of_order(order: int) -> str:
    return f"Derivatives of order {order}"


def digits_right(count: int) -> str:
    return f"Numbers are worked out to {count} digit{'' if count == 1 else 's'}, each right to the last one shown."


def only_towards(names: Sequence[str]) -> str:
    """`names`: what was asked for, a part of what is free."""
    listed = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return f"Only what leads to {listed} is shown."


def symmetric(pairs: int, outputs: int) -> str:
    """What follows on ∂²f/∂x∂y = ∂²f/∂y∂x."""
    likewise = ", and likewise for every pair" if pairs > 1 or outputs > 1 else ""
    which = "the Hessian is" if outputs == 1 else "every Hessian is"
    return f"{likewise}: each mixed derivative is worked out once ({which} symmetric)."


def hessian_matrix(of: str, several: bool) -> str:
    whose = f" of {of}" if several else ""
    return f"Hessian matrix{whose} (a row and a column for each name)"


def whose(system: str) -> str:
    return f"At kinks the slopes are those of {system} (--kink)."


def rounding(decimals: int, network: bool, loss: bool) -> tuple[str, ...]:
    what = "every statement" if not network else "every z, a and loss" if loss else "every z and a"
    to = f"{decimals} decimal{'' if decimals == 1 else 's'}"
    return (
        f"Rounded as on paper: {what} to {to} (halves away from zero) before it is used.",
        f"Inputs, {'products, ' if network else ''}partials, adjoints and derivatives are not rounded.",
        "The derivatives that are checked are the unrounded ones; drift = rounded − full precision.",
    )


def in_full_precision(heading: str) -> str:
    return f"{heading}, in full precision"


def carried(name: str, here: str, right: str, operands: str, worked_out: str, full: str) -> str:
    return (
        f"{name} is {here} here, where full precision rounds to {right}: "
        f"from {operands} it is {worked_out}, from the unrounded values {full}."
    )


def steep(node: str, value: str, statement: str, decimals: int | None) -> str:
    what = "its slope" if node == statement else f"the slope of {statement}"
    more = "" if decimals is None else f"; --round {decimals} leaves {node} some digits"
    return f"{node} is {value}, rounded to 0, where {what} is not finite{more}."


def forward_cost(names: int) -> str:
    return "forward mode, one sweep" if names == 1 else f"forward mode, {every(names)} names ({names} sweeps)"


def reverse_cost(names: int, outputs: int) -> str:
    sweeps = "one sweep" if outputs == 1 else f"{outputs} sweeps"
    return f"reverse mode, {sweeps}" if names == 1 else f"reverse mode, {every(names)} names ({sweeps})"


def written_out(derivatives: int) -> str:
    return "the same derivative, written out in full" if derivatives == 1 else "the same derivatives, each written out in full"


def every(number: int) -> str:
    return "both" if number == 2 else f"all {number:,}"


def paths_left(count: int) -> str:
    return f"The paths of {count} further derivatives are not listed."


def long_paths(count: int, wrt: str, of: str, length: int) -> str:
    return f"{count} paths lead from {wrt} to {of}, each of more than {length} steps: none is written out."


def too_wide(names: int, most: int) -> str:
    return f"A matrix of {names} columns is not drawn (more than {most}); its entries are in the list above."


def does_not_depend(of: str, names: str) -> str:
    return f"{of} does not depend on {names}."


def more_than(number: str) -> str:
    return f"more than {number}"


def about(number: str) -> str:
    return f"about {number}"


def further_statements(count: int) -> str:
    return f"… and {count:,} more statement{'' if count == 1 else 's'}."


NUMBERS_LEFT_OUT = "…: with its numbers put in, the line would be too long, or would not come out as printed."


def no_letters(characters: str) -> str:
    return f"LaTeX's fonts have no {characters}: there stands U+{ord(characters[0]):04X} and the like (typst and pdf have more)"
