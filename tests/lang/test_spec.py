"""Specs to models: forms 1 and 2, the keys that forms share, and what is a spec at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from wengert import pipeline
from wengert.errors import SpecError, WengertError
from wengert.lang.model import Model
from wengert.lang.spec import read_source, read_spec
from wengert.show.notation import language
from wengert.tape.primitives import VOCABULARY


def spec(text: str) -> Model:
    return read_spec(text, "f.yaml", VOCABULARY)


def shown(model: Model, root: int | None) -> str | None:
    return None if root is None else language(model.nodes, root)


def definitions(model: Model) -> dict[str, str | None]:
    return {d.name: shown(model, d.root) for d in model.definitions}


def values(model: Model) -> dict[str, str | None]:
    return {x.name: shown(model, x.value) for x in model.inputs}


FORMULAS = [
    # (spec, definitions, values)
    ("formula: ln(x1) + x1*x2 - sin(x2)\nat: {x1: 2, x2: 5}", {"f": "ln(x1) + x1*x2 - sin(x2)"}, {"x1": "2", "x2": "5"}),
    ("at: {x2: 5, x1: 2}\nformula: x1 - x2", {"f": "x1 - x2"}, {"x1": "2", "x2": "5"}),
    ("formula: x**2", {"f": "x**2"}, {"x": None}),
    ("formula: 3", {"f": "3"}, {}),
    ("formula: x\nat: {x: }", {"f": "x"}, {"x": None}),
    ("formula: x + f\nat: {x: 1/3, f: -0.10}", {"y": "x + f"}, {"x": "1/3", "f": "-0.10"}),
    ("formula: no*on\nat: {no: 1e-3, on: sqrt(2)/2}", {"f": "no*on"}, {"no": "1e-3", "on": "sqrt(2)/2"}),
    ("formula: e*x\nat: {e: 2, x: 3}", {"f": "e*x"}, {"e": "2", "x": "3"}),
    ("formula: e*x\nat: {x: e/2}", {"f": "e*x"}, {"x": "e/2"}),
    ("formula: x/σ\nat: {x: 1, σ: 2}", {"f": "x/σ"}, {"x": "1", "σ": "2"}),
    ("formula: 'f = x**2'", {"f": "x**2"}, {"x": None}),
    ("formula: |\n  a = w*x\n  sigmoid(a)\n", {"a": "w*x", "f": "sigmoid(a)"}, {"w": None, "x": None}),
    ("formula: >\n  x +\n  y\n", {"f": "x + y"}, {"x": None, "y": None}),
    ("formula: x\n  + y", {"f": "x + y"}, {"x": None, "y": None}),
    ("formula: \"|x|\"", {"f": "abs(x)"}, {"x": None}),
    ("let:\n  a: w*x + b\n  y: sigmoid(a)\nat: {w: 2, x: -1, b: 0.5}", {"a": "w*x + b", "y": "sigmoid(a)"},
     {"w": "2", "x": "-1", "b": "0.5"}),
    ("let: {e: 2*x, dot: e**2}\nat: {x: pi}", {"e": "2*x", "dot": "e**2"}, {"x": "pi"}),
    ("let: |\n  a = x\n  y = a**2\n", {"a": "x", "y": "a**2"}, {"x": None}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "given"), FORMULAS)
def test_formula(text: str, expected: dict[str, str], given: dict[str, str | None]) -> None:
    model = spec(text)
    assert definitions(model) == expected
    assert values(model) == given
    assert model.outputs == (list(expected)[-1],)
    assert model.wrt == tuple(given)


def test_every_shared_key() -> None:
    model = spec(
        "let: {a: w*x + b, y: sigmoid(a)}\nat: {w: 2, x: -1, b: 0.5}\noutput: [a, y]\nwrt: [w, x, a]\nseed: {w: 1, x: 1/2}\n"
        "rate: 1e-1\nfrozen: [b]\ntitle: A neuron\nsource: 'someone, page 3'\nnote: |\n  look\n"
    )
    assert model.form == "program"
    assert (model.outputs, model.wrt, model.frozen) == (("a", "y"), ("w", "x", "a"), ("b",))
    assert model.seed is not None
    assert {k: shown(model, v) for k, v in model.seed.items()} == {"w": "1", "x": "1/2"}
    assert shown(model, model.rate) == "1e-1"
    assert (model.title, model.source, model.note) == ("A neuron", "someone, page 3", "look")


def test_single_names_need_no_list() -> None:
    model = spec("formula: x*y\nwrt: x\noutput: f\nfrozen: y\n")
    assert (model.wrt, model.outputs, model.frozen) == (("x",), ("f",), ("y",))


def test_later_errors_point_into_the_file() -> None:
    model = spec("title: t\nlet:\n  a: x + 1\n  y: 'ln(a)'\nat: {x: 2}\n")
    place = model.nodes.place(model.definitions[1].root)
    assert place is not None
    assert place.source.locate(place.start)[:2] == (4, 7)
    value = model.inputs[0].value
    assert value is not None
    point = model.nodes.place(value)
    assert point is not None
    assert point.source.locate(point.start)[:2] == (5, 9)


SOURCES = [
    # (standard input, form)
    ("x**2 + 1", "formula"), ("# a comment: with a colon\n\nx**2\n", "formula"), ("a = x\ny = a**2\n", "program"),
    ("formula: x**2\n", "formula"), ("# words\n\nlet:\n  y: x\n", "program"), ("---\nlet: {y: x}\n", "program"),
    ("{let: {y: x}}", "program"), ("\"let\": {y: x}\n", "program"), ("\ufefflet: {y: x}", "program"), ("\ufeffx**2", "formula"),
    ("let: {y: x}\r\nat: {x: 1}\r\n", "program"), ("a = x\r\ny = a\r\n", "program"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "form"), SOURCES)
def test_read_source(text: str, form: str) -> None:
    assert read_source(text, "standard input", VOCABULARY).form == form


def test_read_source_says_where() -> None:
    with pytest.raises(WengertError) as caught:
        read_source("a = x\ny = a +\n", "standard input", VOCABULARY)
    assert "in standard input, line 2" in caught.value.report()


def test_a_spec_file(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbfformula: x*y\r\nat: {x: 1, y: 2}\r\n")
    assert values(pipeline.load(path)) == {"x": "1", "y": "2"}
    assert pipeline.load(path).wrt == ("x", "y")
    with pytest.raises(SpecError, match="there is no file"):
        pipeline.load(tmp_path / "none.yaml")
    with pytest.raises(SpecError, match="cannot be read"):
        pipeline.load(tmp_path)
    path.write_bytes(b"formula: \xe9\n")
    with pytest.raises(SpecError, match="UTF-8"):
        pipeline.load(path)
