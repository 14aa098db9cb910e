"""What is asked of a model: values, outputs, names to differentiate by, a direction. From a spec's keys or the command line.

The `choose_…` functions check names that have been read; the `with_…` functions read an option's text for them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from wengert.errors import Place, Source, UsageError, WengertError
from wengert.lang.expr import NAME, Nodes
from wengert.lang.fields import Given, Named, check_constant, did_you_mean, is_name
from wengert.lang.model import CONSTANTS, Input, Model
from wengert.lang.parser import parse_expression
from wengert.lang.program import in_pieces, unknown_hint
from wengert.lang.tokens import composed
from wengert.lang.vocabulary import Vocabulary

Error = type[WengertError]
Values = Mapping[str, object]
BETWEEN = " \t\n;:&|"  # what may stand in the place of a comma
_NEXT = re.compile(r"\b([^\W\d]\w*)\s*(?<![=<>!])=(?!=)")  # the next assignment, within a value


def override(
    model: Model, vocabulary: Vocabulary, *, at: Sequence[str] | Values = (), wrt: str | None = None, of: str | None = None,
    seed: str | Values | None = None,
) -> Model:  # fmt: skip
    """The model with the command line's options put over it, or with what a program gives: values by name. Raises UsageError
    and FormulaError."""
    if at:
        model = with_values(model, at, vocabulary)
    if seed is not None:
        model = with_seed(model, seed, vocabulary)
    if wrt is not None:
        model = with_wrt(model, wrt)
    if of is not None:
        model = with_outputs(model, of)
    return model


def names_given(assignments: Iterable[str]) -> set[str]:
    """The names on the left of `x1=2,x2=5`: they are names even where a function is called so."""
    return {part.partition("=")[0].strip() for text in assignments for _, part in _parts(composed(text))}


def with_values(model: Model, assignments: Sequence[str] | Values, vocabulary: Vocabulary) -> Model:
    """The model at another point (--at). A constant of the formula (`e`) that is given a value becomes an input."""
    given: dict[str, Given] = {}
    texts: Sequence[str] = ()
    if isinstance(assignments, Mapping):
        given = _by_name(assignments, "at", model.nodes, vocabulary)
    else:
        texts = assignments
    for text in texts:
        for name, value in _assignments(text, "--at", model.nodes, vocabulary).items():
            if name in given:
                raise UsageError(f"--at gives {name} twice", value.place)
            given[name] = value
    constants = [n for n in _constants(model) if n in given]
    inputs = _reorder(model, [*model.inputs, *(Input(n) for n in constants)]) if constants else list(model.inputs)
    known = {x.name: None for x in inputs}  # a dictionary: in order, and quick to ask
    for name, value in given.items():
        if model.definition(name) is not None:
            raise UsageError(f"{name} is computed and cannot be given a value", value.place)
        if name not in known:
            raise UsageError(f"there is no {name} to give a value to", value.place, hint=unknown_hint(name, known, given))
        if value.root is not None:
            check_defined(model.nodes, value.root, name, known)
    for x in inputs:
        if x.name not in given and x.value is not None:
            check_defined(model.nodes, x.value, x.name, constants)
    updated = tuple(replace(x, value=given[x.name].root) if x.name in given else x for x in inputs)
    valued = {x.name for x in updated if x.value is not None}
    for x in updated:
        product = in_pieces(x.name, valued) if x.value is None else None
        if product:
            raise UsageError(
                f"{x.name} has no value: it is one name, and {' and '.join(dict.fromkeys(product))} are others",
                _first_place(model, x.name), hint=f"write {'*'.join(product)} for the product",
            )  # fmt: skip
    every = model.wrt == tuple(x.name for x in model.inputs)  # the default of a formula: stay with every name
    return replace(model, inputs=updated, wrt=tuple(known) if every else model.wrt)


def with_wrt(model: Model, text: str) -> Model:
    """The model differentiated with respect to other names (--wrt): inputs of any role, or definitions."""
    changed = choose_wrt(model, _names(text, "--wrt"), "--wrt", UsageError)
    left_out = [x for x in model.seed or {} if x not in changed.wrt]
    if left_out:
        raise UsageError(
            f"the seed moves {', '.join(left_out)}, which --wrt leaves out", Place(Source(text, "--wrt"), 0, len(text)),
            hint="give a --seed for the same names",
        )  # fmt: skip
    return changed


def with_outputs(model: Model, text: str) -> Model:
    """The model with other outputs (--of): any definitions."""
    return choose_outputs(model, _names(text, "--of"), "--of", UsageError)


def with_seed(model: Model, text: str | Values, vocabulary: Vocabulary) -> Model:
    """The model with one direction of the inputs (--seed `x=1,y=0.5`); names left out do not move."""
    if isinstance(text, Mapping):
        return choose_seed(model, _by_name(text, "seed", model.nodes, vocabulary), "seed", UsageError)
    return choose_seed(model, _assignments(text, "--seed", model.nodes, vocabulary), "--seed", UsageError)


def choose_wrt(model: Model, names: Sequence[Named], what: str, error: Error) -> Model:
    known = {x.name: None for x in model.inputs}
    for named in _once(names, what, error):
        if named.name not in known and model.definition(named.name) is None:
            everything = [*known, *(d.name for d in model.definitions)]
            raise error(
                f"{what} names {named.name}, which is not in the model", named.place,
                hint=did_you_mean(named.name, everything, "the names are"),
            )  # fmt: skip
    return replace(model, wrt=tuple(n.name for n in names))


def choose_outputs(model: Model, names: Sequence[Named], what: str, error: Error) -> Model:
    for named in _once(names, what, error):
        if model.definition(named.name) is not None:
            continue
        defined = [d.name for d in model.definitions]
        if any(x.name == named.name for x in model.inputs):
            raise error(
                f"{what} names {named.name}, which is an input", named.place,
                hint="an output is computed: " + ", ".join(defined[-8:]),
            )  # fmt: skip
        raise error(
            f"{what} names {named.name}, which is not in the model", named.place,
            hint=did_you_mean(named.name, defined, "what is computed:"),
        )  # fmt: skip
    return replace(model, outputs=tuple(n.name for n in names))


def choose_seed(model: Model, direction: Mapping[str, Given], what: str, error: Error) -> Model:
    """The model with a direction; a name that moves is also one of `wrt`."""
    known = {x.name: None for x in model.inputs}
    seed: dict[str, int] = {}
    for name, component in direction.items():
        if name not in known:
            computed = model.definition(name) is not None
            raise error(
                f"{what} moves {name}, which is " + ("computed" if computed else "not in the model"), component.place,
                hint="a seed moves inputs: " + ", ".join([*known][:8]) if computed else did_you_mean(name, known, "inputs are"),
            )  # fmt: skip
        assert component.root is not None
        seed[name] = component.root
    return replace(model, seed=seed, wrt=tuple(dict.fromkeys((*model.wrt, *seed))))


def check_defined(nodes: Nodes, root: int, name: str, known: Collection[str]) -> None:
    """Raises UsageError where the value of a name uses a constant (`e/2`) that is a name of the model."""
    for node in nodes.reachable([root]):
        if nodes.op[node] == NAME and nodes.text(node) in known:
            raise UsageError(
                f"the value of {name} uses {nodes.text(node)}, which is a name here and no constant", nodes.place(node),
                hint="write the number itself",
            )  # fmt: skip


def _constants(model: Model) -> list[str]:
    """The constants that the definitions mention."""
    names = model.names()
    return [n for n in model.nodes.names_in([d.root for d in model.definitions]) if n in CONSTANTS and n not in names]


def _reorder(model: Model, inputs: list[Input]) -> list[Input]:
    """Inputs in the order in which they first stand, for the forms where that is the rule."""
    if model.form == "network":
        return inputs
    stand = {n: i for i, n in enumerate(model.nodes.names_in([d.root for d in model.definitions]))}
    return sorted(inputs, key=lambda x: stand.get(x.name, len(stand)))


def _first_place(model: Model, name: str) -> Place | None:
    nodes = model.nodes
    used = nodes.reachable([d.root for d in model.definitions])
    return next((nodes.place(n) for n in used if nodes.op[n] == NAME and nodes.text(n) == name), None)


def _once(names: Sequence[Named], what: str, error: Error) -> Sequence[Named]:
    seen: set[str] = set()
    for named in names:
        if named.name in seen:
            raise error(f"{what} names {named.name} twice", named.place)
        seen.add(named.name)
    return names


def _names(text: str, option: str) -> list[Named]:
    text = composed(text)
    source = Source(text, option)
    found = []
    for start, part in _parts(text):
        name = part.strip()
        at = start + len(part) - len(part.lstrip())
        place = Place(source, at, at + max(1, len(name)))
        if not is_name(name):
            shown = f"{name} is not a name" if name else "a name is missing"
            raise UsageError(f"{option}: {shown}", place, hint=f"for example {option} x1,x2")
        found.append(Named(name, place))
    return found


def _assignments(text: str, option: str, nodes: Nodes, vocabulary: Vocabulary) -> dict[str, Given]:
    """`x1=2,x2=pi/4` as roots of constant expressions. Raises UsageError and FormulaError."""
    text = composed(text)
    source = Source(text, option)
    found: dict[str, Given] = {}
    for start, part in _parts(text):
        left, equals, right = part.partition("=")
        name = left.strip()
        at = start + len(left) - len(left.lstrip())
        place = Place(source, at, at + max(1, len(name)))
        if not equals or not is_name(name):
            hint = f"for example {option} x1=2,x2=1/3"
            if not equals and found and part.strip().isdigit():
                hint = "a decimal point is a full stop: 1.5, not 1,5"
            raise UsageError(f"{option} wants name=value", place, hint=hint)
        if name in found:
            raise UsageError(f"{option} gives {name} twice", place)
        if not right.strip():
            raise UsageError(f"{option} gives {name} no value", place, hint=f"for example {option} {name}=2")
        _check_comma(source, option, name, right, start + len(left) + 1)
        root = parse_expression(source, nodes, vocabulary, start + len(left) + 1, start + len(part))
        check_constant(nodes, root, f"{option}: {name}", (), UsageError)
        found[name] = Given(root, place)
    return found


def _by_name(values: Values, what: str, nodes: Nodes, vocabulary: Vocabulary) -> dict[str, Given]:
    """Values as a program gives them, a number or a text for each name: the whole text is one value."""
    found: dict[str, Given] = {}
    example = f'for example {what}={{"x1": 2, "x2": "1/3"}}'
    for given, value in values.items():
        name = composed(given) if isinstance(given, str) else ""
        if not is_name(name):
            raise UsageError(f"{what} wants names, and {given!r} is none", hint=example)
        if name in found:
            raise UsageError(f"{what} gives {name} twice")
        text = composed(str(value))
        source = Source(text, f'{what}["{name}"]')
        if not text.strip():
            raise UsageError(f"{what} gives {name} no value", hint=example)
        root = parse_expression(source, nodes, vocabulary, 0, len(text))
        check_constant(nodes, root, f"{what}: {name}", (), UsageError)
        found[name] = Given(root, Place(source, 0, len(text)))
    return found


def _check_comma(source: Source, option: str, name: str, value: str, start: int) -> None:
    """Raises UsageError where another assignment stands in a value, `1;y=2` or `1 y=2`: what parts them is a comma."""
    match = _NEXT.search(value)
    if match is None or not is_name(match[1]):
        return
    before = value[: match.start()].rstrip(BETWEEN)
    at, end = (len(before), match.start()) if len(before) < match.start() else match.span(1)
    raise UsageError(
        f"{option} wants a comma between {name} and {match[1]}", Place(source, start + at, start + end),
        hint=f"for example {option} {name}={before.strip()[:20] or '…'},{match[1]}=…",
    )  # fmt: skip


def _parts(text: str) -> list[tuple[int, str]]:
    """The text cut at its commas outside brackets, each part with its offset."""
    parts: list[tuple[int, str]] = []
    depth = start = 0
    for i, c in enumerate(text):
        if c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif c == "," and depth <= 0:
            parts.append((start, text[start:i]))
            start = i + 1
    parts.append((start, text[start:]))
    return parts
