"""Paths from a name to an output, at one level of steps: counted on the list, the first ones enumerated."""

from __future__ import annotations

from collections.abc import Iterator

from wengert.sweep.steps import Link, Step, Steps

Path = tuple[tuple[Step, Link], ...]  # from the output back to the name


class Paths:
    """The paths that lead from `source` to `output` through the steps. Their number can be astronomical: it is a sum over
    the list, while the paths themselves are made one by one."""

    def __init__(self, steps: Steps, output: int, source: int) -> None:
        self.steps = steps
        self.output = output
        self.source = source
        self._count: dict[int, int] = {source: 1}
        self._fill()

    @property
    def count(self) -> int:
        return self._count.get(self.output, 0)

    def _fill(self) -> None:
        """How many paths lead from the source to each step, in the order of the list."""
        level = self.steps
        active = level.list.depends_on([self.source])
        for slot in level.slots():
            if slot > self.output:
                break
            if not active[slot] or slot == self.source:
                continue
            count = sum(self._count.get(k, 0) for k in level.sources(slot))
            if count:
                self._count[slot] = count

    def __iter__(self) -> Iterator[Path]:
        """The paths, each from the output back; those through a step's first argument first."""
        if self.source == self.output:
            return
        stack: list[tuple[Step, int]] = [(self.steps.at(self.output), 0)]
        path: list[tuple[Step, Link]] = []
        while stack:
            step, at = stack.pop()
            del path[len(stack) :]
            if at >= len(step.links):
                continue
            stack.append((step, at + 1))
            link = step.links[at]
            if not self._count.get(link.source):
                continue
            path.append((step, link))
            if link.source == self.source:
                yield tuple(path)
            else:
                stack.append((self.steps.at(link.source), 0))
