"""The sentences and headings of `wengert rules`."""

from __future__ import annotations

from collections.abc import Sequence

# Headings of sections.
PARTIALS = "Local partials"
DERIVATION = "Derivation"
FROM_DEFINITION = "Derivation from the definition, as a Wengert list"
BY_CHAIN_RULE = "The chain rule, from the value back"
RESULT = "Result"
FLOW = "Which way the gradient flows"
KINKS = "Kinks"
COMPUTED = "As it is computed in double precision"

# Headings of columns.
RULE = "rule"
PARTIAL = "local partials"
DOMAIN = "domain"
KINK = "kinks"
TO = "to"
RECEIVES = "receives"
NUMBERS = "numbers"
VALUE = "value"
AT = "at"
SLOPE = "slope"
SLOPE_LEFT = "slope from the left"
LEFT = "from the left"
RIGHT = "from the right"
TAKEN = "taken"
CONVENTION = "convention"

PROVED_FOR = "Proved: sympy's own derivative of the operation minus the formula reduces to 0."
TABLE_OPENING = (
    "v is the value of an operation; a rule says how v changes with each argument.",
    "xi is any one of x1, ..., xn.",
    "ties is the number of arguments that are as large (of min: as small) as v.",
)
TABLE_MORE = "wengert rules NAME shows one of them: its derivation, its proof and a number."
SMALL_CHANGE = "h is a small change of the argument, and goes to 0."
ALL_REAL = "Domain: all real numbers"
DOMAIN_IS = "Domain: "
NO_VALUE = "no value"
NOT_VERIFIED = "Not verified (--no-verify)."
ALSO = "Also written: "
COMPARISON = "The comparison may be "


def here(example: str) -> str:
    return f"(here {example})"


def ties(name: str) -> str:
    return f"ties is the number of arguments that are as {'large' if name == 'max' else 'small'} as v."


def adjoint_arrives(adjoint: str) -> str:
    return f"v\u0304 is the derivative of some output f with respect to v; say v\u0304 = {adjoint} arrives."


def for_which(condition: str) -> str:
    return f"for {condition}:"


def several(kind: str, names: Sequence[str]) -> str:
    return f"{kind}{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else f"{kind}{names[0]}"


def branches(count: int) -> str:
    return "proved" if count <= 1 else f"proved on {count} branches"


def open_verdict(reason: str | None) -> str:
    return f"not proved{f' ({reason})' if reason else ''}; no difference at random points"


def failed(reason: str | None) -> str:
    return f"failed: {reason}"


def unchecked(reason: str | None) -> str:
    return f"unchecked: {reason or 'there was no answer'}"


def all_proved(proved: int, asked: int) -> str:
    if proved == asked:
        return f"Checked by sympy: {proved} of {asked} local partials proved."
    return f"Checked: {proved} of {asked} local partials proved by sympy."


def stable(why: str) -> str:
    return f"Why: {why}."
