"""Adjoints in symbols, written out for a reader: in the inputs, or in the names of statements."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from wengert.lang.expr import Nodes
from wengert.sweep.algebra import BIG, MOST_WORK, Algebra, TooMuchWork
from wengert.sweep.formulas import SymbolicSweep
from wengert.sweep.readable import readable
from wengert.sweep.symbols import Symbols
from wengert.tape.wengert_list import WengertList


class Unfolded:
    """∂of/∂v for every slot v, as expressions in `nodes`; `keep` as in SymbolicSweep."""

    def __init__(self, wl: WengertList, active: bytearray, of: str, keep: str = "nothing") -> None:
        self.nodes = Nodes(shared=True)
        self._keep = keep
        self._symbols = Symbols(Algebra(most=MOST_WORK), wl.model.names(), wl.model.given())
        self._adjoints: list[Any] | None = None  # none are written where they take too much work
        with suppress(TooMuchWork):
            self._adjoints = SymbolicSweep(wl, self._symbols, active, keep).adjoints(of)

    def adjoint(self, slot: int) -> int | None:
        """The root of ∂of/∂v; None where it is too large to write, or those before it took all the work."""
        if self._adjoints is None:
            return None
        e = self._adjoints[slot]
        e = self._symbols.zero if e is None else e
        if e == BIG:
            return None
        try:
            e = e if self._keep != "nothing" else readable(self._symbols.algebra, e)
        except TooMuchWork:
            return None
        return None if e == BIG else self._symbols.to_nodes(e, self.nodes, arrange=self._keep == "nothing")
