"""The command line's options over a model."""

from __future__ import annotations

import pytest

from wengert.errors import FormulaError, UsageError, WengertError
from wengert.lang.model import Model
from wengert.lang.options import names_given, override
from wengert.lang.program import read_formula
from wengert.lang.spec import read_spec
from wengert.show.notation import language
from wengert.tape.primitives import VOCABULARY

NETWORK = """
inputs: {x1: 1, x2: 2}
parameters: {w: 3}
layers:
  - {weights: [[w, 4]], post: y}
targets: [5]
loss: mse
"""


def program(text: str = "a = w*x; y = a + b") -> Model:
    return read_formula(text, VOCABULARY)


def values(model: Model) -> dict[str, str | None]:
    return {x.name: None if x.value is None else language(model.nodes, x.value) for x in model.inputs}


AT = [
    # (formula, --at options, values, wrt)
    ("w*x", ["w=2,x=3"], {"w": "2", "x": "3"}, ("w", "x")),
    ("w*x", ["w=2", "x=3"], {"w": "2", "x": "3"}, ("w", "x")),
    ("w*x", [" w = 1/3 , x = -sqrt(2)/2"], {"w": "1/3", "x": "-sqrt(2)/2"}, ("w", "x")),
    ("w*x", ["w=max(1,2),x=pi/4"], {"w": "max(1, 2)", "x": "pi/4"}, ("w", "x")),
    ("w*x", ["x=1e-3"], {"w": None, "x": "1e-3"}, ("w", "x")),
    ("x*e", ["e=2"], {"x": None, "e": "2"}, ("x", "e")),
    ("e*x", ["e=2,x=1"], {"e": "2", "x": "1"}, ("e", "x")),
    ("π*x", ["π=3"], {"π": "3", "x": None}, ("π", "x")),
]


@pytest.mark.parametrize(("text", "at", "expected", "wrt"), AT)
def test_at(text: str, at: list[str], expected: dict[str, str | None], wrt: tuple[str, ...]) -> None:
    model = override(read_formula(text, VOCABULARY), VOCABULARY, at=at)
    assert values(model) == expected
    assert model.wrt == wrt


def test_at_overrides_a_spec() -> None:
    model = override(read_spec("formula: x*y\nat: {x: 1, y: 2}\nwrt: [x]\n", None, VOCABULARY), VOCABULARY, at=["y=5"])
    assert values(model) == {"x": "1", "y": "5"}
    assert model.wrt == ("x",)
    network = override(read_spec(NETWORK, None, VOCABULARY), VOCABULARY, at=["w=9,t1=7,W1_1_2=0"])
    assert values(network) == {"x1": "1", "x2": "2", "w": "9", "W1_1_2": "0", "t1": "7"}


def test_wrt_output_seed() -> None:
    model = override(program(), VOCABULARY, wrt="a, x", of="a,y")
    assert (model.wrt, model.outputs) == (("a", "x"), ("a", "y"))
    model = override(program(), VOCABULARY, seed="x=1,b=1/2", wrt="b,x")
    assert model.seed is not None
    assert {k: language(model.nodes, v) for k, v in model.seed.items()} == {"x": "1", "b": "1/2"}
    assert model.wrt == ("b", "x")


def test_what_the_seed_moves_is_differentiated_by() -> None:
    model = override(read_spec(NETWORK, None, VOCABULARY), VOCABULARY, seed="x1=1")
    assert model.wrt == ("w", "W1_1_2", "x1")


@pytest.mark.timeout(20)  # it took minutes
def test_a_long_value_is_looked_through_once() -> None:
    override(read_formula("x", VOCABULARY), VOCABULARY, at=("x=1" + " " * 60_000,))


ERRORS: list[tuple[dict[str, str], str, str]] = [
    ({"at": "x"}, "--at wants name=value", "x1=2"),
    ({"at": "x=1,5"}, "--at wants name=value", "full stop"),
    ({"at": "x="}, "--at gives x no value", "x=2"),
    ({"at": ""}, "--at wants name=value", ""),
    ({"at": "x=1,"}, "--at wants name=value", ""),
    ({"at": "x=1;y=2"}, "--at wants a comma between x and y", "for example --at x=1,y=…"),
    ({"at": "x=1 y=2"}, "--at wants a comma between x and y", "for example --at x=1,y=…"),
    ({"at": "x=2*pi  ; y = 2"}, "--at wants a comma between x and y", "for example --at x=2*pi,y=…"),
    ({"seed": "x=1;y=2"}, "--seed wants a comma between x and y", "for example --seed x=1,y=…"),
    ({"seed": "x=1 y=2"}, "--seed wants a comma between x and y", "for example --seed x=1,y=…"),
    ({"at": "2x=1"}, "--at wants name=value", ""),
    ({"at": "x=1,x=2"}, "--at gives x twice", ""),
    ({"at": "q=1"}, "there is no q to give a value to", "the names are w, x, b"),
    ({"at": "X=1"}, "there is no X to give a value to", "did you mean x?"),
    ({"at": "a=1"}, "a is computed", ""),
    ({"at": "x=b"}, "--at: x wants a number, and b is a name", "sqrt(2)/2"),
    ({"at": "x=ln(3"}, "this bracket is never closed", "line 1, column 3"),
    ({"at": "e=1"}, "there is no e", ""),
    ({"wrt": "q"}, "--wrt names q", "the names are"),
    ({"wrt": "x,x"}, "--wrt names x twice", ""),
    ({"wrt": ""}, "--wrt: a name is missing", "x1,x2"),
    ({"wrt": "x,,b"}, "--wrt: a name is missing", ""),
    ({"wrt": "x y"}, "x y is not a name", ""),
    ({"of": "x"}, "--of names x, which is an input", "a, y"),
    ({"of": "z"}, "--of names z", "what is computed: a, y"),
    ({"seed": "q=1"}, "--seed moves q, which is not in the model", ""),
    ({"seed": "a=1"}, "--seed moves a, which is computed", ""),
    ({"seed": "x=1", "wrt": "b"}, "the seed moves x, which --wrt leaves out", "--seed"),
]


@pytest.mark.parametrize(("options", "title", "words"), ERRORS)
def test_error(options: dict[str, str], title: str, words: str) -> None:
    rest = {key: value for key, value in options.items() if key != "at"}
    with pytest.raises((UsageError, FormulaError)) as caught:
        override(program(), VOCABULARY, at=[options["at"]] if "at" in options else [], **rest)
    assert title in caught.value.title
    assert words in caught.value.report()
    assert caught.value.place is not None


OTHER_ERRORS = [
    ("xy + x + y", ["x=1,y=2"], "xy has no value", "write x*y"),
    ("xy", ["x=1,y=2"], "there is no x", "write x*y"),
    ("x*e", ["e=1", "e=2"], "--at gives e twice", ""),
    ("x*e", ["e=1,x=e/2"], "the value of x uses e", "write the number itself"),
]


@pytest.mark.parametrize(("text", "at", "title", "words"), OTHER_ERRORS)
def test_error_of_names(text: str, at: list[str], title: str, words: str) -> None:
    with pytest.raises(WengertError) as caught:
        override(read_formula(text, VOCABULARY), VOCABULARY, at=at)
    assert title in caught.value.title
    assert words in caught.value.report()


def test_a_spec_value_that_uses_a_constant_which_becomes_a_name() -> None:
    model = read_spec("formula: x*e\nat: {x: e/2}\n", "f.yaml", VOCABULARY)
    with pytest.raises(UsageError, match="uses e"):
        override(model, VOCABULARY, at=["e=1"])


def test_names_given() -> None:
    assert names_given(["x=1, y=max(2,3)", "σ=2"]) == {"x", "y", "σ"}
