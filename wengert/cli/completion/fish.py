"""The completion script of fish: a `complete` command for each command, option and argument."""

from __future__ import annotations

from collections.abc import Sequence

from wengert.cli.grammar import SPECS, Command, Option, Value


def script(read: tuple[Sequence[Option], Sequence[Command]]) -> str:
    general, commands = read
    names = " ".join(c.name for c in commands)
    none = _quoted(f"not __fish_seen_subcommand_from {names}")
    lines = ["# fish completion of wengert, made by: wengert completion fish", "complete -c wengert -f"]
    lines += [f"complete -c wengert -n {none} -a {c.name} -d {_quoted(c.about)}" for c in commands]
    lines += [f"complete -c wengert -n {none} {_option(option)}" for option in general]
    for command in commands:
        here = _quoted(f"__fish_seen_subcommand_from {command.name}")
        lines += [f"complete -c wengert -n {here} {_option(option)}" for option in command.options]
        offered = _offered(command.argument)
        if offered:
            lines.append(f"complete -c wengert -n {here} -k -a {offered}")
    return "\n".join(lines) + "\n"


def _option(option: Option) -> str:
    spelled = [f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names]
    value = option.value
    if value.takes == "files":
        spelled.append("-r -F")
    elif value.takes == "words":
        spelled.append(f"-x -a {_offered(value)}")
    elif value.takes != "nothing":
        spelled.append("-x")
    return f"{' '.join(spelled)} -d {_quoted(option.about)}"


def _offered(value: Value) -> str:
    if value.takes == "words":
        return _quoted(" ".join(value.words))
    if value.takes == "specs":
        ending = f"(?:/|[.](?:{'|'.join(SPECS)}))(?:\\t.*)?$"
        return _quoted(f"(__fish_complete_path (commandline -ct) | string match -e -r '{ending}')")
    return ""


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
