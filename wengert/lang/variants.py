"""Other networks from one spec: another activation, another depth, skip connections, batch normalisation.

A variant is made on the level of the spec: its tree is changed, and the same reader reads it again, so that its weights come
from the same numbers or the same scheme with the same random_seed (the numbers of a scheme depend on the layer's number: layer
3 begins with the same weights whatever the depth is). The hidden layers are all but the last one; the last one stays as it is,
because the loss belongs to it. What the changed layers are is counted, never guessed: a change that would change nothing is
refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wengert.errors import Place, Source, SpecError, UsageError
from wengert.lang.fields import a_list, find
from wengert.lang.layers import MOST_LAYERS, layer_map, repetitions
from wengert.lang.model import Model
from wengert.lang.reader import Mapping, Scalar, Tree, read_tree
from wengert.lang.reader import Sequence as List
from wengert.lang.shape import Layer, Shape
from wengert.lang.spec import model_of
from wengert.lang.vocabulary import Vocabulary

IDENTITIES = ("identity", "x")
SKIP, BATCHNORM = "skip", "batchnorm"
REMEDIES = (BATCHNORM, SKIP)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different. `activation` is a function's name or a formula, with its place in an option; `depth` the number
    of all layers; `remedies` are of REMEDIES."""

    activation: Scalar | None = None
    remedies: tuple[str, ...] = ()
    depth: int | None = None

    @property
    def is_none(self) -> bool:
        return self.activation is None and not self.remedies and self.depth is None


@dataclass(frozen=True, slots=True)
class Variant:
    """A network that was made, and how many of its layers each remedy changed."""

    change: Change
    model: Model
    changed: dict[str, int]

    @property
    def shape(self) -> Shape:
        assert self.model.network is not None
        return self.model.network


class Network:
    """The spec of a network, from which others are made. Raises SpecError where it is none."""

    def __init__(self, text: str, origin: str | None, vocabulary: Vocabulary, folder: Path | None) -> None:
        self.vocabulary = vocabulary
        self.folder = folder
        tree = read_tree(text, origin)
        self.model = model_of(tree, vocabulary, (), folder)
        if self.model.network is None or not isinstance(tree, Mapping):
            raise SpecError("gradients travel through the layers of a network, and this spec has none", tree.place,
                            hint="give it layers:; wengert trace shows the derivatives of a formula")  # fmt: skip
        self.shape: Shape = self.model.network
        self.tree = tree
        self.items = _expanded(tree)

    def variant(self, change: Change) -> Variant:
        """The network with that change. Raises UsageError where nothing can be changed so, SpecError where its own spec forbids
        it."""
        if change.is_none:
            return Variant(change, self.model, {})
        items = self.items if change.depth is None else self._deep(change.depth)
        shape = self.shape if change.depth is None else self._shape(items)
        hidden = range(len(items) - 1)
        changed: dict[str, int] = {}
        if change.activation is not None:
            items = self._activated(items, shape, change.activation)
        for remedy in change.remedies:
            at = [i for i in hidden if _takes(remedy, shape.layers[i])]
            if not at:
                raise _nothing(remedy, self.shape)
            if remedy == BATCHNORM and shape.rows == 1:
                raise UsageError(
                    "--with batchnorm wants more than one row of data, and the spec has one",
                    hint="the mean and the variance over one row are the row itself and 0: give more rows in data:",
                )
            text = "previous" if remedy == SKIP else "true"
            items = [_put(item, remedy, text, item.place) if i in at else item for i, item in enumerate(items)]
            changed[remedy] = len(at)
        return Variant(change, self._read(items), changed)

    # -- depth

    @property
    def fixed(self) -> int:
        """How many layers stand beside the one that --depth repeats. Raises UsageError where none can be repeated."""
        first, times = self._repeated()
        return len(self.items) - times if first >= 0 else 0

    @property
    def repeated_layer(self) -> int:
        """The number (from 1) of the layer that --depth repeats, the first of its repetitions."""
        return self._repeated()[0] + 1

    def _deep(self, depth: int) -> list[Mapping]:
        first, times = self._repeated()
        wanted = depth - (len(self.items) - times)
        if wanted < 1:
            raise UsageError(
                f"--depth {depth}: {len(self.items) - times} layers of the network stand beside the one that is repeated",
                hint=f"the least depth is {len(self.items) - times + 1}",
            )
        if depth > MOST_LAYERS:
            raise UsageError(f"--depth is {depth}", hint=f"at most {MOST_LAYERS:,}")
        items = self.items
        last = items[first + times - 1]  # which has the layer's name
        return [*items[:first], *[_without(last, ("name",))] * (wanted - 1), last, *items[first + times :]]

    def _repeated(self) -> tuple[int, int]:
        """(index, how often) of the layer that can be repeated: the one that the spec repeats, else the first that is as wide
        as what it takes, a hidden one before the last."""
        groups = _groups(self.tree)
        starts = [sum(n for _, n in groups[:k]) for k in range(len(groups))]
        asked = [k for k, (tree, _) in enumerate(groups) if any(key.text == "repeat" for key, _ in tree.entries)]
        able = [k for k, start in enumerate(starts) if _square(self.shape.layers[start]) and not _names(groups[k][0])]
        chosen = next((k for k in (*asked, *able) if k in able), None)
        if chosen is None:
            raise UsageError(
                "--depth: the network has no layer that can be repeated",
                hint="it wants a layer with as many neurons as inputs, and without pre and post, for example repeat: 3",
            )
        return starts[chosen], groups[chosen][1]

    # -- activations

    def _activated(self, items: Sequence[Mapping], shape: Shape, activation: Scalar) -> list[Mapping]:
        """The items with that activation wherever a hidden layer has one (where none has: in all that have weights)."""
        hidden = [i for i in range(len(items) - 1) if shape.layers[i].weights]
        if not hidden:
            raise UsageError("--compare: the network has no hidden layer, and the last one keeps its activation",
                             hint="give it another layer")  # fmt: skip
        active = [i for i in range(len(items) - 1) if any(a.operation != "identity" for a in shape.layers[i].activations)]
        at = set(active or hidden)
        text, place = activation.text, activation.place
        return [_put(item, "activation", text, place) if i in at else item for i, item in enumerate(items)]

    # -- reading

    def _read(self, items: Iterable[Mapping]) -> Model:
        entries = tuple(
            (key, List(tuple(items), value.place) if key.text == "layers" else value) for key, value in self.tree.entries
        )
        return model_of(Mapping(entries, self.tree.place), self.vocabulary, (), self.folder)

    def _shape(self, items: Iterable[Mapping]) -> Shape:
        shape = self._read(items).network
        assert shape is not None
        return shape


def option_entries(text: str, option: str, known: Collection[str] | None = None) -> list[Scalar]:
    """`sigmoid,leaky_relu(x, 0.1)` as scalars with their places in the option; of `known` words only, where given. Raises
    UsageError."""
    source = Source(text, option)
    found: list[Scalar] = []
    depth = start = 0
    for at, c in enumerate(text + ","):
        depth += (c == "(") - (c == ")")
        if c != "," or depth > 0:
            continue
        word = text[start:at].strip()
        begin = start + len(text[start:at]) - len(text[start:at].lstrip())
        place = Place(source, begin, begin + max(1, len(word)))
        start = at + 1
        if not word:
            raise UsageError(f"{option} has an empty entry", place, hint=f"for example {option} {_EXAMPLES.get(option, 'a,b')}")
        if known is not None and word not in known:
            raise UsageError(f"{option}: there is no {word}", place, hint=f"there are {', '.join(known)}")
        if word not in (x.text for x in found):
            found.append(Scalar(word, False, place))
    return found


_EXAMPLES = {"--compare": "sigmoid,relu", "--with": "batchnorm,skip"}


# -- the layers of a tree


def _groups(tree: Mapping) -> list[tuple[Mapping, int]]:
    """The layers as they were written, each with how often it stands there."""
    layers = next(value for key, value in tree.entries if key.text == "layers")
    groups: list[tuple[Mapping, int]] = []
    for item in a_list(layers, "layers", "a list of layers"):
        number = sum(n for _, n in groups) + 1
        layer, keys = layer_map(item, number)
        groups.append((layer, repetitions(keys, number)))
    return groups


def _expanded(tree: Mapping) -> list[Mapping]:
    """One map a layer; what was repeated stands so often, and its name at the last of them, as the reader has it."""
    items: list[Mapping] = []
    for layer, times in _groups(tree):
        once = _without(layer, ("repeat",))
        items += [_without(once, ("name",))] * (times - 1) + [once]
    return items


def _without(layer: Mapping, keys: Collection[str]) -> Mapping:
    return Mapping(tuple((k, v) for k, v in layer.entries if k.text not in keys), layer.place)


def _put(layer: Mapping, key: str, text: str, place: Place) -> Mapping:
    """The layer with that key, in place of one it has. Where z and a are one name, which only an identity may have, z goes by
    its default name."""
    entries = {k.text: v for k, v in layer.entries}
    merged = _listed(find(entries, "pre")) & _listed(find(entries, "post"))
    kept = _without(layer, (key, "pre") if merged else (key,))
    return Mapping((*kept.entries, (Scalar(key, False, place), Scalar(text, False, place))), layer.place)


def _listed(tree: Tree | None) -> set[str]:
    items = tree.items if isinstance(tree, List) else () if tree is None else (tree,)
    return {item.text for item in items if isinstance(item, Scalar)}


def _names(layer: Mapping) -> bool:
    return any(key.text in ("pre", "post") for key, _ in layer.entries)


def _square(layer: Layer) -> bool:
    return bool(layer.weights) and layer.size == len(layer.sources[0])


def _takes(remedy: str, layer: Layer) -> bool:
    """Whether the remedy can be put into the hidden layer, and is not there."""
    if remedy == SKIP:
        return _square(layer) and not layer.skip
    return bool(layer.weights) and layer.batchnorm is None


def _nothing(remedy: str, shape: Shape) -> UsageError:
    """Why no hidden layer takes the remedy, and what the spec could have for one that does."""
    hidden = shape.layers[:-1]
    if not hidden:
        return UsageError(f"--with {remedy}: the network has no hidden layer, and the last one stays as it is",
                          hint="give it another layer")  # fmt: skip
    why = ("has as many neurons as inputs, and no skip connection yet" if remedy == SKIP
           else "has weights, and no batch normalisation yet")  # fmt: skip
    title = f"--with {remedy} would change nothing: no hidden layer {why}"
    wide = next((x for x in hidden if x.weights), None)
    if wide is None:
        return UsageError(title, hint="give it a hidden layer with weights")
    if remedy == SKIP and not any(map(_square, hidden)):
        count = len(wide.sources[0])
        neurons = f"{count} neuron{'' if count == 1 else 's'}"
        return UsageError(
            title,
            hint="a skip connection adds what a layer takes to what it gives, which must be as long: "
            f"let layer {wide.number} have {neurons}, as many as it takes in, or put another layer of its width behind it",
        )
    return UsageError(title, hint=f"leave out --with {remedy}: wengert flow shows the spec's own layers")
