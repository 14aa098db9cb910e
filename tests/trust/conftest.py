"""One process that forks, for all of a module's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.trust.forks import Forks


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as made:
        yield made
