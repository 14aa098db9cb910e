"""The completion script of bash (4 or later; 3.2 of macOS completes too, but puts a blank behind a folder).

COMP_WORDS splits `--format=csv` at the sign; the words before the cursor are looked at accordingly. Names of files are read
line by line, never split or expanded by the shell: one may be called `*`.
"""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from wengert.cli.grammar import SPECS, Command, Option, Value

HEAD = """# bash completion of wengert, made by: wengert completion bash
_wengert_take() {
    local name
    while IFS= read -r name; do COMPREPLY+=("$name"); done
}

_wengert_files() {
    local ending
    compopt -o filenames 2>/dev/null
    if [ $# = 0 ]; then
        _wengert_take < <(compgen -f -- "$word")
        return
    fi
    _wengert_take < <(compgen -d -- "$word")
    for ending in "$@"; do
        _wengert_take < <(compgen -f -X "!*$ending" -- "$word")
    done
}

_wengert() {
    local word="${COMP_WORDS[COMP_CWORD]}" before="" command="" at
    [ "$COMP_CWORD" -gt 0 ] && before="${COMP_WORDS[COMP_CWORD-1]}"
    if [ "$word" = "=" ]; then
        word=""
    elif [ "$before" = "=" ]; then
        before="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    for ((at = 1; at < COMP_CWORD; at++)); do
        case "${COMP_WORDS[at]}" in
"""


def script(read: tuple[Sequence[Option], Sequence[Command]]) -> str:
    general, commands = read
    names = "|".join(c.name for c in commands)
    lines = [HEAD.rstrip("\n"), f"            {names}) command=\"${{COMP_WORDS[at]}}\"; break ;;", "        esac", "    done",
             "    COMPREPLY=()", "    case \"$command $before\" in"]  # fmt: skip
    for command in commands:
        for option in command.options:
            if option.value.takes != "nothing":
                patterns = "|".join(quote(f"{command.name} {name}") for name in option.names)
                lines.append(f"        {patterns}) {_offer(option.value)}; return ;;")
    lines += ["    esac", "    case \"$word\" in -*)", "        case \"$command\" in"]
    for command in commands:
        lines.append(f"            {command.name}) {_words(_spellings(command.options))} ;;")
    lines += [f"            *) {_words(_spellings(general))} ;;", "        esac", "        return ;;", "    esac",
              "    case \"$command\" in"]  # fmt: skip
    for command in commands:
        lines.append(f"        {command.name}) {_offer(command.argument)} ;;")
    lines += [f"        *) {_words([c.name for c in commands])} ;;", "    esac", "}", "", "complete -F _wengert wengert"]
    return "\n".join(lines) + "\n"


def _offer(value: Value) -> str:
    if value.takes == "words":
        return _words(value.words)
    if value.takes == "files":
        return "_wengert_files"
    if value.takes == "specs":
        return f"_wengert_files {' '.join(quote(f'.{ending}') for ending in SPECS)}"
    return ":"


def _words(words: Sequence[str]) -> str:
    return f"COMPREPLY=($(compgen -W {quote(' '.join(words))} -- \"$word\"))"


def _spellings(options: Sequence[Option]) -> list[str]:
    return [name for option in options for name in option.names]
