"""What is known of each derivative and of each value, and the words for it, from best to worst (design, section 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from wengert.lang.model import Key

ORDER = ("proved", "agrees", "imprecise", "kink", "unchecked", "failed")  # from best to worst
DOUBTFUL = ("imprecise", "kink")  # verdicts that let a double differ from many digits


@dataclass(frozen=True)
class Check:
    """What is known of one derivative. `reference` is the judge's value in decimal digits; `value` is what is to be printed
    where it is not the sweep's own (a derivative that exists at a kink); `one_sided` (left, right), None for none."""

    key: Key
    verdict: str
    witness: str | None = None
    reference: str | None = None
    one_sided: tuple[float | None, float | None] | None = None
    reason: str | None = None
    lost: int | None = None  # digits that double precision lost
    value: str | None = None


@dataclass(frozen=True)
class Value:
    """What is known of the printed value of an output: agrees, imprecise, unchecked or failed. `reference` is the judge's
    value in decimal digits."""

    verdict: str
    reference: str | None = None
    lost: int | None = None  # digits that double precision lost
    reason: str | None = None


Known = TypeVar("Known", Check, Value)


@dataclass(frozen=True)
class Verification:
    """The verdict of the whole is the worst of its rows: of the derivatives, and of the outputs' values by name."""

    checks: dict[Key, Check]
    verdict: str
    notes: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    rules: tuple[int, int] = (0, 0)  # proved, asked
    reformulations: dict[str, dict[str, Any]] = field(default_factory=dict)  # the judge's answers, by key


def in_doubt(checks: Mapping[Key, Check], values: Mapping[str, Value]) -> bool:
    return any(v in DOUBTFUL for v in (*(c.verdict for c in checks.values()), *(v.verdict for v in values.values())))


def fails(known: Known, reason: str) -> Known:
    """A double that differs fails, where rounding does not explain the doubles that it comes of."""
    return replace(known, verdict="failed", reason=reason, lost=None) if known.verdict in DOUBTFUL else known


def worst(derivatives: list[str], values: list[str], faults: bool) -> str:
    """A derivative that is checked speaks for its output's value too, unless that is known to be wrong."""
    if not derivatives:
        return "failed" if faults else max(values, key=ORDER.index, default="agrees")
    return max(*derivatives, *(v for v in values if v in ("imprecise", "failed")), "proved", key=ORDER.index)


def failed(found: Verification, reason: str) -> Verification:
    """Every row failed, for one reason where it has none of its own."""

    def wrong(known: Known) -> Known:
        return known if known.verdict == "failed" else replace(known, verdict="failed", reason=reason, lost=None)

    checks = {key: wrong(check) for key, check in found.checks.items()}
    values = {of: wrong(value) for of, value in found.values.items()}
    return replace(found, checks=checks, values=values, verdict="failed")


def unchecked(keys: Sequence[Key], reason: str) -> Verification:
    """Every row open, for one reason."""
    checks = {key: Check(key, "unchecked", reason=reason) for key in keys}
    return Verification(checks, "unchecked", (reason,))
