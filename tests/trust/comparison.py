"""What was compared, with whom, and how it came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.readings import mp
from tests.trust.quotients import Key

EPS = mp.mpf(2) ** -53
Noise = Callable[[Key, int], Any]  # (key, how many draws): what relative errors of 1 in every operation would do to the figure
NEAR = 64  # roundings of the figure itself
DRAWN = 32  # times the largest effect of random relative errors of 2⁻⁵³: their signs might all be the worst
FEW, MANY = 2, 16  # draws, and draws where few say that the figure is wrong


def kind(key: Key) -> str:
    along = key[-1] == "seed"
    return ("values", "tangents" if along else "gradient entries", "Hessian-vector entries" if along else "Hessian entries")[
        len(key) - 1
    ]


@dataclass
class Tally:
    """`subject` is "programs" or "networks"; `counts` go into the figures at the end of a run."""

    subject: str
    counts: Counter[str] = field(default_factory=Counter)
    worst: dict[str, float] = field(default_factory=dict)  # relative differences, by what was compared
    faults: list[str] = field(default_factory=list)

    def add(self, what: str, number: int = 1) -> None:
        self.counts[f"{self.subject}: {what}"] += number

    def in_digits(self, whom: str, where: str, ours: Mapping[Key, str], theirs: Mapping[Key, Any], digits: int) -> None:
        """Figures of many digits: right to one unit of the last one."""
        with mp.workdps(digits + 30):
            for key, reference in theirs.items():
                text = ours.get(key)
                error = mp.inf if text is None else abs(mp.mpf(text) - reference)
                limit = abs(reference) * mp.mpf(10) ** (1 - digits)
                self._judge(whom, where, key, text, reference, error, limit, f"{digits} digits")

    def in_doubles(self, whom: str, where: str, ours: Mapping[Key, Any], theirs: Mapping[Key, Any], noise: Noise) -> None:
        """Doubles: right to what rounding may do. Where that is more than a few roundings of the figure itself, it is found
        by giving every operation of the oracle a random relative error; where contributions cancel inside one operation
        (hypot(x, x)″ = 0), which that cannot show, by the largest figure of the same output."""
        with mp.workdps(60):
            sizes: dict[str, Any] = {}
            for (of, *_), reference in theirs.items():
                sizes[of] = max(sizes.get(of, mp.mpf(1)), abs(reference))
            for key, reference in theirs.items():
                value = ours.get(key)
                finite = value is not None and value - value == 0
                error = abs(mp.mpf(value) - reference) if finite else mp.inf
                limit = NEAR * EPS * abs(reference)
                if finite and error > limit:
                    limit = max(limit, DRAWN * EPS * noise(key, FEW))
                    self.add("doubles judged by what rounding does")
                if finite and error > limit:
                    limit = max(limit, DRAWN * EPS * noise(key, MANY), NEAR * EPS * sizes[key[0]])
                    self.add("doubles judged by the largest figure of their output")
                self._judge(whom, where, key, value, reference, error, limit, "doubles")

    def equal(self, whom: str, where: str, ours: Mapping[Key, Any], theirs: Mapping[Key, Any]) -> None:
        """Exact figures: equal."""
        for key, reference in theirs.items():
            self.add(f"{kind(key)} by {whom}")
            if ours.get(key) != reference:
                self.faults.append(f"{where}: {whom}: ∂{'/∂'.join(key)} is {ours.get(key)}, not {reference}")

    def _judge(
        self, whom: str, where: str, key: Key, ours: Any, reference: Any, error: Any, limit: Any, measure: str
    ) -> None:
        self.add(f"{kind(key)} by {whom}")
        if abs(reference) > mp.mpf(10) ** -12 and error < mp.inf:
            name = f"{whom}, {measure}"
            self.worst[name] = max(self.worst.get(name, 0.0), float(error / abs(reference)))
        tiny = mp.mpf(10) ** -45  # what a difference quotient leaves of 0
        if not error <= max(limit, tiny):
            self.faults.append(f"{where}: {whom}, {measure}: ∂{'/∂'.join(key)} is {ours}, not {mp.nstr(reference, 45)}")

    def report(self, count: Callable[[str, int], None], largest: Callable[[str, float], None]) -> None:
        """Puts what was compared and the worst differences into the figures of the run; fails where there was a
        disagreement."""
        self.add("disagreements", len(self.faults))
        for name, number in self.counts.items():
            count(name, number)
        for name, worst in self.worst.items():
            largest(f"{self.subject}: worst relative difference, {name}", worst)
        assert not self.faults, "\n".join(self.faults[:20])
