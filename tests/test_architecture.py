"""The house keeps its rooms apart (design, section 2): who may import whom, read from the source; and what is not loaded."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wengert.show.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wengert"
FILES = sorted(PACKAGE.rglob("*.py"))
DRAWN = tuple(f.module.removeprefix("wengert.show.") for f in FORMATS.values() if f.module)  # a renderer a format
HELPERS = ("layout", "folding", "widths", "numbers", "blocks", "notation.base", "notation.text", "notation.display",
           "notation.latex", "notation.latex_text", "notation.mathml", "notation.typst", "notation.names",
           "notation.markdown", "notation.markdown_text", "notation.extent", "notation.plain", "shares", "lines", "chains",
           "vector", "raster", "plot.model", "plot.ticks", "plot.labels", "plot.frame", "plot.svg",
           "latex.metrics", "latex.atoms", "latex.breaks", "latex.runs", "latex.plan", "latex.numbers", "latex.tables",
           "latex.equations", "latex.matrices", "latex.plot", "latex.page",
           "page.assets", "page.stage", "page.tables", "typst_setting",
           "palette", "graph.model", "graph.layers", "graph.ordering", "graph.layout", "graph.chain", "graph.placing",
           "graph.style", "graph.svg",
           "graph.svg_text", "graph.svg_vertex", "graph.svg_legend", "graph.picture", "graph.listing", "graph.canvas",
           "graph.channels", "graph.wiring", "graph.record")  # fmt: skip


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Every module that the file imports, at its head or inside a function, by `import` or by import_module("…")."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


IMPORTS = {module_of(path): frozenset(imports(path)) for path in FILES}


def users(*targets: str) -> dict[str, list[str]]:
    """Module → what it imports of the targets (a package stands for all that is in it)."""
    found = {
        module: sorted(i for i in imported if any(i == t or i.startswith(t + ".") for t in targets))
        for module, imported in IMPORTS.items()
    }
    return {module: what for module, what in found.items() if what}


def inside(module: str, *rooms: str) -> bool:
    return any(module == f"wengert.{room}" or module.startswith(f"wengert.{room}.") for room in rooms)


def test_the_reader_of_imports_sees_something() -> None:
    assert len(IMPORTS) > 40
    assert "wengert.sweep.trace" in users("wengert.lang.model")


@pytest.mark.parametrize("room", ["lang", "tape", "sweep"])
def test_the_mathematics_knows_nothing_of_showing(room: str) -> None:
    assert not [m for m in users("wengert.show", "wengert.cli", "rich", "typer") if inside(m, room)]


def test_lang_does_not_import_tape() -> None:
    assert not [m for m in users("wengert.tape", "wengert.sweep", "wengert.verify") if inside(m, "lang")]


def test_tape_imports_lang_alone() -> None:
    assert not [m for m in users("wengert.sweep", "wengert.verify") if inside(m, "tape")]


def test_sweep_does_not_import_verify() -> None:
    assert not [m for m in users("wengert.verify") if inside(m, "sweep")]


@pytest.mark.parametrize("name", DRAWN + HELPERS)
def test_renderers(name: str) -> None:
    imported = IMPORTS[f"wengert.show.{name}"]
    for banned in ("wengert.sweep", "wengert.verify", "wengert.tape", "wengert.report", "sympy", "mpmath"):
        assert not [i for i in imported if i == banned or i.startswith(banned + ".")], banned
    own = name.partition(".")[0]
    others = [o for o in DRAWN if o != own and (own, o) != ("pdf", "typst")]  # a PDF is what Typst makes of its format
    assert not [i for i in imported for o in others if i.startswith(f"wengert.show.{o}.")]


def test_nothing_imports_cli() -> None:
    assert not [m for m in users("wengert.cli") if not inside(m, "cli") and m != "wengert.__main__"]


@pytest.mark.parametrize(
    ("package", "rooms"),
    [
        ("sympy", ("verify",)),
        ("mpmath", ("verify", "sweep.arithmetics")),
        ("yaml", ("lang.reader",)),
        ("rich", ("cli", "show.terminal")),
        ("typer", ("cli",)),
        ("click", ("cli",)),
        ("numpy", ("sweep", "verify.flows")),
        ("typst", ("show.pdf",)),
        ("resvg_py", ("show.raster",)),
        ("resvg_py", ("show.raster",)),
    ],
)
def test_one_package_one_room(package: str, rooms: tuple[str, ...]) -> None:
    assert not [m for m in users(package) if not inside(m, *rooms)]


def test_no_other_package_is_used() -> None:
    known = {*sys.stdlib_module_names, "wengert", "sympy", "mpmath", "yaml", "rich", "typer", "click", "numpy", "resvg_py",
             "typst"}  # fmt: skip
    assert not {i.split(".")[0] for imported in IMPORTS.values() for i in imported} - known


JUDGE = ("meanings", "plan", "subject", "numeric", "orders", "differences", "structure", "branches", "proof", "vanish",
         "examine", "child")  # fmt: skip


@pytest.mark.parametrize("name", JUDGE)
def test_the_judge_works_from_the_model_alone(name: str) -> None:
    for banned in ("wengert.tape", "wengert.sweep", "wengert.show", "wengert.report", "wengert.cli"):
        assert f"wengert.verify.{name}" not in users(banned)


def test_a_formula_never_reaches_eval() -> None:
    """eval and exec stand in the compilers of the rule table and of a list; sympy's own readers of text stand nowhere."""
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name, method = getattr(node.func, "id", ""), getattr(node.func, "attr", "")
                if name in ("eval", "exec") or {name, method} & {"sympify", "parse_expr"}:
                    found.add((module_of(path), name or method))
    assert found <= {("wengert.sweep.rules", "eval"), ("wengert.sweep.functions", "exec")}


def test_printing_is_left_to_the_command_line() -> None:
    found = []
    for path in FILES:
        if inside(module_of(path), "cli"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
                found.append(module_of(path))
    assert not found


# -- what is loaded, and when


def loaded_after(arguments: list[str]) -> tuple[set[str], str]:
    code = (
        "import sys\n"
        "from wengert.cli.run import run\n"
        f"run({arguments!r})\n"
        "print('\\nloaded:', *(m for m in sys.modules if '.' not in m))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=60, check=True,
    )  # fmt: skip
    head, _, modules = done.stdout.rpartition("loaded:")
    return set(modules.split()), head + done.stderr


QUIET = [
    pytest.param(["--help"], "Usage", id="help"),
    pytest.param(["trace", "ln x", "--at", "x=1"], "ln is a function and needs brackets", id="a syntax error"),
    pytest.param(["trace", "ln(x1) + x1*x2", "--at", "x1=2,x2=5", "--no-verify"], "5.5", id="no verification, into a pipe"),
    pytest.param(["trace", "x**2", "--at", "x=2", "--no-verify", "-f", "json"], '"derivatives"', id="no verification, json"),
    pytest.param(["diff", "(x**2+1)**3", "--no-verify"], "6", id="diff without verification"),
]


@pytest.mark.parametrize(("arguments", "expected"), QUIET)
def test_sympy_is_not_loaded(arguments: list[str], expected: str) -> None:
    modules, output = loaded_after(arguments)
    assert expected in output
    assert not modules & {"sympy", "mpmath", "numpy", "typst", "resvg_py"}
    assert "typer" in modules


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["trace", "ln x", "--at", "x=1"], id="a syntax error"),
        pytest.param(["trace", "ln(x1) + x1*x2", "--at", "x1=2,x2=5", "--no-verify"], id="into a pipe"),
    ],
)
def test_our_own_use_of_rich_waits_for_a_terminal(arguments: list[str]) -> None:
    """typer may load rich by itself; wengert's renderer for terminals is not loaded."""
    code = (
        "import sys\nfrom wengert.cli.run import run\n"
        f"run({arguments!r})\nprint('loaded:', 'wengert.show.terminal' in sys.modules, 'rich.table' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=60)
    assert done.stdout.rstrip().endswith("loaded: False False")


def test_sympy_is_never_loaded_in_the_parent() -> None:
    modules, output = loaded_after(["diff", "x**2"])
    assert "proved" in output
    assert "sympy" not in modules
