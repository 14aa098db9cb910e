"""THE rule table: every primitive is one record, its mathematics written in wengert's own formula language.

Values, local partials, both sweeps, derivatives of derivatives, what is printed and what is checked derive from these
records. To add an operation, add a record here and its meaning in verify/meanings.py, which is written independently.

Derivatives as in Abramowitz & Stegun (1964), chapters 4 and 7; activations: Klambauer et al. 2017 (selu), Clevert et al.
2016 (elu), Hendrycks & Gimpel 2016 (gelu, silu), Maas et al. 2013 (leaky_relu). Values at kinks: the minimum-norm
subgradient, 0 for relu and abs, equal shares at a tie. Those of JAX (0.10) and PyTorch (2.13) stand beside them: as measured,
or as their published derivative formulas have it (for max and min of many, jnp.max and torch.amax); else they are left out.
"""

from __future__ import annotations

from wengert.lang.expr import COMPARISONS
from wengert.lang.vocabulary import Function, Vocabulary
from wengert.tape.record import INFINITE, NONE, Condition, Kink, Primitive

_P = Primitive
_C = Condition
_K = Kink

_POSITIVE = (_C("x > 0", "the logarithm needs a positive argument"),)
_POSITIVE_NOT_ZERO = (
    _C("abs(x) > 0", "the logarithm needs a positive argument: at 0 it falls to −∞, and its slope 1/x grows beyond all bounds"),
    *_POSITIVE,
)
_WITHIN_ONE = (_C("abs(x) <= 1", "the argument must lie in [−1, 1]"),)
_OUTSIDE_ONE = (_C("abs(x) >= 1", "the argument must not lie between −1 and 1"),)
_NOT_ZERO = (_C("abs(x) > 0", "the argument must not be 0"),)
_LENGTH = ("a length at the origin", "0", "the gradients of length at most 1")
_SAME = ("",)  # the other system has the record's own partial


def _steep_at_one(name: str, others: tuple[str, ...] | None = None) -> tuple[Kink, ...]:
    return (_K("abs(x) == 1", f"the slope of {name} at ±1 is infinite", slopes=INFINITE, jax=others, torch=others),)


def _tie(name: str, most: str) -> tuple[Kink, ...]:
    test, taken = "where(arg == out, ties, 1) > 1", f"an equal share for each of the {most} arguments"
    here = f"an equal share (1/{{ties}}) for each of the {{ties}} {most} arguments"
    return (_K(test, f"{name} at a tie", taken, ("0", "1"), jax=_SAME, torch=_SAME, here=here),)


def _step(name: str, test: str, place: str) -> tuple[Kink, ...]:
    sentence = f"{name} jumps {place} and has no slope there"
    return (_K(test, sentence, "0, its slope on both sides,", NONE, jax=_SAME, torch=_SAME),)


_TABLE: tuple[Primitive, ...] = (
    # -- arithmetic
    _P("identity", ("x",), ("1",), "x", samples=((2.0,),),
       sentence="A copy passes the adjoint on unchanged. A residual connection lives on this: beside a long "
                "product of factors it keeps one path whose factor is 1."),
    _P("add", ("x", "y"), noun="the sum", partials=("1", "1"), samples=((2.0, 3.0),),
       sentence="A sum copies the adjoint: a change of either side changes the sum by just as much, so that each "
                "side receives the whole adjoint, undivided."),
    _P("sub", ("x", "y"), noun="the difference", partials=("1", "-1"), samples=((2.0, 3.0),),
       sentence="A difference copies the adjoint to its left side and turns its sign for the right side: a larger y "
                "makes the difference smaller."),
    _P("mul", ("x", "y"), noun="the product", partials=("y", "x"), samples=((2.0, 3.0),),
       sentence="A product swaps: a change of x is felt y times, so that x receives the adjoint times y, and y "
                "receives it times x."),
    _P("div", ("x", "y"), noun="the quotient", partials=("1/y", "-out/y"),
       domain=(_C("abs(y) > 0", "the denominator must not be 0"),), samples=((2.0, 3.0),),
       sentence="A change of x is divided by y like x itself. A larger denominator makes the quotient smaller, "
                "hence the minus; near y = 0 both partials are huge."),
    _P("neg", ("x",), ("-1",), samples=((2.0,),),
       sentence="A minus sign turns the sign of what passes it: of the value on the way forward, of the adjoint "
                "on the way back."),
    _P("power", ("x", "y"), noun="the power", partials=("y*x**(y - 1)", "ln(x)*out"),
       stable_partials=("where(y == 0, 0, y*x**(y - 1))",
                        "where(x == 0, where(y > 0, 0, 0*ln(x)), ln(x)*out)"),  # 0·ln(0): undefined, as it must be at 0**0
       kinks=(
           _K("where(x == 0, where(y > 0, where(y < 1, 1, 0), 0), 0) == 1",
              "the slope of a power at base 0 is infinite where the exponent lies between 0 and 1", "", INFINITE, ("x",),
              _SAME*2, _SAME*2),
           _K("where(x == 0, where(y > 1, y - floor(y), 0), 0) > 0",
              "a power at base 0, with no real value left of it", "0, the slope from the right,", "", ("x",), _SAME*2, _SAME*2),
           _K("abs(x) + abs(y) == 0", "a power of 0 jumps where its exponent is 0, from 1 to 0: it has no slope there", "",
              NONE, ("y",), ("", "0"), ("", "0")),
           _K("x < 0", "a negative base has real powers for whole exponents only: no slope with respect to the exponent",
              "", NONE, ("y",), _SAME*2, _SAME*2),
       ),
       elsewhere=(  # a literal whole exponent is another operation of JAX's, whose slope is 0
           _K("abs(x) + abs(y) == 0", "a power with exponent 0 is 1 everywhere, so that its slope at base 0 is 0", "", "",
              ("x",), ("undefined", ""), ("", "")),
       ),
       samples=((2.0, 3.0), (1.5, -0.5)), aliases=("pow",),
       sentence="The exponent comes down as a factor and is lowered by one. The other partial, with ln(x), is "
                "needed only where the exponent itself varies."),
    # -- exponentials and logarithms
    _P("exp", ("x",), ("out",), samples=((0.5,),), latex=r"\exp",
       sentence="The exponential grows as fast as it is large: its slope is its value, which the forward sweep "
                "has already computed."),
    _P("ln", ("x",), ("1/x",), domain=_POSITIVE_NOT_ZERO, samples=((2.0,),), latex=r"\ln", aliases=("log",),
       sentence="To ln, a change of x counts in proportion to x itself: the slope is 1/x, steep near 0 and flat far out."),
    _P("log2", ("x",), ("1/(x*ln(2))",), "ln(x)/ln(2)", domain=_POSITIVE, samples=((3.0,),), latex=r"\log_2",
       sentence="log2 is ln in another unit: divided by the constant ln(2), and so is its slope."),
    _P("log10", ("x",), ("1/(x*ln(10))",), "ln(x)/ln(10)", domain=_POSITIVE, samples=((3.0,),),
       latex=r"\log_{10}", aliases=("lg",),
       sentence="log10 is ln in another unit: divided by the constant ln(10), and so is its slope."),
    _P("log1p", ("x",), ("1/(1 + x)",), "ln(1 + x)",
       domain=(_C("x > -1", "log1p(x) is ln(1 + x): the argument must be greater than −1"),), samples=((0.5,),),
       sentence="ln(1 + x), computed so that a tiny x keeps its digits; its slope is that of ln at 1 + x."),
    _P("expm1", ("x",), ("exp(x)",), "exp(x) - 1", samples=((0.5,),),
       sentence="exp(x) − 1, computed so that a tiny x keeps its digits; the 1 does not change the slope."),
    _P("log", ("x", "base"), ("1/(x*ln(base))", "-out/(base*ln(base))"), "ln(x)/ln(base)",
       domain=(*_POSITIVE, _C("base > 0", "the base of a logarithm is positive"),
               _C("abs(base - 1) > 0", "the base of a logarithm is not 1")),
       samples=((3.0, 2.0), (3.0, 0.5)), latex=r"\log",
       sentence="log(x, base) is ln(x)/ln(base). Where the base is fixed, only the partial 1/(x·ln(base)) is needed."),
    # -- roots and size
    _P("sqrt", ("x",), ("1/(2*out)",), domain=(_C("x >= 0", "the square root needs an argument of at least 0"),),
       kinks=(_K("x == 0", "the slope of the square root at 0 is infinite", slopes=INFINITE, jax=_SAME, torch=_SAME),),
       samples=((2.0,),), latex=r"\sqrt",
       sentence="A root flattens: its slope is 1 over twice the root, infinite at 0 and small far out."),
    _P("cbrt", ("x",), ("1/(3*out**2)",), "sign(x)*abs(x)**(1/3)",
       kinks=(_K("x == 0", "the slope of the cube root at 0 is infinite", slopes=INFINITE, jax=_SAME),),
       samples=((2.0,), (-2.0,)),
       sentence="The real cube root, also of negative numbers. Like every root it is steepest at 0, where its "
                "slope is infinite."),
    _P("abs", ("x",), ("sign(x)",),
       kinks=(_K("x == 0", "abs at 0", "0", ("-1", "1"), jax=("1",), torch=_SAME),),
       samples=((2.0,), (-2.0,)), aliases=("Abs", "fabs"),
       sentence="|x| passes the adjoint on to the right of 0 and turns its sign to the left: there, a larger x "
                "makes |x| smaller."),
    _P("sign", ("x",), ("0",), "where(x > 0, 1, where(x < 0, -1, 0))",
       kinks=_step("sign", "x == 0", "at 0"),
       flat="sign is flat on both sides of 0: its derivative is 0, and nothing flows back",
       samples=((2.0,), (-2.0,)), aliases=("sgn",),
       sentence="sign is flat on both sides of its jump, so that nothing flows back: what stands before a sign "
                "cannot learn through it."),
    _P("floor", ("x",), ("0",), kinks=_step("floor", "x - floor(x) == 0", "at whole numbers"),
       flat="floor is flat between whole numbers: its derivative is 0, and nothing flows back",
       samples=((2.5,), (-2.5,)),
       sentence="floor is flat between whole numbers, so nothing flows back."),
    _P("ceil", ("x",), ("0",), "-floor(-x)", kinks=_step("ceil", "x - floor(x) == 0", "at whole numbers"),
       flat="ceil is flat between whole numbers: its derivative is 0, and nothing flows back",
       samples=((2.5,), (-2.5,)), aliases=("ceiling",),
       sentence="ceil is flat between whole numbers, so nothing flows back."),
    _P("clip", ("x", "lo", "hi"),
       ("where(x > lo, where(x < hi, 1, 0), 0)", "where(x < lo, 1, 0)", "where(x > hi, 1, 0)"),
       "where(x < lo, lo, where(x > hi, hi, x))", domain=(_C("lo <= hi", "clip needs lo ≤ hi"),),
       kinks=(
           _K("where(lo < hi, abs(x - lo), 1) == 0", "clip at its lower bound", "0", ("0", "1"), ("x", "lo"),
              ("1/2", "1/2", ""), ("1", "", "")),
           _K("where(lo < hi, abs(x - hi), 1) == 0", "clip at its upper bound", "0", ("0", "1"), ("x", "hi"),
              ("1/2", "", "1/2"), ("1", "", "")),
           _K("lo == hi", "clip with equal bounds, which can move outward only", "the slope of that side", "", ("lo", "hi")),
       ),
       samples=((0.5, -1.0, 2.0), (-2.0, -1.0, 2.0), (3.0, -1.0, 2.0)), aliases=("clamp",),
       sentence="clip lets the adjoint through between its bounds, and stops it outside."),
    _P("max", ("xs…",), ("where(arg == out, 1/ties, 0)",),
       written="where(n == 2, where(arg > rival, 1, where(arg == rival, 1/2, 0)), where(arg == out, 1/ties, 0))",
       kinks=_tie("max", "largest"),
       samples=((2.0, 3.0), (3.0, 2.0), (1.0, 3.0, 2.0)), latex=r"\max", aliases=("Max", "maximum"),
       sentence="A max routes the adjoint: only the largest argument moves the value, so that it receives the whole "
                "adjoint and the others receive 0."),
    _P("min", ("xs…",), ("where(arg == out, 1/ties, 0)",),
       written="where(n == 2, where(arg < rival, 1, where(arg == rival, 1/2, 0)), where(arg == out, 1/ties, 0))",
       kinks=_tie("min", "smallest"),
       samples=((2.0, 3.0), (3.0, 2.0), (1.0, 3.0, 2.0)), latex=r"\min", aliases=("Min", "minimum"),
       sentence="A min routes the adjoint: only the smallest argument moves the value, so that it receives the whole "
                "adjoint and the others receive 0."),
    *(_P(f"where_{word}", ("a", "b", "p", "q"),
         ("", "", f"where(a {sign} b, 1, 0)", f"where(a {sign} b, 0, 1)"), f"where(a {sign} b, p, q)",
         kinks=(_K("a == b", "where at its boundary", "the slope of the chosen branch", "", ("a", "b"), _SAME*4, _SAME*4),),
         samples=((1.0, 2.0, 3.0, 4.0), (2.0, 1.0, 3.0, 4.0)), comparison=word, shown="where",
         sentence="A choice routes the adjoint: the branch that is taken receives the whole adjoint, the other one 0. The "
                  "comparison receives nothing: a small change of its sides leaves the choice as it is.")
      for word, sign in COMPARISONS.items()),
    # -- trigonometry
    _P("sin", ("x",), ("cos(x)",), samples=((0.5,),), latex=r"\sin",
       sentence="The slope of sin is cos: steepest where sin crosses 0, flat at the top of the wave."),
    _P("cos", ("x",), ("-sin(x)",), samples=((0.5,),), latex=r"\cos",
       sentence="The slope of cos is −sin: from its top at x = 0, cos can only go down."),
    _P("tan", ("x",), ("sec(x)**2",), samples=((0.5,),), latex=r"\tan", aliases=("tg",),
       sentence="tan is sin/cos; by the quotient rule its slope is (cos² + sin²)/cos² = sec², never less than 1."),
    _P("sec", ("x",), ("out*tan(x)",), "1/cos(x)", samples=((0.5,),), latex=r"\sec",
       sentence="sec is 1/cos; the slope of a reciprocal is −cos′/cos² = sin/cos² = sec·tan."),
    _P("csc", ("x",), ("-out*cot(x)",), "1/sin(x)",
       domain=(_C("abs(sin(x)) > 0", "csc is 1/sin: sin(x) must not be 0"),), samples=((0.5,),), latex=r"\csc",
       sentence="csc is 1/sin; the slope of a reciprocal is −sin′/sin² = −cos/sin² = −csc·cot."),
    _P("cot", ("x",), ("-csc(x)**2",), "cos(x)/sin(x)",
       domain=(_C("abs(sin(x)) > 0", "cot is cos/sin: sin(x) must not be 0"),), samples=((0.5,),),
       latex=r"\cot", aliases=("ctg",),
       sentence="cot is cos/sin; by the quotient rule its slope is −(sin² + cos²)/sin² = −csc²: cot falls "
                "wherever it has a value."),
    _P("asin", ("x",), ("1/sqrt(1 - x**2)",), stable_partials=("1/sqrt((1 - x)*(1 + x))",), domain=_WITHIN_ONE,
       kinks=_steep_at_one("asin", _SAME), samples=((0.5,),), latex=r"\arcsin", aliases=("arcsin",),
       sentence="An inverse function's slope is one over the slope of the function: 1/cos at the angle v, "
                "infinite at x = ±1, where sin is flat."),
    _P("acos", ("x",), ("-1/sqrt(1 - x**2)",), stable_partials=("-1/sqrt((1 - x)*(1 + x))",), domain=_WITHIN_ONE,
       kinks=_steep_at_one("acos", _SAME), samples=((0.5,),), latex=r"\arccos", aliases=("arccos",),
       sentence="acos(x) is π/2 − asin(x), so that its slope is that of asin with a minus."),
    _P("atan", ("x",), ("1/(1 + x**2)",), samples=((0.5,),), latex=r"\arctan", aliases=("arctan", "arctg"),
       sentence="An inverse function's slope is one over the slope of the function: 1/sec² at the angle v, at "
                "most 1, and fading for large |x|."),
    _P("asec", ("x",), ("1/(abs(x)*sqrt(x**2 - 1))",), "acos(1/x)", domain=_OUTSIDE_ONE, kinks=_steep_at_one("asec"),
       samples=((2.0,), (-2.0,)), aliases=("arcsec",), sentence="asec(x) is acos(1/x): the chain rule does the rest."),
    _P("acsc", ("x",), ("-1/(abs(x)*sqrt(x**2 - 1))",), "asin(1/x)", domain=_OUTSIDE_ONE, kinks=_steep_at_one("acsc"),
       samples=((2.0,), (-2.0,)), aliases=("arccsc",), sentence="acsc(x) is asin(1/x): the chain rule does the rest."),
    _P("acot", ("x",), ("-1/(1 + x**2)",), "where(x == 0, pi/2, atan(1/x))",
       kinks=(_K("x == 0", "acot jumps at 0, from −π/2 to π/2", "−1, its slope on both sides,", NONE),),
       samples=((2.0,), (-2.0,)), aliases=("arccot",),
       sentence="acot(x) is atan(1/x), in (−π/2, π/2]: its slope is that of atan with a minus, and at 0 it jumps."),
    _P("atan2", ("y", "x"), ("x/(x**2 + y**2)", "-y/(x**2 + y**2)"), samples=((1.0, 2.0), (1.0, -2.0), (-1.0, -2.0)),
       aliases=("arctan2",),
       kinks=(
           _K("abs(x) + abs(y) == 0", "the angle of the origin jumps in every direction: it has no slope there", "", NONE,
              jax=_SAME*2, torch=("0", "0")),
           _K("where(x < 0, abs(y), 1) == 0",
              "atan2 on the negative x-axis jumps by 2π", "1/x, its slope on both sides,", NONE, ("y",), _SAME*2, _SAME*2,
              "{1/x}, its slope on both sides,"),
       ),
       sentence="The angle of the point (x, y); y is written first. A step outward leaves the angle as it is, a "
                "step across turns it the less, the farther out the point is."),
    # -- hyperbolic
    _P("sinh", ("x",), ("cosh(x)",), samples=((0.5,),), latex=r"\sinh",
       sentence="The slope of sinh is cosh, so that it is never less than 1."),
    _P("cosh", ("x",), ("sinh(x)",), samples=((0.5,),), latex=r"\cosh",
       sentence="The slope of cosh is sinh; unlike the one of cos it has no minus."),
    _P("tanh", ("x",), ("1 - out**2",),
       stable_partials=("4*exp(-2*abs(x))/(1 + exp(-2*abs(x)))**2",), samples=((0.5,),), latex=r"\tanh",
       sentence="tanh′ = 1 − tanh²: 1 at x = 0, and nearly 0 where tanh saturates. At its best a tanh passes the "
                "adjoint whole, where a sigmoid keeps a quarter of it."),
    _P("sech", ("x",), ("-out*tanh(x)",), "1/cosh(x)", stable="2*exp(-abs(x))/(1 + exp(-2*abs(x)))",
       samples=((0.5,),), sentence="sech is 1/cosh; the slope of a reciprocal is −cosh′/cosh² = −sinh/cosh² = −sech·tanh."),
    _P("csch", ("x",), ("-out*coth(x)",), "1/sinh(x)",
       stable="-2*sign(x)*exp(-abs(x))/expm1(-2*abs(x))", domain=_NOT_ZERO, samples=((0.5,), (-0.5,)),
       sentence="csch is 1/sinh; the slope of a reciprocal is −sinh′/sinh² = −cosh/sinh² = −csch·coth."),
    _P("coth", ("x",), ("-csch(x)**2",), "1/tanh(x)", domain=_NOT_ZERO, samples=((0.5,),), latex=r"\coth",
       sentence="coth is cosh/sinh; by the quotient rule its slope is (sinh² − cosh²)/sinh² = −csch²."),
    _P("asinh", ("x",), ("1/sqrt(x**2 + 1)",), stable_partials=("1/hypot(x, 1)",), samples=((0.5,), (-2.0,)),
       aliases=("arcsinh", "arsinh"),
       sentence="An inverse function's slope is one over the slope of the function: 1/cosh at v, at most 1."),
    _P("acosh", ("x",), ("1/sqrt(x**2 - 1)",), stable_partials=("1/(sqrt(x - 1)*sqrt(x + 1))",),
       domain=(_C("x >= 1", "acosh needs an argument of at least 1"),),
       kinks=(_K("x == 1", "the slope of acosh at 1 is infinite", slopes=INFINITE, jax=_SAME, torch=_SAME),),
       samples=((2.0,),), aliases=("arccosh", "arcosh"),
       sentence="An inverse function's slope is one over the slope of the function: 1/sinh at v, infinite at x = "
                "1, where cosh is flat."),
    _P("atanh", ("x",), ("1/(1 - x**2)",), stable_partials=("1/((1 - x)*(1 + x))",),
       domain=(_C("abs(x) < 1", "atanh needs an argument between −1 and 1"),), samples=((0.5,),),
       aliases=("arctanh", "artanh"),
       sentence="An inverse function's slope is one over the slope of the function: tanh is nearly flat far out, "
                "so atanh is steep near ±1."),
    _P("asech", ("x",), ("-1/(x*sqrt(1 - x**2))",), "acosh(1/x)", stable_partials=("-1/(x*sqrt((1 - x)*(1 + x)))",),
       domain=(_C("x > 0", "asech needs an argument in (0, 1]"), _C("x <= 1", "asech needs an argument in (0, 1]")),
       kinks=(_K("x == 1", "the slope of asech at 1 is infinite", slopes=INFINITE),), samples=((0.5,),),
       aliases=("arcsech", "arsech"),
       sentence="asech(x) is acosh(1/x): the chain rule does the rest."),
    _P("acsch", ("x",), ("-1/(abs(x)*sqrt(1 + x**2))",), "asinh(1/x)", stable_partials=("-1/(abs(x)*hypot(1, x))",),
       domain=_NOT_ZERO, samples=((0.5,), (-0.5,)), aliases=("arccsch", "arcsch"),
       sentence="acsch(x) is asinh(1/x): the chain rule does the rest."),
    _P("acoth", ("x",), ("1/(1 - x**2)",), "atanh(1/x)", stable_partials=("1/((1 - x)*(1 + x))",),
       domain=(_C("abs(x) > 1", "acoth needs an argument outside [−1, 1]"),), samples=((2.0,), (-2.0,)),
       aliases=("arccoth", "arcoth"),
       sentence="acoth(x) is atanh(1/x): the slope is the formula of atanh, met outside [−1, 1], where it is negative."),
    # -- the error function and length
    _P("erf", ("x",), ("2/sqrt(pi)*exp(-x**2)",), samples=((0.5,),),
       sentence="erf adds up a bell curve from 0 to x, so that its slope is that curve: highest at 0, next to "
                "nothing beyond |x| = 3."),
    _P("erfc", ("x",), ("-2/sqrt(pi)*exp(-x**2)",), "1 - erf(x)", samples=((0.5,),),
       sentence="erfc is 1 − erf, so that its slope is that of erf with a minus."),
    _P("hypot", ("x", "y"), ("x/out", "y/out"), "sqrt(x**2 + y**2)",
       stable_partials=("where(out == 0, 0, x/out)", "where(out == 0, 0, y/out)"),
       kinks=(_K("out == 0", *_LENGTH, jax=("1/2", "1/2"), torch=("undefined", "undefined")),),
       samples=((1.0, 2.0),),
       sentence="The gradient of a length points straight outward and has length 1: a small step outward makes "
                "the length longer by that step."),
    # -- activations
    _P("sigmoid", ("x",), ("out*(1 - out)",), "1/(1 + exp(-x))",
       stable="where(x >= 0, 1/(1 + exp(-x)), exp(x)/(1 + exp(x)))",
       stable_partials=("out*sigmoid(-x)",), samples=((0.5,), (-0.5,)), text="σ", latex=r"\sigma",
       aliases=("σ",),
       sentence="σ′ = σ·(1 − σ): two numbers that add up to 1 have their largest product when they are equal, "
                "1/2·1/2, so that the slope is never more than 1/4. Every sigmoid on the way back leaves at most "
                "a quarter of the adjoint."),
    _P("softplus", ("x",), ("sigmoid(x)",), "ln(1 + exp(x))", stable="max(x, 0) + log1p(exp(-abs(x)))",
       samples=((0.5,), (-0.5,)),
       sentence="softplus is a smooth relu; its slope is σ, which goes from 0 to 1 without a corner."),
    _P("relu", ("x",), ("where(x > 0, 1, 0)",), "where(x > 0, x, 0)",
       kinks=(_K("x == 0", "relu at 0", "0", ("0", "1"), jax=_SAME, torch=_SAME),),
       samples=((2.0,), (-2.0,)), text="relu",
       sentence="relu lets the adjoint through where its argument is positive and stops it elsewhere. A neuron "
                "whose argument is never positive receives no gradient and learns no more: a dead relu."),
    _P("leaky_relu", ("x", "slope"), ("where(x > 0, 1, slope)", "where(x > 0, 0, x)"), "where(x > 0, x, slope*x)",
       defaults=(("slope", "0.01"),),
       kinks=(_K("where(x == 0, abs(slope - 1), 0) > 0",
                 "leaky_relu at 0", "slope, that of the left side,", ("slope", "1"), ("x",), ("1", ""), ("", ""),
                 "{slope}, the slope of the left side,"),),
       samples=((2.0, 0.1), (-2.0, 0.1)),
       sentence="leaky_relu keeps a small slope where relu has none, so that a neuron on the left side still "
                "receives a little and can come back."),
    _P("elu", ("x", "alpha"), ("where(x > 0, 1, alpha*exp(x))", "where(x > 0, 0, exp(x) - 1)"),
       "where(x > 0, x, alpha*(exp(x) - 1))", stable="where(x > 0, x, alpha*expm1(x))",
       stable_partials=(None, "where(x > 0, 0, expm1(x))"), defaults=(("alpha", "1"),),
       kinks=(_K("where(x == 0, abs(alpha - 1), 0) > 0",
                 "elu at 0", "alpha, the slope of the left side,", ("alpha", "1"), ("x",), _SAME*2, _SAME*2,
                 "{alpha}, the slope of the left side,"),),
       samples=((2.0, 1.5), (-2.0, 1.5)),
       sentence="elu is x on the right and bends towards −alpha on the left, where its slope fades instead of "
                "stopping at once."),
    _P("selu", ("x",),
       ("where(x > 0, 1.0507009873554804934193349852946, "
        "1.0507009873554804934193349852946*1.6732632423543772848170429916717*exp(x))",),
       "1.0507009873554804934193349852946*where(x > 0, x, 1.6732632423543772848170429916717*(exp(x) - 1))",
       stable="1.0507009873554804934193349852946*where(x > 0, x, 1.6732632423543772848170429916717*expm1(x))",
       kinks=(_K("x == 0", "selu at 0", "about 1.7581, the slope of the left side,", ("1.0507", "1.7581"), jax=_SAME,
                 torch=_SAME),),
       samples=((2.0,), (-2.0,)),
       sentence="selu is elu with two fixed constants, chosen so that the activations of layer after layer tend "
                "to mean 0 and variance 1."),
    _P("gelu", ("x",), ("(1 + erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)",), "x*(1 + erf(x/sqrt(2)))/2",
       stable="x*erfc(-x/sqrt(2))/2", stable_partials=("erfc(-x/sqrt(2))/2 + x*exp(-x**2/2)/sqrt(2*pi)",),
       samples=((0.5,), (-0.5,)),
       sentence="gelu weighs x by the normal distribution function Φ(x); by the product rule its slope is Φ(x) + "
                "x·Φ′(x), which is a little more than 1 for some x and a little less than 0 for others."),
    _P("silu", ("x",), ("sigmoid(x)*(1 + x*(1 - sigmoid(x)))",), "x*sigmoid(x)",
       stable_partials=("sigmoid(x)*(1 + x*sigmoid(-x))",), samples=((0.5,), (-0.5,)), aliases=("swish",),
       sentence="silu weighs x by σ(x); by the product rule its slope is σ(x) + x·σ(x)·(1 − σ(x)), which is a "
                "little more than 1 for some x and a little less than 0 for others."),
    # -- many arguments
    _P("softmax", ("k", "xs…"), literal=True, partials=("", "where(index == k, out*(1 - out), -out*softmax(index, args))"),
       definition="exp(pick)/sum(exp(args))", stable="exp(pick - logsumexp(args))",
       samples=((1.0, 0.5, -0.5), (2.0, 0.5, -0.5, 1.0)),
       sentence="softmax shares 1 out: what one component gains, the others lose. So a component's partial is "
                "v·(1 − v) for its own argument, and negative for every other one."),
    _P("logsumexp", ("xs…",), ("softmax(index, args)",), "ln(sum(exp(args)))", samples=((0.5, -0.5), (1.0, 2.0, 3.0)),
       sentence="logsumexp is a smooth max: where max gives the adjoint to the largest argument alone, logsumexp "
                "shares it out by softmax, and the shares add up to 1."),
    _P("sum", ("xs…",), ("1",), samples=((1.0, 2.0), (1.0, 2.0, 3.0)),
       sentence="A sum copies the adjoint: every term receives the whole adjoint, however many terms there are."),
    _P("mean", ("xs…",), ("1/n",), "sum(args)/n", samples=((1.0, 2.0), (1.0, 2.0, 3.0)),
       sentence="When one of n terms moves, the mean moves by the n-th part of it, so that each term receives the "
                "n-th part of the adjoint."),
    _P("dot", ("xs…",), ("partner",), paired=True, samples=((1.0, 2.0), (1.0, 2.0, 3.0, 4.0)),
       sentence="A dot product swaps like a product: each entry receives the adjoint times its partner. In a layer, a "
                "weight receives it times its input, an input times its weight."),
    _P("norm", ("xs…",), ("arg/out",), "sqrt(sum(args**2))", stable_partials=("where(out == 0, 0, arg/out)",),
       kinks=(_K("out == 0", *_LENGTH, jax=("undefined",), torch=_SAME),),
       samples=((1.0, 2.0), (1.0, 2.0, 3.0)),
       sentence="The gradient of a length points straight outward and has length 1: a small step outward makes "
                "the length longer by that step."),
)  # fmt: skip

PRIMITIVES: dict[str, Primitive] = {record.name: record for record in _TABLE}

LEFT_OUT_OF_CALLS = frozenset({"add", "sub", "mul", "div", "neg"})  # they have signs


def _vocabulary() -> Vocabulary:
    words: dict[str, tuple[Function, ...]] = {}
    for record in PRIMITIVES.values():
        if record.name in LEFT_OUT_OF_CALLS:
            continue
        if record.comparison:
            words["where"] = (Function("where", 3, 3),)
            continue
        function = Function(record.name, record.least, None if record.many else len(record.params))
        for word in (record.name, *record.aliases):
            words[word] = (*words.get(word, ()), function)
    return words


VOCABULARY: Vocabulary = _vocabulary()
SYMBOLS = {record.name: record.text for record in PRIMITIVES.values() if record.text}
LATEX = {record.name: record.latex for record in PRIMITIVES.values() if record.latex}
