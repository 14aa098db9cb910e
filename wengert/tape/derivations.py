"""Why each rule of the table holds, as data: the groups of the table, a derivation for each rule, reasons of the stable forms.

A derivation is a text of lines `formula | why`, in the formula language, over the names of the record's arguments, `v` (the
value), `dv/dx` (its derivative) and `h`, a change that goes to 0. A line that begins with `=` goes on from the line above
with an equal formula, one that begins with `->` with its limit for h to 0; any other line begins anew. `given: TEST` says
where the lines below it hold. Every equality and every limit is checked by tests/show/test_rules.py.

Classical; the order of ideas as in Courant & John, Introduction to Calculus and Analysis I, chapters 3.1 to 3.4. A rule that
has no text here follows from its record's definition by wengert's own chain rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wengert.tape.record import Condition

# The headings of the table of rules, each with the first record below it.
GROUPS: tuple[tuple[str, str], ...] = (
    ("Arithmetic", "identity"),
    ("Exponentials and logarithms", "exp"),
    ("Roots, size and choice", "sqrt"),
    ("Trigonometry", "sin"),
    ("Hyperbolic functions", "sinh"),
    ("The error function and length", "erf"),
    ("Activations", "sigmoid"),
    ("Many arguments", "softmax"),
)

# What each rule is, in a few words: the title of its page.
TITLES: dict[str, str] = {
    "identity": "a copy",
    "add": "the sum",
    "sub": "the difference",
    "mul": "the product",
    "div": "the quotient",
    "neg": "a minus sign",
    "power": "the power",
    "exp": "the exponential, e to the x",
    "ln": "the natural logarithm",
    "log2": "the logarithm to base 2",
    "log10": "the logarithm to base 10",
    "log1p": "ln(1 + x), for small x too",
    "expm1": "exp(x) − 1, for small x too",
    "log": "the logarithm to any base",
    "sqrt": "the square root",
    "cbrt": "the cube root, of negative numbers too",
    "abs": "the size without the sign",
    "sign": "−1, 0 or 1",
    "floor": "down to a whole number",
    "ceil": "up to a whole number",
    "clip": "held between two bounds",
    "max": "the largest",
    "min": "the smallest",
    "where": "a choice between two values",
    "sin": "the sine",
    "cos": "the cosine",
    "tan": "the tangent function, sin/cos",
    "sec": "the secant, 1/cos",
    "csc": "the cosecant, 1/sin",
    "cot": "the cotangent, cos/sin",
    "asin": "the angle whose sine is x",
    "acos": "the angle whose cosine is x",
    "atan": "the angle whose tan is x",
    "asec": "the angle whose secant is x",
    "acsc": "the angle whose cosecant is x",
    "acot": "the angle whose cotangent is x",
    "atan2": "the angle of a point",
    "sinh": "the hyperbolic sine",
    "cosh": "the hyperbolic cosine",
    "tanh": "the hyperbolic tangent, sinh/cosh",
    "sech": "the hyperbolic secant, 1/cosh",
    "csch": "the hyperbolic cosecant, 1/sinh",
    "coth": "the hyperbolic cotangent, cosh/sinh",
    "asinh": "the inverse of sinh",
    "acosh": "the inverse of cosh",
    "atanh": "the inverse of tanh",
    "asech": "the inverse of sech",
    "acsch": "the inverse of csch",
    "acoth": "the inverse of coth",
    "erf": "the error function",
    "erfc": "what the error function leaves to 1",
    "hypot": "the length of the vector (x, y)",
    "sigmoid": "from 0 to 1, in the shape of an S",
    "softplus": "a smooth relu",
    "relu": "the positive part",
    "leaky_relu": "relu with a small slope on the left",
    "elu": "relu with a bend on the left",
    "selu": "elu with fixed constants",
    "gelu": "x times the normal distribution function",
    "silu": "x times its sigmoid",
    "softmax": "the k-th of the shares of 1",
    "logsumexp": "a smooth max",
    "sum": "the sum of any number of terms",
    "mean": "the average",
    "dot": "the dot product of two vectors",
    "norm": "the length of a vector",
}

Kind = Literal["begin", "equal", "limit", "given"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation: `sides` are texts of the formula language, equal to one another (several only where a line
    begins; a comparison for `given`), `limit` the text of what they go to."""

    kind: Kind
    sides: tuple[str, ...]
    why: str = ""
    limit: str = ""


_TEXTS: dict[str, str] = {
    "identity": """
        ((x + h) - x)/h | x moves by h
        = h/h
        = 1
        """,
    "add": """
        ((x + h + y) - (x + y))/h | x moves by h, y stands still
        = h/h
        = 1
        ((x + y + h) - (x + y))/h | y moves by h, x stands still
        = h/h
        = 1
        """,
    "sub": """
        ((x + h - y) - (x - y))/h | x moves by h, y stands still
        = h/h
        = 1
        ((x - (y + h)) - (x - y))/h | y moves by h: the difference moves the other way
        = -h/h
        = -1
        """,
    "mul": """
        ((x + h)*y - x*y)/h | x moves by h, y stands still
        = h*y/h | x·y falls away
        = y | the change of x is felt y times
        (x*(y + h) - x*y)/h | y moves by h, x stands still
        = x*h/h
        = x
        """,
    "div": """
        ((x + h)/y - x/y)/h | x moves by h, y stands still
        = h/(y*h)
        = 1/y
        (x/(y + h) - x/y)/h | y moves by h, x stands still
        = (x*y - x*(y + h))/(h*y*(y + h)) | over the common denominator
        = -x/(y*(y + h)) | x·y falls away, and h
        -> -x/y**2
        = -v/y | v = x/y
        """,
    "neg": """
        (-(x + h) - (-x))/h | x moves by h
        = -h/h
        = -1
        """,
    "power": """
        ((x + h)**3 - x**3)/h | a whole exponent, here 3, is multiplied out
        = 3*x**2 + 3*x*h + h**2 | x²·h once for each of the 3 factors; h² and h³ vanish with h
        -> 3*x**2
        given: x > 0
        x**y = exp(y*ln(x)) | any exponent: a power is an exponential
        dv/dx = exp(y*ln(x))*(y/x) | exp is its own slope; times the slope of y·ln(x)
        = x**y*(y/x)
        = y*x**(y - 1)
        dv/dy = exp(y*ln(x))*ln(x) | now y moves, and ln(x) stands still
        = ln(x)*v
        """,
    "exp": """
        (exp(h) - 1)/h -> 1 | e is the base for which this limit is 1
        (exp(x + h) - exp(x))/h | x moves by h
        = exp(x)*((exp(h) - 1)/h) | exp(x + h) is exp(x)·exp(h)
        -> exp(x)
        = v
        """,
    "ln": """
        exp(v) = x | what v = ln(x) means
        exp(v)*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = 1/exp(v)
        = 1/x
        """,
    "sqrt": """
        (sqrt(x + h) - sqrt(x))/h | x moves by h
        = ((x + h) - x)/(h*(sqrt(x + h) + sqrt(x))) | above and below times √(x + h) + √x
        = 1/(sqrt(x + h) + sqrt(x))
        -> 1/(2*sqrt(x))
        = 1/(2*v)
        """,
    "cbrt": """
        v**3 = x | what the cube root means, for negative x too
        3*v**2*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = 1/(3*v**2)
        """,
    "abs": """
        given: x > 0
        (abs(x + h) - abs(x))/h = ((x + h) - x)/h | h is small: x + h has the sign of x
        = 1
        given: x < 0
        (abs(x + h) - abs(x))/h = (-(x + h) - (-x))/h
        = -1
        """,
    "sign": """
        given: x > 0
        (sign(x + h) - sign(x))/h = (1 - 1)/h | h is small: x + h has the sign of x
        = 0
        given: x < 0
        (sign(x + h) - sign(x))/h = (-1 - (-1))/h
        = 0
        """,
    "floor": """
        (floor(x + h) - floor(x))/h | x is no whole number, and h is small: no step is reached
        = (floor(x) - floor(x))/h
        = 0
        """,
    "ceil": """
        (ceil(x + h) - ceil(x))/h | x is no whole number, and h is small: no step is reached
        = (ceil(x) - ceil(x))/h
        = 0
        """,
    "max": """
        given: x1 > x2
        (max(x1 + h, x2) - max(x1, x2))/h = ((x1 + h) - x1)/h | the larger one moves, and the value with it
        = 1
        (max(x1, x2 + h) - max(x1, x2))/h = (x1 - x1)/h | the smaller one moves: it stays the smaller one
        = 0
        """,
    "min": """
        given: x1 < x2
        (min(x1 + h, x2) - min(x1, x2))/h = ((x1 + h) - x1)/h | the smaller one moves, and the value with it
        = 1
        (min(x1, x2 + h) - min(x1, x2))/h = (x1 - x1)/h | the larger one moves: it stays the larger one
        = 0
        """,
    "where_gt": """
        given: a > b
        (where(a > b, p + h, q) - where(a > b, p, q))/h = ((p + h) - p)/h | p is taken, and moves
        = 1
        (where(a > b, p, q + h) - where(a > b, p, q))/h = (p - p)/h | q moves, and is not taken
        = 0
        given: a < b
        (where(a > b, p + h, q) - where(a > b, p, q))/h = (q - q)/h | p moves, and is not taken
        = 0
        (where(a > b, p, q + h) - where(a > b, p, q))/h = ((q + h) - q)/h | q is taken, and moves
        = 1
        """,
    "sin": """
        sin(h)/h -> 1 | on the unit circle, a short arc and its chord
        (cos(h) - 1)/h -> 0
        (sin(x + h) - sin(x))/h | x moves by h
        = cos(x)*(sin(h)/h) + sin(x)*((cos(h) - 1)/h) | sin(x + h) = sin(x)·cos(h) + cos(x)·sin(h)
        -> cos(x)
        """,
    "cos": """
        sin(h)/h -> 1 | on the unit circle, a short arc and its chord
        (cos(h) - 1)/h -> 0
        (cos(x + h) - cos(x))/h | x moves by h
        = cos(x)*((cos(h) - 1)/h) - sin(x)*(sin(h)/h) | cos(x + h) = cos(x)·cos(h) − sin(x)·sin(h)
        -> -sin(x)
        """,
    "tan": """
        v = sin(x)/cos(x)
        dv/dx = (cos(x)*cos(x) - sin(x)*(-sin(x)))/cos(x)**2 | the quotient rule
        = 1/cos(x)**2 | cos² + sin² = 1
        = sec(x)**2
        """,
    "asin": """
        sin(v) = x | what v = asin(x) means, v in [−π/2, π/2]
        cos(v)*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = 1/cos(v)
        = 1/sqrt(1 - sin(v)**2) | the positive root: cos(v) is not negative on [−π/2, π/2]
        = 1/sqrt(1 - x**2)
        """,
    "acos": """
        cos(v) = x | what v = acos(x) means, v in [0, π]
        -sin(v)*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = -1/sin(v)
        = -1/sqrt(1 - cos(v)**2) | the positive root: sin(v) is not negative on [0, π]
        = -1/sqrt(1 - x**2)
        """,
    "atan": """
        tan(v) = x | what v = atan(x) means, v in (−π/2, π/2)
        sec(v)**2*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = 1/sec(v)**2
        = 1/(1 + tan(v)**2) | sec² = 1 + tan²
        = 1/(1 + x**2)
        """,
    "asec": """
        cos(v) = 1/x | what v = asec(x) means: sec(v) = x
        -sin(v)*dv/dx = -1/x**2 | both sides differentiated, by the chain rule
        dv/dx = 1/(x**2*sin(v))
        = 1/(x**2*sqrt(1 - cos(v)**2)) | the positive root: v is in [0, π]
        = 1/(x**2*sqrt(1 - 1/x**2))
        = 1/(abs(x)*sqrt(x**2 - 1)) | x² is |x|·|x|, and one |x| goes into the root
        """,
    "acsc": """
        sin(v) = 1/x | what v = acsc(x) means: csc(v) = x
        cos(v)*dv/dx = -1/x**2 | both sides differentiated, by the chain rule
        dv/dx = -1/(x**2*cos(v))
        = -1/(x**2*sqrt(1 - sin(v)**2)) | the positive root: v is in [−π/2, π/2]
        = -1/(x**2*sqrt(1 - 1/x**2))
        = -1/(abs(x)*sqrt(x**2 - 1)) | x² is |x|·|x|, and one |x| goes into the root
        """,
    "acot": """
        tan(v) = 1/x | what v = acot(x) means: cot(v) = x; x is not 0
        sec(v)**2*dv/dx = -1/x**2 | both sides differentiated, by the chain rule
        dv/dx = -1/(x**2*(1 + tan(v)**2)) | sec² = 1 + tan²
        = -1/(x**2*(1 + 1/x**2))
        = -1/(1 + x**2)
        """,
    "atan2": """
        given: x > 0
        v = atan(y/x) | to the left of the y-axis the angle is this one and a constant, ±π
        dv/dy = 1/(1 + (y/x)**2)*(1/x) | the slope of atan, times the slope of y/x along y
        = x/(x**2 + y**2) | above and below times x²
        dv/dx = 1/(1 + (y/x)**2)*(-y/x**2) | the slope of atan, times the slope of y/x along x
        = -y/(x**2 + y**2)
        """,
    "sinh": """
        v = (exp(x) - exp(-x))/2
        dv/dx = (exp(x) + exp(-x))/2 | the slope of exp(−x) is −exp(−x)
        = cosh(x)
        """,
    "cosh": """
        v = (exp(x) + exp(-x))/2
        dv/dx = (exp(x) - exp(-x))/2 | the slope of exp(−x) is −exp(−x)
        = sinh(x)
        """,
    "tanh": """
        v = sinh(x)/cosh(x)
        dv/dx = (cosh(x)*cosh(x) - sinh(x)*sinh(x))/cosh(x)**2 | the quotient rule
        = 1 - (sinh(x)/cosh(x))**2
        = 1 - v**2
        """,
    "asinh": """
        sinh(v) = x | what v = asinh(x) means
        cosh(v)*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = 1/cosh(v)
        = 1/sqrt(sinh(v)**2 + 1) | cosh² = sinh² + 1, and cosh is positive
        = 1/sqrt(x**2 + 1)
        """,
    "acosh": """
        cosh(v) = x | what v = acosh(x) means, v at least 0
        sinh(v)*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = 1/sinh(v)
        = 1/sqrt(cosh(v)**2 - 1) | sinh² = cosh² − 1, and sinh(v) is not negative
        = 1/sqrt(x**2 - 1)
        """,
    "atanh": """
        tanh(v) = x | what v = atanh(x) means
        (1 - tanh(v)**2)*dv/dx = 1 | both sides differentiated, by the chain rule
        dv/dx = 1/(1 - tanh(v)**2)
        = 1/(1 - x**2)
        """,
    "asech": """
        cosh(v) = 1/x | what v = asech(x) means: sech(v) = x, v at least 0
        sinh(v)*dv/dx = -1/x**2 | both sides differentiated, by the chain rule
        dv/dx = -1/(x**2*sinh(v))
        = -1/(x**2*sqrt(1/x**2 - 1)) | sinh² = cosh² − 1, and sinh(v) is not negative
        = -1/(x*sqrt(1 - x**2)) | one x goes into the root; x is positive
        """,
    "acsch": """
        sinh(v) = 1/x | what v = acsch(x) means: csch(v) = x
        cosh(v)*dv/dx = -1/x**2 | both sides differentiated, by the chain rule
        dv/dx = -1/(x**2*cosh(v))
        = -1/(x**2*sqrt(1 + 1/x**2)) | cosh² = 1 + sinh², and cosh is positive
        = -1/(abs(x)*sqrt(1 + x**2)) | x² is |x|·|x|, and one |x| goes into the root
        """,
    "acoth": """
        tanh(v) = 1/x | what v = acoth(x) means: coth(v) = x
        (1 - tanh(v)**2)*dv/dx = -1/x**2 | both sides differentiated, by the chain rule
        dv/dx = -1/(x**2*(1 - 1/x**2))
        = 1/(1 - x**2)
        """,
    "erf": """
        (erf(x + h) - erf(x))/h | erf(x) is 2/√π times the area under exp(−t²) from t = 0 to x
        -> 2/sqrt(pi)*exp(-x**2) | the strip from x to x + h is h wide and about exp(−x²) high
        """,
    "relu": """
        given: x > 0
        (relu(x + h) - relu(x))/h = ((x + h) - x)/h | h is small: x + h stays positive
        = 1
        given: x < 0
        (relu(x + h) - relu(x))/h = (0 - 0)/h
        = 0
        """,
    "leaky_relu": """
        given: x > 0
        (leaky_relu(x + h, slope) - leaky_relu(x, slope))/h = ((x + h) - x)/h | x moves by h
        = 1
        (leaky_relu(x, slope + h) - leaky_relu(x, slope))/h = (x - x)/h | slope moves, and is not used here
        = 0
        given: x < 0
        (leaky_relu(x + h, slope) - leaky_relu(x, slope))/h = (slope*(x + h) - slope*x)/h
        = slope
        (leaky_relu(x, slope + h) - leaky_relu(x, slope))/h = ((slope + h)*x - slope*x)/h
        = x
        """,
    "clip": """
        given: lo < x
        given: x < hi
        (clip(x + h, lo, hi) - clip(x, lo, hi))/h = ((x + h) - x)/h | inside the bounds, x is the value
        = 1
        given: x < lo
        given: lo < hi
        (clip(x + h, lo, hi) - clip(x, lo, hi))/h = (lo - lo)/h | below them, lo is the value
        = 0
        (clip(x, lo + h, hi) - clip(x, lo, hi))/h = ((lo + h) - lo)/h
        = 1
        given: x > hi
        given: lo < hi
        (clip(x + h, lo, hi) - clip(x, lo, hi))/h = (hi - hi)/h | above them, hi is the value
        = 0
        (clip(x, lo, hi + h) - clip(x, lo, hi))/h = ((hi + h) - hi)/h
        = 1
        """,
    "sum": """
        ((x1 + h + x2 + x3) - (x1 + x2 + x3))/h | one term moves by h, the others stand still
        = h/h
        = 1
        """,
    "dot": """
        ((x1 + h)*y1 + x2*y2 - (x1*y1 + x2*y2))/h | one entry moves by h; only its own product changes
        = h*y1/h
        = y1
        """,
}

# What a derivation from the definition leads to, beyond the record's own formula.
_AFTER: dict[str, str] = {
    "sigmoid": """
        1 - v = exp(-x)/(1 + exp(-x)) | so the fraction above is v times this
        v*(1 - v) = 1/4 - (v - 1/2)**2 | a square is never negative: at most 1/4, reached where v = 1/2, at x = 0
        """,
    "softplus": """
        exp(x)/(1 + exp(x)) = 1/(exp(-x) + 1) | above and below divided by exp(x)
        = sigmoid(x)
        """,
    "coth": """
        1 - 1/tanh(x)**2 = (sinh(x)**2 - cosh(x)**2)/sinh(x)**2 | tanh is sinh/cosh
        = -1/sinh(x)**2 | cosh² − sinh² = 1
        """,
    "hypot": """
        (x/v)**2 + (y/v)**2 = (x**2 + y**2)/v**2 | the length of the gradient, squared
        = 1
        """,
}

# Where an operation has a value, as far as its record leaves that to the arithmetic: no double is a pole of tan.
DOMAINS: dict[str, tuple[Condition, ...]] = {
    "power": (Condition(
        "where(y == floor(y), where(x == 0, y, 1), where(x == 0, y, x)) >= 0",
        "a negative base needs a whole exponent, and 0 no negative one",
    ),),
    "tan": (Condition("abs(cos(x)) > 0", "tan is sin/cos: cos(x) must not be 0"),),
    "sec": (Condition("abs(cos(x)) > 0", "sec is 1/cos: cos(x) must not be 0"),),
}  # fmt: skip

# Where a kink is, as a reader meets it: a record's tests that are hard to read, each with its place.
PLACES: dict[str, dict[str, str]] = {
    "power": {
        "where(x == 0, where(y > 0, where(y < 1, 1, 0), 0), 0) == 1": "x = 0, 0 < y < 1",
        "where(x == 0, where(y > 1, y - floor(y), 0), 0) > 0": "x = 0, y > 1 and not whole",
        "abs(x) + abs(y) == 0": "x = 0, y = 0",
        "x < 0": "x < 0, y moves",
    },
    "floor": {"x - floor(x) == 0": "x a whole number"},
    "ceil": {"x - floor(x) == 0": "x a whole number"},
    "clip": {
        "where(lo < hi, abs(x - lo), 1) == 0": "x = lo",
        "where(lo < hi, abs(x - hi), 1) == 0": "x = hi",
        "lo == hi": "lo = hi, a bound moves",
    },
    "max": {"where(arg == out, ties, 1) > 1": "the two largest are equal"},
    "min": {"where(arg == out, ties, 1) > 1": "the two smallest are equal"},
    "atan2": {"abs(x) + abs(y) == 0": "x = 0, y = 0", "where(x < 0, abs(y), 1) == 0": "y = 0, x < 0"},
    "hypot": {"out == 0": "x = 0, y = 0"},
    "norm": {"out == 0": "all xi = 0"},
    "leaky_relu": {"where(x == 0, abs(slope - 1), 0) > 0": "x = 0, slope ≠ 1"},
    "elu": {"where(x == 0, abs(alpha - 1), 0) > 0": "x = 0, alpha ≠ 1"},
}  # fmt: skip

# Why a rule is computed in another form than it is written: what doubles lose in the textbook form.
STABLE: dict[str, str] = {
    "power": "at x = 0 the textbook form divides by 0, or takes ln(0), also where the derivative is 0",
    "asin": "near ±1, 1 − x² loses the digits that (1 − x)·(1 + x) keeps",
    "acos": "near ±1, 1 − x² loses the digits that (1 − x)·(1 + x) keeps",
    "atanh": "near ±1, 1 − x² loses the digits that (1 − x)·(1 + x) keeps",
    "acoth": "near ±1, 1 − x² loses the digits that (1 − x)·(1 + x) keeps",
    "asech": "near 1, 1 − x² loses the digits that (1 − x)·(1 + x) keeps",
    "acosh": "near 1, x² − 1 loses the digits that (x − 1)·(x + 1) keeps, and x² overflows for large x",
    "asinh": "x² overflows for large x; hypot does not",
    "acsch": "x² overflows for large x; hypot does not",
    "tanh": "where v is nearly ±1, 1 − v² loses all its digits; written in exp(−2·|x|) it keeps them",
    "sech": "cosh overflows for large x; exp(−|x|) does not",
    "csch": "sinh overflows for large x; exp(−|x|) does not",
    "hypot": "at the origin the textbook form is 0/0",
    "norm": "at the origin the textbook form is 0/0",
    "sigmoid": "exp(−x) overflows far on the left, and 1 − v loses all its digits far on the right, which σ(−x) keeps",
    "softplus": "exp(x) overflows for large x; exp(−|x|) does not",
    "elu": "near 0, exp(x) − 1 loses the digits that expm1 keeps",
    "selu": "near 0, exp(x) − 1 loses the digits that expm1 keeps",
    "gelu": "far on the left, 1 + erf loses all its digits; erfc keeps them",
    "silu": "far on the right, 1 − σ(x) loses the digits that σ(−x) keeps",
    "softmax": "exp(x) overflows for large x; differences to logsumexp do not",
}  # fmt: skip


def derivation(name: str) -> tuple[Line, ...]:
    """The lines of the record's derivation; none where it follows from the record's definition."""
    return _lines(_TEXTS.get(name, ""))


def afterwards(name: str) -> tuple[Line, ...]:
    """What is to be said once the derivative has been found from the definition."""
    return _lines(_AFTER.get(name, ""))


def _lines(text: str) -> tuple[Line, ...]:
    found: list[Line] = []
    for row in text.strip().splitlines():
        formula, _, why = (part.strip() for part in row.partition(" | "))
        if formula.startswith("given: "):
            found.append(Line("given", (formula.removeprefix("given: "),), why))
        elif formula.startswith("= "):
            found.append(Line("equal", (formula.removeprefix("= "),), why))
        elif formula.startswith("-> "):
            found.append(Line("limit", (), why, formula.removeprefix("-> ")))
        else:
            begin, _, limit = formula.partition(" -> ")
            found.append(Line("begin", tuple(begin.split(" = ")), why, limit))
    return tuple(found)
