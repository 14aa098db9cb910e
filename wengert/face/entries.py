"""Single entries of a result: a statement, a local partial, a derivative. Each is what the JSON record says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeAlias

from wengert.face.tables import Table

Value: TypeAlias = "float | Decimal"  # a Decimal only beyond a double's range, which exact numbers and many digits can leave


def value_of(recorded: Any) -> Value:
    """The number that stands in a record: "inf" for an infinite one, null for an undefined one, digits beyond a double."""
    if recorded is None:
        return float("nan")
    if isinstance(recorded, str):
        return float(recorded) if recorded in ("inf", "-inf") else Decimal(recorded)
    return float(recorded)


class _Entry:
    """Entries print what they have."""

    def __repr__(self) -> str:
        given = [(f.name, getattr(self, f.name)) for f in fields(self)]  # type: ignore[arg-type]
        shown = ", ".join(f"{name}={value!r}" for name, value in given if value is not None and value != ())
        return f"{type(self).__name__}({shown})"


@dataclass(frozen=True, repr=False)
class Partial(_Entry):
    """∂v/∂`to` of one statement v by its argument number `argument` (from 0). `value` is None where there is no point."""

    to: str
    argument: int
    formula: str | None
    value: Value | None = None
    exact: str | None = None


@dataclass(frozen=True, repr=False)
class Statement(_Entry):
    """One line of the list: `name = formula`, an application of `primitive` to `arguments` (names, or constants).

    `adjoint` is ∂f/∂v of the only output, a table by output where there are several; `tangents` are by direction. `exact` is
    the value in full with exact numbers and many digits, `rounded` what came of rounding the nodes.
    """

    name: str
    primitive: str
    arguments: tuple[str, ...]
    formula: str
    partials: tuple[Partial, ...] = ()
    value: Value | None = None
    exact: str | None = None
    rounded: Value | None = None
    adjoint: Any = None
    tangents: Table[Value] | None = None


@dataclass(frozen=True, repr=False)
class Derivative(_Entry):
    """∂of/∂wrt with the judge's verdict and the `witness` who gave it; `wrt` has a name for each order, or is ("seed",).

    `value` is None where there is no point; `reference` is the judge's own figure. At a kink `one_sided` has the derivative
    from the left and from the right; `digits_lost` and `reason` say more of an imprecise or an open one.
    """

    of: str
    wrt: tuple[str, ...]
    value: Value | None = None
    formula: str | None = None
    verdict: str | None = None
    witness: str | None = None
    reference: Value | None = None
    exact: str | None = None
    rounded: Value | None = None
    one_sided: tuple[Value, Value] | None = None
    digits_lost: int | None = None
    reason: str | None = None


def partial_of(recorded: Mapping[str, Any]) -> Partial:
    return Partial(
        recorded["to"], recorded["argument"], recorded["formula"], _number(recorded, "value"), recorded.get("exact")
    )  # fmt: skip


def statement_of(recorded: Mapping[str, Any], several: bool) -> Statement:
    """`several`: whether there are several outputs."""
    adjoints = _numbers(recorded, "adjoints", "adjoint")
    adjoint: Any = adjoints
    if adjoints is not None and not several:
        adjoint = next(iter(adjoints.values()), None)
    return Statement(
        recorded["name"], recorded["primitive"], tuple(recorded["arguments"]), recorded["formula"],
        tuple(map(partial_of, recorded["partials"])), _number(recorded, "value"), recorded.get("exact"),
        _number(recorded, "rounded"), adjoint, _numbers(recorded, "tangents", "tangent"),
    )  # fmt: skip


def derivative_of(recorded: Mapping[str, Any]) -> Derivative:
    sides = recorded.get("one_sided")
    reference = recorded.get("reference")
    return Derivative(
        recorded["of"], tuple(recorded["wrt"]), _number(recorded, "value"), recorded["formula"], recorded["verdict"],
        recorded["witness"], None if reference is None else value_of(reference), recorded.get("exact"),
        _number(recorded, "rounded"), None if sides is None else (value_of(sides["left"]), value_of(sides["right"])),
        recorded.get("digits_lost"), recorded.get("reason"),
    )  # fmt: skip


def _number(recorded: Mapping[str, Any], key: str) -> Value | None:
    return value_of(recorded[key]) if key in recorded else None


def _numbers(recorded: Mapping[str, Any], key: str, what: str) -> Table[Value] | None:
    if key not in recorded:
        return None
    found = {name: value_of(value) for name, value in recorded[key].items()}
    return Table.of(list(found), found.__getitem__, what)
