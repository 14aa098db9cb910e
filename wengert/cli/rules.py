"""wengert rules [NAME]: the table of all primitives, or one of them with its derivation, its proof and a number."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Optional

from wengert.cli import options
from wengert.cli.messages import status_of
from wengert.cli.output import Output
from wengert.cli.parameters import Argument, Option
from wengert.cli.streams import quiet_stdout
from wengert.cli.waiting import Busy
from wengert.errors import FormulaError, Source, UsageError
from wengert.lang.expr import COMPARISONS, Nodes
from wengert.show.chosen import DIGITS, MOST_DIGITS, digits_of_doubles
from wengert.show.formats import Content
from wengert.show.look import look_of
from wengert.show.numbers import Digits
from wengert.tape.primitives import PRIMITIVES, VOCABULARY
from wengert.verify.judge import Judge

if TYPE_CHECKING:
    from wengert.show.document import Document
    from wengert.show.rules.facts import Rule
    from wengert.verify.rule_verdicts import RuleVerdicts

SIGNS = {
    "+": "add", "-": "sub", "−": "sub", "*": "mul", "·": "mul", "×": "mul", "/": "div", "÷": "div", ":": "div",
    "**": "power", "^": "power", "√": "sqrt", **dict.fromkeys(COMPARISONS.values(), "where_gt"),
}  # fmt: skip
NEAREST = 3
Name = Annotated[
    Optional[str],
    Argument(metavar="NAME", show_default=False, help="A primitive, its alias or its sign: mul, swish, '*', 'sin(x)'."),
]
DigitCount = Annotated[
    Optional[int],
    Option("--digits", metavar="N", show_default=False,
           help=f"Significant digits of results ({DIGITS}; {MOST_DIGITS} in CSV)."),
]  # fmt: skip
Verify = Annotated[bool, Option("--verify/--no-verify", help="Have every local partial proved.")]


def rules(
    judge: Judge | None,
    name: Name = None,
    format: options.Format = None,
    output: options.Output = None,
    standalone: options.Standalone = False,
    digits: DigitCount = None,
    verify: Verify = True,
    budget: options.Budget = 5.0,
    ascii: options.Ascii = False,
) -> int:
    """Show the table of all primitives with derivative, domain and kinks; or one of them, with its derivation and proof.

    \b
    Examples:
      wengert rules
      wengert rules mul
      wengert rules sigmoid -o sigmoid.svg
    """
    started = time.monotonic()
    if not 0 < budget <= 86_400:
        raise UsageError(f"--budget is {budget:g}", hint="a number of seconds greater than 0")
    out = Output(format, output, ascii, standalone=standalone)
    shown = digits_of_doubles(digits, out.format)
    chosen = None if name is None else find(name)
    if out.pictured and chosen is not None:
        _check_curve(chosen)
    judge = _judge(judge) if verify and not out.pictured else None
    try:
        return _write(out, chosen, judge, started + budget, shown)
    finally:
        if judge is not None:
            judge.close()


def _write(out: Output, chosen: list[Rule] | None, judge: Judge | None, deadline: float, digits: Digits) -> int:
    from wengert.show.rules.document import rule_document, rules_document
    from wengert.show.rules.facts import every_rule
    from wengert.show.rules.record import rules_record
    from wengert.verify.rule_verdicts import RuleVerdicts

    shown = every_rule() if chosen is None else chosen
    verdicts: RuleVerdicts | None = None
    if judge is not None:
        records = [record for rule in shown for record in rule.records]
        verdicts = RuleVerdicts(judge, records, deadline, lambda: Busy("checking"))

    def document() -> Document:
        return rules_document(shown, verdicts) if chosen is None else rule_document(shown, verdicts, digits)

    try:
        out.write(Content(document, lambda: rules_record(shown, verdicts)), look_of())
    except BrokenPipeError:  # whoever read our output has seen enough (`| head`)
        quiet_stdout()
        return 0
    return status_of(None if verdicts is None else verdicts.verdict)


def _check_curve(rules: list[Rule]) -> None:
    from wengert.show.plot.operation import has_curve

    if not any(has_curve(rule.record) for rule in rules):
        raise UsageError(
            f"{rules[0].name} has more than one argument, and no curve",
            hint="operations of one argument have one: wengert rules sigmoid -o sigmoid.svg",
        )


def _judge(started: Judge | None) -> Judge:
    if started is not None:
        return started
    judge = Judge()
    judge.start()
    return judge


def find(name: str) -> list[Rule]:
    """The rules that a person means: by name, alias, sign or call; several for log. Raises UsageError for any other word."""
    from wengert.show.rules.facts import every_rule

    word = name.strip()
    everything = every_rule()
    wanted = _records(word)
    found = [rule for rule in everything if any(record.name in wanted for record in rule.records)]
    found.sort(key=lambda rule: min(wanted.index(r.name) for r in rule.records if r.name in wanted))
    if found:
        return found
    from importlib import import_module

    words = sorted({w for rule in everything for r in rule.records for w in (rule.name, *r.aliases)})
    near: list[str] = import_module("difflib").get_close_matches(word.lower(), words, NEAREST, 0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "wengert rules shows them all"
    raise UsageError(f"there is no rule {word}" if word else "there is no rule without a name", hint=hint)


def _records(word: str) -> list[str]:
    """The names of the records that the word names, the likeliest first."""
    if word in SIGNS:
        return [SIGNS[word]]
    exact = [f.operation for f in VOCABULARY.get(word, ())] + [word] * (word in PRIMITIVES)
    if word == "where":
        exact = [r.name for r in PRIMITIVES.values() if r.comparison]
    if exact:
        return list(dict.fromkeys(exact))
    plain = word.lower().replace("_", "").replace("-", "")
    spelled = [(w, r.name) for r in PRIMITIVES.values() for w in (r.label, *r.aliases)]
    spelled += [(r.noun.removeprefix("the "), r.name) for r in PRIMITIVES.values()]
    like = next((name for w, name in spelled if plain and w.lower().replace("_", "") == plain), None)
    return [like] if like is not None else _called(word)


def _called(word: str) -> list[str]:
    """The operation of a formula: `sin(x)`, `-x`, `x*y`."""
    from wengert.lang.parser import parse_expression

    if word.isidentifier():
        return []
    nodes = Nodes()
    try:
        root = parse_expression(Source(word), nodes, VOCABULARY)
    except FormulaError:
        return []
    operation = nodes.operation(root)
    if operation == "where":
        operation = f"where_{nodes.operation(nodes.arguments(root)[0])}"
    return [operation] if operation in PRIMITIVES else []
