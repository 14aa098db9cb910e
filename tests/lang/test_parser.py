"""The parser: text beside the tree it is read as, and bad text beside its message."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.programs import parse, tree
from wengert.errors import FormulaError, Source, SpecError
from wengert.lang.expr import Nodes
from wengert.lang.parser import parse_expression, parse_statements
from wengert.lang.program import read_formula
from wengert.lang.spec import read_source
from wengert.show.notation import language
from wengert.tape.primitives import PRIMITIVES, VOCABULARY

TREES = [
    # precedence, Python's
    ("a+b*c", "(+ a (* b c))"),
    ("a-b-c", "(- (- a b) c)"),
    ("a/b/c", "(/ (/ a b) c)"),
    ("a/b*c", "(* (/ a b) c)"),
    ("a**b**c", "(** a (** b c))"),
    ("(a**b)**c", "(** (** a b) c)"),
    ("-x**2", "(neg (** x 2))"),
    ("(-x)**2", "(** (neg x) 2)"),
    ("2**-x", "(** 2 (neg x))"),
    ("2**-x**2", "(** 2 (neg (** x 2)))"),
    ("-x*y", "(* (neg x) y)"),
    ("a*-b", "(* a (neg b))"),
    ("a--b", "(- a (neg b))"),
    ("+x", "x"),
    ("a-+b", "(- a b)"),
    ("x**2*y", "(* (** x 2) y)"),
    ("x**2**y", "(** x (** 2 y))"),
    # implicit products bind like ·, left to right
    ("1/2x", "(* (/ 1 2) x)"),
    ("2x^2", "(* 2 (** x 2))"),
    ("-2x", "(* (neg 2) x)"),
    ("3(x+1)(x-1)", "(* (* 3 (+ x 1)) (- x 1))"),
    ("(x+1)(x-1)", "(* (+ x 1) (- x 1))"),
    ("x y", "(* x y)"),
    ("2 sin(x)", "(* 2 (sin x))"),
    ("sin(x)cos(x)", "(* (sin x) (cos x))"),
    ("x(x+1)", "(* x (+ x 1))"),
    ("a/b c", "(* (/ a b) c)"),
    ("2π", "(* 2 π)"),
    ("2e", "(* 2 e)"),
    ("2^3x", "(* (** 2 3) x)"),
    ("x^2y", "(* (** x 2) y)"),
    # superscripts
    ("x²", "(** x 2)"),
    ("x⁻²", "(** x (neg 2))"),
    ("-x²", "(neg (** x 2))"),
    ("2x²y", "(* (* 2 (** x 2)) y)"),
    ("x²³", "(** x 23)"),
    ("(x+1)²", "(** (+ x 1) 2)"),
    ("x^y²", "(** x (** y 2))"),
    ("2^x²", "(** 2 (** x 2))"),
    ("sin²(x)", "(** (sin x) 2)"),
    ("sin^2(x)", "(** (sin x) 2)"),
    ("sin**2(x)", "(** (sin x) 2)"),
    ("sin(x)²", "(** (sin x) 2)"),
    ("sin(x)^2", "(** (sin x) 2)"),
    ("sin²(x)+cos²(x)", "(+ (** (sin x) 2) (** (cos x) 2))"),
    # bars and roots
    ("|x|", "(abs x)"),
    ("|x||y|", "(* (abs x) (abs y))"),
    ("||x|-1|", "(abs (- (abs x) 1))"),
    ("|x|²", "(** (abs x) 2)"),
    ("-|x|", "(neg (abs x))"),
    ("2|x|y", "(* (* 2 (abs x)) y)"),
    ("√x", "(sqrt x)"),
    ("√2x", "(* (sqrt 2) x)"),
    ("√(x+1)", "(sqrt (+ x 1))"),
    ("√x+1", "(+ (sqrt x) 1)"),
    ("√√x", "(sqrt (sqrt x))"),
    ("√sin(x)", "(sqrt (sin x))"),
    ("x√y", "(* x (sqrt y))"),
    ("√|x|", "(sqrt (abs x))"),
    # names and calls
    ("θ1", "θ1"),
    ("w_out", "w_out"),
    ("x₁", "x₁"),
    ("σ(x)", "(sigmoid x)"),
    ("xy", "xy"),
    ("log(x)", "(ln x)"),
    ("log(x, 2)", "(log x 2)"),
    ("Abs(x)", "(abs x)"),
    ("arcsin(x)", "(asin x)"),
    ("Max(x, y, z)", "(max x y z)"),
    ("dot", "dot"),
    ("sin + 1", "(+ sin 1)"),
    ("f(x)", "(* f x)"),
    ("where(x > 0, x, 0)", "(where (> x 0) x 0)"),
    ("where(a+b ≤ c, p, q)", "(where (<= (+ a b) c) p q)"),
    ("where(a == b, 1, 0)", "(where (== a b) 1 0)"),
    ("where((x) > 0, 1, 0)", "(where (> x 0) 1 0)"),
    ("softmax(1, x, y)", "(softmax 1 x y)"),
    ("leaky_relu(x)", "(leaky_relu x)"),
    ("a·b − c÷d", "(- (* a b) (/ c d))"),
    ("0.10*x", "(* 0.10 x)"),
    ("1e-3x", "(* 1e-3 x)"),
    ("x +\ny", "(+ x y)"),
    ("(x\n+ y)", "(+ x y)"),
    ("x*x", "(* x x)"),
]


@pytest.mark.parametrize(("text", "expected"), TREES)
def test_tree(text: str, expected: str) -> None:
    assert tree(*parse(text)) == expected


def test_every_node_knows_where_it_was_written() -> None:
    text = "2x² + sin(|a·b|)"
    nodes, root = parse(text)
    spans: dict[str, str] = {}
    for node in nodes.reachable([root]):
        place = nodes.place(node)
        assert place is not None
        spans[text[place.start : place.end]] = nodes.operation(node)
    assert spans == {
        "2": "number", "x": "name", "²": "number", "x²": "power", "2x²": "mul", "a": "name", "b": "name", "a·b": "mul",
        "|a·b|": "abs", "sin(|a·b|)": "sin", text: "add",
    }  # fmt: skip


STATEMENTS = [
    ("a = w*x + b; y = sigmoid(a)", ["a = (+ (* w x) b)", "y = (sigmoid a)"]),
    ("a = 1\n\nb = 2\n", ["a = 1", "b = 2"]),
    ("a = 1;; b = a;", ["a = 1", "b = a"]),
    ("x + 1", ["(+ x 1)"]),
    ("dot = x; e = dot + 1", ["dot = x", "e = (+ dot 1)"]),
    ("a = x +\n  y\nb = max(a,\n 2)", ["a = (+ x y)", "b = (max a 2)"]),
    ("# first\na = x # one\n# last", ["a = x"]),
    ("a = x\r\nb = a\r\n", ["a = x", "b = a"]),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_statements(text: str, expected: list[str]) -> None:
    nodes = Nodes()
    found = parse_statements(Source(text), nodes, VOCABULARY)
    assert [(f"{s.name} = " if s.name else "") + tree(nodes, s.root) for s in found] == expected


# text, first line of the message, what the carets stand under, hint (None: there is none)
BAD = [
    # a word that nearly is a function, before a bracket
    ("sn(x)", "sn is not a function", "sn", "did you mean sin(…)? A product is written sn*(…)"),
    ("Sin(x)", "Sin is not a function", "Sin", "did you mean sin(…)? A product is written Sin*(…)"),
    ("", "there is no formula here", "", "for example: (x**2+1)**3"),
    ("  \n # nothing", "there is no formula here", " ", "for example: (x**2+1)**3"),
    ("ln x", "ln is a function and needs brackets", "ln x", "write ln(x)"),
    ("sin 2x", "sin is a function and needs brackets", "sin 2", "write sin(2x)"),
    ("sin² x", "sin is a function and needs brackets", "sin² x", "write sin(x)**2"),
    ("sin^-1(x)", "sin to the power -1 can mean two things", "sin^-1", "write asin(…) for the inverse function, or 1/sin(…)"),
    ("sin⁻¹(x)", "sin to the power -1 can mean two things", "sin⁻¹", "write asin(…) for the inverse function, or 1/sin(…)"),
    ("sin^-1 x", "sin to the power -1 can mean two things", "sin^-1", "write asin(…) for the inverse function, or 1/sin(…)"),
    ("sin⁻¹ |x|", "sin to the power -1 can mean two things", "sin⁻¹", "write asin(…) for the inverse function, or 1/sin(…)"),
    ("sin^-2(x)", "the power -2 of sin stands behind its brackets", "sin^-2", "write sin(…)**-2 or 1/sin(…)**2"),
    ("sin^-2 x", "the power -2 of sin stands behind its brackets", "sin^-2", "write sin(…)**-2 or 1/sin(…)**2"),
    ("ln⁻³|x|", "the power -3 of ln stands behind its brackets", "ln⁻³", "write ln(…)**-3 or 1/ln(…)**3"),
    ("ln x^2", "ln is a function and needs brackets", "ln x", "write ln(x^2) or ln(x)^2"),
    ("ln 2x²+1", "ln is a function and needs brackets", "ln 2", "write ln(2x²) or ln(2x)²"),
    ("ln x**-(a)", "ln is a function and needs brackets", "ln x", "write ln(x**-(…)) or ln(x)**-(…)"),
    ("sin^2 2x^2", "sin is a function and needs brackets", "sin^2 2", "write sin(2x^2)**2"),
    ("xsin(x)", "xsin is not a function", "xsin", "did you mean x*sin(…) or sin(…)?"),
    ("2x1sinh(x)", "x1sinh is not a function", "x1sinh", "did you mean x1*sinh(…) or sinh(…)?"),
    ("xln(x)", "xln is not a function", "xln", "did you mean x*ln(…) or ln(…)?"),
    ("2x₁ln(x)", "x₁ln is not a function", "x₁ln", "did you mean x₁*ln(…) or ln(…)?"),
    ("x12sin(x)", "x12sin is not a function", "x12sin", "did you mean x12*sin(…) or sin(…)?"),
    ("x_1sin(x)", "x_1sin is not a function", "x_1sin", "did you mean x_1*sin(…) or sin(…)?"),
    ("piln(x)", "piln is not a function", "piln", "did you mean pi*ln(…) or ln(…)?"),
    ("rate + rateln(x)", "rateln is not a function", "rateln", "did you mean rate*ln(…) or ln(…)?"),
    ("rateln(rate)", "rateln is not a function", "rateln", "did you mean rate*ln(…) or ln(…)?"),
    ("rate = 2; rateln(x)", "rateln is not a function", "rateln", "did you mean rate*ln(…) or ln(…)?"),
    ("xsin²(x)", "xsin is not a function", "xsin", "did you mean x*sin²(…) or sin²(…)?"),
    ("xln^2 (x)", "xln is not a function", "xln", "did you mean x*ln^2(…) or ln^2(…)?"),
    ("sin(x) + sinln(x)", "sinln is not a function", "sinln", "did you mean sin(…)? A product is written sinln*(…)"),
    ("x_max(x)", "x_max is not a function", "x_max", "did you mean max(…)? A product is written x_max*(…)"),
    ("xsin^-1(x)", "xsin is not a function", "xsin", "did you mean x*sin(…) or sin(…)?"),
    ("where(x>0 and x<1, x, x^2)", "and is not known in a formula", "and",
     "where both hold: where(x > 0, where(x < 1, p, q), q)"),
    ("where((x>0) or (x<1), x, x^2)", "or is not known in a formula", "or",
     "where one of two holds: where(x > 0, p, where(x < 1, p, q))"),
    ("where(x>0 && x<1, x, x^2)", "& has no meaning in a formula", "&",
     "where both hold: where(x > 0, where(x < 1, p, q), q)"),
    ("|x||", "these bars do not pair up", "|x||", "write abs(x) for |x|"),
    ("|x|| + y", "these bars do not pair up", "|x||", "write abs(x) for |x|"),
    ("where(x>0 || x<1, x, x^2)", "these bars do not pair up", "||",
     "write abs(x) for |x|; || is not known, where one of two holds: where(x > 0, p, where(x < 1, p, q))"),
    ("exp⁻¹(x)", "exp to the power -1 can mean two things", "exp⁻¹", "write 1/exp(…)"),
    ("|x|y|z|", "these bars can be read in more than one way", "|x|y|z|", "write abs(x) for |x|"),
    ("|x", "these bars do not pair up", "|", "write abs(x) for |x|"),
    ("(x+1", "this bracket is never closed", "(", None),
    ("sin(x", "this bracket is never closed", "sin(", None),
    ("(", "this bracket is never closed", "(", None),
    ("x+1)", "this bracket was never opened", ")", None),
    ("x +", "the formula ends where a number, a name or a bracket is wanted", "", "something is missing after +"),
    ("a = ", "the formula ends where a number, a name or a bracket is wanted", "", "something is missing after ="),
    ("()", "there is nothing between these brackets", "()", None),
    ("x + * y", "a number, a name or a bracket is wanted before *", "*", "a power is written ** or ^, a product *"),
    ("(x+)", "a number, a name or a bracket is wanted before )", ")", None),
    ("x 2", "a number follows directly", "2", "put an operator before it: *2 or **2"),
    ("(x+1)2", "a number follows directly", "2", "put an operator before it: *2 or **2"),
    ("x + 1 = y", "= does not belong here", "=", "a name and = stand at the start of a statement"),
    ("where(x = 0, 1, 2)", "= does not belong here", "=", "where(...) compares with =="),
    ("a < b", "a comparison stands only first in where(...)", "a < b", "for example where(x > 0, x, 0)"),
    ("(a < b) + 1", "a comparison stands only first in where(...)", "a < b", "for example where(x > 0, x, 0)"),
    ("where(a < b < c, 1, 0)", "comparisons do not chain", "<", "where(a > b, p, q) takes one"),
    ("where(x, 1, 0)", "where wants a comparison first", "where(x, 1, 0)", "for example where(x > 0, x, 0)"),
    ("where(x > 0, 1)", "where takes 3 arguments, here it has 2", "where(x > 0, 1)", None),
    ("sin(x, y)", "sin takes 1 argument, here it has 2", "sin(x, y)", None),
    ("log(x, 2, 3)", "log takes 1 or 2 arguments, here it has 3", "log(x, 2, 3)", None),
    ("max()", "max takes at least 1 argument, here it has 0", "max()", None),
    ("softmax(1)", "softmax takes at least 2 arguments, here it has 1", "softmax(1)", None),
    ("max(x,)", "an argument is missing before )", ")", None),
    ("max(,x)", "a number, a name or a bracket is wanted before ,", ",", None),
    ("1,5", "a comma does not belong here", ",", "a decimal point is a full stop: 1.5"),
    ("g(x, y)", "a comma does not belong here", ",", "g is not a function that wengert knows"),
    ("(x, y)", "a comma does not belong here", ",", "a comma stands between the arguments of a function"),
    ("sinn(x)", "sinn is not a function", "sinn", "did you mean sin(…)? A product is written sinn*(…)"),
    ("sigmod(x)", "sigmod is not a function", "sigmod", "did you mean sigmoid(…)? A product is written sigmod*(…)"),
    ("√x²", "a root and a power beside it can be read in two ways", "√x²", "write √(x**2) or (√x)**2"),
    ("√x**2", "a root and a power beside it can be read in two ways", "√x**", "write √(x**2) or (√x)**2"),
    ("x! + 1", "! has no meaning in a formula", "!",
     "write a factorial as a product; where(x != y, p, q) is where(x == y, q, p)"),
    ("5 % 2", "% has no meaning in a formula", "%", "there is no remainder; write a percentage as a fraction"),
    ("math.sin(x)", ". has no meaning in a formula", ".",
     "write sin(x), not math.sin(x); a decimal point stands beside a digit"),
    ("x[1]", "[ has no meaning in a formula", "[", "use round brackets"),
    ("\\frac{1}{x}", "\\ has no meaning in a formula", "\\", "write the formula without LaTeX commands"),
    ("a // b", "// is not an operator here", "//", "write / for division"),
    ("1_000", "digits are not grouped with _", "1_", "write 1000, not 1_000"),
    ("0x10", "only decimal numbers are read", "0x1", "write 16, not 0x10"),
    ("0o10 + 1", "only decimal numbers are read", "0o1", "write 8, not 0o10"),
    ("0b101*x", "only decimal numbers are read", "0b1", "write 5, not 0b101"),
    ("0o98", "only decimal numbers are read", "0o9", "write 16, not 0x10"),
    ("x + .nan", ".nan is no number here", ".nan", "numbers are finite: 0.5, 1e-3, 1/3"),
    ("-.Inf", ".Inf is no number here", ".Inf", "numbers are finite: 0.5, 1e-3, 1/3"),
    ("x.infinite", ". has no meaning in a formula", ".",
     "write sin(x), not math.sin(x); a decimal point stands beside a digit"),
    ("x²⁺", "this superscript is not a whole number", "²⁺", None),
    ("(a; b)", "a ; stands inside brackets", ";", None),
    ("x\x00", "U+0000 has no meaning in a formula", "\x00", "this character shows nothing: delete it"),
    ("x\u200b + 1", "U+200B has no meaning in a formula", "\u200b", "this character shows nothing: delete it"),
    ("x\ufe0f + x", "U+FE0F has no meaning in a formula", "\ufe0f", "this character shows nothing: delete it"),
    ("x\udcc2", "U+DCC2 has no meaning in a formula", "\udcc2",
     "the formula came in another encoding than the locale's; PYTHONUTF8=1 has it read as UTF-8"),
    ("x*\u3164", "U+3164 has no meaning in a formula", "\u3164", "this character shows nothing: delete it"),
]


@pytest.mark.parametrize(("text", "title", "under", "hint"), BAD)
def test_bad_text_beside_its_message(text: str, title: str, under: str, hint: str | None) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_statements(Source(text), Nodes(), VOCABULARY)
    error = caught.value
    assert error.title == title
    assert error.place is not None
    assert text[error.place.start : error.place.end] == under
    assert error.hint == hint
    assert error.report().startswith(f"error: {title}\n")


@pytest.mark.parametrize("factor", ["w", "w12", "θ", "pi", "rate"])
def test_a_product_that_runs_into_any_function(factor: str) -> None:
    for function in VOCABULARY:
        if len(function) > 1:
            with pytest.raises(FormulaError, match=f"^{factor}{function} is not a function") as caught:
                parse_statements(Source(f"rate + {factor}{function}(x)"), Nodes(), VOCABULARY)
            assert (caught.value.hint or "").startswith(f"did you mean {factor}*{function}(…) or ")


@pytest.mark.parametrize("text", ["xln(x)", "sinn(x)", "xsin²(x)"])
def test_a_name_with_a_value_is_no_slip(text: str) -> None:
    name = text.rstrip("²(x)")
    for model in (
        read_formula(text, VOCABULARY, given=[name]),
        read_formula(f"{name} = 3; y = {text}", VOCABULARY),
        read_source(f"formula: {text}\nat: {{{name}: 3}}", None, VOCABULARY),
        read_source(f"formula: {text}", None, VOCABULARY, given=[name]),
        read_source(f"let: {{{name}: 3 + x, y: {text}}}", None, VOCABULARY),
    ):
        assert name in model.names()


def test_a_name_that_is_defined_too_late_is_no_slip() -> None:
    for text in ("y = xln(x); xln = 3", "let: {y: xln(x), xln: 3}"):
        with pytest.raises(FormulaError, match="xln is used before its definition"):
            read_source(text, None, VOCABULARY)


def test_a_name_of_a_network_is_no_slip() -> None:
    layers = "layers: [{weights: [[xln]], activation: xln(x)}]"
    model = read_source(f"inputs: {{x1: 1}}\nparameters: {{xln: 2}}\n{layers}\ntargets: {{tg: 1}}\nloss: xln(tg)",
                        None, VOCABULARY)  # fmt: skip
    assert model.outputs == ("L",)


@pytest.mark.parametrize("text", ["axln(x)", "xyln(x)", "xσ(x)", "xln*(x)", "xln + x", "xln^2*(x)", "xln^y(x)"])
def test_what_is_no_product_of_a_function(text: str) -> None:
    assert parse_expression(Source(text), Nodes(), VOCABULARY) > 0


@pytest.mark.parametrize(
    ("text", "title"),
    [("a = x", "a name with = does not belong here"), ("x; y", "one expression is wanted here, and there are more")],
)
def test_one_expression_is_wanted(text: str, title: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_expression(Source(text), Nodes(), VOCABULARY)
    assert caught.value.title == title


def test_the_report_points_into_a_long_line() -> None:
    text = " + ".join(f"x{i}" for i in range(400)) + " + ln y + 1"
    with pytest.raises(FormulaError) as caught:
        parse(text)
    lines = caught.value.report().split("\n")
    source, carets = next((a, b) for a, b in itertools.pairwise(lines) if b.strip() and set(b.strip()) == {"^"})
    assert len(source) < 90
    at = carets.index("^")
    assert source[at : at + carets.count("^")] == "ln y"


@pytest.mark.parametrize("text", ["where(2 or > 0, 1, 2)*or", "where((2) or > 0, or, x)"])
def test_a_name_that_the_person_defines_is_no_connective(text: str) -> None:
    assert "or" in read_formula(text, VOCABULARY, given=("or",)).names()
    assert "or" in read_formula(f"or = x*2; y = {text}", VOCABULARY).names()
    with pytest.raises(FormulaError, match="or is not known in a formula"):
        read_formula(text, VOCABULARY)


# -- limits


def _timed(text: str) -> tuple[Nodes, int]:
    began = time.process_time()
    made = parse(text)
    assert time.process_time() - began < 10
    return made


def test_20000_nested_calls() -> None:
    nodes, root = _timed("sin(" * 20_000 + "x" + ")" * 20_000)
    assert len(nodes) == 20_001 and nodes.operation(root) == "sin"


def test_20000_nested_brackets() -> None:
    nodes, _ = _timed("(" * 20_000 + "x" + ")" * 20_000)
    assert len(nodes) == 1


def test_100000_terms() -> None:
    nodes, root = _timed("+".join(["x"] * 100_000))
    assert len(nodes) == 199_999 and nodes.operation(root) == "add"


def test_100000_minus_signs() -> None:
    nodes, _ = _timed("-" * 100_000 + "x")
    assert len(nodes) == 100_001


def test_20000_powers_group_to_the_right() -> None:
    nodes, root = _timed("**".join(["x"] * 20_000))
    assert nodes.operation(nodes.arguments(root)[0]) == "name"


def test_20000_open_brackets_are_an_error_not_a_crash() -> None:
    with pytest.raises(FormulaError, match="never closed"):
        _timed("(" * 20_000 + "x")


def _cpu_seconds(text: str) -> float:
    began = time.process_time()
    parse(text)
    return time.process_time() - began


@pytest.mark.parametrize("opening", ["(x and ", "((x)or "])
def test_a_word_that_joins_comparisons_costs_what_another_does(opening: str) -> None:
    other = opening.replace("and", "aaa").replace("or", "rr")
    joined, product = (part * 20_000 + "x" + ")" * 20_000 for part in (opening, other))
    assert _cpu_seconds(joined) < 4 * _cpu_seconds(product)


def test_bars_cost_little_more_than_brackets() -> None:
    bars, brackets = "|" * 500 + "x" + "|" * 500, "abs(" * 500 + "x" + ")" * 500
    assert _cpu_seconds("max(" + ",".join([bars] * 40) + ")") < 5 * _cpu_seconds("max(" + ",".join([brackets] * 40) + ")")


def test_a_name_before_a_bracket_is_looked_at_once() -> None:
    nodes, _ = _timed("qz(x) + " * 5_000 + "1")
    assert nodes.remarks == ["qz(…) is read as a product: qz is not a function that wengert knows"]


def test_too_many_names_before_brackets() -> None:
    with pytest.raises(FormulaError, match="more than 1,000 names stand before a bracket, and none is a function"):
        _timed(" + ".join(f"qz{i}(x)" for i in range(1001)))


def test_too_many_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wengert.lang.tokens.MAX_TOKENS", 100)
    with pytest.raises(FormulaError, match="a formula of more than 100 words and signs"):
        parse("+".join(["x"] * 100))


def test_too_many_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wengert.lang.expr.MOST_NODES", 100)
    with pytest.raises(SpecError, match="written out, this is more than 100 numbers, names and operations") as caught:
        parse("+".join(["x"] * 100))
    assert caught.value.place is not None


# -- what the language printer writes is read back as the same tree

_NAMES = ("x", "y", "x1", "w_out", "θ1", "pi", "e")
_LITERALS = ("2", "0", "10", "0.10", "1e-3", "2.5")
_BINARY = ("add", "sub", "mul", "div", "power")
_ONE = tuple(r.name for r in PRIMITIVES.values() if len(r.params) == 1 and not r.many and r.name != "neg")
_MANY = ("max", "min", "sum", "mean", "norm", "logsumexp", "hypot", "atan2", "log", "leaky_relu")


@st.composite
def trees(draw: st.DrawFn) -> tuple[Nodes, int]:
    nodes = Nodes()
    pool = [nodes.name(draw(st.sampled_from(_NAMES))), nodes.number(draw(st.sampled_from(_LITERALS)))]
    for _ in range(draw(st.integers(0, 14))):
        pick = st.sampled_from(pool[-5:])
        shape = draw(st.sampled_from(("name", "number", "neg", "binary", "binary", "binary", "one", "many", "where")))
        if shape == "name":
            made = nodes.name(draw(st.sampled_from(_NAMES)))
        elif shape == "number":
            made = nodes.number(draw(st.sampled_from(_LITERALS)))
        elif shape == "neg":
            made = nodes.call("neg", [draw(pick)])
        elif shape == "binary":
            made = nodes.call(draw(st.sampled_from(_BINARY)), [draw(pick), draw(pick)])
        elif shape == "one":
            made = nodes.call(draw(st.sampled_from(_ONE)), [draw(pick)])
        elif shape == "many":
            made = nodes.call(draw(st.sampled_from(_MANY)), [draw(pick), draw(pick)])
        else:
            test = nodes.call(draw(st.sampled_from(("gt", "ge", "lt", "le", "eq"))), [draw(pick), draw(pick)])
            made = nodes.call("where", [test, draw(pick), draw(pick)])
        pool.append(made)
    return nodes, pool[-1]


def _same(text: str) -> tuple[Nodes, int]:
    return parse(text)


@settings(max_examples=300)
@given(trees())
@example(_same("-(x*y)"))
@example(_same("(-x)**2"))
@example(_same("a-(b-c)"))
@example(_same("2**-x"))
@example(_same("(a**b)**c"))
@example(_same("-(-x)"))
@example(_same("a/(b*c)"))
@example(_same("identity(x)**2"))
def test_the_language_printer_round_trips(made: tuple[Nodes, int]) -> None:
    text = language(*made)
    assert tree(*parse(text)) == tree(*made), text


@settings(max_examples=300)
@example(".²")
@given(st.text(alphabet="xy2.0(),+-*/^|√²⁻ =<>;\nsinlogπ_#", max_size=25))
def test_no_text_crashes_the_parser(text: str) -> None:
    try:
        found = parse_statements(Source(text), Nodes(), VOCABULARY)
    except FormulaError as error:
        assert error.place is not None
        assert 0 <= error.place.start <= len(text)
        assert error.report()
    else:
        assert found


@pytest.mark.parametrize(("text", "name", "expected"), [
    ("f(x) = x^2", "f", "(** x 2)"),
    ("g(x, y) = x*y", "g", "(* x y)"),
    ("y = x + 1", "y", "(+ x 1)"),
])  # fmt: skip
def test_a_definition_may_name_its_arguments(text: str, name: str, expected: str) -> None:
    nodes = Nodes()
    (statement,) = parse_statements(Source(text), nodes, VOCABULARY)
    assert (statement.name, tree(nodes, statement.root)) == (name, expected)


@pytest.mark.parametrize(("text", "told"), [
    ("bar(x)", ["bar(…) is read as a product: bar is not a function that wengert knows"]),
    ("f(x)", ["f(…) is read as a product: f is not a function that wengert knows"]),
    ("w1(x + 1)", []),
    ("a(b + c)", []),
])  # fmt: skip
def test_a_product_that_looks_like_a_call_is_told(text: str, told: list[str]) -> None:
    nodes = Nodes()
    parse_expression(Source(text), nodes, VOCABULARY)
    assert nodes.remarks == told
