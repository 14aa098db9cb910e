"""`wengert rules` on the command line: what a person may type for a rule, what comes back, and with which status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import wengert
from wengert.cli.rules import find
from wengert.cli.run import run
from wengert.errors import UsageError
from wengert.tape.primitives import PRIMITIVES

ROOT = Path(wengert.__file__).parents[1]


def out_of(arguments: list[str], capsys: pytest.CaptureFixture[str], status: int = 0) -> str:
    assert run(arguments) == status
    out, err = capsys.readouterr()
    assert err == ""
    return str(out)


def test_csv_has_15_digits(capsys: pytest.CaptureFixture[str]) -> None:
    assert out_of(["rules", "sigmoid", "--no-verify", "-f", "csv"], capsys).endswith(",2.35003712201595\n")
    assert out_of(["rules", "sigmoid", "--no-verify", "-f", "csv", "--digits", "4"], capsys).endswith(",2.350\n")


NAMES = [
    ("mul", ["mul"]), ("*", ["mul"]), ("·", ["mul"]), ("+", ["add"]), ("-", ["sub"]), ("−", ["sub"]), ("/", ["div"]),
    ("^", ["power"]), ("**", ["power"]), ("pow", ["power"]), ("-x", ["neg"]), (" -x", ["neg"]), ("√", ["sqrt"]),
    ("swish", ["silu"]), ("σ", ["sigmoid"]), ("Abs", ["abs"]), ("|x|", ["abs"]), ("log", ["ln", "log"]), ("lg", ["log10"]),
    ("arcsin", ["asin"]), ("where", ["where"]), ("where(x > 0, 1, 0)", ["where"]), (">=", ["where"]), ("ReLU", ["relu"]),
    ("LeakyReLU", ["leaky_relu"]), ("sin(x)", ["sin"]), ("x*y", ["mul"]), ("quotient", ["div"]), ("identity", ["identity"]),
    ("SUM", ["sum"]), ("sum", ["sum"]), ("maximum", ["max"]),
]  # fmt: skip


@pytest.mark.parametrize(("word", "names"), NAMES)
def test_a_rule_is_found(word: str, names: list[str]) -> None:
    assert [rule.name for rule in find(word)] == names


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_record_is_found_by_its_name(name: str) -> None:
    assert name in [record.name for rule in find(name) for record in rule.records]


UNKNOWN = [("sigmid", "sigmoid"), ("sotfmax", "softmax"), ("tangh", "tanh"), ("zzzz", "wengert rules shows them all"),
           ("", "wengert rules"), ("x +", "wengert rules"), ("\x1b[31m", "wengert rules"), ("x" * 5000, "wengert rules"),
           ("(" * 3000, "wengert rules")]  # fmt: skip


@pytest.mark.parametrize(("word", "hint"), UNKNOWN)
def test_an_unknown_rule_is_a_usage_error_with_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(word)
    assert hint in (caught.value.hint or "")
    assert "\x1b" not in caught.value.report()


def test_an_unknown_rule_ends_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "sigmid"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "did you mean sigmoid" in err


def test_the_table_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    told = out_of(["rules", "--budget", "60"], capsys)
    assert "x·y" in told
    last = told.rstrip().splitlines()[-1]
    assert last.startswith("Checked by sympy: ")
    assert last.endswith("local partials proved.")


def test_one_rule_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    told = out_of(["rules", "*", "--budget", "60"], capsys)
    assert told.count("proved") == 2
    assert "((x + h)·y − x·y)/h" in told


def test_without_verification(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Not verified (--no-verify)." in out_of(["rules", "mul", "--no-verify"], capsys)
    assert "Not verified (--no-verify)." in out_of(["rules", "--no-verify"], capsys)


@pytest.mark.usefixtures("sleeping_judge")
def test_a_budget_that_is_too_short_leaves_it_open(capsys: pytest.CaptureFixture[str]) -> None:
    told = out_of(["rules", "mul", "--budget", "0.001"], capsys, status=3)
    assert "unchecked: the budget of" in told
    assert "\nProved" not in told


class WrongJudge:
    """A judge that finds every rule wrong but the last, which it does not answer."""

    def start(self) -> None:
        self.keys: list[str] = []

    def ask(self, request: dict[str, Any], seconds: float = 0) -> None:
        self.keys = [item["key"] for item in request["rules"]]

    def answers(self, deadline: float) -> Iterator[dict[str, Any]]:
        for key in self.keys[:-1]:
            yield {"kind": "rule", "key": key, "status": "wrong", "branches": 1, "reason": "not its slope at x = 1"}
        yield {"kind": "stopped", "reason": "the judge fell asleep"}

    def close(self) -> None:
        pass


class OpenJudge(WrongJudge):
    """A judge that proves the textbook's forms and leaves the stable ones open."""

    def answers(self, deadline: float) -> Iterator[dict[str, Any]]:
        for key in self.keys:
            status = "open" if key.endswith("/stable") else "proved"
            yield {"kind": "rule", "key": key, "status": status, "branches": 1, "reason": None}
        yield {"kind": "done"}


def test_a_form_that_is_not_proved_is_said_to_be_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wengert.verify.judge.Judge", OpenJudge)
    told = out_of(["rules", "tanh"], capsys)
    assert "dv/dx = 1 − v²   proved" in told
    assert "not proved" in told


def test_a_wrong_rule_fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wengert.cli.rules.Judge", WrongJudge)
    monkeypatch.setattr("wengert.verify.judge.Judge", WrongJudge)
    told = out_of(["rules", "mul"], capsys, status=1)
    assert "failed: not its slope at x = 1" in told
    assert "unchecked: the judge fell asleep" in told
    assert "mul: failed: not its slope at x = 1" in out_of(["rules"], capsys, status=1)


@pytest.mark.parametrize("budget", ["0", "-1", "nan"])
def test_a_budget_is_more_than_nothing(budget: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", f"--budget={budget}"]) == 2
    assert "--budget is" in capsys.readouterr().err


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads(out_of(["rules", "mul", "-f", "json", "--budget", "60"], capsys))
    assert made["schema"] == "wengert.rules/1"
    assert made["verdict"] == "proved"
    (rule,) = made["rules"]
    assert rule["call"] == "x*y"
    assert [(p["to"], p["formula"], p["verdict"], p["branches"]) for p in rule["partials"]] == [
        ("x", "y", "proved", 1), ("y", "x", "proved", 1),
    ]  # fmt: skip
    assert rule["sample"] == {
        "arguments": {"x": 2.0, "y": 3.0}, "value": 6.0, "partials": [{"to": "x", "value": 3.0}, {"to": "y", "value": 2.0}],
    }  # fmt: skip


def test_json_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    made: dict[str, Any] = json.loads(out_of(["rules", "-f", "json", "--no-verify"], capsys))
    assert made["verdict"] is None
    assert {r["name"] for r in made["rules"]} == {r.label for r in PRIMITIVES.values()}
    assert all(p["verdict"] is None for r in made["rules"] for p in r["partials"])


def test_ascii_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.txt"
    assert out_of(["rules", "--ascii", "--no-verify", "-o", str(path)], capsys) == ""
    told = path.read_text(encoding="utf-8")
    assert told.isascii()
    assert "dv/dx = 1 - v**2" in told


def test_digits(capsys: pytest.CaptureFixture[str]) -> None:
    assert "≈ 2.35\n" in out_of(["rules", "sigmoid", "--digits", "3", "--no-verify"], capsys)


def test_the_help_is_that_of_rules(capsys: pytest.CaptureFixture[str]) -> None:
    told = out_of(["rules", "--help"], capsys)
    assert "--precision" not in told
    assert "Significant digits of results (6; 15 in CSV)." in told
    assert "Have every local partial proved." in told


@pytest.mark.parametrize("arguments", [["rules", "--no-verify"], ["rules", "mul", "--no-verify"], ["rules", "mul"]])
def test_sympy_stays_out_of_the_parent(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom wengert.cli.run import run\n"
        f"run({arguments!r})\nprint('loaded:', *({{'sympy', 'mpmath', 'numpy'}} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=60, check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.stdout.rstrip().endswith("loaded:")
