"""Formulas that hang sympy, or fill the memory with it, somewhere between diff, simplify, expand, evalf and equals.

Each with where that is known from: an issue of github.com/sympy/sympy, or the operation that takes for ever. They are written
in wengert's own language, with the issue's expression as a function of x where it had none.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

LETTERS = "abcdghklmnpqrstuvwyz"
DEEP = 40  # sigmoids within one another


@dataclass(frozen=True)
class Hang:
    name: str
    source: str
    formula: str
    at: str = ""  # without: `diff`; with it `trace`
    options: tuple[str, ...] = ()

    def command(self) -> list[str]:
        point = ["--at", self.at] if self.at else []
        return ["trace" if self.at else "diff", self.formula, *point, *self.options]


def _all(value: str, letters: str = LETTERS) -> str:
    return ",".join(f"{x}={value}" for x in letters)


HANGS = (
    Hang("a power of powers", "Pow(9, 9**9); #17640, #28112", "9**9**9*x"),
    Hang("a tower of five powers", "#28112", "5**5**5**5**5*x + x"),
    Hang("a tower with many digits", "#21579", "10.0**10.0**10.0*x"),
    Hang("a root with a giant index", "#21762, #6835", "4**(111111111111111111111111111111111/2222222222222)*x"),
    Hang("a bracket to such a power", "#21762", "(x**2 + 6)**(33333333333333333/50000000000000000)", "x=1/2"),
    Hang("ratios to powers of ratios", "#20956, #21480",
         "(103394997431911/1000000000000)**(y + 153096909707543/10000000000000)*(y + 163096909707543/10000000000000)", "y=1/3"),
    Hang("a power to a billion", "#10963, #6835", "x**(10**9)*9**(10**9)"),
    Hang("sine of cosine of a tower of exp", "#10952", "sin(cos(exp(exp(exp(exp(x))))))"),
    Hang("sine of a power of a tower", "#17609: 512 GB", "sin(7**exp(exp(exp(10*e))) + x)"),
    Hang("a tower of exp at 5", "exp(exp(exp(exp(5)))).evalf()", "exp(exp(exp(exp(5*x))))"),
    Hang("exp and ln in turn", "#29716",
         "exp(exp(exp(exp(exp(x) - ln(x)) - ln(x)) - ln(x)) - ln(x)) - ln(exp(x) - ln(x))"),
    Hang("the sine of a giant", "sin(10**10**7) of mpmath", "sin(10**10**7*x)"),
    Hang("a power under a cosine", "#21787", "40*(x + 5)**3*cos(10*(x + 5)**4)", "x=1"),
    Hang("a ninth power under sine and cosine", "#17780", "sin((x + 1)**9)*cos((x + 1)**9)", "x=1/2"),
    Hang("a multiple of an angle", "#9032", "-32*sin(64*x)/sqrt(cos(64*x))"),
    Hang("the sine of a sum of twenty", "#14788: 2^n terms", f"sin({'+'.join(LETTERS)})**3", _all("0.1")),
    Hang("tangents, cotangents and ln(x²)", "#23983",
         "-sin(x - 3)/cos(x - 3) + 3*cos(3*x + 1)/sin(3*x + 1) - 2/x + 2/(x*ln(x**2))"),
    Hang("three roots", "#21528", "(sqrt(x - 2) - sqrt(x + 10) - 2*sqrt(x + 7))**7", "x=3"),
    Hang("nested roots", "#18461",
         "sqrt(5)*sqrt(x - sqrt(2)/4)*sqrt(sqrt(2)/20 + sqrt(x - sqrt(2)/4)*sqrt(sqrt(2)/4 + x)/5 + 1/10)"
         "/sqrt(sqrt(2)/4 - x + sqrt(x - sqrt(2)/4)*sqrt(sqrt(2)/4 + x))"),
    Hang("max, sign and abs within one another", "#15440",
         "max(sign(x)*abs(y - max(x, z)), abs(x*y - abs(z)), max(x, y)*sign(z - y), abs(abs(x - y) - abs(y - z)))"),
    Hang("nineteen absolute values", "2^19 branches",
         " + ".join(f"abs({a} - {b})" for a, b in pairwise(LETTERS)), _all("0.5")),
    Hang("choices within choices", "2^n branches", "where(x > 0, " * 12 + "x" + ", x**2 + sin(x))" * 12, "x=1"),
    Hang("a sum of twenty to the 60th", "expand: 10^18 terms", f"({'+'.join(LETTERS)})**60", _all("0.05")),
    Hang("a product of sums", "expand: 2^19 terms",
         "*".join(f"({a} + {b})" for a, b in pairwise(LETTERS)), _all("0.5")),
    Hang("a product like a factorial", "factorial(10**9) in small", "*".join(f"(x + {i})" for i in range(1, 61)), "x=1",
         ("--order", "3")),
    Hang("fractions without a common divisor", "together: gcd of polynomials",
         "+".join(f"1/(x**{i} + y**{i + 1} + z**{i + 2} + 1)" for i in range(2, 9)), "x=1,y=2,z=3"),
    Hang("rationals of 600 digits", "gcd of integers", f"({'7' * 600}/{'3' * 599}1*x + {'1' * 600}/{'9' * 598}7)**40"),
    Hang("the tenth derivative of a product", "diff swells", "exp(sin(x)*tanh(x))*ln(1 + x**2)*atan(exp(x))*sqrt(1 + x**4)",
         "x=1/2", ("--order", "10")),
    Hang("a tower of x", "diff swells", "x**x**x**x**x**x", "x=1.1", ("--order", "4")),
    Hang("sigmoids nested forty deep", "RecursionError of diff from 30", "sigmoid(" * DEEP + "x" + ")" * DEEP, "x=1"),
)  # fmt: skip

NETWORK = """\
inputs: [0.5, -0.25, 1, 0.75]
layers:
  - {units: 8, activation: sigmoid, init: {scheme: xavier, random_seed: 1}}
  - {units: 8, activation: sigmoid, init: {scheme: xavier, random_seed: 2}}
  - {units: 1, activation: sigmoid, init: {scheme: xavier, random_seed: 3}}
targets: [1]
loss: half_squared_error
"""  # equals() of one of its derivatives: more than 150 s
