"""Hostile files: what a stranger may send, beside the message that it must give.

Each case is a command line in a process of its own with 1 GB of memory and 20 s of processor time (a generous bound: most take
a tenth). None ends in a traceback or a signal; no message holds a character that a terminal obeys; nothing is executed; nothing
outside the spec's folder is read.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Count
from tests.trust.forked import Children, Ended
from wengert.lang.reader import SHORTER

MILLION = 1_000_000
MEGABYTES = 500  # more than the process had before: for files of 10 MB
NET = "inputs: {x: 1}\nlayers:\n  - "
DATA = "inputs: [x]\nlayers:\n  - {weights: [[1]]}\ntargets: [t]\nloss: mse\ndata: "
_OBEYED = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def run() -> Iterator[Children]:
    with Children() as children:
        yield children


def told(ended: Ended, status: int = 2) -> str:
    """The first line of the message, once all that holds for every case is seen to hold."""
    assert ended.status == status, ended.err[-500:]
    assert ended.megabytes < MEGABYTES
    assert "Traceback" not in ended.err and "itself failed" not in ended.err
    assert not _OBEYED.search(ended.err)
    assert len(ended.err) < 4000
    if status == 2:
        assert ended.out == ""
    return ended.err.split("\n")[0].removeprefix("error: ")


# -- bombs, sizes, numbers, names, encodings

DEEP = "the spec is nested more than 32 deep"
NO_ANCHORS = "a value does not begin with &: anchors are not read"
NO_TAGS = "a value does not begin with !: tags are not read"
LONG_NUMBER = "this number is too long to be read"
LONG_NAME = f"a name of {MILLION} characters"
NOT_UTF8 = "s.yaml is not UTF-8 text: line 1 holds another byte"
TOO_LONG = "s.yaml is longer than 10,000,000 bytes"
TOO_MANY = "written out, this is more than 6,000,000 numbers, names and operations"
TOO_WIDE = "written out, this network has more than 1,000,000 products of weights and inputs"


def laughs() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{c}: &{c} [{', '.join([f'*{b}'] * 9)}]" for b, c in zip("abcdefgh", "bcdefghi", strict=True)]
    return "\n".join(lines)


def merges() -> str:
    return "a: &a {x: 1}\n" + "".join(f"b{i}: &b{i}\n  <<: [{', '.join(['*a'] * 100)}]\n" for i in range(100))


FILES: dict[str, tuple[str | bytes, str]] = {
    # bombs
    "a billion laughs": (laughs(), NO_ANCHORS),
    "laughs in flow": ("x: [&a [lol, lol], &b [*a, *a]]\n", NO_ANCHORS),
    "an alias alone": ("formula: *a\n", "a value does not begin with *: aliases are not read"),
    "an anchor in itself": ("a: &a [*a]\n", NO_ANCHORS),
    "merge keys": (merges(), NO_ANCHORS),
    "a merge key alone": ("formula: x\n<<: {at: {x: 1}}\n", "there is no key << in a spec with a formula"),
    "brackets": ("formula: " + "[" * 100_000, DEEP),
    "brackets, closed": ("formula: " + "[" * 100_000 + "]" * 100_000, DEEP),
    "braces": ("formula: " + "{a: " * 100_000, DEEP),
    "dashes": ("- " * 100_000, DEEP),
    "question marks": ("? " * 100_000, DEEP),
    "indentation": ("\n".join(" " * i + "a:" for i in range(4000)), DEEP),
    "a million values": ("formula: [" + "x," * (MILLION + 1) + "x]\n", "the spec has more than 1,000,000 values"),
    # what YAML can be made to call
    "an object": ("formula: !!python/object/apply:os.system ['touch made']\n", NO_TAGS),
    "a name of Python": ("formula: !!python/name:os.system\n", NO_TAGS),
    "a new object": ("!<tag:yaml.org,2002:python/object/new:os.system> x\n", NO_TAGS),
    "binary": ("formula: !!binary eA==\n", NO_TAGS),
    "a set": ("formula: !!set {x}\n", NO_TAGS),
    "a directive": ("%TAG ! tag:yaml.org,2002:python/\n---\nformula: !name:os.system x\n", "a spec holds no YAML directives"),
    "a key twice": ("formula: x\nformula: y\n", "formula is given twice"),
    "two documents": ("formula: x\n---\nformula: y\n", "a second document begins here"),
    # numbers
    "1e999999999": ("formula: 1e999999999*x\nat: {x: 1}\n", LONG_NUMBER),
    "an exponent of twenty digits": ("formula: x\nat: {x: 1e99999999999999999999}\n", LONG_NUMBER),
    "a million digits": (f"formula: x\nat: {{x: {'1' * MILLION}}}\n", LONG_NUMBER),
    "a million digits in a formula": (f"formula: {'1' * MILLION}*x\nat: {{x: 1}}\n", LONG_NUMBER),
    "a thousand zeros": (f"formula: x\nat: {{x: 1{'0' * 999}}}\n", "the value of x overflows"),
    "1e400": ("formula: x\nat: {x: 1e400}\n", "the value of x overflows"),
    "1e5000": ("formula: x*1e5000\nat: {x: 1}\n", "this constant overflows"),
    "9**9**9": ("formula: 9**9**9*x\nat: {x: 1}\n", "the power overflows at v1 = 3.8742e+08"),
    "9**9**9 as a value": ("formula: x\nat: {x: 9**9**9}\n", "the value of x overflows"),
    "2**1e9": ("formula: 2**1e9*x\nat: {x: 1}\n", "the power overflows at 2**1e9"),
    "a tower": ("formula: 9**9**9**9**9**9*x\nat: {x: 1}\n", "the power overflows at v1 = 3.8742e+08"),
    "a raised number of ten digits": ("formula: x¹²³⁴⁵⁶⁷⁸⁹⁰\n", "this superscript is not a whole number"),
    "std: 1e999": (NET + "{units: 2, init: {scheme: normal, std: 1e999}}\n",
                   "std wants a number of less than 300 digits, here is 1e999"),
    # long names
    "a name": (f"formula: {'x' * MILLION}\n", LONG_NAME),
    "a function": (f"formula: {'s' * MILLION}(x)\n", LONG_NAME),
    "an activation": (NET + f"{{weights: [[1]], activation: {'y' * MILLION}}}\n", LONG_NAME),
    "a loss": (NET + f"{{weights: [[1]]}}\ntargets: [1]\nloss: {'y' * MILLION}\n", LONG_NAME),
    "a key": (f"formula: x\n? {'k' * MILLION}\n: 1\n", f"there is no key {'k' * 30}… in a spec with a formula"),
    "a name of at": (f"formula: x\nat:\n  ? {'x' * MILLION}\n  : 1\n", f"{'x' * 30}… is not a name"),
    "a name of let": (f"let:\n  ? {'k' * MILLION}\n  : 1\n", f"{'k' * 30}… is not a name"),
    "a neuron": (NET + f"{{weights: [[1]], post: [{'y' * MILLION}]}}\n", f"{'y' * 30}… is not a name"),
    # sizes
    "100 MB": (b"#" * 100 * MILLION, TOO_LONG),
    "100 MB of lines": (b"\n" * 100 * MILLION, TOO_LONG),
    "repeat": (NET + "{units: 1, repeat: 1000000000}\n", "repeat is 1000000000"),
    "units": (NET + "{units: 1000000000}\n", "units is 1000000000"),
    "units of 21 digits": (NET + f"{{units: {'9' * 21}}}\n", f"units wants a whole number, here is {'9' * 21}"),
    "units: 1e9": (NET + "{units: 1e9}\n", "units wants a whole number, here is 1e9"),
    "units times units": (NET + "{units: 1000}\n  - {units: 100000}\n", TOO_WIDE),
    "units times as many units": (NET + "{units: 100000}\n  - {units: 100000}\n", TOO_WIDE),
    "a long activation, repeated": (NET + f"{{units: 1, repeat: 10000, activation: {'x+' * 2000}x}}\n", TOO_MANY),
    "a long activation of many": (NET + f"{{units: 50000, activation: {'x+' * 2000}x}}\n", TOO_MANY),
    "softmax of many": (NET + "{units: 50000, activation: softmax}\n", TOO_MANY),
    "a long loss of many rows": (
        DATA.replace("mse", "(a1_1-t)**2+" * 500 + "0") + "".join("\n- {x: 1, t: 1}" for _ in range(20_000)), TOO_MANY,
    ),
    # encodings
    "NULs": (b"\0" * 1000, "the character U+0000 does not belong in a spec"),
    "Latin-1": ("title: é\nformula: x\n".encode("latin-1"), NOT_UTF8),
    "UTF-16": ("formula: x\n".encode("utf-16"), NOT_UTF8),
    "UTF-16 without a mark": ("formula: x\n".encode("utf-16-le"), "the character U+0000 does not belong in a spec"),
    "UTF-32": ("formula: x\n".encode("utf-32"), NOT_UTF8),
    "a surrogate": (b"formula: \xed\xa0\x80\n", NOT_UTF8),
    "too long a form of /": (b"formula: \xc0\xaf\n", NOT_UTF8),
    # escapes and what cannot be seen, in each place of a spec
    "an escape in a title": ("title: \x1b]0;owned\x07\nformula: x\n", "the character U+001B does not belong in a spec"),
    "an escaped escape in a key": ('"\\e[31mkey": 1\nformula: x\n', "there is no key �[31mkey in a spec with a formula"),
    "in a name": ('formula: x\nat: {"\\e[31mx": 1}\n', "�[31mx is not a name"),
    "in a formula": ('formula: "\\e[31mx"\n', "U+001B has no meaning in a formula"),
    "in the name of data": (DATA + '"\\e[31mx.csv"\n', "there is no file �[31mx.csv beside the spec"),
    "a title that is a list": ('title: ["\\e[31m"]\nformula: x\n', "title wants a text, here is a list"),
    "C1 controls": ("title: \x9b31m\nformula: x\n", "the character U+009B does not belong in a spec"),
    "a backspace": ('formula: "x\\b\\b"\n', "U+0008 has no meaning in a formula"),
    "right to left in a name": ("formula: x\nat: {x\u202e: 1}\n", "x� is not a name"),
    "right to left in a key": ("\u202eformula: x\n", "there is no key �formula in a spec"),
    "nothing to see in a key": ("for\u200bmula: x\n", "there is no key for�mula in a spec"),
    "nothing to see in a name": ("formula: x\nat: {x\u200b: 1}\n", "x� is not a name"),
    "a filler as a name": ("formula: \u3164**2\n", "U+3164 has no meaning in a formula"),
    "a variation of a name": ("formula: x*x\ufe0f\n", "U+FE0F has no meaning in a formula"),
    "tags in a name": ("formula: x\nat: {x\U000e0041: 1}\n", "x� is not a name"),
    "names that look alike": ("formula: a*\u0430\n", "two names look alike: a and \u0430 (U+0430)"),
}  # fmt: skip


SLOW = {"units times as many units", "a wide row"}  # seconds each, for what others see as well


def cases(of: Iterable[str]) -> list[Any]:
    """Those that are slow are left to the long run."""
    return [pytest.param(case, marks=[pytest.mark.long] if case in SLOW else []) for case in of]


@pytest.mark.parametrize("case", cases(FILES))
def test_a_hostile_spec(case: str, run: Children, tmp_path: Path, count: Count) -> None:
    content, message = FILES[case]
    (tmp_path / "s.yaml").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    assert told(run(["trace", "s.yaml", "--no-verify"], tmp_path)) == message
    assert sorted(os.listdir(tmp_path)) == ["s.yaml"]
    count("hostile files: refused with their message", 1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"formula: " + b"x+" * 4_900_000 + b"x\n", "a formula of more than 4,000,000 words and signs"),
        (b"".join(b"k%d: 1\n" % i for i in range(MILLION // 2 + 1)), "the spec has more than 1,000,000 values"),
        (b"let:\n" + b"".join(b"  a%d: x+1\n" % i for i in range(400_000)) + b"at: {y: 1}\n", "there is no y in the formula"),
    ],
    ids=["terms", "keys", "statements"],
)
def test_files_of_nearly_10_megabytes(content: bytes, message: str, tmp_path: Path, run: Children, count: Count) -> None:
    (tmp_path / "s.yaml").write_bytes(content)
    ended = run(["trace", "s.yaml", "--no-verify"], tmp_path, memory=2 * 2**30, seconds=120)
    assert ended.err.split("\n")[0] == f"error: {message}"
    count("hostile files: refused with their message", 1)


READ = {
    # hostile to look at, and right to read: what must be in the answer
    "a byte order mark": (b"\xef\xbb\xbfformula: x**2\nat: {x: 3}\n", "= 9"),
    "line ends of old Macintoshes": (b"# a comment\rformula: x**2\rat: {x: 3}\r", "= 9"),
    "line ends of Windows": (b"# a comment\r\nformula: x**2\r\nat: {x: 3}\r\n", "= 9"),
    "a title of a million characters": (b"title: " + b"t" * MILLION + b"\nformula: x**2\nat: {x: 3}\n", "= 9"),
    "x**999999999 at 1": (b"formula: x**999999999\nat: {x: 1}\n", "x⁹⁹⁹⁹⁹⁹⁹⁹⁹"),
    "an escaped escape in a title": (b'title: "\\e]0;owned\\a"\nformula: x**2\nat: {x: 3}\n', "�]0;owned�"),
    "right to left in a note": ("note: \u202eabc\nformula: x**2\nat: {x: 3}\n".encode(), "�abc"),
    "five thousand factors": (b"formula: " + b"*".join([b"x"] * 5_000) + b"\nat: {x: 1}\n", "= 5000"),
    "no, on, 010, ~": (b"let: {no: x, 'on': 2*no}\nat: {x: 010}\n", "= 20"),
}


@pytest.mark.parametrize("case", READ)
def test_a_strange_spec_that_is_read(case: str, run: Children, tmp_path: Path, count: Count) -> None:
    content, answer = READ[case]
    (tmp_path / "s.yaml").write_bytes(content)
    ended = run(["trace", "s.yaml", "--no-verify"], tmp_path)
    assert told(ended, 0) == ""
    assert answer in ended.out
    assert not _OBEYED.search(ended.out)
    count("hostile files: read as what they are", 1)


# -- payloads: nothing that a person writes is executed

CALLS = [
    "__import__('os').system('touch made')", "__import__(chr(111)+chr(115))", "open('made', 'w')", "open(made)",
    "exec(open)", "eval(x)", "eval('1')", "exec('x')", "compile('x', '', 'exec')", "().__class__.__base__.__subclasses__()",
    "x.__class__", "''.__class__.__mro__", "(lambda: 0)()", "lambda x: x", "[c for c in ().__class__.__bases__]",
    "print('made')", "globals()", "locals()", "vars()", "getattr(x, 'y')", "setattr(x, 'y', 1)", "breakpoint()", "input()",
    "os.system('touch made')", "subprocess.run(['touch', 'made'])", "import os", "import os; os.system('touch made')",
    "`touch made`", "$(touch made)", "${IFS}touch made", "; touch made", "| touch made", "&& touch made", "{{1237*1237}}",
    "${1237*1237}",
    "<%= 1237*1237 %>", "#{1237*1237}", "%s%s%s%n", "{0.__class__}", "{x.__init__.__globals__}", "f'{x}'",
    "x:=1", "await x", "yield x",
    "\\input{/etc/passwd}", "\\write18{touch made}", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd", "<script>alert(1)</script>",
    "javascript:alert(1)", "'; DROP TABLE x; --", "../../../../etc/passwd", "file:///etc/passwd", "sympify(x)", "S('x')",
    "Symbol('x')", "parse_expr(x)", "sin.__globals__", "sin.__call__(x)", "pi.__class__", "e.__dict__", "where.__code__",
]  # fmt: skip


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


PLACES = {
    "a formula": lambda p: f"formula: {quoted(p)}\nat: {{x: 1}}\n",
    "a value": lambda p: f"formula: x\nat: {{x: {quoted(p)}}}\n",
    "let": lambda p: f"let: {{a: {quoted(p)}}}\n",
    "an activation": lambda p: NET + f"{{weights: [[1]], activation: {quoted(p)}}}\n",
    "a loss": lambda p: NET + f"{{weights: [[1]]}}\ntargets: [1]\nloss: {quoted(p)}\n",
    "a weight": lambda p: NET + f"{{weights: [[{quoted(p)}]]}}\n",
    "a rate": lambda p: f"formula: x\nat: {{x: 1}}\nrate: {quoted(p)}\n",
}
TEXTS = {
    "a title": lambda p: f"title: {quoted(p)}\nformula: x\nat: {{x: 1}}\n",
    "a source": lambda p: f"source: {quoted(p)}\nformula: x\nat: {{x: 1}}\n",
    "a note": lambda p: f"note: {quoted(p)}\nformula: x\nat: {{x: 1}}\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_payloads_in_formulas(place: str, run: Children, tmp_path: Path, count: Count) -> None:
    """Refused as no formula, or read as a product of names; the file `made` is never made, and no name of Python is known."""
    for payload in CALLS:
        (tmp_path / "s.yaml").write_text(PLACES[place](payload), encoding="utf-8")
        ended = run(["trace", "s.yaml", "--no-verify"], tmp_path)
        told(ended, 2)
        assert "<class" not in ended.err and "function" not in ended.err.split("\n")[0].replace("is not a function", "")
        assert os.listdir(tmp_path) == ["s.yaml"]
        count("payloads: tried, none executed", 1)


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "typst", "html", "json", "csv"])
@pytest.mark.parametrize("place", TEXTS)
def test_payloads_in_texts(place: str, format: str, run: Children, tmp_path: Path, count: Count) -> None:
    """A text is printed; 1237*1237 is not worked out, nothing is made. (What each format escapes is tested by format.)"""
    for payload in CALLS[:: 1 if format == "text" else 6]:
        (tmp_path / "s.yaml").write_text(TEXTS[place](payload), encoding="utf-8")
        ended = run(["trace", "s.yaml", "--no-verify", "-f", format], tmp_path)
        told(ended, 0)
        assert "1530169" not in ended.out
        assert os.listdir(tmp_path) == ["s.yaml"]
        count("payloads: tried, none executed", 1)


def test_payloads_on_the_command_line(run: Children, tmp_path: Path, count: Count) -> None:
    for payload in CALLS:
        point = ["trace", "x", "--at"]
        for arguments in (["diff", payload], [*point, f"x={payload}"], [*point, "x=1", "--wrt", payload]):
            ended = run([*arguments, "--no-verify"], tmp_path)
            assert ended.status in (0, 2) and "Traceback" not in ended.err and "itself failed" not in ended.err
            assert os.listdir(tmp_path) == []
            count("payloads: tried, none executed", 1)


# -- where data: may lead

OUTSIDE = "data names {}, which is not beside or below the spec"
PATHS: list[tuple[str, str]] = [
    ("../rows.csv", OUTSIDE),
    ("below/../../rows.csv", OUTSIDE),
    ("below/../rows.csv", OUTSIDE),
    ("..", OUTSIDE),
    ("/etc/passwd", OUTSIDE),
    ("//etc/passwd", OUTSIDE),
    ("/dev/zero", OUTSIDE),
    ("/dev/urandom", OUTSIDE),
    ("/dev/stdin", OUTSIDE),
    ("/proc/self/environ", OUTSIDE),
    ("C:\\rows.csv", OUTSIDE),
    ("C:rows.csv", OUTSIDE),
    ("c:/rows.csv", OUTSIDE),
    ("\\rows.csv", OUTSIDE),
    ("\\\\server\\share\\rows.csv", OUTSIDE),
    ("//server/share/rows.csv", OUTSIDE),
    ("\\\\?\\C:\\rows.csv", OUTSIDE),
    ("\\\\.\\pipe\\rows", OUTSIDE),
    ("..\\rows.csv", OUTSIDE),
    ("below\\..\\..\\rows.csv", OUTSIDE),
    ("out.csv", OUTSIDE),  # a link to ../rows.csv
    ("out", OUTSIDE),  # a link to ..
    ("out/rows.csv", OUTSIDE),
    ("zero.csv", OUTSIDE),  # a link to /dev/zero
    ("chain.csv", OUTSIDE),  # a link to out.csv
    ("file://rows.csv", "there is no file file://rows.csv beside the spec"),
    ("file:///etc/passwd", "there is no file file:///etc/passwd beside the spec"),
    ("http://example.org/rows.csv", "there is no file http://example.org/rows.csv beside the spec"),
    ("~/rows.csv", "there is no file ~/rows.csv beside the spec"),
    ("$HOME/rows.csv", "there is no file $HOME/rows.csv beside the spec"),
    ("%TEMP%\\rows.csv", "there is no file %TEMP%\\rows.csv beside the spec"),
    ("*.csv", "there is no file *.csv beside the spec"),
    ("x" * 300 + ".csv", "x" * 300 + ".csv cannot be read: File name too long"),
    ("x/" * 5000, None),
    ("loop.csv", None),  # a link to itself
    ("below", "below is not a file with rows of data"),
    (".", ". is not a file with rows of data"),
    ("pipe.csv", "pipe.csv is not a file with rows of data"),
    ("socket.csv", "socket.csv is not a file with rows of data"),
    ("rows.csv/x", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """home/ with the spec; beside it, and outside, rows.csv."""
    above = tmp_path_factory.mktemp("above")
    home = above / "home"
    (home / "below").mkdir(parents=True)
    for place in (above, home, home / "below"):
        (place / "rows.csv").write_text("x,t\n1,2\n" if place != above else "secret,t\n1,2\n", encoding="utf-8")
    links = {"out.csv": "../rows.csv", "out": "..", "zero.csv": "/dev/zero", "chain.csv": "out.csv", "loop.csv": "loop.csv",
             "in.csv": "below/rows.csv", "inside": "below"}  # fmt: skip
    for name, target in links.items():
        (home / name).symlink_to(target)
    os.mkfifo(home / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as made:
        before = os.getcwd()
        os.chdir(home)  # the name of a socket may have 100 characters
        try:
            made.bind("socket.csv")
        finally:
            os.chdir(before)
    return home


@pytest.mark.parametrize(("name", "message"), PATHS, ids=[name[:40] for name, _ in PATHS])
def test_data_leads_nowhere_else(name: str, message: str | None, run: Children, folder: Path, count: Count) -> None:
    (folder / "s.yaml").write_text(DATA + quoted(name) + "\n", encoding="utf-8")
    ended = run(["trace", "s.yaml", "--no-verify"], folder)
    first = told(ended)
    assert first == (message or first).format(name)
    assert "secret" not in ended.err
    count("data: names that lead elsewhere, refused", 1)


def test_a_nul_in_the_name_of_data(run: Children, folder: Path) -> None:
    (folder / "s.yaml").write_text(DATA + '"rows\\0.csv"\n', encoding="utf-8")
    assert told(run(["trace", "s.yaml", "--no-verify"], folder)).startswith("rows�.csv cannot be read")


@pytest.mark.parametrize("name", ["rows.csv", "./rows.csv", "below/rows.csv", "in.csv", "inside/rows.csv"])
def test_data_beside_and_below(name: str, run: Children, folder: Path) -> None:
    (folder / "s.yaml").write_text(DATA + name + "\n", encoding="utf-8")
    ended = run(["trace", "s.yaml", "--no-verify"], folder)
    assert told(ended, 0) == "" and "a1_1" in ended.out


ROWS: dict[str, tuple[bytes, str]] = {
    "a million columns": (b",".join(b"c%d" % i for i in range(MILLION)) + b"\n" + b"1," * MILLION + b"1\n",
                          "rows.csv has more than 1,000,000 values"),
    "a wide row": (b"x,t\n" + b"1," * 4_900_000 + b"1\n", "rows.csv has more than 1,000,000 values"),
    "two hundred thousand rows": (b"x,t\n" + b"1,2\n" * 200_000, "there are 200,000 rows of data"),
    "20 MB": (b"x,t\n" + b"1,2\n" * 5 * MILLION, "rows.csv is longer than 10,000,000 bytes"),
    "a name twice": (b"x,t,x\n1,2,3\n", "the name x is given twice"),
    "an escape as a name": (b"x,t,\x1b[31m\n1,2,3\n", "rows.csv: �[31m is not a name"),
    "an escape as a value": (b"x,t\n1,\x1b[31m\n", "U+001B has no meaning in a formula"),
    "NULs": (b"\0,\0\n\0,\0\n", "rows.csv: � is not a name"),
    "a formula of a spreadsheet": (b"x,t\n1,=cmd|' /C calc'!A0\n", "' has no meaning in a formula"),
    "UTF-16": ("x,t\n1,2\n".encode("utf-16"), "rows.csv is not UTF-8 text: line 1 holds another byte"),
    "a long number": (b"x,t\n1," + b"1" * MILLION + b"\n", LONG_NUMBER),
    "an open quote": (b'x,t\n1,"2\n', '" has no meaning in a formula'),
    "nothing": (b"", "rows.csv is empty"),
    "names alone": (b"x,t\n", "rows.csv has no rows"),
    "names that look alike": ("x,t,\u0445\n1,2,3\n".encode(), ""),  # nothing uses the third: a warning names it
}  # fmt: skip


@pytest.mark.parametrize("case", cases(ROWS))
def test_hostile_rows(case: str, run: Children, tmp_path: Path, count: Count) -> None:
    content, message = ROWS[case]
    (tmp_path / "rows.csv").write_bytes(content)
    (tmp_path / "s.yaml").write_text(DATA + "rows.csv\n", encoding="utf-8")
    ended = run(["trace", "s.yaml", "--no-verify"], tmp_path)
    assert told(ended, 2 if message else 0) == message or (not message and ended.err.startswith("warning: nothing uses"))
    count("hostile files: refused with their message", 1)


# -- what SPEC may be


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pipe.yaml", "pipe.yaml is not a file that can be read as a spec"),
        ("zero.yaml", "zero.yaml is not a file that can be read as a spec"),
        ("random.yaml", "random.yaml is not a file that can be read as a spec"),
        ("terminal.yaml", "terminal.yaml is not a file that can be read as a spec"),
        ("folder.yaml", "folder.yaml cannot be read: Is a directory"),
        ("loop.yaml", "loop.yaml cannot be read: Too many levels of symbolic links"),
        ("nowhere.yaml", "there is no file nowhere.yaml"),
        ("dangling.yaml", "there is no file dangling.yaml"),
        ("x" * 300 + ".yaml", "x" * 300 + ".yaml cannot be read: File name too long"),
        ("environ.yaml", "the character U+0000 does not belong in a spec"),  # of /proc: read, and no YAML
        ("\x1b[31m\u202e.yaml", "there is no file �[31m�.yaml"),
        ("new\nline.yaml", "there is no file new�line.yaml"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_spec_is_no_plain_file(name: str, message: str, run: Children, tmp_path: Path, count: Count) -> None:
    links = {"zero": "/dev/zero", "random": "/dev/urandom", "terminal": "/dev/tty", "loop": "loop.yaml",
             "dangling": "gone.yaml", "environ": "/proc/self/environ"}  # fmt: skip
    for link, target in links.items():
        (tmp_path / f"{link}.yaml").symlink_to(target)
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for arguments in (["trace", name, "--no-verify"], ["graph", name], ["train", name, "--no-verify"]):
        assert told(run(arguments, tmp_path)) == message
    assert told(run(["flow", name, "--no-verify"], tmp_path)) == message
    count("hostile files: refused with their message", 4)


def test_a_file_that_grows_while_it_is_read(run: Children, tmp_path: Path) -> None:
    """The read ends at the cap, however much is put behind it meanwhile."""
    path = tmp_path / "s.yaml"
    path.write_bytes(b"formula: x**2\n" + b"# more\n" * 1_400_000)
    ended = threading.Event()

    def grow() -> None:
        with open(path, "ab") as file:
            while not ended.is_set() and file.tell() < 50_000_000:
                file.write(b"# and more\n" * 1000)
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for _ in range(3):
            answer = run(["trace", "s.yaml", "--at", "x=1", "--no-verify"], tmp_path)
            assert answer.status == 0 or told(answer) == TOO_LONG
    finally:
        ended.set()
        writer.join()


def test_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is what is shown: a spec that is another one at each opening gives one consistent error."""
    from wengert import files, pipeline
    from wengert.errors import WengertError

    path = tmp_path / "s.yaml"
    contents = [b"formula: x + $\n", b"formula: y\n"]
    opened: list[str] = []
    read = files.read_regular

    def changing(name: str, follow: bool = True) -> bytes | None:
        path.write_bytes(contents[len(opened) % 2])
        opened.append(name)
        return read(name, follow)

    monkeypatch.setattr(files, "read_regular", changing)
    path.write_bytes(contents[0])
    with pytest.raises(WengertError) as caught:
        pipeline.load(path)
    assert opened == [os.fspath(path)]
    assert "  x + $\n      ^" in caught.value.report()


@pytest.mark.parametrize("line", ["formula: x", "x + 1", "# nothing", "\\0"])
def test_standard_input_without_an_end(line: str, tmp_path: Path) -> None:
    """`yes | wengert trace -` ends by itself, at once, with a message."""
    endless = subprocess.Popen(["yes", line], stdout=subprocess.PIPE)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "wengert", "trace", "-", "--no-verify"], stdin=endless.stdout, capture_output=True,
            text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
    finally:
        endless.kill()
        endless.wait()
        assert endless.stdout is not None
        endless.stdout.close()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: standard input is longer than 10,000,000 bytes\n  hint: " + SHORTER + "\n"
