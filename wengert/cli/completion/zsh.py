"""The completion script of zsh: a function for _arguments, to be sourced after compinit or put into fpath as _wengert."""

from __future__ import annotations

from collections.abc import Sequence

from wengert.cli.grammar import SPECS, Command, Option, Value

TAIL = """            esac ;;
    esac
}

if [ "$funcstack[1]" = "_wengert" ]; then
    _wengert "$@"
else
    compdef _wengert wengert
fi
"""


def script(read: tuple[Sequence[Option], Sequence[Command]]) -> str:
    general, commands = read
    described = [_quoted(f"{c.name}:{_plain(c.about)}") for c in commands]
    own = " ".join(_spec(option, alone=True) for option in general)
    lines = [
        "#compdef wengert", "# zsh completion of wengert, made by: wengert completion zsh", "", "_wengert() {",
        "    local context state line", "    typeset -A opt_args", "    local -a commands",
        f"    commands=({' '.join(described)})", f"    _arguments -C {own} '1: :->command' '*:: :->rest'",
        "    case $state in", "        command) _describe -t commands command commands ;;", "        rest)",
        "            case $words[1] in",
    ]  # fmt: skip
    for command in commands:
        lines.append(f"                {command.name}) _arguments \\")
        lines += [f"                    {_spec(option)} \\" for option in command.options]
        lines.append(f"                    {_argument(command.argument)} ;;")
    return "\n".join(lines) + "\n" + TAIL


def _spec(option: Option, alone: bool = False) -> str:
    """One option for _arguments: spellings of the same exclude one another."""
    about = f"[{_plain(option.about)}]"
    takes = option.value.takes != "nothing"
    action = f":{_plain(option.value.label)}:{_action(option.value)}" if takes else ""
    if option.repeatable:
        return " ".join(_quoted(f"*{name}{_join(name, takes)}{about}{action}") for name in option.names)
    apart = "- *" if alone else " ".join(option.names)
    shut = _quoted(f"({apart})") if len(option.names) > 1 or alone else ""
    return " ".join(f"{shut}{_quoted(f'{name}{_join(name, takes)}{about}{action}')}" for name in option.names)


def _join(name: str, takes: bool) -> str:
    """A long option takes its value as `--mode both` and `--mode=both`, a short one as `-f csv` and `-fcsv`."""
    return ("=" if name.startswith("--") else "+") if takes else ""


def _argument(value: Value) -> str:
    if value.takes == "nothing":
        return _quoted("*: :")
    return _quoted(f"1:{_plain(value.label)}:{_action(value)}")


def _action(value: Value) -> str:
    if value.takes == "words":
        return f"({' '.join(value.words)})"
    if value.takes == "files":
        return "_files"
    if value.takes == "specs":
        return f'_files -g "*.({"|".join(SPECS)})(-.)"'
    return " "


def _plain(text: str) -> str:
    """The text with what _arguments and _describe take for their own signs made inert."""
    return "".join(f"\\{c}" if c in "\\:[]" else c for c in text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
