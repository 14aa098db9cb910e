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
           "notation.markdown", "notation.markdown_text",
           "notation.holes", "patterns", "notation.extent", "notation.plain", "shares", "lines", "chains",
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
        ("typer", ("cli.app",)),
        ("click", ("cli.app",)),
        ("numpy", ("sweep.arrays",)),
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


JUDGE = ("meanings", "kummer", "plan", "subject", "running", "settling", "numeric", "orders", "differences", "structure",
         "branches", "proof", "vanish", "examine", "child")  # fmt: skip


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


def loaded_after(arguments: list[str], status: int = 0) -> tuple[set[str], str]:
    """Every module that a run of the command line has loaded, and what it printed."""
    code = (
        "import sys\n"
        "from wengert.cli.run import run\n"
        f"status = run({arguments!r})\n"
        "print('\\nloaded:', status, *sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=120, check=True,
    )  # fmt: skip
    head, _, told = done.stdout.rpartition("loaded:")
    ended, *modules = told.split()
    assert int(ended) == status, head + done.stderr
    return set(modules), head + done.stderr


def of(modules: set[str], *names: str) -> set[str]:
    """Those of the modules that are one of these packages or rooms, or lie inside."""
    return {m for m in modules if any(m == name or m.startswith(f"{name}.") for name in names)}


# What takes longer to load than a formula to trace; rich may be imported by typer, its tables are ours.
HEAVY = ("sympy", "mpmath", "numpy", "yaml", "typst", "resvg_py", "typer", "pydantic", "rich")
ROOMS = ("wengert.lang", "wengert.tape", "wengert.sweep", "wengert.show", "wengert.verify", "wengert.face", "wengert.report")
FORMULA = ["trace", "ln(x1) + x1*x2", "--at", "x1=2,x2=5"]
NETWORK = ["trace", "samples/mazur-2-2-2.yaml"]
PATIENT = ["--budget", "60"]
TYPER = ("typer", "pydantic", "rich")
MANY_DIGITS = ("mpmath",)  # in which the parent sweeps its own list; sympy is the child's

UNUSED_BY_A_FORMULA = ("wengert.lang.spec", "wengert.lang.network", "wengert.sweep.layers",
                       "wengert.verify.judge", "wengert.cli.app")  # fmt: skip

# What is run, a word of what it prints, what it may load of HEAVY, its status.
RUNS = [
    pytest.param(["--version"], "wengert 0", (), 0, id="version"),
    pytest.param(["--help"], "Usage", TYPER, 0, id="help"),
    pytest.param(["trace", "--help"], "Usage", TYPER, 0, id="help of a command"),
    pytest.param(["trace", "x", "--nope"], "No such option", TYPER, 2, id="an unknown option"),
    pytest.param(["trace", "ln x", "--at", "x=1"], "ln is a function and needs brackets", (), 2, id="a syntax error"),
    pytest.param([*FORMULA, "--no-verify"], "5.5", (), 0, id="no verification, into a pipe"),
    pytest.param([*FORMULA, "--no-verify", "--mode", "both", "--order", "2"], "5.5", (), 0, id="no verification, more of it"),
    *(pytest.param([*FORMULA, "--no-verify", "-f", f], "5", (), 0, id=f"no verification, {f}")
      for f in ("text", "markdown", "latex", "typst", "html", "json", "jsonl", "csv", "svg")),
    pytest.param(["diff", "(x**2+1)**3", "--no-verify"], "6", (), 0, id="diff without verification"),
    pytest.param([*FORMULA, *PATIENT], "proved", MANY_DIGITS, 0, id="trace, verified"),
    pytest.param(["diff", "(x**2+1)**3", *PATIENT], "proved", MANY_DIGITS, 0, id="diff, verified"),
    pytest.param([*NETWORK, "--no-verify"], "0.298371", ("yaml",), 0, id="a network"),
    pytest.param([*NETWORK, *PATIENT], "Checked by sympy", ("yaml", "numpy", *MANY_DIGITS), 0, id="a network, verified"),
    pytest.param(["graph", "x*y"], "x", (), 0, id="graph"),
    pytest.param(["train", "samples/mazur-2-2-2.yaml", "--no-verify"], "0.298371", ("yaml",), 0, id="train"),
    pytest.param(["rules", "--no-verify"], "xi is any one", (), 0, id="rules"),
    pytest.param(["rules", "mul", *PATIENT], "proved", (), 0, id="a rule, verified"),
    pytest.param(["schema"], "$schema", (), 0, id="schema"),
    pytest.param(["completion", "bash"], "_wengert", TYPER, 0, id="completion"),
    pytest.param(["man"], ".TH", TYPER, 0, id="man"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "expected", "allowed", "status"), RUNS)
def test_what_a_run_loads(arguments: list[str], expected: str, allowed: tuple[str, ...], status: int) -> None:
    modules, output = loaded_after(arguments, status)
    assert expected in output
    assert not of(modules, *(name for name in HEAVY if name not in allowed))
    assert not of(modules, "rich.table", "wengert.show.terminal")
    assert bool(of(modules, "typer")) == ("typer" in allowed)


@pytest.mark.parametrize(
    ("arguments", "rooms"),
    [
        pytest.param(["--version"], ROOMS, id="version"),
        pytest.param(["--help"], ROOMS, id="help"),
        pytest.param(["no-such-command"], ROOMS, id="an unknown command"),
        pytest.param([*FORMULA, "--no-verify"], UNUSED_BY_A_FORMULA, id="a formula"),
    ],
)
def test_rooms_that_a_run_does_not_enter(arguments: list[str], rooms: tuple[str, ...]) -> None:
    assert not of(loaded_after(arguments, 2 if arguments[0] == "no-such-command" else 0)[0], *rooms)


def test_the_library_loads_when_it_is_used() -> None:
    code = "import sys, wengert; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True)
    assert of(set(done.stdout.split()), "wengert") == {"wengert"}
    assert not of(set(done.stdout.split()), *HEAVY)
