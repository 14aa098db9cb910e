"""Random programs and networks against independent oracles: sympy, HIPS autograd, limits in mpmath, fractions.

The short run is part of the suite. The long one, thousands of programs and hundreds of networks:

    python -m pytest -q -s -m long tests/trust/test_oracles.py
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Count, Largest
from tests.programs import DOMAINS, RATIONAL, Program, random_program
from tests.readings import FUNCTIONS
from tests.sweep.random_networks import random_network
from tests.trust import compared_networks
from tests.trust.by_autograd import AUTOGRAD
from tests.trust.by_sympy import SYMPY
from tests.trust.compared_programs import compare, compare_documents, compare_exact, compare_formulas
from tests.trust.comparison import Tally
from tests.trust.fractions_oracle import RATIONAL_FUNCTIONS
from tests.trust.reading import COMPARISONS
from wengert.tape.primitives import PRIMITIVES

CHUNK = 25
SIZES = (*(6,) * 6, 10, 10, 20, 40)  # the most operations, by the last digit of a seed


def test_the_oracles_cover_the_table() -> None:
    labels = {r.label for r in PRIMITIVES.values()}
    for functions in (FUNCTIONS, SYMPY, AUTOGRAD):
        assert {*functions, *COMPARISONS, "where"} - {"pi", "e"} == labels | set(COMPARISONS)
    assert {*RATIONAL_FUNCTIONS, *COMPARISONS, "where"} == set(RATIONAL) - {"whole_power"} | {"power", "where", *COMPARISONS}


def _program(seed: int) -> Program:
    return random_program(seed, most=SIZES[seed % 10])


def _chunk(first: int, size: int) -> Tally:
    tally = Tally("programs")
    for seed in range(first, first + size):
        compare(_program(seed), seed, tally)
        if seed % 4 == 0:
            compare_formulas(_program(seed), seed, 2 if seed % 20 == 0 else 1, tally)
            compare_exact(random_program(seed, RATIONAL, most=8), seed, tally)
        if seed % 8 == 1:
            compare_documents(_program(seed), seed, tally)
    return tally


@pytest.mark.parametrize("operation", sorted({*DOMAINS, "whole_power"}))
def test_each_primitive(operation: str, count: Count, largest: Largest) -> None:
    """Each among a few others, so that none depends on luck to be drawn."""
    tally = Tally("programs")
    compare(random_program(operation, (operation, operation, "mul", "sin"), most=4), 0, tally)
    tally.report(count, largest)


@pytest.mark.parametrize("first", range(0, 50, CHUNK))
def test_programs(first: int, count: Count, largest: Largest) -> None:
    _chunk(first, CHUNK).report(count, largest)


@pytest.mark.parametrize("first", range(0, 6, 3))
def test_networks(first: int, tmp_path: Path, count: Count, largest: Largest) -> None:
    _networks(range(first, first + 3), tmp_path).report(count, largest)


def _networks(seeds: range, folder: Path) -> Tally:
    tally = Tally("networks")
    for seed in seeds:
        compared_networks.compare(random_network(seed).text, seed, folder, tally)
    return tally


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", range(0, 500, 5))
def test_hundreds_of_networks(first: int, tmp_path: Path, count: Count, largest: Largest) -> None:
    _networks(range(first, first + 5), tmp_path).report(count, largest)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", range(0, 5000, CHUNK))
def test_thousands_of_programs(first: int, count: Count, largest: Largest) -> None:
    _chunk(first, CHUNK).report(count, largest)
