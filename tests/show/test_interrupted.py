"""What is said where the judge is ended before he has answered everything, and where his proofs come to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.programs import model
from wengert.report import Settings, report
from wengert.show.document import Words
from wengert.show.gradient import closing_lines
from wengert.show.numbers import Digits
from wengert.verify.judge import Judge

BUDGET = 60.0  # far above what it takes: a verdict must not hang on the machine's speed


class Interrupted(Judge):
    """Ended before the answer of that number among those of one kind."""

    def __init__(self, judge: Judge, kind: str, after: int) -> None:
        super().__init__()
        self.judge, self.kind, self.after = judge, kind, after

    def ask(self, request: dict[str, Any], seconds: float = 0) -> None:
        self.judge.ask(request, seconds)

    def answers(self, deadline: float) -> Iterator[dict[str, Any]]:
        seen, ended = 0, False
        for answer in self.judge.answers(deadline):  # to the last: the judge is asked again
            seen += answer.get("kind") == self.kind
            if seen > self.after and not ended:
                ended = True
                yield {"kind": "stopped", "reason": "his time was up"}
            elif not ended:
                yield answer


@pytest.mark.parametrize(
    ("kind", "after", "verdicts", "lines"),
    [
        ("proof", 2, ["proved", "proved"], ["Checked by sympy: 2 of 2 derivatives proved."]),
        ("proof", 1, ["proved", "agrees"], [
            "Checked: 1 proved, 1 agrees (50 digits).", "agrees: the list in 50 digits equals the judge's complex step.",
            "No proof of 1 of them: his time was up.",
            "The rules used: all 3 local partials are proved by sympy, on each branch.",
        ]),
        ("rule", 2, ["agrees", "agrees"], [
            "Checked: 2 agree (50 digits).", "agrees: the list in 50 digits equals the judge's complex step.",
            "No proof: his time was up.", "The rules used: 2 of 3 local partials are proved by sympy.",
        ]),
    ],
)  # fmt: skip
def test_what_the_clock_left_without_a_proof_is_said(
    kind: str, after: int, verdicts: list[str], lines: list[str], judge: Judge
) -> None:
    """No rule is proved that was not asked about, and no proof is left away without a word."""
    made = report(model("sin(x)*y", {"x": "0.7", "y": "1.3"}), Settings(budget=BUDGET), True, Interrupted(judge, kind, after))
    assert made.verification is not None
    checks = list(made.verification.checks.values())
    assert [c.verdict for c in checks] == verdicts
    reason = "no proof was reached: his time was up"
    assert [c.reason for c in checks] == [reason if verdict == "agrees" else None for verdict in verdicts]
    said = ["".join(piece.text for piece in line if isinstance(piece, Words)) for line in closing_lines(made, Digits())]
    assert said == lines


class Unproved(Interrupted):
    """Whose proofs stay open, for these reasons."""

    def __init__(self, judge: Judge, reasons: list[str]) -> None:
        super().__init__(judge, "nothing", 0)
        self.reasons = reasons

    def answers(self, deadline: float) -> Iterator[dict[str, Any]]:
        left = iter(self.reasons)
        for answer in super().answers(deadline):
            yield {**answer, "status": "open", "reason": next(left)} if answer["kind"] == "proof" else answer


@pytest.mark.parametrize(
    ("reasons", "lines"),
    [
        (["the formula is too large to be written"] * 3, ["No proof: the formula is too large to be written."]),
        (["too large: 5,000 terms", "too large: 5,000 terms", "no meaning on a branch: ln(0)"],
         ["No proof of 2 of them: too large: 5,000 terms.", "No proof of 1 of them: no meaning on a branch: ln(0)."]),
        (["too large: 5,000 terms", "too large: 6,000 terms", "the difference did not reduce to 0"],
         ["No proof of 2 of them: too large.", "No proof of 1 of them: the difference did not reduce to 0."]),
    ],
    ids=["alike", "of two kinds", "that differ in a number"],
)  # fmt: skip
def test_why_what_agrees_is_not_proved(reasons: list[str], lines: list[str], judge: Judge) -> None:
    m = model("sin(x)*y + z", {"x": "0.7", "y": "1.3", "z": "1"})
    made = report(m, Settings(budget=BUDGET), True, Unproved(judge, reasons))
    said = ["".join(piece.text for piece in line if isinstance(piece, Words)) for line in closing_lines(made, Digits())]
    assert [line for line in said if "No proof" in line] == lines
