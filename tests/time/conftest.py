"""Fixtures about time."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from year import Year


@pytest.fixture
def year():
    """Return a town on the first of March."""
    made = Year()
    yield made
    made.platform.close()
