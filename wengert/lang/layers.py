"""One layer of a spec to what it holds: parameters, activations, names. Nothing is written out yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wengert.errors import Place, SpecError
from wengert.lang import keys as table
from wengert.lang.activation import Activation, read_activations
from wengert.lang.fields import Named, a_list, a_map, a_name, check_keys, constant, find, names, whole, wrong
from wengert.lang.initial import read_init
from wengert.lang.reader import Mapping as Map
from wengert.lang.reader import Scalar, Tree, found
from wengert.lang.reader import Sequence as List
from wengert.lang.scope import Entry, Scope, count

MOST_UNITS = 100_000
MOST_LAYERS = 10_000
EPSILON = "1e-5"  # Ioffe & Szegedy 2015 leave it open; this is what the common libraries take
WITHOUT_WEIGHTS = ("units", "init", "bias", "repeat", "pre")  # keys that a layer of normalisation alone does not have
_ROWS_HINT = "one row a neuron, in double brackets: weights: [[w1, w2], [w3, w4]]"


@dataclass(frozen=True, slots=True)
class Norm:
    """Batch normalisation: γ and β, one a neuron, and ε, the root of a constant expression."""

    gamma: tuple[Entry, ...]
    beta: tuple[Entry, ...]
    epsilon: int
    epsilon_text: str
    place: Place


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer as it was written, one of its repetitions. `weights` is empty in a layer that only normalises."""

    number: int
    place: Place
    name: Named | None
    weights: tuple[tuple[Entry, ...], ...]
    bias: tuple[Entry, ...]
    places: tuple[Place, ...]  # of the neurons
    activations: tuple[Activation, ...]
    norm: Norm | None
    skip: Named | None
    pre: tuple[Named, ...] | None  # None: the default
    post: tuple[Named, ...] | None
    made: str | None  # how the weights were made

    @property
    def size(self) -> int:
        return len(self.places)


def layer_map(tree: Tree, number: int) -> tuple[Map, dict[str, Tree]]:
    layer = a_map(tree, f"layer {number}", "keys", "for example {weights: [[w1, w2]], bias: [b1], activation: sigmoid}")
    return layer, check_keys(layer, table.names(table.LAYER_KEYS), f"layer {number}")


def repetitions(entries: Mapping[str, Tree], number: int) -> int:
    """How often the layer stands there; what cannot be repeated is refused."""
    tree = find(entries, "repeat")
    times = 1 if tree is None else whole(tree, "repeat", 1, MOST_LAYERS)
    if times > 1:
        for key in ("pre", "post"):
            if key in entries:
                raise SpecError(f"{key} has no place in a layer that is repeated", entries[key].place,
                                hint=f"its neurons have names by layer: z{number}_1, a{number}_1")  # fmt: skip
    return times


def ahead(tree: Tree, before: int) -> tuple[int, int, Place] | None:
    """How many neurons a layer will have and how many weights with all its repetitions, read from its sizes alone, and the
    place that says so; None where that is not plain. `before` is how many values it takes."""
    if not isinstance(tree, Map):
        return None
    entries = {key.text: value for key, value in tree.entries}
    lines, units = entries.get("weights"), entries.get("units")
    times = _plain(entries.get("repeat"), 1)
    size = len(lines.items) if isinstance(lines, List) and units is None else _plain(units) if lines is None else None
    place = lines.place if lines is not None else tree.place if units is None else units.place
    return None if size is None or times is None else (size, times * size * before, place)


def _plain(tree: Tree | None, otherwise: int | None = None) -> int | None:
    """A whole number that is written as such."""
    if tree is None:
        return otherwise
    short = isinstance(tree, Scalar) and tree.text.isdecimal() and len(tree.text) <= len(str(MOST_UNITS))
    return int(tree.text) if isinstance(tree, Scalar) and short else None


def read_layer(layer: Map, entries: Mapping[str, Tree], number: int, before: Sequence[str], scope: Scope) -> LayerSpec:
    """One layer, or one repetition of it; `before` are the names of what it takes. Raises SpecError and FormulaError."""
    norm_tree = _norm_tree(entries)
    made: str | None = None
    weights: list[list[Entry]] = []
    bias: list[Entry] = []
    if "weights" in entries:
        if "units" in entries or "init" in entries:
            key = "units" if "units" in entries else "init"
            raise SpecError(f"weights and {key} do not stand together", entries[key].place,
                            hint="weights gives the numbers, units has them made by init")  # fmt: skip
        weights, places = _weights(number, layer, entries, before, scope)
        _check_repeat(entries, number, len(before), len(places))
        bias = _bias(number, entries, len(places), scope)
    elif "units" in entries:
        weights, bias, made = _units(number, entries, before, norm_tree is not None, scope)
        places = [entries["units"].place] * len(weights)
    elif norm_tree is not None:
        for key in WITHOUT_WEIGHTS:
            if key in entries:
                raise SpecError(f"layer {number} has {key}, and no weights", entries[key].place,
                                hint="a layer of batchnorm alone normalises the activations before it")  # fmt: skip
        places = [norm_tree.place] * len(before)
    else:
        raise SpecError(f"layer {number} has no weights", layer.place, hint=_ROWS_HINT + ", or units: 3")
    size = len(places)
    activations = read_activations(
        find(entries, "activation"), number, size, layer.place, scope.nodes, scope.vocabulary, scope.known_parameters
    )
    norm = None if norm_tree is None else _norm(norm_tree, number, size, scope)
    name, skip = find(entries, "name"), find(entries, "skip")
    return LayerSpec(
        number, layer.place, None if name is None else a_name(name, "name"), tuple(map(tuple, weights)), tuple(bias),
        tuple(places), tuple(activations), norm, None if skip is None else a_name(skip, "skip"),
        _names(number, entries, "pre", size), _names(number, entries, "post", size), made,
    )  # fmt: skip


def _weights(
    number: int, layer: Map, entries: Mapping[str, Tree], before: Sequence[str], scope: Scope
) -> tuple[list[list[Entry]], list[Place]]:
    tree = find(entries, "weights")
    assert tree is not None
    lines = a_list(tree, "weights", "a list of rows", _ROWS_HINT)
    if not lines:
        raise SpecError("weights has no rows", tree.place, hint=_ROWS_HINT)
    scope.count_products(scope.rows * len(lines) * len(before), tree.place)
    rows = []
    for i, line in enumerate(lines, 1):
        items = a_list(line, f"row {i} of the weights", "a list", _ROWS_HINT)
        if len(items) != len(before):
            wanted = (f"the network has {count(len(before), 'input')}" if number == 1
                      else f"layer {number - 1} has {count(len(before), 'output')}")  # fmt: skip
            row = "the row" if len(lines) == 1 else f"row {i}"
            raise SpecError(
                f"{row} of the weights of layer {number} has {count(len(items), 'entry')}, {wanted}", line.place,
                hint=f"the row wants one weight for each of {', '.join(before[:8])}{', …' if len(before) > 8 else ''}",
            )  # fmt: skip
        rows.append([scope.entry(t, f"W{number}_{i}_{j}", "weights") for j, t in enumerate(items, 1)])
    return rows, [line.place for line in lines]


def _units(
    number: int, entries: Mapping[str, Tree], before: Sequence[str], normalised: bool, scope: Scope
) -> tuple[list[list[Entry]], list[Entry], str]:
    """The weights that init makes; biases of 0, unless they are given, or a normalisation would take them away again."""
    tree = find(entries, "units")
    assert tree is not None
    units = whole(tree, "units", 1, MOST_UNITS)
    _check_repeat(entries, number, len(before), units)
    scope.count_products(scope.rows * units * len(before), tree.place)
    init = read_init(find(entries, "init"), scope, tree)
    if init.value is not None:
        value = init.value
        weights = [[scope.parameter(f"W{number}_{i}_{j}", value, init.place) for j in range(1, len(before) + 1)]
                   for i in range(1, units + 1)]  # fmt: skip
    else:
        columns = range(1, len(before) + 1)
        weights = [scope.literals([f"W{number}_{i}_{j}" for j in columns], row, init.place)
                   for i, row in enumerate(init.weights(number, units, len(before)), 1)]  # fmt: skip
    made = init.sentence(len(before), units)
    if "bias" in entries:
        return weights, _bias(number, entries, units, scope), made
    if normalised:
        return weights, [], made + "; no biases: the mean would take them away again"
    bias = scope.literals([f"b{number}_{i}" for i in range(1, units + 1)], ["0"] * units, tree.place)
    return weights, bias, made + "; biases 0"


def _check_repeat(entries: Mapping[str, Tree], number: int, inputs: int, size: int) -> None:
    tree = entries.get("repeat")
    if tree is not None and isinstance(tree, Scalar) and tree.text != "1" and inputs != size:
        raise SpecError(
            f"layer {number} cannot be repeated: it makes {count(size, 'value')} of {inputs}, its weights are {size}×{inputs}",
            tree.place, hint="a layer that is repeated has as many neurons as it has inputs",
        )  # fmt: skip


def _bias(number: int, entries: Mapping[str, Tree], size: int, scope: Scope) -> list[Entry]:
    tree = find(entries, "bias")
    if tree is None:
        return []
    items = (tree,) if isinstance(tree, Scalar) and size == 1 else a_list(tree, "bias", "a list, one entry a neuron")
    if len(items) != size:
        raise SpecError(
            f"the bias of layer {number} has {count(len(items), 'entry')}, the layer has {count(size, 'neuron')}",
            tree.place, hint="one row of weights and one bias make a neuron",
        )  # fmt: skip
    return [scope.entry(t, f"b{number}_{i}", "bias") for i, t in enumerate(items, 1)]


def _names(number: int, entries: Mapping[str, Tree], key: str, size: int) -> tuple[Named, ...] | None:
    tree = find(entries, key)
    if tree is None:
        return None
    named = names(tree, key)
    if len(named) != size:
        raise SpecError(
            f"{key} of layer {number} has {count(len(named), 'name')}, the layer has {count(size, 'neuron')}", tree.place
        )
    return tuple(named)


# -- batch normalisation


def _norm_tree(entries: Mapping[str, Tree]) -> Tree | None:
    tree = find(entries, "batchnorm")
    if isinstance(tree, Scalar) and tree.text == "false" and not tree.quoted:
        return None
    return tree


def _norm(tree: Tree, number: int, size: int, scope: Scope) -> Norm:
    if isinstance(tree, Map):
        entries = check_keys(tree, table.names(table.BATCHNORM_KEYS), "batchnorm")
    elif isinstance(tree, Scalar) and tree.text == "true":
        entries = {}
    else:
        raise wrong(tree, "batchnorm", "true, or a map", "for example batchnorm: {epsilon: 1e-5}")
    if scope.rows == 1:
        raise SpecError(
            "batchnorm wants more than one row of data", tree.place,
            hint="the mean and the variance over one row are the row itself and 0: give more rows in data:",
        )  # fmt: skip
    epsilon = find(entries, "epsilon")
    if epsilon is None:
        scope.nodes.begin(tree.place.source)
        root, text = scope.nodes.number(EPSILON, tree.place.start, tree.place.end), EPSILON
    else:
        root, text = constant(epsilon, scope.nodes, scope.vocabulary, "epsilon"), found(epsilon)
    gamma = _scales(find(entries, "gamma"), "gamma", "1", number, size, tree.place, scope)
    beta = _scales(find(entries, "beta"), "beta", "0", number, size, tree.place, scope)
    return Norm(gamma, beta, root, text, tree.place)


def _scales(
    tree: Tree | None, what: str, default: str, number: int, size: int, place: Place, scope: Scope
) -> tuple[Entry, ...]:
    """γ or β: one entry a neuron, or one for all (a name is then shared, a number is each neuron's own)."""
    own = [f"{what}{number}_{i}" for i in range(1, size + 1)]
    if tree is None:
        return tuple(scope.literals(own, [default] * len(own), place))
    items = tree.items if isinstance(tree, List) else (tree,) * size
    if len(items) != size:
        raise SpecError(
            f"{what} of layer {number} has {count(len(items), 'entry')}, the layer has {count(size, 'neuron')}", tree.place,
            hint="one entry a neuron, or one for all",
        )  # fmt: skip
    return tuple(scope.entry(item, name, what) for item, name in zip(items, own, strict=True))
