"""wengert's side of a comparison: a spec's text through the whole pipeline to what is printed, read back as figures by key."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import wengert
from tests.readings import mp
from tests.trust.quotients import Key
from wengert.face import Diff, Trace
from wengert.show.record import in_full

Figures = dict[Key, Any]


def trace(spec: Any, **options: Any) -> Trace:
    return wengert.trace(spec, verify=False, **options)


def figures(made: Trace) -> Figures:
    """Values of the outputs and all derivatives, as they are printed in full: doubles, or texts of many digits."""
    swept, wl = made.report.trace, made.report.list
    assert swept is not None
    found: Figures = {(of,): swept.values[wl.slots[of]] for of in made.report.outputs}
    found.update((key, swept.figure(key)) for key in made.report.keys)
    if swept.choice.digits is None:
        return found
    return {key: in_full(swept, value, None) for key, value in found.items()}


def document(made: Trace | Diff) -> dict[str, Any]:
    """The JSON that is printed."""
    found: dict[str, Any] = json.loads(made.to("json"))
    return found


def printed(record: Mapping[str, Any], exact: bool = False) -> Figures:
    """Values of outputs and derivatives in the JSON: doubles, or the texts in full."""
    field = "exact" if exact else "value"
    found: Figures = {(o["name"],): o[field] for o in record["outputs"]}
    found.update(((d["of"], *d["wrt"]), d[field]) for d in record["derivatives"])
    return found


def formulas(record: Mapping[str, Any]) -> dict[Key, str | None]:
    """The formula of each derivative; None where it was too large to be written out."""
    return {(d["of"], *d["wrt"]): d["formula"] if d["expanded"] else None for d in record["derivatives"]}


_ROW = re.compile(r"(?:d|∂)(\w+)/(?:d|∂)(\w+) .*([=≈]) (\S+)")


def shown(made: Trace) -> dict[Key, tuple[str, str]]:
    """The first derivatives in the text that a person reads: sign (= or ≈) and number."""
    found: dict[Key, tuple[str, str]] = {}
    for match in map(_ROW.match, made.to("text", only="gradient").splitlines()):
        if match is not None:
            output, name, sign, number = match.groups()
            found.setdefault((output, name), (sign, number.replace("−", "-")))
    return found


def is_rounded(text: str, sign: str, reference: Any, slack: Any) -> bool:
    """Whether a printed number is the reference rounded to its digits; `slack` is the error of the double that was printed."""
    mantissa, _, exponent = text.partition("e")
    unit = mp.mpf(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    error = abs(mp.mpf(text) - reference)
    return bool(error <= slack if sign == "=" else error <= unit / 2 + slack)
