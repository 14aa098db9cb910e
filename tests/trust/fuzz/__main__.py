"""Coverage-guided fuzzing with atheris (libFuzzer): `python -m tests.trust.fuzz formula --runs 1000000`, and `yaml`, `csv`.

Each input is a few hundred bytes, and every input must meet the demands of demands.py; of those that parse, one in `--behind`
goes on to the sweeps and the documents. The process may have 3 GB of memory. The first fault ends the run, with the input; the
last line has the figures, as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

MEMORY = 3 * 2**30
LONGEST = 400  # bytes of an input
TOLD = 50_000  # inputs: a line on stderr after each so many
TARGETS = {"formula": "formula", "yaml": "spec", "csv": "csv"}
INSTALL = "atheris is not installed: python -m pip install '.[fuzz]' (wheels for Linux)"


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.trust.fuzz", description=__doc__)
    asked.add_argument("target", choices=sorted(TARGETS))
    asked.add_argument("--runs", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--behind", type=int, default=500, help="of how many inputs that parse one goes on; 0: none does")
    return asked.parse_args()


def _seeds(target: str, folder: Path, makers: ModuleType) -> None:
    """The samples, the bad specs and some made inputs, as the first inputs."""
    draw = Random(0)
    make = {"formula": makers.any_formula, "yaml": makers.any_spec, "csv": makers.any_csv}[target]
    texts = [make(draw) for _ in range(300)]
    if target == "yaml":
        texts += [text for text in makers.CORPUS if len(text) <= LONGEST]
    for i, text in enumerate(texts):
        (folder / f"{i:04}").write_bytes(text.encode("utf-8", "surrogatepass"))


def _dictionary(path: Path, makers: ModuleType) -> None:
    """Words that the fuzzer puts in."""
    words = {*makers.FUNCTIONS, *makers.SIGNS, *makers.ODD, *makers.WORDS, *makers.NUMBERS, *makers.KEYS}
    lines = ['"' + "".join(f"\\x{b:02x}" for b in w.encode("utf-8", "surrogatepass")) + '"' for w in sorted(words) if w]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


class _Run:
    """Counts what it was given, and ends the process after so many; `one` is called by the fuzzer."""

    def __init__(self, target: str, runs: int, behind: int, demands: ModuleType) -> None:
        self.target, self.runs = target, runs
        self.check = getattr(demands, TARGETS[target])
        self.go_on, self.behind, self.draw = demands.behind, behind, Random(1)
        self.began = time.monotonic()
        self.inputs = self.parsed = self.went_on = 0
        self.slowest = 0.0
        self.first_peak = 0

    def one(self, data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        began = time.process_time()
        model = self.check(text)
        self.slowest = max(self.slowest, time.process_time() - began)
        self.inputs += 1
        if self.inputs == 20_000:
            self.first_peak = _peak()
        if self.inputs % TOLD == 0:
            print(f"{self.inputs:,} inputs, {time.monotonic() - self.began:,.0f} s", file=sys.stderr, flush=True)
        if model is not None:
            self.parsed += 1
            if self.behind and self.parsed % self.behind == 0:
                self.went_on += bool(self.go_on(model, self.draw))
        if self.inputs == self.runs:  # libFuzzer would end the process without a word
            print(json.dumps(self.figures()), flush=True)
            os._exit(0)

    def figures(self) -> dict[str, Any]:
        return {
            "target": self.target, "inputs": self.inputs, "parsed": self.parsed, "behind": self.went_on,
            "slowest": round(self.slowest, 3), "seconds": round(time.monotonic() - self.began),
            "megabytes": _peak(), "megabytes after 20,000": self.first_peak,
        }  # fmt: skip


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    asked = _arguments()
    try:
        import atheris
    except ImportError:
        sys.exit(INSTALL)
    with atheris.instrument_imports(include=["wengert.lang", "wengert.errors", "wengert.characters"]):
        from tests.trust.fuzz import demands, makers
    demands.lower_limits()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    run = _Run(asked.target, asked.runs, asked.behind, demands)
    with tempfile.TemporaryDirectory() as made:
        corpus, words = Path(made, "corpus"), Path(made, "words")
        corpus.mkdir()
        _seeds(asked.target, corpus, makers)
        _dictionary(words, makers)
        os.chdir(made)  # a fault's input is written here
        options = ["-runs=-1", f"-seed={asked.seed}", f"-max_len={LONGEST}", f"-dict={words}", "-timeout=30",
                   "-rss_limit_mb=0", "-verbosity=0", "-print_final_stats=0"]  # fmt: skip
        child = os.fork()  # libFuzzer ends its process itself
        if child == 0:
            atheris.Setup([sys.argv[0], *options, str(corpus)], run.one)
            atheris.Fuzz()
        _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status) != 0)


if __name__ == "__main__":
    main()
