"""What `wengert.load` gives: a formula, a program or a network that was read, ready to be traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wengert.face.tables import Table

if TYPE_CHECKING:
    from wengert.face.results import Diff, Trace
    from wengert.lang import model as inner


class Model:
    """A formula, a program or a network, as it was read.

    >>> import wengert
    >>> m = wengert.load("a = w*x + b; y = sigmoid(a)")
    >>> m
    Model: a program
      a = w*x + b
      y = sigmoid(a)
      inputs: w, x, b
      outputs: y
    >>> m.trace(at={"w": 2, "x": -1, "b": 0.5}).value
    0.18242552380635632
    >>> m.diff(wrt="w").formulas["w"]
    'x*(1 - sigmoid(w*x + b))*sigmoid(w*x + b)'
    """

    __slots__ = ("_model",)

    def __init__(self, model: inner.Model) -> None:
        object.__setattr__(self, "_model", model)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a Model cannot be changed: trace(at=…) takes other values")

    _model: inner.Model

    @property
    def model(self) -> inner.Model:
        """The inner model, of `wengert.lang.model`: for programs that build on wengert's own rooms; it may change."""
        return self._model

    @property
    def form(self) -> str:
        """"formula", "program" or "network"."""
        return self._model.form

    @property
    def title(self) -> str | None:
        return self._model.title

    @property
    def source(self) -> str | None:
        """Where the spec says that it is from."""
        return self._model.source

    @property
    def inputs(self) -> Table[str | None]:
        """The free names with their values as they were written, None for one without a value."""
        return self._valued([x.name for x in self._model.inputs], "input")

    @property
    def parameters(self) -> Table[str | None]:
        """The parameters of a network among the inputs."""
        return self._valued([x.name for x in self._model.inputs if x.role.value == "parameter"], "parameter")

    @property
    def outputs(self) -> tuple[str, ...]:
        """What is differentiated."""
        return self._model.outputs

    @property
    def wrt(self) -> tuple[str, ...]:
        """The names that it is differentiated by."""
        return self._model.wrt

    @property
    def definitions(self) -> Table[str]:
        """The named quantities with their formulas, in the order of their evaluation."""
        from wengert.show.notation import language

        found = {d.name: d.root for d in self._model.definitions}
        return Table.of(list(found), lambda name: language(self._model.nodes, found[name]), "definition")

    def trace(
        self, *, at: Mapping[str, Any] | None = None, wrt: str | Sequence[str] | None = None,
        of: str | Sequence[str] | None = None, seed: Mapping[str, Any] | None = None, **settings: Any,
    ) -> Trace:  # fmt: skip
        """As `wengert.trace`; what is not given is as in the spec."""
        from wengert.face.results import Trace
        from wengert.pipeline import trace

        return Trace(trace(self._model, at=at, wrt=wrt, of=of, seed=seed, **settings))

    def diff(
        self, *, at: Mapping[str, Any] | None = None, wrt: str | Sequence[str] | None = None,
        of: str | Sequence[str] | None = None, seed: Mapping[str, Any] | None = None, **settings: Any,
    ) -> Diff:  # fmt: skip
        """As `wengert.diff`; what is not given is as in the spec, but for its point."""
        from wengert.face.results import Diff
        from wengert.pipeline import diff

        return Diff(diff(self._model, at=at, wrt=wrt, of=of, seed=seed, **settings))

    def _valued(self, names: Sequence[str], what: str) -> Table[str | None]:
        from wengert.show.notation import language

        roots = {x.name: x.value for x in self._model.inputs}

        def entry(name: str) -> str | None:
            root = roots[name]
            return None if root is None else language(self._model.nodes, root)

        return Table.of(names, entry, what)

    def __repr__(self) -> str:
        from wengert.face.tables import SHOWN
        from wengert.show.notation import language, size

        model, longest = self._model, 60
        lines = [f"Model: a {model.form}{f', {model.title}' if model.title else ''}"]
        for d in model.definitions[:SHOWN]:
            short = size(model.nodes, d.root, longest) < longest
            lines.append(f"  {d.name} = {language(model.nodes, d.root) if short else '…'}")
        if len(model.definitions) > SHOWN:
            lines.append(f"  … {len(model.definitions) - SHOWN:,} more")
        inputs = [x.name if x.value is None else f"{x.name} = {self.inputs[x.name]}" for x in model.inputs[:SHOWN]]
        lines.append(f"  inputs: {', '.join(inputs)}{', …' if len(model.inputs) > SHOWN else ''}")
        lines.append(f"  outputs: {', '.join(model.outputs[:SHOWN])}{', …' if len(model.outputs) > SHOWN else ''}")
        return "\n".join(lines)
