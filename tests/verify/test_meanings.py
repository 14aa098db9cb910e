"""The judge's dictionary against closed values from the literature, to 50 digits."""

from __future__ import annotations

import subprocess
import sys

import mpmath
import pytest

from wengert.verify.meanings import MEANINGS, Context, Outside, TooLarge, literal

mp = mpmath.mp

# operation, arguments, value: an mpmath expression written another way than the dictionary's, or published digits
VALUES = [
    ("ln", "2", "0.69314718055994530941723212145817656807550013436026"),  # DLMF 4.2, OEIS A002162
    ("exp", "1", "2.7182818284590452353602874713526624977572470936999"),
    ("log", "8 2", "3"),
    ("log2", "1024", "10"),
    ("log10", "0.001", "-3"),
    ("log1p", "0", "0"),
    ("expm1", "1", "mp.e - 1"),
    ("sqrt", "2", "1.4142135623730950488016887242096980785696718753769"),
    ("cbrt", "-27", "-3"),
    ("power", "-2 3", "-8"),
    ("power", "0 0", "1"),
    ("power", "0 0.5", "0"),
    ("power", "2 0.5", "mp.sqrt(2)"),
    ("sign", "0", "0"),
    ("sign", "-2.5", "-1"),
    ("max", "1 3 2", "3"),
    ("min", "1 3 -2", "-2"),
    ("floor", "-2.5", "-3"),
    ("floor", "2.9", "2"),
    ("floor", "-3", "-3"),
    ("ceil", "-2.5", "-2"),
    ("ceil", "2.1", "3"),
    ("clip", "5 -1 2", "2"),
    ("clip", "-5 -1 2", "-1"),
    ("clip", "0.5 -1 2", "0.5"),
    ("clip", "0.5 2 2", "2"),
    ("sec", "1", "mp.sec(1)"),
    ("csc", "1", "mp.csc(1)"),
    ("cot", "1", "mp.cot(1)"),
    ("asin", "0.5", "mp.pi/6"),
    ("acos", "0.5", "mp.pi/3"),
    ("asin", "1", "mp.pi/2"),
    ("atan", "1", "mp.pi/4"),
    ("asec", "2", "mp.pi/3"),
    ("acsc", "2", "mp.pi/6"),
    ("acot", "1", "mp.pi/4"),
    ("acot", "-1", "-mp.pi/4"),
    ("acot", "0", "mp.pi/2"),
    ("atan2", "1 -1", "3*mp.pi/4"),
    ("atan2", "0 -1", "mp.pi"),
    ("sinh", "1", "(mp.e - 1/mp.e)/2"),
    ("cosh", "1", "(mp.e + 1/mp.e)/2"),
    ("tanh", "1", "(mp.e**2 - 1)/(mp.e**2 + 1)"),
    ("sech", "1", "2/(mp.e + 1/mp.e)"),
    ("csch", "1", "2/(mp.e - 1/mp.e)"),
    ("coth", "1", "(mp.e**2 + 1)/(mp.e**2 - 1)"),
    ("asinh", "1", "mp.ln(1 + mp.sqrt(2))"),
    ("acosh", "2", "mp.ln(2 + mp.sqrt(3))"),
    ("acosh", "1", "0"),
    ("atanh", "0.5", "mp.ln(3)/2"),
    ("asech", "0.5", "mp.ln(2 + mp.sqrt(3))"),
    ("acsch", "1", "mp.ln(1 + mp.sqrt(2))"),
    ("acoth", "2", "mp.ln(3)/2"),
    ("erf", "1", "0.84270079294971486934122063508260925929606699796630"),  # OEIS A099286
    ("erfc", "10", "1 - mp.erf(10)"),
    ("hypot", "3 4", "5"),
    ("norm", "1 2 2", "3"),
    ("sigmoid", "0", "0.5"),
    ("sigmoid", "1", "mp.e/(1 + mp.e)"),
    ("softplus", "0", "mp.ln(2)"),
    ("softplus", "1000", "1000 + mp.exp(-1000)"),
    ("relu", "-2", "0"),
    ("leaky_relu", "-2", "-0.02"),
    ("leaky_relu", "-2 0.1", "-0.2"),
    ("elu", "-1", "1/mp.e - 1"),
    ("elu", "-1 2", "2/mp.e - 2"),
    ("selu", "1", "1.0507009873554804934193349852946"),
    ("selu", "-1", "mp.mpf('1.0507009873554804934193349852946')*mp.mpf('1.6732632423543772848170429916717')*(1/mp.e - 1)"),
    ("gelu", "1", "mp.ncdf(1)"),
    ("silu", "1", "mp.e/(1 + mp.e)"),
    ("softmax", "2 0 0 0", "mp.mpf(1)/3"),
    ("softmax", "1 1000 1000", "0.5"),
    ("logsumexp", "1000 1000", "1000 + mp.ln(2)"),
    ("sum", "1 2 3", "6"),
    ("mean", "1 2 6", "3"),
    ("dot", "1 2 3 4", "11"),
]


@pytest.mark.parametrize("name", ["erf", "erfc"])
@pytest.mark.parametrize("x", ["0.3", "2.1", "-2.1", "5", "-5", "12", "-12", "20", "-20", "30", "-30"])
def test_error_functions_of_a_complex_step(name: str, x: str) -> None:
    """Value and slope beside mpmath's real function and the density, wherever another series is the right one."""
    for p in (60, 130, 400):
        with mp.workdps(p + 10):
            z = mp.mpc(mp.mpf(x), mp.mpf(10) ** -p)
            got = MEANINGS[name].number(Context(mp, p), [z])
        with mp.workdps(3 * p + 600):
            value = getattr(mp, name)(z.real)
            slope = (1 if name == "erf" else -1) * 2 / mp.sqrt(mp.pi) * mp.exp(-(z.real**2))
            assert abs(got.real - value) <= mp.mpf(10) ** -p * abs(value)
            assert abs(got.imag / z.imag - slope) <= mp.mpf(10) ** -(p + 15)


@pytest.mark.parametrize(("name", "arguments", "expected"), VALUES)
def test_value(name: str, arguments: str, expected: str) -> None:
    with mp.workdps(80):
        context = Context(mp, 70)
        got = MEANINGS[name].number(context, [mp.mpf(a) for a in arguments.split()])
        # The test's own table, not user text.
        want = eval(expected, {"mp": mp}) if "mp." in expected else mp.mpf(expected)
        assert abs(got - want) <= mp.mpf(10) ** -49 * max(1, abs(want))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("ln", "0"), ("ln", "-1"), ("sqrt", "-1"), ("div", "1 0"), ("power", "0 -1"), ("power", "-2 0.5"), ("asin", "1.1"),
     ("atanh", "1"), ("acosh", "0.9"), ("csc", "0"), ("coth", "0"), ("acoth", "0.5"), ("asec", "0.5"), ("log", "2 1"),
     ("log1p", "-1"), ("asech", "2"), ("acsch", "0"), ("softmax", "4 1 2 3"), ("clip", "1 3 2")],
)  # fmt: skip
def test_outside_the_real_domain(name: str, arguments: str) -> None:
    with mp.workdps(70), pytest.raises(Outside):
        MEANINGS[name].number(Context(mp, 60), [mp.mpf(a) for a in arguments.split()])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("exp", "1e1300"), ("tanh", "-1e1300"), ("power", "9 1e12"), ("sin", "1e700"), ("erf", "1e9")],
)
def test_giants_are_refused_before_they_are_built(name: str, arguments: str) -> None:
    with mp.workdps(70), pytest.raises(TooLarge):
        MEANINGS[name].number(Context(mp, 60), [mp.mpf(a) for a in arguments.split()])


@pytest.mark.parametrize("text", ["1e1000000000", "9" * 5000])
def test_giant_literals_are_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        literal(text)


# A point inside the domain for every analytic operation: the complex step must give mpmath's own derivative.
INSIDE = {"acosh": "1.7", "asec": "1.7", "acsc": "-1.7", "acoth": "1.7"}


@pytest.mark.parametrize("name", [k for k, m in MEANINGS.items() if m.analytic and m.takes(1)])
def test_complex_step_has_fifty_digits(name: str) -> None:
    with mp.workdps(80):
        context, x, h = Context(mp, 70), mp.mpf(INSIDE.get(name, "0.37")), mp.mpf(10) ** -70
        f = MEANINGS[name].number
        step = f(context, [mp.mpc(x, h)])
        got = mp.mpc(step).imag / h
    with mp.workdps(160):
        x, h, fine = mp.mpf(x), mp.mpf(10) ** -40, Context(mp, 150)
        # The central difference of order 4: its error is about h⁴.
        side = [f(fine, [x + k * h]) for k in (-2, -1, 1, 2)]
        want = (side[0] - 8 * side[1] + 8 * side[2] - side[3]) / (12 * h)
        assert abs(got - want) <= mp.mpf(10) ** -50 * max(1, abs(want))


def test_reading_the_names_loads_no_library() -> None:
    code = "import sys, wengert.verify.meanings; print('sympy' in sys.modules or 'mpmath' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
