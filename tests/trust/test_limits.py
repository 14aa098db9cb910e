"""Limits that hold: what is beyond one is refused with the limit and what helps, and the README's table is the code's.

Input of a size that has no limit (brackets, calls, terms) is in tests/cli/test_limits.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

import wengert
from tests.conftest import Count
from tests.trust.measured import measured
from wengert import pipeline, report, settings
from wengert.cli import train
from wengert.cli.run import run
from wengert.errors import UsageError
from wengert.lang import data, expr, layers, mistakes, reader, scope, tokens
from wengert.show import path_section, pdf
from wengert.sweep import algebra, arithmetics, effort, precise
from wengert.sweep.formulas import derive
from wengert.sweep.higher import derivatives
from wengert.sweep.higher.named import named_formulas
from wengert.tape.lower import lower

README = Path(wengert.__file__).parents[1] / "README.md"

TABLE: dict[str, Sequence[float]] = {  # a row of the README's table, by how it begins: its figures in the code
    "bytes of a spec file": (tokens.MAX_BYTES,),
    "values in a spec": (reader.MAX_NODES, reader.MAX_DEPTH),
    "values in a CSV file": (data.MOST_CELLS,),
    "words and signs of a formula": (tokens.MAX_TOKENS, expr.MOST_NODES),
    "brackets and calls": (),
    "characters of a number": (tokens.MAX_LITERAL, tokens.MAX_EXPONENT),
    "characters of a name": (tokens.MAX_NAME,),
    "bars of absolute values": (tokens.MAX_BARS,),
    "names before a bracket": (mistakes.MOST_CALLED,),
    "a value in double precision": (1.8e308,),
    "statements of a list |": (expr.MOST_STATEMENTS,),
    "units of a layer": (layers.MOST_UNITS, layers.MOST_LAYERS, data.MOST_ROWS),
    "products of weights": (scope.MOST_PRODUCTS,),
    "digits of": (settings.MOST_DIGITS, settings.MOST_DECIMALS),
    "power of e in many digits": (arithmetics.MAX_POWER, arithmetics.MAX_ANGLE, precise.MOST),
    "order of derivatives": (settings.MOST_ORDER, derivatives.LIMIT),
    "nodes of a derivative's formula": (algebra.LIMIT,),
    "steps of work": (algebra.MOST_WORK,),
    "paths that are listed": (path_section.FIRST, path_section.LISTED),
    "steps of `train`": (train.MOST_STEPS,),
    "lines of a PDF": (pdf.MOST_LINES,),
    "seconds that checking takes": (settings.Settings.budget, settings.MOST_SECONDS),
    "seconds that many digits take": (effort.PATIENCE * settings.Settings.budget,),
    "statements of a list that is checked": (report.MAX_VERIFIED,),
    "memory that the judge": (),  # measured in test_judge_stopped.py
}


def test_the_table_of_limits_is_the_code_s() -> None:
    section = README.read_text(encoding="utf-8").split("\n## Limits\n")[1].split("\n## ")[0]
    rows = [line.removeprefix("| ") for line in section.splitlines() if line.startswith("| ")][2:]
    told = {
        begins: [float(figure.replace(",", "")) for figure in re.findall(r"\d[\d,.]*(?:e\d+)?", row.split("|")[1])]
        for row in rows for begins in TABLE if row.startswith(begins)
    }  # fmt: skip
    assert told == {begins: list(map(float, figures)) for begins, figures in TABLE.items()}
    assert len(rows) == len(TABLE)


def test_the_table_of_limits_names_real_options() -> None:
    section = README.read_text(encoding="utf-8").split("\n## Limits\n")[1].split("\n## ")[0]
    known = set(re.findall(r"--[a-z]+", (README.parent / "wengert/cli/options.py").read_text(encoding="utf-8")))
    assert set(re.findall(r"--[a-z]+", section)) <= known


@dataclass(frozen=True)
class Beyond:
    """A command, and what is said of it. `spec` is the text of its file, where it has one."""

    name: str
    arguments: Sequence[str]
    said: Sequence[str]
    spec: Callable[[], str] | None = None
    status: int = 2


def net(more: str = "", layer: str = "{units: 2, init: {scheme: zeros}}") -> Callable[[], str]:
    return lambda: f"inputs: [1, 2]\nlayers:\n  - {layer}\n{more}"


def many(text: str, count: int) -> str:
    return text * count


AT = ("--at", "x=1")
BEYOND = [
    Beyond("a spec of 11 MB", ["trace"], ["longer than 10,000,000 bytes", "units, repeat"],
           lambda: "formula: x\n" + many("# no more than a remark\n", 480_000)),
    Beyond("a spec nested 40 deep", ["trace"], ["more than 32 deep"], lambda: many("[", 40)),
    Beyond("a number of 3,000 digits", ["diff", many("7", 3_000) + "*x"], ["at most 2,000 characters"]),
    Beyond("a giant exponent", ["diff", "1e1000000000*x"], ["an exponent of at most 5,000"]),
    Beyond("a tiny exponent", ["diff", "1e-5001*x"], ["an exponent of at most 5,000"]),
    Beyond("a name of a million characters", ["trace"], ["a name of 1000000 characters", "at most 200"],
           lambda: "formula: " + many("x", 1_000_000) + "\n"),
    Beyond("two thousand bars", ["diff", many("|x|+", 1_000) + "1"], ["2,000 bars at one level", "at most 1,000; write abs("]),
    Beyond("a power that overflows", ["trace", "9**9**9*x", *AT], ["the power overflows", "--precision 20 has no such limit"]),
    Beyond("a power of e beyond many digits", ["trace", "exp(x)", "--at", "x=1e13", "--precision", "20"],
           ["exp overflows", "in many digits numbers reach up to about e^(10^12)"]),
    Beyond("an angle that no digits reach", ["trace", "sin(exp(x))", "--at", "x=1e6", "--precision", "20"],
           ["sin is not computed", "an angle beyond 10^40000 takes more digits than are tried"]),
    Beyond("a cancellation that no digits reach", ["trace", "x*sin(exp(90000))", *AT, "--precision", "20"],
           ["20 digits are not settled with 40960 working digits", "ask for fewer digits"]),
    Beyond("a time that many digits may not take", ["trace", "log1p(erfc(x))", "--at", "x=100.01", "--precision", "20"],
           ["20 digits take more than 20 s: 5,120 working digits or more are needed", "--budget gives more"], status=3),
    Beyond("a list longer than allowed", ["trace", "sin(x)+cos(x)+x**2", *AT, "--limit", "4"],
           ["more than 4 statements", "--limit 8 allows more"]),
    Beyond("and for diff", ["diff", "sin(x)+cos(x)+x**2", "--limit", "4"], ["more than 4 statements", "--limit 8 allows more"]),
    Beyond("a limit of nothing", ["diff", "x", "--limit", "0"], ["--limit is 0", "from 1"]),
    Beyond("too many units", ["trace"], ["units is 200000", "from 1 to 100,000"],
           net(layer="{units: 200000, init: {scheme: zeros}}")),
    Beyond("too many repetitions", ["trace"], ["repeat is 20000", "from 1 to 10,000"],
           net(layer="{units: 2, repeat: 20000, init: {scheme: zeros}}")),
    Beyond("too many layers", ["trace"], ["more than 10,000 layers"],
           net(layer="{units: 2, repeat: 6000, init: {scheme: zeros}}\n  - {units: 2, repeat: 6000, init: {scheme: zeros}}")),
    Beyond("too many products", ["trace"], ["more than 1,000,000 products", "fewer neurons, layers or rows"],
           net(layer="{units: 1001, init: {scheme: zeros}}\n  - {units: 1001, init: {scheme: zeros}}")),
    Beyond("too many digits", ["trace", "x", *AT, "--precision", "4001"], ["--precision is 4001", "from 1 to 4000"]),
    Beyond("too many decimals", ["trace", "x", *AT, "--round", "51"], ["--round is 51", "from 0 to 50"]),
    Beyond("too high an order", ["diff", "x", "--order", "31"], ["--order is 31", "from 1 to 30"]),
    Beyond("too many statements for an order", ["diff", "sin(cos(tan(exp(sin(x*y)))))", "--order", "25"],
           ["more than 200,000 statements", "lower order, for fewer names with --wrt, or for one direction with --seed"]),
    Beyond("more derivatives than that", ["diff", "norm(a,b,c,d,g,h,i,j,k,l,m,n)", "--order", "12"],
           ["1,352,078 derivatives; the limit is 200,000", "--wrt"]),
    Beyond("too long a time", ["diff", "x", "--budget", "1e9"], ["--budget is 1e+09", "at most 86,400"]),
    Beyond("too many steps", ["train"], ["--steps is 1000001", "from 1 to 1,000,000"],
           net("targets: [1, 1]\nloss: mse\nrate: 1\n")),
    Beyond("no time", ["diff", "x**2", "--budget", "0.001"],
           ["unchecked", "the budget of 0.001 s ran out (--budget gives more)"], status=3),
]  # fmt: skip
A_MILLION = Beyond("more values than a million", ["trace"], ["more than 1,000,000 values", "units, repeat"],
                   lambda: "data: [" + many("1,", 1_000_001) + "1]\n")  # fmt: skip
MORE = {"too many steps": ["--steps", "1000001"]}


@pytest.mark.parametrize(
    "beyond", [*BEYOND, pytest.param(A_MILLION, marks=pytest.mark.long)], ids=lambda beyond: beyond.name
)
def test_beyond_a_limit(
    beyond: Beyond, tmp_path: Path, capsys: pytest.CaptureFixture[str], count: Count, request: pytest.FixtureRequest
) -> None:
    arguments = list(beyond.arguments)
    if beyond.name == "no time":
        request.getfixturevalue("sleeping_judge")
    if beyond.spec is not None:
        path = tmp_path / "spec.yaml"
        path.write_text(beyond.spec(), encoding="utf-8")
        arguments.insert(1, str(path))
    assert run([*arguments, *MORE.get(beyond.name, ())]) == beyond.status
    out, err = capsys.readouterr()
    assert [said for said in beyond.said if said not in (err or out)] == []
    assert len(err) < 1_000
    count("limits held", 1)


def test_the_limit_of_a_list_can_be_raised(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "sin(x)+cos(x)+x**2", *AT, "--limit", "5", "--no-verify"]) == 0
    assert "f = v3 + v4" in capsys.readouterr().out
    model = pipeline.load(" + ".join(f"x{i}" for i in range(40)))
    assert len(lower(model, most=39)) == 40 + 39
    with pytest.raises(UsageError, match="more than 38 statements"):
        lower(model, most=38)


# -- formulas: bounded by work, and said


PARENT = 15  # seconds of processor time
MOST = 1 << 29  # bytes


def test_formulas_that_take_too_much_work_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones are there, the others None, and the same ones each time: work is counted, not timed."""
    model = pipeline.load("; ".join(f"y{i} = sin(a*b + {i})*exp(c/{i})" for i in range(1, 9)))
    wl = lower(model)
    every = derive(wl, model.outputs, model.wrt).by_key
    assert None not in [formula.root for formula in every.values()]
    monkeypatch.setattr("wengert.sweep.formulas.MOST_WORK", 60)
    assert list(derive(wl, ["y8"], model.wrt).by_key) == [("y8", x) for x in model.wrt]
    few = [derive(wl, ["y8"], model.wrt).by_key["y8", x].root is None for x in model.wrt]
    assert few == [derive(wl, ["y8"], model.wrt).by_key["y8", x].root is None for x in model.wrt]
    assert True in few
    keys = [("y8", x, y) for x in model.wrt for y in model.wrt]
    monkeypatch.setattr("wengert.sweep.higher.named.MOST_WORK", 800)
    named = named_formulas(wl, keys, derive(wl, ["y8"], model.wrt).nodes)
    assert list(named) == keys
    assert 0 < sum(root is None for root in named.values()) < len(keys)


def test_many_formulas_that_are_not_written_are_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("wengert.sweep.higher.named.MOST_WORK", 200)
    monkeypatch.setattr("wengert.sweep.higher.written.MOST_WORK", 200)
    assert run(["diff", "sin(a*b)*exp(c*d)*tanh(a*d)", "--order", "2", "--no-verify"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"\d+ formulas are not written: .* \(--wrt asks for fewer\)\.", out)
    assert out.count("not written") == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("formula", "options"),
    [
        ("tanh(x*y)*exp(y*z)*sin(z*w)/(1+x**2+y**2)", ("--order", "10")),
        ("x**y**z**w", ("--order", "8")),
        ("*".join(f"({a}+{b})" for a, b in pairwise("abcdghijklmno")), ("--order", "4")),
        ("sqrt(x+" * 30 + "1" + ")" * 30, ("--order", "3")),
        ("sigmoid(" * 12 + "x*y+z" + ")" * 12, ("--order", "8")),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else value[-1],
)  # fmt: skip
def test_short_formulas_do_not_keep_the_parent_busy(formula: str, options: tuple[str, ...], count: Count) -> None:
    """Less than a line of input, minutes of work once: our own rewrites stand under no judge's budget."""
    ended = measured(["diff", formula, *options, "--no-verify"])
    assert (ended.status, ended.err) == (0, "")
    assert ended.processor < PARENT
    assert ended.peak < MOST
    count("short formulas that kept the parent busy: bounded", 1)
