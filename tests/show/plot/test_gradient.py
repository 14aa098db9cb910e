"""The gradient by layer and by depth: what stands on paper is what the record has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import wengert
from tests.show.plot.drawn import Drawn, points, sound
from wengert.flow_report import FlowReport, flow_report
from wengert.lang.variants import Network, option_entries
from wengert.report import Settings
from wengert.show.flow_document import flow_document
from wengert.show.flow_record import flow_record
from wengert.show.numbers import Digits
from wengert.tape.primitives import VOCABULARY

SAMPLES = Path(wengert.__file__).parents[1] / "samples"
DEEP = (SAMPLES / "deep-sigmoid.yaml").read_text(encoding="utf-8")
TITLE = "</text><script>alert(1)</script>"
DEAD = f"""
title: "{TITLE}"
inputs: {{x: 1}}
parameters: {{a: -1, b: 1, c: 1}}
layers:
  - {{weights: [[a]], activation: relu}}
  - {{weights: [[b]], activation: relu}}
  - {{weights: [[c]]}}
targets: [1]
loss: squared_error
"""


def found(text: str, compare: str = "", remedies: tuple[str, ...] = (), depths: tuple[int, ...] = ()) -> FlowReport:
    network = Network(text, "net.yaml", VOCABULARY, ".")
    compared = option_entries(compare, "--compare") if compare else []
    return flow_report(network, Settings(verify=False), compared, remedies, depths)


def drawn(report: FlowReport) -> Drawn:
    document = flow_document(report, Digits(3))
    assert document.picture is not None
    return sound(document.picture())


def sizes(layers: list[dict[str, Any]]) -> list[tuple[float, float]]:
    return [(layer["number"], layer["delta_mean"]) for layer in reversed(layers)]


def alike(points: list[tuple[float, float]], expected: list[tuple[float, float]]) -> None:
    assert len(points) == len(expected)
    for (x, y), (n, size) in zip(points, expected, strict=True):
        assert x == pytest.approx(n, abs=0.01)
        assert y == pytest.approx(size, rel=0.02)


def test_a_network_by_itself() -> None:
    report = found(DEEP)
    made = drawn(report)
    assert list(made.series) == [""]
    alike(made.values(""), sizes(flow_record(report)["layers"]))
    alike(made.marks("value"), made.values(""))
    assert [round(n) for _, n in made.x.ticks] == list(range(1, 21))[::-1]  # to the right, the gradient travels back
    assert made.title == "Twenty sigmoid layers"
    assert "The gradient vanishes: ‖δ‖ of layer 1 is 1.30e−14 times ‖δ‖ of layer 20." in made.description


def test_networks_side_by_side() -> None:
    report = found(DEEP, "sigmoid,relu", ("skip",))
    made, record = drawn(report), flow_record(report)
    assert list(made.series) == ["sigmoid", "relu", "sigmoid + skip", "relu + skip"]
    alike(made.values("sigmoid"), sizes(record["layers"]))
    for variant in record["variants"][:2]:
        alike(made.values(variant["name"]), sizes(variant["layers"]))
    assert {"sigmoid", "relu", "sigmoid + skip", "relu + skip"} <= set(made.texts)
    assert len(made.marks("none")) == 20  # relu + skip: no gradient enters, 1e-77
    assert "An open mark on the lower edge is a 0, or too small to be drawn: relu + skip." in made.texts


def test_depths() -> None:
    report = found(DEEP, "sigmoid,relu", ("skip",), (2, 5, 9, 20))
    made, record = drawn(report), flow_record(report)
    for name in ("sigmoid", "relu", "sigmoid + skip", "relu + skip"):
        expected = [(row["depth"], row["first_to_last"]) for row in record["depths"] if row["name"] == name]
        alike(made.values(name), expected)
    assert "vanishing below 0.001" in made.texts and "exploding above 1,000" not in made.texts
    assert "Layer 1 is repeated until there are so many layers." in made.texts


def test_one_depth() -> None:
    made = drawn(found(DEEP, depths=(3,)))
    assert [x for x, _ in made.marks("value")] == [pytest.approx(3, abs=0.01)]


def test_what_is_0_is_marked_at_the_foot() -> None:
    made = drawn(found(DEAD))
    assert [round(x) for x, _ in sorted(made.marks("none"))] == [1, 2]
    assert [round(x) for x, _ in made.marks("value")] == [3]
    assert any(t.startswith("An open mark on the lower edge is a 0") for t in made.texts)


def test_titles_are_text() -> None:
    made = drawn(found(DEAD))
    assert made.title == TITLE and TITLE in made.texts
    assert not [e for e in made.root.iter() if "script" in e.tag]


def test_what_has_no_value_is_told() -> None:
    report = found(DEEP, "sigmoid,ln")
    if all(m.flow is not None for m in report.networks):
        pytest.fail("ln of a negative z has no value")
    made = drawn(report)
    assert any(t.startswith("Not drawn: ln (") for t in made.texts)


def test_more_networks_than_colours_are_told_apart() -> None:
    names = "sigmoid,relu,tanh,elu,softplus,gelu,silu,identity"
    made = drawn(found(DEEP, names, ("skip",)))
    assert len(made.series) == 16
    looks = set()
    for group in made.root.iter("{http://www.w3.org/2000/svg}g"):
        if group.get("class") == "series":
            mark = next(p for p in group if p.get("class") in ("value", "none"))
            corners = points(mark.get("d", "").partition("a")[0])
            outline = tuple((round(x - corners[0][0], 1), round(y - corners[0][1], 1)) for x, y in corners)
            looks.add((mark.get("stroke"), outline))
    assert len(looks) == 16


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_network_of_the_samples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "layers:" in text:
        network = Network(text, path.name, VOCABULARY, str(path.parent))
        drawn(flow_report(network, Settings(verify=False)))
