"""What the oracles assert is told in detail, though they are no test modules."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.lab.oracles")
