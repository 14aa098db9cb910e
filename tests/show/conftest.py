"""One browser for all tests of a session that look at a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.show.browser import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()
