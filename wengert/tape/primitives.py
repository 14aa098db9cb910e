"""THE rule table: every primitive is one record, its mathematics written in wengert's own formula language.

Values, local partials, both sweeps, derivatives of derivatives, what is printed and what is checked derive from these
records. To add an operation, add a record here and its meaning in verify/meanings.py, which is written independently.

Derivatives as in Abramowitz & Stegun (1964), chapters 4 and 7; activations: Klambauer et al. 2017 (selu), Clevert et al.
2016 (elu), Hendrycks & Gimpel 2016 (gelu, silu), Maas et al. 2013 (leaky_relu). Values at kinks: the minimum-norm
subgradient, 0 for relu and abs, equal shares at a tie.
"""

from __future__ import annotations

from wengert.lang.expr import COMPARISONS
from wengert.lang.vocabulary import Function, Vocabulary
from wengert.tape.record import Condition, Primitive

_P = Primitive
_C = Condition

_POSITIVE = (_C("x > 0", "the logarithm needs a positive argument"),)
_WITHIN_ONE = (_C("abs(x) <= 1", "the argument must lie in [−1, 1]"),)
_OUTSIDE_ONE = (_C("abs(x) >= 1", "the argument must not lie between −1 and 1"),)
_NOT_ZERO = (_C("abs(x) > 0", "the argument must not be 0"),)
_STEEP_AT_ONE = (_C("abs(x) == 1", "the slope is infinite at ±1"),)

_TABLE: tuple[Primitive, ...] = (
    # -- arithmetic
    _P("identity", ("x",), ("1",), "x", samples=((2.0,),),
       sentence="A copy passes its adjoint on unchanged."),
    _P("add", ("x", "y"), noun="the sum", partials=("1", "1"), samples=((2.0, 3.0),),
       sentence="+ copies the adjoint to both sides, because ∂(x + y)/∂x = 1 and ∂(x + y)/∂y = 1."),
    _P("sub", ("x", "y"), noun="the difference", partials=("1", "-1"), samples=((2.0, 3.0),),
       sentence="− copies the adjoint to the left side and turns its sign for the right."),
    _P("mul", ("x", "y"), noun="the product", partials=("y", "x"), samples=((2.0, 3.0),),
       sentence="· swaps: each factor receives the adjoint times the other factor."),
    _P("div", ("x", "y"), noun="the quotient", partials=("1/y", "-out/y"),
       domain=(_C("abs(y) > 0", "the denominator must not be 0"),), samples=((2.0, 3.0),),
       sentence="A quotient is x·(1/y); the denominator receives −x/y² times the adjoint."),
    _P("neg", ("x",), ("-1",), samples=((2.0,),), sentence="A minus sign turns the sign of the adjoint."),
    _P("power", ("x", "y"), noun="the power", partials=("y*x**(y - 1)", "ln(x)*out"),
       stable_partials=("where(y == 0, 0, y*x**(y - 1))",
                        "where(x == 0, where(y > 0, 0, ln(x)*out), ln(x)*out)"),
       samples=((2.0, 3.0), (1.5, -0.5)), aliases=("pow",),
       sentence="The exponent comes down as a factor and is lowered by one."),
    # -- exponentials and logarithms
    _P("exp", ("x",), ("out",), samples=((0.5,),), latex=r"\exp",
       sentence="The exponential is its own derivative: the local partial is the value itself."),
    _P("ln", ("x",), ("1/x",), domain=_POSITIVE, samples=((2.0,),), latex=r"\ln", aliases=("log",),
       sentence="The slope of ln at x is 1/x: steep near 0, flat far out."),
    _P("log2", ("x",), ("1/(x*ln(2))",), "ln(x)/ln(2)", domain=_POSITIVE, samples=((3.0,),), latex=r"\log_2",
       sentence="A logarithm to another base is ln divided by the ln of the base."),
    _P("log10", ("x",), ("1/(x*ln(10))",), "ln(x)/ln(10)", domain=_POSITIVE, samples=((3.0,),),
       latex=r"\log_{10}", aliases=("lg",),
       sentence="A logarithm to another base is ln divided by the ln of the base."),
    _P("log1p", ("x",), ("1/(1 + x)",), "ln(1 + x)",
       domain=(_C("x > -1", "log1p(x) is ln(1 + x): the argument must be greater than −1"),), samples=((0.5,),),
       sentence="ln(1 + x), computed so that a tiny x keeps its digits."),
    _P("expm1", ("x",), ("exp(x)",), "exp(x) - 1", samples=((0.5,),),
       sentence="exp(x) − 1, computed so that a tiny x keeps its digits."),
    _P("log", ("x", "base"), ("1/(x*ln(base))", "-out/(base*ln(base))"), "ln(x)/ln(base)",
       domain=(*_POSITIVE, _C("base > 0", "the base of a logarithm is positive"),
               _C("abs(base - 1) > 0", "the base of a logarithm is not 1")),
       samples=((3.0, 2.0), (3.0, 0.5)), latex=r"\log",
       sentence="log(x, base) is ln(x)/ln(base)."),
    # -- roots and size
    _P("sqrt", ("x",), ("1/(2*out)",), domain=(_C("x >= 0", "the square root needs an argument of at least 0"),),
       kinks=(_C("x == 0", "the slope of the square root at 0 is infinite"),), samples=((2.0,),), latex=r"\sqrt",
       sentence="A root flattens: its slope is 1 over twice the root."),
    _P("cbrt", ("x",), ("1/(3*out**2)",), "sign(x)*abs(x)**(1/3)",
       kinks=(_C("x == 0", "the slope of the cube root at 0 is infinite"),), samples=((2.0,), (-2.0,)),
       sentence="The real cube root, also of negative numbers."),
    _P("abs", ("x",), ("sign(x)",), kinks=(_C("x == 0", "abs at 0: 0 is taken, of the slopes in [−1, 1]"),),
       samples=((2.0,), (-2.0,)), aliases=("Abs", "fabs"),
       sentence="|x| passes the adjoint with the sign of x."),
    _P("sign", ("x",), ("0",), "where(x > 0, 1, where(x < 0, -1, 0))",
       kinks=(_C("x == 0", "sign jumps at 0; 0 is taken as its slope"),), samples=((2.0,), (-2.0,)), aliases=("sgn",),
       sentence="sign is flat on both sides of 0, so nothing flows back."),
    _P("max", ("xs…",), ("where(arg == out, 1/ties, 0)",),
       written="where(arg > rival, 1, where(arg == rival, 1/ties, 0))",
       kinks=(_C("ties > 1", "max at a tie: equal shares to the largest arguments"),),
       samples=((2.0, 3.0), (3.0, 2.0), (1.0, 3.0, 2.0)), latex=r"\max", aliases=("Max", "maximum"),
       sentence="max routes: the whole adjoint goes to the largest argument, none to the others."),
    _P("min", ("xs…",), ("where(arg == out, 1/ties, 0)",),
       written="where(arg < rival, 1, where(arg == rival, 1/ties, 0))",
       kinks=(_C("ties > 1", "min at a tie: equal shares to the smallest arguments"),),
       samples=((2.0, 3.0), (3.0, 2.0), (1.0, 3.0, 2.0)), latex=r"\min", aliases=("Min", "minimum"),
       sentence="min routes: the whole adjoint goes to the smallest argument."),
    *(_P(f"where_{word}", ("a", "b", "p", "q"),
         ("", "", f"where(a {sign} b, 1, 0)", f"where(a {sign} b, 0, 1)"), f"where(a {sign} b, p, q)",
         kinks=(_C("a == b", "where at its boundary: the slope of the branch taken"),),
         samples=((1.0, 2.0, 3.0, 4.0), (2.0, 1.0, 3.0, 4.0)), comparison=word, shown="where",
         sentence="where lets the adjoint through to the branch taken.")
      for word, sign in COMPARISONS.items()),
    # -- trigonometry
    _P("sin", ("x",), ("cos(x)",), samples=((0.5,),), latex=r"\sin", sentence="The slope of sin is cos."),
    _P("cos", ("x",), ("-sin(x)",), samples=((0.5,),), latex=r"\cos", sentence="The slope of cos is −sin."),
    _P("tan", ("x",), ("sec(x)**2",), samples=((0.5,),), latex=r"\tan", aliases=("tg",),
       sentence="By the quotient rule on sin/cos: (cos² + sin²)/cos² = sec²."),
    _P("sec", ("x",), ("out*tan(x)",), "1/cos(x)", samples=((0.5,),), latex=r"\sec", sentence="sec is 1/cos."),
    _P("csc", ("x",), ("-out*cot(x)",), "1/sin(x)",
       domain=(_C("abs(sin(x)) > 0", "csc is 1/sin: sin(x) must not be 0"),), samples=((0.5,),), latex=r"\csc",
       sentence="csc is 1/sin."),
    _P("cot", ("x",), ("-csc(x)**2",), "cos(x)/sin(x)",
       domain=(_C("abs(sin(x)) > 0", "cot is cos/sin: sin(x) must not be 0"),), samples=((0.5,),),
       latex=r"\cot", aliases=("ctg",),
       sentence="cot is cos/sin."),
    _P("asin", ("x",), ("1/sqrt(1 - x**2)",), stable_partials=("1/sqrt((1 - x)*(1 + x))",), domain=_WITHIN_ONE,
       kinks=_STEEP_AT_ONE, samples=((0.5,),), latex=r"\arcsin", aliases=("arcsin",),
       sentence="The inverse function's slope is one over the slope of sin."),
    _P("acos", ("x",), ("-1/sqrt(1 - x**2)",), stable_partials=("-1/sqrt((1 - x)*(1 + x))",), domain=_WITHIN_ONE,
       kinks=_STEEP_AT_ONE, samples=((0.5,),), latex=r"\arccos", aliases=("arccos",),
       sentence="acos is π/2 − asin, so its slope is the negative."),
    _P("atan", ("x",), ("1/(1 + x**2)",), samples=((0.5,),), latex=r"\arctan", aliases=("arctan", "arctg"),
       sentence="The inverse function's slope is one over the slope of tan."),
    _P("asec", ("x",), ("1/(abs(x)*sqrt(x**2 - 1))",), "acos(1/x)", domain=_OUTSIDE_ONE, kinks=_STEEP_AT_ONE,
       samples=((2.0,), (-2.0,)), aliases=("arcsec",), sentence="asec(x) is acos(1/x)."),
    _P("acsc", ("x",), ("-1/(abs(x)*sqrt(x**2 - 1))",), "asin(1/x)", domain=_OUTSIDE_ONE, kinks=_STEEP_AT_ONE,
       samples=((2.0,), (-2.0,)), aliases=("arccsc",), sentence="acsc(x) is asin(1/x)."),
    _P("acot", ("x",), ("-1/(1 + x**2)",), "where(x == 0, pi/2, atan(1/x))",
       kinks=(_C("x == 0", "acot jumps at 0 (it is atan(1/x), in (−π/2, π/2])"),), samples=((2.0,), (-2.0,)),
       aliases=("arccot",), sentence="acot(x) is atan(1/x), in (−π/2, π/2]."),
    _P("atan2", ("y", "x"), ("x/(x**2 + y**2)", "-y/(x**2 + y**2)"), samples=((1.0, 2.0), (1.0, -2.0), (-1.0, -2.0)),
       aliases=("arctan2",), kinks=(_C("abs(x) + abs(y) == 0", "the angle at the origin has no derivative"),),
       sentence="The angle of the point (x, y); note the order of the arguments."),
    # -- hyperbolic
    _P("sinh", ("x",), ("cosh(x)",), samples=((0.5,),), latex=r"\sinh", sentence="The slope of sinh is cosh."),
    _P("cosh", ("x",), ("sinh(x)",), samples=((0.5,),), latex=r"\cosh", sentence="The slope of cosh is sinh."),
    _P("tanh", ("x",), ("1 - out**2",),
       stable_partials=("where(abs(x) < 300, 1/cosh(x)**2, 4*exp(-2*abs(x)))",), samples=((0.5,),), latex=r"\tanh",
       sentence="tanh′ = 1 − tanh²: at most 1, and nearly 0 where tanh saturates."),
    _P("sech", ("x",), ("-out*tanh(x)",), "1/cosh(x)", stable="where(abs(x) < 300, 1/cosh(x), 2*exp(-abs(x)))",
       samples=((0.5,),), sentence="sech is 1/cosh."),
    _P("csch", ("x",), ("-out*coth(x)",), "1/sinh(x)",
       stable="where(abs(x) < 300, 1/sinh(x), 2*sign(x)*exp(-abs(x)))", domain=_NOT_ZERO, samples=((0.5,), (-0.5,)),
       sentence="csch is 1/sinh."),
    _P("coth", ("x",), ("-csch(x)**2",), "1/tanh(x)", domain=_NOT_ZERO, samples=((0.5,),), latex=r"\coth",
       sentence="coth is cosh/sinh."),
    _P("asinh", ("x",), ("1/sqrt(x**2 + 1)",), stable_partials=("1/hypot(x, 1)",), samples=((0.5,), (-2.0,)),
       aliases=("arcsinh", "arsinh"), sentence="The inverse function's slope is one over the slope of sinh."),
    _P("acosh", ("x",), ("1/sqrt(x**2 - 1)",), stable_partials=("1/(sqrt(x - 1)*sqrt(x + 1))",),
       domain=(_C("x >= 1", "acosh needs an argument of at least 1"),),
       kinks=(_C("x == 1", "the slope of acosh at 1 is infinite"),), samples=((2.0,),), aliases=("arccosh", "arcosh"),
       sentence="The inverse function's slope is one over the slope of cosh."),
    _P("atanh", ("x",), ("1/(1 - x**2)",), stable_partials=("1/((1 - x)*(1 + x))",),
       domain=(_C("abs(x) < 1", "atanh needs an argument between −1 and 1"),), samples=((0.5,),),
       aliases=("arctanh", "artanh"), sentence="The inverse function's slope is one over the slope of tanh."),
    _P("asech", ("x",), ("-1/(x*sqrt(1 - x**2))",), "acosh(1/x)", stable_partials=("-1/(x*sqrt((1 - x)*(1 + x)))",),
       domain=(_C("x > 0", "asech needs an argument in (0, 1]"), _C("x <= 1", "asech needs an argument in (0, 1]")),
       kinks=(_C("x == 1", "the slope of asech at 1 is infinite"),), samples=((0.5,),), aliases=("arcsech", "arsech"),
       sentence="asech(x) is acosh(1/x)."),
    _P("acsch", ("x",), ("-1/(abs(x)*sqrt(1 + x**2))",), "asinh(1/x)", stable_partials=("-1/(abs(x)*hypot(1, x))",),
       domain=_NOT_ZERO, samples=((0.5,), (-0.5,)), aliases=("arccsch", "arcsch"), sentence="acsch(x) is asinh(1/x)."),
    _P("acoth", ("x",), ("1/(1 - x**2)",), "atanh(1/x)", stable_partials=("1/((1 - x)*(1 + x))",),
       domain=(_C("abs(x) > 1", "acoth needs an argument outside [−1, 1]"),), samples=((2.0,), (-2.0,)),
       aliases=("arccoth", "arcoth"), sentence="acoth(x) is atanh(1/x)."),
    # -- the error function and length
    _P("erf", ("x",), ("2/sqrt(pi)*exp(-x**2)",), samples=((0.5,),),
       sentence="erf is the integral of a bell curve, so its slope is that curve."),
    _P("erfc", ("x",), ("-2/sqrt(pi)*exp(-x**2)",), "1 - erf(x)", samples=((0.5,),), sentence="erfc is 1 − erf."),
    _P("hypot", ("x", "y"), ("x/out", "y/out"), "sqrt(x**2 + y**2)",
       stable_partials=("where(out == 0, 0, x/out)", "where(out == 0, 0, y/out)"),
       kinks=(_C("out == 0", "a length has no derivative at the origin; 0 is the smallest of its slopes"),),
       samples=((1.0, 2.0),), sentence="The gradient of a length points outward and has length 1."),
    # -- activations
    _P("sigmoid", ("x",), ("out*(1 - out)",), "1/(1 + exp(-x))",
       stable="where(x >= 0, 1/(1 + exp(-x)), exp(x)/(1 + exp(x)))",
       stable_partials=("exp(-abs(x))/(1 + exp(-abs(x)))**2",), samples=((0.5,), (-0.5,)), text="σ", latex=r"\sigma",
       aliases=("σ",), sentence="σ′ = σ·(1 − σ): a product of two numbers that add up to 1 is never more than 1/4."),
    _P("softplus", ("x",), ("sigmoid(x)",), "ln(1 + exp(x))", stable="max(x, 0) + log1p(exp(-abs(x)))",
       samples=((0.5,), (-0.5,)), sentence="softplus is a smooth relu; its slope is σ."),
    _P("relu", ("x",), ("where(x > 0, 1, 0)",), "where(x > 0, x, 0)",
       kinks=(_C("x == 0", "relu at 0: 0 is taken, of the slopes in [0, 1]"),), samples=((2.0,), (-2.0,)),
       text="relu", sentence="relu lets the adjoint through where its argument is positive, and stops it elsewhere."),
    _P("leaky_relu", ("x", "slope"), ("where(x > 0, 1, slope)", "where(x > 0, 0, x)"), "where(x > 0, x, slope*x)",
       defaults=(("slope", "0.01"),),
       kinks=(_C("x == 0", "leaky_relu at 0: the slope of the left side is taken"),),
       samples=((2.0, 0.1), (-2.0, 0.1)), sentence="leaky_relu keeps a small slope where relu would have none."),
    _P("elu", ("x", "alpha"), ("where(x > 0, 1, alpha*exp(x))", "where(x > 0, 0, exp(x) - 1)"),
       "where(x > 0, x, alpha*(exp(x) - 1))", stable="where(x > 0, x, alpha*expm1(x))",
       stable_partials=(None, "where(x > 0, 0, expm1(x))"), defaults=(("alpha", "1"),),
       kinks=(_C("x == 0", "elu at 0: the slope of the left side is taken"),), samples=((2.0, 1.5), (-2.0, 1.5)),
       sentence="elu bends smoothly towards −alpha on the left."),
    _P("selu", ("x",),
       ("where(x > 0, 1.0507009873554804934193349852946, "
        "1.0507009873554804934193349852946*1.6732632423543772848170429916717*exp(x))",),
       "1.0507009873554804934193349852946*where(x > 0, x, 1.6732632423543772848170429916717*(exp(x) - 1))",
       stable="1.0507009873554804934193349852946*where(x > 0, x, 1.6732632423543772848170429916717*expm1(x))",
       kinks=(_C("x == 0", "selu at 0: the slope of the left side is taken"),), samples=((2.0,), (-2.0,)),
       sentence="selu is elu, scaled so that activations keep mean 0 and variance 1."),
    _P("gelu", ("x",), ("(1 + erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)",), "x*(1 + erf(x/sqrt(2)))/2",
       stable="x*erfc(-x/sqrt(2))/2", stable_partials=("erfc(-x/sqrt(2))/2 + x*exp(-x**2/2)/sqrt(2*pi)",),
       samples=((0.5,), (-0.5,)), sentence="gelu weighs x by the normal distribution function Φ(x)."),
    _P("silu", ("x",), ("sigmoid(x)*(1 + x*(1 - sigmoid(x)))",), "x*sigmoid(x)",
       stable_partials=("sigmoid(x)*(1 + x*sigmoid(-x))",), samples=((0.5,), (-0.5,)), aliases=("swish",),
       sentence="silu weighs x by σ(x)."),
    # -- many arguments
    _P("softmax", ("k", "xs…"), literal=True, partials=("", "where(index == k, out*(1 - out), -out*softmax(index, args))"),
       definition="exp(pick)/sum(exp(args))", stable="exp(pick - logsumexp(args))",
       samples=((1.0, 0.5, -0.5), (2.0, 0.5, -0.5, 1.0)),
       sentence="softmax shares 1 out: what one component gains, the others lose."),
    _P("logsumexp", ("xs…",), ("softmax(index, args)",), "ln(sum(exp(args)))", samples=((0.5, -0.5), (1.0, 2.0, 3.0)),
       sentence="logsumexp is a smooth max; its gradient is softmax."),
    _P("sum", ("xs…",), ("1",), samples=((1.0, 2.0), (1.0, 2.0, 3.0)), sentence="A sum copies the adjoint to every term."),
    _P("mean", ("xs…",), ("1/n",), "sum(args)/n", samples=((1.0, 2.0), (1.0, 2.0, 3.0)),
       sentence="A mean gives every term the n-th part of the adjoint."),
    _P("dot", ("xs…",), ("partner",), paired=True, samples=((1.0, 2.0), (1.0, 2.0, 3.0, 4.0)),
       sentence="A dot product swaps like ·: each entry receives its partner times the adjoint."),
    _P("norm", ("xs…",), ("arg/out",), "sqrt(sum(args**2))", stable_partials=("where(out == 0, 0, arg/out)",),
       kinks=(_C("out == 0", "a length has no derivative at the origin; 0 is the smallest of its slopes"),),
       samples=((1.0, 2.0), (1.0, 2.0, 3.0)), sentence="The gradient of a length points outward and has length 1."),
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
