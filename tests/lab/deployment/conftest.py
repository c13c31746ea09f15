"""The outside oracles."""

from __future__ import annotations

import pytest
from tests.lab.oracles.programs import Oracles


@pytest.fixture
def oracles() -> Oracles:
    return Oracles()
