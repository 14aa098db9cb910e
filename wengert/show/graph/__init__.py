"""The computational graph: what it is (model), where its nodes go (layout), and how it is drawn, a module for each way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wengert.report import Report
    from wengert.show.graph.model import Graph
    from wengert.show.numbers import Digits


def drawn(report: Report, digits: Digits) -> Graph:
    """The graph of a report. What draws it is imported here: a document has a graph, and few formats ask for it."""
    from wengert.show.graph.build import graph_of

    return graph_of(report, digits)
