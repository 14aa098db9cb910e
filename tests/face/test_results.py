"""The objects of the library: every number by name, equal to the record's; what is missing says so; nothing is loaded early."""

from __future__ import annotations

import doctest
import importlib
import json
import subprocess
import sys
import time
from decimal import Decimal
from fractions import Fraction
from math import cos, inf, isnan
from pathlib import Path
from typing import Any

import pytest

import wengert
from wengert.cli.run import run
from wengert.errors import FormulaError, UsageError, ValueProblem, WengertError
from wengert.show.formats import DOCUMENTS

ROOT = Path(wengert.__file__).parents[1]
MAZUR = ROOT / "samples" / "mazur-2-2-2.yaml"
BAYDIN = ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5})


def traced(text: str = BAYDIN[0], at: Any = None, **settings: Any) -> wengert.Trace:
    return wengert.trace(text, at=BAYDIN[1] if at is None else at, **{"verify": False, **settings})


@pytest.mark.parametrize("module", ["wengert", "wengert.face.results", "wengert.face.model"])
def test_examples(module: str) -> None:
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 3
    assert not found.failed


# -- numbers


def test_numbers_by_name() -> None:
    r = traced(mode="both")
    assert r.value == r.outputs["f"] == r.values["f"] == pytest.approx(11.652071455223084)
    assert r.values["v2"] == 10
    assert r.inputs == {"x1": 2, "x2": 5}
    assert r.gradient == {"x1": 5.5, "x2": pytest.approx(2 - cos(5))}
    assert r.adjoints["v4"] == -1
    assert r.adjoints["x1"] == 5.5
    assert r.tangents["x1"]["v2"] == r.tangents["x1", "v2"] == 5
    assert r.tangents["x1", "x2"] == 0
    assert r.partials["v1", "x1"] == 0.5
    assert list(r.partials) == ["v1", "v2", "v3", "v4", "f"]
    assert list(r.values) == ["x1", "x2", "v1", "v2", "v3", "v4", "f"]
    assert len(r.values) == 7


@pytest.mark.parametrize("spec", sorted((ROOT / "samples").glob("*.yaml")), ids=lambda p: p.stem)
def test_they_are_the_numbers_of_the_record(spec: Path) -> None:
    r = wengert.trace(spec, mode="both", verify=False)
    found = r.record()
    assert [s.name for s in r.statements] == [s["name"] for s in found["statements"]]
    several = len(r.outputs) > 1
    for s in [*found["inputs"], *found["statements"]]:
        assert r.values[s["name"]] == s["value"]
        for of, adjoint in s["adjoints"].items():
            assert (r.adjoints[of] if several else r.adjoints)[s["name"]] == adjoint
        for along, tangent in s["tangents"].items():
            assert r.tangents[along][s["name"]] == tangent
    for d in found["derivatives"]:
        assert (r.gradient[d["of"]] if several else r.gradient)[d["wrt"][0]] == d["value"]
        assert (r.formulas[d["of"]] if several else r.formulas)[d["wrt"][0]] == d["formula"]


def test_several_outputs() -> None:
    r = wengert.trace("r = x*cos(t); s = x*sin(t)", at={"x": 2, "t": 0}, of=["r", "s"])
    assert r.value == r.outputs == {"r": 2, "s": 0}
    assert r.gradient["r"] == {"x": 1, "t": 0}
    assert r.gradient["s", "t"] == 2
    assert r.adjoints["s"]["x"] == 0
    assert r.verdicts == {of: {"x": "proved", "t": "proved"} for of in "rs"}
    assert r.statements["r"].adjoint == {"r": 1}
    assert r.verdict == "proved"


def test_a_name_that_stands_twice() -> None:
    r = traced("x*x", {"x": 3})
    assert [p.value for p in r.statements["f"].partials] == [3, 3]
    assert r.partials["f", "x"] == r.gradient["x"] == 6


def test_a_seed() -> None:
    r = traced("x**2 - x*y + 3*y**2", {"x": -1, "y": 2}, seed={"x": "3/5", "y": "4/5"})
    assert r.gradient == {"seed": pytest.approx(8)}
    assert r.derivative("f", "seed").formula == "2*x/5 + 21*y/5"


def test_second_order() -> None:
    r = wengert.trace("x**2*y + y**3", at={"x": 2, "y": 3}, order=2)
    assert r.hessian == {"x": {"x": 6, "y": 4}, "y": {"x": 4, "y": 18}}
    assert r.hessian["y", "x"] == 4
    assert r.derivative("f", "y", "x") == r.derivative("f", "x", "y")
    assert r.derivative("f", "x", "y").verdict == "proved"
    assert {d.wrt for d in r.derivatives} == {("x",), ("y",), ("x", "x"), ("x", "y"), ("y", "y")}


def test_exact_and_long_numbers() -> None:
    third = traced("x/3", {"x": 1}, numbers="exact")
    assert third.gradient["x"] == 1 / 3
    assert third.derivative("f", "x").exact == "1/3"
    assert third.statements["f"].exact == "1/3"
    large = traced("exp(x)", {"x": 1000}, precision=30)
    assert isinstance(large.value, Decimal)
    assert large.value.adjusted() == 434
    assert large.statements[0].exact is not None
    assert traced("x + 1/3", {"x": "1/3"}, round=2).statements["f"].rounded == 0.66


def test_infinite_and_undefined() -> None:
    assert traced("sqrt(x)", {"x": 0}).gradient["x"] == inf
    assert isnan(traced("sqrt(x)*sqrt(x)", {"x": 0}).gradient["x"])


def test_at_a_kink_it_is_what_is_printed() -> None:
    r = wengert.trace("relu(x) - relu(-x)", at={"x": 0})
    assert r.gradient["x"] == 1  # the convention alone would say 0
    assert "= 1" in repr(r)
    kink = wengert.trace("abs(x)", at={"x": 0})
    assert kink.derivative("f", "x").one_sided == (-1, 1)
    assert kink.verdict == "kink"
    assert "kink: −1 from the left, 1 from the right" in repr(kink)


def test_a_network() -> None:
    r = wengert.trace(MAZUR)
    assert r.value == pytest.approx(0.298371109)
    assert r.gradient["w5"] == pytest.approx(0.082167041)
    assert r.values["out_h1"] == pytest.approx(0.593269992)
    assert r.model.parameters["w5"] == "0.40"
    assert r.verdict in ("proved", "agrees")


# -- formulas, verdicts, entries


def test_formulas_and_verdicts() -> None:
    r = wengert.trace(*BAYDIN[:1], at=BAYDIN[1])
    assert r.formulas == {"x1": "x2 + 1/x1", "x2": "x1 - cos(x2)"}
    assert r.verdicts == {"x1": "proved", "x2": "proved"}
    first = r.derivatives[0]
    assert (first.of, first.wrt, first.value, first.verdict, first.witness) == ("f", ("x1",), 5.5, "proved", "sympy")
    assert first.reference == 5.5
    assert "one_sided" not in repr(first)
    assert traced().verdict is None


def test_diff() -> None:
    d = wengert.diff("(x**2 + 1)**3")
    assert d.formulas["x"] == "6*x*(x**2 + 1)**2"
    assert [p.formula for p in d.statements["f"].partials] == ["3*v2**2"]
    assert d.statements["f"].value is None
    assert d.verdict == "proved"
    assert wengert.diff("(x**2 + 1)**3", at={"x": 3}).gradient["x"] == 1800


def test_statements() -> None:
    r = traced()
    assert r.statements[0] == r.statements["v1"] == r.statements[-5]
    assert [s.name for s in r.statements[1:3]] == ["v2", "v3"]
    assert r.statements["f"].arguments == ("v3", "v4")
    assert repr(r.statements).splitlines()[0] == "v1 = ln(x1)"
    with pytest.raises(IndexError):
        r.statements[99]
    with pytest.raises(UsageError, match="no statement x1"):
        r.statements["x1"]


# -- what is missing, and mistakes


@pytest.mark.parametrize(
    ("result", "attribute", "told"),
    [
        (lambda: traced(), "tangents", 'mode="both"'),
        (lambda: traced(mode="forward"), "adjoints", 'mode="both"'),
        (lambda: traced(), "hessian", "order=2"),
        (lambda: traced(), "verdicts", "verify=True"),
        (lambda: wengert.diff("x**2"), "gradient", "at="),
        (lambda: wengert.diff("x**2"), "value", "at="),
        (lambda: wengert.diff("x**2"), "values", "at="),
    ],
)
def test_what_was_not_asked_for(result: Any, attribute: str, told: str) -> None:
    made = result()
    assert not hasattr(made, attribute)
    with pytest.raises(UsageError, match=told):
        getattr(made, attribute)


def test_a_name_that_is_not_there() -> None:
    r = traced("first + second", {"first": 1, "second": 2})
    with pytest.raises(KeyError) as caught:
        r.gradient["frist"]
    assert "did you mean first?" in str(caught.value)
    assert "frist" not in r.gradient
    assert r.gradient.get("frist") is None
    with pytest.raises(UsageError, match="no derivative of f"):
        r.derivative("f", "third")


def test_nothing_can_be_changed() -> None:
    r = traced()
    for change in (lambda: setattr(r, "verdict", "proved"), lambda: setattr(r, "_report", None),
                   lambda: setattr(r.statements[0], "value", 1), lambda: setattr(r.model, "title", "t")):  # fmt: skip
        with pytest.raises(AttributeError):
            change()
    with pytest.raises(TypeError):
        r.gradient["x1"] = 1


def test_an_error_is_told_as_on_the_command_line() -> None:
    with pytest.raises(WengertError) as caught:
        wengert.trace("ln(x*y - 3)", at={"x": 1, "y": 2})
    assert isinstance(caught.value, ValueProblem)
    assert str(caught.value) == (
        "ln is undefined at v2 = -1\n  ln(x*y - 3)\n  ^^^^^^^^^^^\n  v1 = x*y = 2, v2 = v1 - 3 = -1\n"
        "  hint: the logarithm needs a positive argument"
    )
    with pytest.raises(FormulaError, match="ln is a function and needs brackets"):
        wengert.load("ln x")
    with pytest.raises(wengert.WengertError, match="there is no file"):
        wengert.load(ROOT / "samples" / "mazur.yaml")
    with pytest.raises(UsageError, match="--level is neurn"):
        traced(level="neurn")
    with pytest.raises(UsageError, match="--budget is 0"):
        traced(budget=0)
    with pytest.raises(TypeError):
        traced(colour="red")
    with pytest.raises(TypeError, match="a Model is wanted, not int"):
        wengert.trace(3)  # type: ignore[arg-type]


# -- formats


@pytest.mark.parametrize("format", [name for name in DOCUMENTS if name != "rich"])
def test_to_is_what_the_command_line_writes(format: str, tmp_path: Path) -> None:
    r = wengert.trace(MAZUR, verify=False)
    assert run(["trace", str(MAZUR), "--no-verify", "-f", format, "-o", str(tmp_path / "a")]) == 0
    made = r.to(format)
    assert (made if isinstance(made, bytes) else made.encode()) == (tmp_path / "a").read_bytes()
    r.save(tmp_path / "b", format=format)
    assert (tmp_path / "b").read_bytes() == (tmp_path / "a").read_bytes()


def test_with_its_verdicts() -> None:
    r = wengert.trace(BAYDIN[0], at=BAYDIN[1])
    assert str(r.to()).count("proved") == 3
    assert json.loads(json.dumps(r.record())) == json.loads(str(r.to("json")))


@pytest.mark.parametrize(("format", "opening"), [("dot", "digraph"), ("mermaid", "---"), ("svg", "<")])
def test_its_graph(format: str, opening: str) -> None:
    assert str(traced().to(format)).startswith(opening)
    assert str(wengert.diff("x*y", verify=False).to(format)).startswith(opening)


def test_options_of_to() -> None:
    r = traced()
    assert "11.652 " in r.to("text", decimals=3) or "11.652\n" in r.to("text", decimals=3)
    assert r.to("text", ascii=True).isascii()
    assert str(r.to("text", title="Sheet 3")).startswith("Sheet 3\n")
    assert json.loads(str(r.to("json", title="Sheet 3")))["title"] == "Sheet 3"
    assert "Forward" not in str(r.to("text", only="reverse"))
    assert r.to("latex", standalone=True) != r.to("latex")
    with pytest.raises(UsageError, match="--standalone is for latex"):
        r.to("text", standalone=True)
    with pytest.raises(UsageError, match="--notation is dots"):
        r.to("text", notation="dots")
    with pytest.raises(UsageError, match="the format is wrod") as caught:
        r.to("wrod")
    assert "word" not in str(caught.value)
    with pytest.raises(UsageError, match="text"):
        r.to("rich")
    png = r.to("png")
    assert isinstance(png, bytes)
    assert png.startswith(b"\x89PNG")
    with pytest.raises(UsageError, match="has no more"):
        r.to("text", digits=99)


def test_save(tmp_path: Path) -> None:
    r = traced()
    r.save(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == r.to("text")
    r.save(str(tmp_path / "b"), format="json")
    assert json.loads((tmp_path / "b").read_text(encoding="utf-8")) == r.record()
    r.save(tmp_path / "a.dot")
    with pytest.raises(UsageError, match="ending"):
        r.save(tmp_path / "c.doc")
    with pytest.raises(UsageError):
        r.save(tmp_path / "a.txt", digits=99)
    assert {p.name for p in tmp_path.iterdir()} == {"a.txt", "a.dot", "b"}
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == r.to("text")


# -- lightness and patience


HEAVY = {"sympy", "mpmath", "rich", "typer", "numpy", "yaml", "IPython"}


def test_importing_it_loads_next_to_nothing() -> None:
    code = "import sys\nbefore = set(sys.modules)\nimport wengert\nprint(*sorted(set(sys.modules) - before))\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    loaded = done.stdout.split()
    assert not {m.split(".")[0] for m in loaded} & (HEAVY | {"json", "decimal", "dataclasses"})
    assert [m for m in loaded if m.startswith("wengert")] == ["wengert"]


def test_numbers_load_no_judge() -> None:
    code = (
        "import sys, wengert\nr = wengert.trace('ln(x1)*x2', at={'x1': 2, 'x2': 5})\n"
        "r.gradient['x1'], repr(r), r.formulas, r.statements[0]\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert not (HEAVY - {"yaml"}) & {m.split(".")[0] for m in done.stdout.split()}


def test_nobody_waits_who_asks_for_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started for numbers, formulas and the repr; the budget begins when the verdict is asked for."""
    from wengert.verify.judge import Judge

    started: list[Judge] = []
    start = Judge.start
    monkeypatch.setattr(Judge, "start", lambda self, *given: (started.append(self), start(self, *given))[1])
    r = wengert.trace(BAYDIN[0], at=BAYDIN[1], budget=4)
    for _ in (r.gradient["x1"], repr(r), r.formulas["x1"], r.values, r.statements[0]):
        pass
    assert not started
    time.sleep(0.1)
    assert r.verdict == "proved"
    assert r.verdicts["x1"] == "proved"
    assert len(started) == 1
    assert started[0]._process is None


def test_names_are_offered_behind_a_bracket() -> None:
    r = traced()
    assert r.gradient._ipython_key_completions_() == ["x1", "x2"]
    assert r.statements._ipython_key_completions_() == ["v1", "v2", "v3", "v4", "f"]
    assert {"gradient", "values", "adjoints", "to", "save"} <= set(dir(r))
    assert {"trace", "diff", "load", "Trace", "WengertError"} <= set(dir(wengert))


def test_a_long_list_is_looked_at_and_not_written_out() -> None:
    r = traced("; ".join(["a0 = x + 1", *(f"a{i + 1} = sin(a{i})" for i in range(5000))]), {"x": 1})
    began = time.process_time()
    assert len(repr(r)) < 2000
    assert "… 4,989 more" in repr(r.statements) or "more" in repr(r.statements)
    assert len(repr(r.values)) < 2000
    assert r.values["a4000"] == pytest.approx(r.statements["a4000"].value)
    assert time.process_time() - began < 5


# -- models


def test_a_model() -> None:
    m = wengert.load(MAZUR)
    assert (m.form, m.outputs) == ("network", ("E_total",))
    assert m.inputs["i1"] == "0.05"
    assert m.parameters["b1"] == "0.35"
    assert "i1" not in m.parameters
    assert m.definitions["out_h1"] == "sigmoid(net_h1)"
    assert m.trace(verify=False).gradient["w5"] == wengert.trace(m, verify=False).gradient["w5"]
    assert m.trace(at={"w5": 0}, verify=False).values["w5"] == 0
    assert m.diff(wrt="w5", verify=False).model.wrt == ("w5",)
    assert repr(m).startswith("Model: a network, Mazur's 2-2-2 network")


@pytest.mark.parametrize("of", [wengert.trace, wengert.diff, wengert.load("x").trace, wengert.load("x").diff])
@pytest.mark.parametrize("what", ["at", "seed"])
def test_values_are_no_text(of: Any, what: str) -> None:
    spec = () if hasattr(of, "__self__") else ("x",)
    with pytest.raises(UsageError, match=f"^{what} wants a dictionary of names and values, not str"):
        of(*spec, **{what: "x=1"})


# what a program gives, beside what is said of it
GIVEN = [
    ({"at": {"x": "1;y=2"}}, r'a name with = does not belong here\n  in at\["x"\], line 1, column 3'),
    ({"at": {"x": "1,y=2"}}, r'a comma does not belong here\n  in at\["x"\], line 1, column 2'),
    ({"at": {"x": ""}}, "at gives x no value"),
    ({"at": {"x": "z"}}, "at: x wants a number, and z is a name"),
    ({"at": {3: 1}}, "at wants names, and 3 is none"),
    ({"at": {"x y": 1}}, "at wants names, and 'x y' is none"),
    ({"at": {"x": 1, "q": 2}}, "there is no q to give a value to"),
    ({"seed": {"x": "1,y=2"}}, r'a comma does not belong here\n  in seed\["x"\]'),
    ({"seed": {"q": 1}}, "seed moves q, which is not in the model"),
    ({"order": "2"}, "order is '2'\n  hint: a whole number$"),
    ({"order": True}, "order is True"),
    ({"precision": "20"}, "precision is '20'\n  hint: a whole number, or None"),
    ({"round": 2.5}, "round is 2.5"),
    ({"limit": None}, "limit is None"),
    ({"budget": "5"}, "budget is '5'\n  hint: a number of seconds"),
    ({"budget": None}, "budget is None"),
    ({"budget": Fraction(10**400)}, "--budget is inf\n  hint: seconds greater than 0"),
    ({"share": "no"}, "share is 'no'\n  hint: True or False"),
]


@pytest.mark.parametrize(("given", "told"), GIVEN)
def test_what_a_program_may_not_give(given: dict[str, Any], told: str) -> None:
    """Each value is one value: what stands in it gives none to another name."""
    with pytest.raises(WengertError, match=told):
        wengert.trace("x*y", **{"at": {"x": 1, "y": 2}, "verify": False, **given})


def test_numbers_of_other_libraries() -> None:
    import numpy as np

    r = wengert.trace("x**2", at={"x": 1}, order=np.int64(2), budget=Fraction(60), precision=np.int32(20))
    assert (r.verdict, r.hessian["x", "x"]) == ("proved", 2)


@pytest.mark.parametrize("what", ["wrt", "of"])
@pytest.mark.parametrize("given", [5, ["x", 5], {5: "x"}])
def test_names_that_are_none_are_refused(what: str, given: Any) -> None:
    with pytest.raises(UsageError, match=f"^{what} wants a name or a list of names, and 5 is none"):
        wengert.trace("x*y", at={"x": 1, "y": 2}, verify=False, **{what: given})



def test_values_as_one_has_them() -> None:
    from fractions import Fraction

    import numpy as np

    at = {"a": np.float64(2), "b": Fraction(1, 3), "c": Decimal("0.5"), "d": "sqrt(4)", "e": np.int64(3)}
    assert wengert.trace("a + b + c + d + e", at=at, verify=False).value == pytest.approx(2 + 1 / 3 + 0.5 + 2 + 3)
    assert wengert.trace("e*x", at={"e": 1, "x": 2}, verify=False).gradient == {"e": 2, "x": 1}
