"""Markdown as two readers have it: one of CommonMark with GitHub's tables (markdown-it), and pandoc."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from wengert.cli.run import run
from wengert.show.document import (
    Adjoint,
    Column,
    Derivative,
    Document,
    Equation,
    Line,
    Math,
    Matrix,
    Name,
    Number,
    Phrase,
    Product,
    Result,
    Row,
    Section,
    Words,
)
from wengert.show.look import Look
from wengert.show.markdown import render
from wengert.show.markdown_tables import FINE
from wengert.show.notation.extent import LINE, broken, display_width, extent, split_at_relation, unstacked
from wengert.show.notation.markdown import MarkdownNotation

SAMPLES = Path(__file__).parents[2] / "samples"
LOOK = Look()
NOTATION = MarkdownNotation(Look(names=frozenset({"x1", "x_1"}), latex={"sin": r"\sin"}))
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NEEDS_PANDOC = pytest.mark.needs("pandoc")


def markdown(*sections: Section, title: str | None = None, opening: tuple[Line, ...] = (), look: Look = LOOK) -> str:
    return "".join(render(Document(title, opening, sections), look))


def table(*rows: Row, columns: tuple[Column, ...] = (Column("a"), Column("b", "right"))) -> Section:
    return Section("T", columns, lambda: iter(rows))


def read(text: str) -> list[Token]:
    return READER.parse(text)


def shown(inline: Token) -> str:
    """What a reader sees of one paragraph, heading or cell; only text, line ends and the <span> about a dollar are allowed."""
    out = []
    for child in inline.children or []:
        if child.type in ("text", "text_special"):
            out.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            out.append("\n")
        elif child.type == "code_inline":
            assert set(child.content) == {"#"}  # a bar
        else:
            assert child.type == "html_inline" and child.content in ("<span>", "</span>"), (child.type, child.content)
    return "".join(out)


# -- words


TYPED = [
    "a*b*c **d** _e_ __f__",
    "`code` ``more``",
    "~~struck~~ H~2~O m^2^",
    "[link](javascript:alert(1)) ![image](x.png) [^1] [a]: b",
    "<script>alert(1)</script> <b>bold</b> <!-- c -->",
    "&lt;b&gt; &amp; &#42;",
    "costs $5 and $6, $x$ and $$y$$",
    r"\begin{x} \* \\ \alpha",
    "a | b || c",
    "# no heading {#id .class} #",
    "- no list",
    "+ no list",
    "1. no list",
    "1) no list",
    "> no quotation",
    "=== ---",
    "% no title block",
    ": no definition",
    "a -- b --- c ...",
    "@nobody @{x}",
    "{.class} [x]{.class}",
    ":smile: at 10:30:15 a:b_c:d",
    "中文 é 😀",
]


@pytest.mark.parametrize("typed", TYPED)
def test_words_are_no_markup(typed: str) -> None:
    """As title, heading, heading of a column, note and cell."""
    made = markdown(
        Section(typed, (Column(typed), Column("b")), lambda: iter([Row((Words(typed), Name("x")))]), before=((Words(typed),),)),
        title=typed,
    )
    inlines = [t for t in read(made) if t.type == "inline"]
    assert [shown(t) for t in inlines] == [typed, typed, typed, typed, "b", typed, "$x$"]
    assert [t.type for t in read(made) if t.type.endswith("_open")] == [
        "heading_open", "heading_open", "paragraph_open", "table_open", "thead_open", "tr_open", "th_open", "th_open",
        "tbody_open", "tr_open", "td_open", "td_open",
    ]  # fmt: skip


@NEEDS_PANDOC
def test_pandoc_reads_the_same_words() -> None:
    rows = [Row((Words(typed), None)) for typed in TYPED]
    notes: tuple[Line, ...] = tuple((Words(typed),) for typed in TYPED)
    made = markdown(Section("T", (Column("a"), Column("b")), lambda: iter(rows), before=notes), title=TYPED[0])
    for flavour in ("markdown-smart", "gfm+tex_math_dollars"):
        blocks = pandoc(made, "-f", flavour)["blocks"]
        assert [b["t"] for b in blocks] == ["Header", "Header", *["Para"] * len(TYPED), "Table"]
        assert [plain(b["c"]) for b in blocks[2:-1]] == TYPED
        cells = [plain(row[1][0][4]) for body in blocks[-1]["c"][4] for row in body[3]]
        assert cells == TYPED


def pandoc(text: str, *options: str) -> dict:  # type: ignore[type-arg]
    made = subprocess.run(
        ["pandoc", *options, "-t", "json"], input=text, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60
    )
    return json.loads(made.stdout)  # type: ignore[no-any-return]


def plain(blocks: object) -> str:
    """The text of pandoc's inlines, mathematics in dollars; markup is an error."""
    out: list[str] = []
    stack = [blocks]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
            continue
        assert isinstance(node, dict), node
        kind, content = node["t"], node.get("c")
        if kind in ("Plain", "Para"):
            stack.append(content)
        elif kind == "Span":
            stack.append(content[1])
        elif kind == "Str":
            out.append(content)
        elif kind == "Math":
            sign = "$" if content[0]["t"] == "InlineMath" else "$$"
            out.append(f"{sign}{content[1]}{sign}")
        elif kind == "RawInline":
            assert content[1] in ("<span>", "</span>")
        else:
            assert kind in ("Space", "SoftBreak"), kind
            out.append(" ")
    return "".join(out)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("σ′(z) = a·(1 − a), a = σ(z)", r"$\sigma'(z) = a\cdot (1-a), a = \sigma(z)$"),
        ("loss = ½ Σ (a − t)²", r"loss $= \frac12 \Sigma(a-t)^2$"),
        ("kink: −0.2 from the left, ∞ from the right", r"kink: $-0.2$ from the left, $\infty$ from the right"),
        ("(∂E_total/∂net_h1)", r"$(\partial E_{\mathrm{total}}/\partial \mathit{net} _ {h1})$"),
        ("W̄1 = δ1·Aᵀ", r"$\bar W_1 = \delta_1\cdot A^{\mathsf T}$"),
        ("about 1e−16 (relative)", r"about $1 \times 10^{-16}$ (relative)"),
        ("50%≈x", r"50%$\approx$ x"),
        ("a − t of a class", "$a-t$ of a class"),
        ("x² ± ½ → y", "x² ± ½ → y"),  # pdflatex has these
        ("see https://example.org/a_b?x=1.", "see <https://example.org/a_b?x=1>."),
        ("www.example.org", r"www\.example.org"),
        ("each █ is a factor of 4: ███", "each `#` is a factor of 4: `###`"),
        ("∂ℓ/∂A", r"$\partial \ell/\partial A$"),
    ],
)
def test_signs_among_words_are_mathematics(typed: str, made: str) -> None:
    assert NOTATION.prose((Words(typed),)) == made


# -- mathematics


@pytest.mark.parametrize(
    ("m", "made"),
    [
        (Name("x1"), "x_1"),
        (Name("x_1"), r"\mathtt{x\underline{\hspace{1em}}1}"),
        (Name("net_h1"), r"\mathit{net} _ {h1}"),
        (Name("W1_2_3"), "W_{1,2,3}"),
        (Name("θ1"), r"\theta_1"),
        (Name("中1"), r"\text{中} _ {1}"),
        (Adjoint("f", "v3"), r"\bar v_3"),
        (Adjoint("f", "θ12"), r"\bar\theta_{12}"),
        (Adjoint("E_total", "net_h1"), r"\frac{\partial E_{\mathrm{total}}}{\partial \mathit{net} _ {h1}}"),
        (Derivative("f", ("x1", "x1")), r"\frac{\partial^{2} f}{\partial x_1^{2}}"),
        (Number("-1.5e-7"), r"-1.5 \times 10^{-7}"),
        (Product((Number("-1"), Name("x"))), r"(-1) \cdot x"),
        (Equation((Name("y"), Words("1, 2 & a_b {c} 5% $")),), r"y = \text{1, 2 }\text{U+0026}\text{ a}\underline{\hspace{1em}}"
         r"\text{b }\lbrace \text{c}\rbrace \text{ 5}\text{U+0025}\text{ }\text{U+0024}"),
        (Matrix(((Name("a"), Number("-1")), (Name("b"), Number("2")))),
         "\\left\\lbrack \\begin{array}{rr} a & -1 \\\\\nb & 2 \\end{array}\\right\\rbrack "),
    ],
)  # fmt: skip
def test_mathematics(m: Math, made: str) -> None:
    assert NOTATION.math(m) == made


FRAGILE = re.compile(r"\\[^A-Za-z\n\\]|\\\\(?!\n)|\}_|\||\\operatorname|[^ ]<|<[^ ]|\]\(|`|\*|~")


def mathematics_of(text: str) -> Iterator[str]:
    """What stands in dollars, as it is written."""
    text = text.replace(r"\$", "")
    for display, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", text, re.DOTALL):
        yield display or inline


COMMANDS = {
    "baydin": ["trace", "baydin.yaml", "--mode", "both"],
    "mazur": ["trace", "mazur-2-2-2.yaml"],
    "operation": ["trace", "two-two-one.yaml", "--level", "operation"],
    "layer": ["trace", "two-two-one.yaml", "--level", "layer"],
    "softmax": ["trace", "softmax-classifier.yaml"],
    "softmax layer": ["trace", "softmax-classifier.yaml", "--level", "layer"],
    "batchnorm layer": ["trace", "batchnorm.yaml", "--level", "layer"],
    "chain": ["diff", "chain-rule.yaml", "--order", "2"],
    "kink": ["trace", "kink.yaml"],
    "paths": ["diff", "griewank-walther.yaml", "--paths"],
    "train": ["train", "xor.yaml", "--steps", "6"],
    "flow": ["flow", "deep-sigmoid.yaml"],
    "rules": ["rules"],
    "rule": ["rules", "sigmoid"],
    "operators": ["trace", "where(x < |y|, floor(x), x_1^2/max(x, y)) + x1*cbrt(x)", "--at", "x=1,y=2,x_1=3,x1=2"],
    "delta": ["trace", "mazur-2-2-2.yaml", "--notation", "delta"],
    "grad": ["trace", "mazur-2-2-2.yaml", "--notation", "grad"],
    "many digits": ["trace", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5", "--precision", "40"],
    "exact": ["trace", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=pi/3", "--numbers", "exact"],
}


@pytest.fixture(params=COMMANDS)
def document(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> str:
    arguments = [str(SAMPLES / a) if a.endswith(".yaml") else a for a in COMMANDS[request.param]]
    assert run([*arguments, "--no-verify", "-f", "markdown"]) == 0
    return capsys.readouterr().out


def test_commands_survive_both_readers(document: str) -> None:
    """GitHub finds mathematics in what its Markdown leaves: it must leave all of it, as it is."""
    found = list(mathematics_of(document))
    assert found
    for text in found:
        assert not FRAGILE.search(text), text
        assert text[0] != " " and text[-1] != " "
    tokens = read(document)
    texts = [shown(t) for t in tokens if t.type == "inline"]
    left = [m for text in texts for m in mathematics_of(text.replace("\\\n", "\\\\\n"))]
    assert left == found
    assert not {t.type for t in tokens if t.type.endswith("_open")} - {
        "heading_open", "paragraph_open", "table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open",
        "bullet_list_open", "list_item_open",
    }  # fmt: skip
    rows = [line for line in document.split("\n") if line.startswith("|")]
    assert sum(t.type == "tr_open" for t in tokens) == len(rows) - sum(bool(re.match(r"\| -+:? \|", line)) for line in rows)


@NEEDS_PANDOC
def test_pandoc_finds_the_same_mathematics(document: str) -> None:
    for flavour in ("markdown", "gfm+tex_math_dollars"):
        found: list[str] = []
        stack: list[object] = [pandoc(document, "-f", flavour)["blocks"]]
        while stack:
            node = stack.pop()
            if isinstance(node, dict) and node.get("t") == "Math":
                found.append(node["c"][1])
            elif isinstance(node, dict):
                stack.extend(node.values())
            elif isinstance(node, list):
                stack.extend(reversed(node))
        assert found == [text.strip("\n") for text in mathematics_of(document)]


def test_a_table_has_as_many_cells_as_columns(document: str) -> None:
    columns = 0
    for line in document.split("\n"):
        if not line.startswith("|"):
            columns = 0
            continue
        cells = re.split(r"(?<!\\)\|", line)[1:-1]
        columns = columns or len(cells)
        assert len(cells) == columns, line


# -- layout


def test_the_whole_document() -> None:
    rows = [
        Row((Name("x1"), None, Number("2"))),
        Row((Equation((Name("v1"), Product((Number("-2"), Name("x1"))))), Words("a|b"), Result("0.693147", False))),
    ]
    columns = (Column("statement"), Column("numbers"), Column("value", "point"))
    after = [(Words("Done: "), Name("x1"), Words(" = "), Number("2"), Words(".")), ()]
    made = markdown(
        Section("Forward", columns, lambda: iter(rows), after=lambda: iter(after)),
        Section("None", columns, optional=True),
        Section("Nothing", before=((Words("No table."),),)),
        title="A *title*",
        opening=((Name("f"), Words("      at "), Name("x")),),
    )
    assert made == r"""# A \*title\*

$f$ at $x$

## Forward

| statement | numbers | value |
| ------------ | ------ | ----------: |
| $x_1$ |  | $2$ |
| $v_1 = (-2) \cdot x_1$ | a\|b | $\approx 0.693147$ |

Done: $x_1 = 2$.

## Nothing

No table.
"""


def test_dollars_stand_free() -> None:
    """GitHub sees no mathematics behind a letter, a digit or a hyphen, pandoc none before a digit."""
    assert NOTATION.prose((Words("row"), Name("x"), Words("2"))) == "row $x$ 2"
    assert NOTATION.prose((Words("f-"), Name("x"), Words("s"))) == "f- $x$ s"
    assert NOTATION.prose((Name("x"), Name("y"))) == "$x y$"
    assert NOTATION.prose((Words("("), Name("x"), Words(") of it"))) == "$( x$) of it"
    assert NOTATION.prose((Phrase((Derivative("", ("y",)), Words(" of "), Derivative("f", ("x",)))),)) == (
        r"$\frac{\partial }{\partial y}$ of $\frac{\partial f}{\partial x}$"
    )


def test_equations_are_a_display() -> None:
    row = Row((Derivative("f", ("x",), False), Product((Name("a"), Name("b"))), None, Result("0.5", False)))
    made = markdown(Section("", (Column("a"), Column("b"), Column("c"), Column("d")), lambda: iter([row, row]), equations=True))
    block = "$$\\begin{aligned}\n\\frac{d f}{d x} &= a \\cdot b \\\\\n&\\approx 0.5\n\\end{aligned}$$\n"
    assert made == f"{block}\n{block}"


def test_a_chain_goes_on_in_the_rows_that_continue_it() -> None:
    """Words are remarks, a sign among them a relation; a side that is there already is not repeated."""
    columns = (Column("derivative"), Column(""), Column("line"), Column(""))
    rows = [
        Row((Name("y"), Words("="), Product((Name("a"), Name("b"))), Words("chain rule"))),
        Row((None, Words("="), Name("c"), Words("b is c_1")), False),
        Row((Name("z"), Words("local partial"), Name("c"), Name("c"))),
        Row((Name("w"), Words("nothing else"), None, None)),
        Row((Name("v"), Equation((Name("a"), Name("b"), Number("1")), ("=", "≈")), None, Result("2", True))),
    ]
    assert markdown(Section("", columns, lambda: iter(rows), equations=True)) == r"""$$\begin{aligned}
y &= a \cdot b \qquad \text{chain rule} \\
&= c \qquad \text{b is c}\underline{\hspace{1em}}\text{1}
\end{aligned}$$

$$z = c \qquad \text{local partial}$$

$$w \text{nothing else}$$

$$\begin{aligned}
v &= a \\
&= b \\
&\approx 1 \\
&= 2
\end{aligned}$$
"""


def test_matrices_are_displays_and_what_continues_a_line_stands_with_it() -> None:
    m = Matrix(((Number("1"), Number("2")),))
    lines: list[Line] = [
        (Name("Z1"), Words(" = "), Product((Name("W1"), Name("X")))),
        (Words("  where a is b"),),
        (Words("  ≈ "), m),
        (Words("A sentence."),),
        (Name("B"), Words(" = "), m),
    ]
    array = r"\left\lbrack \begin{array}{rr} 1 & 2 \end{array}\right\rbrack"
    assert markdown(Section("", after=lambda: iter(lines))) == (
        f"$$\\begin{{aligned}}\nZ_1 &= W_1 \\cdot X \\\\\n&\\quad \\text{{where a is b}} \\\\\n&\\approx {array}\n"
        f"\\end{{aligned}}$$\n\nA sentence.\n\n$$B = {array}$$\n"
    )


def test_drawings_are_code() -> None:
    made = markdown(table(Row((Number("0.7"), Words("⠉⠒⠢")))))
    assert made == "## T\n\n```text\na       b\n0.7   '':\n```\n"


def test_dashes_share_the_line() -> None:
    """A column gets what it cannot do without; the rest goes to what folds into most lines."""
    long = Product(tuple(Number(f"0.{n}2345678") for n in range(1, 9)))
    rows = (Row((Name("x1"), long)), Row((Words("alongwordthatcannotbebroken"), Number("1"))))
    made = markdown(table(*rows, columns=(Column("a"), Column("numbers"))))
    word, numbers = (len(dashes) for dashes in re.findall("-+", made.split("\n")[3]))
    assert word >= 24 * FINE
    assert (LINE - 8) * FINE < word + numbers <= LINE * FINE
    short = markdown(table(Row((Name("x1"), Number("2")))))
    assert short.split("\n")[3] == "| --- | ---: |"


def test_what_is_equal_shares_a_cell_where_there_is_no_room() -> None:
    """Formulas first, results where it must be; a result is kept together by braces."""
    columns = (Column("statement"), Column("numbers", equals=True), Column("value", "point", equals=True), Column("note"))
    row = Row((Equation((Name("y"), Name("x"))), Number("1" * 25), Result("0." + "3" * 23, False), Words("w" * 9)))
    made = markdown(table(row, columns=columns))
    assert "| statement | value | note |\n" in made
    assert f"| $y = x$ $= {'1' * 25}$ | $\\approx 0.{'3' * 23}$ | wwwwwwwww |\n" in made
    row = Row((Equation((Name("y"), Name("x"))), Number("1" * 40), Result("0." + "3" * 38, False), Words("w" * 9)))
    made = markdown(table(row, Row((None, None, Result("2", True), None)), columns=columns))
    assert "| statement | note |\n" in made
    assert f"| $y = x$ $= {'1' * 40}$ ${{\\approx 0.{'3' * 38}}}$ | wwwwwwwww |\n| $= 2$ |  |\n" in made


def test_a_table_that_cannot_fit_is_a_list_of_its_rows() -> None:
    """No heading, no cell: nothing; no words are taken for markup; a long formula is several lines."""
    columns = (Column(""), Column("- 1*"), Column("sum"))
    row = Row((Words("+ " + "w" * 40), Result("0." + "3" * 38, False), Product((Number("1" * 40), Number("2" * 40)))))
    made = markdown(table(row, Row((None, Words("x"), None), False), columns=columns))
    assert made == (
        f"## T\n\n- \\+ {'w' * 40}\\\n  \\- 1\\*: $\\approx 0.{'3' * 38}$\\\n"
        f"  sum: ${'1' * 40}$\\\n  $\\hphantom{{=}} \\cdot {'2' * 40}$\n- \\- 1\\*: x\n"
    )
    tokens = read(made)
    assert [t.type for t in tokens if t.type.endswith("_open")] == [
        "heading_open", "bullet_list_open", "list_item_open", "paragraph_open", "list_item_open", "paragraph_open"
    ]  # fmt: skip


def test_words_and_numbers_may_reach_into_the_gap() -> None:
    """A little; results may not, for they would be broken. A bar is set in wider letters than words are."""
    columns = (Column("a"), Column("b"))
    assert markdown(table(Row((Words("w" * 37), Words("w" * 37))), columns=columns)).count("|") == 9
    assert markdown(table(Row((Words("w" * 40), Words("w" * 40))), columns=columns)).count("|") == 0
    assert markdown(table(Row((Words("w" * 38), Result("0." + "3" * 29, False))), columns=columns)).count("|") == 0
    assert markdown(table(Row((Words("w" * 38), Words("█" * 33))), columns=columns)).count("|") == 0
    assert markdown(table(Row((Words("w" * 38), Words("█" * 30))), columns=columns)).count("|") == 9


def test_a_list_streams() -> None:
    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for _ in range(2_000):
            made += 1
            yield Row((Number("1" * 40), Number("2" * 40)))

    pieces = render(Document(None, (), (Section("T", (Column("a"), Column("b")), rows),)), Look())
    head = [next(pieces) for _ in range(3)]
    assert head[-1] == f"- a: ${'1' * 40}$\\\n  b: ${'2' * 40}$\n"
    assert made == 500
    assert sum(1 for _ in pieces) == 1_999


def test_rows_stream() -> None:
    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for _ in range(10_000):
            made += 1
            yield Row((Name("x"), Number("1")))

    pieces = render(Document(None, (), (Section("T", (Column("a"), Column("b")), rows),)), Look())
    head = [next(pieces) for _ in range(3)]
    assert head == ["## T\n", "\n", "| a | b |\n| --- | --- |\n"]
    assert made == 500
    assert sum(1 for _ in pieces) == 10_000


def test_ascii() -> None:
    rows = [Row((Name("θ1"), Words("½ Σ é 中 ⊙"))), Row((Adjoint("f", "θ1"), Words("w ← w − η·g")))]
    made = markdown(table(*rows), title="é", look=Look(ascii=True))
    assert made.isascii()


# -- how wide it comes out


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("x_1", 1.5, 2), (r"\frac{a + b + c}{d}", 6, 9), ("12345678", 8, 8), (r"\mathrm{softmax}(1, z_1)", 11, 14),
        (r"\bar v_3", 1.5, 2),
    ],
)  # fmt: skip
def test_extent(text: str, least: float, most: float) -> None:
    assert least <= extent(text)[0] <= most


def test_a_formula_is_broken_behind_signs_outside_braces() -> None:
    assert extent(r"12345 \cdot 1234567 = \frac{1 + 2}{3}")[1] < 11


@pytest.mark.parametrize("result", [r"\approx -0.217072", "= -0.217072", "-0.217072", r"(-0.217072)"])
def test_a_result_is_never_broken(result: str) -> None:
    width, widest = extent(result)
    assert widest == width


@pytest.mark.long
@pytest.mark.needs("pandoc", "pdflatex", "pdftotext")
@pytest.mark.parametrize(
    "arguments",
    [
        ["mazur-2-2-2.yaml"],
        ["a=sin(x)*y; b=cos(y)*z; c = x+y+z", "--of", "a,b,c", "--at", "x=1,y=2,z=3"],
        ["ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5", "--precision", "40"],
    ],
)
def test_results_stay_whole_on_the_page(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each value of the column stands behind its sign, and nothing runs off the page."""
    given = [str(SAMPLES / a) if a.endswith(".yaml") else a for a in arguments]
    assert run(["trace", *given, "--no-verify", "-f", "markdown"]) == 0
    made = capsys.readouterr().out
    tex = subprocess.run(
        ["pandoc", "-s", "-t", "latex"], input=made, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60
    ).stdout
    (tmp_path / "p.tex").write_text(tex, encoding="utf-8")
    for _ in range(2):  # a longtable's widths
        said = subprocess.run(
            ["pdflatex", "-interaction=batchmode", "p.tex"], cwd=tmp_path, capture_output=True, check=True, timeout=120
        )
        assert said.returncode == 0
    over = re.findall(r"Overfull \\hbox \(([0-9.]+)pt", (tmp_path / "p.log").read_text(encoding="latin-1"))
    assert [pt for pt in over if float(pt) > 6.0] == []  # half the gap between two columns
    subprocess.run(["pdftotext", "-layout", "p.pdf"], cwd=tmp_path, check=True, timeout=60)
    page = (tmp_path / "p.txt").read_text(encoding="utf-8")
    values = re.findall(r"\| \$\\approx (-?[0-9.]+)\$ \||\{\\approx (-?[0-9.]+)\}\$|value: \$\\approx (-?[0-9.]+)\$", made)
    assert len(values) > 3
    for value in map("".join, values):
        assert re.search(rf"≈ *{re.escape(value.replace('-', '−'))}", page), value


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (r"-\frac{a + b}{c \cdot d} + 1", r"-(a + b)/(c \cdot d) + 1"),
        (r"\exp(\frac{a + \frac{x + y}{z}}{c})", r"\exp((a + (x + y)/z)/c)"),
        (r"\sqrt{\frac{a + b}{c}}", r"\sqrt{(a + b)/c}"),
        (r"\frac{(a - t)^{2}}{2}", "(a - t)^{2}/2"),
        (r"\frac{a \cdot b}{\exp(a + b)}", r"a \cdot b/\exp(a + b)"),
        (r"\frac{-a}{\frac{b}{c}} + \frac{\frac{b}{c}}{d}", "(-a)/(b/c) + (b/c)/d"),
        (r"\left(\frac{d c}{d x}\right)^{2}", "(d c/d x)^{2}"),
        (r"\frac{\partial^{2} f}{\partial x_1 \partial c}", r"\partial^{2} f/\partial x_1 \partial c"),
        (r"\frac{1.5 \times 10^{-7}}{x}", r"(1.5 \times 10^{-7})/x"),
        (r"\frac12 + x", r"\frac12 + x"),
    ],
)
def test_fractions_in_a_line(text: str, made: str) -> None:
    assert unstacked(text) == made


def test_a_cell_has_its_fractions_in_a_line() -> None:
    """Rows of a table are close: a fraction would touch the next row's. Displays keep theirs."""
    d = Derivative("E_total", ("net_o2",))
    line = r"\partial E_{\mathrm{total}}/\partial \mathit{net} _ {o2}"
    columns = (Column("a"), Column("b"))
    assert f"| ${line} \\cdot x_1$ | ${line}$ |" in markdown(
        table(Row((Product((d, Name("x1"))), d)), columns=columns), look=Look(names=frozenset({"x1"}))
    )
    assert r"\frac" in markdown(Section("", columns, lambda: iter([Row((d, d))]), equations=True))
    assert NOTATION.cell(d, narrow=True) == f"${line.replace('/', '/$ $')}$"


def test_long_displays_are_broken() -> None:
    long = " + ".join([r"\frac{a + b}{c} \cdot (d - e)"] * 12)
    lines = broken(f"= {long}")
    assert " ".join(lines) == f"= {long}"
    assert len(lines) > 1
    assert all(display_width(line) <= LINE for line in lines)
    assert split_at_relation(r"f(a = b) \approx c = d") == (r"f(a = b)", r"\approx c = d")
    assert split_at_relation("a sentence") == ("", "a sentence")
