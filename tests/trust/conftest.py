"""One process that forks for all of a module's tests, and one judge that remembers for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import RememberingJudge
from tests.trust.forks import Forks


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks() as made:
        yield made


@pytest.fixture(scope="session")
def lasting(remembering: RememberingJudge) -> RememberingJudge:
    """Faults are planted where its answers are read, and the same is asked again and again."""
    return remembering
