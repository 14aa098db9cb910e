"""Inputs made at random: formulas by a grammar, token soup, raw unicode, specs of the schema's keys, rows of data; and damage.

Every maker takes a `random.Random` and nothing else, so that hypothesis can drive it (st.randoms) and a seed repeats it.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from wengert.lang import keys
from wengert.tape.primitives import VOCABULARY

ROOT = Path(__file__).resolve().parent.parent.parent.parent
FUNCTIONS = sorted(VOCABULARY)


def _words(text: str) -> list[str]:
    return text.split(" ")


NAMES = _words("x y x1 x_1 x₁ w_out θ σ e pi π a b xy f v1 é e\u0301 µ μ sin dot")
NUMBERS = ["0", "1", "2", "10", "0.5", ".5", "5.", "1e-3", "1E+3", "1e5000", "1e-5000", "0.10", "007", "9" * 25, "1e400"]
SIGNS = [
    *_words("+ - * / ** ^ · × ÷ − ² ³ ⁻¹ ⁰ √ | || ( ) , < <= > >= == = ; ! % ' \" [ ] { } : $ \\ _ … ½ ∂ °"),
    *(" ", "\n", "\r", "\t", "# c\n"),
]
ODD = [  # controls, what cannot be seen, what turns a line round, what looks like something else
    *("\0", "\x1b[31m", "\x07", "\x85", "\xa0", "\xad", "\u200b", "\u200d", "\u202e", "\u2066", "\u2028", "\ufeff", "\ud800"),
    *("\uffff", "\u115f", "\u3164", "\ufe0f", "\u0301", "\U000e0041", "\U0001f600", "а", "ο", "\u2126", "１", "٣", "𝑥", "ﬁ"),
]
WORDS = [  # values of keys, and what YAML takes for something else
    *_words("sigmoid softmax identity relu x x1 w1 b1 [] {} ~ null true no 1/3 sqrt(2) -1 0 1 3 1e9 nan inf -inf 1e999999"),
    *_words("xavier mean sum stable previous input rows.csv bad_number.csv ../x.csv /dev/zero x**2 |x| *a '' \"\" << % @ `"),
    *("a1_1 - t1", "L", "| x", "> x", "'x", '"x"', "&a x", "!t x", "- x", "? x", "x: y", "# x", ","),
]
_RANGES = [
    *((0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x400, 0x45F), (0x2000, 0x22FF), (0x300, 0x36F), (0x0, 0x1F)),
    *((0x1D400, 0x1D7FF), (0xD800, 0xDFFF), (0xFE00, 0xFFFF), (0x600, 0x6FF), (0, 0x10FFFF)),
]


def formula(draw: Random, depth: int = 4) -> str:
    """A formula that the grammar makes, now and then with several statements."""
    if depth == 4 and draw.random() < 0.2:
        statements = [f"{draw.choice(NAMES)} = {formula(draw, 3)}" for _ in range(draw.randrange(1, 4))]
        return draw.choice(["; ", "\n", ";\n"]).join(statements)
    kind = draw.randrange(11) if depth else draw.randrange(2)
    if kind == 0:
        return draw.choice(NAMES)
    if kind == 1:
        return draw.choice(NUMBERS)
    if kind <= 5:
        sign = draw.choice(["+", "-", "*", "/", "**", "^", "·", " ", "−", ""])
        return f"{formula(draw, depth - 1)}{sign}{formula(draw, depth - 1)}"
    if kind <= 7:
        arguments = ", ".join(formula(draw, depth - 1) for _ in range(draw.choice([1, 1, 1, 2, 2, 3, 0])))
        return f"{draw.choice(FUNCTIONS)}{draw.choice(['', '', '', '²', '^2', '^-1'])}({arguments})"
    if kind == 8:
        compared = f"{formula(draw, depth - 1)} {draw.choice(['<', '<=', '>', '>=', '=='])} {formula(draw, depth - 1)}"
        return f"where({compared}, {formula(draw, depth - 1)}, {formula(draw, depth - 1)})"
    inner = formula(draw, depth - 1)
    return draw.choice([f"({inner})", f"-{inner}", f"√{inner}", f"|{inner}|", f"({inner})²", f"+{inner}"])


def soup(draw: Random) -> str:
    tokens = [*NAMES, *NUMBERS, *SIGNS, *SIGNS, *draw.sample(FUNCTIONS, 8), *ODD]
    return "".join(draw.choice(tokens) for _ in range(draw.randrange(1, 24)))


def raw(draw: Random) -> str:
    return "".join(chr(draw.randint(*draw.choice(_RANGES))) for _ in range(draw.randrange(0, 40)))


def damaged(draw: Random, text: str) -> str:
    """The text with a few pieces taken out, doubled, moved or put in."""
    for _ in range(draw.randrange(1, 5)):
        i = draw.randrange(len(text) + 1)
        j = min(len(text), i + draw.randrange(1, 12))
        piece = draw.choice(draw.choice([SIGNS, ODD, WORDS, NAMES, NUMBERS]))
        text = draw.choice([
            text[:i] + text[j:], text[:j] + text[i:], text[:i] + piece + text[i:], text[:i] + piece + text[j:],
            text[j:] + text[:i], text[:i],
        ])  # fmt: skip
    return text


def any_formula(draw: Random) -> str:
    kind = draw.randrange(10)
    if kind < 4:
        return formula(draw)
    if kind < 7:
        return damaged(draw, formula(draw))
    return soup(draw) if kind < 9 else raw(draw)


# -- specs


def spec(draw: Random) -> str:
    """A spec of one of the three forms: nearly all keys belong there, one or two may hold what does not."""
    lines = draw.choice([_formula_spec, _let_spec, _network_spec, _network_spec])(draw)
    for _ in range(draw.choice([0, 0, 0, 0, 1, 2])):
        key = draw.choice([*keys.ANYWHERE, *keys.SECTIONS, *keys.LAYER_KEYS, *keys.LOSS_KEYS]).name
        lines.append(f"{key}: {_value(draw)}")
    if draw.random() < 0.1:
        draw.shuffle(lines)
    return "\n".join(lines) + "\n"


def _formula_spec(draw: Random) -> list[str]:
    at = ", ".join(f"{n}: {draw.choice(NUMBERS)}" for n in draw.sample(["x", "y", "x1", "θ", "b"], 3))
    block = draw.choice(["", "", "|\n  ", ">\n  "])
    return [f"formula: {block}{_shown(draw, formula(draw, 2))}", f"at: {{{at}}}"][: draw.choice([1, 1, 2])]


def _let_spec(draw: Random) -> list[str]:
    names = draw.sample(NAMES, draw.randrange(1, 5))
    return ["let:", *(f"  {name}: {_shown(draw, formula(draw, 2))}" for name in names)]


def _network_spec(draw: Random) -> list[str]:
    inputs, rows = draw.randrange(1, 4), draw.choice([1, 1, 2, 3])
    names = [f"x{i + 1}" for i in range(inputs)]
    if rows > 1:
        lines = [f"inputs: [{', '.join(names)}]"]
    else:
        lines = [f"inputs: {{{', '.join(f'{n}: {_number(draw)}' for n in names)}}}"]
    lines += ["parameters: {w1: 0.15, w2: -0.5, b1: 0.1}", "layers:"]
    size = inputs
    for _ in range(draw.randrange(1, 4)):
        units = draw.randrange(1, 4)
        lines.append(f"  - {{{', '.join(_layer(draw, size, units))}}}")
        size = units
    targets = [f"t{i + 1}" for i in range(size)]
    if rows > 1:
        row = lambda: ", ".join(f"{n}: {draw.choice(NUMBERS)}" for n in [*names, *targets])  # noqa: E731
        lines += [f"data: [{', '.join('{' + row() + '}' for _ in range(rows))}]", f"targets: [{', '.join(targets)}]"]
    else:
        lines.append(f"targets: [{', '.join(draw.choice(['0', '1', '0.5']) for _ in targets)}]")
    reduction = f", reduction: {draw.choice(keys.REDUCTIONS)}"
    lines.append(f"loss: {{kind: {draw.choice([*keys.LOSSES, 'a1_1**2'])}{draw.choice(['', reduction])}}}")
    return lines


def _layer(draw: Random, size: int, units: int) -> list[str]:
    parts = [f"weights: [{', '.join(f'[{_numbers(draw, size)}]' for _ in range(units))}]"]
    if draw.random() < 0.3:
        parts = [f"units: {units}", f"init: {{scheme: {draw.choice(keys.SCHEMES[:4])}, random_seed: 1}}"]
    if draw.random() < 0.5:
        parts.append(f"bias: [{_numbers(draw, units)}]")
    known = [
        "sigmoid",
        "tanh",
        "relu",
        "softmax",
        "leaky_relu",
        "gelu",
        "x**2",
        '"where(x > 0, x, 0.1*x)"',
        *draw.sample(FUNCTIONS, 2),
    ]
    parts.append(f"activation: {draw.choice(known)}")
    if draw.random() < 0.1:
        parts.append(f"{draw.choice(keys.LAYER_KEYS).name}: {_value(draw)}")
    return parts


def _number(draw: Random) -> str:
    return draw.choice(["0.5", "-1", "1/3", "2", "0", "1e-3"])


def _numbers(draw: Random, count: int) -> str:
    return ", ".join(draw.choice([_number(draw), "w1", "w2", "b1"]) for _ in range(count))


def _value(draw: Random, depth: int = 2) -> str:
    kind = draw.randrange(8) if depth else draw.randrange(4)
    if kind < 3:
        return draw.choice(WORDS)
    if kind == 3:
        return draw.choice(['"', "'", ""]).join(["", draw.choice([*ODD, *SIGNS, *NAMES]), ""])
    if kind < 6:
        return "[" + ", ".join(_value(draw, depth - 1) for _ in range(draw.randrange(4))) + "]"
    pairs = ", ".join(f"{draw.choice([*WORDS[:8], *NAMES])}: {_value(draw, depth - 1)}" for _ in range(draw.randrange(4)))
    return "{" + pairs + "}"


def _shown(draw: Random, text: str) -> str:
    """A formula as a YAML value: quoted, folded over lines, or bare."""
    kind = draw.randrange(5)
    if kind == 0:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if kind == 1:
        return "'" + text.replace("'", "''") + "'"
    if kind == 2:
        return text.replace(" ", "\n    ")
    return text


def corpus() -> list[str]:
    """The samples and the bad specs of the tests."""
    paths = [*sorted((ROOT / "samples").glob("*.yaml")), *sorted((ROOT / "tests" / "errors").glob("*.yaml"))]
    return [p.read_bytes().decode("utf-8", "replace") for p in paths]


def any_spec(draw: Random) -> str:
    kind = draw.randrange(10)
    if kind < 4:
        return spec(draw)
    if kind < 6:
        return damaged(draw, spec(draw))
    if kind < 9:
        return damaged(draw, draw.choice(CORPUS))
    return "formula: " + soup(draw) if draw.random() < 0.7 else raw(draw)


def any_csv(draw: Random) -> str:
    """Names, then rows: of numbers, quotes, blanks and odd signs."""
    cells = [*NUMBERS, "", " ", '"1"', '"1,5"', '"', '""', "a", "=1+1", "1;2", "\t1", "-1/3", *ODD]
    lines = [",".join(draw.choice([*NAMES, "x2", "t", *cells]) for _ in range(draw.randrange(1, 5)))]
    wide = lines[0].count(",") + 1
    lines += [
        ",".join(draw.choice(cells) for _ in range(max(1, wide + draw.choice([0, 0, 0, 0, 1, -1]))))
        for _ in range(draw.randrange(4))
    ]
    text = draw.choice(["\n", "\r\n", "\r"]).join(lines) + draw.choice(["", "\n"])
    return damaged(draw, text) if draw.random() < 0.3 else draw.choice(["", "\ufeff"]) + text


CORPUS = corpus()
KEYS = sorted({f"{key.name}: " for key in (*keys.ANYWHERE, *keys.SECTIONS, *keys.LAYER_KEYS, *keys.LOSS_KEYS, *keys.INIT_KEYS)})
