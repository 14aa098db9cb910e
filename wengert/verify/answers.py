"""What the judge answered, sorted by what it is about; the answers themselves are those of child.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wengert.lang.model import Key

COMPLEX_STEP = "complex step"  # the method that sees the smallest slopes; others are difference quotients
JUMPS = "it jumps here"  # the reason of a one-sided answer, where a value beside the point stays a finite way off
REFORMULATION = "reformulation/"  # how the keys begin of what is asked about a loss and its activation, beside the rules
UNSETTLED = "the one-sided difference quotients do not settle"  # its reason, where a side has values and no slope


@dataclass
class Answers:
    """The judge's answers, sorted by what they are about."""

    values: dict[str, str] = field(default_factory=dict)
    derivatives: dict[Key, dict[str, Any]] = field(default_factory=dict)
    one_sided: dict[Key, dict[str, Any]] = field(default_factory=dict)
    directions: list[dict[str, Any]] = field(default_factory=list)
    randoms: list[dict[str, Any]] = field(default_factory=list)
    proofs: dict[Key, dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    reformulations: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stopped: str | None = None

    def take(self, answer: dict[str, Any]) -> None:
        kind = answer.get("kind")
        if kind == "value" and answer["value"] is not None:
            self.values[answer["of"]] = answer["value"]
        elif kind == "value":
            self.notes.insert(0, f"{answer['of']} has no value for the judge: {answer.get('reason')}")
        elif kind in ("derivative", "one_sided", "proof"):
            target = {"derivative": self.derivatives, "one_sided": self.one_sided, "proof": self.proofs}[kind]
            key = (answer["of"], *answer["wrt"])
            target[key] = answer
        elif kind == "direction":
            self.directions.append(answer)
        elif kind in ("random", "random_entry"):
            self.randoms.append(answer)
        elif kind == "rule":
            (self.reformulations if answer["key"].startswith(REFORMULATION) else self.rules)[answer["key"]] = answer
        elif kind == "note":
            self.notes.append(answer["text"])
            if answer.get("fatal"):
                self.stopped = answer["text"]
        elif kind == "stopped":
            self.stopped = answer["reason"]
